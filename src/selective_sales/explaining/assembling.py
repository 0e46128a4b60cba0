"""The whole explanation of one client, from the rows of the explain query and of the run's decisions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model.checked import CheckedPolicy, CheckedRule
from ..model.exceptions import PolicyException
from ..model.explanation import Explanation, NamedValue, Outcome, RuleOutcome
from ..model.policy import Rule, Strategy, WhenUnknown
from ..model.queries import ExplainQuery
from .leaves import Leaf, outcome_of
from .nesting import nested
from .scored import score, table
from .thresholds import Thresholds
from .values import Client, Sources

UNDETERMINED = "undetermined"


def explain(
    checked: CheckedPolicy,
    query: ExplainQuery,
    row: Mapping[str, object],
    decision_row: Mapping[str, object],
    *,
    run_id: str,
    as_of: datetime.date,
    exception: PolicyException | None,
) -> Explanation:
    """One client's explanation (of many clients: make one Explainer)."""
    return Explainer(checked, query, run_id=run_id, as_of=as_of).explain(row, decision_row, exception)


@dataclass(frozen=True, slots=True)
class _PreparedRule:
    rule: Rule
    checked: CheckedRule
    column: str
    leaves: tuple[Leaf, ...]
    rank: tuple[int, int]
    holds: bool


class Explainer:
    """Explains one client of a run after the other. What is the same for all of them is prepared once."""

    def __init__(self, checked: CheckedPolicy, query: ExplainQuery, *, run_id: str, as_of: datetime.date) -> None:
        self._checked, self._query, self._run_id, self._as_of = checked, query, run_id, as_of
        self._sources = Sources(checked, query, as_of)
        self._thresholds = Thresholds(checked, self._sources)
        columns = {rule.rule: rule for rule in query.rules}
        trees = {rule.id: rule for rule in checked.rules}
        ranks = _ranks(checked)
        decisions = {decision.id: decision for decision in checked.policy.decisions}
        self._rules = {
            rule.id: _PreparedRule(
                rule,
                trees[rule.id],
                columns[rule.id].column,
                tuple(Leaf.prepared(self._sources, leaf) for leaf in columns[rule.id].leaves),
                ranks[rule.id],
                rule.then in decisions and decisions[rule.then].when_unknown is WhenUnknown.HOLD,
            )
            for rule in checked.policy.rules
        }

    def explain(
        self, row: Mapping[str, object], decision_row: Mapping[str, object], exception: PolicyException | None = None
    ) -> Explanation:
        """`row` is a row of the explain query, `decision_row` the client's row of decisions.parquet (lists as lists or None).

        The rules come in policy order; `Explanation.in_display_order` is the order to read them in. KeyError where a column is absent.
        """
        policy, client = self._checked.policy, self._sources.client(row)
        fired, applied, unknown = (_texts(decision_row[name]) for name in ("fired", "applied", "unknown"))
        base = min((*fired, *applied), key=lambda rule: self._rules[rule].rank, default=None)
        policy_decision = str(decision_row["policy_decision"])
        deciding = None if policy_decision == UNDETERMINED else base
        return Explanation(
            client=tuple(str(row[name]) for name in self._query.key),
            decision=str(decision_row["decision"]),
            policy_decision=policy_decision,
            decided_by=str(decision_row["decided_by"]),
            rules=tuple(
                self._rule(known, client, name in applied, name == deciding, name in unknown and self._matters(known, base))
                for name, known in self._rules.items()
            ),
            metrics=tuple(client.metrics[metric.name] for metric in self._checked.results if metric.name in client.metrics),
            values={
                **client.fields,
                **self._sources.parameters,
                **{name: value for name, value in client.metrics.items() if not name.startswith("#")},
            },
            missing_because=_texts(decision_row["missing_because"]),
            possible_decisions=_texts(decision_row["possible_decisions"]),
            exception=exception,
            policy_id=policy.id,
            policy_version=policy.version,
            run_id=self._run_id,
            as_of=self._as_of,
            name=_name(client.fields.get(policy.clients.display or "")),
            scores=tuple(score(shown, client, self._sources) for shown in self._checked.scores),
            tables=tuple(table(shown, client) for shown in self._checked.tables),
        )

    def _rule(self, known: _PreparedRule, client: Client, applied: bool, decides: bool, matters: bool) -> RuleOutcome:
        outcome = outcome_of(client.row[known.column])
        leaves = tuple(leaf.outcome(client, outcome) for leaf in known.leaves)
        near = outcome is Outcome.FALSE and any(met.flips and leaf.can_be_near(met) for met, leaf in zip(leaves, known.leaves, strict=True))
        rule = known.rule
        return RuleOutcome(
            id=rule.id,
            title=rule.title,
            decision=rule.then,
            outcome=outcome,
            applied=applied,
            decides=decides,
            matters=matters,
            near_miss=near,
            leaves=leaves,
            reason=rule.reason,
            letter_reason=rule.letter_reason,
            source=rule.source,
            place=rule.place,
            in_force=known.checked.in_force(self._as_of),
            thresholds=self._thresholds.of(known.checked) if decides else (),
            parts=nested(known.checked, leaves, self._sources),
        )

    def _matters(self, known: _PreparedRule, base: str | None) -> bool:
        """An unknown rule matters where holding back is asked for, and the rule alone would change the decision that stands without it."""
        if not known.holds:
            return False
        if base is None:
            return known.rule.then != self._checked.policy.default_decision.id
        standing = self._rules[base]
        return known.rank < standing.rank and known.rule.then != standing.rule.then


def _ranks(checked: CheckedPolicy) -> dict[str, tuple[int, int]]:
    """What wins: by severity then policy order, or by policy order alone."""
    policy = checked.policy
    severity = {decision.id: number for number, decision in enumerate(policy.decisions)}
    weighs = policy.strategy is Strategy.MOST_SEVERE
    return {rule.id: (severity[rule.then] if weighs else 0, number) for number, rule in enumerate(policy.rules)}


def _name(display: NamedValue | None) -> str | None:
    """The client's name, None where the policy names no such field or the client has none."""
    return None if display is None or display.value is None else str(display.value).strip() or None


def _texts(value: object) -> tuple[str, ...]:
    match value:
        case None:
            return ()
        case str():
            return (value,)
        case Iterable():
            return tuple(str(item) for item in value)
        case _:
            return ()
