"""A Name or Member in its place -> the field, parameter, metric or date that it stands for."""

from __future__ import annotations

from ..model.expression import AsOf, Decided, Expression, FieldValue, Member, MetricValue, Name, ParameterValue
from ..model.kind import Kind
from ..model.policy import Parameter
from ..model.scores import Score
from .catalog import CLIENTS, OutputOf, Scope, Value, is_list
from .strangers import many_rows, member_place, one_of_many, owner_place, unknown_field, unknown_name, unknown_table
from .words import name_text

HISTORY = "history"


def resolve_date(node: AsOf, scope: Scope) -> Expression:
    """`as_of`: the run's date, within the brackets of history that of the earlier run."""
    if scope.table == HISTORY:
        return FieldValue(HISTORY, "as_of", place=node.place, kind=Kind.DATE)
    return AsOf(place=node.place, kind=Kind.DATE)


def resolve_name(node: Name, scope: Scope, *, list_allowed: bool = False) -> Expression:
    """The field, parameter, metric or `as_of` that a bare name stands for; the node itself (kind unknown) after a finding."""
    name, known = node.name, scope.catalog
    if name == "as_of":
        return resolve_date(AsOf(place=node.place), scope)
    if name == "decision" and scope.table != HISTORY and _decided_here(scope):
        return Decided(place=node.place, kind=Kind.TEXT)
    if scope.reader == "whole" and not scope.in_list:
        return _of_whole(node, scope, list_allowed)
    for table in dict.fromkeys((scope.table or CLIENTS, CLIENTS)):
        found = known.field(table, name)
        if found is not None:
            return FieldValue(table, name, place=node.place, kind=found.type)
    parameter = known.parameters.get(name)
    if parameter is not None:
        return _parameter(node, parameter, scope, list_allowed)
    if name in known.metrics:
        return _metric(node, scope, list_allowed)
    unknown_name(node, scope)
    return node


def _decided_here(scope: Scope) -> bool:
    """In the brackets of `clients`, and of a decided client; the rows of a child table are counted before anything is decided."""
    return scope.table == CLIENTS if scope.reader == "whole" else scope.reader == "guarantee" and not scope.in_list


def _of_whole(node: Name, scope: Scope, list_allowed: bool) -> Expression:
    """Outside of brackets a figure or limit sees parameters and figures."""
    known, name = scope.catalog, node.name
    parameter = known.parameters.get(name)
    if parameter is not None:
        return _parameter(node, parameter, scope, list_allowed)
    if name in known.figures and scope.figure is not None:
        return scope.figure(node)
    if not one_of_many(name, node.place, scope):
        unknown_name(node, scope)
    return node


def _parameter(node: Name, parameter: Parameter, scope: Scope, list_allowed: bool) -> Expression:
    if is_list(parameter) and not list_allowed:
        scope.desk.error(
            "SS209", f"'{node.name}' is a list of values", node.place, f"a list stands after 'in': x in {name_text(node.name)}"
        )
        return node
    return ParameterValue(node.name, place=node.place, kind=parameter.kind)


def _metric(node: Name, scope: Scope, list_allowed: bool = False) -> Expression:
    if node.name in scope.lists and not list_allowed:
        help = f'write count({name_text(node.name)}), or "..." in {name_text(node.name)}'
        scope.desk.error("SS209", f"'{node.name}' is a list of values: the table collects", node.place, help)
        return node
    if scope.reader == "calculation":
        help = "a calculated field reads fields and parameters only: make the calculation a metric, or write the metric's expression here"
        what = _made_as(scope.catalog.metrics[node.name])
        scope.desk.error("SS204", f"'{node.name}' is {what}, and fields are calculated before metrics", node.place, help)
        return node
    return MetricValue(node.name, place=node.place, kind=scope.kinds.get(node.name, Kind.UNKNOWN))


def _made_as(value: Value) -> str:
    return "a score" if isinstance(value, Score) else "an output of a table" if isinstance(value, OutputOf) else "a metric"


def resolve_member(node: Member, scope: Scope, *, list_allowed: bool = False) -> Expression:
    """`client.country` is the client's, `orders.quantity` the row's own within the brackets of orders; all else is a finding."""
    known = scope.catalog
    of_one = node.owner in ("client", CLIENTS, *known.decision_tables)
    if of_one and scope.reader == "whole" and not scope.in_list and one_of_many(node.name, node.place, scope):
        return node
    if node.owner == "client" or (node.owner == CLIENTS == scope.table):
        return _of_client(node, scope)
    if node.owner in known.decision_tables:
        return _output(node, scope, list_allowed)
    if node.owner == scope.table:
        found = known.field(node.owner, node.name)
        if found is not None:
            return FieldValue(node.owner, node.name, place=node.place, kind=found.type)
        unknown_field(node.owner, node.name, member_place(node), scope)
    elif node.owner == CLIENTS and node.name in known.fields.get(CLIENTS, {}):
        help = f"write {name_text(node.name)}" if scope.table is None else f"write client.{name_text(node.name)}"
        scope.desk.error("SS204", "a rule, a metric or a calculation sees one client, not the list of clients", node.place, help)
    elif node.owner in known.tables:
        if node.name not in known.fields[node.owner]:
            unknown_field(node.owner, node.name, member_place(node), scope)
        else:
            many_rows(f"{name_text(node.owner)}.{name_text(node.name)}", node.owner, node.name, node.place, scope)
    else:
        unknown_table(node.owner, owner_place(node), scope)
    return node


def _output(node: Member, scope: Scope, list_allowed: bool) -> Expression:
    """`relationship.stage`: an output of a decision table."""
    outputs = [o.name for o in scope.catalog.decision_tables[node.owner].outputs]
    if node.name in outputs:
        return _metric(Name(node.name, place=node.place), scope, list_allowed)
    near = scope.desk.closest(node.name, outputs)
    help = f"did you mean {name_text(node.owner)}.{name_text(near)}?" if near else f"its outputs are {', '.join(outputs)}"
    scope.desk.error("SS203", f"the table '{node.owner}' has no output '{node.name}'", member_place(node), help)
    return node


def _of_client(node: Member, scope: Scope) -> Expression:
    known = scope.catalog
    found = known.field(CLIENTS, node.name)
    if found is not None:
        return FieldValue(CLIENTS, node.name, place=node.place, kind=found.type)
    if node.name in known.metrics:
        return _metric(Name(node.name, place=node.place), scope)
    if node.name == "decision" and _decided_here(scope):
        return Decided(place=node.place, kind=Kind.TEXT)
    unknown_field(CLIENTS, node.name, member_place(node), scope)
    return node
