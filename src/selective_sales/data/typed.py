"""A column that a program typed in, its layers as SQL out: no patterns, but the same values as the shortest text would give."""

from __future__ import annotations

from ..model.kind import Kind
from .evidence import in_calendar
from .forms import Column, Form
from .layered import CellSql, Names, on_nine_places

_ON_GRID = {Kind.MONEY: "({c} BETWEEN -2e11 AND 2e11 AND floor(abs({c}) * 1e4 + 0.5) / 1e4 = abs({c}))",
            Kind.NUMBER: "({c} BETWEEN -2e6 AND 2e6 AND floor(abs({c}) * 1e9 + 0.5) / 1e9 = abs({c}) "
                         "OR {c} BETWEEN -2e11 AND 2e11 AND floor(abs({c}) * 1e4 + 0.5) / 1e4 = abs({c}))"}  # fmt: skip
"""True for a double that is nearest to a decimal of so few places: x * 10^n stays below 2^51, where rounding cannot miss."""


def is_typed(form: Form, kind: Kind) -> bool:
    """True where a program's type reads as the kind without a detour over text."""
    match kind:
        case Kind.MONEY | Kind.NUMBER | Kind.INTEGER | Kind.DAYS | Kind.MONTHS:
            return form in (Form.WHOLE, Form.DECIMAL, Form.DOUBLE)
        case Kind.DATE:
            return form in (Form.DATE, Form.TIMESTAMP, Form.ZONED)
        case Kind.BOOLEAN:
            return form is Form.BOOLEAN
        case _:
            return False


def typed_cell(column: Column, names: Names, clean: str) -> CellSql:
    """The layers of a column whose form is the kind's; `clean` is the raw cell, NULL where it is a token for blank."""
    kind, c = column.field.type, names.clean
    match kind:
        case Kind.MONEY:
            return _typed_money(column, clean, names)
        case Kind.NUMBER:
            return _typed_number(column, clean, names)
        case Kind.INTEGER | Kind.DAYS | Kind.MONTHS:
            whole = c if column.form is Form.WHOLE else f"CASE WHEN {c} = floor({c}) THEN {c} END"
            if column.form is Form.DOUBLE:
                # Beyond a BIGINT there is no whole number to be had, and not every engine has a floor.
                whole = f"CASE WHEN {c} >= -9223372036854775808e0 AND {c} < 9223372036854775808e0 THEN {whole} END"
            return CellSql(None, clean, None, f"TRY_CAST({whole} AS BIGINT)", None)
        case Kind.DATE:
            day = f"CAST({c} AT TIME ZONE 'UTC' AS DATE)" if column.form is Form.ZONED else f"CAST({c} AS DATE)"
            return CellSql(None, clean, None, in_calendar(day), None)
        case _:
            return CellSql(None, clean, None, c, None)


def _typed_money(column: Column, clean: str, names: Names) -> CellSql:
    c, g, v = names.clean, names.usual, names.value
    if column.form is Form.WHOLE or (column.form is Form.DECIMAL and column.scale <= 4):
        return CellSql(None, clean, None, f"TRY_CAST({c} AS DECIMAL(18, 4))", None)
    if column.form is Form.DECIMAL:
        changed = f"TRY_CAST({v} AS DECIMAL({column.digits}, {column.scale})) <> {c}"
        return CellSql(None, clean, None, f"TRY_CAST({c} AS DECIMAL(18, 4))", changed)
    text = f"CAST({c} AS VARCHAR)"
    value = f"CASE WHEN {g} THEN TRY_CAST({c} AS DECIMAL(18, 4)) ELSE TRY_CAST({text} AS DECIMAL(18, 4)) END"
    changed = f"NOT {g} AND ({v} <> TRY_CAST({text} AS DECIMAL(38, 20)) OR {v} = 0 AND {c} <> 0)"
    return CellSql(_ON_GRID[Kind.MONEY].format(c=column.sql), clean, None, value, changed)


def _typed_number(column: Column, clean: str, names: Names) -> CellSql:
    c, g, v = names.clean, names.usual, names.value
    if column.form is Form.WHOLE:
        return CellSql(None, clean, None, f"CAST({c} AS DOUBLE)", None)
    if column.form is Form.DECIMAL:
        # A double made of the text is the nearest one; the engine's own cast of a long decimal rounds twice.
        exact = f"CAST(CAST({c} AS VARCHAR) AS DOUBLE)"
        if column.scale <= 9:
            return CellSql(None, clean, None, exact if column.digits > 15 else f"CAST({c} AS DOUBLE)", None)
        value = f"CASE WHEN abs({c}) >= 1e27 THEN {exact} ELSE {on_nine_places(c)} END"
        return CellSql(None, clean, None, value, f"TRY_CAST({c} AS DECIMAL(38, 9)) <> {c}")
    value = f"CASE WHEN {g} THEN {c} WHEN NOT isfinite({c}) THEN NULL WHEN abs({c}) >= 1e17 THEN {c} ELSE {on_nine_places(c)} END"
    return CellSql(_ON_GRID[Kind.NUMBER].format(c=column.sql), clean, None, f"{value} + 0.0::DOUBLE", f"NOT {g} AND {v} <> {c}")
