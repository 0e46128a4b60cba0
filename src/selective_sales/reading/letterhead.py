"""letterhead.yaml -> Letterhead: who writes, whom the recipient may answer, how long the notice is, and the logo beside the file.

It refuses: a contact whom nobody can reach, notice of more than ten years, and a logo that is not there, lies elsewhere, or is no safe
picture. Whether the decisions that have a notice exist is asked where the policy is known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from ..model.finding import Finding, has_errors, in_order
from ..model.letterhead import ACCENT, NOTICE_DAYS, REPLY_DAYS, Letterhead, Notice, Person, Said, Sender
from . import source as files
from .desk import Desk, entries, items, member, text
from .logos import read_logo
from .nodes import MappingNode, Node, ScalarNode
from .scalars import resolve
from .sorts import Sort, mistaken
from .source import Source
from .structure import validate
from .yaml_events import compose

MOST_DAYS, MOST_MONTHS = 3_650, 120


def read_letterhead_file(path: Path) -> tuple[Letterhead | None, tuple[Finding, ...]]:
    """The letterhead in the file at that path; None where a finding is an error: a letter has a whole one."""
    source, findings = files.load(path)
    return (None, findings) if source is None else letterhead_of(source)


def letterhead_of(source: Source) -> tuple[Letterhead | None, tuple[Finding, ...]]:
    """The letterhead in that source."""
    root, findings = compose(source)
    if root is None:
        return None, in_order(findings)
    other = mistaken(source, root, Sort.LETTERHEAD)
    if other is not None:
        return None, in_order((*findings, other))
    desk = Desk(source, [*findings, *validate(source, root, "letterhead")])
    # Read whatever its form: all that is wrong is told at once.
    made = _letterhead(desk, root)
    return (None if has_errors(desk.findings) else made), in_order(desk.findings)


def _letterhead(desk: Desk, root: Node) -> Letterhead:
    """The letterhead of a document; where that has not the form of its schema, something stands in for what is not there."""
    contact, logo = member(root, "contact"), member(root, "logo")
    if isinstance(contact, MappingNode) and not {"email", "phone"} & contact.entries.keys():
        first = next((entry.key for entry in contact.entries.values()), contact)
        key = contact.entries["name"].key if "name" in contact.entries else first
        desk.error("SS102", "'email' or 'phone' is missing in 'contact'", key, "a person to write to or call must stand in every letter")
    notice, by_decision = member(root, "notice_days"), member(root, "notice")
    return Letterhead(
        _sender(member(root, "sender")),
        _person(contact),
        _person(member(root, "signatory")),
        _said(member(root, "place")),
        None if logo is None or (name := text(logo)) is None else read_logo(desk, logo, name),
        (text(member(member(root, "colours"), "accent")) or ACCENT).lower(),
        _by_decision(desk, notice),
        NOTICE_DAYS if isinstance(notice, MappingNode) else _days(desk, notice, NOTICE_DAYS),
        _days(desk, member(root, "reply_days"), REPLY_DAYS),
        desk.source.path,
        {entry.key.value: desk.place(entry.key) for entry in (*entries(notice), *entries(by_decision))},
        _notices(desk, by_decision, {entry.key.value for entry in entries(notice)}),
    )


def _sender(node: Node | None) -> Sender:
    return Sender(
        _said(member(node, "name")) or Said("", ""),
        tuple(line for item in items(member(node, "address")) if (line := _said(item)) is not None),
        text(member(node, "phone")),
        text(member(node, "email")),
        text(member(node, "website")),
        _said(member(node, "register")),
    )


def _person(node: Node | None) -> Person:
    return Person(
        _on_one_line(text(member(node, "name")) or ""),
        _said(member(node, "role")),
        text(member(node, "email")),
        text(member(node, "phone")),
    )


def _said(node: Node | None) -> Said | None:
    """One text for all languages, or one for each; None where nothing is said."""
    if isinstance(node, MappingNode):
        polish, english = text(node.get("pl")), text(node.get("en"))
    else:
        polish = english = text(node)
    return None if polish is None or english is None else Said(_on_one_line(polish), _on_one_line(english))


def _on_one_line(written: str) -> str:
    return " ".join(written.split())


def _by_decision(desk: Desk, node: Node | None) -> Mapping[str, int]:
    return {entry.key.value: _days(desk, entry.value, NOTICE_DAYS) for entry in entries(node)}


def _notices(desk: Desk, node: Node | None, with_days: Collection[str]) -> Mapping[str, Notice]:
    """The notices that are written out; a finding for one that is given twice, or in days and in months."""
    found = {}
    for entry in entries(node):
        days, months, to = (member(entry.value, name) for name in ("days", "months", "to"))
        if entry.key.value in with_days:
            message = f"the notice of '{entry.key.value}' stands in 'notice_days' and in 'notice'"
            desk.error("SS959", message, entry.key, "leave one of them out")
        if not isinstance(entry.value, MappingNode) or not entry.value.entries:
            continue  # the schema has said so
        if (days is None) == (months is None):
            message = f"the notice of '{entry.key.value}' is {'not given' if days is None else 'given in days and in months'}"
            desk.error("SS959", message, entry.key, "write days: 30, or months: 2, or months: 2 with to: month-end")
        elif to is not None and months is None:
            message = f"the notice of '{entry.key.value}' in days cannot go to the end of a month"
            desk.error("SS959", message, to, "write it in months: {months: 1, to: month-end}")
        else:
            found[entry.key.value] = Notice(_days(desk, days, 0), _months(desk, months), to is not None)
    return found


def _months(desk: Desk, node: Node | None) -> int:
    """That many months; a finding where they are more than anybody waits."""
    value = resolve(node) if isinstance(node, ScalarNode) else None
    if node is None or not isinstance(value, int):
        return 0
    if value > MOST_MONTHS:
        desk.error("SS107", f"{value} is too large here", node, f"the most is {MOST_MONTHS} months, ten years")
        return MOST_MONTHS
    return value


def _days(desk: Desk, node: Node | None, otherwise: int) -> int:
    """That many days; a finding where they are more than anybody waits."""
    value = resolve(node) if isinstance(node, ScalarNode) else None
    if node is None or not isinstance(value, int):
        return otherwise
    if value > MOST_DAYS:
        desk.error("SS107", f"{value} is too large here", node, f"the most is {MOST_DAYS} days, ten years")
        return otherwise
    return value
