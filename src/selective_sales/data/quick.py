"""Rows of Python values in, a literal for a prepared statement out, and the SQL that types it by the contract.

Each kind has one physical form, so that one statement serves every client. A value that has another form is not judged here: None says
that the loader has to read it.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from decimal import Decimal

from ..model.kind import Kind
from ..model.policy import Field, Table
from ..model.sql import quote_plain
from .cells import FALSE_WORDS, TRUE_WORDS
from .dialect import normal
from .forms import Column, Form, Source
from .given import MOST_BITS, Cell, Row, day_of
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
OTHER = "\0"
"""Stands for a cell that the loader has to read."""
LONGEST = 2000
"""Characters of a text that becomes a literal."""
_WHOLE = re.compile(r"-?[0-9]{1,14}", re.ASCII)
_POINT = re.compile(r"-?(?:[0-9]{1,14}\.(?:[0-9]{1,2}|[0-9]{4})|0\.[0-9]{3})", re.ASCII)
"""A number whose point can only be a decimal mark: three digits behind one might be thousands."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def typed_select(table: Table, parameter: int, currency: str) -> str:
    """A SELECT that yields the table's typed rows from the statement's parameter; it fails where a row breaks the contract."""
    fields = file_fields(table)
    raws = ", ".join(f'CAST("#r"[{index}] AS {FORMS[field.type][0]}) AS raw{index - 1}' for index, field in enumerate(fields, 1))
    relation = f'(SELECT {raws} FROM (SELECT unnest(${parameter}::VARCHAR[][]) AS "#r"))'
    columns = tuple(Column(field, f"raw{index}", FORMS[field.type][1], field.header, 38, 4) for index, field in enumerate(fields))
    source = Source(table, table.name, "given", relation, relation, columns, None, ())
    layers = build(source, {}, currency)
    fine = f"CASE WHEN {layers.states[0]} & 1 = 1 THEN CAST(error('bad row') AS BOOLEAN) ELSE TRUE END"
    return f"SELECT * EXCLUDE ({', '.join(layers.states)}) FROM ({layers.typed_select()}) WHERE {fine}"


def literal_rows(table: Table, rows: Sequence[Row]) -> str | None:
    """The rows as the parameter's value; None where a cell has another form than its kind's."""
    fields = file_fields(table)
    if table.fresh_within is not None or (len(rows) > 1 and any(field.unique for field in fields)):
        return None
    written: list[str] = []
    for row in rows:
        cells = [_plain(table, field, value) for field, value in zip(fields, row, strict=True)]
        if OTHER in cells:
            return None
        written.append(f"[{', '.join('NULL' if cell is None else quote_plain(cell) for cell in cells)}]")
    # Another type than the parameter's would have the statement planned anew.
    return f"[{', '.join(written)}]::VARCHAR[][]"


def _plain(table: Table, field: Field, value: Cell) -> str | None:
    """The cell in its kind's own form as text, None where it is blank, OTHER where it has another form."""
    if value is None or (isinstance(value, str) and not normal(value)):
        return None
    if field.type is Kind.TEXT:
        return _text(value)
    if table.missing_tokens or field.missing_tokens or field.pattern is not None:
        # Both look at the cell as it is written.
        return OTHER
    if isinstance(value, str):
        value = _read(table, field, value)
    match field.type:
        case Kind.MONEY:
            return _money(value)
        case Kind.NUMBER:
            return _number(value)
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS:
            return _whole(value)
        case Kind.BOOLEAN:
            return str(value).lower() if isinstance(value, bool) else OTHER
        case Kind.DATE:
            return day_of(value).isoformat() if isinstance(value, datetime.date) else OTHER
        case _:
            return OTHER


def _text(value: Cell) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return str(value)
    if isinstance(value, str) and value.isprintable() and len(value) <= LONGEST:
        return value
    return OTHER


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


def _money(value: Cell) -> str:
    """An amount of at most four decimals."""
    amount = _decimal(value)
    if amount is None or not abs(amount) < 10**14:
        return OTHER
    exact = amount.quantize(Decimal("0.0001"))
    return f"{exact:f}" if exact == amount else OTHER


def _number(value: Cell) -> str:
    """A number that a double holds as it is written."""
    number = _decimal(value)
    if number is None or (not isinstance(value, float) and (len(number.as_tuple().digits) > 15 or abs(number.adjusted()) > 15)):
        return OTHER
    return repr(float(number))


def _whole(value: Cell) -> str:
    number = _decimal(value)
    if number is None or not -(2**53) <= number <= 2**53 or number != int(number):
        return OTHER
    return str(int(number))


def _decimal(value: Cell) -> Decimal | None:
    """The number with all its digits; None for what is no finite number."""
    match value:
        case bool():
            return None
        case int() if value.bit_length() <= MOST_BITS:
            return Decimal(value)
        case float() if math.isfinite(value):
            return Decimal(repr(value))
        case Decimal() if value.is_finite():
            return value
        case _:
            return None
