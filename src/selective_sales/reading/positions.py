"""Where each character of a decoded scalar stands in the file.

In: a scalar node and its source. Out: `locate(start, end)`, from character offsets in the scalar's value to a Place. A value that stands
in the file as it is needs no map; for folded, literal, quoted and many-line scalars the text is decoded once more with offsets kept.
Should that not give the very value the parser gave, every place is the scalar's start: a blunt place, never a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..model.place import Place
from .nodes import ScalarNode
from .source import Source

LONGEST = 50_000
"""Characters of a value that are mapped; no expression or text for people is longer."""

Locate = Callable[[int, int], Place]
_Decoded = list[tuple[str, int, int]]
"""The decoded characters, each with start and end of what stands for it in the file."""

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_BREAK = re.compile(r"\r\n|\r|\n")
_FOLD = re.compile(r"[ \t]*(?:\r\n|\r|\n)(?:[ \t]*(?:\r\n|\r|\n))*[ \t]*")
_ESCAPED_FOLD = re.compile(r"\\(?:\r\n|\r|\n)((?:[ \t]*(?:\r\n|\r|\n))*)[ \t]*")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
    '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEADER = re.compile(r"[|>]([-+0-9]*)[^\r\n]*(?:\r\n|\r|\n|$)")


def locator(source: Source, node: ScalarNode) -> Locate:
    """The scalar's `locate`."""
    span, path = node.span, source.path
    if span.line == span.end_line:
        raw = source.text[span.start : span.end]
        skip = 1 if node.style in ("'", '"') else 0
        if raw[skip : len(raw) - skip] == node.value:
            line, base = span.line, span.column + skip

            def on_one_line(start: int, end: int) -> Place:
                return Place(path, line, base + start, line, base + end)

            return on_one_line
    return _Mapped(source, node).locate


class _Mapped:
    """Decodes when first asked."""

    def __init__(self, source: Source, node: ScalarNode) -> None:
        self._source = source
        self._node = node
        self._offsets: list[tuple[int, int]] | None = None

    def locate(self, start: int, end: int) -> Place:
        if self._offsets is None:
            self._offsets = offsets(self._source, self._node)
        known = self._offsets
        if not known:
            at = self._node.span.start
            return self._source.span(at, at + 1)
        last = len(known) - 1
        first = known[start][0] if start <= last else known[last][1]
        return self._source.span(first, max(first, known[min(end - 1, last)][1] if end > start else first))


def offsets(source: Source, node: ScalarNode) -> list[tuple[int, int]]:
    """Start and end in the file of each character of the value; empty where they cannot be told."""
    if len(node.value) > LONGEST:
        return []
    start = after_properties(source.text, node.span.start, node.span.end)
    match node.style:
        case "":
            candidates = [_flow(source.text, start, node.span.end, "")]
        case "'" | '"':
            candidates = [_flow(source.text, start + 1, node.span.end - 1, node.style)]
        case _:
            candidates = _block(source.text, start, node.span.end)
    for decoded in candidates:
        cut = decoded[: len(node.value)]
        if "".join([character for character, _, _ in cut]) == node.value:
            return [(first, end) for _, first, end in cut]
    return []


def after_properties(text: str, start: int, end: int) -> int:
    """Where a scalar itself begins: behind an anchor and a tag, where it has them."""
    properties = _PROPERTIES.match(text, start, end)
    return properties.end() if properties is not None and text[start : start + 1] in ("&", "!") else start


def _flow(text: str, at: int, end: int, style: str) -> _Decoded:
    """Plain and quoted scalars: line breaks fold to a space, or to one break less than there are; quotes and escapes are undone."""
    decoded: _Decoded = []
    while at < end:
        character = text[at]
        fold = _FOLD.match(text, at, end) if character in " \t\r\n" else None
        if fold is not None:
            decoded.extend(_folded(fold.group(), at, fold.end()))
            at = fold.end()
        elif style == "'" and character == "'":
            decoded.append(("'", at, at + 2))
            at += 2
        elif style == '"' and character == "\\":
            at = _escaped(text, at, end, decoded)
        else:
            decoded.append((character, at, at + 1))
            at += 1
    return decoded


def _folded(blank: str, at: int, end: int) -> _Decoded:
    breaks = len(_BREAK.findall(blank))
    return [(" ", at, end)] if breaks == 1 else [("\n", at, end)] * (breaks - 1)


def _escaped(text: str, at: int, end: int, decoded: _Decoded) -> int:
    """Adds what the backslash at `at` stands for; returns where it ends."""
    fold = _ESCAPED_FOLD.match(text, at, end)
    if fold is not None:
        decoded.extend([("\n", at, fold.end())] * len(_BREAK.findall(fold.group(1))))
        return fold.end()
    escape = _ESCAPE.match(text, at, end)
    if escape is None:
        return end
    digits = escape.group(1) or escape.group(2) or escape.group(3)
    meant = chr(int(digits, 16)) if digits and int(digits, 16) <= 0x10FFFF else _ESCAPES.get(escape.group(4) or "", "")
    decoded.append((meant, at, escape.end()))
    return escape.end()


def _block(text: str, at: int, end: int) -> list[_Decoded]:
    """Literal and folded scalars. Chomping needs no care: the value is a beginning of what stands here."""
    header = _HEADER.match(text, at, end)
    if header is None:
        return []
    lines = _lines(text, header.end(), end)
    indents = [len(line) - len(line.lstrip(" ")) for line, _, _ in lines if line.strip(" ")]
    if not indents:
        widths = [max((len(line) for line, _, _ in lines), default=0)]
    elif any(c.isdigit() for c in header.group(1)):
        # An explicit indentation counts from the parent's, which is not known here: the true one is that which gives the value.
        widths = list(range(min(indents) + 1))
    else:
        widths = [indents[0]]
    join = _literal if text[at] == "|" else _folded_block
    return [join([(line[width:], start + min(width, len(line)), stop) for line, start, stop in lines]) for width in widths]


def _lines(text: str, at: int, end: int) -> list[tuple[str, int, int]]:
    """Each line without its break, where it starts, and where its break ends."""
    lines: list[tuple[str, int, int]] = []
    while at < end:
        found = _BREAK.search(text, at, end)
        stop, following = (found.start(), found.end()) if found else (end, end)
        lines.append((text[at:stop], at, following))
        at = following
    return lines


def _literal(lines: list[tuple[str, int, int]]) -> _Decoded:
    decoded: _Decoded = []
    for line, start, following in lines:
        decoded.extend((character, start + i, start + i + 1) for i, character in enumerate(line))
        decoded.append(("\n", start + len(line), following))
    return decoded


def _folded_block(lines: list[tuple[str, int, int]]) -> _Decoded:
    """Breaks between two lines of text fold; around lines that begin with a blank, and at the end, they stay."""
    decoded: _Decoded = []
    texts = [i for i, (line, _, _) in enumerate(lines) if line]
    if not texts:
        return _literal(lines)
    for line, start, following in lines[: texts[0]]:
        decoded.append(("\n", start + len(line), following))
    for number, index in enumerate(texts):
        line, start, following = lines[index]
        decoded.extend((character, start + i, start + i + 1) for i, character in enumerate(line))
        after = texts[number + 1] if number + 1 < len(texts) else len(lines)
        breaks = after - index
        ends = (start + len(line), following)
        if after == len(lines) or line[0] in " \t" or lines[after][0][0] in " \t":
            decoded.extend([("\n", *ends)] * breaks)
        else:
            decoded.extend([(" ", *ends)] if breaks == 1 else [("\n", *ends)] * (breaks - 1))
    return decoded
