"""A plan in, the SELECT of decisions out: facts -> metrics -> rules -> masks -> rank -> decision, in the order of the key.

The inner query computes and sorts narrow rows; lists are decoded in the projection above the sort.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from ..model.checked import CheckedPolicy
from ..model.expression import FieldValue, MetricValue
from ..model.kind import Kind
from ..model.plan import ResultColumn
from ..model.policy import WhenUnknown
from ..model.sql import balanced, quote_name, quote_value
from .because import LABEL, OPEN, Because, Holding
from .blame import Blame
from .dialect import DUCKDB, Dialect
from .facts import named, replacing
from .masks import (
    WIDTH,
    Chunk,
    RankedRule,
    chunks,
    enum,
    joined,
    list_variable,
    lowest,
    mask,
    number_list,
    rank_dictionary,
    ranked,
    texts_dictionary,
)
from .plan import Plan
from .render import Columned, Renderer

FACTS = "run.facts"
EXCEPTIONS = "run.exceptions"
UNDETERMINED = "undetermined"
UNKNOWN, EXCEPTION, DEFAULT = "unknown", "exception", "default"
"""What decided, where no rule did."""
RANK = '"#rank"'
"""The column with the place of the rule that decides among all, in the order in which they decide."""
RULE, DECIDED = '"#rule"', '"#decided"'
"""The SQL types of what decided, and of a decision."""
LISTS = ("fired", "applied", "unknown", "missing_because", "possible_decisions")


PACKED = 60 // WIDTH
"""Masks in one BIGINT."""
Kept = tuple[str, tuple[tuple[Chunk, int], ...]]
"""A column with the masks in it, each with its place there."""


class Which(StrEnum):
    """The masks of a chunk that are needed above the sort."""

    FIRED = "fired"
    UNKNOWN = "unknown"
    MATTERS = "matters"

    def of(self, chunk: Chunk) -> str:
        """The column of a chunk's mask."""
        return {Which.FIRED: chunk.fired, Which.UNKNOWN: chunk.unknown, Which.MATTERS: chunk.matters}[self]


