"""Texts and expressions that YAML cut in pieces: at a comma inside {...} or [...], or at ` #`.

In: collections as the parser found them. Out: the findings "put it in single quotes"; the pieces are marked as broken, so that nobody
complains about them a second time.
"""

from __future__ import annotations

import re

from ..model.finding import Finding
from . import typeset
from .nodes import Entry, Node, ScalarNode, SequenceNode
from .source import Source

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
_LONGEST_COMPARISON = 500
_ENDS_IN_NUMBER = re.compile(r"[^\W\d_].*[<>=+*/-]\s*[0-9]+$", re.DOTALL)
_GOES_ON_IN_NUMBER = re.compile(r"[0-9]+%?\s*(?:$|[-+*/)]|(?:and|or)\b)")
_DECIMAL_COMMA = re.compile(r"([^,]*?)(?<![\w.,])([0-9]+),([0-9]+)((?![\w.,])[^,]*)", re.DOTALL)
_KEY_AND_BRACE = re.compile(r"([^\W\d_][\w-]*)[ ]+(\{[^{}]*)")
_NUMBER_AFTER_SIGN = re.compile(r">([1-9])(?=[ \t]*(?:[\r\n]|$))")
_COMMENT = re.compile(r"[ \t]+#")


def balance(text: str) -> int:
    """Brackets opened minus brackets closed, outside of quotes. A double quote without partner counts as opened: zero means whole."""
    rest = _QUOTED.sub("", text)
    opened = sum(rest.count(c) for c in "([{") - sum(rest.count(c) for c in ")]}")
    return opened + rest.count('"')


def in_mapping(source: Source, pairs: list[Entry]) -> tuple[list[Entry], list[Finding]]:
    """Takes the keys without value out of a {...}: each is a piece of the value before it, or was left unfinished."""
    kept: list[Entry] = []
    findings: list[Finding] = []
    for pair in pairs:
        value = pair.value
        nothing = isinstance(value, ScalarNode) and value.plain and value.span.start == value.span.end
        if not nothing or ":" in source.text[pair.key.span.end : value.span.start]:
            kept.append(pair)
            continue
        before = kept[-1].value if kept else None
        if isinstance(before, ScalarNode) and before.plain:
            if not before.broken:
                findings.append(typeset.at(source, before.span.start) or _cut_at_comma(source, before, pair.key))
            before.broken = True
        else:
            message = f"the key '{pair.key.value}' has no value"
            help = "write 'key: value'; a text with a comma inside {...}, or with a name in braces, needs single quotes"
            findings.append(Finding("SS025", message, pair.key.span.place(source.path), help))
    return kept, findings


def in_sequence(source: Source, node: SequenceNode) -> list[Finding]:
    """Finds neighbours in a [...] that are one expression cut at its commas: brackets open in one and close in a later one."""
    findings: list[Finding] = []
    for at, item in enumerate(node.items):
        if not isinstance(item, ScalarNode) or not item.plain or item.broken:
            continue
        last = _where_balanced(node.items, at) if balance(item.value) > 0 else _where_fraction(source, node.items, at)
        if last is not None:
            pieces = [piece for piece in node.items[at : last + 1] if isinstance(piece, ScalarNode)]
            findings.append(_cut_at_comma(source, item, pieces[-1]))
            for piece in pieces:
                piece.broken = True
    return findings


def _where_balanced(items: list[Node], at: int) -> int | None:
    joined = ""
    for index in range(at, min(at + 20, len(items))):
        item = items[index]
        if not isinstance(item, ScalarNode) or not item.plain:
            return None
        joined += item.value + ","
        if index > at and balance(joined) == 0:
            return index
    return None


def _where_fraction(source: Source, items: list[Node], at: int) -> int | None:
    """The next item, where the two are a comparison with a decimal comma: `fit < 0,4`. `[0,4]` is a list of two numbers."""
    first, second = items[at], items[at + 1] if at + 1 < len(items) else None
    if not isinstance(first, ScalarNode) or not isinstance(second, ScalarNode) or not second.plain:
        return None
    if (
        len(first.value) > _LONGEST_COMPARISON
        or source.text[first.span.end : second.span.start] != ","
        or _ENDS_IN_NUMBER.search(first.value) is None
    ):
        return None
    return at + 1 if _GOES_ON_IN_NUMBER.match(second.value) else None


def _cut_at_comma(source: Source, first: ScalarNode, last: ScalarNode) -> Finding:
    place = source.span(first.span.start, last.span.end)
    written = source.text[first.span.start : last.span.end]
    message = f"YAML cuts this at a comma: only '{_short(first.value)}' would be read here"
    return Finding("SS025", message, place, _decimal_help(written) or f"put it in single quotes: {_in_quotes(written)}")


def _decimal_help(written: str) -> str:
    """What to write where the one comma stands in a number; empty where it does not."""
    found = _DECIMAL_COMMA.fullmatch(written)
    if found is None:
        return ""
    before, whole, fraction, after = found.groups()
    pointed = f"{before}{whole}.{fraction}{after}"
    if len(fraction) == 3 and len(whole) <= 3 and whole != "0":
        return f"write {_short(before + whole + fraction + after)} (or {_short(pointed)}, if the comma was a decimal one)"
    return f"write a decimal point: {_short(pointed)}"


def key_and_braces(source: Source, key: ScalarNode) -> tuple[Entry, Finding] | None:
    """`keep {title: Keep}`, where the key takes the braces in: the key alone, with nothing to read behind it, and the finding."""
    if "{" not in key.value:
        return None
    found = _KEY_AND_BRACE.fullmatch(key.value)
    if found is None:
        return None
    start = key.span.start
    line_end = source.line_starts[key.span.line] if key.span.line < len(source.line_starts) else len(source.text)
    rest = source.text[start + found.start(2) : line_end].rstrip()
    message, help = f"a colon is missing after '{_short(found[1])}'", f"write: {found[1][:60]}: {_short(rest)}"
    alone = Entry(ScalarNode(found[1], "", key.span), ScalarNode(rest, "", key.span, broken=True))
    return alone, Finding("SS028", message, source.span(start, start + len(found[1])), help)


def at_greater(source: Source, scalar: ScalarNode) -> list[Finding]:
    """`when: >5`, which YAML takes for the head of a text that is to follow, indented by five."""
    found = _NUMBER_AFTER_SIGN.match(source.text, scalar.span.start)
    if found is None:
        return []
    scalar.broken = True
    help = f"say what is compared: revenue > {found[1]}; a text that starts with > needs single quotes"
    return [Finding("SS150", "there is nothing on the left of '>'", source.span(found.start(), found.end()), help)]


def at_hash(source: Source, scalar: ScalarNode) -> Finding | None:
    """The finding for an unquoted expression that breaks off right before ` #`, which starts a comment."""
    end = scalar.span.end
    comment = _COMMENT.match(source.text, end)
    if not scalar.plain or comment is None or balance(scalar.value) == 0:
        return None
    line_end = source.line_starts[scalar.span.end_line] if scalar.span.end_line < len(source.line_starts) else len(source.text)
    written = source.text[scalar.span.start : line_end].rstrip()
    message = "' #' starts a comment: the expression breaks off before it"
    return Finding("SS026", message, source.span(end, line_end), f"put the expression in single quotes: {_in_quotes(written)}")


def _in_quotes(text: str) -> str:
    return "'" + _short(text.replace("'", "''")) + "'"


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
