"""A column of numbers written by people in, its layers as SQL out: marks, thousands, currency, percent, spans of time."""

from __future__ import annotations

import re

from ..model.kind import Kind
from ..model.sql import quote_value
from . import sheet_cells
from .currency import money_suffix
from .evidence import GROUP_SPACES, Numerals
from .forms import Column, Form
from .json_lines import is_json_number
from .layered import MACHINE, CellSql, Names, on_nine_places


def span_cell(kind: Kind, names: Names, usual: str | None, clean: str) -> CellSql:
    """Days and months: `90`, `90 days`, `2 weeks`; `12`, `12 months`, `1 year`."""
    c, n = names.clean, names.plain
    fast = names.usual if usual else "FALSE"
    unit, longer, factor = ("day", "week", 7) if kind is Kind.DAYS else ("month", "year", 12)
    pattern = f"(?i)[+-]?[0-9]+(?:[.,]0+)?(?:[{GROUP_SPACES}]*(?:{unit}s?|{longer}s?))?"
    minus = f"replace({c}, '\u2212', '-')"
    number = f"regexp_extract({minus}, '^[+-]?[0-9]+')"
    plain = f"CASE WHEN {fast} THEN {c} WHEN regexp_full_match({minus}, {quote_value(pattern)}) THEN {number} END"
    times = f"CASE WHEN NOT {fast} AND regexp_matches({c}, '(?i){longer}s?$') THEN {factor} ELSE 1 END"
    # Twenty digits hold every BIGINT, and their product with 12 fits a HUGEINT: nothing can overflow.
    whole = f"TRY_CAST(CASE WHEN strlen({n}) <= 20 THEN {n} END AS HUGEINT)"
    return CellSql(usual, clean, plain, f"TRY_CAST({whole} * {times} AS BIGINT)", None)


def number_cell(column: Column, names: Names, usual: str | None, clean: str, numerals: Numerals, currency: str) -> CellSql:
    c, n, kind = names.clean, names.plain, column.field.type
    fast = names.usual if usual else "FALSE"
    point = f"replace({c}, ',', '.')" if numerals.decimal == "," else c
    slow = _plain_number(kind, c, numerals, currency)
    if column.form is Form.JSON:
        slow = f"CASE WHEN {is_json_number(column.sql)} THEN {_plain_number(kind, c, MACHINE, currency)} ELSE {slow} END"
    elif column.form is Form.SHEET:
        slow = f"CASE WHEN {sheet_cells.is_number(column.sql)} THEN {_plain_number(kind, c, MACHINE, currency)} ELSE {slow} END"
    plain = f"CASE WHEN {fast} THEN {point} ELSE {slow} END"
    match kind:
        case Kind.MONEY:
            long = f"NOT {fast} AND regexp_matches({n}, '\\.[0-9]{{4}}[0-9]*[1-9]')"
            return CellSql(usual, clean, plain, f"TRY_CAST({n} AS DECIMAL(18, 4))", long)
        case Kind.INTEGER:
            return CellSql(usual, clean, plain, f"TRY_CAST({n} AS BIGINT)", None)
        case _:
            long = f"NOT {fast} AND regexp_matches({n}, '\\.[0-9]{{9}}[0-9]*[1-9]|\\.[0-9]{{7}}[0-9]*[1-9][0-9]*e')"
            # A text of 300 digits and more would become infinity.
            exact = f"TRY_CAST(CASE WHEN strlen({n}) < 300 THEN {n} END AS DOUBLE)"
            value = f"CASE WHEN {long} THEN coalesce({on_nine_places(n)}, {exact}) ELSE {exact} END + 0.0::DOUBLE"
            return CellSql(usual, clean, plain, value, long)


def _plain_number(kind: Kind, cell: str, numerals: Numerals, currency: str) -> str:
    """The cell as plain decimal text (`-1234.5`, `20e-2` for 20%), NULL where it is not a number in these numerals."""
    bare = f"replace({cell}, '\u2212', '-')"
    shift = "''"
    if kind is Kind.MONEY:
        bare = f"regexp_replace({bare}, {quote_value(money_suffix(currency))}, '')"
    if kind is Kind.NUMBER:
        shift = f"CASE WHEN ends_with({cell}, '%') THEN 'e-2' ELSE '' END"
        bare = f"regexp_replace({bare}, '[{GROUP_SPACES}]*%$', '')"
    spaces = "".join(mark for mark in numerals.thousands if mark in GROUP_SPACES)
    separators = ([f"[{spaces}]"] if spaces else []) + [re.escape(mark) for mark in numerals.thousands if mark not in GROUP_SPACES]
    grouped = "".join(f"|[1-9][0-9]{{0,2}}(?:{separator}[0-9]{{3}})+" for separator in separators)
    mark = re.escape(numerals.decimal)
    digits = "0+" if kind is Kind.INTEGER else "[0-9]+"
    fraction = f"(?:{mark}{digits})?" if mark else ""
    leading = f"|{mark}[0-9]+" if mark and kind is not Kind.INTEGER else ""
    pattern = f"[+-]?(?:(?:[0-9]+{grouped}){fraction}{leading})"
    drop = "[+" + "".join(re.escape(mark) if mark not in GROUP_SPACES else mark for mark in numerals.thousands) + "]"
    text = f"regexp_replace({bare}, {quote_value(drop)}, '', 'g')"
    if numerals.decimal == ",":
        text = f"replace({text}, ',', '.')"
    if kind is Kind.INTEGER:
        text = f"regexp_replace({text}, '\\.0+$', '')"
    return f"CASE WHEN regexp_full_match({bare}, {quote_value(pattern)}) THEN {text} || {shift} END"
