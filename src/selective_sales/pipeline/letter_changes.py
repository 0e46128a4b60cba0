"""Rows of clients for letters in, what alone would have led to a milder decision out, as sentences.

Each is verified by deciding the client anew. Only fields that can change and that the client may hear of, each by its nearest change.
`At least` stands only where it is certain of every value: the policy only holds the field against values that are tried, and all that are
tried beyond, up to the ends of the field's contract, lead to a milder decision too. Else the sentence names that value alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .. import compiling, explaining, wording
from ..model.checked import CheckedPolicy
from ..model.expression import Scalar
from ..model.grid import SCALES, steps_of
from ..model.kind import Kind
from ..model.policy import Field
from ..wording.changing import Way
from .changes import Decided, Decider, Ground, Nearest, Quest, decisions_below, look_for, quest
from .letter_ranges import with_lines

MOST_SENTENCES = 3
MOST_WHOLE = 200_000
"""Clients of the portfolio times clients to be told: where the portfolio counts, each try decides all of it. Beyond, nothing is told."""
_SHOWN = {Kind.MONEY: Decimal("0.01"), Kind.NUMBER: Decimal("0.0001")}
"""The grid on which a letter shows a value: a sentence about a value that it rounds would not be true."""
Row = Sequence[object]
Say = Callable[[str, str, object], str | None]
"""(language, field, value) -> words."""


def telling(checked: CheckedPolicy) -> tuple[str, ...]:
    """The decisions whose letters tell what would have changed them, as far as anything can be told."""
    return tuple(d.id for d in checked.policy.decisions if d.tell_change and d.letter is not None and decisions_below(checked, d.id))


def told_ground(checked: CheckedPolicy) -> Ground:
    """The fields that letters may speak of: the client may hear of them, they have a name for people, and some rule reads them."""
    read = frozenset().union(*(checked.reads(rule.condition) for rule in checked.rules))
    fields = (f for f in checked.policy.clients.fields if f.tell_client and f.label is not None)
    return Ground.of(checked, [f for f in fields if ("clients", f.name) in read])


def too_many(checked: CheckedPolicy, portfolio: int, clients: int) -> bool:
    """Whether looking for the changes of so many clients would take too long."""
    return compiling.looks_at_portfolio(checked) and portfolio * clients > MOST_WHOLE


@dataclass(frozen=True, slots=True)
class Teller:
    """Finds and words the changes of clients. `at` says where in a row a field's value stands."""

    checked: CheckedPolicy
    ground: Ground
    decider: Decider
    at: Mapping[str, int]
    say: Say
    lines: frozenset[str] = field(init=False)
    """The fields of which "at least" can be certain."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", with_lines(self.ground))

    def told(self, asked: Sequence[tuple[tuple[str, ...], str, str, Row]]) -> list[tuple[str, ...]]:
        """For each (client, decision, language, row) the sentences, nearest change first of each field."""
        quests = []
        for client, decision, _, row in asked:
            now = {f.name: explaining.scalar(row[self.at[f.name]], f.type) for f in self.ground.fields}
            decided = Decided(client)
            quests.append((decided, told_quest(self.ground, decided, now, decisions_below(self.checked, decision), self.lines)))
        found = look_for(self.decider, quests)
        return [tuple(self._sentences(language, row, changes)) for (_, _, language, row), changes in zip(asked, found, strict=True)]

    def _sentences(self, language: str, row: Row, changes: Sequence[tuple[Field, Scalar, Way]]) -> Iterator[str]:
        speaker = wording.speaker(language, self.checked.policy.currency)
        for found, value, way in changes[:MOST_SENTENCES]:
            label = speaker.text(found.label, "")
            now, to = self.say(language, found.name, row[self.at[found.name]]), self.say(language, found.name, value)
            if label and now is not None and to is not None and now != to:
                yield speaker.tidy(wording.change(label, now, to, way, language))


def told_quest(
    ground: Ground, decided: Decided, now: Mapping[str, Scalar | None], milder: Sequence[str], lines: Collection[str]
) -> Quest[list[tuple[Field, Scalar, Way]]]:
    """Per field the nearest value that a letter can show and that leads to a milder decision, with how far that holds."""
    known = {f.name: now[f.name] for f in ground.fields if now.get(f.name) is not None}
    best = yield from quest(ground, decided, known, milder)
    shown = [(f, value) for f in ground.fields if f.name in known and (value := _nearest(f, best, known[f.name], milder)) is not None]
    yield [(f.name, value) for f, value in shown]
    told = ((f, value) for f, value in shown if decided.known[(f.name, value)][0] in milder)
    return [(f, value, _way(f, value, known[f.name], decided, milder, certain=f.name in lines)) for f, value in told]


def _nearest(field: Field, best: Nearest, now: Scalar | None, milder: Sequence[str]) -> Scalar | None:
    """The nearest of the values that lead to some milder decision, moved on to the grid on which letters show it."""
    values = [best[(field.name, decision)] for decision in reversed(milder) if (field.name, decision) in best]
    if not values or now is None:
        return None
    if field.type not in SCALES or field.one_of:
        return values[0]
    start = steps_of(now, field.type)
    value = min(values, key=lambda v: abs(steps_of(v, field.type) - start))
    grid = _SHOWN.get(field.type)
    if grid is None or not isinstance(value, Decimal | int):
        return value
    rounding = ROUND_CEILING if steps_of(value, field.type) > start else ROUND_FLOOR
    on_grid = (Decimal(value) / grid).to_integral_value(rounding) * grid
    inside = (field.minimum is None or on_grid >= Decimal(str(field.minimum))) and (
        field.maximum is None or on_grid <= Decimal(str(field.maximum))
    )
    return on_grid if inside else None


def _way(field: Field, value: Scalar, now: Scalar | None, decided: Decided, milder: Sequence[str], *, certain: bool) -> Way:
    """How the sentence holds the value against others."""
    if field.type not in SCALES or field.one_of:
        return Way.SAYS
    start, end = steps_of(now, field.type), steps_of(value, field.type)
    up = end > start
    beyond = (result[0] for (name, v), result in decided.known.items() if name == field.name and _beyond(v, field, end, up))
    lasting = certain and all(decision in milder for decision in beyond)
    if field.type is Kind.DATE:
        return Way.ON if not lasting else Way.NOT_BEFORE if up else Way.NOT_AFTER
    return Way.EXACTLY if not lasting else Way.AT_LEAST if up else Way.AT_MOST


def _beyond(value: Scalar, field: Field, end: int, up: bool) -> bool:
    steps = steps_of(value, field.type)
    return steps > end if up else steps < end
