"""The statements of the contract in, run by Spark: tables are views there, and a change to one makes another view of its name.

What is small and asked again (marks, bad records) is computed when it is made; where it is empty, nothing reads the data for it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from ...model.sql import quote_name
from ..bad import OPEN_QUOTE, plain_file
from ..statements import UnreadableError
from .words import Words, name

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import DataFrame, SparkSession

_TABLE = r'("(?:[^"]|"")*"|\w+)'
_TYPED = re.compile(rf"CREATE OR REPLACE TABLE {_TABLE} AS (SELECT .*)", re.DOTALL)
_MADE = re.compile(rf"CREATE OR REPLACE TEMP TABLE {_TABLE} AS (SELECT .*)", re.DOTALL)
_EMPTY = re.compile(rf"CREATE OR REPLACE TEMP TABLE {_TABLE} \((.*)\)", re.DOTALL)
_FILLED = re.compile(rf"INSERT INTO {_TABLE} (SELECT .*)", re.DOTALL)
_DELETED = re.compile(rf"DELETE FROM {_TABLE} WHERE rowid IN \(SELECT record FROM (\w+)\)")
_DROPPED = re.compile(rf"DROP TABLE (?:IF EXISTS )?{_TABLE}")
_NARROWED = re.compile(rf"ALTER TABLE {_TABLE} DROP COLUMN (\w+)")
_NONE = re.compile(r"SELECT count\(\*\) FROM (_\w+)(?: WHERE .*)?", re.DOTALL)
_FIRST = re.compile(r"\bFROM _first\d+\)+$")
_UNREADABLE = ("FAILED_READ_FILE", "CANNOT_READ_FILE", "TextParsingException", "MALFORMED_", "PARQUET_", "does not conform")


class Answer:
    """The rows of a statement, fetched as they are asked for."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self.rows = rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self.rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self.rows)

    def fetchmany(self, size: int = 1000, /) -> list[tuple[Any, ...]]:
        return list(islice(self.rows, size))


