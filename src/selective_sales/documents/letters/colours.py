"""A colour in, a colour out that can be read on white paper."""

from __future__ import annotations

_ENOUGH = 4.5
"""Contrast of text with what is behind it, by WCAG 2.2, 1.4.3 (level AA)."""


def contrast(colour: str) -> float:
    """The contrast of a colour `#rrggbb` with white, from 1 (white) to 21 (black); WCAG 2.2, "contrast ratio"."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def readable(colour: str) -> str:
    """The colour itself where it can be read on white, else the lightest shade of it that can."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    for percent in range(100, -1, -1):
        shade = "#" + "".join(f"{channel * percent // 100:02x}" for channel in channels)
        if contrast(shade) >= _ENOUGH:
            return shade
    return "#000000"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
