"""Kinds: what sort of value an expression has, known before any data is read."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of docs/language.md. INTEGER is a NUMBER that is whole (64 bits), so that engines can keep it exact.

    UNKNOWN is the kind of a tree before the checker has seen it, and of what is in error: it never meets an engine.
    """

    MONEY = "money"
    NUMBER = "number"
    INTEGER = "integer"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    DAYS = "days"
    MONTHS = "months"
    UNKNOWN = "unknown"

    @property
    def family(self) -> Kind:
        """The kind an author sees: an integer is a number."""
        return Kind.NUMBER if self is Kind.INTEGER else self

    @property
    def is_numeric(self) -> bool:
        """True for what can be summed: money, numbers, and spans of time."""
        return self in _NUMERIC


_NUMERIC = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS, Kind.MONTHS})
