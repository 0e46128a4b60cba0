"""Scores and decision tables in, their faults out: what is written there as values and cells, not as expressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from ..model.checked import CheckedPolicy, CheckedTable
from ..model.decision_tables import Cell, DecisionTable, Output, TableRow
from ..model.expression import Constant, Expression, HitPolicy, Test
from ..model.kind import Kind
from ..model.mutant import LINES, Edit, Mutant, Part
from ..model.place import Place
from ..model.policy import Policy
from ..model.scores import Factor, Score
from .fault_places import after, removed_text
from .fault_steps import as_written, is_literal, moved, tenth, tenths, value_text
from .fault_tests import test_faults
from .fault_trees import Fault, KindOf, faults

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Planted:
    """A mutant, and the changed part of the policy, by which it is told from others."""

    mutant: Mutant
    changed: object


def with_item(items: Sequence[T], at: int, new: T | None) -> tuple[T, ...]:
    """The items with one replaced, or left out where `new` is None."""
    return (*items[:at], *(() if new is None else (new,)), *items[at + 1 :])


def region(start: Place, end: Place | None, lines: int = 8) -> Place:
    """From one name to the next, where the file is the same, or a few lines on."""
    if end is None or end.file != start.file:
        return Place(start.file, start.line, start.column, start.line + lines, 1)
    return Place(start.file, start.line, start.column, end.line, end.column)


def of_scores(checked: CheckedPolicy, kind_of: KindOf) -> Iterator[Planted]:
    policy = checked.policy
    for s, score in enumerate(policy.scores):
        for new, fault in score_faults(score, kind_of):
            changed = replace(policy, scores=with_item(policy.scores, s, new))
            yield Planted(Mutant(fault.what, Part.SCORE, score.name, changed, fault.tree.place, fault.edits), new)


def score_faults(score: Score, kind_of: KindOf) -> Iterator[tuple[Score, Fault]]:
    for i, factor in enumerate(score.factors):
        end = score.factors[i + 1].place if i + 1 < len(score.factors) else None
        for new, fault in factor_faults(factor, end, kind_of):
            yield replace(score, factors=with_item(score.factors, i, new)), replace(fault, tree=replace(fault.tree, place=factor.place))
        if len(score.factors) > 1:
            blank = Constant(None, place=factor.place)
            yield replace(score, factors=with_item(score.factors, i, None)), Fault(blank, f"the factor '{factor.id}' removed")
    what = "a blank factor makes the score unknown" if score.reweigh else "a blank factor is left out"
    yield replace(score, reweigh=not score.reweigh), Fault(Constant(None, place=score.place), what)


def factor_faults(factor: Factor, end: Place | None, kind_of: KindOf) -> Iterator[tuple[Factor, Fault]]:
    for fault in faults(factor.of, kind_of):
        yield replace(factor, of=fault.tree), fault
    if is_literal(factor.weight):
        for new, word, edit in tenths(factor.weight):
            yield replace(factor, weight=new), Fault(new, f"the weight {word}", (edit,))
    yield from line_faults(factor)
    for i, (cell, worth) in enumerate(factor.points):
        for changed, what, edits in cell_faults(cell, kind_of(factor.of), widen=False):
            yield replace(factor, points=with_item(factor.points, i, (changed, worth))), Fault(Constant(None), what, edits)
        other = worth + Decimal("0.1") if worth <= Decimal("0.9") else worth - Decimal("0.1")
        edit = Edit(after(cell.place, 12), r"^(\D*)[\d.]+", rf"\g<1>{other.normalize():f}")
        yield replace(factor, points=with_item(factor.points, i, (cell, other))), Fault(Constant(None), "other points", (edit,))
        if len(factor.points) > 1:
            yield replace(factor, points=with_item(factor.points, i, None)), Fault(Constant(None), "points removed")
    if factor.missing is not None:
        value = factor.missing + Decimal("0.1") if factor.missing <= Decimal("0.9") else factor.missing - Decimal("0.1")
        fault_edits = (Edit(region(factor.place, end), r"missing:\s*[^,}\n]+", f"missing: {value.normalize():f}"),)
        yield replace(factor, missing=value), Fault(Constant(None), "another value for a blank", fault_edits)
        yield (
            replace(factor, missing=None),
            Fault(Constant(None), "no value for a blank", (Edit(region(factor.place, end), r",\s*missing:\s*[^,}\n]+", ""),)),
        )


def line_faults(factor: Factor) -> Iterator[tuple[Factor, Fault]]:
    """Worst and best moved by a tenth of the way between them."""
    ends = (factor.worst, factor.best)
    if not all(isinstance(end, Constant) and isinstance(end.value, int | Decimal) for end in ends):
        return
    worst, best = (end for end in ends if isinstance(end, Constant))
    assert not isinstance(worst.value, str | None) and not isinstance(best.value, str | None)
    span = Decimal(best.value) - Decimal(worst.value)  # type: ignore[arg-type]
    step = tenth(int(span) if span == span.to_integral_value() else span)
    for name, node in (("worst", worst), ("best", best)):
        for sign, word in ((1, "above"), (-1, "below")):
            value = moved(node.value, sign * step)
            if value is None or (worst.value, best.value) == (value, value) or value in (worst.value, best.value):
                continue
            text = value_text(value, node.text, node.kind)
            new = as_written(replace(node, value=value, text=text))
            changed = replace(factor, worst=new) if name == "worst" else replace(factor, best=new)
            yield changed, Fault(new, f"'{name}' {word}", (Edit(node.place, "", text),))


def cell_faults(cell: Cell, kind: Kind, *, widen: bool) -> Iterator[tuple[Cell, str, tuple[Edit, ...]]]:
    """A cell with a fault: its tests, an item forgotten, `not(...)` forgotten, the whole cell open."""
    if not cell.items:
        return
    if widen:
        yield Cell("-", place=cell.place), "a cell open", (Edit(cell.place, "", '"-"'),)
    for i, item in enumerate(cell.items):
        plain = kind is Kind.TEXT and item.text and item.text[:1] not in "=!<>[(\"'`@"
        for tests, what, edits in () if plain else one_by_one(item.tests, kind):
            yield replace(cell, items=with_item(cell.items, i, replace(item, tests=tests))), what, edits
        if len(cell.items) > 1:
            removed = removed_text([one.place for one in cell.items], i)
            yield replace(cell, items=with_item(cell.items, i, None)), "an item removed", removed
    if cell.negated:
        yield replace(cell, negated=False), "'not' removed", (Edit(cell.place, r"not\s*\((.*)\)", r"\1"),)


def one_by_one(tests: tuple[Test, ...], kind: Kind) -> Iterator[tuple[tuple[Test, ...], str, tuple[Edit, ...]]]:
    return ((new, what, edits) for new, what, edits in test_faults(tests, kind) if new)


def of_tables(checked: CheckedPolicy, kind_of: KindOf) -> Iterator[Planted]:
    policy = checked.policy
    for t, table in enumerate(policy.decision_tables):
        typed = next((one for one in checked.tables if one.name == table.name), None)
        if typed is None:
            continue
        for new, fault in table_faults(table, typed, kind_of):
            yield of_table(policy, t, new, fault)


def of_table(policy: Policy, at: int, new: DecisionTable, fault: Fault) -> Planted:
    changed = replace(policy, decision_tables=with_item(policy.decision_tables, at, new))
    return Planted(Mutant(fault.what, Part.TABLE, new.name, changed, fault.tree.place, fault.edits), new)


def table_faults(table: DecisionTable, typed: CheckedTable, kind_of: KindOf) -> Iterator[tuple[DecisionTable, Fault]]:
    for i, tree in enumerate(table.inputs):
        for fault in faults(tree, kind_of):
            yield replace(table, inputs=with_item(table.inputs, i, fault.tree)), fault
    for r, row in enumerate(table.rows):
        for new, fault in row_faults(table, row, [one.value.kind for one in typed.inputs]):
            placed = replace(fault, tree=replace(fault.tree, place=row.place))
            yield replace(table, rows=with_item(table.rows, r, new)), placed
        here = Constant(None, place=row.place)
        if len(table.rows) > 1:
            edit = (Edit(row.place, LINES, ""),) if len({row.place.line for row in table.rows}) == len(table.rows) else ()
            yield replace(table, rows=with_item(table.rows, r, None)), Fault(here, "the row removed", edit)
        if table.hit_policy in (HitPolicy.FIRST, HitPolicy.COLLECT) and r + 1 < len(table.rows):
            rows = (*table.rows[:r], table.rows[r + 1], row, *table.rows[r + 2 :])
            yield replace(table, rows=rows), Fault(here, "after the next row, not before")
    if table.otherwise is not None:
        yield replace(table, otherwise=None), Fault(Constant(None, place=table.otherwise_place), "'otherwise' removed")
        for i, (output, value) in enumerate(zip(table.outputs, table.otherwise, strict=True)):
            for fault in value_changes(value, output):
                yield replace(table, otherwise=with_item(table.otherwise, i, fault.tree)), fault


def row_faults(table: DecisionTable, row: TableRow, kinds: Sequence[Kind]) -> Iterator[tuple[TableRow, Fault]]:
    for i, (cell, kind) in enumerate(zip(row.cells, kinds, strict=True)):
        for new, what, edits in cell_faults(cell, kind, widen=True):
            yield replace(row, cells=with_item(row.cells, i, new)), Fault(Constant(None), what, edits)
    for i, (output, value) in enumerate(zip(table.outputs, row.outputs, strict=True)):
        for fault in value_changes(value, output):
            yield replace(row, outputs=with_item(row.outputs, i, fault.tree)), fault


def value_changes(value: Expression, output: Output) -> Iterator[Fault]:
    """Another value for an output: the next of its listed ones, or the written one moved."""
    if not isinstance(value, Constant) or value.value is None:
        return
    if output.one_of:
        if value.value in output.one_of:
            at = output.one_of.index(value.value)
            other = output.one_of[at + 1 if at + 1 < len(output.one_of) else at - 1]
            if other != value.value:
                text = str(other)
                yield Fault(replace(value, value=other, text=text), "another output", (Edit(value.place, "", text),))
    elif isinstance(value.value, bool):
        text = str(not value.value).lower()
        yield Fault(replace(value, value=not value.value, text=text), "another output", (Edit(value.place, "", text),))
    elif is_literal(value):
        for new, word, edit in tenths(value):
            yield Fault(new, f"the output {word}", (edit,))
