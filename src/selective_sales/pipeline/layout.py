"""A file that a person wrote in, the same file in canonical layout out: read, laid out, read again, compared, and only then written."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .. import formatting, reading
from ..model.finding import Finding, Severity, has_errors
from ..model.place import Place
from ..model.policy import Policy
from ..staging import ChangedMeanwhileError, rewrite

if TYPE_CHECKING:
    from ..reading.meaning import Said
    from ..reading.sorts import Sort

_PLACE_COMMENT = re.compile(r"^[ \t]*--[^\n]*\n", re.MULTILINE)
_A_DAY = datetime.date(2026, 1, 1)
"""Any day serves where a policy has no dated parameters: both texts are compiled for the same one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What became of a file. `after` is `before` where nothing changes; where a finding is an error, too."""

    name: str
    before: bytes
    after: bytes
    findings: tuple[Finding, ...] = ()
    invalid: bool = False
    """The file itself has errors."""

    @property
    def changes(self) -> bool:
        return self.after != self.before


def is_formatted(path: Path) -> bool:
    """Whether the file is one that people write for this program: a policy, a part of one, tests, exceptions, a letterhead.

    Approvals are only ever added to.
    """
    from ..reading.sorts import Sort

    sort = reading.sort_of(path)
    return (sort is not None and sort is not Sort.APPROVALS) or reading.part_at(path)


def lay_out(path: Path) -> Layout:
    """The file at that path in canonical layout; nothing is written."""
    content, findings = reading.content_of(path)
    return Layout(str(path), b"", b"", findings, invalid=True) if content is None else lay_out_content(str(path), content)


def lay_out_content(name: str, content: bytes) -> Layout:
    """That content in canonical layout. Files that it names are looked for from the folder of `name`."""
    said = reading.said(name, content)
    errors = tuple(finding for finding in said.findings if finding.severity is Severity.ERROR)
    if errors or said.meaning is None:
        return Layout(name, content, content, errors or said.findings, invalid=True)
    try:
        text = formatting.canonical(said.text, _schema(said.sort))
        differs = _difference(name, said, text)
    except formatting.NotUnderstoodError:
        text, differs = "", "its YAML is understood in two ways"
    if differs:
        help = "the file was left as it is; this is a fault of the program: please report it, with the file"
        finding = Finding("SS830", f"the layout cannot be changed without changing the file: {differs}", Place(name), help)
        return Layout(name, content, content, (finding,))
    return Layout(name, content, text.encode("utf-8"))


def _schema(sort: Sort | None) -> str:
    from ..reading.sorts import Sort

    match sort:
        case Sort.TESTS:
            return "test"
        case Sort.EXCEPTIONS:
            return "exceptions"
        case Sort.EXPECT:
            return "expect"
        case Sort.LETTERHEAD:
            return "letterhead"
        case Sort.APPROVALS:
            return "approvals"
        case Sort.POLICY | None:
            return "policy"


def _difference(name: str, said: Said, text: str) -> str:
    """What the laid out text says differently; nothing where it says the same."""
    again = reading.said(name, text.encode("utf-8"))
    if has_errors(again.findings):
        return "it could not be read any more"
    if not formatting.same_values(said.values, again.values) or not formatting.same(said.meaning, again.meaning):
        return "it would mean something else"
    if said.sort is not None and _sql(said.meaning) != _sql(again.meaning):
        return "it would become another query"
    if sorted(formatting.comments(said.text)) != sorted(formatting.comments(text)):
        return "a comment would be lost"
    return ""


def _sql(meaning: object) -> tuple[str, ...]:
    """The query of a policy, less the comments that say where in the file a rule stands; nothing for what makes no query by itself."""
    if not isinstance(meaning, Policy):
        return ()
    from .. import checking, compiling

    checked, findings = checking.check(meaning)
    if checked is None or has_errors(findings):
        return ()
    days = [value.since for parameter in meaning.parameters for value in parameter.dated]
    query = compiling.compile_policy(checked, max(days, default=_A_DAY))
    return tuple(_PLACE_COMMENT.sub("", sql) for sql in (*query.prelude, query.facts, query.decide))


def write_layout(path: Path, layout: Layout) -> tuple[Finding, ...]:
    """Writes the file, whole or not at all; a finding where it was not to be."""
    if path.is_symlink():
        message, help = "this is a link to another file", "name the file itself: a link would be replaced by a copy, or lead elsewhere"
        return (Finding("SS832", message, Place(str(path)), help),)
    try:
        rewrite(path, layout.before, layout.after)
    except ChangedMeanwhileError:
        return (Finding("SS831", "the file was changed while it was formatted", Place(str(path)), "it was left as it is: run it again"),)
    except OSError as error:
        help = "check the file, its rights and the room on the disk"
        return (Finding("SS705", f"a file could not be read or written: {error.strerror or error}", Place(str(path)), help),)
    return ()
