"""What can be said of a decision table without data (placeholder until the boxes are there)."""

from __future__ import annotations

from ..model.checked import CheckedPolicy
from .desk import Desk


def check_decision_tables(checked: CheckedPolicy, desk: Desk) -> None:
    """Findings on overlaps, gaps and rows that can never be reached."""
