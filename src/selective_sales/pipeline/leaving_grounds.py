"""A finished run and the decisions whose clients leave in, by what they were decided out, and which of that speaks of money.

A rule speaks of money where its reason names an amount, or a value that comes from one; a rule whose reason names nothing, where its
condition looks at one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..engines import tallying
from ..model.checked import CheckedPolicy
from ..model.expression import FieldValue
from ..model.kind import Kind
from ..model.policy import Rule
from ..model.simulation import Ground
from .finished import FinishedRun

if TYPE_CHECKING:
    import duckdb


def leaving_grounds(run: FinishedRun, connection: duckdb.DuckDBPyConnection, leaving: Sequence[str]) -> tuple[Ground, ...]:
    """Most clients first."""
    if not leaving:
        return ()
    rules = {rule.id: rule for rule in run.checked.policy.rules}
    found = tallying.deciders(connection, (run.folder / "decisions.parquet").absolute(), leaving)
    return tuple(Ground(by, clients, money=by in rules and speaks_of_money(run.checked, rules[by])) for by, clients in found)


def speaks_of_money(checked: CheckedPolicy, rule: Rule) -> bool:
    """Whether the reason, or else the condition, comes from an amount of money."""
    texts = () if rule.reason is None else rule.reason.by_language
    names = {placeholder.name for _, template in texts for placeholder in template.placeholders}
    if not names:
        return any(is_money(checked, *read) for read in checked.reads(next(r.when for r in checked.rules if r.id == rule.id)))
    return any(named_money(checked, name) for name in names)


def named_money(checked: CheckedPolicy, name: str) -> bool:
    """Whether a field, a calculated value or a parameter is money, or comes from it."""
    parameter, metric = checked.policy.parameter(name), checked.by_name.get(name)
    if parameter is not None:
        return parameter.kind is Kind.MONEY
    if metric is not None and metric.kind is Kind.MONEY:
        return True
    reads = checked.reads(FieldValue("clients", name) if metric is None else metric.expression)
    return any(is_money(checked, table, field) for table, field in reads)


def is_money(checked: CheckedPolicy, table: str, field: str) -> bool:
    found = checked.policy.table(table)
    return found is not None and any(f.name == field and f.type is Kind.MONEY for f in found.fields)
