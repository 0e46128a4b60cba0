"""Which sort of file it is: a policy, tests, gates, a letterhead, ... Told by the keys that begin its lines, else by its name."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum
from pathlib import Path

from ..model.finding import Finding
from .nodes import MappingNode, Node
from .source import LARGEST, Source


class Sort(Enum):
    """The files that people write, each by what it is called."""

    POLICY = "a policy"
    TESTS = "a file of policy tests"
    EXCEPTIONS = "a file of exceptions"
    EXPECT = "a file of gates for a comparison"
    LETTERHEAD = "a letterhead"
    APPROVALS = "a file of approvals"


_KEY = re.compile(r"""^["']?([a-z_]+)["']?[ \t]*:""", re.MULTILINE)
_SECTIONS = frozenset(
    (
        "format uses data parameters metrics measures scores tables decisions rules figures limits guarantees fairness allocations"
        " letters report"
    ).split()
)
"""What a file may have that a policy uses."""
_HELP = {
    Sort.POLICY: "it is checked with selective-sales check, and decides with selective-sales evaluate",
    Sort.TESTS: "tests are run with selective-sales test, and name their policy themselves",
    Sort.EXCEPTIONS: "exceptions go with a policy: selective-sales evaluate POLICY --exceptions FILE",
    Sort.EXPECT: "gates go with a comparison: selective-sales diff OLD NEW --data ... --expect FILE",
    Sort.LETTERHEAD: "a letterhead goes with letters: selective-sales letters RUN --letterhead FILE",
    Sort.APPROVALS: "approvals are written by selective-sales approve, and read beside a run folder",
}


def sort_of(path: Path) -> Sort | None:
    """The sort of the file at that path; None where neither its keys nor its name tell."""
    return by_keys(_keys_at(path)) or by_name(path)


def mistaken(source: Source, root: Node, wanted: Sort) -> Finding | None:
    """The finding where the document is clearly of another sort."""
    found = by_keys(root.entries) if isinstance(root, MappingNode) else None
    if found is None or found is wanted or not isinstance(root, MappingNode):
        return None
    first = next(iter(root.entries.values())).key
    return Finding("SS132", f"this is {found.value}, not {wanted.value}", first.span.place(source.path), _HELP[found])


def may_be_part(keys: Collection[str]) -> bool:
    """Whether a document with these keys is one that a policy may use: sections, but not the policy's own."""
    return "format" in keys and len(keys) > 1 and "policy" not in keys and set(keys) <= _SECTIONS


def part_at(path: Path) -> bool:
    """Whether the file at that path may be a part of a policy."""
    return sort_of(path) is None and may_be_part(_keys_at(path))


def _keys_at(path: Path) -> list[str]:
    """The keys that begin the file's lines; none where it cannot be read."""
    try:
        if not path.is_file():
            return []
        with path.open("rb") as stream:
            text = stream.read(LARGEST + 1).decode("utf-8", errors="replace")
    except (OSError, ValueError):
        return []
    return _KEY.findall(text.removeprefix("\ufeff"))


def by_keys(keys: Collection[str]) -> Sort | None:
    """What these keys tell."""
    if "data" in keys or "decisions" in keys or "rules" in keys:
        return Sort.POLICY if "policy" in keys else None
    if "cases" in keys and "exceptions" not in keys:
        return Sort.TESTS
    if "approvals" in keys and "policy" not in keys:
        return Sort.APPROVALS
    if "exceptions" in keys and "policy" not in keys:
        return Sort.EXCEPTIONS
    if "policy" not in keys and ("signatory" in keys or ("sender" in keys and "contact" in keys)):
        return Sort.LETTERHEAD
    if "policy" not in keys and "cases" not in keys and any(key == "moves" or key.endswith("_at_most") for key in keys):
        return Sort.EXPECT
    return Sort.POLICY if "policy" in keys and "cases" not in keys else None


def by_name(path: Path) -> Sort | None:
    """What the file's name tells."""
    if path.stem.endswith(".test"):
        return Sort.TESTS
    if path.stem.endswith(".expect") or path.stem == "expect":
        return Sort.EXPECT
    if path.stem.endswith(".letterhead") or path.stem == "letterhead":
        return Sort.LETTERHEAD
    if path.stem == "approvals":
        return Sort.APPROVALS
    return Sort.EXCEPTIONS if path.stem.endswith(".exceptions") or path.stem == "exceptions" else None
