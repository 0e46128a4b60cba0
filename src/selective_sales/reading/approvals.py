"""approvals.yaml -> its approvals and withdrawals, each letter by itself. An entry that is not whole is a finding, and nothing else."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from pathlib import Path

from ..model.batch import Act, Approval, ApprovalsFile, Withdrawal
from ..model.finding import Finding, in_order
from ..model.person import is_person
from . import source as files
from .desk import Desk, entries, items, member, one_or_more, text, truth
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
_REQUIRED = ("run", "note")
_OF_APPROVAL = ("run", "approved_by", "approved_at", "note", "policy", "data", "letterhead")
_OF_WITHDRAWAL = ("run", "withdrawn_by", "withdrawn_at", "note")


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
    acts = [letter for entry in items(root.get("approvals")) for letter in _letters(desk, entry)]
    return ApprovalsFile(source.path, source.sha256, tuple(acts)), in_order(desk.findings)


def _letters(desk: Desk, entry: Node) -> list[Act]:
    """The letters of one act, each by itself; none where the act is not whole."""
    takes_back = member(entry, "withdrawn_by") is not None or member(entry, "withdrawn_at") is not None
    kind, names, foreign = ("withdrawn", _OF_WITHDRAWAL, _OF_APPROVAL) if takes_back else ("approved", _OF_APPROVAL, _OF_WITHDRAWAL)
    said = {name: text(member(entry, name)) for name in names}
    whole = {name: value for name, value in said.items() if value}
    if not _is_one_kind(desk, entry, names, foreign) or len(whole) < len(names) or _TIME.fullmatch(whole[f"{kind}_at"]) is None:
        return []
    if not _is_somebodys(desk, entry, kind, whole):
        return []
    if any(_DIGEST.fullmatch(whole[name]) is None for name in ("policy", "data", "letterhead") if name in whole):
        return []
    of_letters = items(member(entry, "letters"))
    if takes_back:
        not_sent = truth(member(entry, "not_sent"))
        return [one for item in of_letters if (one := _withdrawal(desk, item, whole, not_sent)) is not None]
    return [letter for item in of_letters if (letter := _letter(desk, item, whole)) is not None]


def _is_one_kind(desk: Desk, entry: Node, names: Sequence[str], foreign: Sequence[str]) -> bool:
    """Whether the entry is an approval or a withdrawal, and only one of them; else with a finding for each key that is missing or odd."""
    fine = isinstance(entry, MappingNode)
    written = {one.key.value: one.key for one in entries(entry)}
    what = "a withdrawal" if names is _OF_WITHDRAWAL else "an approval"
    for name in names if fine else ():
        if name not in written and name not in _REQUIRED:
            desk.error("SS102", f"'{name}' is missing in {what}", entry, "approvals.yaml is written by selective-sales approve")
            fine = False
    for name in (*foreign, "not_sent"):
        if name in written and name not in names and not (name == "not_sent" and names is _OF_WITHDRAWAL):
            desk.error(
                "SS101", f"'{name}' does not go with {what}", written[name], "an entry approves letters or withdraws approvals, not both"
            )
            fine = False
    return fine


def _is_somebodys(desk: Desk, entry: Node, kind: str, whole: dict[str, str]) -> bool:
    """Whether a person has done it, at a time that was; else with a finding at the place."""
    by, at = whole[f"{kind}_by"], whole[f"{kind}_at"]
    person, past = is_person(by), _was(at)
    what = "an approval" if kind == "approved" else "a withdrawal"
    if not person:
        message = f"{by[:60]!r} does not say who could be asked later"
        desk.error("SS979", message, member(entry, f"{kind}_by") or entry, f"{what} names a person, first and last name")
    if not past:
        message = f"{at!r} is no time that was: {what} is not given in the future"
        desk.error("SS979", message, member(entry, f"{kind}_at") or entry, "the time in UTC, as selective-sales approve writes it")
    return person and past


def _was(at: str) -> bool:
    try:
        time = datetime.datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
    except ValueError:
        return False
    return time <= datetime.datetime.now(datetime.UTC) + _CLOCKS_DIFFER


def _letter(desk: Desk, node: Node, whole: dict[str, str]) -> Approval | None:
    client, decision = one_or_more(member(node, "client")), text(member(node, "decision"))
    names = ("letter", "template", "values")
    for name in names[1:]:
        if isinstance(node, MappingNode) and member(node, name) is None:
            desk.error(
                "SS102", f"'{name}' is missing in the letter of an approval", node, "approvals.yaml is written by selective-sales approve"
            )
    known = {name: value for name in names if (value := text(member(node, name))) is not None and _DIGEST.fullmatch(value)}
    if not client or decision is None or len(known) < len(names):
        return None
    return Approval(client, decision, place=desk.place(member(node, "client") or node), **known, **whole)


def _withdrawal(desk: Desk, node: Node, whole: dict[str, str], not_sent: bool) -> Withdrawal | None:
    client, decision, letter = one_or_more(member(node, "client")), text(member(node, "decision")), text(member(node, "letter"))
    if not client or decision is None or letter is None or _DIGEST.fullmatch(letter) is None:
        return None
    return Withdrawal(client, decision, letter, not_sent=not_sent, place=desk.place(member(node, "client") or node), **whole)
