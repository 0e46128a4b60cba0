"""CheckedPolicy and what a report shows of clients in, out the query for one narrow row per client of a run. Never touches a database."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ..model.checked import CheckedPolicy
from ..model.expression import FieldValue, MetricValue
from ..model.kind import Kind
from ..model.policy import MeasureName
from ..model.queries import ReportQuery
from ..model.sql import quote_name
from .measuring import measure_column, measures_query

NUMBER = "DECIMAL(30, 9)"
"""Wide enough for any number that means something; what does not fit counts as not known, so that no sum can overflow."""
Source = FieldValue | MetricValue | MeasureName
"""Where a value of a client stands: in the facts, in the decisions, or calculated as a measure."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a report shows of every client; None where the policy has no such thing."""

    money: Source | None
    profit: Source | None
    burden: Source | None
    ours: Source | None
    theirs: Source | None
    segments: tuple[Source, ...]


def report_query(checked: CheckedPolicy, as_of: datetime.date, shown: Shown) -> ReportQuery:
    """Over `run.facts` and `run.decisions`: who, what was decided and by what, the values, and `known` where all money is known."""
    measures = measures_query(checked, as_of)
    kinds = {m.name: m.kind for m in checked.results} | {f.name: f.type for f in checked.policy.clients.fields}

    def column(source: Source | None) -> str:
        match source:
            case None:
                return "NULL"
            case FieldValue(_, name):
                return f"f.{quote_name(name)}"
            case MetricValue(name):
                return f"d.{quote_name(name)}"
            case MeasureName():
                return f"m.{quote_name(measure_column(source))}"

    def amount(source: Source | None) -> str:
        """Money as it is; numbers as decimals, so that sums are exact and in no order."""
        kind = source.kind if isinstance(source, MeasureName) else None if source is None else kinds.get(source.name)
        if source is None:
            return "NULL::DECIMAL(18, 4)"
        return column(source) if kind is Kind.MONEY else f"TRY_CAST({column(source)} AS {NUMBER})"

    key = checked.policy.clients.key
    display = checked.policy.clients.display
    money = [s for s in (shown.money, shown.profit) if s is not None]
    every = (shown.money, shown.profit, shown.burden, shown.ours, shown.theirs, *shown.segments)
    columns = [f'CAST(d.{quote_name(name)} AS VARCHAR) AS "key {i}"' for i, name in enumerate(key)]
    columns += [
        f"{'NULL' if display is None else f'f.{quote_name(display)}'}::VARCHAR AS name",
        "d.decision",
        "d.decided_by",
        f"{amount(shown.money)} AS money",
        f"{amount(shown.profit)} AS profit",
        f"{amount(shown.burden)} AS burden",
        f"CAST({column(shown.ours)} AS DOUBLE) AS ours",
        f"CAST({column(shown.theirs)} AS DOUBLE) AS theirs",
        f"({' AND '.join(f'{column(s)} IS NOT NULL' for s in money) or 'FALSE'}) AS known",
        *(f'CAST({column(s)} AS VARCHAR) AS "segment {i}"' for i, s in enumerate(shown.segments)),
    ]
    on = " AND ".join(f"d.{quote_name(k)} = %s.{quote_name(k)}" for k in key)
    relations = "run.decisions AS d"
    if display is not None or any(isinstance(s, FieldValue) for s in every):
        relations += f"\nJOIN run.facts AS f ON {on.replace('%s', 'f')}"
    if any(isinstance(s, MeasureName) for s in every):
        relations += f"\nJOIN (\n{measures.sql}\n) AS m ON {on.replace('%s', 'm')}"
    select = f"SELECT {', '.join(columns)}\nFROM {relations}"
    return ReportQuery(measures.prelude, select, len(key), len(shown.segments))
