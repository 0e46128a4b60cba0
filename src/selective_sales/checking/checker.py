"""Policy in, CheckedPolicy and findings out: the order in which the other modules look at a policy."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model.checked import Calculation, CheckedMetric, CheckedPolicy, CheckedRule
from ..model.expression import Expression
from ..model.finding import Finding, has_errors, in_order
from ..model.kind import Kind
from ..model.policy import Field, Policy, Rule
from .catalog import CLIENTS, Catalog, Reader, Scope, catalog
from .desk import Desk
from .duplicates import check_names
from .graph import Graph, build, report_cycles
from .kinds import elaborate, elaborate_condition
from .listed import possible_texts
from .literals import Looseness, looseness
from .protected import check_protected
from .ranges import check_values
from .sense import check_sense
from .tables import calculated_kind, check_parameters, check_tables
from .texts import check_texts


@dataclass(slots=True)
class _Bench:
    """The work in hand: what is known of metrics so far, and what has been made."""

    catalog: Catalog
    desk: Desk
    kinds: dict[str, Kind] = field(default_factory=dict)
    texts: dict[str | tuple[str, str], frozenset[str] | None] = field(default_factory=dict)
    metrics: dict[str, CheckedMetric] = field(default_factory=dict)
    calculations: dict[tuple[str, str], Calculation] = field(default_factory=dict)

    def scope(self, reader: Reader, table: str | None = None) -> Scope:
        return Scope(self.catalog, self.desk, self.kinds, self.texts, reader, table)


def check(policy: Policy) -> tuple[CheckedPolicy | None, tuple[Finding, ...]]:
    """The policy with names resolved and kinds known, or None where there is an error; and all findings, by place.

    Warnings and notes do not stand in the way of a CheckedPolicy.
    """
    bench = _Bench(catalog(policy), Desk())
    check_names(policy, bench.desk)
    check_tables(policy, bench.desk)
    check_parameters(policy, bench.scope("rule"))
    graph = build(bench.catalog)
    cyclic = report_cycles(graph, bench.desk)
    _definitions(bench, graph)
    rules = tuple(_rule(rule, bench) for rule in policy.rules)
    order = tuple(node for node in graph.order if isinstance(node, str))
    calculations = tuple(bench.calculations[node] for node in graph.order if node in bench.calculations and not isinstance(node, str))
    metrics = tuple(bench.metrics[m.name] for m in bench.catalog.metrics.values())
    checked = CheckedPolicy(policy, calculations, metrics, order, rules)
    if not cyclic:
        check_protected(checked, bench.desk)
    check_sense(checked, bench.catalog, bench.desk)
    check_texts(checked, bench.catalog, bench.desk)
    findings = in_order(bench.desk.findings)
    return (None if has_errors(findings) else checked), findings


def _definitions(bench: _Bench, graph: Graph) -> None:
    """Every calculated field and metric, each after what it uses (within a cycle the kind stays unknown)."""
    for node in graph.order:
        if isinstance(node, str):
            _metric(node, bench)
        else:
            found = bench.catalog.fields[node[0]][node[1]]
            bench.calculations[node] = _calculation(node[0], found, bench)


def _metric(name: str, bench: _Bench) -> None:
    scope = bench.scope("metric")
    tree = elaborate(bench.catalog.metrics[name].expression, scope)
    if looseness(tree, scope) is Looseness.ANY:
        bench.desk.error("SS219", f"'{name}' is always missing", tree.place, "give it a value in at least one case")
    check_values(tree, scope)
    bench.kinds[name] = tree.kind
    bench.texts[name] = possible_texts(tree, scope)
    bench.metrics[name] = CheckedMetric(name, tree.kind, tree)


def _calculation(table: str, found: Field, bench: _Bench) -> Calculation:
    scope = bench.scope("calculation", None if table == CLIENTS else table)
    assert found.calculation is not None
    tree = calculated_kind(found, elaborate(found.calculation, scope), scope)
    check_values(tree, scope)
    bench.texts[(table, found.name)] = possible_texts(tree, scope)
    return Calculation(table, found.name, found.type, tree)


def _rule(rule: Rule, bench: _Bench) -> CheckedRule:
    scope = bench.scope("rule")
    unless = None if rule.unless is None else _condition(rule.unless, scope)
    return CheckedRule(rule.id, rule.then, _condition(rule.when, scope), unless)


def _condition(tree: Expression, scope: Scope) -> Expression:
    checked = elaborate_condition(tree, scope)
    check_values(checked, scope)
    return checked