@dataclass(slots=True)
class DecideSelect:
    """Builds the deciding query; `variables` are the statements that must have run before it."""

    checked: CheckedPolicy
    plan: Plan
    as_of: datetime.date
    exceptions: bool
    reasons: bool = True
    """Whether `missing_because` says why a client is undetermined; else it is empty."""
    variables: list[str] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    chunks: tuple[Chunk, ...] = ()
    replaced: Mapping[str, str] = field(default_factory=dict)
    """SQL for metrics that are to be something else than they are calculated to be."""
    facts: str = FACTS
    dialect: Dialect = DUCKDB
    _because: Because | None = None

    def dictionary(self, name: str) -> str:
        """What stands for a dictionary in the query."""
        return f"getvariable('{name}')"

    def decided(self, decision: str) -> str:
        """A decision's name in the query."""
        return f"{quote_value(decision)}::{DECIDED}"

    @property
    def key(self) -> list[str]:
        return [quote_name(k) for k in self.checked.policy.clients.key]

    @property
    def order(self) -> str:
        return f"\nORDER BY {', '.join(self.key)}"

    def add(self, name: str, columns: list[str], relation: str, tail: str = "") -> str:
        text = ",\n       ".join(columns)
        self.parts.append((name, f"SELECT {text}\nFROM {relation}{tail}{self.dialect.fence}"))
        return quote_name(name)

    def build(self) -> str:
        narrow = self.layers()
        ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in self.parts)
        columns = ",\n       ".join(self.result_columns())
        return f"WITH {ctes}\nSELECT {columns}\nFROM {narrow}"

    def layers(self) -> str:
        """Fills `parts`, one relation above the other; gives the name of the last, from which the results are chosen."""
        rules = ranked(self.checked)
        self.chunks = chunks(rules)
        self.prepare_dictionaries()
        relation = metric_layers(self.checked, self.plan, self.as_of, self.parts, self.facts, self.replaced, self.dialect)
        relation = self.add("rules", ["*", *self.rule_columns()], relation)
        relation = self.add("masks", ["*", *self.mask_columns()], relation)
        relation = self.add("ranks", ["*", f'{self.rank()} AS "#rank"', f'{self.base()} AS "#base"'], *self.ranked_relation(relation))
        relation = self.add("matters", ["*", *self.matter_columns()], relation)
        relation = self.add("open", ["*", f"{self.undetermined} AS {OPEN}"], relation)
        relation = self.why_layers(relation)
        return self.narrowed(relation)

    def narrowed(self, relation: str) -> str:
        """The columns that the results are chosen from, sorted."""
        return self.add("sorted", self.narrow_columns(), relation, self.order)

    def prepare_dictionaries(self) -> None:
        rules = ranked(self.checked)
        none = len(rules)
        by_rank = sorted(rules, key=lambda r: r.rank)
        default = self.checked.policy.default_decision.id
        decisions = [*(r.rule.decision for r in by_rank), default]
        self.variables.append(enum(DECIDED, [*(d.id for d in self.checked.policy.decisions), default, UNDETERMINED]))
        self.variables.append(enum(RULE, [*(r.rule.id for r in rules), DEFAULT, UNKNOWN, EXCEPTION]))
        self.variables.append(enum(LABEL, self.because.labels))
        self.variables.append(list_variable("decision_by_rank", decisions, DECIDED))
        self.variables.append(list_variable("rule_by_rank", [*(r.rule.id for r in by_rank), DEFAULT], RULE))
        for chunk in self.chunks:
            self.variables.append(texts_dictionary(f"ids_{chunk.number}", [r.rule.id for r in chunk.rules], RULE))
            self.variables.append(rank_dictionary(f"rank_{chunk.number}", chunk, [r.rank for r in chunk.rules], none))
            self.variables.append(number_list(f"mattering_{chunk.number}", [mattering(chunk, *item) for item in enumerate(decisions)]))
        self.variables.extend(self.because.dictionaries())
        self.variables.extend(number_list(name, values, "BIGINT") for name, values in self.because.numbers().items())

    def rule_columns(self) -> list[str]:
        renderer = client_renderer(self.checked, self.plan, self.as_of, self.dialect)
        lines = []
        for rule, source in zip(self.checked.rules, self.checked.policy.rules, strict=True):
            outside = "" if rule.in_force(self.as_of) else " (not in force on this date)"
            place = comment(f"{source.place}: {rule.id} -> {rule.decision}{outside}")
            lines.append(f"-- {place}\n       {renderer.sql(rule.counting(self.as_of))} AS {rule_column(rule.id)}")
        return lines

    def mask_columns(self) -> list[str]:
        lines = []
        for chunk in self.chunks:
            columns = [rule_column(r.rule.id) for r in chunk.rules]
            lines.append(f"{mask(columns, 'TRUE')} AS {chunk.fired}")
            lines.append(f"{mask(columns, 'NULL')} AS {chunk.unknown}")
        return lines

    def ranked_relation(self, relation: str) -> tuple[str, str]:
        """The masks, joined with the exceptions where there are any."""
        if not self.exceptions:
            return relation, ""
        keys = self.checked.policy.clients.key
        on = " AND ".join(f'"#e".{quote_name(f"key {i}")} = CAST("#m".{quote_name(k)} AS VARCHAR)' for i, k in enumerate(keys))
        return f'{relation} AS "#m"', f'\nLEFT JOIN (SELECT *, decision::{DECIDED} AS "#exception" FROM {EXCEPTIONS}) AS "#e" ON {on}'

    def counted(self, chunk: Chunk) -> str:
        """The mask of the rules that count as fired: fired, and unknown where the decision says apply."""
        applied = chunk.bits(lambda r: r.when_unknown is WhenUnknown.APPLY)
        return f"({chunk.fired} | ({chunk.unknown} & {applied}))" if applied else chunk.fired

    def rank(self) -> str:
        parts = [f"{self.dictionary(f'rank_{c.number}')}[{self.counted(c)} + 1]" for c in self.chunks]
        return lowest(parts) if parts else "0"

    def base(self) -> str:
        return f"{self.dictionary('decision_by_rank')}[{self.rank()} + 1]"

    def matter_columns(self) -> list[str]:
        """Per chunk the unknown rules that could change the decision."""
        return [f"{c.unknown} & {self.dialect.item(self.dictionary(f'mattering_{c.number}'), RANK)} AS {c.matters}" for c in self.chunks]

    @property
    def undetermined(self) -> str:
        return f"({balanced([c.matters for c in self.chunks], '|') or '0'}) <> 0"

    def narrow_columns(self) -> list[str]:
        masks = [column for which in Which for column in self.kept_columns(which)]
        metrics = [quote_name(m.name) for m in self.checked.results]
        exception = ['"#exception"'] if self.exceptions else []
        return [*self.key, '"#rank"', '"#base"', OPEN, *exception, *masks, *self.because.columns(), *metrics]

    def kept(self, which: Which) -> list[Kept]:
        """How masks go through the sort: ten in one integer, as narrow rows are sorted quickly."""
        words = [self.chunks[i : i + PACKED] for i in range(0, len(self.chunks), PACKED)]
        return [(f'"#{which} {w}"', tuple((c, WIDTH * i) for i, c in enumerate(word))) for w, word in enumerate(words)]

    def kept_columns(self, which: Which) -> list[str]:
        found = []
        for name, word in self.kept(which):
            masks = [f"({which.of(c)}::BIGINT << {shift})" if shift else f"{which.of(c)}::BIGINT" for c, shift in word]
            found.append(f"{balanced(masks, '|')} AS {name}")
        return found

    def mask_of(self, which: Which, chunk: Chunk) -> str:
        """A chunk's mask above the sort."""
        name, shift, alone = next((n, s, len(word) == 1) for n, word in self.kept(which) for c, s in word if c is chunk)
        return name if alone else f"(({name} >> {shift}) & {2**WIDTH - 1})" if shift else f"({name} & {2**WIDTH - 1})"

    def can_hold(self, ranked: RankedRule) -> bool:
        """Whether the rule can leave a client undetermined on this date, and has to say why."""
        return self.reasons and ranked.when_unknown is WhenUnknown.HOLD and ranked.rule.in_force(self.as_of)

    @property
    def because(self) -> Because:
        """Why the holding rules that matter are unknown."""
        if self._because is None:
            holding = tuple(Holding(r.rule, c, bit) for c in self.chunks for bit, r in enumerate(c.rules) if self.can_hold(r))
            blame = Blame(self.checked, self.plan, client_renderer(self.checked, self.plan, self.as_of, self.dialect))
            self._because = Because(blame, holding, self.dictionary)
        return self._because

    def why_layers(self, relation: str) -> str:
        """For the undetermined, why each metric below a holding rule is missing; as many layers as the metrics have."""
        blanks = self.because.blank_columns()
        if blanks:
            relation = self.add("blanks", ["*", *blanks], relation)
        for number, layer in enumerate(self.plan.metric_layers, 1):
            columns = self.because.layer(layer)
            if columns:
                relation = self.add(f"why {number}", ["*", *columns], relation)
        return relation

    def possible(self) -> str:
        """The base and what the rules that matter lead to, in the order of severity."""
        cases = []
        for decision in self.checked.policy.decisions:
            name = quote_value(decision.id)
            masks = [(n, sum(leading(c, decision.id) << shift for c, shift in word)) for n, word in self.kept(Which.MATTERS)]
            threats = "".join(f" OR ({name} & {bits}) <> 0" for name, bits in masks if bits)
            cases.append(f'CASE WHEN "#base" = {name}{threats} THEN {self.decided(decision.id)} END')
        return self.dialect.present(cases)

    def result_columns(self) -> list[str]:
        policy_decision = f'CASE WHEN {OPEN} THEN {self.decided(UNDETERMINED)} ELSE "#base" END'
        by = f"CASE WHEN {OPEN} THEN '{UNKNOWN}'::{RULE} ELSE {self.dictionary('rule_by_rank')}[\"#rank\" + 1] END"
        decision = policy_decision
        if self.exceptions:
            decision = f'coalesce("#exception", {policy_decision})'
            by = f"CASE WHEN \"#exception\" IS NOT NULL THEN '{EXCEPTION}'::{RULE} ELSE {by} END"
        possible = f"CASE WHEN {OPEN} THEN {self.possible()} ELSE [] END"
        metrics = [quote_name(m.name) for m in self.checked.results]
        return [
            *self.key,
            f"{decision} AS decision",
            f"{policy_decision} AS policy_decision",
            f"{by} AS decided_by",
            f"{self.decoded('fired')} AS fired",
            f"{self.decoded('applied')} AS applied",
            f"{self.decoded('unknown')} AS unknown",
            f"{self.because.decoded()} AS missing_because",
            f"{possible} AS possible_decisions",
            *metrics,
        ]

    def decoded(self, which: str) -> str:
        parts = []
        for c in self.chunks:
            applied = c.bits(lambda r: r.when_unknown is WhenUnknown.APPLY)
            chosen = self.mask_of(Which.FIRED if which == "fired" else Which.UNKNOWN, c)
            if which != "fired":
                chosen = f"({chosen} & {applied if which == 'applied' else 2**WIDTH - 1 - applied})"
            if which != "applied" or applied:
                parts.append(f"{self.dictionary(f'ids_{c.number}')}[{chosen} + 1]")
        return joined(parts) if parts else "[]::VARCHAR[]"


