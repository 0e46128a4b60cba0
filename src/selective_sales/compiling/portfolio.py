"""A layer of portfolio functions in, SQL out: what the clients hold together, then each client's place among them.

Narrow relations carry it, each joined to the clients once. *Together* has a row per group (or one row): sum and count. A *curve* has a row
per group and value, so that clients with the same value are one step of it: how many hold more, and how much. A client
without a value, or without one of the groups, meets no row: the function is missing for it, and it plays no part for the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..model.expression import Aggregate, Expression, FieldValue, MetricValue, Portfolio
from ..model.kind import Kind
from ..model.plan import PortfolioColumn
from ..model.sql import quote_name
from .aggregates import NUMBER_LIMIT, mean, median
from .arithmetic import on_grid
from .dialect import DUCKDB, Dialect
from .plan import Plan
from .render import Renderer

NEED_TOTALS = frozenset({"total", "average", "share", "percentile", "cumulative_share", "cumulative_share_before"})
NEED_CURVE = frozenset({"rank", "percentile", "cumulative_share", "cumulative_share_before"})
NEED_HELD = frozenset({"cumulative_share", "cumulative_share_before"})
CLIENT = '"#client"'


@dataclass(frozen=True, slots=True)
class Measured:
    """What functions share: a measure and its groups, as columns of the client's row."""

    value: str
    kind: Kind
    groups: tuple[str, ...]


@dataclass(slots=True)
class PortfolioSelect:
    """Builds the relations of one layer: measures, then totals and curves, then the clients with their results."""

    renderer: Renderer
    plan: Plan
    number: int
    measures: dict[str, str] = field(default_factory=dict)
    """SQL of a measure that is no column yet -> its column."""

    def parts(self, stage: str, columns: Sequence[PortfolioColumn]) -> Iterator[tuple[str, str]]:
        """The common table expressions, each with its name; the last has a row per client with the results."""
        measured = {column: self.measured(column.portfolio) for column in columns}
        if self.measures:
            new = ",\n       ".join(["*", *(f"{sql} AS {quote_name(name)}" for sql, name in self.measures.items())])
            name = f"clients {self.number} measured"
            yield name, f"SELECT {new}\nFROM {stage}"
            stage = quote_name(name)
        joins, results, dialect = [], [], self.renderer.dialect
        for i, (of, sharing) in enumerate(grouped(measured).items(), 1):
            name, whole = f"portfolio {self.number}.{i}", quote_name(f"#t{i}")
            functions = {column.portfolio.function for column in sharing}
            if functions & NEED_TOTALS:
                yield f"{name} together", totals_sql(of, stage, dialect)
                joins.append(join(of, quote_name(f"{name} together"), whole, by_value=False))
            steps = quote_name(f"#p{i}")
            if functions & NEED_CURVE:
                yield name, curve_sql(of, stage, dialect, held=bool(functions & NEED_HELD))
                joins.append(join(of, quote_name(name), steps, by_value=True))
            middle = quote_name(f"#m{i}")
            if "median" in functions:
                yield f"{name} middle", middle_sql(of, stage, dialect)
                joins.append(join(of, quote_name(f"{name} middle"), middle, by_value=False))
            for column in sharing:
                results.append(f"{result(column.portfolio, of, whole, steps, middle, dialect)} AS {quote_name(column.name)}")
        new = ",\n       ".join([f"{CLIENT}.*", *results])
        yield f"clients {self.number}", f"SELECT {new}\nFROM {stage} AS {CLIENT}\n" + "\n".join(joins)

    def measured(self, node: Portfolio) -> Measured:
        groups = [self.column(group) for group in node.within]
        if self.plan.setting.partition is not None:
            groups.insert(0, quote_name(self.plan.setting.partition))
        return Measured(self.column(node.value), node.value.kind, tuple(groups))

    def column(self, node: Expression) -> str:
        """The column with the expression's value, a calculated number on its grid."""
        text = self.renderer.comparable(node)
        if isinstance(node, FieldValue | MetricValue | Aggregate | Portfolio) and on_grid(node):
            return text
        return quote_name(self.measures.setdefault(text, f"#measure {self.number}.{len(self.measures) + 1}"))


def grouped(measured: dict[PortfolioColumn, Measured]) -> dict[Measured, list[PortfolioColumn]]:
    """The columns that share a measure and its groups."""
    found: dict[Measured, list[PortfolioColumn]] = {}
    for column, of in measured.items():
        found.setdefault(of, []).append(column)
    return found


def units(of: Measured, dialect: Dialect) -> str:
    """The measure in the whole units in which it is summed: ten-thousandths of money, numbers as exact decimals."""
    match of.kind:
        case Kind.MONEY:
            return dialect.summable(f"units({of.value})", of.kind)
        case Kind.NUMBER:
            return dialect.exact(of.value)
        case _:
            return dialect.summable(of.value, of.kind)


def totals_sql(of: Measured, stage: str, dialect: Dialect) -> str:
    """A row per group: how many clients, and what they hold. A number too large to be summed exactly leaves the sum missing."""
    keys = list(of.groups)
    total = f"sum({units(of, dialect)})"
    if of.kind is Kind.NUMBER:
        total = f"CASE WHEN max(abs({of.value})) < {NUMBER_LIMIT} THEN {total} END"
    held = [] if of.kind is Kind.DATE else [f'{total} AS "#total"']
    columns = ", ".join([*keys, 'count(*) AS "#clients"', *held])
    tail = f"\n      GROUP BY {', '.join(keys)}" if keys else ""
    inner = f"SELECT {columns}\n      FROM {stage}\n      WHERE {of.value} IS NOT NULL{tail}"
    if not held:
        return inner
    whole = dialect.nearest('"#total"', places(of.kind))
    return f'SELECT *, {whole} AS "#whole"\nFROM ({inner}) AS "#sums"'


