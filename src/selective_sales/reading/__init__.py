"""Text -> Policy. The only room with yaml and jsonschema.

In: a path. Out: what the file says in the vocabulary of `model`, and all findings about the file, its YAML, its structure, its values and
its expressions' syntax. It refuses nothing by raising: a file that cannot be read is a finding like any other. Whether names exist and
kinds fit is not asked here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from ..model.batch import ApprovalsFile
    from ..model.cases import CaseFile
    from ..model.comparison import ExpectFile
    from ..model.exceptions import ExceptionsFile
    from ..model.finding import Finding
    from ..model.letterhead import Letterhead
    from ..model.place import Place
    from ..model.policy import Policy, SourceFile
    from ..model.text import Template
    from .meaning import Said
    from .sorts import Sort

__all__ = [
    "content_of",
    "part_at",
    "read",
    "read_approvals",
    "read_cases",
    "read_exceptions",
    "read_expect",
    "read_letterhead",
    "said",
    "sort_of",
    "words_at",
]


def read(path: Path) -> tuple[Policy | None, tuple[Finding, ...]]:
    """The policy in that file, as far as it can be built, and every finding by place. None only where nothing could be built."""
    from .policy import read_policy

    return read_policy(path)


def read_exceptions(path: Path) -> tuple[ExceptionsFile | None, tuple[Finding, ...]]:
    """The entries of an exceptions.yaml that hold together, and every finding. None where the file is not one."""
    from .exceptions import read_exceptions_file

    return read_exceptions_file(path)


def read_approvals(path: Path) -> tuple[ApprovalsFile | None, tuple[Finding, ...]]:
    """The approvals of an approvals.yaml, and every finding. None where the file is not one."""
    from .approvals import read_approvals_file

    return read_approvals_file(path)


def read_cases(path: Path) -> tuple[CaseFile | None, tuple[Finding, ...]]:
    """The cases of a *.test.yaml, and every finding. None where the file is not one."""
    from .cases import read_case_file

    return read_case_file(path)


def read_expect(path: Path) -> tuple[ExpectFile | None, tuple[Finding, ...]]:
    """The gates of a file for `diff --expect`, and every finding. None where the file is not one."""
    from .expect import read_expect_file

    return read_expect_file(path)


def read_letterhead(path: Path) -> tuple[Letterhead | None, tuple[Finding, ...]]:
    """The letterhead in that file, and every finding. None where it cannot stand around a letter."""
    from .letterhead import read_letterhead_file

    return read_letterhead_file(path)


def sort_of(path: Path) -> Sort | None:
    """Whether that file is a policy, tests, exceptions, gates or approvals; None where neither its keys nor its name tell."""
    from . import sorts

    return sorts.sort_of(path)


def part_at(path: Path) -> bool:
    """Whether that file may be one that a policy uses. Nothing but its keys is read."""
    from . import sorts

    return sorts.part_at(path)


def content_of(path: Path) -> tuple[bytes | None, tuple[Finding, ...]]:
    """The bytes of that file, as far as a file may be long; None with a finding where it cannot be read."""
    from .source import content_of

    return content_of(path)


def said(path: str, content: bytes) -> Said:
    """What that content of the file says, whatever its sort, and every finding."""
    from . import meaning

    return meaning.said(path, content)


def words_at(files: tuple[SourceFile, ...], text: Template, start: int, end: int) -> Place:
    """Where these characters of a text, as it was written, stand in its file."""
    from .places_of_words import place_of

    return place_of(files, text, start, end)
