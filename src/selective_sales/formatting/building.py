"""A YAML text -> the tree of its layout: what `parsing` found, with every comment at the one node that it belongs to."""

from __future__ import annotations

from dataclasses import replace

from .parsing import BLOCK_HEADER, SKIPPED, Event, NotUnderstoodError, content_indent, events_of
from .remarks import Remarks, remarks
from .tree import Alias, Collection, Comment, Document, Entry, Scalar, apart


def build(text: str) -> Document:
    """The layout of that text."""
    events = events_of(text)
    builder = _Builder(text, events, remarks(text, (span for event in events for span in event.spans)))
    return builder.document()


def comments(text: str) -> tuple[str, ...]:
    """Every comment of that text."""
    events = events_of(text)
    found = remarks(text, (span for event in events for span in event.spans)).found
    headers = (text[event.inner : event.end].split("\n", 1)[0] for event in events if event.style in ("|", ">"))
    return (*(remark.text for remark in found), *(header[header.index("#") :].rstrip() for header in headers if "#" in header))


class _Builder:
    """Goes through the events once. The comments between two of them are handed to the node they belong to."""

    def __init__(self, text: str, events: list[Event], found: Remarks) -> None:
        self.text = text
        self.events = [event for event in events if event.kind != "DocumentStartEvent"]
        self.remarks = found
        self.at = 0
        self.before = 0
        """The offset at which the last event ended."""

    def document(self) -> Document:
        if not self.events or not self.coming.kind.endswith("StartEvent"):
            raise NotUnderstoodError("no sections")
        root = self._collection(parent_column=-1)
        return _with_top(replace(root, tail=(*root.tail, *self.remarks.own_lines(len(self.text) + 1))))

    def _next(self) -> Event:
        event = self.events[self.at]
        self.at += 1
        self.before = event.end
        return event

    @property
    def coming(self) -> Event:
        return self.events[self.at]

    def _leaf(self, event: Event) -> Scalar | Alias:
        if event.kind == "AliasEvent":
            return Alias(event.anchor)
        raw = self.text[event.inner : event.end]
        width = 0
        header = BLOCK_HEADER.match(raw) if event.style in ("|", ">") else None
        if header is not None:
            width = content_indent(raw[header.end() :], header.group(1), self.text, event.inner)
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
        if not event.flow and column == parent_column:  # a list no deeper than its key: what stands below it may be a part of it
            tail = (*tail, *self.remarks.right_below(closing.start, column))
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
        self._place_nothing(behind_key, "-" if is_list else ":")
        head = self.remarks.behind(behind_key, self.coming.inner)
        if self.coming.kind.endswith("StartEvent") and not self.coming.flow:
            return Entry(key, self._collection(column), leading, head, blank_before=blank_before)
        leading, head = self._lifted(leading, head, self.coming.inner)
        value = self._collection(column) if self.coming.flow else self._leaf(self._next())
        if isinstance(value, Scalar) and value.style in ("|", ">"):
            behind_sign = _behind_sign(value)
            leading, head = (leading, head) if behind_sign is None else ((*leading, *apart(head)), behind_sign)
            return Entry(key, value, leading, head, blank_before=blank_before)
        trailing = self.remarks.behind(self.before, self.coming.start if flow else len(self.text) + 1)
        return Entry(key, value, leading, head, trailing, (), blank_before)

    def _place_nothing(self, behind_key: int, sign: str) -> None:
        """Of a value that is not there the parser tells where the next one begins: it stands right behind its colon or dash."""
        coming = self.coming
        if coming.kind == "ScalarEvent" and coming.start == coming.end:
            at = self.text.find(sign, behind_key, coming.start)
            place = at + 1 if at >= 0 else behind_key
            self.events[self.at] = replace(coming, start=place, inner=place, end=place)

    def _lifted(self, leading: tuple[Comment, ...], head: Comment | None, until: int) -> tuple[tuple[Comment, ...], Comment | None]:
        """Comments on lines between a key and a value that will stand behind the key: they go above it, with the one behind the key."""
        between = self.remarks.own_lines(until)
        if not between:
            return leading, head
        return (*leading, *apart(head), *between), None

    def _dash(self) -> int:
        """The offset of the dash before the coming item."""
        skipped = SKIPPED.match(self.text, self.before)
        assert skipped is not None  # it matches nothing at all, too
        if self.text[skipped.end() : skipped.end() + 1] != "-":
            raise NotUnderstoodError(f"no dash at offset {skipped.end()}")
        return skipped.end()


def _behind_sign(value: Scalar) -> Comment | None:
    """The comment behind the `|` or `>` of a block scalar."""
    header = value.raw.split("\n", 1)[0]
    return Comment((header[header.index("#") :].rstrip(),)) if "#" in header else None


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
