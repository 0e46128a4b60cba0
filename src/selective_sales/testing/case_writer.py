"""Cases in, the text of a `*.test.yaml` out, which the reader reads back to the same cases.

Short where it can be: cells that stand in `defaults` are not repeated by whoever makes the cases; a row is one line where it fits. A cell
keeps its text: it is quoted wherever YAML, of whatever version, might take it for something else. Refuses parameters and exceptions:
no case that is made here has any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..model.cases import Case, CaseFile, Cell, Expected, Row
from ..model.quoting import quoted

WIDTH = 140
_PLAIN = re.compile(r"[^\W\d_][\w]*(?:[ -][^\W_][\w]*)*")
_UNITS = re.compile(r"-?\d{1,15} (?:day|days|month|months)")
_FIGURE = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "missing", "nan", "inf"})
_UNSEEN = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
TABLE_OF_CLIENTS = "clients"


def case_file_text(file: CaseFile, *, header: Sequence[str] = (), before: Mapping[int, Sequence[str]] | None = None) -> str:
    """The whole file. `header` are comment lines at its top, `before` those above a case, by its number from 0; a number that no case has
    stands for the end of the file.
    """
    comments = {} if before is None else before
    lines = [*map(_comment, header), "format: 1", f"policy: {_words(file.policy)}"]
    lines += [] if file.as_of is None else [f'as_of: "{file.as_of.isoformat()}"']
    if file.defaults:
        lines.append("defaults:")
        for table, row in file.defaults.items():
            lines += _mapping(f"  {key(table)}: ", row, 4)
    lines += ["", "cases:"]
    for number, case in enumerate(file.cases):
        lines += [*([""] if number else []), *(f"  {_comment(line)}" for line in comments[number])] if number in comments else []
        lines += _case(case)
    for number in sorted(n for n in comments if n >= len(file.cases)):
        lines += ["", *(f"  {_comment(line)}" for line in comments[number])]
    return "\n".join(lines) + "\n"


def _case(case: Case) -> Iterator[str]:
    assert not case.parameters and not case.exceptions and not case.expect_run
    yield f"  - case: {_words(case.name)}"
    if case.unreviewed:
        yield "    unreviewed: true"
    if case.as_of is not None:
        yield f'    as_of: "{case.as_of.isoformat()}"'
    clients = case.rows.get(TABLE_OF_CLIENTS, ())
    single = len(clients) == 1 and all(not one.client for one in case.expect)
    if single:
        yield from _mapping("    client: ", clients[0], 6)
    else:
        yield from _rows(TABLE_OF_CLIENTS, clients)
    for table, rows in case.rows.items():
        if table != TABLE_OF_CLIENTS:
            yield from _rows(table, rows)
    if single:
        for one in case.expect:
            yield from _expected("    expect: ", one.columns, 6)
    else:
        yield "    expect:"
        for one in case.expect:
            yield from _expected(f"      {scalar('|'.join(one.client))}: ", one.columns, 8)


def _rows(table: str, rows: Sequence[Row]) -> Iterator[str]:
    line = f"    {key(table)}: [{', '.join(_flow([(name, cell_text(cell)) for name, cell in row.items()]) for row in rows)}]"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"    {key(table)}:"
    for row in rows:
        yield from _mapping("      - ", row, 8)


def _mapping(start: str, row: Row, indent: int) -> list[str]:
    """The row on one line, or with a line for each cell where it is too long."""
    return _pairs(start, [(name, cell_text(cell)) for name, cell in row.items()], indent)


def _expected(start: str, columns: Sequence[Expected], indent: int) -> list[str]:
    return _pairs(start, [(column.name, _value(column)) for column in columns], indent)


def _pairs(start: str, pairs: Sequence[tuple[str, str]], indent: int) -> list[str]:
    line = start + _flow(pairs)
    if len(line) <= WIDTH or not pairs:
        return [line]
    below = [f"{' ' * indent}{key(name)}: {value}" for name, value in pairs]
    if start.endswith("- "):
        return [f"{start}{below[0].lstrip()}", *below[1:]]
    return [start.rstrip(), *below]


def _flow(pairs: Sequence[tuple[str, str]]) -> str:
    return f"{{{', '.join(f'{key(name)}: {value}' for name, value in pairs)}}}"


def _value(expected: Expected) -> str:
    match expected.value:
        case None:
            return "missing"
        case str(text):
            return scalar(text)
        case items:
            return f"[{', '.join(map(scalar, items))}]"


def cell_text(cell: Cell) -> str:
    """The cell as YAML; a blank is the bare word `missing`."""
    return "missing" if cell.text is None else scalar(cell.text)


def key(name: str) -> str:
    """A name as a mapping's key."""
    return name if _is_plain(name) or (name.isidentifier() and name.casefold() not in _WORDS - {"missing"}) else quoted(name)


def scalar(text: str) -> str:
    """The text as a scalar that reads back to it, in quotes unless it is plainly a word, a figure or a duration."""
    if text in ("true", "false") or _FIGURE.fullmatch(text) or _UNITS.fullmatch(text) or _is_plain(text):
        return text
    return quoted(text)


def _words(text: str) -> str:
    """Where a text is due: what looks like a figure, or like true and false, is in quotes."""
    if _is_plain(text):
        return text
    return "'" + text.replace("'", "''") + "'" if '"' in text and text.isprintable() else quoted(text)


def _is_plain(text: str) -> bool:
    """Words of letters, digits and underscores, with single spaces or hyphens between: what is plain in a flow mapping, too."""
    return _PLAIN.fullmatch(text) is not None and text.casefold() not in _WORDS and len(text) <= WIDTH and text.isprintable()


def _comment(line: str) -> str:
    """A comment stays on its line, and steers no screen."""
    return f"# {_UNSEEN.sub(chr(0xFFFD), line)}".rstrip()
