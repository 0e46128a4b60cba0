"""A Name or Member in its place -> the field, parameter, metric or date that it stands for."""

from __future__ import annotations

from ..model.expression import AsOf, Expression, FieldValue, Member, MetricValue, Name, ParameterValue
from ..model.kind import Kind
from ..model.policy import Parameter
from .catalog import CLIENTS, Scope, is_list
from .strangers import many_rows, member_place, owner_place, unknown_field, unknown_name, unknown_table
from .words import name_text


def resolve_name(node: Name, scope: Scope, *, list_allowed: bool = False) -> Expression:
    """The field, parameter, metric or `as_of` that a bare name stands for; the node itself (kind unknown) after a finding."""
    name, known = node.name, scope.catalog
    if name == "as_of":
        return AsOf(place=node.place, kind=Kind.DATE)
    for table in dict.fromkeys((scope.table or CLIENTS, CLIENTS)):
        found = known.field(table, name)
        if found is not None:
            return FieldValue(table, name, place=node.place, kind=found.type)
    parameter = known.parameters.get(name)
    if parameter is not None:
        return _parameter(node, parameter, scope, list_allowed)
    if name in known.metrics:
        return _metric(node, scope)
    unknown_name(node, scope)
    return node


def _parameter(node: Name, parameter: Parameter, scope: Scope, list_allowed: bool) -> Expression:
    if is_list(parameter) and not list_allowed:
        scope.desk.error(
            "SS209", f"'{node.name}' is a list of values", node.place, f"a list stands after 'in': x in {name_text(node.name)}"
        )
        return node
    return ParameterValue(node.name, place=node.place, kind=parameter.kind)


def _metric(node: Name, scope: Scope) -> Expression:
    if scope.reader == "calculation":
        help = "a calculated field reads fields and parameters only: make the calculation a metric, or write the metric's expression here"
        scope.desk.error("SS204", f"'{node.name}' is a metric, and fields are calculated before metrics", node.place, help)
        return node
    return MetricValue(node.name, place=node.place, kind=scope.kinds.get(node.name, Kind.UNKNOWN))


def resolve_member(node: Member, scope: Scope) -> Expression:
    """`client.country` is the client's, `orders.quantity` the row's own within the brackets of orders; all else is a finding."""
    known = scope.catalog
    if node.owner == "client":
        return _of_client(node, scope)
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


def _of_client(node: Member, scope: Scope) -> Expression:
    known = scope.catalog
    found = known.field(CLIENTS, node.name)
    if found is not None:
        return FieldValue(CLIENTS, node.name, place=node.place, kind=found.type)
    if node.name in known.metrics:
        return _metric(Name(node.name, place=node.place), scope)
    unknown_field(CLIENTS, node.name, member_place(node), scope)
    return node
