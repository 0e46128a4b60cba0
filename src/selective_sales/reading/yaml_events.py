"""A source's YAML -> nodes, in one pass over the parser's events, with the findings of YAML itself.

It refuses, as findings: more than one document, directives, tags, merge keys, keys written twice, keys that are no texts, recursive
aliases, more than 100,000 nodes, a text beyond a file's size or nesting deeper than 50 after alias expansion (counted before anything
is built), and syntax errors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml
from yaml import events

from ..model.finding import Finding
from ..model.place import Place
from . import cuts
from .nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, Span
from .source import LARGEST, Source

DEEPEST = 50
MOST_NODES = 100_000
"""So many hold a policy of 2,000 rules in three languages, or a thousand test cases with child rows; to read them takes a second."""

_DIRECTIVE = re.compile(r"^%(?:TAG|YAML)\b.*", re.MULTILINE)


class _EventParser(Protocol):
    def get_event(self) -> Any: ...


def compose(source: Source, most: int = MOST_NODES) -> tuple[Node | None, tuple[Finding, ...]]:
    """The root node of the file's one document, or None where a finding says why there is none."""
    directive = _DIRECTIVE.search(source.text)
    if directive is not None:
        # Refused before parsing: thousands of them would cost the parser quadratic time.
        message = f"'{directive.group().split()[0]}' is a directive to YAML, which this file does not need"
        return None, (Finding("SS007", message, source.span(*directive.span()), "delete the line"),)
    composer = _Composer(source, most)
    parser = _parser(source.text)
    try:
        while composer.going:
            composer.take(parser.get_event())
    except yaml.MarkedYAMLError as error:
        from . import syntax  # only a mistake pays for loading what is known about mistakes

        composer.findings.append(syntax.explain(source, error, composer.last_scalar))
        return None, tuple(composer.findings)
    except yaml.YAMLError:
        from . import syntax

        composer.findings.append(syntax.not_yaml(source.span(0, 0)))
        return None, tuple(composer.findings)
    return composer.root, tuple(composer.findings)


def _parser(text: str) -> _EventParser:
    """PyYAML's parser over libyaml, or its Python twin where PyYAML was built without."""
    if yaml.__with_libyaml__:
        from yaml._yaml import CParser

        parser: _EventParser = CParser(text)
        return parser
    from .yaml_python import PythonParser

    return PythonParser(text)


@dataclass(slots=True, eq=False, repr=False)
class _Open:
    """A collection whose end has not come yet; `key` is the key that waits for its value, `keyed` whether one does."""

    node: SequenceNode | MappingNode
    anchor: str | None
    key: ScalarNode | None = None
    keyed: bool = False
    pairs: list[Entry] = field(default_factory=list)


