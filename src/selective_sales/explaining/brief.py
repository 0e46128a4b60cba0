"""An explanation as the short answer: what was decided and by what, the numbers, what would change it, what is missing.

A condition whose values all have titles is said by them alone; everything else is one option away, and the last line says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model.explanation import LeafOutcome, RuleOutcome
from .terminal import MARKS, Page

NEAREST = 3
"""Of the rules that nearly fired."""


class Brief(Page):
    """The same words as the whole explanation, fewer of them."""

    __slots__ = ()

    def lines(self) -> Iterator[str]:
        yield from self._head()
        groups = dict(enumerate(self._groups()))
        for heading, rules in (groups[0], groups[1]):
            if rules:
                yield from self._headed(heading)
                for rule in rules:
                    yield from self._rule(rule)
        yield from self._names(*groups[2])
        yield from self._names(*groups[3])
        yield from self._changes()
        yield from self._near(groups[4][1][:NEAREST])
        yield from self._thresholds()
        yield ""
        yield from self._wrapped(self.phrases.more, "")

    def _headed(self, heading: str) -> Iterator[str]:
        yield ""
        yield self.strong(heading)

    def _names(self, heading: str, rules: list[RuleOutcome]) -> Iterator[str]:
        """Rules by name only."""
        if rules:
            yield from self._headed(heading)
        for rule in rules:
            yield from self._wrapped(self._called(rule), "  ", hanging="    ")

    def _near(self, rules: list[RuleOutcome]) -> Iterator[str]:
        """Rules that nearly fired, each with the condition that alone was in the way."""
        if rules:
            yield from self._headed(self.phrases.why_not)
        for rule in rules:
            held, nearest = "; ".join(map(self._said, rule.held_back_by)), rule.nearest
            why = self.phrases.held_back.format(conditions=held) if held else "" if nearest is None else self._said(nearest)
            yield from self._wrapped(self._called(rule), "  ", hanging="    ")
            yield from self._wrapped(why, "    ")

    def _called(self, rule: RuleOutcome) -> str:
        """By titles alone."""
        return f"{self.speaker.text(rule.title, rule.id)} → {self.speaker.text(self._title_of(rule.decision), rule.decision)}"

    def _said(self, leaf: LeafOutcome) -> str:
        return self._detail(leaf) if self._is_titled(leaf) else self.speaker.condition(leaf)

    def _is_titled(self, leaf: LeafOutcome) -> bool:
        """Whether titles say the condition as well as the formula: it is a yes or no, or says how far it is from its threshold."""
        named = [o for o in leaf.operands if not o.literal]
        whole = bool(self.speaker.distance(leaf)) or (len(named) == 1 and named[0].text == leaf.text)
        return whole and all(self.speaker.text(o.title, "") for o in named)

    def _leaf(self, leaf: LeafOutcome, rule: RuleOutcome, indent: str, unless: str) -> Iterator[str]:
        if not self._is_titled(leaf):
            yield from super()._leaf(leaf, rule, indent, unless)
            return
        colon = ": " if unless else ""
        said = f"{MARKS[leaf.outcome]} {unless.strip()}{colon}{self._detail(leaf)}"
        yield from self._wrapped(said, indent, hanging=f"{indent}  ")
