"""The language's arithmetic on single values: money (Decimal, 4 places), number (float), integer and spans (int). None is missing."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from fractions import Fraction

from selective_sales.model.kind import Kind

MONEY_LIMIT = 10**14
LARGEST_INTEGER = 2**63 - 1
SMALLEST_INTEGER = -(2**63)
_WIDE = Context(prec=200)

Number = Decimal | int | float


def grid(x: float) -> float:
    """The nearest value with nine decimals: sign(x) * floor(abs(x) * 1e9 + 0.5) / 1e9, in doubles."""
    scaled = abs(x) * 1e9 + 0.5
    if not math.isfinite(scaled):
        return math.copysign(math.inf, x)
    return sign(x) * (float(math.floor(scaled)) / 1e9)


def sign(x: float | int | Fraction) -> int:
    """-1, 0 or 1."""
    return (x > 0) - (x < 0)


def nine_places(x: float) -> int:
    """A number on the grid as a count of billionths: what DECIMAL(38, 9) holds, unscaled."""
    return sign(x) * math.floor(abs(x) * 1e9 + 0.5)


def half_away(x: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    return sign(x) * math.floor(abs(x) + Fraction(1, 2))


def unscaled(amount: Decimal) -> int:
    """Money as a count of ten-thousandths."""
    return int(amount.scaleb(4, _WIDE))


def money(ten_thousandths: int) -> Decimal:
    """The money of so many ten-thousandths."""
    return Decimal(ten_thousandths).scaleb(-4, _WIDE)


def exact(x: Number) -> Fraction:
    """The exact value: of money and integers themselves, of a number its nine decimals."""
    return Fraction(nine_places(x), 10**9) if isinstance(x, float) else Fraction(x)


def nearest(x: Fraction) -> float:
    """The double nearest to an exact quotient."""
    return x.numerator / x.denominator


def within_range(value: object, kind: Kind) -> bool:
    """False for what its kind cannot hold: the result is missing, with the cause "overflow"."""
    match kind:
        case Kind.MONEY:
            assert isinstance(value, Decimal)
            return abs(value) < MONEY_LIMIT
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS:
            assert isinstance(value, int)
            return SMALLEST_INTEGER <= value <= LARGEST_INTEGER
        case Kind.NUMBER:
            assert isinstance(value, float)
            return abs(value) < 1e299
        case _:
            return True
