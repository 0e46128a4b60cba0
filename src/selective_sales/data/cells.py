"""A column of a source and its field in, SQL out: the cell trimmed, its value, whether it was rounded, and whether it breaks the contract.

Every value passes a pattern before it is cast: the engine's own casts take `1e3`, `1_000`, `2020-1-5` and round 1.5 to 2. The cheap
pattern of the usual form decides first; only what it refuses meets the full one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..model.contract import SPACES
from ..model.kind import Kind
from ..model.policy import Field
from ..model.sql import quote_name, quote_value
from . import sheet_cells
from .dates import declared_date_sql
from .dialect import normal
from .evidence import ISO, date_sql
from .forms import WRITTEN, Column, Form
from .json_lines import is_json_number
from .layered import MACHINE, PHYSICAL, CellSql, Names, Settled, literal
from .numbers import number_cell, span_cell
from .typed import is_typed, typed_cell

TRUE_WORDS = ("true", "t", "1", "yes", "y", "tak", "prawda")
FALSE_WORDS = ("false", "f", "0", "no", "n", "nie", "fałsz")

_EASY = r"[!-~\x{A1}-\x{17F}]([ -~\x{A0}-\x{17F}]*[!-~\x{A1}-\x{17F}])?"
"""Printable characters from ASCII to Latin Extended-A: none of them combines with another, the spaces among them only inside."""


def cell_sql(column: Column, names: Names, settled: Settled, tokens: Sequence[str], currency: str) -> CellSql:
    """All layers of the column."""
    if column.form not in (Form.TEXT, Form.JSON, Form.PLAIN) and is_typed(column.form, column.field.type):
        clean = f"CASE WHEN {_without(_text_of(column), tokens)} IS NOT NULL THEN {column.sql} END" if tokens else column.sql
        return typed_cell(column, names, clean)
    numerals = settled.numerals if column.form in WRITTEN else MACHINE
    settled = Settled(numerals, settled.dates)
    usual = _usual_sql(column, settled)
    clean = clean_sql(column, tokens, names.usual if usual else None)
    return _from_text(column, names, usual, clean, settled, currency)


def clean_sql(column: Column, tokens: Sequence[str], usual: str | None = None) -> str:
    """The cell as trimmed NFC text, NULL where it is blank or a token for blank. `usual` names the column of the cheap pattern."""
    raw = _text_of(column)
    slow = f"nullif(trim(nfc_normalize({raw}), {quote_value(SPACES)}), '')"
    # Latin letters without an outer space are trimmed and NFC already: by far the most cells. To trim of all spaces is slow.
    easy = f"WHEN regexp_full_match({raw}, {quote_value(_EASY)}) THEN {raw}"
    first = f"WHEN {usual} THEN {column.sql} " if usual is not None else ""
    return _without(f"CASE {first}{easy} ELSE {slow} END", tokens)


def _usual_sql(column: Column, settled: Settled) -> str | None:
    """The cheap pattern of the usual form; a raw cell that has it is clean already. None where a kind has none."""
    if column.form not in (Form.TEXT, Form.JSON):
        return None
    kind, mark = column.field.type, re.escape(settled.numerals.decimal)
    match kind:
        case Kind.MONEY | Kind.NUMBER:
            whole, places = (14, 4) if kind is Kind.MONEY else (15, 9)
            pattern = f"-?[0-9]{{1,{whole}}}" + (f"({mark}[0-9]{{1,{places}}})?" if mark else "")
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS:
            pattern = "-?[0-9]{1,18}"
        case Kind.DATE if column.field.format is None and settled.dates is ISO:
            pattern = ISO.alone
        case _:
            return None
    return f"regexp_full_match({column.sql}, {quote_value(pattern)})"


def _without(clean: str, tokens: Sequence[str]) -> str:
    blanks = [normal(token) for token in tokens if normal(token)]
    for token in blanks:
        clean = f"nullif({clean}, {quote_value(token)})"
    return clean


def _text_of(column: Column) -> str:
    """The raw cell as text: a whole double without `.0`, a JSON string without its quotes."""
    raw = column.sql
    match column.form:
        case Form.TEXT | Form.PLAIN:
            return raw
        case Form.DOUBLE:
            return _plain_text(f"CAST({raw} AS VARCHAR)")
        case Form.DECIMAL:
            return f"regexp_replace(CAST({raw} AS VARCHAR), '\\.0+$', '')"
        case Form.SHEET:
            return sheet_cells.text_of(raw)
        case Form.JSON:
            number = _plain_text(raw)
            return f"CASE WHEN {is_json_number(raw)} THEN {number} ELSE {raw} ->> '$' END"
        case _:
            return f"CAST({raw} AS VARCHAR)"


def _plain_text(text: str) -> str:
    """A number's text without zeros behind its point, and (above 1e-30) without exponent."""
    wide = ", ".join(f"CAST(TRY_CAST({text} AS DECIMAL(38, {scale})) AS VARCHAR)" for scale in (30, 20, 0))
    plain = f"CASE WHEN regexp_matches({text}, '[eE]') THEN coalesce({wide}, {text}) ELSE {text} END"
    return f"regexp_replace({plain}, '(\\.[0-9]*[1-9])0+$|\\.0+$', '\\1')"


