"""A Spark script in, what is wrong with its size out: Spark plans a view anew for each place that reads it."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.checked import CheckedPolicy
from ..model.finding import Finding, Severity
from ..model.plan import PortableQuery
from ..model.spark_script import reads_of, view_of

MOST_PLANNED = 5_000_000
"""Characters of SQL. A driver of 3 GB has done with 750,000, and has not with 65,000,000."""


def planned(query: PortableQuery) -> int:
    """Characters of SQL that Spark looks at, all copies counted."""
    sizes: dict[str, int] = {}
    for statement in query.prelude:
        sizes[view_of(statement)] = len(statement) + sum(sizes.get(read, 0) for read in reads_of(statement))
    return len(query.select) + sum(sizes.get(read, 0) for read in reads_of(query.select))


def spark_size_findings(checked: CheckedPolicy, query: PortableQuery) -> Iterator[Finding]:
    size = planned(query)
    if size > MOST_PLANNED:
        message = f"portfolio functions stand on each other: Spark plans {size // 10**6} million characters of this, and may have no memory"
        help_ = "decide with evaluate --engine spark, which ends the plan between them"
        yield Finding("SS670", message, checked.policy.place, help_, Severity.WARNING)
