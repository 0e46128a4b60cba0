"""Rows of Python values in, literals for a prepared statement out, and the SQL that types them by the contract.

Each kind has one plainest form, so that one statement serves every client. A value that has another form is not judged here: the reason
says that the loader has to read it.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from ..model.contract import SPACES
from ..model.kind import Kind
from ..model.policy import Field, Table
from ..model.sql import quote_plain
from .cells import FALSE_WORDS, TRUE_WORDS
from .dialect import normal
from .forms import Column, Form, Source
from .given import MOST_BITS, Cell, Row, day_of
from .layered import PHYSICAL, CellSql, Names
from .layers import Layers
from .matching import file_fields

Plain = tuple[str | None, ...]
"""A row's cells in their kind's plainest form as text: equal only where the values are; None where a cell is blank."""
OTHER = "\0"
"""Stands for a cell that the loader has to read."""
LONGEST = 2000
"""Characters of a text that becomes a literal."""
_OLD = 0x2FFF
_EMOJI = range(0x1F000, 0x1FB00)
"""Characters up to _OLD, and emoji: every release of Unicode composes them alike."""
_LINES = str.maketrans("", "", "\t\r\n")
_WHOLE = re.compile(r"-?[0-9]{1,14}", re.ASCII)
_POINT = re.compile(r"-?(?:[0-9]{1,14}\.(?:[0-9]{1,2}|[0-9]{4})|0\.[0-9]{3})", re.ASCII)
"""A number whose point can only be a decimal mark: three digits behind one might be thousands."""
_TEN_THOUSANDTH, _BILLIONTH = Decimal("0.0001"), Decimal("0.000000001")


@dataclass(frozen=True, slots=True)
class Literals:
    """A literal per table for the statement's parameters, and the clients' keys in their order, as the engine gives them back.

    `blanks`: some cell is blank, and the policy says of its field no value that it then has.
    """

    tables: tuple[str, ...]
    keys: tuple[tuple[object, ...], ...]
    blanks: bool


def typed_select(table: Table, parameter: int) -> str:
    """A SELECT that yields the table's typed rows from the statement's parameter; it fails where a row breaks the contract."""
    fields = file_fields(table)
    raws = ", ".join(f'CAST("#r"[{index}] AS {PHYSICAL[field.type]}) AS raw{index - 1}' for index, field in enumerate(fields, 1))
    relation = f'(SELECT {raws} FROM (SELECT unnest(${parameter}::VARCHAR[][]) AS "#r"))'
    columns = tuple(Column(field, f"raw{index}", Form.PLAIN, field.header) for index, field in enumerate(fields))
    # What is in its plainest form is its own value.
    cells = tuple(CellSql(None, f"raw{index}", None, Names.of(index).clean, None) for index in range(len(fields)))
    return Layers(Source(table, table.name, "given", relation, relation, columns, None, ()), cells, ()).sound_select()


def literals(tables: Sequence[Table], rows: Mapping[str, Sequence[Row]]) -> tuple[Literals | None, str]:
    """The rows as the parameters' values; None, and why, where the loader has to read them."""
    plain: dict[str, list[Plain]] = {}
    for table in tables:
        plain[table.name], reason = _plain_rows(table, rows[table.name])
        if reason:
            return None, reason
    clients = tables[0]
    owners = _keys(clients, plain[clients.name])
    if len(set(owners)) < len(owners):
        return None, f"{clients.name}: two rows have the same key"
    kinds = _key_kinds(clients)
    for table in tables[1:]:
        if _key_kinds(table) != kinds or not set(owners).issuperset(_keys(table, plain[table.name])):
            return None, f"{table.name}: a row may have no client"
    keys = tuple(tuple(_value(kind, cell) for kind, cell in zip(kinds, owner, strict=True)) for owner in owners)
    blanks = any(_blanks(table, plain[table.name]) for table in tables)
    return Literals(tuple(_literal(plain[table.name]) for table in tables), keys, blanks), ""


def _literal(rows: Sequence[Plain]) -> str:
    written = (f"[{', '.join('NULL' if cell is None else quote_plain(cell) for cell in row)}]" for row in rows)
    # Another type than the parameter's would have the statement planned anew.
    return f"[{', '.join(written)}]::VARCHAR[][]"


def _blanks(table: Table, rows: Sequence[Plain]) -> bool:
    places = [place for place, field in enumerate(file_fields(table)) if field.missing is None]
    return any(row[place] is None for row in rows for place in places)


def _keys(table: Table, rows: Sequence[Plain]) -> list[Plain]:
    names = [field.name for field in file_fields(table)]
    places = [names.index(name) for name in table.key]
    return [tuple(row[place] for place in places) for row in rows]


def _key_kinds(table: Table) -> list[Kind]:
    kinds = {field.name: field.type for field in file_fields(table)}
    return [kinds[name] for name in table.key]


def _value(kind: Kind, plain: str | None) -> object:
    """The value that the engine gives for a cell of that form."""
    if plain is None:
        return None
    match kind:
        case Kind.MONEY:
            return Decimal(plain)
        case Kind.NUMBER:
            return float(plain)
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS:
            return int(plain)
        case Kind.DATE:
            return datetime.date.fromisoformat(plain)
        case Kind.BOOLEAN:
            return plain == "true"
        case _:
            return plain


