"""What can be said of decision tables before any data: rows that meet although they must not, gaps, rows that never count.

Nothing is claimed that is not proved, for all values that the contract allows. What could not be looked at is said.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from ..model.checked import CheckedPolicy, CheckedRow, CheckedTable
from ..model.expression import (
    And,
    Constant,
    Expression,
    Hit,
    HitPolicy,
    In,
    MetricValue,
    Not,
    OpTest,
    ParameterValue,
    RangeTest,
    Test,
    ValueTest,
    walk,
)
from ..model.kind import Kind
from .boxes import Box, TooMuchWorkError, Work, covered, meet, merged, uncovered
from .desk import Desk
from .table_columns import SCALES, Column, ColumnMaker, Sides
from .table_words import in_words, joined
from .value_ranges import Known, known_of
from .words import one_of

MOST_GAPS = 200
"""Boxes that are looked for before they are put together."""
SHOWN = 5
MOST_DATES = 4
TODAY = datetime.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as boxes on one date: the atoms for which each row is surely true (`sure`) and may be (`maybe`)."""

    columns: tuple[Column, ...]
    sure: tuple[Box, ...]
    maybe: tuple[Box, ...]

    @property
    def opaque(self) -> list[int]:
        """The rows with a cell that compares with something that is not fixed, from 1."""
        return [i + 1 for i, (sure, maybe) in enumerate(zip(self.sure, self.maybe, strict=True)) if sure != maybe]

    @property
    def present(self) -> Box:
        return tuple(c.present for c in self.columns)


def shape(table: CheckedTable, checked: CheckedPolicy, as_of: datetime.date, known: Known | None = None) -> Shape:
    """The table's boxes on that date."""
    known = known or known_of(checked)
    columns: list[Column] = []
    sides: list[list[Sides]] = []
    for i, found in enumerate(table.inputs):
        column, cells = ColumnMaker(checked, as_of, found.value, found.text, known).column([row.cells[i] for row in table.rows])
        columns.append(column)
        sides.append(cells)
    rows = range(len(table.rows))
    return Shape(
        tuple(columns),
        tuple(tuple(column[r].sure for column in sides) for r in rows),
        tuple(tuple(column[r].maybe for column in sides) for r in rows),
    )


def dates_of(table: CheckedTable, checked: CheckedPolicy) -> list[datetime.date]:
    """The dates on which a parameter of the table takes another value; one where none does."""
    names = {n.name for row in table.rows for cell in row.cells if cell is not None for n in walk(cell) if isinstance(n, ParameterValue)}
    parameters = [p for p in checked.policy.parameters if p.name in names]
    return sorted({d.since for p in parameters for d in p.dated})[-MOST_DATES:] or [TODAY]


def check_decision_tables(checked: CheckedPolicy, known: Known, desk: Desk) -> None:
    """Findings on every table."""
    for table in checked.tables:
        told: set[tuple[str, str]] = set()
        for date in dates_of(table, checked):
            looked = shape(table, checked, date, known)
            try:
                for code, message, row, help in _findings(table, checked, looked, Work()):
                    if (code, message) not in told:
                        told.add((code, message))
                        _tell(desk, table, code, message, row, help)
            except TooMuchWorkError:
                message = f"the table '{table.name}' is too intricate to be looked through: gaps and rows that never count are not known"
                desk.note("SS318", message, table.place, "split it, if that reads better")


Found = tuple[str, str, CheckedRow | None, str]


def _tell(desk: Desk, table: CheckedTable, code: str, message: str, row: CheckedRow | None, help: str) -> None:
    place = table.place if row is None else row.place
    if code in ("SS311", "SS312"):
        desk.error(code, message, place, help)
    elif code in ("SS316", "SS317"):
        desk.note(code, message, place, help)
    else:
        desk.warning(code, message, place, help)


def _findings(table: CheckedTable, checked: CheckedPolicy, looked: Shape, work: Work) -> Iterator[Found]:
    yield from _empty(table, looked)
    if table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        yield from _meetings(table, looked)
    if table.hit_policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        yield from _unreachable(table, checked, looked, work)
    if not table.hit_policy.collects:
        yield from _gaps(table, looked, work)
    if looked.opaque:
        many = len(looked.opaque) > 1
        rows = f"row{'s' if many else ''} {one_of(map(str, looked.opaque), 'and')} of the table '{table.name}' compare{'' if many else 's'}"
        message = f"{rows} with values that are not fixed: what is covered there is not known beforehand"
        yield "SS316", message, None, "the run looks whether rows meet"


def _empty(table: CheckedTable, looked: Shape) -> Iterator[Found]:
    for row, box in zip(table.rows, looked.maybe, strict=True):
        never = [c.text for atoms, c in zip(box, looked.columns, strict=True) if not atoms]
        if never:
            message = f"row {row.number} of the table '{table.name}' is never true: no {one_of(never)} is like this"
            yield "SS315", message, row, "mend the cell, or leave the row out"


def _meetings(table: CheckedTable, looked: Shape) -> Iterator[Found]:
    """Each row with the first other that it meets."""
    for i, row in enumerate(table.rows):
        for j in range(i):
            both = meet(looked.sure[i], looked.sure[j])
            if both is None or (table.hit_policy is HitPolicy.ANY and _same(row, table.rows[j])):
                continue
            where = in_words(both, looked.columns)
            names = f"rows {j + 1} and {i + 1} of the table '{table.name}'"
            if table.hit_policy is HitPolicy.UNIQUE:
                message = f"{names} are both true: {where}"
                help = "'unique' promises one row at most: narrow one of them, or choose the hit policy 'first'"
                yield "SS311", message, row, help
            else:
                help = "'any' promises rows that agree: give them one output, or choose the hit policy 'first'"
                yield "SS312", f"{names} are both true and give different outputs: {where}", row, help
            break


