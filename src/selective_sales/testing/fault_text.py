"""A mutant in; out comes the policy's text with the fault in it, and the lines that differ: what an author would have typed."""

from __future__ import annotations

import re
from itertools import accumulate

from ..model.mutant import LINES, Edit, Mutant
from ..model.place import Place
from ..model.policy import Policy

_LINE = re.compile("[^\r\n\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029])?")
"""Where YAML counts a new line."""
MOST_LINES = 12


def faulty_text(policy: Policy, mutant: Mutant) -> str | None:
    """The text of the file with the fault; None where the fault cannot be shown as an edit of the text."""
    text = source(policy, mutant.place)
    if text is None or not mutant.edits or any(edit.place.file != mutant.place.file for edit in mutant.edits):
        return None
    starts = line_starts(text)
    replaced: list[tuple[int, int, str]] = []
    for edit in mutant.edits:
        found = one_edit(text, starts, edit)
        if found is None:
            return None
        replaced.append(found)
    result = text
    for start, end, new in sorted(replaced, reverse=True):
        result = result[:start] + new + result[end:]
    return result if result != text else None


def one_edit(text: str, starts: list[int], edit: Edit) -> tuple[int, int, str] | None:
    """The offsets of what goes, and what comes there."""
    span = offsets(starts, edit.place, len(text))
    if span is None:
        return None
    start, end = span
    if edit.old == LINES:
        return starts[edit.place.line - 1], starts[edit.place.end_line] if edit.place.end_line < len(starts) else len(text), ""
    if edit.like is not None:
        other = offsets(starts, edit.like, len(text))
        return None if other is None else (start, end, text[slice(*other)])
    if not edit.old:
        return (start, end, edit.new) if edit.new else balanced(text, start, end)
    matches = list(re.finditer(edit.old, text[start:end]))
    if not matches:
        return None
    last = matches[-1]
    return start + last.start(), start + last.end(), last.expand(edit.new) if "\\" in edit.new else edit.new


def balanced(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    """What is taken out, with as many of YAML's quotes as leave none without its other."""
    if text[start:end].count("'") % 2 == 0:
        return start, end, ""
    if text[end : end + 1] == "'":
        return start, end + 1, ""
    if text[start - 1 : start] == "'":
        return start - 1, end, ""
    if text[start : start + 1] == "'":
        return start + 1, end, ""
    return (start, end - 1, "") if text[end - 1 : end] == "'" else None


def line_starts(text: str) -> list[int]:
    lines = [line for line in _LINE.findall(text) if line]
    return [0, *accumulate(map(len, lines))] if lines else [0]


def offsets(starts: list[int], place: Place, length: int) -> tuple[int, int] | None:
    if place.line < 1 or place.line > len(starts):
        return None
    start = starts[place.line - 1] + place.column - 1
    end = starts[place.end_line - 1] + place.end_column - 1 if 1 <= place.end_line <= len(starts) else length
    return (start, min(end, length)) if 0 <= start <= end else None


def source(policy: Policy, place: Place) -> str | None:
    return next((s.text for s in policy.sources if s.path == place.file), None)


def shown(policy: Policy, mutant: Mutant) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that the fault changes, before and after; where it cannot be shown as text, twice the line it is about."""
    text = source(policy, mutant.place)
    if text is None:
        return (), ()
    before = text.splitlines()
    changed = faulty_text(policy, mutant)
    if changed is None:
        here = tuple(before[mutant.place.line - 1 : mutant.place.line])
        return here, here
    after = changed.splitlines()
    first = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    return cut(before[first : len(before) - last]), cut(after[first : len(after) - last])


def cut(lines: list[str]) -> tuple[str, ...]:
    return tuple(lines) if len(lines) <= MOST_LINES else (*lines[: MOST_LINES - 1], "...")
