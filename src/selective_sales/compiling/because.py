"""Rules that may leave a client undetermined in, `missing_because` out: first as bits, one per label, then as the list of the labels set.

Labels stand in the order in which they are shown, so that a list needs neither sorting nor a look for doubles; integers are sorted and kept
instead of lists. A metric has its reasons in columns of its own, so that the SQL grows with the policy and not with the paths through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..model.checked import CheckedRule
from ..model.expression import Expression, leaves
from ..model.plan import RowLayer
from ..model.sql import balanced, quote_name, quote_value
from .blame import Blame, Reasons, either, metrics_reached, source_name
from .masks import WIDTH, joined, texts_dictionary

BITS = 60
"""Labels in one BIGINT: a multiple of the width of a dictionary."""
OPEN = '"#open"'
"""The column that says of a client that it is undetermined."""
LABEL = '"#label"'
"""The SQL type of a label."""


@dataclass(frozen=True)
class Because:
    """The reasons of the rules that can hold a client back. Built per query; its SQL reads `OPEN` and the rules' own bits."""

    blame: Blame
    rules: tuple[tuple[CheckedRule, str], ...]
    """Each with the SQL that says that it is unknown and matters."""

    @cached_property
    def metrics(self) -> dict[str, Reasons]:
        """Why each metric below the rules is missing, in the order in which they are calculated."""
        needed = metrics_reached(self.blame.checked, [rule.condition for rule, _ in self.rules])
        checked = self.blame.checked
        return {n: self.blame.reasons(checked.metric(n).expression, n) for n in checked.metric_order if n in needed}

    @cached_property
    def leaves(self) -> tuple[tuple[tuple[str, Reasons], ...], ...]:
        """Per rule its conditions: when each is unknown, and why."""
        known: dict[Expression, tuple[str, Reasons]] = {}
        found = []
        for rule, _ in self.rules:
            own = list(leaves(rule.condition))
            for leaf in own:
                if leaf not in known:
                    known[leaf] = (self.blame.unknown(leaf), self.blame.reasons(leaf, source_name(leaf)))
            found.append(tuple(known[leaf] for leaf in own))
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
        of_leaves = (self.of(reasons) for rule in self.leaves for _, reasons in rule)
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
            if column.name in self.metrics:
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
                own = own if chosen == possible else f"({own} & {chosen})"
                parts.append(own if "TRUE" in guards else f"CASE WHEN {either(guards)} THEN {own} ELSE 0 END")
        return balanced(parts, "|") if parts else None

    def leaf(self, unknown: str, reasons: Reasons, word: int) -> str | None:
        """A condition's bits: the blank fields below it or, where no field is blank, the causes."""
        labels = self.of(reasons)
        causes = frozenset(label for label in labels if is_cause(label))
        fields = labels - causes
        shown, instead = self.bits(reasons, word, fields), self.bits(reasons, word, causes)
        if instead is not None and fields:
            any_field = " OR ".join(f"({bits}) <> 0" for w in self.words for bits in [self.bits(reasons, w, fields)] if bits is not None)
            instead = f"CASE WHEN {any_field} THEN 0 ELSE {instead} END"
        both = [part for part in (shown, instead) if part is not None]
        return f"CASE WHEN {unknown} THEN {balanced(both, '|')} ELSE 0 END" if both else None

    def columns(self) -> Iterator[str]:
        """The words of the client's labels."""
        for word in self.words:
            parts = []
            for (_, matters), rule in zip(self.rules, self.leaves, strict=True):
                own = [bits for unknown, reasons in rule for bits in [self.leaf(unknown, reasons, word)] if bits is not None]
                if own:
                    parts.append(f"CASE WHEN {matters} THEN {balanced(own, '|')} ELSE 0 END")
            yield f"(CASE WHEN {OPEN} THEN {balanced(parts, '|')} ELSE 0 END)::BIGINT AS {word_column(word)}"

    def names(self) -> list[str]:
        return [word_column(word) for word in self.words]

    def dictionaries(self) -> list[str]:
        """The statements that must have run before: the labels' type, and from six bits to their labels."""
        return [texts_dictionary(f"because_{n}", part, LABEL) for n, part in enumerate(parts_of(self.labels))]

    def decoded(self) -> str:
        """`missing_because`, from the words by the dictionaries."""
        looked_up = []
        for n, _ in enumerate(parts_of(self.labels)):
            word, shift = divmod(n * WIDTH, BITS)
            bits = f"({word_column(word)} >> {shift})" if shift else word_column(word)
            looked_up.append(f"getvariable('because_{n}')[({bits} & {(1 << WIDTH) - 1}) + 1]")
        return f"CASE WHEN {OPEN} THEN {joined(looked_up)} ELSE [] END" if looked_up else "[]::VARCHAR[]"

    def listed(self) -> str:
        """`missing_because`, from the words alone: for a few clients."""
        cases = [f"CASE WHEN ({word_column(w)} & {bit}) <> 0 THEN {quote_value(label)} END" for label, (w, bit) in self.bit_of.items()]
        return f'list_filter([{", ".join(cases)}], lambda "#l": "#l" IS NOT NULL)' if cases else "[]::VARCHAR[]"


def parts_of(labels: Sequence[str]) -> list[Sequence[str]]:
    return [labels[i : i + WIDTH] for i in range(0, len(labels), WIDTH)]


def is_cause(label: str) -> bool:
    """`name: cause`; else it is a field."""
    return ": " in label


def why_column(metric: str, word: int) -> str:
    return quote_name(f"#why {metric} {word}")


def word_column(word: int) -> str:
    return f'"#because {word}"'
