"""Policy in, CheckedPolicy and findings out: the order in which the other modules look at a policy."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model.checked import Calculation, CheckedMetric, CheckedPolicy, CheckedRule, CheckedScore, Made
from ..model.expression import Constant, Expression
from ..model.finding import Finding, has_errors, in_order
from ..model.kind import Kind
from ..model.policy import Field, Metric, Policy, Rule
from ..model.scores import Score
from .catalog import CLIENTS, Catalog, OutputOf, Reader, Scope, catalog, values_of
from .decision_tables import TableInMaking, begin_table, output_value
from .desk import Desk
from .duplicates import check_names
from .graph import Graph, build, report_chains, report_cycles
from .history import with_history
from .kinds import elaborate, elaborate_condition
from .letters import check_letters
from .listed import possible_texts
from .literals import Looseness, looseness
from .measures import check_measures
from .personal_fields import check_personal_fields
from .protected import check_protected
from .ranges import check_values
from .report import check_report
from .results import check_allocations, check_fairness, check_figures, check_guarantees
from .rule_findings import check_rules
from .scores import score_values
from .sense import check_sense
from .table_analysis import check_decision_tables
from .tables import calculated_kind, check_parameters, check_tables
from .texts import check_texts
from .value_ranges import Known


@dataclass(slots=True)
class Bench:
    """The work in hand: what is known of calculated values so far, and what has been made."""

    catalog: Catalog
    desk: Desk
    kinds: dict[str, Kind] = field(default_factory=dict)
    texts: dict[str | tuple[str, str], frozenset[str] | None] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    metrics: dict[str, CheckedMetric] = field(default_factory=dict)
    """In the order in which they can be computed."""
    calculations: dict[tuple[str, str], Calculation] = field(default_factory=dict)
    scores: dict[str, CheckedScore] = field(default_factory=dict)
    tables: dict[str, TableInMaking] = field(default_factory=dict)
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        self.known = Known(self.catalog.fields, self.catalog.parameters)

    def scope(self, reader: Reader, table: str | None = None) -> Scope:
        return Scope(self.catalog, self.desk, self.kinds, self.texts, reader, table, lists=self.lists, known=self.known)

    def add(self, made: CheckedMetric, scope: Scope) -> None:
        self.kinds[made.name] = made.kind
        self.texts[made.name] = possible_texts(made.expression, scope)
        self.metrics[made.name] = made
        if made.is_list:
            self.lists.add(made.name)
        else:
            self.known.add(made.name, made.expression)


def check(policy: Policy) -> tuple[CheckedPolicy | None, tuple[Finding, ...]]:
    """The policy with names resolved and kinds known, or None where there is an error; and all findings, by place.

    Warnings and notes do not stand in the way of a CheckedPolicy.
    """
    policy = with_history(policy)
    bench = Bench(catalog(policy), Desk())
    check_names(policy, bench.desk)
    check_tables(policy, bench.desk)
    check_parameters(policy, bench.scope("rule"))
    graph = build(bench.catalog)
    cyclic = report_cycles(graph, bench.desk)
    if not cyclic:
        report_chains(graph, bench.desk)
    _definitions(bench, graph)
    rules = tuple(_rule(rule, bench) for rule in policy.rules)
    figures, limits = check_figures(policy, bench.catalog, bench.scope)
    visible = [v.name for v in values_of(policy)]
    measures = check_measures(policy, bench.scope, bench.metrics)
    parts = [name for name, made in bench.metrics.items() if made.is_part]
    checked = CheckedPolicy(
        policy,
        tuple(bench.calculations[node] for node in graph.order if node in bench.calculations and not isinstance(node, str)),
        tuple(bench.metrics[name] for name in dict.fromkeys([*visible, *parts]) if name in bench.metrics),
        tuple(bench.metrics),
        rules,
        tuple(bench.scores[s.name] for s in policy.scores if s.name in bench.scores),
        tuple(t.checked() for t in bench.tables.values() if len(t.values) == len(t.table.outputs)),
        figures,
        limits,
        check_guarantees(policy, bench.scope),
        check_allocations(policy, bench.scope),
        check_fairness(policy, bench.scope),
        measures,
        check_report(policy.report, measures, bench.scope("metric")),
    )
    if not cyclic:
        check_protected(checked, bench.desk)
        check_personal_fields(checked, bench.desk)
    if not has_errors(bench.desk.findings):
        check_decision_tables(checked, bench.known, bench.desk)
    was_read = check_sense(checked, bench.catalog, bench.desk)
    check_texts(checked, bench.catalog, bench.desk)
    check_letters(checked, bench.catalog, bench.desk)
    if was_read and not has_errors(bench.desk.findings):
        check_rules(checked, bench.known, bench.desk)
    findings = in_order(bench.desk.findings)
    return (None if has_errors(findings) else checked), findings


def _definitions(bench: Bench, graph: Graph) -> None:
    """Every calculated field and value, each after what it uses (within a cycle the kind stays unknown)."""
    for node in graph.order:
        if not isinstance(node, str):
            found = bench.catalog.fields[node[0]][node[1]]
            bench.calculations[node] = _calculation(node[0], found, bench)
            continue
        match bench.catalog.metrics[node]:
            case Metric() as metric:
                _metric(metric, bench)
            case Score() as score:
                _score(score, bench)
            case OutputOf() as output:
                _output(output, bench)


def _metric(metric: Metric, bench: Bench) -> None:
    scope = bench.scope("metric")
    tree = elaborate(metric.expression, scope)
    if looseness(tree, scope) is Looseness.ANY:
        bench.desk.error("SS219", f"'{metric.name}' is always missing", tree.place, "give it a value in at least one case")
    check_values(tree, scope)
    made = CheckedMetric(metric.name, tree.kind, tree, Made.METRIC, metric.place, metric.title, metric.format, metric.tell_client)
    bench.add(made, scope)


def _score(score: Score, bench: Bench) -> None:
    scope = bench.scope("metric")
    checked, values = score_values(score, scope, elaborate)
    for made in values:
        if made.is_part:
            check_values(made.expression, scope)
        bench.add(made, scope)
    bench.scores[score.name] = checked


def _output(output: OutputOf, bench: Bench) -> None:
    """The output; with the first of its table the table's inputs and rows."""
    scope = bench.scope("metric")
    name = output.table.name
    if name not in bench.tables:
        bench.tables[name] = begin_table(output.table, scope, elaborate)
        for part in bench.tables[name].parts:
            if not isinstance(part.expression, Constant):  # a row of `-` alone is true on purpose
                check_values(part.expression, scope)
            bench.add(part, scope)
    bench.add(output_value(bench.tables[name], output.output, scope, elaborate), scope)


def _calculation(table: str, found: Field, bench: Bench) -> Calculation:
    scope = bench.scope("calculation", None if table == CLIENTS else table)
    assert found.calculation is not None
    tree = calculated_kind(found, elaborate(found.calculation, scope), scope)
    check_values(tree, scope)
    bench.texts[(table, found.name)] = possible_texts(tree, scope)
    bench.known.add((table, found.name), tree)
    return Calculation(table, found.name, found.type, tree)


def _rule(rule: Rule, bench: Bench) -> CheckedRule:
    scope = bench.scope("rule")
    unless = None if rule.unless is None else _condition(rule.unless, scope)
    return CheckedRule(rule.id, rule.then, _condition(rule.when, scope), unless, rule.valid_from, rule.valid_until)


def _condition(tree: Expression, scope: Scope) -> Expression:
    checked = elaborate_condition(tree, scope)
    check_values(checked, scope)
    return checked
