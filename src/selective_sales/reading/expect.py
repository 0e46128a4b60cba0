"""A file of gates -> its lines: what a new policy may change at most. Whether the decisions that they name exist is not asked here."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from ..model.comparison import ExpectFile, GateLine
from ..model.finding import Finding, in_order
from ..model.place import Place
from . import source as files
from .desk import Desk, entries, items, member, text
from .nodes import MappingNode, Node, ScalarNode
from .scalars import resolve
from .sorts import Sort, mistaken
from .source import Source
from .structure import validate
from .yaml_events import compose

ENDING = "_at_most"
_PERCENT = re.compile(r"[0-9]+(\.[0-9]+)?%")


def read_expect_file(path: Path) -> tuple[ExpectFile | None, tuple[Finding, ...]]:
    """The gates in the file at that path; those that cannot be read are findings."""
    source, findings = files.load(path)
    return (None, findings) if source is None else expect_of(source)


def expect_of(source: Source) -> tuple[ExpectFile | None, tuple[Finding, ...]]:
    """The gates in that source."""
    root, findings = compose(source)
    if root is None:
        return None, in_order(findings)
    other = mistaken(source, root, Sort.EXPECT)
    if other is not None:
        return None, in_order((*findings, other))
    desk = Desk(source, [*findings, *validate(source, root, "expect")])
    if not isinstance(root, MappingNode):
        return None, in_order(desk.findings)
    lines: list[GateLine | None] = []
    for entry in entries(root):
        if entry.key.value.endswith(ENDING):
            lines.append(_line(desk, entry.key.value, entry.value, desk.place(entry.key)))
    for item in items(root.get("moves")):
        lines.append(_move(desk, item))
    return ExpectFile(source.path, tuple(line for line in lines if line is not None)), in_order(desk.findings)


def _line(desk: Desk, name: str, node: Node | None, place: Place) -> GateLine | None:
    found = _allowance(node)
    return None if found is None else GateLine(name, *found, place)


def _move(desk: Desk, node: Node) -> GateLine | None:
    found = _allowance(member(node, "at_most"))
    if found is None:
        return None
    ends = [(said, desk.place(at)) if (said := text(at := member(node, key))) and at else None for key in ("from", "to", "of")]
    return GateLine("", *found, desk.place(node), *ends)


def _allowance(node: Node | None) -> tuple[Decimal, bool, str] | None:
    """(how much, whether it is a part of all, as written); None where the schema has found fault with it."""
    if not isinstance(node, ScalarNode):
        return None
    value = resolve(node)
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 0:
        return Decimal(value), False, node.value
    if isinstance(value, str) and _PERCENT.fullmatch(value):
        return Decimal(value[:-1]) / 100, True, value
    return None
