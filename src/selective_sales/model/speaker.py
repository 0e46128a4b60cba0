"""How values and texts become words in one language. The wording room makes speakers; other rooms are handed one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from .explanation import ConditionGroup, LeafOutcome, NamedValue
from .text import Template, Texts


class Speaker(Protocol):
    """Words in one language and currency. What comes from data leaves a speaker without control or bidirectional characters."""

    @property
    def language(self) -> str:
        """The language code, as the policy writes it."""

    def value(self, named: NamedValue, format: str = "") -> str:
        """The value in words; `format` wins over the value's own."""

    def fill(self, template: Template, values: Mapping[str, NamedValue]) -> str:
        """The text with its placeholders replaced; KeyError on a name that `values` lacks (a checked text has none)."""

    def text(self, texts: Texts | None, otherwise: str) -> str:
        """A text without placeholders in this language, or `otherwise` where there is none."""

    def distance(self, leaf: LeafOutcome) -> str:
        """ "5.2% — 0.2 percentage points above the threshold of 5%", or "" where the leaf has no distance."""

    def missing(self, label: str, values: Mapping[str, NamedValue]) -> str:
        """What is missing, by its title: a field, `table.field`, or `name: cause`, the cause in this language."""

    def group(self, group: ConditionGroup) -> str:
        """The heading of nested conditions: "at least 2 of 3 (1 holds, 1 unknown):"."""

    def condition(self, leaf: LeafOutcome) -> str:
        """What a condition asks for: the title of a yes or no, else the condition as written with its values."""

    def clean(self, text: str) -> str:
        """The text on one line, without control and bidirectional characters."""

    def tidy(self, text: str) -> str:
        """The text with the spaces that must not break at a line's end made non-breaking."""

    def plural(self, number: int, forms: Sequence[str], *, people: bool = False) -> str:
        """The form of a noun that stands beside that many: of one, a few, many (Polish), of one and of others (English).

        `people`: the noun names people, who are counted otherwise in Polish (22 klientów, but 22 fakty).
        """

    def compact(self, number: Decimal) -> str:
        """A large number in short: "1.2M"."""