@dataclass(slots=True)
class SparkTables:
    """Runs the statements of the contract in a session; `close` lets go of what they have kept."""

    session: SparkSession
    small: duckdb.DuckDBPyConnection
    """Holds the first rows of each table, and answers what is asked of them: Spark takes seconds to plan it."""
    words: Words = field(default_factory=Words)
    views: dict[str, DataFrame] = field(default_factory=dict)
    kept: dict[str, list[DataFrame]] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)

    def execute(self, query: str, /) -> Answer:
        if _FIRST.search(query):
            return Answer(iter(self.small.execute(query).fetchall()))
        if (counted := _NONE.fullmatch(query)) is not None and counted[1] in self.empty:
            return Answer(iter([(0,)]))
        for pattern, change in (
            (_TYPED, self._typed),
            (_MADE, self._made),
            (_EMPTY, self._emptied),
            (_FILLED, self._filled),
            (_DELETED, self._deleted),
            (_DROPPED, self._dropped),
            (_NARROWED, self._narrowed),
        ):
            found = pattern.fullmatch(query)
            if found is not None:
                return Answer(iter(change(*(_plain(part) if n == 0 else part for n, part in enumerate(found.groups())))))
        return Answer(self._rows(self.frame(query)))

    def close(self) -> None:
        for table in list(self.views):
            self._dropped(table)

    def view(self, table: str, frame: DataFrame) -> None:
        """Gives a frame a name that statements can use."""
        self.views[table] = frame
        forget(self.session, table)
        frame.createOrReplaceTempView(name(table))

    def hold_first(self, table: str, source: str, rows: int) -> str:
        """The first rows of a view, held apart as texts; gives the relation."""
        with reading():
            frame = self.session.table(name(source)).limit(rows)
            # As Spark writes them: what this program has no date for is one to Spark.
            found, columns = frame.selectExpr(*(f"CAST({name(c)} AS STRING) AS {name(c)}" for c in frame.columns)).collect(), frame.columns
        declared = ", ".join(f"{quote_name(column)} VARCHAR" for column in columns)
        self.small.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({declared})")
        if found:
            values = [[None if cell is None else str(cell) for cell in row] for row in found]
            self.small.execute(
                f"INSERT INTO {table} SELECT {', '.join(f'unnest(${i})' for i in range(1, len(columns) + 1))}",
                [list(c) for c in zip(*values, strict=True)],
            )
        return table

    def keep(self, table: str, frame: DataFrame) -> DataFrame:
        """The frame, computed once: in memory, and on the executors' disks where that has no room."""
        from pyspark import StorageLevel

        kept = frame.persist(StorageLevel.MEMORY_AND_DISK)
        self.kept.setdefault(table, []).append(kept)
        return kept

    def frame(self, query: str) -> DataFrame:
        with reading():
            return self.session.sql(self.words.of(query))

    def _rows(self, frame: DataFrame) -> Iterator[tuple[Any, ...]]:
        with reading():
            for row in frame.collect():
                yield tuple(_cell(value) for value in row)

    def _typed(self, table: str, select: str) -> list[tuple[Any, ...]]:
        self._let_go(table)
        self.view(table, self.keep(table, self.frame(select)))
        return []

    def _made(self, table: str, select: str) -> list[tuple[Any, ...]]:
        self._let_go(table)
        frame, count = self._counted(table, select)
        self._set(table, frame, count)
        return []

    def _emptied(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        self._let_go(table)
        schema = columns.replace("VARCHAR", "STRING").replace("INTEGER", "INT")
        self._set(table, self.session.createDataFrame([], schema), 0)
        return []

    def _filled(self, table: str, select: str) -> list[tuple[Any, ...]]:
        frame, count = self._counted(table, select)
        if count:
            there = self.views[table]
            self._set(table, frame.toDF(*there.columns) if table in self.empty else there.union(frame), count)
        return []

    def _deleted(self, table: str, gone: str) -> list[tuple[Any, ...]]:
        if gone in self.empty:
            return [(0,)]
        same = f"rowid IN (SELECT record FROM {gone})"
        count = self.frame(f"SELECT count(*) FROM {quote_name(table)} WHERE {same}").collect()[0][0]
        if count:
            self.view(table, self.frame(f"SELECT t.* FROM {quote_name(table)} AS t LEFT ANTI JOIN {gone} AS g ON t.rowid = g.record"))
        return [(count,)]

    def _dropped(self, table: str) -> list[tuple[Any, ...]]:
        forget(self.session, table)
        self.views.pop(table, None)
        self.empty.discard(table)
        self._let_go(table)
        return []

    def _narrowed(self, table: str, column: str) -> list[tuple[Any, ...]]:
        self.view(table, self.views[table].drop(column))
        return []

    def _counted(self, table: str, select: str) -> tuple[DataFrame, int]:
        frame = self.keep(table, self.frame(select))
        with reading():
            return frame, frame.count()

    def _set(self, table: str, frame: DataFrame, count: int) -> None:
        """Of what is empty only the columns are left: no later statement computes it again."""
        if count:
            self.empty.discard(table)
            self.view(table, frame)
        else:
            self.empty.add(table)
            self.view(table, self.session.createDataFrame([], frame.schema))

    def _let_go(self, table: str) -> None:
        for frame in self.kept.pop(table, []):
            frame.unpersist()


def forget(session: SparkSession, view: str) -> None:
    """Takes a view of the session away, and nothing else: `DROP VIEW` would take the catalog's where the session has none, and what is
    kept under that name; `dropTempView` what is kept of these rows.
    """
    java: Any = session
    java._jsparkSession.sessionState().catalog().dropTempView(view)


def _plain(table: str) -> str:
    return table[1:-1].replace('""', '"') if table.startswith('"') else table


def _cell(value: Any) -> Any:
    """A struct as a dict, a list of them as a list of dicts: as DuckDB gives them."""
    as_dict = getattr(value, "asDict", None)
    if as_dict is not None:
        return as_dict(recursive=True)
    return [_cell(item) for item in value] if isinstance(value, list) else value


@contextmanager
def reading(*, opening: bool = False) -> Iterator[None]:
    """What Spark raises because of the data becomes UnreadableError; while a table is opened, whatever it raises."""
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        text = str(error)
        if not opening and not any(word in text for word in _UNREADABLE):
            raise
        raise unreadable(text) from None


def unreadable(text: str) -> UnreadableError:
    """Spark's words in one line; two faults of delimited files by their own names."""
    if "TextParsingException" in text and "nescaped quote" in text:
        found = re.search(r"Internal state when error was thrown: line=(\d+)", text)
        return UnreadableError(f"the row {OPEN_QUOTE[0]}", "SS520", OPEN_QUOTE[1], int(found[1]) + 1 if found else 0)
    if "does not conform to the schema" in text:
        file = re.search(r"CSV file: (\S.*)", text)
        where = f"the file {plain_file(file[1])}" if file else "a part"
        return UnreadableError(
            f"{where} has another header than the first one", "SS663", "Write every part with the same columns in the same order"
        )
    if "PARQUET_TYPE_ILLEGAL" in text or "UNSUPPORTED_TIME_TYPE" in text:
        found = re.search(r"Illegal Parquet type: (.+?)\.? SQLSTATE", text)
        return UnreadableError(
            f"Spark reads no column of the type {found[1] if found else 'TIME'}, be it in the policy or not",
            help_="Write it as text, or a time in microseconds (in pandas coerce_timestamps='us'); or leave --engine spark out",
        )
    causes = re.findall(r"^Caused by: (.+)$", text, re.MULTILINE)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("An error occurred", "\tat "))]
    said = causes[-1] if causes else lines[0] if lines else text
    return UnreadableError(re.sub(r"^:?\s*(?:[\w.$]+(?:Exception|Error): )+|\s*SQLSTATE: \w+$", "", said).strip())
