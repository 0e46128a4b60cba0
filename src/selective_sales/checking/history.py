"""`history`: the list of a client's earlier decisions, a child table that every policy has once it looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..model.expression import Expression, Member, Name, Rows, walk
from ..model.kind import Kind
from ..model.policy import Field, Policy, Table
from .catalog import CLIENTS, catalog
from .graph import trees_of
from .names import HISTORY


def with_history(policy: Policy) -> Policy:
    """The policy with the table `history`, where some expression names it."""
    if policy.table(HISTORY) is not None or not policy.tables or not any(map(_names_history, _expressions(policy))):
        return policy
    clients = policy.tables[0]
    keys = [(name, field.type if (field := clients.field(name)) is not None else Kind.TEXT) for name in clients.key]
    decisions = (*(d.id for d in policy.decisions), "undetermined")
    fields = (
        *(Field(name, kind) for name, kind in keys),
        Field("as_of", Kind.DATE),
        Field("decision", Kind.TEXT, one_of=decisions),
        Field("decided_by", Kind.TEXT),
        Field("policy_version", Kind.TEXT),
        Field("approved", Kind.BOOLEAN),
    )
    table = Table(HISTORY, clients.key, fields, clients.place, clients.key_place, belongs_to=CLIENTS, built_in=True)
    return replace(policy, tables=(*policy.tables, table))


def _names_history(tree: Expression) -> bool:
    return any(
        (isinstance(n, Rows) and n.table == HISTORY)
        or (isinstance(n, Name) and n.name == HISTORY)
        or (isinstance(n, Member) and n.owner == HISTORY)
        for n in walk(tree)
    )


def _expressions(policy: Policy) -> Iterator[Expression]:
    """Every tree that is of one client, and those of all clients, which cannot use the list: their findings know what it is."""
    known = catalog(policy)
    for value in known.metrics.values():
        yield from trees_of(value, known)
    for rule in policy.rules:
        yield rule.when
        if rule.unless is not None:
            yield rule.unless
    for guarantee in policy.guarantees:
        yield guarantee.always
    for allocation in policy.allocations:
        yield from (part for group in allocation.groups for part in (group.who, group.measure) if part is not None)
        if allocation.measure is not None:
            yield allocation.measure
    yield from (measure.expression for measure in policy.measures)
    if policy.fairness is not None:
        yield from (division.expression for division in (*policy.fairness.across, *policy.fairness.within))
    yield from (figure.expression for figure in policy.figures)
    yield from (limit.require for limit in policy.limits)
