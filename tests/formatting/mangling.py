"""A sound policy in, the same policy as nobody would write it out: quotes, braces, blank lines, order of keys, comments at random.

Every comment has a number and says where it stands: `#c7 above when`, `#c8 behind when`, `#c9 loose`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from selective_sales.reading.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from selective_sales.reading.scalars import resolve
from selective_sales.reading.source import Source
from selective_sales.reading.yaml_events import compose
from tests.making.choices import Choices

ROOT = Path(__file__).parents[2]
AS_THEY_ARE = frozenset({"missing", "none", "-"})


def _names(schema: object) -> Iterator[str]:
    match schema:
        case dict():
            yield from schema.get("properties", {})
            for part in schema.values():
                yield from _names(part)
        case list():
            for part in schema:
                yield from _names(part)
        case _:
            pass


NAMED = frozenset(
    name
    for kind in ("policy", "test", "exceptions")
    for name in _names(json.loads((ROOT / f"schemas/{kind}.schema.json").read_text(encoding="utf-8")))
)
"""Every key that the language has: the order of a map that has no others means nothing."""


def document(text: str) -> Node:
    root, findings = compose(Source("made.yaml", text))
    assert root is not None and not findings, findings
    return root


class Mangler:
    """Writes one document. `shuffled`: whether keys may change their order; `remarks`: how often a comment comes, in percent."""

    def __init__(self, choices: Choices, *, shuffled: bool, remarks: int) -> None:
        self.choices = choices
        self.shuffled = shuffled
        self.remarks = remarks
        self.count = 0
        self.begun = False
        """Whether the first key is written: what stands above it is about the file."""

    def text(self, root: Node) -> str:
        assert isinstance(root, MappingNode)
        ending = self.choices.one(("\n", "\n", "\r\n"))
        lines = self._map(root, 0)
        if self.choices.often(self.remarks):
            lines.append(self._comment("loose"))
        text = "\n".join(lines) + self.choices.one(("\n", "", "\n\n\n"))
        start = self.choices.one(("", "", "", "---\n", "\ufeff", "\n\n"))
        return (start + text).replace("\n", ending)

    def _comment(self, where: str) -> str:
        self.count += 1
        gap, end = self.choices.one(("", " ", "\t")), self.choices.one(("", "", "  ", ' # : [x] "'))
        return f"#{gap}c{self.count} {where}{end}"

    def _above(self, indent: int, what: str) -> list[str]:
        """Blank lines and comments before an entry."""
        what = what if self.begun else "file"
        self.begun = True
        lines = [""] * self.choices.one((0, 0, 0, 1, 3))
        if self.choices.often(self.remarks):
            lines.append(" " * indent + self._comment(f"above {what}"))
            if self.choices.often(20):
                lines += [" " * indent + self._comment(f"above {what}")]
        return lines

    def _behind(self, what: str) -> str:
        return f"{self.choices.one((' ', '   '))}{self._comment(f'behind {what}')}" if self.choices.often(self.remarks) else ""

    def _ordered(self, node: MappingNode) -> list[Entry]:
        entries = list(node.entries.values())
        if self.shuffled and set(node.entries) <= NAMED:
            for at in range(len(entries) - 1, 0, -1):
                other = self.choices.whole(0, at)
                entries[at], entries[other] = entries[other], entries[at]
        return entries

    def _key(self, key: str) -> str:
        if re.fullmatch(r"[^\W\d]\w*", key) is None or self.choices.often(15):
            return self.choices.one((json.dumps(key, ensure_ascii=False), "'" + key.replace("'", "''") + "'"))
        return key

    def _map(self, node: MappingNode, indent: int, first: str = "") -> list[str]:
        """The entries in block style; the first one goes on the line that `first` begins."""
        lines: list[str] = []
        for entry in self._ordered(node):
            name = entry.key.value
            lines += [] if first else self._above(indent, name)
            start = f"{first or ' ' * indent}{self._key(name)}:"
            first = ""
            lines += self._value(start, entry.value, indent, name, in_list=False)
        return lines

    def _list(self, node: SequenceNode, indent: int, first: str = "") -> list[str]:
        lines: list[str] = []
        for item in node.items:
            lines += [] if first else self._above(indent, "-")
            start = f"{first or ' ' * indent}-"
            first = ""
            if isinstance(item, MappingNode) and item.entries and self.choices.often(50):
                lines += self._map(item, indent + 2, f"{start} ")
            elif isinstance(item, SequenceNode) and item.items and self.choices.often(10):
                lines += self._list(item, indent + 2, f"{start} ")
            else:
                lines += self._value(start, item, indent, "-", in_list=True)
        return lines

    def _value(self, start: str, node: Node, indent: int, name: str, *, in_list: bool) -> list[str]:
        """A value behind its key or dash."""
        if isinstance(node, ScalarNode):
            return self._block_scalar(start, node, indent, name)
        filled = bool(node.entries if isinstance(node, MappingNode) else node.items)
        if not filled or self.choices.often(40):
            many = self.choices.often(25)
            written = self._flow(node, indent + 1, many)
            return f"{start}{self.choices.one((' ', '   '))}{written}{self._behind(name)}".split("\n")
        step = self.choices.one((2, 1, 4, 3))
        head = self._behind(name) if not in_list else ""
        if isinstance(node, MappingNode):
            return [start + head, *self._map(node, indent + step)]
        return [start + head, *self._list(node, indent + self.choices.one((2, 0, 4) if not in_list else (2, 4)))]

    def _block_scalar(self, start: str, node: ScalarNode, indent: int, name: str) -> list[str]:
        words = node.value.split(" ")
        joinable = len(words) > 1 and all(words) and "\n" not in node.value and "\t" not in node.value
        if isinstance(resolve(node), str) and node.value not in AS_THEY_ARE and joinable:
            margin = " " * (indent + self.choices.one((1, 2, 5)))
            at = self.choices.whole(1, len(words) - 1)
            first, second = " ".join(words[:at]), " ".join(words[at:])
            form = self.choices.one(("flow", "flow", "flow", "literal", "folded", "lines"))
            if form == "literal":
                return [f"{start} |-{self._behind(name)}", margin + node.value]
            if form == "folded" and self.plain_in(first) and self.plain_in(second):
                return [f"{start} >-", margin + first, margin + second]
            if form == "lines":
                quoted = [part.replace("'", "''") for part in (first, second)]
                return [f"{start} '{quoted[0]}", f"{margin}{quoted[1]}'{self._behind(name)}"]
        return [f"{start}{self.choices.one((' ', '  '))}{self._scalar(node, flow=False)}{self._behind(name)}"]

    def plain_in(self, text: str) -> bool:
        return text == text.strip() and "#" not in text

    def _scalar(self, node: ScalarNode, flow: bool) -> str:
        value = node.value
        if not isinstance(resolve(node), str) or value in AS_THEY_ARE:
            return value if node.plain else json.dumps(value, ensure_ascii=False)
        forms = [json.dumps(value, ensure_ascii=False)]
        if "\n" not in value:
            forms.append("'" + value.replace("'", "''") + "'")
        if self._is_plain(value, flow):
            forms = [value, value, *forms]
        return self.choices.one(forms)

    @staticmethod
    def _is_plain(value: str, flow: bool) -> bool:
        if value != value.strip() or value == "" or not re.match(r"\w|[(]|-\w", value) or re.search(r": |:$| #|\n", value):
            return False
        if flow and re.search(r"[\[\]{},:?]", value):
            return False
        return isinstance(resolve(ScalarNode(value, "", None)), str)  # type: ignore[arg-type]

    def _flow(self, node: Node, indent: int, many: bool) -> str:
        """In braces or brackets; `many`: over several lines, with comments."""
        if isinstance(node, ScalarNode):
            return self._scalar(node, flow=True)
        if isinstance(node, MappingNode):
            parts = [f"{self._key(e.key.value)}: {self._flow(e.value, indent + 1, False)}" for e in self._ordered(node)]
            opening, closing = "{", "}"
        else:
            parts = [self._flow(item, indent + 1, False) for item in node.items]
            opening, closing = "[", "]"
        if not many:
            blank = self.choices.one(("", " "))
            return opening + blank + self.choices.one((", ", ",  ")).join(parts) + blank + closing
        text = opening + (f" {self._comment('loose')}" if self.choices.often(self.remarks) else "")
        for number, part in enumerate(parts):
            comma = "," if number + 1 < len(parts) or self.choices.often(20) else ""
            text += "\n" + " " * indent + part + comma
            text += f" {self._comment('loose')}" if self.choices.often(self.remarks) else ""
        return f"{text}\n{' ' * indent}{closing}"
