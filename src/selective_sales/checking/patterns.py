"""Whether a pattern that `matches` is given is one that the engine reads."""

from __future__ import annotations

from ..model.patterns import pattern_problem
from ..model.place import Place
from .desk import Desk


def check_pattern(pattern: str, place: Place, desk: Desk) -> None:
    """A finding where the pattern cannot be read."""
    problem = pattern_problem(pattern)
    if problem is None:
        return
    help = 'an example of a pattern: "^PL[0-9]{10}$"; before a sign such as ( or . a \\ makes it stand for itself'
    if problem.endswith("is not possible"):
        help = "RE2 has no look-around, back-references and possessive repeats: split the condition into several tests"
    desk.error("SS221", f"this pattern cannot be read: {problem}", place, help)
