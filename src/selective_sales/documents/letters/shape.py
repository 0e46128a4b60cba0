"""A body as Markdown with marks in, its parts out: the subject, and paragraphs, lists and headings of text that is plain, bold or italic.

Refuses what a letter on paper has no use for: pictures, code, tables, quotations, rules, HTML, and links that lead where data says.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from .filling import has_marks, without_marks

MARKDOWN = MarkdownIt("commonmark", {"html": True}).disable(["lheading", "reference"])
"""HTML is read as such, so that it can be refused: printed letter by letter it would be seen by a client first."""
# Every link is read as one, so that a bad one is refused below and not printed as it stands.
MARKDOWN.validateLink = lambda url: True  # type: ignore[method-assign]
_ENTITY = re.compile(r"&#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});")
_SCHEMES = ("https://", "http://", "mailto:", "tel:")


class NotALetterError(ValueError):
    """What the Markdown holds and a letter cannot. `line` is that of the Markdown, from 1."""

    def __init__(self, message: str, help: str, line: int = 0) -> None:
        super().__init__(message)
        self.message, self.help, self.line = message, help, line


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Bold or italic text."""

    strong: bool
    inside: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an address."""

    target: str
    inside: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class LineEnd:
    """A line that ends where its author ended it."""


Inline = Words | Styled | Link | LineEnd


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a heading within the letter where `heading`."""

    inside: tuple[Inline, ...]
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; the items are numbered from `first`, or have a dash where it is None."""

    items: tuple[tuple[Block, ...], ...]
    first: int | None


Block = Paragraph | Listing


@dataclass(frozen=True, slots=True)
class Body:
    """A body apart: the subject (its first line, `# Subject`) and what follows."""

    subject: str
    blocks: tuple[Block, ...]


REFUSED = {
    "code_block": ("a line that begins with four spaces is code in Markdown", "begin the line without spaces"),
    "fence": ("a letter has no code", "leave out ``` and ~~~"),
    "code_inline": ("a letter has no code", "leave out the backticks"),
    "image": ("a letter has no pictures of its own", "the logo comes from the letterhead"),
    "blockquote": ("a letter has no quotations set apart", "leave out the > at the line's start"),
    "hr": ("a letter has no rules across the page", "leave out the line of dashes"),
    "html_block": ("a letter's body is Markdown, and this is HTML", "write **bold**, *italic*, or - for a list"),
    "html_inline": ("a letter's body is Markdown, and this is HTML", "write **bold**, *italic*, or - for a list"),
}


PRIVATE = ("a private-use character, which has no agreed meaning", "write another sign")


def private_entity(markdown: str) -> int | None:
    """The line of an entity such as `&#57344;`, which Markdown reads as a private-use character: it would be taken for a value's mark."""
    for number, line in enumerate(markdown.split("\n"), 1):
        if any(without_marks(html.unescape(entity)) != html.unescape(entity) for entity in _ENTITY.findall(line)):
            return number
    return None


def body(markdown: str, tidy: Callable[[str], str]) -> Body:
    """The parts of a body; `tidy` puts in the spaces that do not break.

    Raises NotALetterError for what a letter cannot hold, and where the first line is no subject.
    """
    try:
        return _parts(markdown, tidy)
    except RecursionError:
        raise NotALetterError("its body nests too deep", "leave out signs such as * that stand in a long row", 1) from None


def _parts(markdown: str, tidy: Callable[[str], str]) -> Body:
    if (line := private_entity(markdown)) is not None:
        raise NotALetterError(*PRIVATE, line)
    tree = SyntaxTreeNode(MARKDOWN.parse(markdown))
    nodes = list(tree.children)
    if not nodes or nodes[0].type != "heading" or nodes[0].tag != "h1":
        raise NotALetterError("the first line is no subject", "begin the body with a line such as `# Our cooperation`", 1)
    reader = _Reader(tidy)
    return Body(plain(reader.inlines(nodes[0])), tuple(reader.blocks(nodes[1:])))


def plain(inside: Iterable[Inline]) -> str:
    """The text alone, on one line."""
    parts = []
    for part in inside:
        match part:
            case Words(text):
                parts.append(text)
            case Styled(inside=inner) | Link(inside=inner):
                parts.append(plain(inner))
            case LineEnd():
                parts.append(" ")
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Reader:
    tidy: Callable[[str], str]

    def blocks(self, nodes: Iterable[SyntaxTreeNode]) -> Iterator[Block]:
        for node in nodes:
            match node.type:
                case "paragraph":
                    yield Paragraph(self.inlines(node))
                case "heading":
                    if node.tag == "h1":
                        raise NotALetterError("a second subject", "write ## for a heading within the letter", _line(node))
                    yield Paragraph(self.inlines(node), heading=True)
                case "bullet_list" | "ordered_list":
                    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
                    yield Listing(tuple(tuple(self.blocks(item.children)) for item in node.children), first)
                case kind:
                    raise _refused(kind, _line(node))

    def inlines(self, block: SyntaxTreeNode) -> tuple[Inline, ...]:
        return tuple(part for child in block.children for part in self.inside(child.children, _line(block)))

    def inside(self, nodes: Iterable[SyntaxTreeNode], line: int) -> Iterator[Inline]:
        text = ""
        for node in nodes:
            if node.type in ("text", "softbreak"):
                text += node.content if node.type == "text" else " "
                continue
            if text:
                yield Words(self.tidy(text))
                text = ""
            yield self.styled(node, line)
        if text:
            yield Words(self.tidy(text))

    def styled(self, node: SyntaxTreeNode, line: int) -> Inline:
        match node.type:
            case "hardbreak":
                return LineEnd()
            case "strong" | "em":
                return Styled(node.type == "strong", tuple(self.inside(node.children, line)))
            case "link":
                return Link(checked_target(str(node.attrs.get("href", "")), line), tuple(self.inside(node.children, line)))
            case kind:
                raise _refused(kind, line)


def _refused(kind: str, line: int) -> NotALetterError:
    message, help = REFUSED.get(kind, (f"a letter has no {kind.replace('_', ' ')}", "write plain paragraphs"))
    return NotALetterError(message, help, line)


def checked_target(target: str, line: int) -> str:
    """A link's address, which must be in the template itself and of a sort that does no harm."""
    if "%EE%" in target or "%EF%A" in target or has_marks(target):
        raise NotALetterError("a link leads to an address that is not in the template", "write the address, or print the value alone", line)
    if not target.startswith(_SCHEMES):
        raise NotALetterError(f"a link leads to {target!r}", f"a link begins with {', '.join(_SCHEMES)}", line)
    return target


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 0
