"""A box in the inputs' own terms: "order_count 12..20 and trust below 0.8"."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from ..model.kind import Kind
from .boxes import Box
from .table_columns import SCALES, Column, Interval
from .words import one_of, plain, value_text


def in_words(box: Box, columns: Sequence[Column]) -> str:
    """The columns that the box narrows; "anything" where it narrows none."""
    parts = [f"{c.text} {of_column(atoms, c)}" for atoms, c in zip(box, columns, strict=True) if atoms & c.present != c.present]
    return " and ".join(parts) if parts else "whatever the inputs are"


def of_column(atoms: int, column: Column) -> str:
    chosen = [atom for i, atom in enumerate(column.atoms) if atoms >> i & 1]
    if column.missing and atoms == column.missing:
        return "missing"
    if column.kind is Kind.BOOLEAN:
        return "true" if chosen == [True] else "false"
    if column.kind is Kind.TEXT:
        if None in chosen:
            others = [value_text(a) for i, a in enumerate(column.atoms) if not atoms >> i & 1 and isinstance(a, str)]
            return f"other than {one_of(others)}"
        return one_of([value_text(a) for a in chosen if isinstance(a, str)])
    return one_of([interval(low, high, column) for low, high in joined(chosen)])


def joined(atoms: Sequence[object]) -> list[Interval]:
    """Neighbouring intervals as one."""
    found: list[Interval] = []
    for atom in atoms:
        assert isinstance(atom, tuple)
        low, high = atom
        if found and found[-1][1] is not None and low == found[-1][1] + 1:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found


def interval(low: int | None, high: int | None, column: Column) -> str:
    """Ends as an author would write them: the nearest short value decides between "below 0.8" and "at most 0.8"."""
    whole = SCALES[column.kind] == 1
    if low is not None and low == high:
        return written(low, column)
    if whole and low is not None and high is not None:
        return f"{written(low, column)}..{written(high, column)}"
    # A declared bound goes without saying.
    atoms = [a for a in column.atoms if isinstance(a, tuple)]
    low, high = (None if low == atoms[0][0] else low), (None if high == atoms[-1][1] else high)
    parts = []
    if low is not None:
        above = not whole and _length(low - 1, column) < _length(low, column)
        parts.append(f"above {written(low - 1, column)}" if above else f"at least {written(low, column)}")
    if high is not None:
        below = not whole and _length(high + 1, column) < _length(high, column)
        parts.append(f"below {written(high + 1, column)}" if below else f"at most {written(high, column)}")
    return " and ".join(parts)


def _length(number: int, column: Column) -> int:
    return len(plain(Decimal(number) / SCALES[column.kind]))


def written(number: int, column: Column) -> str:
    match column.kind:
        case Kind.DATE:
            return datetime.date.fromordinal(min(max(number, 1), 3652059)).isoformat()
        case Kind.DAYS | Kind.MONTHS:
            return f"{number} {column.kind.value}"
        case _:
            value = Decimal(number) / SCALES[column.kind]
            return f"{plain(value * 100)}%" if column.percent else plain(value)
