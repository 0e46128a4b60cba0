"""A layer of list functions in, SQL out: one pass over a child table grouped by client, and the results finished in the client's row.

A row whose filter is unknown or whose value is missing makes a result missing; which fields were blank there is kept as flags.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Expression, FieldValue
from ..model.kind import Kind
from ..model.plan import AggregateColumn, ChildLayer
from ..model.sql import quote_name
from .dialect import DUCKDB, Dialect
from .render import Renderer

Finish = Callable[[str, str], str]
ROWS = '"#rows"'
"""The relation with a row per client of a child table, in the query that brings its results to the clients."""
NUMBER_LIMIT = "1e20"
"""Numbers beyond it cannot be summed exactly in DECIMAL(38, 9): missing by overflow."""


@dataclass(slots=True)
class ChildSelect:
    """The pass over one child table: `inner` columns per row, `outer` aggregates per client."""

    checked: CheckedPolicy
    layer: ChildLayer
    renderer: Renderer
    inner: dict[str, str] = field(default_factory=dict)
    """SQL of a row's expression -> its column."""
    outer: dict[str, str] = field(default_factory=dict)
    """Aggregate's column -> SQL."""

    def row(self, sql: str) -> str:
        """The column of a row expression; the same expression is computed once."""
        return quote_name(self.inner.setdefault(sql, f"#v{len(self.inner) + 1}"))

    def add(self, column: AggregateColumn) -> None:
        aggregate = column.aggregate
        condition = None if aggregate.condition is None else self.row(self.renderer.sql(aggregate.condition))
        value = None if aggregate.value is None else self.row(self.summand(aggregate))
        by = None if aggregate.by is None else self.row(self.renderer.sql(aggregate.by))
        if can_be_unknown(aggregate):
            self.outer[mask_name(column)] = self.mask(column, self.unknown(condition, value, by), condition)
        for suffix, sql in raw(aggregate, condition, value, by, self.renderer.dialect):
            self.outer[f"{column.name}{suffix}"] = sql
        if aggregate.function in ("mean", "stddev"):
            self.outer[f"{column.name}, rows"] = count_rows(condition)
        if aggregate.function == "stddev":
            self.outer[f"{column.name}, sum"] = f"sum({self.row(self.exact(aggregate))}){filtered(condition)}"

    def mask(self, column: AggregateColumn, unknown: str, condition: str | None) -> str:
        """The rows that make the result missing, as one integer: NULL where there is none; bit 0, and a bit for each blank field."""
        bits = ["1"]
        for number, (name, _) in enumerate(column.blanks, 1):
            bits.append(f"CASE WHEN {self.blank(column.aggregate, condition, name)} THEN {1 << number} ELSE 0 END")
        return f"bit_or(CASE WHEN {unknown} THEN ({' | '.join(bits)})::BIGINT END)"

    def unknown(self, condition: str | None, value: str | None, by: str | None) -> str:
        """When a row makes the result missing."""
        parts = [] if condition is None else [f"{condition} IS NULL"]
        held = "" if condition is None else f"{condition} AND "
        parts += [f"{held}{x} IS NULL" for x in (value, by) if x is not None]
        return " OR ".join(parts)

    def blank(self, aggregate: Aggregate, condition: str | None, name: str) -> str:
        """When a blank in the child's field leaves the result missing."""
        column = self.row(self.renderer.column(FieldValue(aggregate.table, name)))
        parts = []
        if condition is not None and self.read_by(aggregate.condition, aggregate.table, name):
            parts.append(f"{condition} IS NULL")
        values = [x for x in (aggregate.value, aggregate.by) if x is not None and self.read_by(x, aggregate.table, name)]
        if values:
            parts.append("TRUE" if condition is None else condition)
        return f"{column} IS NULL AND ({' OR '.join(parts)})"

    def read_by(self, node: Expression | None, table: str, name: str) -> bool:
        return node is not None and (table, name) in self.checked.reads(node)

    def summand(self, aggregate: Aggregate) -> str:
        """The value as it is aggregated: numbers that are added go through exact decimals."""
        assert aggregate.value is not None
        if aggregate.function in ("sum", "mean"):
            return self.exact(aggregate)
        return self.renderer.comparable(aggregate.value)

    def exact(self, aggregate: Aggregate) -> str:
        assert aggregate.value is not None
        text = self.renderer.comparable(aggregate.value)
        if aggregate.value.kind is Kind.NUMBER:
            return f"CASE WHEN abs({text}) < {NUMBER_LIMIT} THEN {self.renderer.dialect.exact(text)} END"
        return self.renderer.dialect.summable(text, aggregate.value.kind)

    def sql(self, source: str, keys: tuple[str, ...], *, alone: bool = False) -> str:
        """`source` is the relation with a row per child row (and the client's columns where they are read); `alone`: all one client's."""
        inner = ",\n           ".join([*keys, *(f"{sql} AS {quote_name(name)}" for sql, name in self.inner.items())])
        outer = ",\n         ".join([*([] if alone else keys), *(f"{sql} AS {quote_name(name)}" for name, sql in self.outer.items())])
        grouped = "" if alone else f"\n  GROUP BY {', '.join(keys)}"
        return f"SELECT {outer}\n  FROM (SELECT {inner}\n          FROM {source}) AS {ROWS}{grouped}"


