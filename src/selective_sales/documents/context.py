"""An explanation in, the view of a memo out: every value said once, in the speaker's language."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from ..model.checked import CheckedPolicy
from ..model.exceptions import PolicyException
from ..model.explanation import ConditionGroup, ConditionPart, Explanation, LeafOutcome, NamedValue, Outcome, RuleOutcome, Threshold
from ..model.kind import Kind
from ..model.speaker import Speaker
from .view import ConditionView, ExceptionView, LineView, MemoView, MetricView, RuleView, ThresholdView, ValueView

_UNDETERMINED = {"pl": "nierozstrzygnięta", "en": "undetermined"}
_STEP = "– "
ALL_NAMES = frozenset(
    name
    for view in (MemoView, RuleView, LineView, ConditionView, MetricView, ThresholdView, ValueView)
    for name in view.__dataclass_fields__
)


def memo_view(explanation: Explanation, checked: CheckedPolicy, speaker: Speaker, read: frozenset[str] = ALL_NAMES) -> MemoView:
    """What the memo of this client may show, in the speaker's language.

    A list whose name is not among those that are `read` stays empty: most templates show a part of what there is.
    """
    return _Maker(explanation, checked, speaker, read).memo()


@dataclass(frozen=True, slots=True)
class _Maker:
    explanation: Explanation
    checked: CheckedPolicy
    speaker: Speaker
    read: frozenset[str]
    _said: dict[int, ValueView] = field(default_factory=dict)
    """By identity: the explanation keeps its values alive, and says most of them several times."""

    def memo(self) -> MemoView:
        e, say, policy = self.explanation, self.speaker, self.checked.policy
        ordered = e.in_display_order
        # A rule may be called "default" too: what a rule decided is asked first.
        by = "rule" if any(rule.decides and rule.id == e.decided_by for rule in ordered) else e.decided_by
        false = [rule for rule in ordered if rule.outcome is Outcome.FALSE]
        decision = policy.decision(e.decision)
        return MemoView(
            language=say.language,
            client=say.clean(e.key),
            name=None if e.name is None else say.clean(e.name),
            called=say.clean(e.called),
            decision=self._decision(e.decision),
            decision_id=e.decision,
            policy_decision=self._decision(e.policy_decision),
            by_rule=by == "rule",
            by_default=by == "default",
            by_exception=by == "exception",
            undetermined=by == "unknown",
            approval_needed=decision is not None and decision.approval_required,
            deciding=next((self._rule(rule) for rule in ordered if rule.decides), None),
            fired=self._rules("fired", (rule for rule in ordered if rule.outcome is Outcome.TRUE and not rule.decides)),
            applied=self._rules("applied", (rule for rule in ordered if rule.applied and not rule.decides)),
            unknown=self._rules("unknown", (rule for rule in ordered if rule.outcome is Outcome.UNKNOWN and not rule.applied)),
            near_misses=self._rules("near_misses", (rule for rule in false if rule.near_miss)),
            not_fired=self._rules("not_fired", (rule for rule in false if not rule.near_miss)),
            metrics=tuple(map(self._metric, e.metrics)) if "metrics" in self.read else (),
            thresholds=tuple(self._threshold(found) for rule in ordered for found in rule.thresholds) if "thresholds" in self.read else (),
            values=self._values(e.values.values()) if "values" in self.read else (),
            missing=tuple(say.missing(label, e.values) for label in e.missing_because),
            possible_decisions=tuple(self._decision(name) for name in e.possible_decisions),
            exception=None if e.exception is None else self._exception(e.exception),
            policy=say.text(policy.title, e.policy_id),
            policy_id=e.policy_id,
            policy_version=say.clean(e.policy_version),
            policy_owner=say.clean(policy.owner) or None,
            run=say.clean(e.run_id),
            as_of=self._date(e.as_of),
        )

    def _decision(self, name: str) -> str:
        if name == "undetermined":
            return _UNDETERMINED.get(self.speaker.language, name)
        decision = self.checked.policy.decision(name)
        return self.speaker.text(None if decision is None else decision.title, name)

    def _rules(self, list_: str, rules: Iterable[RuleOutcome]) -> tuple[RuleView, ...]:
        return tuple(map(self._rule, rules)) if list_ in self.read else ()

    def _rule(self, rule: RuleOutcome) -> RuleView:
        nearest = rule.nearest if rule.near_miss else None
        return RuleView(
            id=rule.id,
            title=self.speaker.text(rule.title, rule.id),
            decision=self._decision(rule.decision),
            reason=self._reason(rule),
            nearest=None if nearest is None else self._nearest(nearest),
            source=self.speaker.text(rule.source, "") or None,
            place=str(rule.place),
            applied=rule.applied,
            matters=rule.matters,
            missing=tuple(self._lacking(rule)) if rule.outcome is Outcome.UNKNOWN else (),
            conditions=tuple(map(self._condition, rule.leaves)) if "conditions" in self.read else (),
            lines=tuple(self._lines(rule.parts)) if "lines" in self.read and (rule.decides or rule.is_nested) else (),
            held_back_by=tuple(map(self.speaker.condition, rule.held_back_by)),
        )

    def _lacking(self, rule: RuleOutcome) -> Iterator[str]:
        """What an unknown rule lacks, each once; what no data could give has its cause."""
        e, say = self.explanation, self.speaker
        lacking = (say.missing(c, e.values) if c else say.text(blank.needs or blank.title, blank.text) for blank, c in e.awaited(rule))
        return iter(dict.fromkeys(lacking))

    def _nearest(self, leaf: LeafOutcome) -> str | None:
        """How near the condition came; for a yes or no of the data, what it is."""
        values = (f"{self._title(named)}: {self.speaker.value(named)}" for named in leaf.operands)
        return self.speaker.distance(leaf) or ", ".join(values) or None

    def _reason(self, rule: RuleOutcome) -> str | None:
        """Only what happened is a reason: a rule that did not fire has none, nor has one that counts as fired for want of data."""
        if rule.reason is None or rule.outcome is not Outcome.TRUE:
            return None
        template = rule.reason.get(self.speaker.language)
        return None if template is None else self.speaker.clean(self.speaker.fill(template, self.explanation.values))

    def _lines(self, parts: Iterable[ConditionPart], depth: int = 0) -> Iterator[LineView]:
        for part in parts:
            of_unless = part.of_unless and depth == 0
            match part:
                case LeafOutcome():
                    condition = self._condition(part)
                    yield self._line(condition.text, depth, part.outcome, of_unless, condition)
                case ConditionGroup():
                    yield self._line(self.speaker.group(part), depth, part.outcome, of_unless, None)
                    yield from self._lines(part.parts, depth + 1)
                case _:
                    assert_never(part)

    def _line(self, text: str, depth: int, outcome: Outcome, of_unless: bool, condition: ConditionView | None) -> LineView:
        holds, fails, unknown = outcome is Outcome.TRUE, outcome is Outcome.FALSE, outcome is Outcome.UNKNOWN
        return LineView(text, depth, _STEP * depth, holds, fails, unknown, of_unless, condition)

    def _condition(self, leaf: LeafOutcome) -> ConditionView:
        return ConditionView(
            text=self.speaker.clean(leaf.text),
            holds=leaf.outcome is Outcome.TRUE,
            fails=leaf.outcome is Outcome.FALSE,
            unknown=leaf.outcome is Outcome.UNKNOWN,
            of_unless=leaf.of_unless,
            enough=leaf.flips,
            values=self._values(leaf.operands),
            distance=self.speaker.distance(leaf) or None,
        )

    def _metric(self, metric: NamedValue) -> MetricView:
        # A metric that only names one other value says the name: the value would be said twice.
        renamed = metric.from_[0] if len(metric.from_) == 1 and metric.from_[0].value == metric.value else None
        origin = () if renamed is not None else self._values(metric.from_)
        formula = None if renamed is None else self._title(renamed)
        return MetricView(metric.text, self._title(metric), self.speaker.value(metric), metric.value is None, origin, formula)

    def _threshold(self, threshold: Threshold) -> ThresholdView:
        said = self._value(threshold.value)
        return ThresholdView(said.title, said.value, self.speaker.text(threshold.source, "") or None)

    def _values(self, several: Iterable[NamedValue]) -> tuple[ValueView, ...]:
        return tuple(map(self._value, several))

    def _value(self, named: NamedValue) -> ValueView:
        said = self._said.get(id(named))
        if said is None:
            said = ValueView(named.text, self._title(named), self.speaker.value(named), named.value is None)
            self._said[id(named)] = said
        return said

    def _title(self, named: NamedValue) -> str:
        return self.speaker.text(named.title, named.text)

    def _exception(self, exception: PolicyException) -> ExceptionView:
        return ExceptionView(
            because=self.speaker.clean(exception.because),
            approved_by=self.speaker.clean(exception.approved_by),
            valid_from=None if exception.valid_from is None else self._date(exception.valid_from),
            expires=self._date(exception.expires),
        )

    def _date(self, day: datetime.date) -> str:
        return self.speaker.value(NamedValue("", Kind.DATE, day))
