"""Two checked policies in, how the facts of a run by the one serve the other out: which column of the facts holds what.

A run's facts hold the clients' fields and what the list functions came to. Another policy can be decided from them where it reads no
field that they lack, and asks every list the very question that the run asked: the same rows, the same parameters' values, the same date.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, AsOf, Constant, FieldValue, MetricValue, ParameterValue
from ..model.policy import Field, Table
from .plan import CLIENTS, Setting, plan


def served_columns(
    old: CheckedPolicy, then: datetime.date, new: CheckedPolicy, now: datetime.date, partition: str
) -> dict[str, str | None] | None:
    """For each column that the new policy's facts are made from, the column of the old facts that holds it (None: it is calculated anew).

    None where the old facts do not hold all that the new policy reads.
    """
    found: dict[str, str | None] = {}
    known = {f.name: f for f in old.policy.clients.fields if not f.protected}
    for field in new.policy.clients.fields:
        if field.protected:
            continue
        if field.calculation is not None:
            found[field.name] = None
        elif field.name in known and known[field.name].calculation is None and bare(known[field.name]) == bare(field):
            found[field.name] = field.name
        else:
            return None
    layers = plan(new, Setting(partition))
    asked = {essence(c.aggregate, old, then): c for c in plan(old).aggregates}
    for column in layers.aggregates:
        same = asked.get(essence(column.aggregate, new, now))
        if same is None:
            return None
        found[column.name] = same.name
        flags = dict(same.blanks)
        for name, flag in column.blanks:
            if name not in flags:
                return None
            found[flag] = flags[name]
    found |= {c.name: None for c in layers.portfolios}
    return found


def bare(field: Field) -> Field:
    """The field without what is only said of it, or only asked of whole columns: what a cell means is left."""
    bare = replace(field, label=None, description="", labels=(), tell_client=False, can_change=False)
    return replace(bare, column=field.header, unique=False, required=False)


def bare_table(table: Table | None) -> object:
    return None if table is None else (table.key, table.without_client, table.missing_tokens)


def essence(node: Aggregate, checked: CheckedPolicy, as_of: datetime.date) -> Any:
    """What a list function asks, with everything that it reaches put in its place: equal where the answers must be equal."""
    return (node.table, bare_table(checked.policy.table(node.table)), tuple(_essence(node, checked, as_of)))


def _essence(thing: Any, checked: CheckedPolicy, as_of: datetime.date) -> Iterator[Any]:
    match thing:
        case ParameterValue(name):
            parameter = checked.policy.parameter(name)
            yield ("value", None if parameter is None else parameter.value_at(as_of), thing.kind)
        case MetricValue(name):
            yield from _essence(checked.metric(name).expression, checked, as_of)
        case FieldValue(table, name):
            calculation = checked.calculation(table, name)
            declared = None if (held := checked.policy.table(table)) is None else held.field(name)
            if calculation is not None:
                yield ("calculated", calculation.kind)
                yield from _essence(calculation.expression, checked, as_of)
            else:
                yield ("field", table if table != CLIENTS else CLIENTS, name, None if declared is None else bare(declared))
        case AsOf():
            yield ("date", as_of)
        case Constant():
            yield ("value", thing.value, thing.kind)
        case tuple():
            yield ("items", len(thing))
            for item in thing:
                yield from _essence(item, checked, as_of)
        case _ if is_dataclass(thing):
            yield type(thing).__name__
            for part in fields(thing):
                if part.compare:
                    yield from _essence(getattr(thing, part.name), checked, as_of)
        case _:
            yield thing
