"""The types of a template's expressions, and the findings on what they name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from jinja2 import nodes

from ..model.finding import Finding
from ..model.place import Place
from .environment import FILTERS, LOOP, TESTS, TEXT_FILTERS
from .kinds import DocumentKind
from .positions import Positions
from .scope import Scope, asks, asks_not, path_of
from .types import ANYTHING, BOOLEAN, NUMBER, TEXT, Type

_INSTEAD = {
    nodes.Call: ("a template calls nothing", "use a filter: {{ name|upper }}"),
    nodes.Concat: ("'~' joins no texts here", "put them side by side: {{ a }}{{ b }}"),
    nodes.Import: ("{% import %} is not allowed: what it keeps from one client could show in the next document", "use {% include %}"),
    nodes.FromImport: ("{% from %} is not allowed: what it keeps from one client could show in the next document", "use {% include %}"),
    nodes.Macro: ("{% macro %} is not allowed", "put the part into a file of its own and use {% include %}"),
    nodes.CallBlock: ("{% call %} is not allowed", "use {% include %}"),
    nodes.Extends: ("{% extends %} is not allowed", "use {% include %} for the parts that templates share"),
    nodes.Block: ("{% block %} is not allowed", "write its content directly"),
    nodes.AssignBlock: ("{% set %} with a block is not allowed", "write {% set name = value %}"),
    nodes.With: ("{% with %} is not allowed", "write {% set name = value %}"),
    nodes.ScopedEvalContextModifier: ("{% autoescape %} is not allowed: data is always escaped", "leave it out"),
    nodes.Dict: ("a dictionary cannot be written in a template", "leave it out"),
}
_LONGEST_LIST = 100
_TAKES = {
    **dict.fromkeys(TEXT_FILTERS, ("text",)),
    **dict.fromkeys(("abs", "round"), ("number",)),
    **dict.fromkeys(("length", "count", "first", "last"), ("list", "text")),
    "join": ("list",),
}
"""By filter, what it works on."""


@dataclass(slots=True)
class Findings:
    """What has been found in a template and those it includes, and the views it may read."""

    views: dict[str, dict[str, Type]]
    kind: DocumentKind
    found: list[Finding] = field(default_factory=list)

    def say(self, code: str, message: str, place: Place, help: str = "") -> None:
        self.found.append(Finding(code, message, place, help))


@dataclass(frozen=True, slots=True)
class Expressions:
    """The expressions of one template."""

    findings: Findings
    where: Positions

    @property
    def kind(self) -> DocumentKind:
        return self.findings.kind

    def type_of(self, node: nodes.Node | None, scope: Scope) -> Type:
        """The type of an expression; findings on the way."""
        match node:
            case nodes.Const(value=value):
                return BOOLEAN if isinstance(value, bool) else NUMBER if isinstance(value, int | float) else TEXT
            case nodes.TemplateData():
                return TEXT
            case nodes.Name(name=name):
                return self._named(node, name, scope.names, self.kind.called)
            case nodes.Getattr(node=owner, attr=name) | nodes.Getitem(node=owner, arg=nodes.Const(value=str(name))):
                return self._part(node, owner, name, scope)
            case nodes.Getitem(node=owner, arg=arg):
                self._all((arg,), scope)
                of = self.type_of(owner, scope)
                return of if isinstance(arg, nodes.Slice) or of.what == "text" else of.item or ANYTHING
            case nodes.Filter():
                return self._filter(node, scope)
            case nodes.Test():
                if node.name.isidentifier():
                    self._known(node, node.name, TESTS, "test")
                self._all((node.node, *node.args), scope)
                return BOOLEAN
            case nodes.CondExpr():
                return self._choice(node, scope)
            case nodes.And(left=left, right=right):
                first = self.type_of(left, scope)
                return _either(first, self.type_of(right, scope.inner(asked=asks(left))))
            case nodes.Or(left=left, right=right):
                # The left one is taken only where it is there.
                first, second = self.type_of(left, scope), self.type_of(right, scope)
                return _either(replace(first, optional=False), second)
            case nodes.Not() | nodes.Compare() | nodes.Operand():
                self._all(node.iter_child_nodes(), scope)
                return BOOLEAN
            case nodes.BinExpr() | nodes.UnaryExpr() if not isinstance(node, nodes.Concat):
                return self._arithmetic(node, scope)
            case nodes.List(items=items) | nodes.Tuple(items=items) if all(isinstance(item, nodes.Const) for item in items):
                if len(items) > _LONGEST_LIST:
                    self.refuse(node, "this list is too long for a template", f"at most {_LONGEST_LIST} items")
                return Type("list", item=TEXT)
            case nodes.Slice():
                self._all(node.iter_child_nodes(), scope)
                return ANYTHING
            case None:
                return ANYTHING
            case _:
                self.refuse(node)
                return ANYTHING

    def _all(self, several: Iterable[nodes.Node | None], scope: Scope) -> None:
        for node in several:
            self.type_of(node, scope)

    def _named(self, node: nodes.Node, name: str, known: dict[str, Type], owner: str) -> Type:
        place = self.where.take(node.lineno, name)
        if name in known:
            return known[name]
        near, kind = did_you_mean(name, known), self.kind
        why = kind.withheld.get(owner, {}).get(name)
        if why is not None:
            self.findings.say(kind.withheld_name, f"{owner} does not show {name!r}: {why[0]}", place, why[1])
        else:
            self.findings.say(kind.unknown_name, f"{owner} has no {name!r}", place, near)
        return ANYTHING

    def _part(self, node: nodes.Node, owner: nodes.Node, name: str, scope: Scope) -> Type:
        of = self.type_of(owner, scope)
        if of.what == "anything":
            self.where.take(node.lineno, name)
            return ANYTHING
        if of.optional and not self.asked(owner, scope):
            self.may_be_absent(owner)
        known = dict.fromkeys(LOOP, NUMBER) if of.what == "loop" else self.findings.views.get(of.fields, {})
        return self._named(node, name, known, of.shown)

    def _filter(self, node: nodes.Filter, scope: Scope) -> Type:
        of = TEXT if node.node is None else self.type_of(node.node, scope)
        self._known(node, node.name, FILTERS, "filter")
        self._all((*node.args, *(pair.value for pair in node.kwargs)), scope)
        if node.node is not None and of.optional and not self.asked(node.node, scope):
            self.may_be_absent(node.node)
        self._fits(node, of)
        match node.name:
            case "length" | "count" | "abs" | "round":
                return NUMBER
            case "first" | "last":
                return replace(of.item, optional=True) if of.item is not None else TEXT
            case _:
                return TEXT

    def _fits(self, node: nodes.Filter, of: Type) -> None:
        """A finding where the filter does not work on that: it would fail, or show a program's inside."""
        takes = _TAKES.get(node.name, ())
        item = of.item.what if of.item is not None else ""
        if node.name == "join" and of.what == "list" and item in ("view", "list"):
            message = f"|join works on a list of texts, and these are items such as {of.item.shown if of.item else ''}"
            help = "go through them with {% for %}"
        elif takes and of.what not in (*takes, "anything"):
            message = f"|{node.name} works on {' or '.join(f'a {what}' for what in takes)}, and this is {of.shown}"
            help = "print its items: {% for x in ... %}, or |join(', ')" if of.what == "list" else "take one of its parts, or leave it out"
        else:
            return
        self.findings.say(self.kind.value, message, self.place(node), help)

    def _choice(self, node: nodes.CondExpr, scope: Scope) -> Type:
        self.type_of(node.test, scope)
        chosen = self._there(node.expr1, scope.inner(asked=asks(node.test)))
        if node.expr2 is None:
            return chosen
        return _either(chosen, self._there(node.expr2, scope.inner(asked=asks_not(node.test))))

    def _there(self, node: nodes.Node, scope: Scope) -> Type:
        """The type of an expression where some things have been asked for."""
        type = self.type_of(node, scope)
        return replace(type, optional=False) if type.optional and self.asked(node, scope) else type

    def _arithmetic(self, node: nodes.Node, scope: Scope) -> Type:
        for side in node.iter_child_nodes():
            if self.type_of(side, scope).what not in ("number", "anything"):
                self.refuse(node, "a template calculates with numbers only", "put texts side by side: {{ a }}{{ b }}")
                break
        return NUMBER

    def _known(self, node: nodes.Node, name: str, known: Iterable[str], what: str) -> None:
        place = self.where.take(node.lineno, name)
        if name not in known:
            message = f"there is no {what} {name!r} for {self.kind.name} templates"
            self.findings.say(self.kind.unknown_filter, message, place, did_you_mean(name, known))

    def asked(self, node: nodes.Node, scope: Scope) -> bool:
        return path_of(node) in scope.asked

    def may_be_absent(self, node: nodes.Node) -> None:
        path = ".".join(path_of(node)) or "this"
        help = f"ask first: {{% if {path} %}} ... {{% endif %}}"
        self.findings.say(self.kind.value, f"{path!r} may be absent for a client", self.place(node), help)

    def refuse(self, node: nodes.Node, message: str = "", help: str = "") -> None:
        message_of_its_own = f"{type(node).__name__.lower()} is not allowed in a {self.kind.name} template"
        known = _INSTEAD.get(type(node), (message_of_its_own, "use {{ }}, {% if %}, {% for %}, {% include %}"))
        self.findings.say(self.kind.construct, message or known[0], self.place(node), help or known[1])

    def place(self, node: nodes.Node) -> Place:
        """The last word of the node if it is a name; else the start of its line."""
        path = path_of(node)
        columns = self.where.columns.get((node.lineno, path[-1])) if path else None
        if not columns:
            return Place(self.where.file, node.lineno, 1, node.lineno, 2)
        return Place(self.where.file, node.lineno, columns[0], node.lineno, columns[0] + len(path[-1]))


def _either(one: Type, other: Type) -> Type:
    """The type of what may be this or that."""
    if one.what != other.what or one.fields != other.fields or one.item != other.item:
        return ANYTHING
    return replace(one, optional=one.optional or other.optional)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"
