"""exceptions.yaml -> its entries: a named person overrules the policy for one client, for a time.

An entry that does not say why, by whom or until when, has an impossible date, ends before it begins, or overlaps another one of the same
client is a finding and is left out.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from ..model.exceptions import ExceptionsFile, PolicyException
from ..model.finding import Finding, in_order
from . import source as files
from .desk import Desk, items, member, one_or_more, text
from .nodes import MappingNode, Node
from .sorts import Sort, mistaken
from .source import Source
from .structure import validate
from .values import date_of
from .yaml_events import compose

_WHO_WHY_WHEN = ("because", "approved_by", "expires")


def read_exceptions_file(path: Path) -> tuple[ExceptionsFile | None, tuple[Finding, ...]]:
    """The exceptions in the file at that path."""
    source, findings = files.load(path)
    return (None, findings) if source is None else exceptions_of(source)


def exceptions_of(source: Source) -> tuple[ExceptionsFile | None, tuple[Finding, ...]]:
    """The exceptions in that source."""
    root, findings = compose(source)
    if not isinstance(root, MappingNode):
        structure = () if root is None else validate(source, root, "exceptions")
        return None, in_order((*findings, *structure))
    other = mistaken(source, root, Sort.EXCEPTIONS)
    if other is not None:
        return None, in_order((*findings, other))
    desk = Desk(source, [*findings, *(_own_code(finding) for finding in validate(source, root, "exceptions"))])
    read = [entry for item in items(root.get("exceptions")) if (entry := read_entry(desk, item)) is not None]
    entries = _without_overlaps(desk, read)
    return ExceptionsFile(source.path, source.sha256, tuple(entries)), in_order(desk.findings)


def read_entry(desk: Desk, node: Node, strict: bool = True) -> PolicyException | None:
    """One entry. Without `strict` (in a policy test) it need not say why, by whom and until when."""
    client, decision = one_or_more(member(node, "client")), text(member(node, "decision"))
    because, approved_by = text(member(node, "because")), text(member(node, "approved_by"))
    valid_from = date_of(desk, member(node, "valid_from"), "SS402")
    expires = date_of(desk, member(node, "expires"), "SS402")
    said = expires is not None and because is not None and approved_by is not None
    if not client or decision is None or (strict and not said):
        return None
    if valid_from is not None and expires is not None and expires < valid_from:
        desk.error(
            "SS403", "this exception ends before it begins", member(node, "expires") or node, "exchange the two dates, or mend the year"
        )
        return None
    last = expires or datetime.date.max
    return PolicyException(client, decision, because or "", approved_by or "", last, valid_from, desk.place(member(node, "client") or node))


def _own_code(finding: Finding) -> Finding:
    """What an exception must say is more than a form: it has its own code."""
    missing = finding.code in ("SS102", "SS106") and any(f"'{key}'" in finding.message for key in _WHO_WHY_WHEN)
    return replace(finding, code="SS401") if missing else finding


def _without_overlaps(desk: Desk, entries: list[PolicyException]) -> list[PolicyException]:
    kept: dict[tuple[str, ...], list[PolicyException]] = {}
    for entry in sorted(entries, key=_start):
        earlier = kept.setdefault(entry.client, [])
        if earlier and _start(entry) <= earlier[-1].expires:
            who, other = ", ".join(entry.client), earlier[-1].place
            message = f"two exceptions hold for client {who} at the same time: the other one is at {other}"
            desk.error("SS404", message, entry.place, "let one expire before the other begins, or delete one")
        else:
            earlier.append(entry)
    distinct = {id(entry) for group in kept.values() for entry in group}
    return [entry for entry in entries if id(entry) in distinct]


def _start(entry: PolicyException) -> datetime.date:
    return entry.valid_from or datetime.date.min
