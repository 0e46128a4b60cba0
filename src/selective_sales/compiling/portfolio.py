"""A layer of portfolio functions in, SQL out: what the clients hold together, then each client's place among them.

Two sorts of relation carry it, each narrow and each joined to the clients once. *Totals* have a row per group (or one row): sum and count.
A *curve* has a row per group and value, so that clients with the same value are one step of it: how many hold more, and how much. A client
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
from .plan import Plan
from .render import Renderer

ON_TOTALS = frozenset({"total", "average", "share"})
"""They need no order of the clients."""
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
        joins, results = [], []
        for i, (of, sharing) in enumerate(grouped(measured).items(), 1):
            curve = any(c.portfolio.function not in ON_TOTALS for c in sharing)
            name = f"portfolio {self.number}.{i}"
            if curve and any(c.portfolio.function == "median" for c in sharing):
                yield f"{name} steps", curve_sql(of, stage)
                yield name, with_middle(of, quote_name(f"{name} steps"))
            else:
                yield name, curve_sql(of, stage) if curve else totals_sql(of, stage)
            alias = quote_name(f"#p{i}")
            joins.append(join(of, quote_name(name), alias, curve=curve))
            for column in sharing:
                results.append(f"{result(column.portfolio, of, alias)} AS {quote_name(column.name)}")
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


def exact(of: Measured, value: str) -> str:
    """The measure as it is summed: numbers through exact decimals (a number too large for them is no summand: see `whole`)."""
    if of.kind is Kind.NUMBER:
        return f"TRY_CAST({value} AS DECIMAL(38, 9))"
    return value


def whole(of: Measured, total: str, value: str) -> str:
    """The sum, missing where a number in it is too large to be summed exactly."""
    return f"CASE WHEN max(abs({value})) < {NUMBER_LIMIT} THEN {total} END" if of.kind is Kind.NUMBER else total


def totals_sql(of: Measured, stage: str) -> str:
    keys = [*(f"{g}" for g in of.groups)]
    total = whole(of, f"sum({exact(of, of.value)})", of.value)
    columns = ", ".join([*keys, f'{total} AS "#total"', 'count(*) AS "#clients"'])
    tail = f"\nGROUP BY {', '.join(keys)}" if keys else ""
    return f"SELECT {columns}\nFROM {stage}\nWHERE {of.value} IS NOT NULL{tail}"


def curve_sql(of: Measured, stage: str) -> str:
    """Each value once: "#peers" clients have it, "#more" have more; "#upto" is held by all who have at least it, "#held" by the peers."""
    keys = "".join(f"{g}, " for g in of.groups)
    sums = of.kind is not Kind.DATE
    held = f', {whole(of, f"sum({exact(of, of.value)})", of.value)} AS "#held"' if sums else ""
    inner = f'SELECT {keys}{of.value} AS "#value", count(*) AS "#peers"{held}\n      FROM {stage}\n      WHERE {of.value} IS NOT NULL'
    inner += f"\n      GROUP BY {keys}{of.value}"
    partition = f"PARTITION BY {', '.join(of.groups)} " if of.groups else ""
    columns = ['sum("#peers") OVER more - "#peers" AS "#more"', 'sum("#peers") OVER whole AS "#clients"']
    if sums:
        columns += [f'{spread(of, "more")} AS "#upto"', f'{spread(of, "whole")} AS "#total"']
    text = ",\n       ".join(["*", *columns])
    return f'SELECT {text}\nFROM ({inner})\nWINDOW more AS ({partition}ORDER BY "#value" DESC), whole AS ({partition.strip()})'


def spread(of: Measured, window: str) -> str:
    """The sum over a window; a part of it that cannot be summed exactly leaves it missing."""
    total = f'sum("#held") OVER {window}'
    if of.kind is not Kind.NUMBER:
        return total
    return f'CASE WHEN count(*) OVER {window} = count("#held") OVER {window} THEN {total} END'


def with_middle(of: Measured, curve: str) -> str:
    """The curve with the two middle values of each group."""
    partition = f"PARTITION BY {', '.join(of.groups)}" if of.groups else ""
    middles = [
        f'min("#value") FILTER (WHERE "#clients" - "#more" >= ("#clients" + {i}) // 2) OVER ({partition}) AS "{name}"'
        for i, name in ((1, "#low"), (2, "#high"))
    ]
    return f"SELECT *,\n       {middles[0]},\n       {middles[1]}\nFROM {curve}"


def join(of: Measured, relation: str, alias: str, *, curve: bool) -> str:
    on = [f"{alias}.{g} = {CLIENT}.{g}" for g in of.groups]
    if curve:
        on.append(f'{alias}."#value" = {CLIENT}.{of.value}')
    return f"LEFT JOIN {relation} AS {alias} ON {' AND '.join(on)}" if on else f"CROSS JOIN {relation} AS {alias}"


def result(node: Portfolio, of: Measured, alias: str) -> str:
    """The function's value for a client: NULL where the client's own value is."""
    value = f"{CLIENT}.{of.value}"
    total, clients, more, peers = (f'{alias}."#{name}"' for name in ("total", "clients", "more", "peers"))
    match node.function:
        case "total":
            text = total_of(of.kind, total)
        case "average":
            text = mean(of.kind, total, clients)
        case "median":
            text = median(of.kind, f'{alias}."#low"', f'{alias}."#high"')
        case "share":
            text = part(of.kind, value, total)
        case "cumulative_share":
            text = part(of.kind, f'{alias}."#upto"', total)
        case "cumulative_share_before":
            text = part(of.kind, f'({alias}."#upto" - {alias}."#held")', total)
        case "rank":
            return f"CAST({more} + 1 AS BIGINT)"
        case "percentile":
            return f"CASE WHEN {clients} = 1 THEN 0e0 ELSE CAST({clients} - {more} - {peers} AS DOUBLE) / ({clients} - 1) END"
        case name:
            raise AssertionError(f"the checker let the portfolio function {name!r} pass")
    return f"CASE WHEN {value} IS NOT NULL THEN {text} END"


def total_of(kind: Kind, total: str) -> str:
    match kind:
        case Kind.MONEY:
            return f"money({total})"
        case Kind.NUMBER:
            return f"finite(CAST({total} AS DOUBLE))"
        case _:
            return f"TRY_CAST({total} AS BIGINT)"


def part(kind: Kind, held: str, total: str) -> str:
    """A share of a positive total: of money the quotient of whole ten-thousandths."""
    if kind is Kind.MONEY:
        held, total = f"wide_units({held})", f"wide_units({total})"
    return f"CASE WHEN {total} > 0 THEN CAST({held} AS DOUBLE) / CAST({total} AS DOUBLE) END"
