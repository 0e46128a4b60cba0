"""What can be read at a point of a template: names with their types, and the optional ones that were asked for there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jinja2 import nodes

from .types import Type

Path_ = tuple[str, ...]
"""`deciding.reason` as its words."""


@dataclass(slots=True)
class Scope:
    """The names that can be read at a point, and which optional ones have been asked for there."""

    names: dict[str, Type]
    asked: frozenset[Path_] = frozenset()
    loops: int = 0
    blocks: int = 0

    def inner(self, *, asked: Iterable[Path_] = (), loops: int = 0) -> Scope:
        return Scope(dict(self.names), self.asked | frozenset(asked), self.loops + loops, self.blocks + 1)

    def define(self, name: str, type: Type) -> None:
        """A new meaning of a name: what was asked about the old one no longer holds."""
        self.names[name] = type
        self.asked = frozenset(path for path in self.asked if path[0] != name)


def path_of(node: nodes.Node) -> Path_:
    match node:
        case nodes.Name(name=name):
            return (name,)
        case nodes.Getattr(node=owner, attr=name) | nodes.Getitem(node=owner, arg=nodes.Const(value=str(name))):
            return (*path_of(owner), name)
        case nodes.Filter(node=nodes.Node() as inner):
            return path_of(inner)
        case _:
            return ()


def asks(test: nodes.Node | None) -> Iterator[Path_]:
    """The paths that are there where the test holds."""
    match test:
        case nodes.And(left=left, right=right):
            yield from asks(left)
            yield from asks(right)
        case nodes.Not(node=inner):
            yield from asks_not(inner)
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            yield path_of(test)
        case _:
            return


def asks_not(test: nodes.Node | None) -> Iterator[Path_]:
    """The paths that are there where the test does not hold."""
    match test:
        case nodes.Not(node=inner):
            yield from asks(inner)
        case nodes.Or(left=left, right=right):
            yield from asks_not(left)
            yield from asks_not(right)
        case nodes.Test(name="none", node=inner):
            yield path_of(inner)
        case _:
            return
