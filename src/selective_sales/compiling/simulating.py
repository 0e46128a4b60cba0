"""CheckedPolicy in, out the queries of a simulation: every client's measures today and on other terms, summed by decision, and the curves.

Sums of money are exact: decimals, never doubles; numbers are summed on their grid of nine decimals.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from ..model.checked import CheckedPolicy
from ..model.policy import MeasureName
from ..model.queries import SimulationQuery
from ..model.simulation import TermChange
from ..model.sql import quote_name, quote_value
from .macros import macro_statements
from .measuring import MONEY, is_difference, measure_column, measures_query, moved_by
from .render import DECISION

GIVEN = "run.given"
DECISIONS = "run.decisions"
MEASURED = "run.measured"
KNOWN = '"#known"'
"""Revenue and profit are both known today."""
BEST = 5
"""The first fifth: a rank is in it where five times the rank is at most the number of clients."""


def simulation_query(
    checked: CheckedPolicy, as_of: datetime.date, changes: Sequence[TermChange], without: Sequence[str]
) -> SimulationQuery:
    """The queries for these changes, without the clients of these decisions."""
    return Simulating(checked, as_of, tuple(changes), tuple(without)).build()


def followed(checked: CheckedPolicy, changes: Sequence[TermChange]) -> tuple[MeasureName, ...]:
    """The measures of money that change while a profit stands beside them that is not calculated from what changes."""
    profit = checked.measure(MeasureName.PROFIT)
    if profit is None or is_difference(profit):
        return ()
    of_profit = moved_by(checked, profit, changes)
    measures = [m for m in checked.measures if m.name in MONEY]
    return tuple(m.name for m in measures if (moved := moved_by(checked, m, changes)) and not moved & of_profit)


@dataclass(frozen=True, slots=True)
class Simulating:
    """Builds the queries."""

    checked: CheckedPolicy
    as_of: datetime.date
    changes: tuple[TermChange, ...]
    without: tuple[str, ...]

    def build(self) -> SimulationQuery:
        leaving = f"({DECISION} IN ({', '.join(map(quote_value, self.without))}))" if self.without else "FALSE"
        staying = f"WHERE NOT {leaving}"
        return SimulationQuery(
            prelude=macro_statements(),
            decided=self.decided(),
            measured=self.measured(),
            groups=self.groups(),
            curves=(self.curves("today", ""), self.curves("after", staying)),
            revenue=f"{measure_column(MeasureName.REVENUE)} today",
        )

    def has(self, name: MeasureName) -> bool:
        return self.checked.measure(name) is not None

    def on(self, other: str) -> str:
        """The client of `#f` is that of the other."""
        key = map(quote_name, self.checked.policy.clients.key)
        return " AND ".join(f'"#f".{k} = {quote_name(other)}.{k}' for k in key)

    def decided(self) -> str:
        return f'SELECT "#f".*, "#d".decision AS {DECISION}\nFROM {GIVEN} AS "#f"\nJOIN {DECISIONS} AS "#d" ON {self.on("#d")}'

    def measured(self) -> str:
        """A row per client: the decision, and each measure today and on other terms."""
        today = measures_query(self.checked, self.as_of)
        relations = f'run.facts AS "#f"\nJOIN (\n{today.sql}\n) AS "#t" ON {self.on("#t")}'
        if self.changes:
            after = measures_query(self.checked, self.as_of, self.changes)
            relations += f'\nJOIN (\n{after.sql}\n) AS "#a" ON {self.on("#a")}'
        then = quote_name("#a" if self.changes else "#t")
        columns = [f'"#f".{name}' for name in (*map(quote_name, self.checked.policy.clients.key), DECISION)]
        for measure, name in today.columns:
            columns += [
                f'"#t".{quote_name(name)} AS {column(measure, "today")}',
                f"{then}.{quote_name(name)} AS {column(measure, 'after')}",
            ]
        text = ",\n       ".join(columns)
        return self.consistent(f"SELECT {text}\nFROM {relations}")

    def consistent(self, measured: str) -> str:
        """`"#known"`: revenue and profit are both known today; where they are not on other terms, `"#held"`: today's stand for them."""
        money = [m for m in (MeasureName.REVENUE, MeasureName.PROFIT) if self.has(m)]
        known = " AND ".join(f"{column(m, 'today')} IS NOT NULL" for m in money) or "FALSE"
        moved = {m: column(m, "after") for m in money}
        if MeasureName.PROFIT in moved:
            moved[MeasureName.PROFIT] = self.profit()
        given = " AND ".join(f"{sql} IS NOT NULL" for sql in moved.values()) or "FALSE"
        replaced = [f"CASE WHEN {given} THEN {sql} ELSE {column(m, 'today')} END AS {column(m, 'after')}" for m, sql in moved.items()]
        for measure in (MeasureName.SERVICE_HOURS, MeasureName.CONFLICTS):
            if self.has(measure):
                now, then = column(measure, "today"), column(measure, "after")
                replaced.append(f"CASE WHEN {now} IS NOT NULL THEN coalesce({then}, {now}) END AS {then}")
        other = f" REPLACE ({', '.join(replaced)})" if replaced else ""
        return f'SELECT *{other}, ({known}) AS "#known", ({known}) AND NOT ({given}) AS "#held"\nFROM (\n{measured}\n)'

    def profit(self) -> str:
        """The profit on other terms; one that is not calculated from what changes moves by what revenue and cost to serve move by."""
        sql = column(MeasureName.PROFIT, "after")
        for measure in followed(self.checked, self.changes):
            sign = "+" if measure is MeasureName.REVENUE else "-"
            sql = f"money({sql} {sign} money({column(measure, 'after')} - {column(measure, 'today')}))"
        return sql

    def groups(self) -> str:
        """Per decision: counts, and sums today and on other terms."""
        columns = [f"{DECISION} AS decision", "count(*) AS clients", 'count(*) FILTER ("#known") AS counted']
        columns.append('count(*) FILTER ("#held") AS held')
        for when in ("today", "after"):
            for measure in (MeasureName.REVENUE, MeasureName.PROFIT):
                columns.append(f'{self.total(measure, when, KNOWN)} AS "{measure} {when}"')
            for measure in (MeasureName.SERVICE_HOURS, MeasureName.CONFLICTS):
                columns.append(f'{self.total(measure, when)} AS "{measure} {when}"')
                columns.append(f'{self.missing(measure, when)} AS "{measure} {when} missing"')
        columns += self.avoidable()
        text = ",\n       ".join(columns)
        return f"SELECT {text}\nFROM {MEASURED}\nGROUP BY {DECISION}\nORDER BY {DECISION}"

    def total(self, measure: MeasureName, when: str, where: str = "") -> str:
        if not self.has(measure):
            return "NULL"
        value = column(measure, when)
        summand = value if measure.kind.value == "money" else f"TRY_CAST({value} AS DECIMAL(38, 9))"
        return f"coalesce(sum({summand}){f' FILTER ({where})' if where else ''}, 0)"

    def missing(self, measure: MeasureName, when: str) -> str:
        return f"count(*) FILTER ({column(measure, when)} IS NULL)" if self.has(measure) else "0"

    def avoidable(self) -> list[str]:
        """What of the cost ends with the clients, who of the counted ones has no such value, and whose exceeds the whole cost."""
        if not self.has(MeasureName.AVOIDABLE_COST) or not self.has(MeasureName.PROFIT):
            return ['NULL AS "avoidable"', '0 AS "open"', '0 AS "open revenue"', '0 AS "open profit"', '0 AS "above"']
        revenue, profit = (column(m, "today") for m in (MeasureName.REVENUE, MeasureName.PROFIT))
        value = column(MeasureName.AVOIDABLE_COST, "today")
        open_ = f'"#known" AND {value} IS NULL'
        return [
            f'coalesce(sum({value}) FILTER ("#known"), 0) AS "avoidable"',
            f'count(*) FILTER ({open_}) AS "open"',
            f'coalesce(sum({revenue}) FILTER ({open_}), 0) AS "open revenue"',
            f'coalesce(sum({profit}) FILTER ({open_}), 0) AS "open profit"',
            f'count(*) FILTER ("#known" AND CAST({value} AS DECIMAL(38, 4)) + {profit} > {revenue}) AS "above"',
        ]

    def curves(self, when: str, where: str) -> tuple[str, str | None]:
        revenue = curve(column(MeasureName.REVENUE, when), where)
        return revenue, curve(column(MeasureName.PROFIT, when), where) if self.has(MeasureName.PROFIT) else None


def column(measure: MeasureName, when: str) -> str:
    return quote_name(f"{measure_column(measure)} {when}")


def curve(value: str, where: str) -> str:
    """One row about the clients by that amount, best first; equal amounts share a rank."""
    source = f'SELECT {value} AS x FROM {MEASURED}\n      {where + " AND" if where else "WHERE"} "#known"'
    ranked = f"SELECT x, rank() OVER (ORDER BY x DESC) * {BEST} <= count(*) OVER () AS best\n    FROM ({source})"
    columns = [
        "count(*) AS clients",
        "coalesce(sum(x), 0) AS total",
        "coalesce(sum(x) FILTER (x > 0), 0) AS peak",
        "count(*) FILTER (x > 0) AS above",
        "count(*) FILTER (x < 0) AS below",
        "count(*) FILTER (best) AS best",
        "coalesce(sum(x) FILTER (best), 0) AS best_sum",
    ]
    return f"SELECT {', '.join(columns)}\nFROM ({ranked})"
