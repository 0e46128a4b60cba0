"""Rows of Python values in, a literal for a prepared statement out, and the SQL that types it by the contract.

Each kind has one physical form, so that one statement serves every client. A value that has another form is not judged here: None says
that the loader has to read it.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from ..model.kind import Kind
from ..model.policy import Field, Table
from ..model.sql import quote_plain
from .cells import FALSE_WORDS, TRUE_WORDS
from .dialect import normal
from .forms import Column, Form, Source
from .given import Cell, Row, day_of
from .layers import build
from .sources import file_fields

FORMS = {
    Kind.MONEY: ("DECIMAL(38, 4)", Form.DECIMAL),
    Kind.NUMBER: ("DOUBLE", Form.DOUBLE),
    Kind.INTEGER: ("BIGINT", Form.WHOLE),
    Kind.DAYS: ("BIGINT", Form.WHOLE),
    Kind.MONTHS: ("BIGINT", Form.WHOLE),
    Kind.TEXT: ("VARCHAR", Form.TEXT),
    Kind.BOOLEAN: ("BOOLEAN", Form.BOOLEAN),
    Kind.DATE: ("DATE", Form.DATE),
}
STATE = "_state0"
"""The column of `typed_select` whose first bit says that a row breaks the contract."""
LONGEST = 2000
"""Characters of a text that becomes a literal."""
_WHOLE = re.compile(r"-?[0-9]{1,14}", re.ASCII)
_POINT = re.compile(r"-?(?:[0-9]{1,14}\.(?:[0-9]{1,2}|[0-9]{4})|0\.[0-9]{3})", re.ASCII)
"""A number whose point can only be a decimal mark: three digits behind one might be thousands."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def typed_select(table: Table, parameter: int, currency: str) -> str:
    """A SELECT that yields the table's rows from the statement's parameter: the typed fields, then `_state0`, whose first bit says bad."""
    fields = file_fields(table)
    raws = ", ".join(f'"#r".c{index} AS raw{index}' for index in range(len(fields)))
    relation = f'(SELECT {raws} FROM (SELECT unnest(${parameter}::{_type(table)}) AS "#r"))'
    columns = tuple(Column(field, f"raw{index}", FORMS[field.type][1], field.header, 38, 4) for index, field in enumerate(fields))
    source = Source(table, table.name, "given", relation, relation, columns, None, ())
    return build(source, {}, currency).typed_select()


def _type(table: Table) -> str:
    columns = ", ".join(f"c{index} {FORMS[field.type][0]}" for index, field in enumerate(file_fields(table)))
    return f"STRUCT({columns})[]"


def literal_rows(table: Table, rows: Sequence[Row]) -> str | None:
    """The rows as the parameter's value; None where a cell has another form than its kind's."""
    fields = file_fields(table)
    if table.fresh_within is not None or (len(rows) > 1 and any(field.unique for field in fields)):
        return None
    written: list[str] = []
    for row in rows:
        cells = [_literal(table, field, value) for field, value in zip(fields, row, strict=True)]
        if None in cells:
            return None
        written.append("{" + ", ".join(f"c{index}: {cell}" for index, cell in enumerate(cells)) + "}")
    # The cast of the whole keeps the parameter's type the same, so that nothing is planned again.
    return f"[{', '.join(written)}]::{_type(table)}"


def _literal(table: Table, field: Field, value: Cell) -> str | None:
    if isinstance(value, str) and not normal(value):
        value = None
    if value is None:
        return "NULL"
    if field.type is Kind.TEXT:
        return _text(value)
    if table.missing_tokens or field.missing_tokens:
        return None
    if isinstance(value, str):
        found = _read(table, field, value)
        if found is None:
            return None
        value = found
    match field.type:
        case Kind.MONEY:
            return _money(value)
        case Kind.NUMBER:
            return _number(value)
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS:
            return _whole(value)
        case Kind.BOOLEAN:
            return ("TRUE" if value else "FALSE") if isinstance(value, bool) else None
        case Kind.DATE:
            return f"DATE '{day_of(value).isoformat()}'" if isinstance(value, datetime.date) else None
        case _:
            return None


def _text(value: Cell) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return f"'{value}'"
    if isinstance(value, str) and value.isprintable() and len(value) <= LONGEST:
        return quote_plain(value)
    return None


def _read(table: Table, field: Field, text: str) -> Cell:
    """A text in the plainest form of its kind, which every reading agrees on."""
    match field.type:
        case Kind.MONEY | Kind.NUMBER if _WHOLE.fullmatch(text):
            return int(text)
        case Kind.MONEY | Kind.NUMBER if _POINT.fullmatch(text) and table.csv.decimal is None and table.csv.thousands is None:
            return Decimal(text)
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS if _WHOLE.fullmatch(text):
            return int(text)
        case Kind.BOOLEAN if not field.true_words and not field.false_words:
            word = text.lower()
            return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None
        case Kind.DATE if field.format is None and _DAY.fullmatch(text):
            try:
                return datetime.date.fromisoformat(text)
            except ValueError:
                return None
        case _:
            return None


def _money(value: Cell) -> str | None:
    """An amount of at most four decimals."""
    try:
        amount = Decimal(repr(value)) if isinstance(value, float) else value
        if isinstance(amount, bool) or not isinstance(amount, int | Decimal) or not abs(amount) < 10**14:
            return None
        exact = Decimal(amount).quantize(Decimal("0.0001"))
        return f"'{exact:f}'" if exact == amount else None
    except InvalidOperation:
        return None


def _number(value: Cell) -> str | None:
    """A number that a double holds as it is written."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, int) and abs(value) > 2**53:
        return None
    if isinstance(value, Decimal) and (not value.is_finite() or len(value.as_tuple().digits) > 15 or abs(value.adjusted()) > 15):
        return None
    number = float(value)
    return f"'{number!r}'" if math.isfinite(number) else None


def _whole(value: Cell) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, float | Decimal):
        if not math.isfinite(value) or abs(value) > 2**53 or value != int(value):
            return None
        value = int(value)
    return f"'{value}'" if -(2**63) <= value < 2**63 else None
