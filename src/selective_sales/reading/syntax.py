"""A YAML parser's error -> a finding in words of the person who writes the policy.

The parser's messages are recognised by their few fixed words (of libyaml and of its Python twin); what is meant is then read from
the line itself. An error of no known sort still gets its line and column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from ..model.finding import Finding
from ..model.place import Place
from . import typeset
from .nodes import ScalarNode
from .source import Source

_QUOTE = "put the whole text or expression in single quotes (a single quote inside is written twice)"
_TEXT_KEY = re.compile(r"(?:^|[\s{,])(?:title|label|description|reason|letter_reason|source|owner|because|[a-z]{2,3})[ ]*:[ ]+$")
"""A key of a text for people, or of a language."""
_KEY_BEFORE = re.compile(r"[{,]\s*([^\W\d_][\w-]*)\s+$")
_KEY_AND_BRACES = re.compile(r"(?:-[ ]+)?([^\W\d_][\w-]*)[ ]+([{\[].*)")


@dataclass(frozen=True, slots=True)
class _Error:
    """The error with what stands around it."""

    source: Source
    problem: str
    context: str
    at: int
    opened_at: int
    last_scalar: ScalarNode | None

    @property
    def character(self) -> str:
        return self.source.text[self.at : self.at + 1]

    @property
    def line(self) -> int:
        return self.source.line_column(self.at)[0]

    @property
    def column(self) -> int:
        return self.source.line_column(self.at)[1]

    @property
    def before(self) -> str:
        """The line up to the error, without its indentation."""
        return self.source.text[self.source.line_starts[self.line - 1] : self.at].strip()

    def finding(self, code: str, message: str, help: str, at: int | None = None) -> Finding:
        start = self.at if at is None else at
        return Finding(code, message, self.source.span(start, min(start + 1, len(self.source.text))), help)


def not_yaml(place: Place) -> Finding:
    """The finding of last resort."""
    return Finding(
        "SS029", "YAML cannot make sense of this", place, "check colons, quotes, brackets and indentation here and on the line before"
    )


def explain(source: Source, error: yaml.MarkedYAMLError, last_scalar: ScalarNode | None) -> Finding:
    """What the parser could not go on with, in words."""
    mark = error.problem_mark
    at = 0 if mark is None else min(mark.index, len(source.text))
    opened_at = at if error.context_mark is None else min(error.context_mark.index, len(source.text))
    seen = _Error(source, error.problem or "", error.context or "", at, opened_at, last_scalar)
    for recognise in (_quoted, _unclosed_before, _typeset, _left_out, _starting, _tag, _flow, _before_braces, _colon, _block, _content):
        finding = recognise(seen)
        if finding is not None:
            return finding
    return not_yaml(source.span(at, at))


def _quoted(e: _Error) -> Finding | None:
    if "quoted scalar" not in e.context:
        return None
    if "escape" in e.problem or "hexdecimal" in e.problem or "hexadecimal" in e.problem or "Unicode" in e.problem:
        message = "between double quotes a backslash begins a special character; this one is not known"
        return e.finding("SS027", message, "use single quotes, where a backslash is itself")
    return e.finding("SS022", "this quote is not closed", f"close it with {e.source.text[e.opened_at]}", e.opened_at)


def _unclosed_before(e: _Error) -> Finding | None:
    """A quoted text over several lines right before the error: most likely its quote was to close on its first line."""
    scalar = e.last_scalar
    if scalar is None or scalar.style not in ("'", '"') or scalar.style == "" or scalar.span.end_line == scalar.span.line:
        return None
    if scalar.span.end_line != e.line or e.source.text[scalar.span.end : e.at].strip():
        return None
    message = f"this quote is closed on line {scalar.span.end_line} only, in the middle of other text"
    return e.finding("SS022", message, f"close it with {scalar.style} on its own line", scalar.span.start)


def _typeset(e: _Error) -> Finding | None:
    """A text in a word processor's quotes, which YAML read as text without quotes."""
    return typeset.before(e.source, e.source.line_starts[e.line - 1], e.at)


def _left_out(e: _Error) -> Finding | None:
    """A condition that starts with `>`: what is compared was left out, more likely than quotes."""
    at = e.opened_at if "block scalar" in e.context else e.at
    if e.source.text[at : at + 1] != ">" or _TEXT_KEY.search(e.source.line_text(e.line)[: e.source.line_column(at)[1] - 1]):
        return None
    sign = ">=" if e.source.text[at + 1 : at + 2] == "=" else ">"
    message = f"there is nothing on the left of '{sign}'"
    help = f"say what is compared: cost {sign} revenue; a text that starts with > needs single quotes"
    return e.finding("SS150", message, help, at)


def _starting(e: _Error) -> Finding | None:
    """A character that means something to YAML at the start of a value."""
    if "cannot start any token" in e.problem or "tab character" in e.problem:
        if e.character == "\t" or "tab" in e.problem:
            return e.finding("SS020", "a tab is used for indentation; YAML allows spaces only", "replace the tab with spaces")
        return e.finding("SS024", f"an unquoted text cannot start with {e.character}", _QUOTE)
    if any(words in e.context for words in ("block scalar", "an anchor", "an alias")):
        return e.finding("SS024", f"an unquoted text cannot start with {e.source.text[e.opened_at]}", _QUOTE, e.opened_at)
    if "mapping keys are not allowed" in e.problem:
        return e.finding("SS024", "an unquoted text cannot start with ? and a space", _QUOTE)
    return None


