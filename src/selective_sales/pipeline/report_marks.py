"""A run whose policy has two marks in, the matrix of mutual attractiveness out: a grid, four quadrants, the few who stand apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ..engines import reporting as sums
from ..model.checked import CheckedPolicy, Level
from ..model.expression import FieldValue, MetricValue
from ..model.report import Absent, Axis, Matrix, Named, Tally
from .finished import FinishedRun
from .report_tallies import optional, tally
from .report_values import Values

if TYPE_CHECKING:
    import duckdb

SIZE = 24
MOST_NAMED = 12
"""Clients of each sort who are named: together they stay a list that a person reads."""


def matrix_absent(checked: CheckedPolicy) -> bool:
    return checked.report.ours is None or checked.report.theirs is None


@dataclass(frozen=True, slots=True)
class MatrixMaker:
    """Makes the matrix of a run whose clients are loaded."""

    run: FinishedRun
    connection: duckdb.DuckDBPyConnection
    values: Values

    def matrix(self, absent: dict[str, Absent]) -> Matrix | None:
        """None, and why, where the policy has no two marks, or nobody has both."""
        section = self.run.checked.report
        if section.ours is None or section.theirs is None:
            absent["matrix"] = Absent("undeclared")
            return None
        ours = self.axis("ours", section.ours, section.ours_from)
        theirs = self.axis("theirs", section.theirs, section.theirs_from)
        if ours is None or theirs is None:
            absent["matrix"] = Absent("nobody")
            return None
        cells = sums.grid(self.connection, (ours.low, ours.high), (theirs.low, theirs.high), SIZE)
        found = {(bool(a), bool(b)): tally(row) for a, b, *row in sums.quadrants(self.connection, ours.split, theirs.split)}
        first, second, third, fourth = (found.get(q, Tally(0)) for q in ((True, True), (True, False), (False, True), (False, False)))
        named = tuple(self.named(ours, theirs))
        return Matrix(ours, theirs, SIZE, tuple(cells), (first, second, third, fourth), sums.unmarked(self.connection), named)

    def axis(self, column: str, source: FieldValue | MetricValue, level: Level | None) -> Axis | None:
        """The mark's scale: the score's own, else from the least to the greatest; in its middle the level, where the policy gives none."""
        called = self.values.called(source)
        seen = sums.mark_range(self.connection, column)
        if called is None or seen is None:
            return None
        score = next((s for s in self.run.checked.scores if s.name == source.name and isinstance(source, MetricValue)), None)
        low, high = seen if score is None else (float(score.low), float(score.high))
        split = self.level(level)
        split = (low + high) / 2 if split is None else split
        return Axis(called, min(low, split), max(high, split), split)

    def level(self, level: Level | None) -> float | None:
        if level is None or level.number is not None:
            return None if level is None else float(level.number or 0)
        parameter = self.run.checked.policy.parameter(level.parameter)
        value = None if parameter is None else parameter.value_at(self.run.manifest.as_of)
        return float(value) if isinstance(value, int | Decimal) else None

    def named(self, ours: Axis, theirs: Axis) -> list[Named]:
        """Those of whom matrix and decision say different things, and those whom a named person decided."""
        policy = self.run.checked.policy
        severe = [d.id for d in policy.decisions if d.approval_required] or [policy.decisions[0].id]
        mild = [d.id for d in policy.decisions[-1:] if d.id not in severe] + [d.id for d in policy.decisions if d.default]
        width = len(policy.clients.key)
        rows = sums.named(self.connection, width, ours.split, theirs.split, severe, mild, MOST_NAMED)
        return [
            Named(tuple(map(str, key)), None if name is None else str(name), number(x), number(y), str(decision), optional(money), str(why))
            for why, name, x, y, decision, money, *key in rows
        ]


def number(value: object) -> float:
    assert isinstance(value, float)
    return value
