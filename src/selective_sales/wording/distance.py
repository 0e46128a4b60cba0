"""How far a value is from its threshold, in words: with as many decimals as it takes to see that they differ."""

from __future__ import annotations

import datetime
from decimal import Decimal

from ..model.explanation import LeafOutcome, NamedValue
from ..model.kind import Kind
from ..model.text import Texts
from .cleaning import clean
from .numbers import exact, rounded
from .values import points, short_percent, value
from .words import words


def distance(leaf: LeafOutcome, language: str, currency: str) -> str:
    """`margin 5.2% — 0.2 percentage points above the threshold 5%`; "" where the leaf has no distance."""
    if leaf.value is None or leaf.threshold is None or not isinstance(leaf.distance, Decimal | int):
        return ""
    far = Decimal(leaf.distance)
    is_percent = "percent" in (leaf.value.format, leaf.threshold.format) and leaf.distance_kind in (Kind.NUMBER, Kind.INTEGER)
    format = "percent" if is_percent else leaf.value.format or leaf.threshold.format
    places = _places_to_tell_apart(leaf.value, leaf.threshold, far, is_percent)
    here = words(language)
    sentence = here.exactly if not far else _sentence(leaf, language, far)
    measured = value(leaf.value.value, leaf.value.kind, language, currency, format, places=places)
    by = (
        points(abs(far), language, max(1, places)) if is_percent else value(abs(far), leaf.distance_kind, language, currency, places=places)
    )
    name = "" if leaf.value.literal else f"{_name(leaf.value, language)} "
    return sentence.format(value=name + measured, by=by, threshold=_threshold(leaf.threshold, language, currency, format, places))


def _sentence(leaf: LeafOutcome, language: str, far: Decimal) -> str:
    here = words(language)
    if leaf.value is not None and leaf.value.kind is Kind.DATE:
        return here.later if far > 0 else here.earlier
    return here.above if far > 0 else here.below


def _threshold(threshold: NamedValue, language: str, currency: str, format: str, places: int) -> str:
    here = words(language)
    shown = value(threshold.value, threshold.kind, language, currency, format, places=places)
    if (threshold.exact or threshold.literal) and format == "percent":
        shown = short_percent(threshold.value, language) or shown
    if threshold.literal:
        return here.threshold.format(threshold=shown)
    return here.named.format(name=_name(threshold, language), threshold=shown)


def _name(named: NamedValue, language: str) -> str:
    return _plain(named.title, language) or clean(named.text)


def _plain(texts: Texts | None, language: str) -> str:
    template = texts.get(language) if texts is not None else None
    return "" if template is None else clean("".join(part for part in template.parts if isinstance(part, str)))


def _places_to_tell_apart(left: NamedValue, right: NamedValue, far: Decimal, is_percent: bool) -> int:
    """0 where the usual places do; else the fewest at which the two differ and their difference is not 0."""
    numbers = [exact(side.value) for side in (left, right) if isinstance(side.value, Decimal | int)]
    if len(numbers) != 2 or None in numbers or not far or isinstance(left.value, datetime.date):
        return 0
    scale = 2 if is_percent else 0
    usual = 1 if is_percent else {Kind.MONEY: 2, Kind.INTEGER: 0}.get(left.kind, 4)
    a, b = (number.scaleb(scale) for number in numbers if number is not None)
    places = next((n for n in range(usual, 10) if rounded(a, n) != rounded(b, n) and rounded(far.scaleb(scale), n)), usual)
    return places if places > usual else 0
