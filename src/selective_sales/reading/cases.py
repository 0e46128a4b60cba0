"""A *.test.yaml -> cases: client rows as cells, child rows, and what is expected.

Cells keep their text as the file has it, for the same loader that reads data; the bare word `missing` is a blank. Whether the fields,
decisions and rules exist is asked where the policy is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..model.cases import Case, CaseFile, Cell, Expected, ExpectedClient, ExpectedRun, Row
from ..model.finding import Finding, in_order
from ..model.kind import Kind
from . import source as files
from .desk import Desk, entries, items, member, text, truth
from .exceptions import read_entry
from .nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from .parameters import Value, read_value
from .sorts import Sort, mistaken
from .source import Source
from .structure import validate
from .tables import CLIENTS
from .values import date_of, has_date_form
from .yaml_events import compose

_OF_A_RUN = ("limits", "guarantees", "figures")
_OWN_KEYS = frozenset({"case", "client", "clients", "as_of", "parameters", "exceptions", "expect", "expect_run", "unreviewed"})


def read_case_file(path: Path) -> tuple[CaseFile | None, tuple[Finding, ...]]:
    """The cases in the file at that path."""
    source, findings = files.load(path)
    return (None, findings) if source is None else cases_of(source)


def cases_of(source: Source) -> tuple[CaseFile | None, tuple[Finding, ...]]:
    """The cases in that source. None where it names no policy."""
    root, findings = compose(source)
    if root is None:
        return None, in_order(findings)
    other = mistaken(source, root, Sort.TESTS)
    if other is not None:
        return None, in_order((*findings, other))
    desk = Desk(source, [*findings, *validate(source, root, "test")])
    policy_node = member(root, "policy")
    policy = text(policy_node)
    if policy_node is None or policy is None:
        return None, in_order(desk.findings)
    file = CaseFile(
        source.path,
        policy,
        desk.place(policy_node),
        as_of=date_of(desk, _date_form(member(root, "as_of"))),
        defaults={entry.key.value: _row(desk, entry.value) for entry in entries(member(root, "defaults"))},
        cases=tuple(case for item in items(member(root, "cases")) if (case := _case(desk, item)) is not None),
    )
    return file, in_order(desk.findings)


def _case(desk: Desk, node: Node) -> Case | None:
    """One case; None where it has no name, no client or no expectation (which the schema has said, or is said here)."""
    name, single, several, expect = (member(node, key) for key in ("case", "client", "clients", "expect"))
    if not isinstance(node, MappingNode) or name is None:
        return None
    if (single is None) is (several is None):
        message = "a case has either 'client' or 'clients'"
        desk.error("SS109", message, name, "write 'client: {...}' for one client, 'clients: [...]' for several")
        return None
    rows = {entry.key.value: _rows(desk, entry.value) for entry in entries(node) if entry.key.value not in _OWN_KEYS}
    clients = _rows(desk, several) if several is not None else (_row(desk, single),)
    parameters = _parameters(desk, node.get("parameters"))
    return Case(
        text(name) or "",
        {CLIENTS: clients, **rows},
        _expectations(desk, expect, single is not None),
        desk.place(name),
        as_of=date_of(desk, _date_form(node.get("as_of"))),
        parameters=tuple((entry.key.value, value, desk.place(entry.key)) for entry, value, _ in parameters),
        parameter_kinds=tuple((entry.key.value, kind) for entry, _, kind in parameters),
        exceptions=tuple(e for item in items(node.get("exceptions")) if (e := read_entry(desk, item, strict=False)) is not None),
        expect_run=tuple(_of_the_run(desk, node.get("expect_run"))),
        unreviewed=truth(node.get("unreviewed")),
    )


def _of_the_run(desk: Desk, node: Node | None) -> Iterator[ExpectedRun]:
    """What the clients come to together, one by one. The order of the sections means nothing: they come in the same one always."""
    for section in sorted(entries(node), key=lambda entry: _OF_A_RUN.index(entry.key.value) if entry.key.value in _OF_A_RUN else -1):
        for entry in entries(section.value):
            place = desk.place(entry.value)
            if isinstance(entry.value, MappingNode):
                for group in entries(entry.value):
                    yield ExpectedRun(section.key.value, entry.key.value, group.key.value, _written(group.value), desk.place(group.value))
            else:
                yield ExpectedRun(section.key.value, entry.key.value, "", _written(entry.value), place)


def _date_form(node: Node | None) -> Node | None:
    """The node, where it has a date's form: another form is the schema's to find."""
    return node if has_date_form(node) else None


def _rows(desk: Desk, node: Node | None) -> tuple[Row, ...]:
    return tuple(_row(desk, item) for item in items(node))


def _row(desk: Desk, node: Node | None) -> Row:
    return {
        entry.key.value: Cell(_written(entry.value), desk.place(entry.value), desk.place(entry.key))
        for entry in entries(node)
        if isinstance(entry.value, ScalarNode)
    }


def _written(node: Node) -> str | None:
    """The text as written; None for a blank: the bare word `missing`."""
    if isinstance(node, ScalarNode) and node.plain and node.value == "missing":
        return None
    return text(node)


def _expectations(desk: Desk, node: Node | None, single: bool) -> tuple[ExpectedClient, ...]:
    if single:
        nested = next((entry for entry in entries(node) if isinstance(entry.value, MappingNode)), None)
        if nested is not None:
            help = "write the result's columns directly, such as 'decision: keep'; by client only where the case has 'clients'"
            desk.error("SS109", "this case has one client: its expectations are not listed by client", nested.key, help)
        columns = _columns(desk, node)
        return (ExpectedClient((), columns, desk.place(node)),) if node is not None and columns else ()
    found: list[ExpectedClient] = []
    for entry in entries(node):
        if isinstance(entry.value, MappingNode):
            found.append(ExpectedClient((entry.key.value,), _columns(desk, entry.value), desk.place(entry.key)))
        else:
            message = f"here the expectations of client '{entry.key.value}' are expected, as a group"
            desk.error("SS109", message, entry.key, f"write '{entry.key.value}: {{decision: ...}}': this case has several clients")
    return tuple(found)


def _columns(desk: Desk, node: Node | None) -> tuple[Expected, ...]:
    return tuple(_column(desk, entry) for entry in entries(node) if not isinstance(entry.value, MappingNode))


def _column(desk: Desk, entry: Entry) -> Expected:
    value: str | tuple[str, ...] | None
    if isinstance(entry.value, SequenceNode):
        value = tuple(written for item in entry.value.items if (written := text(item)) is not None)
    else:
        value = _written(entry.value)
    return Expected(entry.key.value, value, desk.place(entry.key))


def _parameters(desk: Desk, node: Node | None) -> list[tuple[Entry, Value, Kind]]:
    return [(entry, *read) for entry in entries(node) if (read := read_value(desk, entry.value)) is not None]
