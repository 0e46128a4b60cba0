"""Lines of JSON in, SQL out: which are objects, what their keys hold, and each value as it is written.

The engine's own JSON takes what no standard does (a comma behind the last value, a key twice, NaN), and puts numbers through a
double. So a line is looked at before it is taken apart, and a number too long for a double is made a text before the engine sees it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model.sql import quote_value

NOT_AN_OBJECT = "not_an_object"
KEY_TWICE = "key_twice"

_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMA_AT_END = r",[ \t\r]*[}\]]"
_LONG = r"-?[0-9][0-9.]{15,}(?:[eE][+-]?[0-9]+)?"
_LONG_VALUE = rf"({_STRING}(?:[ \t\r]*:[ \t\r]*)?)({_LONG})?"
"""A text, and where it is a key, the long number behind it."""
_MARK = "\x02"
"""No JSON text can hold this character but as its escape."""
_ESCAPE = r"\u0002"
_REPLACED = rf"\1{_MARK}\2{_MARK}"
_AS_TEXT = rf'"{_MARK}\1"'
_MARKED = rf'"\\u0002{_LONG}"'

IS_OBJECT = "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE FALSE END"


def is_json_number(raw: str) -> str:
    """True for a JSON value that is a number."""
    return f"regexp_matches({raw}, '^-?[0-9]')"


def is_json_text(raw: str) -> str:
    return f"starts_with({raw}, '\"')"


def is_json_cell(raw: str) -> str:
    """True for a text, a number, true or false; not for a list, an object, NaN or infinity."""
    return f"regexp_matches({raw}, '^(?:[\"tf]|-?[0-9])')"


def cells_sql(lines: str, names: Sequence[str]) -> str:
    """The relation of the lines' cells: `raw0` and so on, one per name, and `fault`, which is NULL for an object."""
    paths = ", ".join(quote_value("/" + name.replace("~", "~0").replace("/", "~1")) for name in names)
    # A JSON null is a blank cell like a key that is not there.
    cells = ", ".join(
        f"nullif({_unmarked(f'CAST(cells[{number + 1}] AS VARCHAR)')}, 'null') AS raw{number}" for number in range(len(names))
    )
    faults = f"(SELECT line, {_fault()} AS fault FROM {lines} WHERE trim(line, ' \t\r') <> '')"
    parsed = f"(SELECT CASE WHEN fault IS NULL THEN json_extract({_marked()}, [{paths}]) END AS cells, fault FROM {faults})"
    return f"(SELECT {cells}, fault FROM {parsed})"


def _fault() -> str:
    """Why the line is no object, NULL where it is one. A text may hold a comma before a bracket: only then texts are looked over."""
    comma, bare = quote_value(_COMMA_AT_END), f"regexp_replace(line, {quote_value(_STRING)}, '0', 'g')"
    at_end = f"CASE WHEN regexp_matches(line, {comma}) THEN regexp_matches({bare}, {comma}) ELSE FALSE END"
    return (
        f"CASE WHEN NOT {IS_OBJECT} OR {at_end} THEN {quote_value(NOT_AN_OBJECT)} "
        f"WHEN list_unique(json_keys(line)) < len(json_keys(line)) THEN {quote_value(KEY_TWICE)} END"
    )


def _marked() -> str:
    """The line with its long numbers as texts that begin with the mark.

    Texts are matched as a whole, a number only directly behind one and its colon: nothing inside a text is taken for a number.
    """
    marked = f"regexp_replace(line, {quote_value(_LONG_VALUE)}, {quote_value(_REPLACED)}, 'g')"
    marked = f"replace({marked}, {quote_value(_MARK * 2)}, '')"
    marked = f"regexp_replace({marked}, {quote_value(f'{_MARK}([^{_MARK}]*){_MARK}')}, {quote_value(_AS_TEXT)}, 'g')"
    marked = f"replace({marked}, {quote_value(_MARK)}, {quote_value(_ESCAPE)})"
    return f"CASE WHEN regexp_matches(line, '[0-9][0-9.]{{15}}') AND NOT contains(line, {quote_value(_ESCAPE)}) THEN {marked} ELSE line END"


def _unmarked(cell: str) -> str:
    """The number's own digits where the cell was marked."""
    return f"CASE WHEN regexp_full_match({cell}, {quote_value(_MARKED)}) THEN {cell}[8:-2] ELSE {cell} END"
