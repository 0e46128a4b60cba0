"""A number of rules and a seed in, realistic rules over the made clients out, each as the policy's expression and as SQL by hand.

What the rules look at is small on purpose (fifteen columns, four metrics): a rule is two or three comparisons, memberships of two to eight
values, joined by and, or, at_least, often with an exemption. A comparison holds for a twentieth to a third of the clients.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from benchmarks.made_clients import INDUSTRIES, REGIONS

SEED = 20261122
AS_OF = "2026-11-22"
DECISIONS = ("decline", "renegotiate", "flag", "develop", "keep")
"""By severity; the last is the default. An unknown rule holds a decision back, but flags (apply) and never develops (skip)."""
METRICS = {
    "profit": ("revenue", "cost"),
    "margin": ("revenue", "cost"),
    "net_revenue": ("revenue", "discount"),
    "months_as_client": ("client_since",),
}
"""The fields below each."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One test: in the policy's words, in SQL, and the names it is unknown without (none for a test that is never unknown)."""

    text: str
    sql: str
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in both languages; `leaves` are all its tests, the exemption's too."""

    id: str
    decision: str
    when: tuple[str, ...]
    unless: str
    sql: str
    leaves: tuple[Leaf, ...]
    shown: tuple[str, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields without which the rule may be unknown."""
        return frozenset(field for leaf in self.leaves for name in leaf.reads for field in METRICS.get(name, (name,)))

    @property
    def reads_margin(self) -> bool:
        return any("margin" in leaf.reads for leaf in self.leaves)


@dataclass(frozen=True, slots=True)
class Range:
    """A name with the values it takes, and how a threshold of it is written in either language."""

    name: str
    low: float
    high: float
    places: int = 0
    unit: str = ""


RANGES = (
    Range("revenue", 0, 90_000),
    Range("cost", 0, 60_000),
    Range("outstanding", 0, 9_000),
    Range("profit", -40_000, 70_000),
    Range("net_revenue", 0, 80_000),
    Range("margin", -1.5, 0.9, 3),
    Range("discount", 0, 0.4, 3),
    Range("trust", 0, 1, 2),
    Range("fit", 0, 1, 2),
    Range("tickets", 0, 60),
    Range("referrals", 0, 6),
    Range("conflicts", 0, 10),
    Range("payment_delay", 0, 120, 0, " days"),
    Range("months_as_client", 5, 178),
)
EXEMPTIONS = (
    Leaf("strategic", "strategic", ("strategic",)),
    Leaf("referrals >= 4", "referrals >= 4", ("referrals",)),
    Leaf("trust is missing", "trust IS NULL"),
    Leaf("client_since >= 2026-01-01", "client_since >= DATE '2026-01-01'", ("client_since",)),
)


def rules(number: int, seed: int = SEED) -> tuple[Rule, ...]:
    """So many rules: the same for the same number and seed."""
    chance = random.Random(seed)
    return tuple(_rule(chance, f"rule-{i:03}") for i in range(1, number + 1))


def _rule(chance: random.Random, name: str) -> Rule:
    tests = _tests(chance)
    used, when, sql = _joined(chance, *tests)
    exemption = chance.choice(EXEMPTIONS) if chance.random() < 0.3 else None
    if exemption is not None:
        sql, used = f"({sql}) AND NOT ({exemption.sql})", (*used, exemption)
    shown = tuple(leaf.reads[0] for leaf in tests[:2])
    decision = chance.choices(DECISIONS[:4], (2, 3, 3, 2))[0]
    return Rule(name, decision, when, exemption.text if exemption else "", sql, used, shown)


def _tests(chance: random.Random) -> tuple[Leaf, Leaf, Leaf]:
    """Two comparisons of different names, and a third or a membership."""
    first, second, third = (_comparison(chance, item) for item in chance.sample(RANGES, 3))
    return first, second, _membership(chance) if chance.random() < 0.4 else third


def _comparison(chance: random.Random, item: Range) -> Leaf:
    share = chance.uniform(0.05, 0.35) * (item.high - item.low)
    above = chance.random() < 0.5
    threshold = f"{item.high - share if above else item.low + share:.{item.places}f}"
    sign = chance.choice((">", ">=") if above else ("<", "<="))
    return Leaf(f"{item.name} {sign} {threshold}{item.unit}", f"{item.name} {sign} {threshold}", (item.name,))


def _membership(chance: random.Random) -> Leaf:
    name, values = chance.choice((("industry", INDUSTRIES), ("region", REGIONS)))
    chosen = chance.sample(values, chance.randint(2, min(8, len(values) - 2)))
    quoted = [f'"{value}"' for value in chosen]
    return Leaf(f"{name} in [{', '.join(quoted)}]", f"{name} IN ({', '.join(map(repr, chosen))})", (name,))


def _joined(chance: random.Random, first: Leaf, second: Leaf, third: Leaf) -> tuple[tuple[Leaf, ...], tuple[str, ...], str]:
    """The tests that are used, the lines of `when`, and the SQL."""
    a, b, c = first.text, second.text, third.text
    x, y, z = (f"({leaf.sql})" for leaf in (first, second, third))
    used = (first, second, third)
    match chance.randrange(4):
        case 0:
            return used[:2], (f"    when: '{a} and {b}'",), f"{x} AND {y}"
        case 1:
            return used, (f"    when: '{a} and ({b} or {c})'",), f"{x} AND ({y} OR {z})"
        case 2:
            written = ("    when:", "      at_least: 2", f"      of: ['{a}', '{b}', '{c}']")
            return used, written, f"({x} AND {y}) OR ({x} AND {z}) OR ({y} AND {z})"
        case _:
            return used, ("    when:", f"      all: ['{a}', {{any: ['{b}', '{c}']}}]"), f"{x} AND ({y} OR {z})"
