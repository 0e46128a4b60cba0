"""A mutant of a policy in, the typed trees of the part that it changes out; or nothing, where the checker would refuse it.

Only that part is typed anew: hundreds of mutants of one policy stand on what is known of the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..model.checked import CheckedMetric, CheckedPolicy
from ..model.decision_tables import DecisionTable
from ..model.expression import Constant, Expression
from ..model.finding import has_errors
from ..model.kind import Kind
from ..model.mutant import Mutant, Part, Retyped
from ..model.policy import Field, Policy, Rule
from .catalog import CLIENTS, catalog
from .checker import Bench, _definitions
from .decision_tables import begin_table, output_value
from .desk import Desk
from .graph import build
from .kinds import elaborate, elaborate_condition
from .results import check_figures
from .scores import score_values
from .tables import calculated_kind

NEVER = Constant(False, "false", kind=Kind.BOOLEAN)


@dataclass(slots=True)
class Again:
    """What is known of a policy that was checked."""

    checked: CheckedPolicy
    bench: Bench

    @classmethod
    def of(cls, checked: CheckedPolicy) -> Again:
        bench = Bench(catalog(checked.policy), Desk())
        _definitions(bench, build(bench.catalog))
        return cls(checked, bench)

    def retyped(self, mutant: Mutant) -> Retyped | None:
        """The typed trees of what the mutant changes; None where the checker refuses it, or a value would be of another kind."""
        self.bench.desk = Desk()
        found = self.part(mutant)
        kept = all(self.fits(name, tree) for name, tree in found.values.items())
        return None if has_errors(self.bench.desk.findings) or not kept else found

    def fits(self, name: str, tree: Expression) -> bool:
        """The value keeps its kind: a whole number is a number too."""
        known = self.checked.by_name.get(name)
        return known is None or tree.kind is known.kind or (tree.kind is Kind.INTEGER and known.kind is Kind.NUMBER)

    def part(self, mutant: Mutant) -> Retyped:
        policy = mutant.policy
        match mutant.of:
            case Part.FIELD:
                return self.field(policy, mutant.name)
            case Part.METRIC:
                metric = next(m for m in policy.metrics if m.name == mutant.name)
                return Retyped(values={mutant.name: elaborate(metric.expression, self.bench.scope("metric"))})
            case Part.SCORE:
                score = next(s for s in policy.scores if s.name == mutant.name)
                _, values = score_values(score, self.bench.scope("metric"), elaborate)
                return Retyped(values=self.differing(values))
            case Part.TABLE:
                return self.table(next(t for t in policy.decision_tables if t.name == mutant.name))
            case Part.RULE:
                return Retyped(conditions={mutant.name: self.rule(next((r for r in policy.rules if r.id == mutant.name), None))})
            case Part.FIGURE | Part.LIMIT:
                return self.outcomes(policy)
            case Part.GUARANTEE:
                guarantee = next(g for g in policy.guarantees if g.id == mutant.name)
                tree = elaborate_condition(guarantee.always, self.bench.scope("guarantee"))
                return Retyped(outcomes={(Part.GUARANTEE, mutant.name): tree})
            case Part.PARAMETER | Part.RANKING:
                return Retyped()

    def differing(self, values: tuple[CheckedMetric, ...]) -> Mapping[str, Expression]:
        known = self.checked.by_name
        return {v.name: v.expression for v in values if v.name in known and known[v.name].expression != v.expression}

    def field(self, policy: Policy, name: str) -> Retyped:
        table_name, _, field_name = name.partition(".")
        table = policy.table(table_name)
        found: Field | None = None if table is None else table.field(field_name)
        if found is None or found.calculation is None:
            return Retyped()
        scope = self.bench.scope("calculation", None if table_name == CLIENTS else table_name)
        return Retyped(fields={(table_name, field_name): calculated_kind(found, elaborate(found.calculation, scope), scope)})

    def rule(self, rule: Rule | None) -> tuple[Expression, Expression | None]:
        """A rule that is no longer there is never true."""
        if rule is None:
            return NEVER, None
        scope = self.bench.scope("rule")
        return elaborate_condition(rule.when, scope), None if rule.unless is None else elaborate_condition(rule.unless, scope)

    def table(self, table: DecisionTable) -> Retyped:
        """Of a row that was taken out the condition, which is never true; else all that differs."""
        before = next(t for t in self.checked.policy.decision_tables if t.name == table.name)
        if len(table.rows) < len(before.rows):
            gone = next(
                (i for i, (row, left) in enumerate(zip(before.rows, table.rows, strict=False), 1) if row is not left), len(before.rows)
            )
            return Retyped(values={f"#{table.name} row {gone}": NEVER})
        scope = self.bench.scope("metric")
        making = begin_table(table, scope, elaborate)
        values = [*making.parts, *(output_value(making, output, scope, elaborate) for output in table.outputs)]
        return Retyped(values=self.differing(tuple(values)))

    def outcomes(self, policy: Policy) -> Retyped:
        """Figures and limits, which may use figures."""
        bench = replace(self.bench, catalog=replace(self.bench.catalog, figures={f.name: f for f in policy.figures}))
        figures, limits = check_figures(policy, bench.catalog, bench.scope)
        known = {f.name: f.expression for f in self.checked.figures} | {x.id: x.require for x in self.checked.limits}
        found = {(Part.FIGURE, f.name): f.expression for f in figures if f.expression != known.get(f.name)}
        return Retyped(outcomes=found | {(Part.LIMIT, x.id): x.require for x in limits if x.require != known.get(x.id)})