def _plain_rows(table: Table, rows: Sequence[Row]) -> tuple[list[Plain], str]:
    """The rows in their plainest form; a reason where a cell has another one, or a unique value comes twice."""
    fields = file_fields(table)
    readers = [(field, tokens_of(table, field)) for field in fields]
    found: list[Plain] = []
    for number, row in enumerate(rows, 1):
        cells = tuple(_plain(table, field, tokens, value) for (field, tokens), value in zip(readers, row, strict=True))
        if OTHER in cells:
            return [], f"{table.name}: row {number}: {fields[cells.index(OTHER)].name} is not in its plainest form"
        found.append(cells)
    for index, field in enumerate(fields):
        if field.unique and len(rows) > 1:
            values = [row[index] for row in found if row[index] is not None]
            if len(set(values)) < len(values):
                return [], f"{table.name}: {field.name}: a unique value comes twice"
    return found, ""


def tokens_of(table: Table, field: Field) -> frozenset[str]:
    """What stands for a blank in the field."""
    return frozenset(normal(token) for token in (*table.missing_tokens, *field.missing_tokens))


def _plain(table: Table, field: Field, tokens: frozenset[str], value: Cell) -> str | None:
    """The cell in its kind's own form as text, None where it is blank, OTHER where it has another form."""
    if value is None:
        return None
    if isinstance(value, str):
        value = _text(value)
        if value == OTHER:
            return OTHER
        if not value or value in tokens:
            return None
        if field.type is not Kind.TEXT:
            value = _read(table, field, value)
    elif any(map(_may_be_written, tokens)):
        return OTHER
    if field.pattern is not None and field.type is not Kind.TEXT:
        return OTHER
    match field.type:
        case Kind.TEXT:
            return value if isinstance(value, str) else _whole_text(value)
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


def _may_be_written(token: str) -> bool:
    """Whether a number, a date or a bool can look like the token when it is written."""
    return token.lower() in ("true", "false") or any(map(str.isdigit, token))


def _text(text: str) -> str:
    """The text trimmed and composed; OTHER where it holds something out of the ordinary."""
    if len(text) > LONGEST or not text.translate(_LINES).isprintable():
        return OTHER
    if text.isascii():
        return text.strip(SPACES)
    if any(code > _OLD and code not in _EMOJI for code in map(ord, text)):
        return OTHER
    return normal(text)


def _whole_text(value: Cell) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15 else OTHER


def _read(table: Table, field: Field, text: str) -> Cell:
    """A text in the plainest form of its kind, which every reading agrees on."""
    match field.type:
        case Kind.MONEY | Kind.NUMBER if _WHOLE.fullmatch(text):
            return int(text)
        case Kind.MONEY | Kind.NUMBER:
            return _numeral(table, text)
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS if _WHOLE.fullmatch(text):
            return int(text)
        case Kind.BOOLEAN if not field.true_words and not field.false_words:
            word = text.lower()
            return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None
        case Kind.DATE:
            return _written_day(text, field.format or "%Y-%m-%d")
        case _:
            return None


def _numeral(table: Table, text: str) -> Decimal | None:
    """An amount or number with a decimal mark, where that can be no other mark."""
    mark = table.csv.decimal
    if table.csv.thousands is not None:
        return None
    if mark is None:
        return Decimal(text) if _POINT.fullmatch(text) else None
    return Decimal(text.replace(" ", "").replace(mark, ".")) if _with_mark(mark).fullmatch(text) else None


@lru_cache(maxsize=16)
def _with_mark(mark: str) -> re.Pattern[str]:
    """What a number looks like where the policy declares the decimal mark."""
    return re.compile(rf"-?(?:[0-9]{{1,14}}|[1-9][0-9]{{0,2}}(?: [0-9]{{3}}){{1,3}})(?:{re.escape(mark)}[0-9]{{1,4}})?", re.ASCII)


def _written_day(text: str, format_: str) -> datetime.date | None:
    found = shape.fullmatch(text) if (shape := _day_shape(format_)) else None
    try:
        return datetime.date(int(found["Y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        return None


@lru_cache(maxsize=64)
def _day_shape(format_: str) -> re.Pattern[str] | None:
    """What a date in that format looks like with all its digits; None for a format of other parts."""
    parts = re.split("%(.)", format_)
    if sorted(parts[1::2]) != ["Y", "d", "m"]:
        return None
    digits = {name: f"(?P<{name}>[0-9]{{{4 if name == 'Y' else 2}}})" for name in "Ymd"}
    return re.compile("".join(digits[part] if index % 2 else re.escape(part) for index, part in enumerate(parts)), re.ASCII)


def _money(value: Cell) -> str:
    """An amount of at most four decimals."""
    amount = _decimal(value)
    if amount is None or not abs(amount) < 10**14:
        return OTHER
    exact = amount.quantize(_TEN_THOUSANDTH)
    return f"{exact:f}" if exact == amount else OTHER


def _number(value: Cell) -> str:
    """A number on its nine decimals, as a double holds it."""
    number = _decimal(value)
    if number is None or not abs(number) < 10**15 or (not isinstance(value, float) and len(number.as_tuple().digits) > 15):
        return OTHER
    rounded = number.quantize(_BILLIONTH, ROUND_HALF_UP)
    return repr(float(rounded) + 0.0)


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
