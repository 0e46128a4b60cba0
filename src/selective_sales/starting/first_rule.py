"""An inferred contract in; a first rule that works out. It is a proposal: somebody replaces it soon."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..model.personal import watched
from .inferred import Contract, Inferred

_NUMERIC = ("money", "number", "integer")


@dataclass(frozen=True, slots=True)
class FirstRule:
    """The proposed rule: its condition and reason, and the two values that the tests use. `threshold` is None for `is missing`."""

    field: Inferred
    name: str
    parameter: str
    threshold: Decimal | None
    flagged: str
    kept: str | None
    """None: the value that the test's client has anyway."""


def first_rule(contract: Contract, names: dict[str, str]) -> FirstRule:
    """An amount below a threshold near the low end of what was seen; without any such column, a blank cell. Never a protected field, nor,
    where there is another, one that may stand for what is protected."""
    others = [field for field in contract.fields if field not in contract.keys and not field.private]
    others = [field for field in others if watched(field.column.header) is None] or others
    ranked = sorted((f for f in others if f.type in _NUMERIC and f.measure), key=lambda f: _NUMERIC.index(f.type))
    for field in ranked:
        if isinstance(field.low, Decimal) and isinstance(field.high, Decimal) and field.low < field.high:
            parameter = "review_below"
            while parameter in names.values():
                parameter += "_"
            threshold = near_the_low_end(field.low, field.high)
            return FirstRule(field, names[field.column.header], parameter, threshold, plain(field.low), plain(field.high))
    field = others[0] if others else contract.keys[0]
    return FirstRule(field, names[field.column.header], "", None, "missing", None)


def near_the_low_end(low: Decimal, high: Decimal) -> Decimal:
    """A number as round as can be, a tenth of the way up from low: above it, and not above high."""
    aim = low + (high - low) / 10
    for places in range(-18, 20):
        threshold = aim.quantize(Decimal(1).scaleb(-places)) if aim.adjusted() + places < 27 else aim
        if low < threshold <= high:
            return threshold
    return high


def plain(value: Decimal) -> str:
    """The number in digits."""
    return f"{value.normalize():f}"