def _from_text(column: Column, names: Names, usual: str | None, clean: str, settled: Settled, currency: str) -> CellSql:
    c, field = names.clean, column.field
    match field.type:
        case Kind.MONEY | Kind.NUMBER | Kind.INTEGER:
            return number_cell(column, names, usual, clean, settled.numerals, currency)
        case Kind.DAYS | Kind.MONTHS:
            return span_cell(field.type, names, usual, clean)
        case Kind.BOOLEAN:
            trues = field.true_words or tuple(word for word in TRUE_WORDS if word not in _folded(field.false_words))
            falses = field.false_words or tuple(word for word in FALSE_WORDS if word not in _folded(field.true_words))
            word = f"lower({c})"
            value = f"CASE WHEN {_one_of(word, _folded(trues))} THEN TRUE WHEN {_one_of(word, _folded(falses))} THEN FALSE END"
            return CellSql(None, clean, None, value, None)
        case Kind.DATE if column.form is Form.SHEET:
            written = date_sql(c, settled.dates) if field.format is None else declared_date_sql(c, field.format)
            value = f"CASE WHEN {sheet_cells.is_date(column.sql)} THEN {date_sql(c, ISO)} ELSE {written} END"
            return CellSql(None, clean, None, value, None)
        case Kind.DATE if field.format is not None:
            return CellSql(None, clean, None, declared_date_sql(c, field.format), None)
        case Kind.DATE if usual is not None:
            value = f"CASE WHEN {names.usual} THEN TRY_CAST({c} AS DATE) ELSE {date_sql(c, ISO)} END"
            return CellSql(usual, clean, None, value, None)
        case Kind.DATE:
            return CellSql(None, clean, None, date_sql(c, settled.dates), None)
        case _ if column.form in (Form.DOUBLE, Form.DATE, Form.TIMESTAMP, Form.ZONED):
            return CellSql(None, clean, None, f"CASE WHEN isfinite({column.sql}) THEN {c} END", None)
        case _:
            return CellSql(None, clean, None, c, None)


def _folded(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(normal(word).lower() for word in words)


def _one_of(sql: str, words: Sequence[str]) -> str:
    return f"regexp_full_match({sql}, {quote_value('|'.join(re.escape(word) for word in words))})"


def typed_column(field: Field, names: Names) -> str:
    """The value under the field's own name, its `missing:` default put in."""
    value = names.value if field.missing is None else f"coalesce({names.value}, {literal(field.missing, field.type)})"
    return f"CAST({value} AS {PHYSICAL[field.type]}) AS {quote_name(field.name)}"
