"""A template in, what its way depends on out: every question that it and what it includes ask of a view.

None where a way cannot be told by such questions: where a value is compared with another, a part of a list is taken, a name is set, or a
text is made while it is printed. Such a template is right too; it only takes longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jinja2 import nodes

from ..environment import DocumentEnvironment
from ..scope import path_of
from ..types import FIELDS
from .filling import Path
from .sources import sources

Probe = tuple[str, Path]
"""Whether a value is `there`, a list's `length`, or the `value` itself; and where it stands in the view."""


class _NotToldError(Exception):
    """The way depends on more than questions can tell."""


def asked(environment: DocumentEnvironment, name: str) -> tuple[Probe, ...] | None:
    """The questions, each once."""
    found: dict[Probe, None] = {}
    try:
        for source in sources(environment, name):
            tree = environment.parse(source.text, source.name)
            found.update(dict.fromkeys(_of_all(tree.body, frozenset())))
    except _NotToldError:
        return None
    return tuple(found)


def _of_all(body: Iterable[nodes.Node], items: frozenset[str]) -> Iterator[Probe]:
    for node in body:
        yield from _of(node, items)


def _of(node: nodes.Node, items: frozenset[str]) -> Iterator[Probe]:
    """The questions of a statement; `items` are the names of what the loops around it go through."""
    match node:
        case nodes.Output(nodes=parts):
            for part in parts:
                if not isinstance(part, nodes.TemplateData) and not _is_path(part):
                    raise _NotToldError
        case nodes.If():
            yield from _of_test(node.test, items)
            yield from _of_all((*node.body, *node.elif_, *node.else_), items)
        case nodes.For(target=nodes.Name(name=item), test=None, recursive=False) if _is_path(node.iter):
            path = _path(node.iter, items)
            yield ("length", path)
            yield from _of_all(node.body, items | {item, "loop"})
            yield from _of_all(node.else_, items)
        case nodes.FilterBlock():
            yield from _of_all(node.body, items)
        case nodes.Include() if not items:
            # Within a loop the names of its items could mean something else in the part: no way is told there.
            pass
        case _:
            raise _NotToldError


def _of_test(node: nodes.Node, items: frozenset[str]) -> Iterator[Probe]:
    match node:
        case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
            yield from _of_test(left, items)
            yield from _of_test(right, items)
        case nodes.Not(node=inner):
            yield from _of_test(inner, items)
        case nodes.Compare(expr=expr, ops=ops):
            for side in (expr, *(operand.expr for operand in ops)):
                yield from _of_side(side, items)
        case nodes.Getattr(node=nodes.Name(name="loop")) if "loop" in items:
            # Where in its loop something stands follows from the list's length.
            return
        case _ if _is_path(node):
            yield ("there", _path(node, items))
        case _:
            raise _NotToldError


def _of_side(node: nodes.Node, items: frozenset[str]) -> Iterator[Probe]:
    """A side of a comparison: something written in the template, a list's length, a value."""
    match node:
        case nodes.Const():
            return
        case nodes.List(items=parts) | nodes.Tuple(items=parts) if all(isinstance(part, nodes.Const) for part in parts):
            return
        case nodes.Filter(name="length" | "count", node=nodes.Node() as inner, args=[], kwargs=[]) if _is_path(inner):
            yield ("length", _path(inner, items))
        case _ if _is_path(node):
            yield ("value", _path(node, items))
        case _:
            raise _NotToldError


def _is_path(node: nodes.Node) -> bool:
    """Whether the node is a name, or parts of one by name, and nothing else."""
    match node:
        case nodes.Name():
            return True
        case nodes.Getattr(node=owner) | nodes.Getitem(node=owner, arg=nodes.Const(value=str())):
            return _is_path(owner)
        case _:
            return False


def _path(node: nodes.Node, items: frozenset[str]) -> Path:
    path = path_of(node)
    # Of the policy's fields only single ones are asked for.
    if not path or path[0] in items or path == (FIELDS,):
        raise _NotToldError
    return path