def _same(one: CheckedRow, other: CheckedRow) -> bool:
    return one.outputs == other.outputs or not all(isinstance(o, Constant) for o in (*one.outputs, *other.outputs))


def _unreachable(table: CheckedTable, checked: CheckedPolicy, looked: Shape, work: Work) -> Iterator[Found]:
    order = _order(table, checked)
    for n, i in enumerate(order):
        box = looked.maybe[i]
        before = [looked.sure[j] for j in order[:n]]
        if all(box) and covered(box, before, work):
            rows = [j + 1 for j in order[:n] if meet(box, looked.sure[j]) is not None]
            single = [j for j in rows if covered(box, [looked.sure[j - 1]], work)]
            by = f"row {single[0]}" if single else f"rows {one_of(map(str, sorted(rows)), 'and')} together"
            message = f"row {i + 1} of the table '{table.name}' never counts: {by} cover{'s' if single else ''} all of it"
            yield "SS314", message, table.rows[i], "put it before them, narrow them, or leave it out"


def _order(table: CheckedTable, checked: CheckedPolicy) -> list[int]:
    """The rows in the order in which they count."""
    if table.hit_policy is not HitPolicy.PRIORITY:
        return list(range(len(table.rows)))
    tree = checked.metric(table.outputs[0]).expression
    assert isinstance(tree, Hit)
    numbers = {row.part: i for i, row in enumerate(table.rows)}
    return [numbers[row.condition.name] for row in tree.rows if isinstance(row.condition, MetricValue)]


def _gaps(table: CheckedTable, looked: Shape, work: Work) -> Iterator[Found]:
    if table.otherwise is not None:
        everything = tuple(c.everything for c in looked.columns)
        if covered(everything, looked.sure, work):
            yield "SS317", f"'otherwise' of the table '{table.name}' is never reached: the rows cover everything", None, "leave it out"
        return
    boxes = gap_boxes(looked, work)
    for box in boxes[:SHOWN]:
        more = f" (and {len(boxes) - SHOWN} more)" if len(boxes) > SHOWN and box is boxes[SHOWN - 1] else ""
        message = f"the table '{table.name}' has no row for {in_words(box, looked.columns)}{more}"
        yield "SS313", message, None, "its outputs are missing there: add a row, or otherwise: [...]"


def gap_boxes(looked: Shape, work: Work) -> list[Box]:
    """What no row can be true for, in few boxes, the widest first; missing inputs are no gap."""
    found = merged(list(islice(uncovered(looked.present, [_present(b, looked) for b in looked.maybe], work), MOST_GAPS)))
    return sorted(found, key=lambda box: -_width(box, looked))


def _present(box: Box, looked: Shape) -> Box:
    return tuple(a & c.present for a, c in zip(box, looked.columns, strict=True))


def _width(box: Box, looked: Shape) -> float:
    """How much of the atoms the box holds: a measure for what to tell first."""
    width = 1.0
    for atoms, column in zip(box, looked.columns, strict=True):
        width *= atoms.bit_count() / max(len(column.atoms), 1)
    return width


def gaps(table: CheckedTable, checked: CheckedPolicy, as_of: datetime.date) -> list[tuple[str, Expression]]:
    """Each gap in words, and as a condition on a client."""
    if table.otherwise is not None or table.hit_policy.collects:
        return []
    looked = shape(table, checked, as_of)
    try:
        boxes = gap_boxes(looked, Work())[:SHOWN]
    except TooMuchWorkError:
        return []
    return [(in_words(box, looked.columns), _condition(box, looked, table)) for box in boxes]


def _condition(box: Box, looked: Shape, table: CheckedTable) -> Expression:
    parts: list[Expression] = []
    for atoms, column, found in zip(box, looked.columns, table.inputs, strict=True):
        if atoms & column.present == column.present:
            continue
        chosen = [a for i, a in enumerate(column.atoms) if atoms >> i & 1]
        parts.append(_of_column(chosen, column, found.value))
    if not parts:
        return Constant(True, "true", kind=Kind.BOOLEAN)
    return parts[0] if len(parts) == 1 else And(tuple(parts), kind=Kind.BOOLEAN)


def _of_column(chosen: Sequence[object], column: Column, value: Expression) -> Expression:
    if column.kind is Kind.BOOLEAN:
        return value if chosen == [True] else Not(value, kind=Kind.BOOLEAN)
    if column.kind is Kind.TEXT:
        wanted = [a for a in chosen if isinstance(a, str)]
        others = [a for a in column.atoms if isinstance(a, str) and a not in wanted]
        texts = others if None in chosen else wanted
        tests: tuple[Test, ...] = tuple(ValueTest(Constant(t, kind=Kind.TEXT)) for t in texts)
        return In(value, tests, negated=None in chosen, kind=Kind.BOOLEAN)
    return In(value, tuple(_range(low, high, column) for low, high in joined(chosen)), kind=Kind.BOOLEAN)


def _range(low: int | None, high: int | None, column: Column) -> Test:
    if low is None and high is not None:
        return OpTest("<=", _constant(high, column))
    if high is None and low is not None:
        return OpTest(">=", _constant(low, column))
    assert low is not None and high is not None
    return RangeTest(_constant(low, column), _constant(high, column), True, True)


def _constant(number: int, column: Column) -> Constant:
    if column.kind is Kind.DATE:
        return Constant(datetime.date.fromordinal(number), kind=column.kind)
    scale = SCALES[column.kind]
    return Constant(number if scale == 1 else Decimal(number) / scale, kind=column.kind)
