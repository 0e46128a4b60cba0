"""Fields and parameters in, their faults out: what is calculated, what stands for a blank, and each written value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Compare, Constant, Expression, ParameterValue, Scalar, children, walk
from ..model.kind import Kind
from ..model.mutant import Edit, Mutant, Part
from ..model.place import Place
from ..model.policy import Field, Parameter, Table
from .fault_places import removed_text
from .fault_reads import trees
from .fault_sections import Planted, region, with_item
from .fault_steps import is_movable, moved, step_of, value_text
from .fault_trees import Fault, KindOf, faults

COUNTS = ("count", "distinct_count")


def of_fields(checked: CheckedPolicy, kind_of: KindOf) -> Iterator[Planted]:
    """Calculated fields, and what stands for a blank, where anything reads the field."""
    policy = checked.policy
    read = frozenset[tuple[str, str]]().union(*map(checked.reads, trees(checked)))
    for t, table in enumerate(policy.tables):
        for f, field in enumerate(table.fields):
            if (table.name, field.name) not in read:
                continue
            for new, fault in field_faults(table, f, field, kind_of):
                tables = with_item(policy.tables, t, replace(table, fields=with_item(table.fields, f, new)))
                mutant = Mutant(
                    fault.what, Part.FIELD, f"{table.name}.{field.name}", replace(policy, tables=tables), field.place, fault.edits
                )
                yield Planted(mutant, new)


def field_faults(table: Table, at: int, field: Field, kind_of: KindOf) -> Iterator[tuple[Field, Fault]]:
    if field.calculation is not None:
        for fault in faults(field.calculation, kind_of):
            yield replace(field, calculation=fault.tree), fault
    if field.missing is None:
        return
    end = table.fields[at + 1].place if at + 1 < len(table.fields) and table.fields[at + 1].place.line >= field.place.line else None
    span = region(field.place, end)
    for value in other_values(field):
        written = (
            value_text(value, "", field.type)
            if not isinstance(value, bool | str)
            else str(value).lower()
            if isinstance(value, bool)
            else value
        )
        fault = Fault(Constant(value), "another value for a blank", (Edit(span, r"missing:\s*[^,}\n]+", f"missing: {written}"),))
        yield replace(field, missing=value), fault
    yield replace(field, missing=None), Fault(Constant(None), "no value for a blank", (Edit(span, r",\s*missing:\s*[^,}\n]+", ""),))


def other_values(field: Field) -> Iterator[Scalar]:
    """Another value that a blank could stand for."""
    value = field.missing
    if isinstance(value, bool):
        yield not value
    elif field.one_of:
        yield next(other for other in field.one_of if other != value) if len(field.one_of) > 1 else value  # type: ignore[misc]
    elif is_movable(value):
        step = 1 if isinstance(value, int) and field.type is not Kind.MONEY else Decimal(1) if field.maximum is None else Decimal("0.1")
        up = moved(value, step)
        if up is not None and (field.maximum is None or up <= field.maximum):  # type: ignore[operator]
            yield up
        elif (down := moved(value, -step)) is not None:
            yield down


def of_parameters(checked: CheckedPolicy) -> Iterator[Planted]:
    policy = checked.policy
    used = {node.name for tree in trees(checked) for node in walk(tree) if isinstance(node, ParameterValue)}
    for p, parameter in enumerate(policy.parameters):
        if parameter.name not in used:
            continue
        against = compared_with(checked, parameter.name)
        for new, what, edits in parameter_faults(parameter, against, counted=beside_counts(checked, parameter.name)):
            place = edits[0].place if edits else parameter.place
            changed = replace(policy, parameters=with_item(policy.parameters, p, new))
            yield Planted(Mutant(what, Part.PARAMETER, parameter.name, changed, place, edits), new)


def compared_with(checked: CheckedPolicy, name: str) -> frozenset[Kind]:
    """The kinds of what stands beside the parameter where it is used."""
    found: set[Kind] = set()
    for node in (n for tree in trees(checked) for n in walk(tree)):
        parts = children(node)
        if any(isinstance(part, ParameterValue) and part.name == name for part in parts):
            found |= {part.kind for part in parts if not isinstance(part, ParameterValue)}
    return frozenset(found)


def beside_counts(checked: CheckedPolicy, name: str) -> bool:
    """Only limits read the parameter, and what they compare there are clients that are counted."""
    calculated = (*(m.expression for m in checked.metrics), *(rule.condition for rule in checked.rules))
    if any(reads_parameter(tree, name) for tree in calculated):
        return False
    compared = [n for x in checked.limits for n in walk(x.require) if isinstance(n, Compare) and reads_parameter(n, name)]
    lists = [n for comparison in compared for n in walk(comparison) if isinstance(n, Aggregate)]
    return bool(lists) and all(n.function in COUNTS for n in lists)


def reads_parameter(tree: Expression, name: str) -> bool:
    return any(isinstance(node, ParameterValue) and node.name == name for node in walk(tree))


def parameter_faults(
    parameter: Parameter, against: frozenset[Kind], *, counted: bool = False
) -> Iterator[tuple[Parameter, str, tuple[Edit, ...]]]:
    """Each value of the parameter (of a dated one each, of a list each item) changed."""
    held = [parameter.value] if not parameter.dated else [dated.value for dated in parameter.dated]
    at = 0
    for i, value in enumerate(held):
        items = value if isinstance(value, tuple) else (value,)
        places = parameter.places[at : at + len(items)]
        at += len(items)
        other = (
            Kind.INTEGER if against and against <= {Kind.INTEGER, Kind.BOOLEAN} else Kind.MONEY if Kind.MONEY in against else Kind.NUMBER
        )
        changes = (
            list_faults(items, places) if isinstance(value, tuple) else value_faults(items[0], parameter, places, other, counted=counted)
        )
        for new, what, edits in changes:
            if parameter.dated:
                dated = with_item(parameter.dated, i, replace(parameter.dated[i], value=new))
                yield replace(parameter, dated=dated), what, edits
            else:
                yield replace(parameter, value=new), what, edits


def list_faults(items: tuple[Scalar | None, ...], places: Sequence[Place]) -> Iterator[tuple[tuple[Scalar, ...], str, tuple[Edit, ...]]]:
    for i in range(len(items) if len(items) > 1 else 0):
        edits = removed_text(list(places), i) if len(places) == len(items) else ()
        yield tuple(item for j, item in enumerate(items) if j != i and item is not None), "an item removed", edits


def value_faults(
    value: Scalar | None, parameter: Parameter, places: Sequence[Place], other: Kind, *, counted: bool = False
) -> Iterator[tuple[Scalar, str, tuple[Edit, ...]]]:
    if isinstance(value, bool):
        yield not value, "turned round", tuple(Edit(place, "", str(not value).lower()) for place in places)
    elif value is not None and is_movable(value):
        like = "%" if parameter.format == "percent" else ""
        step = step_of(value, like, parameter.kind, other, counted=counted)
        for sign, word in ((1, "above"), (-1, "below")):
            new = moved(value, sign * step)
            if new is not None:
                yield new, f"just {word}", tuple(Edit(place, "", value_text(new, like, parameter.kind)) for place in places)