def curve_sql(of: Measured, stage: str, dialect: Dialect, *, held: bool) -> str:
    """Each value once: "#peers" clients have it, "#more" have more; "#upto" is held by all who have at least it, "#held" by the peers."""
    keys = "".join(f"{g}, " for g in of.groups)
    own = f', sum({units(of, dialect)}) AS "#held"' if held else ""
    inner = f'SELECT {keys}{of.value} AS "#value", count(*) AS "#peers"{own}\n      FROM {stage}\n      WHERE {of.value} IS NOT NULL'
    inner += f"\n      GROUP BY {keys}{of.value}"
    partition = f"PARTITION BY {', '.join(of.groups)} " if of.groups else ""
    columns = ['(sum("#peers") OVER more) - "#peers" AS "#more"', *(['sum("#held") OVER more AS "#upto"'] if held else [])]
    text = ",\n       ".join(["*", *columns])
    return f'SELECT {text}\nFROM ({inner}) AS "#steps"\nWINDOW more AS ({partition}ORDER BY "#value" DESC)'


def middle_sql(of: Measured, stage: str, dialect: Dialect) -> str:
    """A row per group: the two middle values."""
    keys = "".join(f"{g}, " for g in of.groups)
    listed = f'SELECT {keys}{dialect.gathered(of.value, "")} AS "#all"\n      FROM {stage}\n      WHERE {of.value} IS NOT NULL'
    listed += f"\n      GROUP BY {', '.join(of.groups)}" if of.groups else ""
    return f'SELECT {keys}middle("#all", 0) AS "#low", middle("#all", 1) AS "#high"\nFROM ({listed}) AS "#values"'


def join(of: Measured, relation: str, alias: str, *, by_value: bool) -> str:
    on = [f"{alias}.{g} = {CLIENT}.{g}" for g in of.groups]
    if by_value:
        on.append(f'{alias}."#value" = {CLIENT}.{of.value}')
    return f"LEFT JOIN {relation} AS {alias} ON {' AND '.join(on)}" if on else f"CROSS JOIN {relation} AS {alias}"


def result(node: Portfolio, of: Measured, whole: str, steps: str, middle: str, dialect: Dialect) -> str:
    """The function's value for a client: NULL where the client's own value is."""
    value = f"{CLIENT}.{of.value}"
    more, peers, clients = f'{steps}."#more"', f'{steps}."#peers"', f'{whole}."#clients"'
    match node.function:
        case "total":
            text = total_of(of.kind, f'{whole}."#total"', dialect)
        case "average":
            text = average_of(of.kind, f'{whole}."#total"', clients, dialect)
        case "median":
            text = median(of.kind, f'{middle}."#low"', f'{middle}."#high"', dialect)
        case "share":
            own = dialect.as_double(f"units({value})" if of.kind is Kind.MONEY else value)
            text = part_of_whole(own, whole)
        case "cumulative_share":
            text = part_of_whole(dialect.nearest(f'{steps}."#upto"', places(of.kind)), whole)
        case "cumulative_share_before":
            text = part_of_whole(dialect.nearest(f'{steps}."#upto" - {steps}."#held"', places(of.kind)), whole)
        case "rank":
            return f"CAST({more} + 1 AS BIGINT)"
        case "percentile":
            text = f"CASE WHEN {clients} = 1 THEN 0e0 ELSE {dialect.as_double(f'({clients} - {more} - {peers})')} / ({clients} - 1) END"
        case name:
            raise AssertionError(f"the checker let the portfolio function {name!r} pass")
    return f"CASE WHEN {value} IS NOT NULL THEN {text} END"


def places(kind: Kind) -> int:
    """The decimal places of a sum of `units`."""
    return 9 if kind is Kind.NUMBER else 0


def part_of_whole(held: str, whole: str) -> str:
    """A share of a positive total, whole units by whole units."""
    return f'CASE WHEN {whole}."#whole" > 0 THEN {held} / {whole}."#whole" END'


def total_of(kind: Kind, total: str, dialect: Dialect = DUCKDB) -> str:
    match kind:
        case Kind.MONEY:
            return f"from_units({total})"
        case Kind.NUMBER:
            return f"finite({dialect.nearest(total, 9)})"
        case _:
            return dialect.fit(total)


def average_of(kind: Kind, total: str, clients: str, dialect: Dialect) -> str:
    return f"from_units(half_away({total}, {clients}))" if kind is Kind.MONEY else mean(kind, total, clients, dialect)


def part(kind: Kind, held: str, total: str) -> str:
    """A share of a positive total of amounts or numbers: of money the quotient of whole ten-thousandths."""
    if kind is Kind.MONEY:
        held, total = f"wide_units({held})", f"wide_units({total})"
    return f"CASE WHEN {total} > 0 THEN CAST({held} AS DOUBLE) / CAST({total} AS DOUBLE) END"


def summed(kind: Kind, total: str) -> str:
    """A sum of amounts or numbers as a value of the kind."""
    return f"money({total})" if kind is Kind.MONEY else total_of(kind, total)
