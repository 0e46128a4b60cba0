"""Where something stands in a file a person wrote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span of text. Lines and columns count from 1, in characters; the end is exclusive.

    `line == 0` means the file as a whole (nothing in it could be pointed at). In a workbook, lines are rows, and `cell` is the address as
    people write it there: `Clients!C7`.
    """

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    cell: str = ""

    def __str__(self) -> str:
        if self.cell:
            return f"{self.file}#{self.cell}"
        if self.line == 0:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def width(self) -> int:
        """Characters to underline; 1 where the span is empty or runs over lines."""
        if self.end_line == self.line and self.end_column > self.column:
            return self.end_column - self.column
        return 1
