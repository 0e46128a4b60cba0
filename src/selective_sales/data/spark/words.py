"""A statement of the contract in DuckDB's words in, the same statement in Spark's out. No second contract: only other words for the first.

What comes in was written by this room, never by a person: names and values stand in it quoted. Refuses nothing; a call that is not in
the page below means the same in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:e[+-]?\d+)?|\s+|\|\||.""", re.DOTALL)
_TYPES = {"VARCHAR": "STRING", "HUGEINT": "DECIMAL(38, 0)"}
_ANCHOR = re.compile(r"(?<!\\)\$")
_FOLDED = re.compile(r"\(\?i([:)])")
_BACK = re.compile(r"\\(\d)")
_DIRECTIVE = re.compile(r"%([A-Za-z])")
_SHAPES = {"d": "([0-9]{1,2})", "m": "([0-9]{1,2})", "Y": "([0-9]{4})", "y": "([0-9]{2})", "j": "([0-9]{1,3})"}
_IN_UTC = " AT TIME ZONE 'UTC'"
_MONTHS = ("january february march april may june july august september october november december").split()


@dataclass(frozen=True, slots=True)
class Words:
    """Translates statements. `patterns` has the policy's own patterns (RE2's) as Java reads them."""

    patterns: Mapping[str, str] = field(default_factory=dict)

    def of(self, sql: str) -> str:
        """(The session's time zone is UTC: there a moment is in it already.)"""
        return "".join(self._parts([found[0] for found in _TOKEN.finditer(sql)])).replace(_IN_UTC, "")

    def _parts(self, tokens: list[str]) -> Iterator[str]:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            handler = _CALLS.get(token)
            if token.startswith("'"):
                yield literal(token[1:-1].replace("''", "'"))
            elif token.startswith('"'):
                yield name(token[1:-1].replace('""', '"'))
            elif handler is not None and at + 1 < len(tokens) and tokens[at + 1] == "(":
                end = _closing(tokens, at + 1)
                yield handler(self, _arguments(tokens[at + 2 : end]))
                at = end
            else:
                yield _TYPES.get(token, token)
            at += 1

    def java(self, pattern: str, *, whole: bool = False) -> str:
        """A pattern of this room, or of the policy, for Java. `$` is the end of the text in RE2, and case is Unicode's."""
        own = self.patterns.get(pattern)
        if own is None:
            own = _FOLDED.sub(r"(?iu\1", _ANCHOR.sub(r"\\z", pattern))
        return f"\\A(?:{own})\\z" if whole else own


def literal(text: str) -> str:
    """A text as Spark reads it; what cannot be printed stands as its number."""
    return "'" + "".join(_sign(c) for c in text) + "'"


def _sign(character: str) -> str:
    if character in "\\'":
        return "\\" + character
    code = ord(character)
    return character if character.isprintable() else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def name(text: str) -> str:
    return "`" + text.replace("`", "``") + "`"


def _closing(tokens: list[str], opening: int) -> int:
    depth = 0
    for at in range(opening, len(tokens)):
        depth += (tokens[at] in "([{") - (tokens[at] in ")]}")
        if depth == 0:
            return at
    raise AssertionError("this room closes its brackets")


def _arguments(parts: list[str]) -> list[str]:
    """The arguments of a call, as they are written."""
    found, depth = [""], 0
    for part in parts:
        depth += (part in "([{") - (part in ")]}")
        if part == "," and depth == 0:
            found.append("")
        else:
            found[-1] += part
    return [argument.strip() for argument in found]


def folded(sql: str) -> str:
    """The text that a literal means: quoted parts and chr(...), joined."""
    found = []
    parts = iter(part for part in _TOKEN.findall(sql) if part.strip())
    for part in parts:
        if part.startswith("'"):
            found.append(part[1:-1].replace("''", "'"))
        elif part == "chr":
            next(parts)
            found.append(chr(int(next(parts))))
    return "".join(found)


def _full_match(words: Words, given: list[str]) -> str:
    return f"rlike({words.of(given[0])}, {literal(words.java(folded(given[1]), whole=True))})"


def _matches(words: Words, given: list[str]) -> str:
    return f"rlike({words.of(given[0])}, {literal(words.java(folded(given[1])))})"


def _extract(words: Words, given: list[str]) -> str:
    group = given[2] if len(given) > 2 else "0"
    return f"regexp_extract({words.of(given[0])}, {literal(words.java(folded(given[1])))}, {group})"


def _replace(words: Words, given: list[str]) -> str:
    """Without 'g' only the first place is meant: then the pattern is tied to an end, and there is no second one."""
    put = _BACK.sub(r"$\1", folded(given[2]))
    return f"regexp_replace({words.of(given[0])}, {literal(words.java(folded(given[1])))}, {literal(put)})"


