"""A file's bytes -> what they say, whatever sort of file it is: for whoever changes how a file is written, not what it says.

A file that another policy uses is read by itself here: its own sections, without those of the files that it uses.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..model.batch import ApprovalsFile
from ..model.cases import CaseFile
from ..model.comparison import ExpectFile
from ..model.exceptions import ExceptionsFile
from ..model.finding import Finding, in_order
from ..model.letterhead import Letterhead
from ..model.policy import Policy
from . import sorts
from . import source as files
from .approvals import approvals_of
from .cases import cases_of
from .desk import Desk
from .exceptions import exceptions_of
from .expect import expect_of
from .letterhead import letterhead_of
from .nodes import MappingNode, Node
from .plain import plain
from .policy import policy_of, sections_of
from .sorts import Sort
from .source import Source
from .structure import validate
from .yaml_events import compose


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says: its `meaning` in the vocabulary of `model`, and the `values` of its document as they are without any vocabulary.

    `text` is the file's, in NFC; `sort` is None for a part of a policy, whose meaning is a Policy of its sections. Nothing but findings
    where the file cannot be read.
    """

    text: str
    sort: Sort | None
    meaning: Policy | CaseFile | ExceptionsFile | ExpectFile | ApprovalsFile | Letterhead | None
    values: Any
    findings: tuple[Finding, ...]


def said(path: str, content: bytes) -> Said:
    """What that content says in the file at that path (which need not be there; files beside it are looked for from its folder)."""
    source, findings = files.from_bytes(path, content)
    if source is None:
        return Said("", None, None, None, findings)
    root, findings = compose(source)
    if root is None:
        return Said(source.text, None, None, None, in_order(findings))
    sort = _sort(source, root)
    meaning: Policy | CaseFile | ExceptionsFile | ExpectFile | ApprovalsFile | Letterhead | None
    match sort:
        case Sort.TESTS:
            meaning, findings = cases_of(source)
        case Sort.EXCEPTIONS:
            meaning, findings = exceptions_of(source)
        case Sort.EXPECT:
            meaning, findings = expect_of(source)
        case Sort.LETTERHEAD:
            meaning, findings = letterhead_of(source)
        case Sort.APPROVALS:
            meaning, findings = approvals_of(source)
        case Sort.POLICY:
            meaning, findings = policy_of(source)
        case None:
            meaning, findings = _part(source, root, findings)
    return Said(source.text, sort, meaning, plain(root), findings)


def _sort(source: Source, root: Node) -> Sort | None:
    """What the keys say, else the file's name; None for a part of a policy."""
    keys = root.entries if isinstance(root, MappingNode) else {}
    if sorts.may_be_part(keys):
        return None
    return sorts.by_keys(keys) or sorts.by_name(Path(source.path)) or Sort.POLICY


def _part(source: Source, root: Node, findings: tuple[Finding, ...]) -> tuple[Policy, tuple[Finding, ...]]:
    """The sections of a file that another one uses. Whose folder bounds what it may name is not known: the current one does, if it can."""
    here = os.getcwd()
    below = Path(os.path.abspath(source.path)).is_relative_to(here)
    desk = Desk(source, [*findings, *validate(source, root, "policy", part=True)], here if below else "")
    return sections_of(desk, root), in_order(desk.findings)
