"""Measures -> typed; those that the policy does not declare are assumed from the names of its fields and metrics, and are marked so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..model.checked import CheckedMeasure, CheckedMetric
from ..model.expression import Aggregate, Arithmetic, Expression, FieldValue, MetricValue, Portfolio, walk
from ..model.kind import Kind
from ..model.policy import Measure, MeasureName, Policy
from .advice import describe
from .catalog import CLIENTS, Scope
from .figures import ScopeFor
from .kinds import elaborate
from .literals import Looseness, looseness, settle
from .ranges import check_values
from .words import KIND_WORDS, name_text

WORDS: Mapping[MeasureName, tuple[str, ...]] = {
    MeasureName.REVENUE: ("revenue", "turnover", "przychód", "przychod", "przychody", "obrót", "obrot"),
    MeasureName.COST_TO_SERVE: ("cost_to_serve", "serving_cost", "koszt_obsługi", "koszt_obslugi"),
    MeasureName.AVOIDABLE_COST: ("avoidable_cost", "koszt_do_uniknięcia", "koszt_do_unikniecia"),
    MeasureName.PROFIT: ("profit", "zysk"),
    MeasureName.SERVICE_HOURS: ("service_hours", "hours_of_service", "godziny_obsługi", "godziny_obslugi", "godziny"),
    MeasureName.CONFLICTS: ("conflicts", "konflikty", "konflikt"),
}
"""What fields and metrics of that meaning are called."""
_SPAN = r"(\d+_?m\w*|\d{4}|year|yearly|annual|ltm|ytd|total|net|rok|roczn\w+)"
"""`revenue_12m`, `revenue_2026` and `net_revenue` are called so too; `revenue_target`, `profit_per_hour` and `lost_revenue` are not."""


def check_measures(policy: Policy, scope_for: ScopeFor, metrics: Mapping[str, CheckedMetric]) -> tuple[CheckedMeasure, ...]:
    """The measures that are declared, then those that can be assumed, in the order of their meanings."""
    scope = scope_for("metric")
    found: dict[MeasureName, CheckedMeasure] = {}
    for measure in policy.measures:
        found.setdefault(measure.name, _declared(measure, scope))
    for name in MeasureName:
        if name not in found and (assumed := _assumed(name, policy, metrics)) is not None:
            found[name] = assumed
    revenue, cost = found.get(MeasureName.REVENUE), found.get(MeasureName.COST_TO_SERVE)
    if MeasureName.PROFIT not in found and revenue is not None and cost is not None:
        difference = Arithmetic(revenue.expression, "-", cost.expression, kind=Kind.MONEY)
        found[MeasureName.PROFIT] = CheckedMeasure(MeasureName.PROFIT, Kind.MONEY, difference, assumed=True)
    return tuple(found[name] for name in MeasureName if name in found)


def _declared(measure: Measure, scope: Scope) -> CheckedMeasure:
    tree = elaborate(measure.expression, scope)
    check_values(tree, scope)
    tree = _of_kind(measure, tree, scope)
    looked_at = any(isinstance(n, FieldValue | MetricValue | Aggregate | Portfolio) or n.kind is Kind.UNKNOWN for n in walk(tree))
    if not looked_at and looseness(tree, scope) is not Looseness.ANY:
        help = f"name a field or metric of the client, for example {_example(measure.name, scope)}"
        scope.desk.warning("SS861", f"the measure '{measure.name}' is the same for every client", tree.place, help)
    return CheckedMeasure(measure.name, tree.kind, tree, place=measure.place)


def _of_kind(measure: Measure, tree: Expression, scope: Scope) -> Expression:
    """The tree, settled to the kind of its meaning; a finding where it is of another."""
    wanted, free = measure.name.kind, looseness(tree, scope)
    if free is Looseness.ANY:
        help = "name the value that has this meaning, or leave the measure out: then it is not known"
        scope.desk.error("SS219", f"the measure '{measure.name}' is always missing", tree.place, help)
        return tree
    if free is Looseness.NUMBER and wanted is Kind.MONEY:
        return settle(tree, Kind.MONEY, scope)
    if tree.kind is Kind.UNKNOWN or tree.kind.family is wanted:
        return tree
    message = f"the measure '{measure.name}' is {KIND_WORDS[wanted]}, and {describe(tree, scope)}"
    scope.desk.error("SS860", message, tree.place, f"name {KIND_WORDS[wanted]} of the client, for example {_example(measure.name, scope)}")
    return tree


def _example(name: MeasureName, scope: Scope) -> str:
    """A value of the client that could be meant; where there is none, how one is called."""
    fitting = [f.name for f in scope.catalog.fields[CLIENTS].values() if f.type.family is name.kind and not f.protected]
    fitting += [metric for metric in scope.catalog.metrics if scope.kinds.get(metric, Kind.UNKNOWN).family is name.kind]
    called = [candidate for candidate in fitting if any(word in candidate.lower() for word in WORDS[name])]
    return name_text((called or fitting or [WORDS[name][0]])[0])


def _assumed(name: MeasureName, policy: Policy, metrics: Mapping[str, CheckedMetric]) -> CheckedMeasure | None:
    """The first field or metric that is called what the measure is called, then the first that is called so with a span of time."""
    values = dict(_values(name.kind, policy, metrics))
    exact = [value for word in WORDS[name] for value in values if value.lower() == word]
    word = f"({'|'.join(WORDS[name])})"
    spanned = [value for value in values if re.fullmatch(f"{word}_{_SPAN}|{_SPAN}_{word}", value.lower())]
    fitting = tuple(dict.fromkeys((*exact, *spanned)))
    if not fitting:
        return None
    tree = values[fitting[0]]
    return CheckedMeasure(name, tree.kind, tree, assumed=True, others=fitting[1:])


def _values(kind: Kind, policy: Policy, metrics: Mapping[str, CheckedMetric]) -> Iterator[tuple[str, Expression]]:
    """The fields of clients, then what the policy calculates, of that kind: what a measure can simply be."""
    for found in policy.clients.fields:
        if found.type.family is kind and not found.protected and found.name not in policy.clients.key:
            yield found.name, FieldValue(CLIENTS, found.name, kind=found.type)
    for made in metrics.values():
        if made.kind.family is kind and not made.is_list and not made.is_part:
            yield made.name, MetricValue(made.name, kind=made.kind)