def can_be_unknown(aggregate: Aggregate) -> bool:
    """False for the plain number of rows."""
    return not (aggregate.condition is None and aggregate.value is None and aggregate.by is None)


def mask_name(column: AggregateColumn) -> str:
    return f"{column.name}, unknown"


def flags(column: AggregateColumn) -> list[str]:
    """For each child field that can leave the result missing, whether it does."""
    mask = f"{ROWS}.{quote_name(mask_name(column))}"
    return [f"coalesce({mask} & {1 << number}, 0) <> 0 AS {quote_name(flag)}" for number, (_, flag) in enumerate(column.blanks, 1)]


def count_rows(condition: str | None) -> str:
    return "count(*)" if condition is None else f"count(*) FILTER (WHERE {condition})"


def filtered(condition: str | None) -> str:
    return "" if condition is None else f" FILTER (WHERE {condition})"


def raw(aggregate: Aggregate, condition: str | None, value: str | None, by: str | None, dialect: Dialect) -> list[tuple[str, str]]:
    """The aggregate as the pass over the rows computes it, before it is finished in the client's row: columns by how their names end."""
    if aggregate.function == "latest":
        assert value is not None and by is not None
        return dialect.gathered_by(value, by, filtered(condition))
    return [("", plain(aggregate, condition, value, dialect))]


def plain(aggregate: Aggregate, condition: str | None, value: str | None, dialect: Dialect) -> str:
    where = filtered(condition)
    match aggregate.function:
        case "count" if value is None:
            return count_rows(condition)
        case "distinct_count":
            return f"count(DISTINCT {value}){where}"
        case "mean":
            return f"sum({value}){where}"
        case "median" | "stddev":
            assert value is not None
            return dialect.gathered(value, where)
        case name:
            return f"{name}({value}){where}"


def finish(column: AggregateColumn, dialect: Dialect = DUCKDB, of: str = "") -> str:
    """The client's value from what the pass over the rows left (`of`: where, with a dot): NULL where a row was unknown; without rows 0 or
    NULL."""
    aggregate = column.aggregate
    result = finished(aggregate, column.name, dialect, of)
    return f"CASE WHEN {of}{quote_name(mask_name(column))} IS NULL THEN {result} END" if can_be_unknown(aggregate) else result


def finished(aggregate: Aggregate, column: str, dialect: Dialect, of: str) -> str:
    name, rows, total = (f"{of}{quote_name(f'{column}{end}')}" for end in ("", ", rows", ", sum"))
    kind = Kind.UNKNOWN if aggregate.value is None else aggregate.value.kind
    match aggregate.function:
        case "count" | "distinct_count":
            return f"coalesce({name}, 0)"
        case "sum":
            whole = f"coalesce({name}, 0)"
            return {Kind.MONEY: f"money({whole})", Kind.NUMBER: f"finite({dialect.nearest(whole, 9)})"}.get(kind, dialect.fit(whole))
        case "mean":
            return mean(kind, name, rows, dialect)
        case "median":
            return median(kind, f"middle({name}, 0)", f"middle({name}, 1)", dialect)
        case "stddev":
            return deviation(kind, name, quotient(total, rows, PLACES.get(kind, 0), dialect), dialect)
        case "latest":
            return dialect.latest(of, column)
        case _:
            return name


PLACES = {Kind.MONEY: 4, Kind.NUMBER: 9}
"""The decimal places of an exact sum."""


def quotient(total: str, rows: str, places: int, dialect: Dialect) -> str:
    return f"finite({dialect.nearest(total, places)} / NULLIF({rows}, 0))"


def mean(kind: Kind, total: str, rows: str, dialect: Dialect = DUCKDB) -> str:
    match kind:
        case Kind.MONEY:
            return f"mean_money({total}, {rows})"
        case Kind.DAYS | Kind.MONTHS:
            return dialect.fit(f"half_away({dialect.huge(total)}, {rows})")
        case _:
            return quotient(total, rows, PLACES.get(kind, 0), dialect)


def median(kind: Kind, low: str, high: str, dialect: Dialect = DUCKDB) -> str:
    """The mean of the two middle values."""
    match kind:
        case Kind.MONEY:
            return f"mean_money(wide({low}) + {high}, 2)"
        case Kind.DAYS | Kind.MONTHS:
            return dialect.fit(f"half_away({dialect.huge(low)} + {high}, 2)")
        case _:
            return f"finite(({dialect.as_double(low)} + {high}) / 2)"


def deviation(kind: Kind, values: str, average: str, dialect: Dialect) -> str:
    result = dialect.deviation(values, kind, average)
    match kind:
        case Kind.MONEY:
            return f"money_near({result} * 10000)"
        case Kind.DAYS | Kind.MONTHS:
            return f"whole({result})"
        case _:
            return result