def _nfc(words: Words, given: list[str]) -> str:
    """Spark has no such function; the library that it brings for collations has."""
    text = words.of(given[0])
    return f"CASE WHEN {text} IS NOT NULL THEN reflect('com.ibm.icu.text.Normalizer', 'compose', {text}, false) END"


def _trim(words: Words, given: list[str]) -> str:
    return f"btrim({words.of(given[0])}, {literal(folded(given[1]))})"


def _lower(words: Words, given: list[str]) -> str:
    """Two letters are made small with others in mind by Java, and by themselves by DuckDB."""
    return f"lower(translate({words.of(given[0])}, 'İΣ', 'iσ'))"


def _is_finite(words: Words, given: list[str]) -> str:
    """Of any type: of what can be infinite, and of dates."""
    return f"(CAST({words.of(given[0])} AS STRING) NOT IN ('NaN', 'Infinity', '-Infinity'))"


def _position(words: Words, given: list[str]) -> str:
    return f"nullif(array_position(array({words.of(given[0][1:-1])}), {words.of(given[1])}), 0)"


def _listed(words: Words, given: list[str]) -> str:
    """`list({'a': x, 'b': y} ORDER BY x)`: structs are sorted by their fields in turn."""
    inside = ", ".join(given)
    fields = re.findall(r"'(\w+)': (\w+)", inside)
    return f"array_sort(collect_list(named_struct({', '.join(f'{literal(n)}, {column}' for n, column in fields)})))"


def _strftime(words: Words, given: list[str]) -> str:
    return f"date_format({words.of(given[0])}, '{'EEEE' if folded(given[1]) == '%A' else 'E'}')"


def _cast(words: Words, given: list[str]) -> str:
    inside = ", ".join(given)
    careful = "TRY_" if inside.endswith(" AS INTEGER") else ""
    return f"{careful}CAST({words.of(inside)})"


def _strptime(words: Words, given: list[str]) -> str:
    """A day of the calendar from its parts, NULL where there is none; the parts have the shapes of their kinds already."""
    text, format_ = words.of(given[0]), folded(given[1])
    parts = _DIRECTIVE.findall(format_)
    pieces = _DIRECTIVE.split(format_)
    shape = "".join(_SHAPES.get(p, "([A-Za-z]+)") if i % 2 else re.escape(p) for i, p in enumerate(pieces))
    pattern = literal(f"\\A{shape}\\z")
    group = {p: f"regexp_extract({text}, {pattern}, {i})" for i, p in enumerate(parts, 1)}
    if sorted(parts) == ["Y", "d", "m"]:
        order = "-".join(f"${parts.index(p) + 1}" for p in "Ymd")
        return f"TRY_CAST(CASE WHEN rlike({text}, {pattern}) THEN regexp_replace({text}, {pattern}, '{order}') END AS DATE)"
    year = group.get("Y") or f"CASE WHEN {group['y']} >= '69' THEN '19' ELSE '20' END || {group['y']}"
    if "j" in parts:
        return f"date_add(TRY_CAST(({year}) || '-01-01' AS DATE), TRY_CAST({group['j']} AS INT) - 1)"
    month = group["m"] if "m" in parts else _month(group.get("b") or group["B"], short="b" in parts)
    return f"TRY_CAST(concat({year}, '-', {month}, '-', {group['d']}) AS DATE)"


def _month(text: str, *, short: bool) -> str:
    cases = (f"WHEN '{month[:3] if short else month}' THEN '{number}'" for number, month in enumerate(_MONTHS, 1))
    return f"CASE lower({text}) {' '.join(cases)} END"


def _renamed(other: str) -> Callable[[Words, list[str]], str]:
    return lambda words, given: f"{other}({', '.join(map(words.of, given))})"


_CALLS: Mapping[str, Callable[[Words, list[str]], str]] = {
    "regexp_full_match": _full_match,
    "regexp_matches": _matches,
    "regexp_extract": _extract,
    "regexp_replace": _replace,
    "nfc_normalize": _nfc,
    "trim": _trim,
    "lower": _lower,
    "isfinite": _is_finite,
    "list_position": _position,
    "list": _listed,
    "strftime": _strftime,
    "try_strptime": _strptime,
    "CAST": _cast,
    "strlen": _renamed("octet_length"),
    "starts_with": _renamed("startswith"),
    "ends_with": _renamed("endswith"),
    "chr": lambda words, given: literal(chr(int(given[0]))),
}
"""What Spark calls otherwise."""
