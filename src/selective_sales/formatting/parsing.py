"""A YAML text -> what stands where in it. The only module with ruamel: its parser tells where every value begins and ends.

In: a text that the reader has found sound (its nesting, size and syntax), with line feeds only. Raises NotUnderstoodError where ruamel
cannot read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SKIPPED = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
BLOCK_HEADER = re.compile(r"[|>]([-+0-9]*)[^\n]*(?:\n|$)")
_INNER_TABS = re.compile(r"(?<=[^\s])[ \t]*\t[ \t]*")
_KINDS = {"ScalarEvent", "AliasEvent", "MappingStartEvent", "MappingEndEvent", "SequenceStartEvent", "SequenceEndEvent"}
_ANCHORED = _KINDS - {"MappingEndEvent", "SequenceEndEvent"}


class NotUnderstoodError(Exception):
    """The text is YAML to the reader, but not to the parser of this room."""


@dataclass(frozen=True, slots=True)
class Event:
    """What the parser tells. `start` is where it begins, its anchor included; `inner` where what the anchor names begins."""

    kind: str
    start: int
    inner: int
    end: int
    value: str = ""
    style: str = ""
    anchor: str = ""
    flow: bool = False

    @property
    def spans(self) -> Iterator[tuple[int, int]]:
        """What of the text it covers."""
        if self.anchor and self.kind != "AliasEvent":
            yield self.start, self.start + 1 + len(self.anchor)
        yield self.inner, self.end


def events_of(text: str) -> list[Event]:
    """What the parser tells. It stumbles over tabs that the reader lets pass: to it they are blanks, first those within lines, then all."""
    from ruamel.yaml.error import YAMLError

    refused = ""
    for spaced in dict.fromkeys((text, _INNER_TABS.sub(lambda tabs: " " * len(tabs[0]), text), text.replace("\t", " "))):
        try:
            return list(_parsed(text, spaced))
        except YAMLError as error:
            refused = str(error)
    raise NotUnderstoodError(refused)


def _parsed(text: str, spaced: str) -> Iterator[Event]:
    """The events of the text, found in its twin that has blanks for tabs."""
    from ruamel.yaml import YAML

    for event in YAML(typ="safe", pure=True).parse(spaced):
        kind = type(event).__name__
        if kind in _KINDS:
            yield _event(text, kind, event)
        elif kind == "DocumentStartEvent" and event.explicit:
            yield Event(kind, event.start_mark.index, event.start_mark.index, event.end_mark.index)


def _event(text: str, kind: str, event: Any) -> Event:
    start, end, anchor = event.start_mark.index, event.end_mark.index, event.anchor if kind in _ANCHORED else None
    flow, style = bool(getattr(event, "flow_style", False)), getattr(event, "style", None) or ""
    inner = start
    if anchor and kind != "AliasEvent":
        skipped = SKIPPED.match(text, start + 1 + len(anchor), end)
        inner = skipped.end() if skipped is not None else end
    if kind.endswith("StartEvent") and not flow:
        end = inner  # the parser's own end is, without indentation, behind the first dash
    if style in ("|", ">"):
        end = _end_of_block(text, inner, end)
    return Event(kind, start, inner, end, getattr(event, "value", None) or "", style, anchor or "", flow)


def _end_of_block(text: str, start: int, end: int) -> int:
    """Where the last line of a block scalar ends that is a part of it: blank lines after it are its own only where it keeps them."""
    header = BLOCK_HEADER.match(text, start, end)
    if header is None:
        return end
    width = content_indent(text[header.end() : end], header.group(1), text, start)
    if "+" in header.group(1):
        return end
    last = header.end()
    at = header.end()
    for line in text[header.end() : end].split("\n"):
        if line[width:]:
            last = at + len(line)
        at += len(line) + 1
    return min(max(last, start + 1), end)


def content_indent(content: str, indicators: str, text: str, start: int) -> int:
    """How far the lines of a block scalar are indented: as far as its first line that is not blank, unless its header says so."""
    lines = content.split("\n")
    digits = [int(c) for c in indicators if c.isdigit()]
    if digits:
        begin = text.rfind("\n", 0, start) + 1
        line = text[begin:start]
        # The header's number counts from the map or list that the scalar belongs to: the column of its key or of its dash.
        parent = len(line) - len(line.lstrip(" "))
        while line[parent : parent + 2] == "- " and line[parent + 2 :].strip():
            parent += 2 + len(line[parent + 2 :]) - len(line[parent + 2 :].lstrip(" "))
        return parent + digits[0]
    filled = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")]
    return filled[0] if filled else max((len(line) for line in lines), default=0)
