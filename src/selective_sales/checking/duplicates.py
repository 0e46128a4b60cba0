"""Names that are defined twice, or that differ only in capitals (people and databases confuse them); `straße` and `strasse` do not."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.place import Place
from ..model.policy import Policy, Table
from .catalog import CLIENTS
from .desk import Desk, declared

_OF_EVERY_RESULT = {
    name.lower(): name
    for name in "decision policy_decision decided_by fired applied unknown missing_because possible_decisions as_of clients client".split()
}
"""The names themselves are refused when the policy is read; here it is about those that differ from them in capitals."""

Definition = tuple[str, str, Place]
"""What it is in words ("field"), its name, its place."""


def check_names(policy: Policy, desk: Desk) -> None:
    """Fields of clients, parameters, metrics and child tables share one namespace; a child's fields, decisions and rules have their own."""
    shared: list[Definition] = []
    for table in policy.tables:
        fields = [("field", f.name, f.place) for f in table.fields]
        if table.name == CLIENTS:
            shared += fields
        elif table.built_in:
            _of_history(table, policy, desk)
        else:
            shared.append(("table", table.name, table.place))
            _check(fields, desk, f" of {table.name}")
    shared += [("parameter", p.name, p.place) for p in policy.parameters]
    shared += [("metric", m.name, m.place) for m in policy.metrics]
    shared += [("score", s.name, s.place) for s in policy.scores]
    shared += [("output", o.name, o.place) for t in policy.decision_tables for o in t.outputs]
    shared += [("figure", f.name, f.place) for f in policy.figures]
    _check(shared, desk, "")
    # A decision table may be called as its output is; with the tables of data it must not be confused: both stand before a point.
    tables = [("table", t.name, t.place) for t in policy.tables if not t.built_in]
    _check([*tables, *(("table", t.name, t.place) for t in policy.decision_tables)], desk, "")
    for score in policy.scores:
        _check([("factor", f.id, f.place) for f in score.factors], desk, f" of {score.name}")
    _check([("limit", x.id, x.place) for x in policy.limits] + [("guarantee", g.id, g.place) for g in policy.guarantees], desk, "")
    _check([("allocation", a.name, a.place) for a in policy.allocations], desk, "")
    _check([("measure", m.name, m.place) for m in policy.measures], desk, "")
    for allocation in policy.allocations:
        _check([("group", g.id, g.place) for g in allocation.groups], desk, f" of {allocation.name}")
    _check([("decision", d.id, d.place) for d in policy.decisions], desk, "")
    _check([("rule", r.id, r.place) for r in policy.rules], desk, "")


def _check(definitions: Iterable[Definition], desk: Desk, where: str) -> None:
    first: dict[str, Definition] = {}
    for what, name, place in definitions:
        if (
            where == ""
            and what not in ("rule", "decision", "limit", "guarantee", "allocation", "measure")
            and name not in _OF_EVERY_RESULT
            and name.lower() in _OF_EVERY_RESULT
        ):
            taken = _OF_EVERY_RESULT[name.lower()]
            message = f"the name '{name}' differs only in capitals from '{taken}', which every policy has"
            desk.error("SS201", message, place, "choose another name")
        elif name.lower() in first:
            _clash((what, name, place), first[name.lower()], desk, where)
        else:
            first[name.lower()] = (what, name, place)


def _of_history(table: Table, policy: Policy, desk: Desk) -> None:
    """The list of earlier decisions has the client's key beside its own columns."""
    own = [f.name for f in table.fields]
    for name in table.key:
        field = policy.clients.field(name)
        if own.count(name) > 1 and field is not None:
            message = f"the key '{name}' has the name of a column of {table.name}, which this policy looks at"
            desk.error("SS201", message, field.place, "choose another name for the field; column: says what the data calls it")


def _clash(second: Definition, first: Definition, desk: Desk, where: str) -> None:
    desk.meant.add(first[1])
    for here, there in ((first, second), (second, first)):
        if first[1] == second[1]:
            message = f"the name '{here[1]}'{where} is defined twice: as {_a(first[0])} and as {_a(second[0])}"
            if first[0] == second[0]:
                message = f"the {first[0]} '{here[1]}'{where} is defined twice"
        else:
            message = f"the names '{first[1]}' and '{second[1]}'{where} differ only in capitals"
        desk.error("SS201", message, here[2], f"rename one of them (the other is at {declared(there[2])})")


def _a(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"
