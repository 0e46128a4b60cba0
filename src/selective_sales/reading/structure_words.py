"""Faults of structure -> findings with line and column, in words of a business person.

Of the branches of an `anyOf` the one that fits best is taken, as if the author had meant it: the right kind of value first, then the fewest
keys too many or absent. No sentence of jsonschema's is ever shown.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from ..model.dates import days_meant
from ..model.finding import Finding
from .faults import Fault, distance, extra_keys, is_of_kind, kinds, known_keys, types
from .nodes import MappingNode, Node, ScalarNode, SequenceNode, Span
from .plain import plain
from .source import Source
from .values import date_help

_MOST_GUESSES = 1_000
"""Of so many unknown keys it is guessed what was meant: a file with more is no policy."""
_KINDS = {
    "object": "a group of 'key: value' lines",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}


def in_words(source: Source, root: Node, faults: Iterable[Fault]) -> tuple[Finding, ...]:
    """A finding for each fault that is the author's own, each once."""
    words = _Words(source, root)
    for fault in faults:
        words.say(fault)
    meant = words.meant
    return tuple(dict.fromkeys(finding for finding, absent in words.findings if absent not in meant))


class _Words:
    """Collects findings."""

    def __init__(self, source: Source, root: Node) -> None:
        self.findings: list[tuple[Finding, tuple[str | int, ...]]] = []
        """Each with the path of the key whose absence it tells (empty where it tells something else)."""
        self.meant: set[tuple[str | int, ...]] = set()
        """Paths of keys that stand there misspelt: their absence is not told besides."""
        self._source = source
        self._root = root
        self._guesses = 0

    def say(self, fault: Fault, known: set[str] | None = None) -> None:
        """The fault in words. `known` are the keys that can stand here in any branch."""
        node, key = _find(self._root, fault.path)
        if node.broken and (isinstance(node, ScalarNode) or fault.keyword == "minProperties"):
            return
        match fault.keyword:
            case "anyOf":
                self._branches(node, key, fault)
            case "additionalProperties":
                self._unknown_keys(node, fault, known or known_keys(fault.part))
            case "required":
                self._missing_keys(node, key, fault)
            case "type" if "enum" in fault.part and isinstance(fault.value, str | bool):
                pass  # that it is none of the values says so better
            case "type":
                self._wrong_kind(node, key, types(fault), fault.part)
            case "enum" if isinstance(fault.value, (list, dict)) or fault.value is None:
                if "type" not in fault.part:
                    self._wrong_kind(node, key, list(dict.fromkeys(map(_kind_of, fault.argument))), fault.part)
            case _:
                self._value(node, key, fault)

    def _add(self, code: str, message: str, span: Span, help: str, absent: tuple[str | int, ...] = ()) -> None:
        self.findings.append((Finding(code, message, span.place(self._source.path), help), absent))

    def _branches(self, node: Node, key: ScalarNode | None, fault: Fault) -> None:
        here = len(fault.path)
        fitting = [branch for branch in fault.branches if not any(is_of_kind(part, here) for part in branch)]
        if not fitting:
            self._wrong_kind(node, key, [kind for branch in fault.branches for kind in kinds(branch, here)], fault.part)
            return
        known = set[str]().union(*(known_keys(part.part) for branch in fitting for part in branch if len(part.path) == here))
        for part in min(fitting, key=lambda branch: distance(branch, here)):
            self.say(part, known if len(part.path) == here else None)

    def _unknown_keys(self, node: Node, fault: Fault, known: set[str]) -> None:
        if not isinstance(node, MappingNode):
            return
        for key in extra_keys(fault):
            span = node.entries[key].key.span
            if key in known:
                beside = next((f"'{_short(other)}'" for other in node.entries if other != key), "this")
                self._add("SS109", f"'{key}' cannot stand beside {beside}", span, "keep one of the two, or nest one inside the other")
                continue
            self._guesses += 1
            near = difflib.get_close_matches(key[:60], known, n=1, cutoff=0.6) if self._guesses <= _MOST_GUESSES else []
            self.meant.update((*fault.path, name) for name in near)
            help = f"did you mean '{near[0]}'?" if near else _unknown_help(known, fault.part, key)
            self._add("SS101", f"'{_short(key)}' is not a key that can stand here", span, help)

    def _missing_keys(self, node: Node, key: ScalarNode | None, fault: Fault) -> None:
        where = f" in '{_short(key.value)}'" if key is not None else ""
        for name in fault.argument:
            if name not in fault.value:
                described = fault.part.get("properties", {}).get(name, {}).get("description", "")
                span = _head(node, key, in_list=bool(fault.path) and isinstance(fault.path[-1], int))
                self._add("SS102", f"'{name}' is missing{where}", span, f"add '{name}:'. {described}".strip(), (*fault.path, name))

    def _wrong_kind(self, node: Node, key: ScalarNode | None, sorts: list[str], part: Mapping[str, Any]) -> None:
        distinct = [kind for kind in dict.fromkeys(sorts) if not (kind == "integer" and "number" in sorts)]
        in_words = " or ".join(_KINDS[kind] for kind in distinct)
        expected = (_called(part) if key is not None else "") or in_words
        value = plain(node)
        if value is None:
            name = f" after '{_short(key.value)}:'" if key is not None else ""
            self._add("SS103", f"nothing is written{name}; here {expected} is expected", _head(node, key), "write it, or delete the key")
            return
        self._add(
            "SS103",
            f"here {expected} is expected; this is {_found(value)}",
            node.span,
            _kind_help(node, distinct, part.get("description") or f"write {in_words}"),
        )

    def _value(self, node: Node, key: ScalarNode | None, fault: Fault) -> None:
        what = _short(node.value) if isinstance(node, ScalarNode) else ""
        match fault.keyword:
            case "enum":
                message = f"'{what}' is not one of the values that can stand here"
                quoted = isinstance(node, ScalarNode) and node.style and any(str(one) == what and one != what for one in fault.argument)
                help = "write it without quotes" if quoted else _choice_help(what, [str(one) for one in fault.argument])
                self._add("SS104", message, node.span, help)
            case "pattern":
                self._add("SS105", f"'{what}' does not have the form that is expected here", node.span, _form(fault.part, what))
            case "minItems" | "minProperties" | "minLength":
                message = f"'{_short(key.value)}' is empty" if key is not None else "nothing stands here"
                span = node.span if node.span.end > node.span.start else _head(node, key)
                described = fault.part.get("description", "")
                self._add("SS106", message, span, f"write at least one. {described}" if described else "write at least one")
            case "minimum":
                self._add("SS107", f"{what} is too small here", node.span, f"the least is {fault.argument}")
            case "maxLength":
                self._add("SS107", f"'{what}' is too long here", node.span, f"characters allowed: {fault.argument}")
            case "uniqueItems":
                span, text = _repeated(node)
                self._add("SS108", f"'{_short(text)}' stands in this list twice", span, "keep one of the two")
            case _:
                self._add("SS109", "this does not have the form that is expected here", node.span, fault.part.get("description", ""))


