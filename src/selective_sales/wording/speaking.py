"""Texts with placeholders, and a speaker: one language and currency, bound to the functions of this room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import assert_never

from ..model.explanation import ConditionGroup, LeafOutcome, NamedValue
from ..model.kind import Kind
from ..model.speaker import Speaker
from ..model.text import Placeholder, Template, Texts
from .causes import cause
from .cleaning import clean, short_words
from .counting import compact, plural
from .distance import distance
from .numbers import exact, places_needed
from .values import short_percent, value
from .words import groups, words


def fill(template: Template, values: Mapping[str, NamedValue], language: str, currency: str) -> str:
    """The text with its placeholders replaced by the values' words.

    Nothing is escaped (the page that shows the text does that); what comes from data is cleaned. A placeholder that `values` lacks
    raises KeyError: a checked text has none.
    """
    return _Speaker(language, currency).fill(template, values)


def speaker(language: str, currency: str) -> Speaker:
    """A speaker of that language; money is in that currency."""
    return _Speaker(language, currency)


@dataclass(frozen=True, slots=True)
class _Speaker:
    language: str
    currency: str
    _titles: dict[tuple[int, str], tuple[Texts, str]] = field(default_factory=dict, compare=False, repr=False)
    """What has been said of a policy's texts. Each is held on to, so that its identity stays its own."""

    def value(self, named: NamedValue, format: str = "") -> str:
        label = _label(named, self.language)
        if label is not None and not format:
            return clean(label)
        if named.exact and (format or named.format) == "percent" and named.kind in (Kind.NUMBER, Kind.INTEGER):
            return short_percent(named.value, self.language) or words(self.language).no_data
        places = (
            places_needed(number, 4, 2) if named.exact and named.kind is Kind.MONEY and (number := _number(named)) is not None else None
        )
        return value(named.value, named.kind, self.language, self.currency, format or named.format, places=places, beside=named.beside)

    def fill(self, template: Template, values: Mapping[str, NamedValue]) -> str:
        # A sentence that names two numbers says which is the larger: both have the decimals that this takes.
        names = {part.name: values[part.name] for part in _placeholders(template)}
        numbers = tuple(number for named in names.values() if (number := _number(named)) is not None)
        if len(numbers) > 1:
            names = {name: replace(named, beside=(*named.beside, *numbers)) for name, named in names.items()}
        shown = {(part.name, part.format): self.value(names[part.name], part.format) for part in _placeholders(template)}
        return clean("".join(shown[part.name, part.format] if isinstance(part, Placeholder) else part for part in template.parts))

    def text(self, texts: Texts | None, otherwise: str) -> str:
        if texts is None:
            return clean(otherwise)
        known = self._titles.get((id(texts), otherwise))
        if known is None:
            template = texts.get(self.language)
            parts = (otherwise,) if template is None else template.parts
            said = clean("".join(f"{{{part.name}}}" if isinstance(part, Placeholder) else part for part in parts))
            known = self._titles[id(texts), otherwise] = (texts, said)
        return known[1]

    def distance(self, leaf: LeafOutcome) -> str:
        return distance(leaf, self.language, self.currency)

    def missing(self, label: str, values: Mapping[str, NamedValue]) -> str:
        name, _, why = label.partition(": ")
        said = self._called(name, values)
        return said if not why else f"{said}: {cause(why, self.language, lambda divisor: self._called(divisor, values))}"

    def group(self, group: ConditionGroup) -> str:
        here = groups(self.language)
        match group.form:
            case "all":
                return here.all
            case "any":
                return here.any
            case "none":
                return here.none
            case "not":
                return here.not_
            case "at_least":
                held = here.held["one" if group.held == 1 and "one" in here.held else "other"].format(number=group.held)
                tally = ", ".join([held, *([here.unknown.format(number=group.unknown)] if group.unknown else [])])
                return here.at_least.format(count="?" if group.count is None else group.count, total=len(group.parts), tally=tally)
            case _:
                assert_never(group.form)

    def condition(self, leaf: LeafOutcome) -> str:
        match leaf.operands:
            case (NamedValue(kind=Kind.BOOLEAN) as only,) if only.text == leaf.text:
                return self.text(only.title, only.text)
            case operands:
                values = ", ".join(f"{self.text(n.title, n.text)}: {self.value(n)}" for n in operands)
                detail = self.distance(leaf) or values
                return clean(leaf.text) + (f" ({detail})" if detail else "")

    def plural(self, number: int, forms: Sequence[str], *, people: bool = False) -> str:
        return plural(number, forms, self.language, people=people)

    def compact(self, number: Decimal) -> str:
        return compact(number, self.language)

    def _called(self, name: str, values: Mapping[str, NamedValue]) -> str:
        known = values.get(name)
        if known is not None:
            return self.text(known.title, known.text)
        return words(self.language).causes.condition if name == "condition" else clean(name)

    def clean(self, text: str) -> str:
        return clean(text)

    def tidy(self, text: str) -> str:
        return short_words(text, self.language)


def _placeholders(template: Template) -> Iterator[Placeholder]:
    return (part for part in template.parts if isinstance(part, Placeholder))


def _number(named: NamedValue) -> Decimal | None:
    value = named.value
    return None if isinstance(value, bool) or not isinstance(value, Decimal | int) else exact(value)


def _label(named: NamedValue, language: str) -> str | None:
    """The word that the policy gives this value, or each of a list of values, in this language (or in all)."""
    labels = dict(named.labels)
    by_value = labels.get(language) or labels.get("*")
    if by_value is None or not isinstance(named.value, str):
        return None
    words = dict(by_value)
    items = [named.value] if named.value in words else named.value.split(", ")
    return clean(", ".join(words[item] for item in items)) if all(item in words for item in items) else None