class _Composer:
    """Takes events one by one. `going` turns False at the end, and where reading on would be of no use."""

    def __init__(self, source: Source, most: int) -> None:
        self.source = source
        self.most = most
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.last_scalar: ScalarNode | None = None
        self.going = True
        self._stack: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._count = 0
        self._copied = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        if type(event) is events.ScalarEvent:  # by far the most frequent, hence not among the patterns
            node = ScalarNode(event.value, event.style or "", _span(event))
            self.last_scalar = node
            self._begin(event, node)
            if node.style == ">" and not node.value:
                self.findings.extend(cuts.at_greater(self.source, node))
            self._add(node)
            return
        match event:
            case events.MappingStartEvent() | events.SequenceStartEvent():
                self._open(event)
            case events.MappingEndEvent() | events.SequenceEndEvent():
                self._close(event)
            case events.AliasEvent():
                self._alias(event)
            case events.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._stop("SS006", "a second document begins here: a file holds one", event, "make it a file of its own")
            case events.StreamEndEvent() | None:
                self.going = False
                if self.root is None and not self.findings:
                    self._stop("SS005", "the file is empty", event, "the first line is 'format: 1'")
            case _:
                pass

    def _begin(self, event: Any, node: Node) -> None:
        """What every new node goes through: it is counted, its tag refused, its anchor remembered."""
        self._count_nodes(event, 1, 1)
        if event.tag is not None:
            help = "delete it; an expression that starts with ! needs single quotes"
            written = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.findings.append(Finding("SS008", f"'{written}' is a YAML tag; tags mean nothing here", self._place(event), help))
            if isinstance(node, ScalarNode):
                node.broken = True
        if event.anchor is not None:
            self._anchors[event.anchor] = node

    def _count_nodes(self, event: Any, size: int, height: int) -> None:
        self._count += size
        if self._count > self.most:
            message = f"the file has more than {self.most:,} values (aliases counted as if written out)"
            self._stop("SS012", message, event, "make it smaller, or split it")
        if len(self._stack) + height > DEEPEST:
            self._stop("SS013", f"the file is nested deeper than {DEEPEST} levels", event, "nest less")

    def _open(self, event: Any) -> None:
        flow = bool(event.flow_style)
        node: SequenceNode | MappingNode
        if isinstance(event, events.MappingStartEvent):
            node = MappingNode({}, _span(event), flow)
        else:
            node = SequenceNode([], _span(event), flow)
        self._begin(event, node)
        self._stack.append(_Open(node, event.anchor))

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        node = done.node
        node.span.last = event.end_mark
        if isinstance(node, MappingNode):
            self.findings.extend(_fill(self.source, node, done.pairs))
        elif node.flow:
            self.findings.extend(cuts.in_sequence(self.source, node))
        self._add(node)

    def _alias(self, event: Any) -> None:
        node = self._anchors.get(event.anchor)
        if node is None:
            message = f"'*{event.anchor}' refers to '&{event.anchor}', which is not above"
            self._stop("SS014", message, event, "an expression that starts with * needs single quotes")
        elif any(opened.node is node for opened in self._stack):
            self._stop("SS011", f"'*{event.anchor}' stands inside what it refers to, without end", event, "write out what you mean")
        else:
            self._count_nodes(event, node.size, node.height)
            self._copied += node.length
            if self.going and self._copied > LARGEST:
                message = f"the file's aliases stand for more than {LARGEST:,} characters"
                self._stop("SS012", message, event, "make it smaller, or split it")
            if self.going:
                self._add(node)

    def _add(self, node: Node) -> None:
        """Puts a finished node where it belongs."""
        if not self._stack:
            if isinstance(node, ScalarNode) and node.plain and not node.value:
                self.findings.append(
                    Finding("SS005", "the file is empty", node.span.place(self.source.path), "the first line is 'format: 1'")
                )
            else:
                self.root = node
            return
        parent = self._stack[-1]
        collection = parent.node
        collection.size += node.size
        collection.length += node.length
        if node.height >= collection.height:
            collection.height = node.height + 1
        if isinstance(collection, SequenceNode):
            collection.items.append(node)
        elif not parent.keyed:
            parent.keyed = True
            if isinstance(node, ScalarNode):
                parent.key = node
            else:
                self._bad_key(node)
        else:
            if parent.key is not None:
                parent.pairs.append(Entry(parent.key, node))
            parent.key, parent.keyed = None, False

    def _bad_key(self, node: Node) -> None:
        message = "here a key is expected; this is a list or a group of keys"
        help = "write the key as a text; a text with braces or brackets needs single quotes"
        self.findings.append(Finding("SS015", message, node.span.place(self.source.path), help))

    def _stop(self, code: str, message: str, event: Any, help: str) -> None:
        if self.going or not self.findings:
            self.findings.append(Finding(code, message, self._place(event), help))
        self.going, self.root = False, None

    def _place(self, event: Any) -> Place:
        if event is None:
            return self.source.span(0, 0)
        return _span(event).place(self.source.path)


def _span(event: Any) -> Span:
    return Span(event.start_mark, event.end_mark)


def _fill(source: Source, node: MappingNode, pairs: list[Entry]) -> list[Finding]:
    """Enters the pairs into the mapping, except those that a finding takes out."""
    findings: list[Finding] = []
    if node.flow:
        pairs, findings = cuts.in_mapping(source, pairs)
        node.broken = bool(findings)
    for pair in pairs:
        torn = cuts.key_and_braces(source, pair.key) if pair.key.plain else None
        if torn is not None:
            pair, finding = torn
            findings.append(finding)
        key = pair.key
        if key.plain and key.value == "<<":
            message = "'<<' brings in other keys unseen: everything is written where it holds"
            findings.append(Finding("SS009", message, key.span.place(source.path), "write the keys out"))
        elif key.value in node.entries:
            first = node.entries[key.value].key.span.place(source.path)
            message = f"'{key.value}' stands twice here: first at {first}"
            findings.append(Finding("SS010", message, key.span.place(source.path), "keep one of the two, or rename one"))
        else:
            node.entries[key.value] = pair
    return findings
