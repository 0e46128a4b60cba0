"""The report of what was proved of a policy's rules, and what was not: CheckedPolicy in, Proofs out.

It asks more than a check does, and searches longer. An answer "never" is proved for every client that the contract allows. An answer with
an example is proved too: only fields of the client's own row, which do not depend on each other, are named. Anything else is open.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from ..model.checked import CheckedPolicy
from ..model.expression import Expression, FieldValue, In, test_values
from ..model.kind import Kind
from ..model.proofs import Answer, Proof, Proofs, RuleProof, Threshold
from .boxes import TooMuchWorkError
from .logic import Narrowed, both
from .rule_analysis import ANY_DAY, MOST_DATES, THOROUGH, Look, Verdict, looks, periods
from .table_columns import SCALES, Column
from .table_words import of_column
from .value_ranges import End, known_of, placed, range_of
from .words import KIND_WORDS, value_text

_MOST_PARTS = 6
"""Parts of an example that are told."""


def prove(checked: CheckedPolicy) -> Proofs:
    """Everything that can be said of the rules before any data."""
    dates = periods(checked)
    known = known_of(checked)
    report = _Report(checked, looks(checked, known, THOROUGH))
    days = tuple("any day" if date == ANY_DAY else date.isoformat() for date in dates)
    if not report.found:
        why = f"the rules: their dates and those of parameters divide time into {len(dates)} periods, more than {MOST_DATES}"
        return Proofs(
            checked.policy.id, days, (), (), (), (), (why,) if dates else ("the rules: there is no day on which a run can be made",)
        )
    rules = tuple(report.rule(rule.id, rule.decision) for rule in checked.rules)
    thresholds = tuple(report.thresholds())
    return Proofs(checked.policy.id, days, rules, tuple(report.excluding()), thresholds, tuple(report.free()), tuple(report.given_up))


@dataclass(slots=True)
class _Report:
    """The answers, over all periods."""

    checked: CheckedPolicy
    found: list[Look]
    decides: list[dict[int, Verdict | None]] = field(init=False)
    given_up: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.decides = [dict(look.decides()) for look in self.found]

    def rule(self, rule: str, decision: str) -> RuleProof:
        fires, decides, alone = [], [], []
        for look, verdicts in zip(self.found, self.decides, strict=True):
            number = look.numbers.get(rule)
            if number is None:
                continue
            fires.append(self._fires(look, number))
            decides.append(self._proof(look, verdicts[number], rule, "decides"))
            alone.append(self._proof(look, look.alone(number), rule, "fires alone"))
        return RuleProof(rule, decision, _over_all(fires), _over_all(decides), _over_all(alone), tuple(self._implied(rule)))

    def _fires(self, look: Look, number: int) -> Proof:
        try:
            boxes = look.boxes(number, "true")
        except TooMuchWorkError:
            self.given_up[f"'{look.rules[number].id}': its condition is too intricate"] = None
            return Proof(Answer.UNKNOWN)
        return _shown(look, boxes[0]) if boxes else Proof(Answer.NEVER)

    def _proof(self, look: Look, verdict: Verdict | None, rule: str, what: str) -> Proof:
        if verdict is None:
            self.given_up[f"whether '{rule}' {what}: it would take too long"] = None
            return Proof(Answer.UNKNOWN)
        if verdict.left is None:
            return Proof(Answer.NEVER, because_of=tuple(look.rules[i].id for i in verdict.by))
        proof = _shown(look, verdict.left)
        if any(parts is None for parts in look.logic):  # a rule that was not looked at might be in the way
            return Proof(Answer.OPEN, proof.example)
        return proof

    def _implied(self, rule: str) -> Iterator[str]:
        """The rules that fire whenever this one does, in every period in which this one is in force."""
        where = [(look, look.numbers[rule]) for look in self.found if rule in look.numbers]
        for other in self.checked.rules:
            if other.id != rule and where and all(self._implies(look, number, look.numbers.get(other.id)) for look, number in where):
                yield other.id

    def _implies(self, look: Look, number: int, other: int | None) -> bool:
        try:
            own = look.boxes(number, "true")
            return other is not None and bool(own) and look.implies(number, other)
        except TooMuchWorkError:
            return False

    def excluding(self) -> Iterator[tuple[str, str]]:
        """Pairs that never both fire: in every period in which both are in force. Rules that never fire at all are left out."""
        ids = [rule.id for rule in self.checked.rules]
        for i, one in enumerate(ids):
            for other in ids[i + 1 :]:
                together = [(look, look.numbers[one], look.numbers[other]) for look in self.found if {one, other} <= look.numbers.keys()]
                if together and all(_excluded(look, a, b) for look, a, b in together):
                    yield one, other

    def thresholds(self) -> Iterator[Threshold]:
        """What conditions compare with fixed values, and the limits of each."""
        look = self.found[-1]
        known = known_of(self.checked)
        for key, number in look.reader.drafts.items():
            column = look.reader.columns[number]
            if isinstance(key, tuple) or column.kind not in SCALES:
                continue
            value: Expression = key  # type: ignore[assignment]  # a key that is no tuple is the value itself
            found = _fixed_values(look, number)
            low, high = placed(range_of(value, known), column.kind)
            outside = [v for v in found if (low is not None and _exact(v) < low) or (high is not None and _exact(v) > high)]
            texts = (tuple(_written(v, column) for v in values) for values in (found, outside))
            shown, beyond = texts
            if shown:
                yield Threshold(column.text, shown, _limits(low, high, column), beyond)

    def free(self) -> Iterator[str]:
        """What was taken to be free of everything else."""
        for key, number in self.found[-1].reader.drafts.items():
            column = self.found[-1].reader.columns[number]
            if isinstance(key, tuple):
                if key[0] == "against":
                    yield f"whether {column.text.replace(chr(0), 'is less than, equal to or more than')}"
            elif column.kind is Kind.BOOLEAN and not isinstance(key, FieldValue):
                yield f"whether {column.text}"
            elif not _is_own_field(self.checked, key):
                yield f"{column.text} ({KIND_WORDS[column.kind]})"


def _over_all(proofs: Sequence[Proof]) -> Proof:
    """The answer over all periods: never is for all of them, an example for one is enough."""
    for wanted in (Answer.EXAMPLE, Answer.OPEN, Answer.UNKNOWN):
        for proof in proofs:
            if proof.answer is wanted:
                return proof
    return proofs[-1] if proofs else Proof(Answer.NEVER)


def _excluded(look: Look, one: int, other: int) -> bool:
    try:
        first, second = look.boxes(one, "true"), look.boxes(other, "true")
        return bool(first) and bool(second) and not both(first, second)
    except TooMuchWorkError:
        return False


def _shown(look: Look, left: Narrowed) -> Proof:
    """A client of this sort. It is proved that there may be one where all that is named are fields that do not depend on each other."""
    keys = {number: key for key, number in look.reader.drafts.items()}
    real = all(_is_own_field(look.checked, keys[number]) for number in left)
    parts = [text for number, atoms in left.items() if (text := _part(look.reader.columns[number], atoms))]
    more = ["..."] if len(parts) > _MOST_PARTS else []
    return Proof(Answer.EXAMPLE if real else Answer.OPEN, " and ".join([*parts[:_MOST_PARTS], *more]))


def _part(column: Column, atoms: int) -> str:
    """The column in words, "" where it may be anything; a value rather than a blank, where both will do."""
    if atoms & column.everything == column.everything:
        return ""
    if atoms & column.present:
        atoms &= column.present
    if column.kind is Kind.UNKNOWN:
        left, right = column.text.split(" \0 ")
        signs = {0b001: "<", 0b010: "=", 0b100: ">", 0b011: "<=", 0b110: ">=", 0b101: "!="}
        return f"{left} {signs[atoms]} {right}" if atoms in signs else f"{left} or {right} is missing"
    if column.kind is Kind.BOOLEAN and " " in column.text:
        return f"({column.text}) {of_column(atoms, column)}"
    return f"{column.text} {of_column(atoms, column)}" if atoms != column.present else f"{column.text} present"


def _is_own_field(checked: CheckedPolicy, key: object) -> bool:
    """A field of the client's row that may hold any value within its limits, whatever the others hold."""
    match key:
        case FieldValue("clients", name):
            found = checked.policy.clients.field(name)
            keyed = name in checked.policy.clients.key
            return found is not None and not keyed and found.calculation is None and found.pattern is None and not found.unique
        case _:
            return False


