"""A YAML text -> the tree of its layout. The only module with ruamel: its parser tells where every value stands.

In: a text that the reader has found sound (its nesting, size and syntax), with line feeds only. Every comment comes out at one node.
Raises NotUnderstoodError where ruamel reads it otherwise than expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .remarks import Remarks, remarks
from .tree import Alias, Collection, Comment, Document, Entry, Scalar, apart

_SKIPPED = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BLOCK_HEADER = re.compile(r"[|>]([-+0-9]*)[^\n]*(?:\n|$)")
_INNER_TABS = re.compile(r"(?<=[^\s])[ \t]*\t[ \t]*")
_KINDS = {"ScalarEvent", "AliasEvent", "MappingStartEvent", "MappingEndEvent", "SequenceStartEvent", "SequenceEndEvent"}


class NotUnderstoodError(Exception):
    """The text is YAML to the reader, but not to the parser of this room."""


@dataclass(frozen=True, slots=True)
class _Event:
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


def build(text: str) -> Document:
    """The layout of that text."""
    events = _events(text)
    builder = _Builder(text, events, remarks(text, (span for event in events for span in event.spans)))
    return builder.document()


def comments(text: str) -> tuple[str, ...]:
    """Every comment of that text."""
    events = _events(text)
    found = remarks(text, (span for event in events for span in event.spans)).found
    headers = (text[event.inner : event.end].split("\n", 1)[0] for event in events if event.style in ("|", ">"))
    return (*(remark.text for remark in found), *(header[header.index("#") :].rstrip() for header in headers if "#" in header))


def _events(text: str) -> list[_Event]:
    """What the parser tells. It stumbles over tabs that the reader lets pass: to it they are blanks, first those within lines, then all."""
    from ruamel.yaml.error import YAMLError

    refused = ""
    for spaced in dict.fromkeys((text, _INNER_TABS.sub(lambda tabs: " " * len(tabs[0]), text), text.replace("\t", " "))):
        try:
            return list(_parsed(text, spaced))
        except YAMLError as error:
            refused = str(error)
    raise NotUnderstoodError(refused)


def _parsed(text: str, spaced: str) -> Iterator[_Event]:
    """The events of the text, found in its twin that has blanks for tabs."""
    from ruamel.yaml import YAML

    for event in YAML(typ="safe", pure=True).parse(spaced):
        kind = type(event).__name__
        if kind in _KINDS:
            yield _event(text, kind, event)
        elif kind == "DocumentStartEvent" and event.explicit:
            yield _Event(kind, event.start_mark.index, event.start_mark.index, event.end_mark.index)


def _event(text: str, kind: str, event: Any) -> _Event:
    start, end, anchor = event.start_mark.index, event.end_mark.index, event.anchor if kind in _ANCHORED else None
    flow, style = bool(getattr(event, "flow_style", False)), getattr(event, "style", None) or ""
    inner = start
    if anchor and kind != "AliasEvent":
        skipped = _SKIPPED.match(text, start + 1 + len(anchor), end)
        inner = skipped.end() if skipped is not None else end
    if kind.endswith("StartEvent") and not flow:
        end = inner  # the parser's own end is, without indentation, behind the first dash
    if style in ("|", ">"):
        end = _end_of_block(text, inner, end)
    return _Event(kind, start, inner, end, getattr(event, "value", None) or "", style, anchor or "", flow)


_ANCHORED = _KINDS - {"MappingEndEvent", "SequenceEndEvent"}


def _end_of_block(text: str, start: int, end: int) -> int:
    """Where the last line of a block scalar ends that is a part of it: blank lines after it are its own only where it keeps them."""
    header = _BLOCK_HEADER.match(text, start, end)
    if header is None:
        return end
    width = _content_indent(text[header.end() : end], header.group(1), text, start)
    if "+" in header.group(1):
        return end
    last = header.end()
    at = header.end()
    for line in text[header.end() : end].split("\n"):
        if line[width:]:
            last = at + len(line)
        at += len(line) + 1
    return min(max(last, start + 1), end)


def _content_indent(content: str, indicators: str, text: str, start: int) -> int:
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


class _Builder:
    """Goes through the events once. The comments between two of them are handed to the node they belong to."""

    def __init__(self, text: str, events: list[_Event], found: Remarks) -> None:
        self.text = text
        self.events = [event for event in events if event.kind != "DocumentStartEvent"]
        self.remarks = found
        self.at = 0
        self.before = 0
        """The offset at which the last event ended."""

    def document(self) -> Document:
        root = self.events[0]
        if not root.kind.endswith("StartEvent"):
            return Document(self.remarks.own_lines(root.start), self._leaf(self._next()))
        value = self._collection(parent_column=-1)
        assert isinstance(value, Collection)
        value = replace(value, tail=(*value.tail, *self.remarks.own_lines(len(self.text) + 1)))
        return _with_top(value)

    def _next(self) -> _Event:
        event = self.events[self.at]
        self.at += 1
        self.before = event.end
        return event

    @property
    def coming(self) -> _Event:
        return self.events[self.at]

    def _leaf(self, event: _Event) -> Scalar | Alias:
        if event.kind == "AliasEvent":
            return Alias(event.anchor)
        raw = self.text[event.inner : event.end]
        width = 0
        header = _BLOCK_HEADER.match(raw) if event.style in ("|", ">") else None
        if header is not None:
            width = _content_indent(raw[header.end() :], header.group(1), self.text, event.inner)
        value = raw if "\t" in raw else event.value
        return Scalar(raw, value, event.style, event.anchor, width)

    def _collection(self, parent_column: int) -> Collection:
        event = self._next()
        is_list = event.kind == "SequenceStartEvent"
        column = 0 if event.flow else self.remarks.column_of(event.end)
        entries: list[Entry] = []
        if not event.flow:
            self.before = event.end
        while self.coming.kind not in ("MappingEndEvent", "SequenceEndEvent"):
            entry = self._entry(is_list, event.flow, column)
            after, leading = _parted(entry) if entries and not event.flow else ((), entry.leading)
            if after:
                entries[-1] = replace(entries[-1], after=after)
            entries.append(replace(entry, leading=leading))
        closing = self.coming
        least = 0 if event.flow else max(column, parent_column + 1)
        tail = self.remarks.own_lines(closing.start, least)
        self._next()
        broken = event.flow and "\n" in self.text[event.inner : closing.end]
        return Collection(tuple(entries), is_list, event.flow, broken, event.anchor, tail)

    def _entry(self, is_list: bool, flow: bool, column: int) -> Entry:
        """The next entry of a collection whose entries begin in that column."""
        begin = self._dash() if is_list and not flow else self.coming.start
        leading = self.remarks.own_lines(begin)
        blank_before = self.remarks.blank_above(self.remarks.line_of(begin))
        key: Scalar | Alias | None = None
        behind_key = begin
        if not is_list:
            key, behind_key = self._leaf(self._next()), self.before
        if self.coming.start == self.coming.end and self.coming.kind == "ScalarEvent":
            sign = self.text.find("-" if is_list else ":", behind_key, self.coming.start)
            self.events[self.at] = _nothing(sign + 1 if sign >= 0 else behind_key)
        head = self.remarks.behind(behind_key, self.coming.inner)
        if self.coming.kind.endswith("StartEvent"):
            if self.coming.flow:
                leading, head = self._lifted(leading, head, self.coming.inner)
            collection = self._collection(column)
            trailing = self._trailing(flow) if collection.flow else None
            return Entry(key, collection, leading, head, trailing, (), blank_before)
        leading, head = self._lifted(leading, head, self.coming.inner)
        value = self._leaf(self._next())
        if isinstance(value, Scalar) and value.style in ("|", ">"):
            sign = value.raw.split("\n", 1)[0].find("#")
            if sign >= 0:
                leading, head = (*leading, *apart(head)), Comment((value.raw.split("\n", 1)[0][sign:].rstrip(),))
            return Entry(key, value, leading, head, None, (), blank_before)
        return Entry(key, value, leading, head, self._trailing(flow), (), blank_before)

    def _lifted(self, leading: tuple[Comment, ...], head: Comment | None, until: int) -> tuple[tuple[Comment, ...], Comment | None]:
        """Comments on lines between a key and a value that will stand behind the key: they go above it, with the one behind the key."""
        between = self.remarks.own_lines(until)
        if not between:
            return leading, head
        return (*leading, *apart(head), *between), None

    def _trailing(self, flow: bool) -> Comment | None:
        return self.remarks.behind(self.before, self.coming.start if flow else len(self.text) + 1)

    def _dash(self) -> int:
        """The offset of the dash before the coming item."""
        skipped = _SKIPPED.match(self.text, self.before)
        assert skipped is not None  # it matches nothing at all, too
        if self.text[skipped.end() : skipped.end() + 1] != "-":
            raise NotUnderstoodError(f"no dash at offset {skipped.end()}")
        return skipped.end()


def _nothing(offset: int) -> _Event:
    """A value that is not there: the parser tells where the next one begins, it stands right behind its colon or dash."""
    return _Event("ScalarEvent", offset, offset, offset)


def _parted(entry: Entry) -> tuple[tuple[Comment, ...], tuple[Comment, ...]]:
    """What stands right below the entry before, with a blank line after it, and the rest, which leads this entry."""
    blank = [comment.blank_before for comment in entry.leading] + [entry.blank_before]
    if blank[0] or True not in blank:
        return (), entry.leading
    first = blank.index(True)
    return entry.leading[:first], entry.leading[first:]


def _with_top(root: Collection) -> Document:
    """The comments at the file's start: all but a last paragraph of several, which is about the first key."""
    if not root.entries:
        return Document((), root)
    first = root.entries[0]
    blank = [index for index, comment in enumerate(first.leading) if comment.blank_before and index]
    split = len(first.leading) if first.blank_before or not blank else blank[-1]
    parted = bool(split) and (first.blank_before or split < len(first.leading))
    leading = tuple(
        replace(comment, blank_before=comment.blank_before and number > 0) for number, comment in enumerate(first.leading[split:])
    )
    rest = replace(first, leading=leading, blank_before=first.blank_before and bool(leading))
    return Document(first.leading[:split], replace(root, entries=(rest, *root.entries[1:])), parted)
