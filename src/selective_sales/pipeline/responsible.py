"""Clients who moved and the changes that may have moved them in, for each client the changes that suffice out.

Nothing is derived: every candidate is put into the old policy and decided by the production query. Where no candidate suffices alone,
everything is taken away from all of them that can be spared, and where more than two are left every pair is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from ..engines import moves
from ..model import steps
from ..model.checked import CheckedPolicy
from ..model.comparison import Candidate
from ..model.steps import Step

if TYPE_CHECKING:
    import duckdb

MOST_TRIES = 400
"""Policies that are decided in all: beyond, the smallest set is no longer sought."""
MOST_PAIRS = 120
DATA, BOTH, UNTOLD, EXCEPTION = -1, -2, -3, -4
"""Causes that are no set of changes."""

Decide = Callable[[CheckedPolicy], Path | None]
"""The folder with the decisions of a policy; None where it cannot be decided over the data at hand."""
Make = Callable[[frozenset[int]], CheckedPolicy | None]
"""The old policy with the changes of these numbers, checked; None where it makes no sense."""


@dataclass(slots=True)
class Search:
    """The tries and what they gave. `sets` are the sets of candidates by the number that `run.causes` knows them by."""

    connection: duckdb.DuckDBPyConnection
    key: tuple[str, ...]
    candidates: Sequence[Candidate]
    make: Make
    decide: Decide
    sets: list[tuple[int, ...]] = field(default_factory=list)
    tries: int = 0

    def run(self) -> None:
        """Fills `run.causes`."""
        for number in range(len(self.candidates)):
            self.note((number,), only_open=False)
        if moves.open_rest(self.connection):
            self.together()

    def together(self) -> None:
        """Sets for those whom no change moves alone. A set of two cannot be smaller; where more were left, every pair is tried."""
        parts = {part: numbers for part, numbers in self.take_away().items() if numbers}
        for part, numbers in parts.items():
            if len(numbers) <= 2:
                self.close(part, numbers)
        if any(len(numbers) > 2 for numbers in parts.values()):
            for pair in self.pairs():
                self.note(pair, only_open=True)
            for part, numbers in parts.items():
                if len(numbers) > 2:
                    self.close(part, numbers)

    def close(self, part: int, numbers: tuple[int, ...]) -> None:
        moves.close_rest(self.connection, part, len(self.sets))
        self.sets.append(numbers)

    def pairs(self) -> Iterator[tuple[int, int]]:
        found = combinations(range(len(self.candidates)), 2)
        return (pair for number, pair in enumerate(found) if number < MOST_PAIRS and self.tries < MOST_TRIES)

    def decided(self, numbers: Sequence[int]) -> Path | None:
        """The decisions of the old policy with these candidates."""
        checked = self.make(frozenset(c for n in numbers for c in self.candidates[n].whole))
        if checked is None:
            return None
        self.tries += 1
        with steps.as_a_whole(Step.CAUSES, f"try {self.tries}"):
            return self.decide(checked)

    def note(self, numbers: tuple[int, ...], *, only_open: bool) -> None:
        folder = self.decided(numbers) if self.tries < MOST_TRIES else None
        if folder is None:
            return
        moves.add_cause(self.connection, len(self.sets), folder / "decisions.parquet", self.key, only_open=only_open)
        self.sets.append(numbers)

    def take_away(self) -> dict[int, tuple[int, ...]]:
        """The sets by the number of their group in `run.rest`.

        From all candidates one after the other is taken away, for those of the rest who come to their new decision without it.
        """
        everything = tuple(range(len(self.candidates)))
        folder = self.decided(everything) if everything else None
        if folder is None or not moves.split_rest(self.connection, 0, 1, folder / "decisions.parquet", self.key)[0]:
            return {}
        parts: dict[int, tuple[int, ...]] = {0: (), 1: everything}
        for number in range(len(self.candidates)):
            for part, numbers in list(parts.items()):
                if number not in numbers or self.tries >= MOST_TRIES:
                    continue
                fewer = tuple(n for n in numbers if n != number)
                folder = self.decided(fewer) if fewer else None
                if folder is None:
                    continue
                other = len(parts)
                gone, left = moves.split_rest(self.connection, part, other, folder / "decisions.parquet", self.key)
                if gone:
                    parts[other] = fewer
                if not left:
                    parts[part] = ()
        return parts


def smallest(numbers: Sequence[int], sets: Sequence[tuple[int, ...]], candidates: Sequence[Candidate]) -> tuple[tuple[int, ...], ...]:
    """The sets of these numbers, without those that hold another of them."""
    found = [sets[n] for n in numbers]
    wholes = [frozenset(c for n in one for c in candidates[n].whole) for one in found]
    return tuple(one for one, whole in zip(found, wholes, strict=True) if not any(other < whole for other in wholes))
