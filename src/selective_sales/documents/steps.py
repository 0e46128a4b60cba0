"""How long one memo may take: loops and includes are counted while a template runs, so that one that prints nothing ends too.

A template's tree in, the same tree with its loops counted out. Nothing here can be named by a template.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from jinja2 import Environment, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import Context

MAX_STEPS = 5_000_000
"""A step is a part of a template that runs once more. A memo of a thousand rules takes some hundred thousand."""
COUNTED = "in all steps"
"""The filter around what a loop goes through; a name with spaces cannot be written in a template, nor read from its context."""
_AN_INCLUDE = 50
"""What including a file costs, next to the parts of a template."""


def size(tree: nodes.Node) -> int:
    """The number of parts of a tree. A stack and not a recursion: the tree may be of any depth."""
    return sum(1 for _ in walk(tree))


def walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """Every part of a tree with its depth, from 0."""
    todo = [(tree, 0)]
    while todo:
        node, depth = todo.pop()
        yield node, depth
        todo.extend((child, depth + 1) for child in node.iter_child_nodes())


def count_loops(tree: nodes.Template, environment: Environment) -> None:
    """Lets every loop of the template say how often it will run what is in it."""
    for loop in list(tree.find_all(nodes.For)):
        weight = nodes.Const(sum(size(part) for part in (*loop.body, *loop.else_)) + 1, lineno=loop.lineno)
        loop.iter = nodes.Filter(loop.iter, COUNTED, [weight], [], None, None, lineno=loop.lineno)
    tree.set_environment(environment)


class CountingContext(Context):
    """What a template reads, with the steps that are left of its memo; an included file takes its own from the same number."""

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: Any,
        globals: MutableMapping[str, Any] | None = None,
    ) -> None:
        super().__init__(environment, parent, name, blocks, globals)
        if COUNTED in parent:
            sizes: dict[str | None, int] = getattr(environment, "sizes", {})
            self.take(sizes.get(name, 0) + _AN_INCLUDE)
        else:
            parent[COUNTED] = [MAX_STEPS]

    def take(self, steps: int) -> None:
        left = self.parent[COUNTED]
        left[0] -= steps
        if left[0] < 0:
            raise SecurityError("its loops go round too often, or include too much")


@pass_context
def counted(context: CountingContext, items: Any, weight: int) -> Any:
    """The items themselves, once their steps have been taken from what is left."""
    if not isinstance(items, Undefined):
        if not isinstance(items, tuple | list):
            raise TemplateRuntimeError("only a list has items to go through")
        context.take(len(items) * weight)
    return items
