"""The cells of a sheet in SQL: what a cell is by its first letter, what stands in it behind that."""

from __future__ import annotations

from .workbook.sheet import Cell

FAULTY = (("error", Cell.ERROR), ("uncalculated", Cell.FORMULA))
"""Why a cell has no value, and what it then is."""


def text_of(raw: str) -> str:
    return f"{raw}[2:]"


def is_a(raw: str, *kinds: Cell) -> str:
    """True for a cell of one of the kinds."""
    return "(" + " OR ".join(f"starts_with({raw}, '{kind}')" for kind in kinds) + ")"


def is_number(raw: str) -> str:
    return is_a(raw, Cell.NUMBER, Cell.DRESSED)


def is_date(raw: str) -> str:
    return is_a(raw, Cell.DATE)


def is_written(raw: str, *, digits: bool) -> str:
    """True for what a person wrote; `digits`: also for digits that Excel took for a number."""
    return is_a(raw, Cell.TEXT, *([Cell.NUMBER, Cell.DRESSED] if digits else []))


def is_value(raw: str) -> str:
    """False for an error, and for a formula that nobody has calculated."""
    return f"NOT {is_a(raw, *(kind for _, kind in FAULTY))}"


def faults(raw: str, clean: str, *, as_text: bool) -> list[tuple[str, str]]:
    """What only a cell of a sheet can be: reason, and the SQL that is true there. `as_text`: digits count, not the number they make."""
    found = [(reason, f"{is_a(raw, kind)} AND {clean} IS NOT NULL") for reason, kind in FAULTY]
    if as_text:
        found.append(("dressed", f"{is_a(raw, Cell.DRESSED)} AND {clean} IS NOT NULL"))
        found.append(("digits", f"{is_number(raw)} AND abs(TRY_CAST({text_of(raw)} AS DOUBLE)) >= 9007199254740992"))
    return found
