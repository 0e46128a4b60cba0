"""CheckedPolicy in, out the query for what each undetermined client waits for: the labels of every rule that may yet come to matter.

`missing_because` names what the rules wait for that could change the decision as things stand. Once one of them is known, another rule may
begin to matter: under `first` an unknown rule of the base decision, as soon as a rule behind it decides otherwise; under a decision that
applies where it is unknown, any rule behind that one, as soon as it proves false. Here they count from the beginning.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ..model.checked import CheckedPolicy
from ..model.policy import Strategy, WhenUnknown
from ..model.queries import WaitingQuery
from ..model.sql import quote_name
from .decide import DecideSelect
from .macros import macro_statements
from .masks import Chunk, RankedRule, lowest, number_list, ranked
from .plan import Setting, plan

RANK = '"#rank"'
HIGHEST = '"#highest"'
"""The last unknown rule before the base that decides otherwise than the base does: its rank, -1 where there is none."""


def says_all(checked: CheckedPolicy) -> bool:
    """Whether `missing_because` names everything already: whatever becomes known, no other rule can begin to matter."""
    policy = checked.policy
    decided = {rule.decision for rule in checked.rules}
    holds = all(d.when_unknown is WhenUnknown.HOLD for d in policy.decisions if d.id in decided)
    return policy.strategy is Strategy.MOST_SEVERE and holds


def waiting_query(checked: CheckedPolicy, as_of: datetime.date, *, history: bool) -> WaitingQuery:
    """Over `run.facts`: the key, and `missing_because` as if every rule that may come to matter did. `history`: whether the run had one."""
    layers = plan(checked, Setting(None, frozenset() if history else frozenset({"history"})))
    select = WaitingSelect(checked, layers, as_of, exceptions=False)
    key = checked.policy.clients.key
    columns = ", ".join([*map(quote_name, key), "missing_because"])
    sql = f"SELECT {columns} FROM (\n{select.build()}\n)"
    return WaitingQuery((*macro_statements(), *select.variables), sql, key)


@dataclass(slots=True)
class WaitingSelect(DecideSelect):
    """The deciding query, in which only what is certain makes the base, and every rule matters that a completion could make matter."""

    def counted(self, chunk: Chunk) -> str:
        """What is counted as fired while it is unknown may prove false."""
        return chunk.fired

    def prepare_dictionaries(self) -> None:
        DecideSelect.prepare_dictionaries(self)
        by_rank = [r.rule.decision for r in sorted(ranked(self.checked), key=lambda r: r.rank)]
        bases = list(enumerate([*by_rank, self.checked.policy.default_decision.id]))
        for chunk in self.chunks:
            self.variables.append(number_list(f"differing_{chunk.number}", [differing(chunk, *base) for base in bases]))
            self.variables.append(number_list(f"before_{chunk.number}", [before(chunk, rank) for rank in range(-1, len(bases))]))
            self.variables.append(number_list(f"highest_{chunk.number}", [highest(chunk, mask) for mask in range(1 << len(chunk.rules))]))

    def matter_columns(self) -> list[str]:
        parts = [f"-{self.look_up('highest', c, self.differing(c))}" for c in self.chunks]
        found = [f"{f'-({lowest(parts)})' if parts else '-1'} AS {HIGHEST}"]
        for c in self.chunks:
            bits = f"{self.look_up('mattering', c, RANK)} | {self.look_up('before', c, f'({HIGHEST} + 1)')}"
            found.append(f"{c.unknown} & ({bits}) AS {c.matters}")
        return found

    def differing(self, chunk: Chunk) -> str:
        return f"({chunk.unknown} & {self.look_up('differing', chunk, RANK)})"

    def look_up(self, name: str, chunk: Chunk, at: str) -> str:
        return f"{self.dictionary(f'{name}_{chunk.number}')}[{at} + 1]"


def differing(chunk: Chunk, rank: int, base: str) -> int:
    """The rules of the chunk that stand before the base and decide otherwise, whatever unknown means for them."""
    return chunk.bits(lambda r: r.rank < rank and r.rule.decision != base)


def before(chunk: Chunk, rank: int) -> int:
    """The holding rules of the chunk of a lower rank."""
    return chunk.bits(lambda r: holds(r) and r.rank < rank)


def highest(chunk: Chunk, mask: int) -> int:
    """The highest rank of the rules set, -1 where none is."""
    return max((r.rank for i, r in enumerate(chunk.rules) if mask >> i & 1), default=-1)


def holds(rule: RankedRule) -> bool:
    return rule.when_unknown is WhenUnknown.HOLD