def _find(root: Node, path: tuple[str | int, ...]) -> tuple[Node, ScalarNode | None]:
    """The node at that path, with the key under which it stands (or under which its list stands)."""
    node: Any = root  # a step below; a node's sort follows from the step's
    key: ScalarNode | None = None
    for step in path:
        if isinstance(step, str):
            node, key = node.entries[step].value, node.entries[step].key
        else:
            node = node.items[step]
    return node, key


def _head(node: Node, key: ScalarNode | None, in_list: bool = False) -> Span:
    """What to point at where something is absent: a list item's (or the file's) first key, else the key above."""
    if (in_list or key is None) and isinstance(node, MappingNode) and node.entries:
        return next(iter(node.entries.values())).key.span
    return node.span if in_list or key is None else key.span


def _called(part: Mapping[str, Any]) -> str:
    """What the schema calls such a thing, with its article."""
    title = part.get("title", "")
    return f"{'an' if title[:1] in 'aeio' else 'a'} {title}" if title else ""


def _unknown_help(known: set[str], part: Mapping[str, Any], key: str) -> str:
    if known:
        return "keys that can stand here: " + ", ".join(sorted(known))
    if any("[a-z]{2,3}" in pattern for pattern in part.get("patternProperties", {})):
        return "here the code of a language is expected, such as pl or en"
    return date_help(key) if days_meant(key) else 'here dates in quotes are expected, such as "2026-01-31"'


def _kind_help(node: Node, sorts: list[str], otherwise: str) -> str:
    if isinstance(node, ScalarNode):
        if "string" in sorts and not {"number", "integer"} & set(sorts):
            return f'put it in quotes: "{_short(node.value)}"'
        if "array" in sorts:
            return f"write it as a list: [{_short(node.value)}]"
        if sorts == ["boolean"]:
            return "write true or false, without quotes"
        if node.style and "object" not in sorts:
            return "write it without quotes"
    return otherwise


def _choice_help(written: str, choice: list[str]) -> str:
    near = difflib.get_close_matches(written, choice, n=1)
    listed = "it can be: " + ", ".join(choice)
    return f"did you mean '{near[0]}'? {listed[0].upper()}{listed[1:]}" if near else listed


def _form(part: Mapping[str, Any], written: str) -> str:
    if "[0-9]{4}-[0-9]{2}" in part.get("pattern", ""):
        return date_help(written)
    examples = part.get("examples", [])
    example = f", such as {examples[0]}" if examples else ""
    return f"{part.get('description', 'another form is expected').rstrip('.')}{example}"


def _kind_of(value: Any) -> str:
    return "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "string"


def _found(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "a group of 'key: value' lines"
        case _:
            return "a number"


def _repeated(node: Node) -> tuple[Span, str]:
    seen: set[str] = set()
    for item in node.items if isinstance(node, SequenceNode) else ():
        text = repr(plain(item))
        if text in seen:
            return item.span, item.value if isinstance(item, ScalarNode) else "this"
        seen.add(text)
    return node.span, "a value"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
