"""What a run came to, for people and machines: counts and money per decision, what decided, what is missing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling
from ..engines import duckdb_engine as engine
from ..engines import tallying
from ..model.checked import CheckedPolicy
from ..model.data import Loaded
from ..model.expression import Expression, FieldValue, MetricValue
from ..model.kind import Kind
from ..model.policy import MeasureName
from ..model.results import WholeResult
from ..model.text import Texts
from ..wording.counting import plural as plural

if TYPE_CHECKING:
    import duckdb


Labels = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""By language, a value and the word for it."""


@dataclass(frozen=True, slots=True)
class Count:
    """Clients with a value, and the sum of the summary's amount over them (None: no amount, or all missing)."""

    name: str
    clients: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class ExceptionEffect:
    """What an exception did to a client."""

    client: tuple[str, ...]
    policy_decision: str
    decision: str


@dataclass(frozen=True, slots=True)
class Summary:
    """`amount` names the field or metric whose sums stand beside the counts (None where the policy has no money).

    `titles` has the titles of the amount, the decisions and the rules, by name; `labels` the words for listed values, by field;
    `languages` are the policy's, the default first.
    """

    policy_id: str
    policy_version: str
    run_id: str
    digest: str
    as_of: datetime.date
    currency: str
    clients: int
    amount: str | None
    languages: tuple[str, ...]
    titles: tuple[tuple[str, Texts], ...]
    labels: tuple[tuple[str, Labels], ...]
    decisions: tuple[Count, ...]
    decided_by: tuple[Count, ...]
    missing_because: tuple[Count, ...]
    exceptions: tuple[ExceptionEffect, ...]
    loaded: Loaded
    whole: WholeResult


@dataclass(frozen=True, slots=True)
class Amount:
    """The money to show beside counts: `name` is a field's or metric's, or `revenue` where the measure is calculated."""

    name: str
    expression: Expression


def amount_of(checked: CheckedPolicy) -> Amount | None:
    """The measure `revenue`, else what has revenue in its name, else the first money metric, else the first money field."""
    revenue = checked.measure(MeasureName.REVENUE)
    if revenue is not None:
        return Amount(revenue.column or revenue.name.value, revenue.expression)
    metrics = [m.name for m in checked.results if m.kind is Kind.MONEY and not m.is_list]
    fields = [f.name for f in checked.policy.clients.fields if f.type is Kind.MONEY and not f.protected]
    named = [n for n in (*fields, *metrics) if any(word in n.lower() for word in ("revenue", "przychód", "przychod"))]
    name = next(iter((*named, *metrics, *fields)), None)
    if name is None:
        return None
    return Amount(name, FieldValue("clients", name, kind=Kind.MONEY) if name in fields else MetricValue(name, kind=Kind.MONEY))


def counts(rows: tallying.Tally, first: Sequence[str] = ()) -> tuple[Count, ...]:
    """One Count per value of a result column: `first` in their order, then the others by number of clients."""
    found = {name: Count(name, clients, total if isinstance(total, Decimal) else None) for name, clients, total in rows}
    ordered = [name for name in first if name in found]
    return tuple(found[name] for name in (*ordered, *(n for n in found if n not in ordered)))


def summed(
    connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, folder: Path, as_of: datetime.date, amount: Amount | None
) -> tallying.Summed | None:
    """Where the amount stands: in the decisions or the facts, or calculated over the facts."""
    if amount is None:
        return None
    if not isinstance(amount.expression, FieldValue | MetricValue):
        query = compiling.measures_query(checked, as_of)
        return tallying.Summed(dict(query.columns)[MeasureName.REVENUE], query.sql)
    if isinstance(amount.expression, MetricValue):
        return tallying.Summed(amount.name)
    return tallying.Summed(amount.name, engine.all_of(folder / "facts.parquet"))


def with_absent(found: tuple[Count, ...], order: Sequence[str]) -> tuple[Count, ...]:
    """The counts with a zero for each name in `order` that nobody has."""
    by_name = {c.name: c for c in found}
    rest = tuple(c for c in found if c.name not in order)
    return (*(by_name.get(name, Count(name, 0, None)) for name in order), *rest)


def titles(checked: CheckedPolicy) -> tuple[tuple[str, Texts], ...]:
    """What the policy calls its decisions, rules, metrics and fields, where it says so."""
    policy = checked.policy
    named = [*((d.id, d.title) for d in policy.decisions), *((r.id, r.title) for r in policy.rules)]
    named += [*((m.name, m.title) for m in checked.results), *((f.name, f.label) for f in policy.clients.fields)]
    named += [*((f.name, f.title) for f in policy.figures), *((x.id, x.title) for x in policy.limits)]
    named += [*((g.id, g.title) for g in policy.guarantees), *((a.name, a.title) for a in policy.allocations)]
    return tuple((name, texts) for name, texts in named if texts is not None)


def labels(checked: CheckedPolicy) -> tuple[tuple[str, Labels], ...]:
    """The words that the policy has for the values of its fields and calculated values."""
    fields = [(f.name, f.one_of, f.labels) for f in checked.policy.clients.fields if f.labels and not f.protected]
    words = [(name, tuple((code, tuple(zip(map(str, of), w, strict=False))) for code, w in told)) for name, of, told in fields]
    return (*words, *((m.name, m.labels) for m in checked.results if m.labels))


def summarise(
    connection: duckdb.DuckDBPyConnection,
    checked: CheckedPolicy,
    folder: Path,
    as_of: datetime.date,
    loaded: Loaded,
    run_id: str,
    digest: str,
    whole: WholeResult,
) -> Summary:
    """The summary of a finished run in that folder."""
    policy, shown = checked.policy, amount_of(checked)
    amount = summed(connection, checked, folder, as_of, shown)
    order = [*(d.id for d in policy.decisions), "undetermined"]
    file = folder / "decisions.parquet"
    found = tallying.tallies(connection, file, policy.clients.key, amount, ("decision", "decided_by"))
    decisions = with_absent(counts(found["decision"], order), order[:-1])
    effects = tallying.exception_effects(connection, file, policy.clients.key)
    return Summary(
        policy_id=policy.id,
        policy_version=policy.version,
        run_id=run_id,
        digest=digest,
        as_of=as_of,
        currency=policy.currency,
        clients=sum(c.clients for c in decisions),
        amount=None if shown is None else shown.name,
        languages=policy.languages,
        titles=titles(checked),
        labels=labels(checked),
        decisions=decisions,
        decided_by=counts(found["decided_by"]),
        missing_because=counts(tallying.reason_tally(connection, file)),
        exceptions=tuple(ExceptionEffect(*effect) for effect in effects),
        loaded=loaded,
        whole=whole,
    )
