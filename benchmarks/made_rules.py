"""A number of rules and a seed in, realistic rules over made data out, each as the policy's expression and as SQL by hand.

A rule is two or three comparisons, or a membership of two to eight values, joined by and, or, at_least, often with an exemption. A
comparison holds for a twentieth to a third of the clients.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from dataclasses import dataclass

SEED = 20261122
AS_OF = "2026-11-22"
DECISIONS = ("decline", "renegotiate", "flag", "develop", "keep")
"""By severity; the last is the default. An unknown rule holds a decision back, but flags (apply) and never develops (skip)."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One test: a name, a sign and a value; `sign` may be "in" (of texts), "is true" or "is missing". A number is held as it is written."""

    name: str
    sign: str
    value: str | tuple[str, ...] | datetime.date = ""
    unit: str = ""

    @property
    def text(self) -> str:
        """In the policy's words."""
        match self.sign, self.value:
            case "is true", _:
                return self.name
            case "in", tuple(values):
                listed = ", ".join(f'"{value}"' for value in values)
                return f"{self.name} in [{listed}]"
            case _:
                return f"{self.name} {self.sign} {self.value}{self.unit}".strip()

    @property
    def sql(self) -> str:
        match self.sign, self.value:
            case "is true", _:
                return self.name
            case "is missing", _:
                return f"{self.name} IS NULL"
            case "in", tuple(values):
                return f"{self.name} IN {values}"
            case _, datetime.date() as day:
                return f"{self.name} {self.sign} DATE '{day}'"
            case _:
                return f"{self.name} {self.sign} {self.value}"

    @property
    def reads(self) -> tuple[str, ...]:
        """The names it is unknown without."""
        return () if self.sign == "is missing" else (self.name,)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in both languages; `leaves` are all its tests, the exemption's too (the last);
    `form` how they are joined."""

    id: str
    decision: str
    when: tuple[str, ...]
    unless: str
    sql: str
    leaves: tuple[Leaf, ...]
    shown: tuple[str, ...]
    form: str

    @property
    def tests(self) -> tuple[Leaf, ...]:
        """Without the exemption."""
        return self.leaves[:-1] if self.unless else self.leaves

    def written(self) -> str:
        """The rule in the policy."""
        lines = [f"  - id: {self.id}", *self.when]
        if self.unless:
            lines.append(f"    unless: '{self.unless}'")
        shown = " and ".join(f"{{{name}}}" for name in self.shown)
        return "\n".join([*lines, f"    then: {self.decision}", f'    reason: {{en: "Seen together: {shown}."}}', ""])


@dataclass(frozen=True, slots=True)
class Range:
    """A name with the values it takes, and how a threshold of it is written."""

    name: str
    low: float
    high: float
    places: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What rules may look at: ranges, texts with their values, and exemptions."""

    ranges: tuple[Range, ...]
    values: Mapping[str, tuple[str, ...]]
    exemptions: tuple[Leaf, ...]


AND, AND_OR, AT_LEAST = "and", "and or", "at least 2"
"""The forms of a rule: a and b; a and (b or c); two of a, b, c."""


def rules(number: int, names: Names, seed: int = SEED) -> tuple[Rule, ...]:
    """So many rules: the same for the same number and seed."""
    chance = random.Random(seed)
    return tuple(_rule(chance, names, f"rule-{i:03}") for i in range(1, number + 1))


def _rule(chance: random.Random, names: Names, name: str) -> Rule:
    tests = _tests(chance, names)
    form, used, when, sql = _joined(chance, *tests)
    exemption = chance.choice(names.exemptions) if chance.random() < 0.3 else None
    if exemption is not None:
        sql, used = f"({sql}) AND NOT ({exemption.sql})", (*used, exemption)
    shown = tuple(leaf.name for leaf in tests[:2])
    decision = chance.choices(DECISIONS[:4], (2, 3, 3, 2))[0]
    return Rule(name, decision, when, exemption.text if exemption else "", sql, used, shown, form)


def _tests(chance: random.Random, names: Names) -> tuple[Leaf, Leaf, Leaf]:
    """Two comparisons of different names, and a third or a membership."""
    first, second, third = (_comparison(chance, item) for item in chance.sample(names.ranges, 3))
    return first, second, _membership(chance, names) if names.values and chance.random() < 0.4 else third


def _comparison(chance: random.Random, item: Range) -> Leaf:
    share = chance.uniform(0.05, 0.35) * (item.high - item.low)
    above = chance.random() < 0.5
    threshold = f"{item.high - share if above else item.low + share:.{item.places}f}"
    sign = chance.choice((">", ">=") if above else ("<", "<="))
    return Leaf(item.name, sign, threshold, item.unit)


def _membership(chance: random.Random, names: Names) -> Leaf:
    name, values = chance.choice(list(names.values.items()))
    chosen = chance.sample(values, chance.randint(2, min(8, len(values) - 2)))
    return Leaf(name, "in", tuple(chosen))


def _joined(chance: random.Random, first: Leaf, second: Leaf, third: Leaf) -> tuple[str, tuple[Leaf, ...], tuple[str, ...], str]:
    """The form, the tests that are used, the lines of `when`, and the SQL."""
    a, b, c = first.text, second.text, third.text
    x, y, z = (f"({leaf.sql})" for leaf in (first, second, third))
    used = (first, second, third)
    match chance.randrange(4):
        case 0:
            return AND, used[:2], (f"    when: '{a} and {b}'",), f"{x} AND {y}"
        case 1:
            return AND_OR, used, (f"    when: '{a} and ({b} or {c})'",), f"{x} AND ({y} OR {z})"
        case 2:
            written = ("    when:", "      at_least: 2", f"      of: ['{a}', '{b}', '{c}']")
            return AT_LEAST, used, written, f"({x} AND {y}) OR ({x} AND {z}) OR ({y} AND {z})"
        case _:
            return AND_OR, used, ("    when:", f"      all: ['{a}', {{any: ['{b}', '{c}']}}]"), f"{x} AND ({y} OR {z})"
