"""Rules that may leave a client undetermined in, `missing_because` out: first as bits, one per label, then as the list of the labels set.

Labels stand in the order in which they are shown, so that a list needs neither sorting nor a look for doubles; integers are sorted and kept
instead of lists.

Most conditions are *strict*: unknown exactly where something below them is blank or fails. For those each client's blanks are looked at
once, and which of them a rule waits for is a number known beforehand. The others (what an `if`, a list or a table may hide) are looked
into one by one, and a metric among them has its reasons in columns of its own: the SQL grows with the policy, not with its paths.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..model.checked import CheckedRule
from ..model.expression import (
    Arithmetic,
    AsOf,
    Between,
    Call,
    Compare,
    Constant,
    Expression,
    FieldValue,
    In,
    MetricValue,
    Negate,
    ParameterValue,
    children,
    leaves,
    walk,
)
from ..model.kind import Kind
from ..model.plan import RowLayer
from ..model.sql import balanced, quote_name, quote_value
from .blame import Blame, Reasons, either, metrics_reached, source_name
from .masks import WIDTH, Chunk, joined, texts_dictionary

BITS = 60 // WIDTH * WIDTH
"""Labels in one BIGINT: a multiple of the width of a dictionary."""
OPEN = '"#open"'
"""The column that says of a client that it is undetermined."""
LABEL = '"#label"'
"""The SQL type of a label."""
STRICT_CALLS = frozenset(
    ("abs", "round", "floor", "ceiling", "days_between", "months_between", "year", "month", "lower", "upper", "trim", "length",
     "contains", "starts_with", "ends_with", "matches")
)  # fmt: skip
"""Functions that are missing where an argument is, or where they fail, and only there."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A rule that can hold a client back, and its place among the masks."""

    rule: CheckedRule
    chunk: Chunk
    bit: int

    @property
    def matters(self) -> str:
        """SQL: the rule is unknown, and could change the decision."""
        return f"({self.chunk.matters} & {1 << self.bit}) <> 0"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition of a rule: when it is unknown, why, and whether it is strict."""

    unknown: str
    reasons: Reasons
    strict: bool


@dataclass(frozen=True)
class Because:
    """The reasons of the rules that can hold a client back. Built per query; its SQL reads `OPEN` and the rules' own bits."""

    blame: Blame
    rules: tuple[Holding, ...]
    dictionary: Callable[[str], str]
    """What stands for a dictionary in the query."""

    @cached_property
    def metrics(self) -> dict[str, Reasons]:
        """Why each metric below the rules is missing, in the order in which they are calculated."""
        needed = metrics_reached(self.blame.checked, [one.rule.condition for one in self.rules])
        checked = self.blame.checked
        return {n: self.blame.reasons(checked.metric(n).expression, n) for n in checked.metric_order if n in needed}

    @cached_property
    def strict(self) -> frozenset[str]:
        """The metrics that are missing exactly where one of their labels holds."""
        found: set[str] = set()
        for name, reasons in self.metrics.items():
            if self.is_strict(self.blame.checked.metric(name).expression, found) and self.agrees(reasons):
                found.add(name)
        return frozenset(found)

    @cached_property
    def blanks(self) -> dict[str, str]:
        """Label -> the SQL under which it holds, for those that strict conditions name."""
        return {}

    def agrees(self, reasons: Reasons) -> bool:
        """Whether the labels mean the same here as elsewhere; those that are new are noted."""
        own = {label: either(conditions) for label, conditions in reasons.labels.items()}
        if any(self.blanks.get(label, condition) != condition for label, condition in own.items()):
            return False
        self.blanks.update(own)
        return True

    def is_strict(self, node: Expression, metrics: set[str] | frozenset[str]) -> bool:
        """Whether the expression is unknown exactly where something below it is blank, or fails."""
        match node:
            case In(operand) | Between(operand):
                beside = [part for part in walk(node) if part is not node and not any(part is own for own in walk(operand))]
                return self.is_strict(operand, metrics) and all(map(is_fixed, beside))
            case FieldValue(table, name):
                return self.blame.checked.calculation(table, name) is None
            case MetricValue(name):
                return name in metrics
            case Arithmetic() | Negate() | Compare():
                return all(self.is_strict(part, metrics) for part in children(node))
            case Call(function=function):
                return function in STRICT_CALLS and all(self.is_strict(part, metrics) for part in children(node))
            case _:
                return is_fixed(node)

    @cached_property
    def leaves(self) -> tuple[tuple[Leaf, ...], ...]:
        """Per rule its conditions."""
        known: dict[Expression, Leaf] = {}
        found = []
        for one in self.rules:
            own = list(leaves(one.rule.condition))
            for leaf in own:
                if leaf not in known:
                    reasons = self.blame.reasons(leaf, source_name(leaf))
                    known[leaf] = Leaf(self.blame.unknown(leaf), reasons, self.is_strict(leaf, self.strict) and self.agrees(reasons))
            found.append(tuple(known[leaf] for leaf in dict.fromkeys(own)))
        return tuple(found)

    @cached_property
    def reached(self) -> dict[str, frozenset[str]]:
        """The labels that a metric's reasons can hold, through other metrics too."""
        found: dict[str, frozenset[str]] = {}
        for name, reasons in self.metrics.items():
            found[name] = frozenset(reasons.labels).union(*(found[metric] for metric in reasons.metrics))
        return found

    @cached_property
    def labels(self) -> tuple[str, ...]:
        of_leaves = (self.of(leaf.reasons) for rule in self.leaves for leaf in rule)
        return tuple(sorted(frozenset().union(*of_leaves)))

    @cached_property
    def bit_of(self) -> dict[str, tuple[int, int]]:
        """Label -> its word and its bit there."""
        return {label: (i // BITS, 1 << i % BITS) for i, label in enumerate(self.labels)}

    @property
    def words(self) -> range:
        return range((len(self.labels) + BITS - 1) // BITS)

    def of(self, reasons: Reasons) -> frozenset[str]:
        return frozenset(reasons.labels).union(*(self.reached[metric] for metric in reasons.metrics))

    def mask(self, word: int, labels: frozenset[str]) -> int:
        """The bits that some labels have in a word."""
        return sum(bit for label in labels for w, bit in [self.bit_of.get(label, (-1, 0))] if w == word)

    def layer(self, layer: RowLayer) -> list[str]:
        """The columns that say why the layer's metrics are missing."""
        found = []
        for column in layer.columns:
            if column.name in self.metrics and column.name not in self.strict:
                for word in self.words:
                    bits = self.bits(self.metrics[column.name], word, frozenset(self.labels))
                    if bits is not None:
                        case = f"CASE WHEN {OPEN} AND {quote_name(column.name)} IS NULL THEN {bits} ELSE 0 END"
                        found.append(f"({case})::BIGINT AS {why_column(column.name, word)}")
        return found

    def bits(self, reasons: Reasons, word: int, wanted: frozenset[str]) -> str | None:
        """The wanted labels' bits in the word, as far as these reasons hold; None where none of them can."""
        parts = [
            f"CASE WHEN {either(conditions)} THEN {self.bit_of[label][1]} ELSE 0 END"
            for label, conditions in reasons.labels.items()
            if label in wanted and self.bit_of[label][0] == word
        ]
        for metric, guards in reasons.metrics.items():
            possible = self.mask(word, self.reached[metric])
            chosen = possible & self.mask(word, wanted)
            if chosen:
                own = why_column(metric, word)
                if metric in self.strict:
                    own, possible = blank_column(word), 0
                own = own if chosen == possible else f"({own} & {chosen})"
                parts.append(own if "TRUE" in guards else f"CASE WHEN {either(guards)} THEN {own} ELSE 0 END")
        return balanced(parts, "|") if parts else None

    def leaf(self, leaf: Leaf, word: int) -> str | None:
        """A condition's bits: the blank fields below it or, where no field is blank, the causes."""
        fields, causes = self.split(leaf)
        shown, instead = self.bits(leaf.reasons, word, fields), self.bits(leaf.reasons, word, causes)
        if instead is not None and fields:
            every = (self.bits(leaf.reasons, w, fields) for w in self.words)
            any_field = " OR ".join(f"({bits}) <> 0" for bits in every if bits is not None)
            instead = f"CASE WHEN {any_field} THEN 0 ELSE {instead} END"
        both = [part for part in (shown, instead) if part is not None]
        return f"CASE WHEN {leaf.unknown} THEN {balanced(both, '|')} ELSE 0 END" if both else None

    def split(self, leaf: Leaf) -> tuple[frozenset[str], frozenset[str]]:
        """The fields and the causes that the leaf can name."""
        labels = self.of(leaf.reasons)
        causes = frozenset(label for label in labels if ": " in label)
        return labels - causes, causes

    def blank_columns(self) -> list[str]:
        """The client's blanks and failures, as far as strict conditions name them."""
        found = []
        for word in self.words:
            tests = {self.bit_of[label][1]: test for label, test in self.blanks.items() if self.bit_of.get(label, (-1, 0))[0] == word}
            bits = balanced([f"CASE WHEN {test} THEN {bit} ELSE 0 END" for bit, test in tests.items()], "|") or "0"
            found.append(f"(CASE WHEN {OPEN} THEN {bits} ELSE 0 END)::BIGINT AS {blank_column(word)}")
        return found

    def numbers(self) -> dict[str, list[int]]:
        """Per word and mask of rules that matter, the bits of what they wait for: fields, and causes of what has no field below."""
        found: dict[str, list[int]] = {}
        for word in self.words:
            waits: dict[int, list[int]] = {}
            for one, own in zip(self.rules, self.leaves, strict=True):
                for leaf in own:
                    if leaf.strict:
                        fields, causes = self.split(leaf)
                        bits = waits.setdefault(one.chunk.number, [0] * len(one.chunk.rules))
                        bits[one.bit] |= self.mask(word, fields or causes)
            for number, bits in waits.items():
                if any(bits):
                    found[f"waits_{word}_{number}"] = [together(bits, mask) for mask in range(1 << len(bits))]
        return found

    def waited(self, word: int) -> Iterator[str]:
        """The word's bits from strict conditions."""
        matters = {f"waits_{word}_{one.chunk.number}": one.chunk.matters for one in self.rules}
        known = self.numbers()
        looked_up = [self.blame.renderer.dialect.item(self.dictionary(name), bits) for name, bits in matters.items() if name in known]
        if looked_up:
            yield f"({blank_column(word)} & ({balanced(looked_up, '|')}))"
        # Where a condition has both, its causes are named only if none of its fields is blank.
        either_or: dict[tuple[frozenset[str], frozenset[str]], dict[str, None]] = {}
        for one, own in zip(self.rules, self.leaves, strict=True):
            for leaf in own:
                fields, causes = self.split(leaf)
                if leaf.strict and fields and self.mask(word, causes):
                    either_or.setdefault((fields, causes), {})[one.matters] = None
        for (fields, causes), conditions in either_or.items():
            no_field = " AND ".join(f"({blank_column(w)} & {mask}) = 0" for w in self.words for mask in [self.mask(w, fields)] if mask)
            causes_set = f"{blank_column(word)} & {self.mask(word, causes)}"
            yield f"CASE WHEN {no_field} AND ({either(conditions)}) THEN {causes_set} ELSE 0 END"

    def columns(self) -> Iterator[str]:
        """The words of the client's labels."""
        for word in self.words:
            parts = list(self.waited(word))
            for one, rule in zip(self.rules, self.leaves, strict=True):
                own = [bits for leaf in rule if not leaf.strict for bits in [self.leaf(leaf, word)] if bits is not None]
                if own:
                    parts.append(f"CASE WHEN {one.matters} THEN {balanced(own, '|')} ELSE 0 END")
            yield f"(CASE WHEN {OPEN} THEN {balanced(parts, '|') or '0'} ELSE 0 END)::BIGINT AS {word_column(word)}"

    def names(self) -> list[str]:
        return [word_column(word) for word in self.words]

    def dictionaries(self) -> list[str]:
        """The statements that must have run before: the labels' type, and from a few bits to their labels."""
        return [texts_dictionary(f"because_{n}", part, LABEL) for n, part in enumerate(parts_of(self.labels))]

    def decoded(self) -> str:
        """`missing_because`, from the words by the dictionaries."""
        looked_up = []
        for n, _ in enumerate(parts_of(self.labels)):
            word, shift = divmod(n * WIDTH, BITS)
            bits = f"({word_column(word)} >> {shift})" if shift else word_column(word)
            looked_up.append(f"{self.dictionary(f'because_{n}')}[({bits} & {(1 << WIDTH) - 1}) + 1]")
        return f"CASE WHEN {OPEN} THEN {joined(looked_up)} ELSE [] END" if looked_up else "[]::VARCHAR[]"

    def listed(self) -> str:
        """`missing_because`, from the words alone: for a few clients."""
        cases = [f"CASE WHEN ({word_column(w)} & {bit}) <> 0 THEN {quote_value(label)} END" for label, (w, bit) in self.bit_of.items()]
        dialect = self.blame.renderer.dialect
        return dialect.present(cases) if cases else dialect.array([], dialect.types[Kind.TEXT])


def parts_of(labels: Sequence[str]) -> list[Sequence[str]]:
    return [labels[i : i + WIDTH] for i in range(0, len(labels), WIDTH)]


def is_fixed(node: Expression) -> bool:
    """The same for all clients, and never missing."""
    return isinstance(node, ParameterValue | AsOf) or (isinstance(node, Constant) and node.value is not None)


def together(bits: Sequence[int], mask: int) -> int:
    """All bits of those whose place is set in the mask."""
    return functools.reduce(operator.or_, (one for place, one in enumerate(bits) if mask >> place & 1), 0)


def blank_column(word: int) -> str:
    return f'"#blank {word}"'


def why_column(metric: str, word: int) -> str:
    return quote_name(f"#why {metric} {word}")


def word_column(word: int) -> str:
    return f'"#because {word}"'
