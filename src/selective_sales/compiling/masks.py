"""Rules in, the bit masks and dictionaries out that make a decision quick: seven rules to an integer, one look-up per seven.

A dictionary is a session variable with one entry per mask (at most 64): a list of rule ids, or the lowest rank among the rules set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..model.checked import CheckedPolicy, CheckedRule
from ..model.policy import Strategy, WhenUnknown
from ..model.sql import balanced, quote_value

WIDTH = 7
"""Rules in a mask: measured from 6 to 10, seven decide 200 rules fastest, and are planned as quickly as six."""


@dataclass(frozen=True, slots=True)
class RankedRule:
    """A rule with its rank: the fired rule of the lowest rank decides."""

    rule: CheckedRule
    rank: int
    when_unknown: WhenUnknown


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to WIDTH rules that share a mask; `number` counts the chunks."""

    number: int
    rules: tuple[RankedRule, ...]

    @property
    def fired(self) -> str:
        return f'"#f{self.number}"'

    @property
    def unknown(self) -> str:
        return f'"#u{self.number}"'

    @property
    def matters(self) -> str:
        return f'"#m{self.number}"'

    def bits(self, chosen: Callable[[RankedRule], bool]) -> int:
        return sum(1 << i for i, rule in enumerate(self.rules) if chosen(rule))


def ranked(checked: CheckedPolicy) -> tuple[RankedRule, ...]:
    """The rules in policy order with their ranks: by severity then order, or by order alone."""
    policy = checked.policy
    severity = {d.id: i for i, d in enumerate(policy.decisions)}
    order = list(enumerate(checked.rules))
    if policy.strategy is Strategy.MOST_SEVERE:
        order.sort(key=lambda item: (severity[item[1].decision], item[0]))
    rank = {rule.id: i for i, (_, rule) in enumerate(order)}
    unknown = {d.id: d.when_unknown for d in policy.decisions}
    return tuple(RankedRule(rule, rank[rule.id], unknown[rule.decision]) for rule in checked.rules)


def chunks(rules: Sequence[RankedRule]) -> tuple[Chunk, ...]:
    return tuple(Chunk(n, tuple(rules[i : i + WIDTH])) for n, i in enumerate(range(0, len(rules), WIDTH)))


def mask(columns: Sequence[str], test: str) -> str:
    """An integer with one bit per column for which the test holds."""
    return f"({balanced([f'({c} IS {test})::INTEGER * {1 << i}' for i, c in enumerate(columns)], '|')})"


def texts_dictionary(name: str, texts: Sequence[str], sql_type: str) -> str:
    """SET VARIABLE: mask -> the texts whose bits are set, in their order."""
    given = ", ".join(map(quote_value, texts))
    chosen = f"list_filter([{given}]::{sql_type}[], lambda id, i: (m >> (i - 1)) & 1 = 1)"
    return f"SET VARIABLE {name} = (SELECT list({chosen} ORDER BY m) FROM range({1 << len(texts)}) AS t(m))"


def rank_dictionary(name: str, chunk: Chunk, ranks: Sequence[int], none: int) -> str:
    """SET VARIABLE: mask -> the lowest of the ranks of the rules set; `none` where no bit is."""
    values = ", ".join(map(str, ranks))
    lowest = f"coalesce(list_min(list_filter([{values}], lambda r, i: (m >> (i - 1)) & 1 = 1)), {none})"
    return f"SET VARIABLE {name} = (SELECT list(({lowest})::INTEGER ORDER BY m) FROM range({1 << len(chunk.rules)}) AS t(m))"


def list_variable(name: str, values: Sequence[str], sql_type: str) -> str:
    """SET VARIABLE: a plain list of texts."""
    return f"SET VARIABLE {name} = [{', '.join(map(quote_value, values))}]::{sql_type}[]"


def enum(sql_type: str, values: Iterable[str]) -> str:
    """The type of a few texts: a result column of it is written several times as fast as one of texts, and reads back as texts."""
    return f"CREATE OR REPLACE TEMP TYPE {sql_type} AS ENUM ({', '.join(map(quote_value, dict.fromkeys(values)))})"


def number_list(name: str, values: Sequence[int], sql_type: str = "INTEGER") -> str:
    """SET VARIABLE: a plain list of integers."""
    return f"SET VARIABLE {name} = [{', '.join(map(str, values))}]::{sql_type}[]"


def lowest(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"least({', '.join(parts)})"


def joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"flatten([{', '.join(parts)}])"