def _tag(e: _Error) -> Finding | None:
    if " tag" not in e.context and "tag handle" not in e.problem:
        return None
    return e.finding(
        "SS008",
        "this is a YAML tag; tags mean nothing here",
        "delete it; an expression that starts with ! needs single quotes",
        e.opened_at,
    )


def _flow(e: _Error) -> Finding | None:
    """Inside {...} or [...]."""
    if "flow mapping" not in e.context and "flow sequence" not in e.context:
        return None
    opened = e.source.text[e.opened_at : e.opened_at + 1]
    closing = {"{": "}", "[": "]"}.get(opened, "bracket")
    if e.character in ("[", "{"):
        key = _KEY_BEFORE.search(e.source.text[e.opened_at : e.at])
        if opened == "{" and key is not None:
            return _key_and_braces(e.source, key[1], e.source.line_text(e.line)[e.column - 1 :], e.opened_at + key.start(1))
        message = f"an unquoted text inside {opened}...{closing} cannot contain {e.character}"
        return e.finding("SS024", message, _QUOTE)
    if e.character in ("]", "}"):
        return e.finding(
            "SS023", f"'{e.character}' does not match the '{opened}' that is open", f"close with '{closing}', or quote the text"
        )
    if e.source.line_column(e.opened_at)[0] != e.line or e.at >= len(e.source.text):
        return e.finding("SS023", f"this '{opened}' is not closed", f"close it with '{closing}'", e.opened_at)
    if e.character == ":":
        return e.finding("SS024", "an unquoted text cannot contain a colon followed by a space", _QUOTE)
    return e.finding("SS024", f"here a comma or '{closing}' is expected", "texts in quotes end at the closing quote; " + _QUOTE)


def _before_braces(e: _Error) -> Finding | None:
    """`keep {title: Keep, default: true}`: YAML took the first colon for the key's."""
    key = _KEY_AND_BRACES.match(e.before)
    if key is None or e.character == "":
        return None
    start = e.at - e.column + 1 + len(e.source.line_text(e.line)) - len(e.source.line_text(e.line).lstrip()) + key.start(1)
    return _key_and_braces(e.source, key[1], e.source.line_text(e.line).strip()[key.start(2) :], start)


def _colon(e: _Error) -> Finding | None:
    if "could not find expected ':'" in e.problem:
        return _no_colon(e, e.opened_at)
    if "mapping values are not allowed" not in e.problem:
        return None
    if ": " in e.before + " " or e.before.startswith(("- ", "'", '"')):
        return e.finding("SS024", "an unquoted text cannot contain a colon followed by a space", _QUOTE)
    scalar = e.last_scalar
    if scalar is not None and scalar.plain and scalar.span.line < e.line and e.source.line_text(scalar.span.line).strip() in scalar.value:
        return _no_colon(e, scalar.span.start)
    message = "this key is indented deeper than the line above, which has its value already"
    return e.finding("SS021", message, "give it the indentation of the key it belongs beside", e.at - len(e.before))


def _key_and_braces(source: Source, key: str, rest: str, start: int) -> Finding:
    message, help = f"a colon is missing after '{key[:60]}'", f"write: {key[:60]}: {rest[:60]}"
    return Finding("SS028", message, source.span(start, start + len(key)), help)


def _no_colon(e: _Error, at: int) -> Finding:
    message = "this line has no colon after its key"
    return e.finding("SS028", message, "write 'key: value'; a text that goes on is indented deeper than its key", at)


def _block(e: _Error) -> Finding | None:
    """Lines at a column where nothing belongs."""
    if "sequence entries are not allowed" in e.problem:
        return e.finding("SS021", "a list item '- ' cannot stand behind its key", "begin the list on a line of its own")
    expected = "expected key" in e.problem or "expected '-'" in e.problem or "<block end>" in e.problem
    document = "<document start>" in e.problem
    if not expected and not document:
        return None
    if e.before:
        if e.character in ("]", "}"):
            return e.finding(
                "SS023", f"'{e.character}' closes nothing", "delete it, or open the bracket; a text with brackets needs quotes"
            )
        if e.before[-1] in "'\"":
            return e.finding("SS024", "text goes on after the closing quote", _QUOTE)
        if e.before[-1] in "]}":
            return e.finding("SS024", "text goes on after the closing bracket", _QUOTE)
    if document:
        return None
    if e.character == "-":
        return e.finding(
            "SS021", "a list item stands where a key is expected", "indent list items deeper than the key they belong to, all alike"
        )
    opened_column = e.source.line_column(e.opened_at)[1]
    message = f"this line does not stand where its neighbours do: they begin in column {opened_column}"
    return e.finding("SS021", message, "indent the lines of one block by the same number of spaces")


def _content(e: _Error) -> Finding | None:
    if "node content" not in e.problem:
        return None
    if e.character in ("]", "}"):
        return e.finding("SS023", f"'{e.character}' closes nothing", "delete it, or open the bracket; a text with brackets needs quotes")
    if e.character == ",":
        return e.finding("SS029", "nothing stands before this comma", "delete the comma, or write what belongs before it")
    return None
