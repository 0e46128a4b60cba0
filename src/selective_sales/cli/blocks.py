"""The parts of a page in, a page for a terminal or for Markdown out. Foreign text steers neither."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .snippet import visible

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page: a heading (or none), a table whose first row is its head, and paragraphs."""

    heading: str = ""
    rows: tuple[Cells, ...] = ()
    lines: tuple[str, ...] = ()
    listed: bool = False
    top: bool = False
    """The page's own heading and what it comes to: shown even without lines."""
    words: int = 1
    """How many columns from the left hold words; the others hold numbers, which stand at the right."""


def text_of(blocks: Iterable[Block]) -> str:
    """For a terminal: columns in line."""
    parts = []
    for block in blocks:
        lines = [f"{block.heading}:"] if block.rows or block.lines else []
        if block.top:
            lines = [block.heading, ""] if block.lines else [block.heading]
        lines += aligned(block.rows, block.words)
        lines += [f"  - {line}" if block.listed else line for line in block.lines]
        parts.append("\n".join(visible(line).rstrip() for line in lines))
    return "\n\n".join(part for part in parts if part) + "\n"


def markdown_of(blocks: Iterable[Block]) -> str:
    """For a page."""
    parts = []
    for block in blocks:
        lines = [f"{'#' if block.top else '##'} {escaped(block.heading)}", ""] if block.top or block.rows or block.lines else []
        if block.rows:
            head, *rest = block.rows
            lines += [f"| {' | '.join(map(escaped, head))} |", "|" + "---|" * block.words + "---:|" * (len(head) - block.words)]
            lines += [f"| {' | '.join(map(escaped, row))} |" for row in rest]
            lines += [""] if block.lines else []
        lines += [f"- {escaped(line)}" if block.listed else escaped(line) for line in block.lines]
        parts.append("\n".join(lines).rstrip())
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Foreign text on a page: nothing in it is markup."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~" else c for c in visible(text))


def aligned(rows: Sequence[Cells], words: int = 1) -> Iterator[str]:
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(len(rows[0]) if rows else 0)]
    for row in rows:
        cells = [cell.ljust(w) if i < words else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))]
        yield "  " + "  ".join(cells)