def leading(chunk: Chunk, decision: str) -> int:
    """The rules of the chunk that lead to the decision."""
    return chunk.bits(lambda r: r.rule.decision == decision)


def mattering(chunk: Chunk, rank: int, base: str) -> int:
    """The holding rules of the chunk that, if unknown, could change the decision `base` of that rank: before it, deciding otherwise."""
    return chunk.bits(lambda r: r.when_unknown is WhenUnknown.HOLD and r.rank < rank and r.rule.decision != base)


def client_renderer(checked: CheckedPolicy, plan: Plan, as_of: datetime.date, dialect: Dialect = DUCKDB) -> Renderer:
    """Renders over facts and metrics, where everything stands under its own name."""

    def column(node: Columned) -> str:
        return quote_name(node.name if isinstance(node, FieldValue | MetricValue) else plan.window(node))

    return Renderer(checked.policy, as_of, column, frozenset(m.name for m in checked.metrics if m.is_list), dialect)


def metric_layers(
    checked: CheckedPolicy,
    plan: Plan,
    as_of: datetime.date,
    parts: list[tuple[str, str]],
    relation: str = FACTS,
    replaced: Mapping[str, str] = MappingProxyType({}),
    dialect: Dialect = DUCKDB,
) -> str:
    """Appends one relation per layer of metrics over the facts; gives the last one's name.

    `replaced` has SQL for metrics that are to be something else than what they are calculated to be: it may read that value.
    """
    renderer = client_renderer(checked, plan, as_of, dialect)
    for number, layer in enumerate(plan.metric_layers, 1):
        columns = [f"-- {comment(str(checked.metric(c.name).place))}\n       {named(c, renderer)}" for c in layer.columns]
        text = ",\n       ".join(["*", *columns])
        parts.append((f"metrics {number}", f"SELECT {text}\nFROM {relation}{dialect.fence}"))
        relation = quote_name(f"metrics {number}")
        other = {c.name: replaced[c.name] for c in layer.columns if c.name in replaced}
        if other:
            parts.append((f"metrics {number} replaced", replacing(other, relation)))
            relation = quote_name(f"metrics {number} replaced")
    return relation


def rule_column(rule: str) -> str:
    return quote_name(f"#rule {rule}")


def comment(text: str) -> str:
    """The text on one line of printable characters: nothing in it can end the comment."""
    return "".join(c if c.isprintable() else "?" for c in text)


def result_columns(checked: CheckedPolicy) -> tuple[ResultColumn, ...]:
    """The columns of decisions.parquet, in their order."""
    clients = checked.policy.clients
    types = {f.name: f.type for f in clients.fields}
    return (
        *(ResultColumn(k, types[k]) for k in clients.key),
        *(ResultColumn(name, Kind.TEXT) for name in ("decision", "policy_decision", "decided_by")),
        *(ResultColumn(name, Kind.TEXT, is_list=True) for name in LISTS),
        *(ResultColumn(m.name, m.kind, is_list=m.is_list) for m in checked.results),
    )
