"""Markdown in, its fenced blocks out, each with the comment above it: `<!-- file: NAME -->`, `<!-- output -->`, `<!-- not run: WHY -->`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs/policies").glob("*.md")),
    ROOT / "policies/README.md",
    ROOT / "policies/common/README.md",
    *sorted((ROOT / "examples").glob("*/README.md")),
]

_BLOCK = re.compile(r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it stands, its language, the comment above it, its lines."""

    document: Path
    line: int
    language: str
    note: str
    body: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def blocks(document: Path) -> list[Block]:
    text = document.read_text(encoding="utf-8")
    return [
        Block(document, text.count("\n", 0, m.start("language")) + 1, m["language"], m["note"] or "", m["body"])
        for m in _BLOCK.finditer(text)
    ]
