"""The section `measures` -> Measure: which values of a client are its revenue, its cost, its hours."""

from __future__ import annotations

from ..model.policy import Measure, MeasureName
from .conditions import expression
from .desk import Desk, entries
from .nodes import Node

_NAMES = frozenset(MeasureName)


def read_measures(desk: Desk, section: Node | None) -> tuple[Measure, ...]:
    """The measures of a file; a key that is none has its finding from the schema."""
    known = [entry for entry in entries(section) if entry.key.value in _NAMES]
    return tuple(Measure(MeasureName(e.key.value), expression(desk, e.value), desk.place(e.key)) for e in known)
