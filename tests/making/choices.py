"""Where the makers' choices come from: Hypothesis (which shrinks them) or a seeded generator (which is quick)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Choices(Protocol):
    """What a maker asks: one of these, a whole number, yes or no."""

    def one(self, options: Sequence[T]) -> T: ...

    def whole(self, low: int, high: int) -> int: ...

    def often(self, percent: int) -> bool: ...


class Drawn:
    """Choices drawn by Hypothesis. Earlier options are the simpler ones, what a failing example shrinks to."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def one(self, options: Sequence[T]) -> T:
        return options[self.whole(0, len(options) - 1)]

    def whole(self, low: int, high: int) -> int:
        number: int = self._draw(st.integers(low, high))
        return number

    def often(self, percent: int) -> bool:
        return self.whole(0, 99) >= 100 - percent


class Seeded:
    """Choices from a seed: the same for ever."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def one(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def whole(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def often(self, percent: int) -> bool:
        return self._random.random() * 100 < percent
