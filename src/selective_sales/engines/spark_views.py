"""The views of a query, one above the other, into a session; where Spark would plan too much at once, the plan ends and its rows go on.

Spark sees a view as all that stands below it, once for each time it is read: layers that read a layer twice multiply, and a plan that is
twice as long takes more than twice the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..model.spark_script import reads_of, view_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MOST_CHARACTERS = 40_000
"""Of SQL that Spark plans at once. More of them take longer to plan; fewer, and more rows are handed from one plan to the next."""


def define(session: SparkSession, views: Sequence[str]) -> None:
    """Creates the views, in their order.

    What is read more than once is computed once, when it is first asked for, and kept on the executors (in memory, then on their
    disks) as long as a view reads it.
    """
    reads = [name for statement in views for name in reads_of(statement)]
    characters: dict[str, int] = {}
    for statement in views:
        session.sql(statement)
        name, below = view_of(statement), [read for read in reads_of(statement) if read.startswith("#")]
        characters[name] = len(statement) + sum(characters.get(read, 0) for read in below)
        table = not below
        if not table and (reads.count(name) > 1 or characters[name] > MOST_CHARACTERS):
            session.table(f"`{name}`").localCheckpoint(eager=False).createOrReplaceTempView(f"`{name}`")
            characters[name] = 0


def drop(session: SparkSession, views: Sequence[str]) -> None:
    for statement in views:
        session.catalog.dropTempView(view_of(statement).replace("``", "`"))
