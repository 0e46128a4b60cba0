"""An explanation as text for a terminal: the decision first, then why, why not, what is unknown, and the metrics."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from ..model.checked import CheckedPolicy
from ..model.exceptions import PolicyException
from ..model.explanation import (
    ConditionGroup,
    ConditionPart,
    Explanation,
    FactorShown,
    LeafOutcome,
    NamedValue,
    Outcome,
    RuleOutcome,
)
from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.speaker import Speaker
from ..model.text import Texts
from .assembling import UNDETERMINED
from .phrases import Phrases, phrases

MARKS = {Outcome.TRUE: "✓", Outcome.FALSE: "✗", Outcome.UNKNOWN: "?"}


def text(
    explanation: Explanation,
    checked: CheckedPolicy,
    speaker: Speaker,
    width: int = 100,
    strong: Callable[[str], str] = str,
    *,
    brief: bool = False,
) -> str:
    """The explanation in the speaker's language, wrapped to `width` characters. `strong` marks headings (bold, on a terminal that can).

    `brief`: the short answer.
    """
    from .brief import Brief

    page = (Brief if brief else Page)(explanation, checked, speaker, phrases(speaker.language), max(40, width), strong)
    return "\n".join(page.lines()) + "\n"


@dataclass(frozen=True, slots=True)
class Page:
    """The whole of it."""

    explanation: Explanation
    checked: CheckedPolicy
    speaker: Speaker
    phrases: Phrases
    width: int
    strong: Callable[[str], str]

    def lines(self) -> Iterator[str]:
        yield from self._head()
        for heading, rules in self._groups():
            if rules:
                yield ""
                yield self.strong(heading)
                for rule in rules:
                    yield from self._rule(rule)
        yield from self._changes()
        yield from self._scores()
        yield from self._tables()
        yield from self._metrics()
        yield from self._thresholds()

    def _changes(self) -> Iterator[str]:
        """What would have to change for a milder decision."""
        changes = self.explanation.changes
        if changes is None:
            return
        yield ""
        yield self.strong(self.phrases.changes)
        if not changes:
            yield from self._wrapped(self.phrases.no_change, "  ")
        for change in changes:
            words = self.phrases.change.format(
                field=self._name(change.field),
                now=self.speaker.value(change.field),
                to=self.speaker.value(change.to),
                decision=self._decision(change.decision),
            )
            yield from self._wrapped(words, "  ", hanging="    ")

    def _scores(self) -> Iterator[str]:
        """Each score with its factors, by points lost."""
        if not self.explanation.scores:
            return
        yield ""
        yield self.strong(self.phrases.scores)
        for shown in self.explanation.scores:
            title = self.speaker.text(shown.value.title, shown.value.text)
            name = title if title == shown.value.text else f"{title} ({shown.value.text})"
            ends = {"low": self.speaker.value(_number(shown.low)), "high": self.speaker.value(_number(shown.high))}
            yield from self._wrapped(f"{name}: {self.phrases.on_scale.format(value=self.speaker.value(shown.value), **ends)}", "  ")
            for factor in shown.factors:
                yield from self._wrapped(self._factor(factor), "    ", hanging="      ")

    def _factor(self, factor: FactorShown) -> str:
        name = self.speaker.text(factor.title, factor.id)
        values = self._values(factor.of)
        if factor.points is None or factor.lost is None:
            return self.phrases.factor_missing.format(name=name, values=values)
        words = {"points": self.speaker.value(_number(factor.points, 1)), "lost": self.speaker.value(_number(factor.lost, 1))}
        return self.phrases.factor.format(name=name, values=values, **words)

    def _tables(self) -> Iterator[str]:
        """Each decision table with the rows that are true."""
        if not self.explanation.tables:
            return
        yield ""
        yield self.strong(self.phrases.tables)
        for shown in self.explanation.tables:
            outputs = ", ".join(f"{self._name(o)} {self.speaker.value(o)}" for o in shown.outputs)
            yield from self._wrapped(f"{shown.name}: {outputs}", "  ", hanging="    ")
            for number, cells in shown.true:
                yield from self._wrapped(f"✓ {self.phrases.row.format(number=number, cells=self.speaker.clean(cells))}", "    ")
            for number, cells in shown.unknown:
                yield from self._wrapped(f"? {self.phrases.row.format(number=number, cells=self.speaker.clean(cells))}", "    ")
            if not shown.true and not shown.unknown:
                yield from self._wrapped(self.phrases.no_row, "    ")

    def _groups(self) -> tuple[tuple[str, list[RuleOutcome]], ...]:
        p, ordered = self.phrases, self.explanation.in_display_order
        unknown = [rule for rule in ordered if rule.outcome is Outcome.UNKNOWN and not rule.applied]
        false = [rule for rule in ordered if rule.outcome is Outcome.FALSE]
        why = p.why
        if self.explanation.decided_by == "exception" and not self._by_rule():
            why = p.why_policy.format(decision=self._decision(self.explanation.policy_decision))
        return (
            (why, [rule for rule in ordered if rule.decides]),
            (p.unsettled, [rule for rule in unknown if rule.matters]),
            (p.also_fired, [rule for rule in ordered if rule.outcome is Outcome.TRUE and not rule.decides]),
            (p.applied, [rule for rule in ordered if rule.applied and not rule.decides]),
            (p.why_not, [rule for rule in false if rule.near_miss]),
            (p.unsettled_idle, [rule for rule in unknown if not rule.matters]),
            (p.rest, [rule for rule in false if not rule.near_miss]),
        )

    def _head(self) -> Iterator[str]:
        e, p = self.explanation, self.phrases
        yield self.strong(p.client.format(client=self.speaker.clean(e.called)))
        decision = f"{p.decision}: {self._decision(e.decision)}"
        first, *rest = self._wrapped(f"{decision} — {self._decided_by()}", "")
        # What marks a heading takes no width, so it comes after the wrapping.
        yield first.replace(decision, self.strong(decision), 1)
        yield from rest
        decided = self.checked.policy.decision(e.decision)
        if decided is not None and decided.approval_required:
            yield from self._wrapped(p.approval, "")
        if e.exception is not None:
            if self._by_rule() or e.decided_by != "exception":
                yield from self._wrapped(self._exception(e.exception, p.exception, p.exception_from), "")
            yield from self._wrapped(p.policy_alone.format(decision=self._decision(e.policy_decision)), "")
        if e.possible_decisions:
            yield from self._wrapped(p.possible.format(decisions=", ".join(map(self._decision, e.possible_decisions))), "")
        if e.missing_because:
            yield from self._wrapped(
                p.missing.format(fields=", ".join(self.speaker.missing(label, e.values) for label in e.missing_because)), ""
            )
        title = self.speaker.text(self.checked.policy.title, e.policy_id)
        as_of = self.speaker.value(_date(e.as_of))
        version = self.speaker.clean(e.policy_version)
        yield from self._wrapped(p.edition.format(policy=title, version=version, as_of=as_of, run=e.run_id), "")

    def _exception(self, exception: PolicyException, always: str, since: str) -> str:
        """Who overruled the policy, why and until when; `since` is the sentence for one that starts on a day."""
        because = self.speaker.clean(exception.because).strip()
        words = {
            "because": because if because.endswith((".", "!", "?")) else f"{because}.",
            "by": self.speaker.clean(exception.approved_by),
            "expires": self.speaker.value(_date(exception.expires)),
        }
        if exception.valid_from is None:
            return always.format(**words)
        return since.format(**words, start=self.speaker.value(_date(exception.valid_from)))

    def _decision(self, name: str) -> str:
        if name == UNDETERMINED:
            return self.phrases.undetermined
        title = self.speaker.text(self._title_of(name), name)
        return title if title == name else f"{title} ({name})"

    def _title_of(self, decision: str) -> Texts | None:
        found = self.checked.policy.decision(decision)
        return None if found is None else found.title

    def _by_rule(self) -> bool:
        """A rule may be called "default" or "exception" too: what a rule decided is asked first."""
        return any(rule.decides and rule.id == self.explanation.decided_by for rule in self.explanation.rules)

    def _decided_by(self) -> str:
        e, p = self.explanation, self.phrases
        counted = next((rule for rule in e.rules if rule.decides and rule.applied and rule.id == e.decided_by), None)
        if counted is not None:
            return p.by_applied.format(rule=self._rule_name(e.decided_by), fields=self._lacking(counted))
        if self._by_rule():
            return p.by_rule.format(rule=self._rule_name(e.decided_by))
        match e.decided_by:
            case "exception" if e.exception is not None:
                return self._exception(e.exception, p.by_exception, p.by_exception_from)
            case "default":
                return p.by_default
            case "unknown":
                return p.by_unknown
            case rule:
                return p.by_rule.format(rule=rule)

    def _rule_name(self, id: str) -> str:
        """Its title in quotes, else its id."""
        title = next((self.speaker.text(rule.title, "") for rule in self.explanation.rules if rule.id == id), "")
        return self.phrases.quoted.format(title=title) if title else id

    def _lacking(self, rule: RuleOutcome) -> str:
        """The data that a rule counted as fired lacks; what nothing could give has its cause."""
        e, say = self.explanation, self.speaker
        lacking = (say.missing(cause, e.values) if cause else self._needed(blank) for blank, cause in e.awaited(rule))
        return ", ".join(lacking)

    def _needed(self, blank: NamedValue) -> str:
        return self.speaker.text(blank.needs or blank.title, blank.text)

    def _called(self, rule: RuleOutcome) -> str:
        """A rule with its decision, the ids behind the titles."""
        title = self.speaker.text(rule.title, "")
        name = f"{title} ({rule.id})" if title and title != rule.id else rule.id
        return f"{name} → {self._decision(rule.decision)}"

    def _rule(self, rule: RuleOutcome) -> Iterator[str]:
        yield from self._wrapped(self._called(rule), "  ")
        if not rule.in_force:
            yield from self._wrapped(self.phrases.not_in_force, "    ")
            return
        if rule.applied:
            # The reason was written for a rule that fired: with data missing it would not be true.
            yield from self._wrapped(self.phrases.counted.format(fields=self._lacking(rule)), "    ")
        elif rule.reason is not None and rule.outcome is Outcome.TRUE:
            template = rule.reason.get(self.speaker.language)
            if template is not None:
                yield from self._wrapped(self.speaker.fill(template, self.explanation.values), "    ")
        if rule.held_back_by:
            held_back = "; ".join(map(self.speaker.condition, rule.held_back_by))
            yield from self._wrapped(self.phrases.held_back.format(conditions=held_back), "    ")
        for part in rule.parts:
            yield from self._part(part, rule, "    ")
        if rule.outcome is Outcome.UNKNOWN:
            yield from self._what_settles(rule)
        if rule.decides and (source := self.speaker.text(rule.source, "")):
            yield from self._wrapped(self.phrases.source.format(source=source), "    ")

    def _part(self, part: ConditionPart, rule: RuleOutcome, indent: str, *, inner: bool = False) -> Iterator[str]:
        """A condition, or a heading with the conditions below it."""
        unless = f"{self.phrases.unless} " if part.of_unless and not inner else ""
        match part:
            case LeafOutcome():
                yield from self._leaf(part, rule, indent, unless)
            case ConditionGroup():
                yield from self._wrapped(f"{MARKS[part.outcome]} {unless}{self.speaker.group(part)}", indent, hanging=f"{indent}  ")
                for below in part.parts:
                    yield from self._part(below, rule, f"{indent}  ", inner=True)
            case _:
                assert_never(part)

    def _leaf(self, leaf: LeafOutcome, rule: RuleOutcome, indent: str, unless: str) -> Iterator[str]:
        # With a single condition it goes without saying.
        enough = f"   ← {self.phrases.enough}" if rule.near_miss and leaf.flips and len(rule.leaves) > 1 else ""
        yield from self._wrapped(f"{MARKS[leaf.outcome]} {unless}{self.speaker.clean(leaf.text)}{enough}", indent, hanging=f"{indent}  ")
        if detail := self._detail(leaf):
            yield from self._wrapped(detail, f"{indent}  ")

    def _detail(self, leaf: LeafOutcome) -> str:
        """How far the value is from its threshold, else the values."""
        return self.speaker.distance(leaf) or ", ".join(f"{self._name(named)}: {self.speaker.value(named)}" for named in leaf.operands)

    def _what_settles(self, rule: RuleOutcome) -> Iterator[str]:
        """The data that an unknown rule waits for; a value that nothing could give says what it could not be computed from."""
        uncomputed = {blank.text: blank for blank in rule.blanks if blank.from_ and all(part.value is not None for part in blank.from_)}
        needed = [self._needed(blank) for blank in rule.blanks if blank.text not in uncomputed]
        if needed and not rule.applied:
            yield from self._wrapped(self.phrases.needed.format(fields=", ".join(needed)), "    ")
        for blank in uncomputed.values():
            words = self.phrases.not_computed.format(name=self._name(blank), values=self._values(blank.from_))
            yield from self._wrapped(words, "    ")

    def _metrics(self) -> Iterator[str]:
        metrics = self.explanation.metrics
        if metrics:
            yield ""
            yield self.strong(self.phrases.metrics)
        for metric in metrics:
            # A metric that only names one other value says the name: the value would be said twice.
            renamed = len(metric.from_) == 1 and metric.from_[0].value == metric.value
            parts = self._name(metric.from_[0]) if renamed else self._values(metric.from_)
            origin = f" — {self.phrases.from_.format(values=parts)}" if parts else ""
            title = self.speaker.text(metric.title, metric.text)
            name = title if title == metric.text else f"{title} ({metric.text})"
            yield from self._wrapped(f"{name}: {self.speaker.value(metric)}{origin}", "  ", hanging="    ")

    def _thresholds(self) -> Iterator[str]:
        """Where the deciding rule's lines are drawn, and who says so."""
        thresholds = [threshold for rule in self.explanation.rules for threshold in rule.thresholds]
        if thresholds:
            yield ""
            yield self.strong(self.phrases.thresholds)
        for threshold in thresholds:
            source = self.speaker.text(threshold.source, "")
            words = self.phrases.threshold if source else self.phrases.threshold_unsourced
            value = self.speaker.value(threshold.value)
            yield from self._wrapped(words.format(name=self._name(threshold.value), value=value, source=source), "  ", hanging="    ")

    def _values(self, several: Iterable[NamedValue]) -> str:
        return ", ".join(f"{self._name(named)} {self.speaker.value(named)}" for named in several)

    def _name(self, named: NamedValue) -> str:
        return self.speaker.text(named.title, named.text)

    def _wrapped(self, words: str, indent: str, hanging: str | None = None) -> Iterable[str]:
        return textwrap.wrap(
            words,
            self.width,
            initial_indent=indent,
            subsequent_indent=indent if hanging is None else hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _number(value: Scalar, places: int | None = None) -> NamedValue:
    """A number to show, at so many places."""
    exact = Decimal(str(value))
    return NamedValue("", Kind.NUMBER, exact if places is None else exact.quantize(Decimal(1).scaleb(-places)), exact=places is not None)


def _date(day: datetime.date) -> NamedValue:
    return NamedValue("", Kind.DATE, day)