def _fixed_values(look: Look, number: int) -> list[int | Decimal | datetime.date]:
    """The values that the tests of a column name, in order."""
    found: dict[int | Decimal | datetime.date, None] = {}
    for _, test in look.reader.made[number].tests.values():
        if isinstance(test, In):
            for end in (end for one in test.tests for end in test_values(one)):
                found |= {v: None for v in look.reader.values(end) if not isinstance(v, str | bool)}
    return sorted(found, key=_exact)


def _exact(value: int | Decimal | datetime.date) -> Fraction:
    return Fraction(value.toordinal() if isinstance(value, datetime.date) else value)


def _written(value: int | Decimal | datetime.date, column: Column) -> str:
    if column.kind in (Kind.DAYS, Kind.MONTHS):
        return f"{value} {column.kind.value}"
    return f"{value_text(Decimal(value) * 100)}%" if column.percent and not isinstance(value, datetime.date) else value_text(value)


def _limits(low: End, high: End, column: Column) -> str:
    def end(value: Fraction) -> str:
        if column.kind is Kind.DATE:
            return datetime.date.fromordinal(int(value)).isoformat()
        return _written(Decimal(value.numerator) / value.denominator, column)

    if low is not None and high is not None:
        return f"{end(low)} to {end(high)}"
    return f"at least {end(low)}" if low is not None else f"at most {end(high)}" if high is not None else ""
