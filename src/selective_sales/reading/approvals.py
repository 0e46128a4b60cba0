"""approvals.yaml -> its approvals, each letter by itself. An entry that is not whole is a finding, and no approval."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from ..model.batch import Approval, ApprovalsFile
from ..model.finding import Finding, in_order
from ..model.person import is_person
from . import source as files
from .desk import Desk, items, member, one_or_more, text
from .nodes import MappingNode, Node
from .sorts import Sort, mistaken
from .source import Source
from .structure import validate
from .yaml_events import compose

LARGEST = 256 * 1024 * 1024
MOST_NODES = 10_000_000
"""Far more than any other file may have: a company approves thousands of letters a year, and the file only grows."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_CLOCKS_DIFFER = datetime.timedelta(minutes=10)
_OF_ALL = ("run", "approved_by", "approved_at", "note", "policy", "data", "letterhead")


def read_approvals_file(path: Path) -> tuple[ApprovalsFile | None, tuple[Finding, ...]]:
    """The approvals in the file at that path; None where it is not such a file or cannot be read."""
    source, findings = files.load(path, LARGEST)
    return (None, findings) if source is None else approvals_of(source)


def approvals_of(source: Source) -> tuple[ApprovalsFile | None, tuple[Finding, ...]]:
    """The approvals in that source."""
    root, findings = compose(source, MOST_NODES)
    if not isinstance(root, MappingNode):
        structure = () if root is None else validate(source, root, "approvals")
        return None, in_order((*findings, *structure))
    other = mistaken(source, root, Sort.APPROVALS)
    if other is not None:
        return None, in_order((*findings, other))
    desk = Desk(source, [*findings, *validate(source, root, "approvals")])
    entries = [letter for entry in items(root.get("approvals")) for letter in _letters(desk, entry)]
    return ApprovalsFile(source.path, source.sha256, tuple(entries)), in_order(desk.findings)


def _letters(desk: Desk, entry: Node) -> list[Approval]:
    said = {name: text(member(entry, name)) for name in _OF_ALL}
    whole = {name: value for name, value in said.items() if value}
    if len(whole) < len(_OF_ALL) or _TIME.fullmatch(whole["approved_at"]) is None:
        return []
    if not _is_somebodys(desk, entry, whole):
        return []
    if any(_DIGEST.fullmatch(whole[name]) is None for name in ("policy", "data", "letterhead")):
        return []
    return [letter for item in items(member(entry, "letters")) if (letter := _letter(desk, item, whole)) is not None]


def _is_somebodys(desk: Desk, entry: Node, whole: dict[str, str]) -> bool:
    """Whether a person has approved, at a time that was; else with a finding at the place."""
    by, at = whole["approved_by"], whole["approved_at"]
    person, past = is_person(by), _was(at)
    if not person:
        message = f"{by[:60]!r} does not say who could be asked later"
        desk.error("SS979", message, member(entry, "approved_by") or entry, "an approval names a person, first and last name")
    if not past:
        message = f"{at!r} is no time that was: an approval is not given in the future"
        desk.error("SS979", message, member(entry, "approved_at") or entry, "the time in UTC, as selective-sales approve writes it")
    return person and past


def _was(at: str) -> bool:
    try:
        time = datetime.datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
    except ValueError:
        return False
    return time <= datetime.datetime.now(datetime.UTC) + _CLOCKS_DIFFER


def _letter(desk: Desk, node: Node, whole: dict[str, str]) -> Approval | None:
    client, decision = one_or_more(member(node, "client")), text(member(node, "decision"))
    digests = {name: text(member(node, name)) for name in ("letter", "template", "values")}
    known = {name: value for name, value in digests.items() if value is not None and _DIGEST.fullmatch(value)}
    if not client or decision is None or len(known) < len(digests):
        return None
    return Approval(client, decision, place=desk.place(member(node, "client") or node), **known, **whole)
