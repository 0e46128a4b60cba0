"""Numbers in, places on paper out: scales, round ticks, paths. Pure functions; every coordinate is a text with at most two decimals."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

_NOTHING = 1e-290
"""Ends that are no further apart are one."""
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """From an interval of values to an interval of the picture; the picture's may run backwards, as heights do."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value. Where the values are all one, that is the middle."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round values between the ends, evenly apart, at most so many (and two at least, where the ends differ).

    >>> ticks(0, 8_214_194.9)
    (0.0, 2000000.0, 4000000.0, 6000000.0, 8000000.0)
    """
    raw = (high - low) / max(1, most - 1)
    if not math.isfinite(raw) or raw < _NOTHING:
        return (low,)
    size = 10.0 ** math.floor(math.log10(raw))
    for step in (r * size * factor for factor in (1, 10) for r in _ROUND):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return tuple(n * step for n in range(first, last + 1)) or (low,)
    return (low, high)


def at(number: float) -> str:
    """A coordinate: at most two decimals, no exponent, never minus zero."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def line(points: Sequence[tuple[float, float]]) -> str:
    """A path through the points; those that would fall onto the one before them are left out."""
    parts: list[str] = []
    for x, y in points:
        part = f"{at(x)},{at(y)}"
        if not parts or parts[-1] != part:
            parts.append(part)
    return "M" + "L".join(parts) if parts else ""


def area(points: Sequence[tuple[float, float]], floor: float) -> str:
    """The area between the line through the points and a floor."""
    if not points:
        return ""
    return line([(points[0][0], floor), *points, (points[-1][0], floor)]) + "Z"


def shade(count: int, most: int, steps: int) -> int:
    """Which of so many shades stands for a count, on a logarithmic scale: 0 for none, 1 for one, the last for the most.

    >>> [shade(n, 1000, 8) for n in (0, 1, 10, 100, 1000)]
    [0, 1, 3, 6, 8]
    """
    if count <= 0:
        return 0
    if most <= 1:
        return steps if count else 0
    return 1 + round(math.log(count) / math.log(most) * (steps - 1))


def in_lines(text: str, most: int, lines: int = 3) -> tuple[str, ...]:
    """The text in lines of so many letters at most, cut between words; what three lines do not hold is left out with a sign.

    >>> in_lines("No mutual interest → to be clarified", 20)
    ('No mutual interest →', 'to be clarified')
    """
    broken = textwrap.wrap(text, most, break_on_hyphens=False) or [""]
    return tuple(broken) if len(broken) <= lines else (*broken[: lines - 1], shortened(" ".join(broken[lines - 1 :]), most))


def shortened(text: str, most: int) -> str:
    """The text, or its beginning and a sign that there is more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
