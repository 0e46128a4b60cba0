"""The parts of a body in, the same body as HTML, as plain text and as data for Typst out, each with the places of its values."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from .filling import Filling, filling
from .shape import Block, Body, Inline, LineEnd, Link, Listing, Paragraph, Styled, Words, plain

Node = dict[str, Any]
"""A part of the body as the Typst shell reads it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as plain text: what stands before its first and its further lines, and whether it stands close to the one before."""

    first: str
    further: str
    text: Filling
    close: bool


@dataclass(frozen=True, slots=True)
class Forms:
    """A body in every form that a letter is printed in. `branch` is the same for bodies that differ by values only."""

    branch: str
    subject: Filling
    markdown: Filling
    html: Filling
    lines: tuple[Line, ...]
    text: Filling
    nodes: tuple[Node, ...]


def forms(body: Body, markdown: str, branch: str) -> Forms:
    """Every form of the body. `markdown` is its text without the subject's line."""
    lines = tuple(_lines(body.blocks))
    unwrapped = "".join(("\n" if line.close else "\n\n") + line.first + _whole(line.text) for line in lines)
    return Forms(
        branch=branch,
        subject=filling(body.subject),
        markdown=filling(markdown),
        html=filling("\n".join(map(_html, body.blocks))),
        lines=lines,
        text=filling(unwrapped.lstrip("\n")),
        nodes=tuple(map(_node, body.blocks)),
    )


def wrapped(lines: Iterable[Line], values: Sequence[str], width: int) -> str:
    """The plain text in lines of at most that many characters; only a word that is longer stands out."""
    shown = []
    for line in lines:
        paragraphs = line.text.filled(values).split("\n")
        first = line.first
        rows = []
        for paragraph in paragraphs:
            rows.append(fold(paragraph, width, first, line.further))
            first = line.further
        shown.append(("\n" if line.close else "\n\n") + "\n".join(rows))
    return "".join(shown).lstrip("\n")


def fold(text: str, width: int, first: str = "", further: str = "") -> str:
    """One paragraph in lines of that width; a space that does not break stays whole."""
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)


def filled_nodes(nodes: Sequence[Node], values: Sequence[str]) -> list[Any]:
    """The data for Typst with these values, as they are: there they are data too."""
    return [_filled_node(node, values) for node in nodes]


def _filled_node(node: Any, values: Sequence[str]) -> Any:
    match node:
        case Filling():
            return node.filled(values)
        case dict():
            return {key: _filled_node(part, values) for key, part in node.items()}
        case list():
            return [_filled_node(part, values) for part in node]
        case _:
            return node


def _whole(text: Filling) -> str:
    """A filling as the text with marks that it was made of."""
    return text.filled([chr(0xE000 + place) for place in range(max(text.places, default=-1) + 1)])


def _html(block: Block) -> str:
    match block:
        case Paragraph(inside, heading):
            tag = "h2" if heading else "p"
            return f"<{tag}>{_html_inside(inside)}</{tag}>"
        case Listing(items, first):
            start = "" if first in (None, 1) else f' start="{first}"'
            tag = "ul" if first is None else "ol"
            shown = "\n".join(f"<li>{_html_item(item)}</li>" for item in items)
            return f"<{tag}{start}>\n{shown}\n</{tag}>"
        case _:
            assert_never(block)


def _html_item(blocks: Sequence[Block]) -> str:
    match blocks:
        case (Paragraph(inside, False), *rest):
            return "\n".join([_html_inside(inside), *map(_html, rest)])
        case _:
            return "\n".join(map(_html, blocks))


def _html_inside(inside: Iterable[Inline]) -> str:
    parts = []
    for part in inside:
        match part:
            case Words(text):
                parts.append(html.escape(text))
            case Styled(strong, inner):
                tag = "strong" if strong else "em"
                parts.append(f"<{tag}>{_html_inside(inner)}</{tag}>")
            case Link(target, inner):
                parts.append(f'<a href="{html.escape(target)}">{_html_inside(inner)}</a>')
            case LineEnd():
                parts.append("<br>\n")
            case _:
                assert_never(part)
    return "".join(parts)


def _lines(blocks: Iterable[Block], indent: str = "") -> Iterator[Line]:
    for block in blocks:
        match block:
            case Paragraph(inside, _):
                yield Line(indent, indent, filling(_text(inside)), close=False)
            case Listing(items, first):
                for number, item in enumerate(items):
                    sign = "- " if first is None else f"{first + number}. "
                    yield from _item(tuple(_lines(item, indent + " " * len(sign))), indent + sign, close=number > 0)
            case _:
                assert_never(block)


def _item(lines: Sequence[Line], start: str, *, close: bool) -> Iterator[Line]:
    """The lines of a list's item, the first of them behind its sign."""
    for number, line in enumerate(lines):
        yield line if number else Line(start, line.further, line.text, close)


def _text(inside: Iterable[Inline]) -> str:
    parts = []
    for part in inside:
        match part:
            case Words(text):
                parts.append(text)
            case Styled(inside=inner):
                parts.append(_text(inner))
            case Link(target, inner):
                said, address = plain(inner), target.removeprefix("mailto:").removeprefix("tel:")
                parts.append(said if said == address else f"{said} ({address})")
            case LineEnd():
                parts.append("\n")
            case _:
                assert_never(part)
    return "".join(parts)


def _node(block: Block) -> Node:
    match block:
        case Paragraph(inside, heading):
            return {"is": "heading" if heading else "paragraph", "inside": _nodes_inside(inside)}
        case Listing(items, first):
            return {"is": "list", "first": first, "items": [[_node(part) for part in item] for item in items]}
        case _:
            assert_never(block)


def _nodes_inside(inside: Iterable[Inline]) -> list[Any]:
    nodes: list[Any] = []
    for part in inside:
        match part:
            case Words(text):
                nodes.append({"is": "text", "text": filling(text)})
            case Styled(strong, inner):
                nodes.append({"is": "strong" if strong else "emphasis", "inside": _nodes_inside(inner)})
            case Link(target, inner):
                nodes.append({"is": "link", "target": target, "inside": _nodes_inside(inner)})
            case LineEnd():
                nodes.append({"is": "line end"})
            case _:
                assert_never(part)
    return nodes
