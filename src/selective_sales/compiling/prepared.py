"""CheckedPolicy in, out the statements that decide given values at once: typing, facts and decision in one query that is planned once.

The facts and the decision are those of `compile_policy`. A session variable would have every run planned anew, so dictionaries stand as
literals; the rules come as masks, and what explains the undetermined stands in a statement of its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model.checked import CheckedPolicy
from ..model.plan import MaskColumns, PreparedQuery
from ..model.policy import WhenUnknown
from ..model.sql import quote_name, quote_value
from .because import OPEN
from .decide import UNDETERMINED, DecideSelect, Kept, Which, mattering
from .facts import FactsSelect
from .macros import macro_statements
from .masks import Chunk, ranked
from .plan import Setting, plan

FACTS = '"#facts"'


def prepared_query(checked: CheckedPolicy, as_of: datetime.date, tables: Mapping[str, str], *, alone: bool) -> PreparedQuery:
    """The statements for the policy on that date. `tables` has a SELECT per table, which fails where a row breaks the contract.

    `alone` is for one client, whose child rows are all the rows there are: no join stands in the way.
    """
    layers = plan(checked, Setting(None, frozenset({"history"})))
    facts = FactsSelect(checked, layers, as_of, alone=alone).build()
    decide = PreparedSelect(checked, layers, as_of, False, False, facts=FACTS)
    why = WhySelect(checked, layers, as_of, False, True, facts=FACTS)
    return PreparedQuery(
        macro_statements(),
        together(tables, facts, decide.build()),
        together(tables, facts, why.build()),
        checked.policy.clients.key,
        tuple(m.name for m in checked.results),
        tuple(masks(chunk) for chunk in decide.chunks),
    )


def together(tables: Mapping[str, str], facts: str, select: str) -> str:
    parts = [f"{quote_name(table)} AS (\n{sql}\n)" for table, sql in tables.items()]
    parts += [f"{FACTS} AS (\n{facts}\n)", f'"#decided" AS (\n{select}\n)']
    return f'WITH {", ".join(parts)}\nSELECT * FROM "#decided"'


def masks(chunk: Chunk) -> MaskColumns:
    applied = chunk.bits(lambda r: r.when_unknown is WhenUnknown.APPLY)
    return MaskColumns(f"#f{chunk.number}", f"#u{chunk.number}", tuple(r.rule.id for r in chunk.rules), applied)


@dataclass(slots=True)
class PreparedSelect(DecideSelect):
    """The deciding query with its dictionaries written out, and the rules as masks."""

    written: dict[str, str] = field(default_factory=dict)

    @property
    def order(self) -> str:
        """None: whoever asks knows the order."""
        return ""

    def kept(self, which: Which) -> list[Kept]:
        """Nothing is sorted: each mask stays by itself."""
        return [(which.of(c), ((c, 0),)) for c in self.chunks]

    def kept_columns(self, which: Which) -> list[str]:
        return [which.of(c) for c in self.chunks]

    def dictionary(self, name: str) -> str:
        return self.written[name]

    def decided(self, decision: str) -> str:
        return quote_value(decision)

    def prepare_dictionaries(self) -> None:
        rules = ranked(self.checked)
        by_rank = sorted(rules, key=lambda r: r.rank)
        decisions = [*(r.rule.decision for r in by_rank), self.checked.policy.default_decision.id]
        self.written["decision_by_rank"] = self.texts(decisions)
        self.written["rule_by_rank"] = self.texts([*(r.rule.id for r in by_rank), "default"])
        for chunk in self.chunks:
            numbers = range(1 << len(chunk.rules))
            ranks = [min((r.rank for bit, r in enumerate(chunk.rules) if m >> bit & 1), default=len(rules)) for m in numbers]
            self.written[f"rank_{chunk.number}"] = self.integers(ranks)
            self.written[f"mattering_{chunk.number}"] = self.integers([mattering(chunk, *item) for item in enumerate(decisions)])
        self.written |= {name: self.integers(values, "BIGINT") for name, values in self.because.numbers().items()}

    def texts(self, values: list[str]) -> str:
        return f"[{', '.join(map(quote_value, values))}]"

    def integers(self, values: list[int], sql_type: str = "INTEGER") -> str:
        return f"([{', '.join(map(str, values))}]::{sql_type}[])"

    def result_columns(self) -> list[str]:
        return [
            *self.key,
            f'CASE WHEN {OPEN} THEN {self.decided(UNDETERMINED)} ELSE "#base" END AS decision',
            f"CASE WHEN {OPEN} THEN 'unknown' ELSE {self.dictionary('rule_by_rank')}[\"#rank\" + 1] END AS decided_by",
            *(name for c in self.chunks for name in (c.fired, c.unknown)),
            *(quote_name(m.name) for m in self.checked.results),
        ]


@dataclass(slots=True)
class WhySelect(PreparedSelect):
    """The same, with why clients are undetermined and what they could become."""

    def result_columns(self) -> list[str]:
        possible = f"CASE WHEN {OPEN} THEN {self.possible()} ELSE [] END"
        return [*PreparedSelect.result_columns(self), f"{self.because.listed()} AS missing_because", f"{possible} AS possible_decisions"]
