"""A source and what is settled of it in, the SQL of its typed table out, and the SQL that says why a row is bad.

Layer upon layer of columns, each computed once: raw, usual, clean, plain, value, state. `_state0` is one integer per row: bit 0
says that the row breaks the contract, bit 1 that its key cannot be read, the further bits which fields were rounded (where there
are more than fit, in `_state1` and so on).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model.kind import Kind
from ..model.policy import Field, Table
from ..model.sql import quote_name, quote_value
from . import sheet_cells
from .cells import cell_sql, typed_column
from .forms import Column, Form, Source
from .json_lines import is_json_cell
from .layered import CellSql, Names, Settled, is_other, literal

BITS = 62
"""Flags in one BIGINT."""

_ORDERED = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS, Kind.MONTHS, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Layers:
    """All layers of a source: the cells by column, and `states`, the names of the state columns."""

    source: Source
    cells: tuple[CellSql, ...]
    states: tuple[str, ...]

    def typed_table(self) -> str:
        """The statement that makes the typed table with its state columns."""
        record = [f"{self.source.record} AS rowid"] if self.source.record else []
        columns = ", ".join([*self._fields(), *self._state_sql(), *record])
        return f"CREATE OR REPLACE TABLE {quote_name(self.source.table.name)} AS SELECT {columns} FROM {self._values(self.source.relation)}"

    def sound_select(self) -> str:
        """A SELECT of the typed fields that fails where a row breaks the contract."""
        sound = f"CASE WHEN {self._bad()} THEN CAST(error('bad row') AS BOOLEAN) ELSE TRUE END"
        return f"SELECT {', '.join(self._fields())} FROM {self._values(self.source.relation)} WHERE {sound}"

    def _fields(self) -> list[str]:
        return [typed_column(column.field, Names.of(index)) for index, column in enumerate(self.source.columns)]

    def reasons(self, rows: str) -> str:
        """A SELECT over the records whose number (from 0) is in the relation `rows` (column `record`).

        Columns: `record`; `fault` (why it is no record at all); `file` (of several); per field `shown` (the cell), `raw` and `why`
        (NULL: fine), numbered.
        """
        number = self.source.record or "row_number() OVER () - 1"
        numbered = f"(SELECT *, {number} AS record FROM {self.source.relation})"
        chosen = f"(SELECT * FROM {numbered} WHERE record IN (SELECT record FROM {rows}))"
        parts = ["record", f"{self.source.fault or 'NULL'} AS fault", f"{self.source.file or 'NULL'} AS file"]
        for index, column in enumerate(self.source.columns):
            names, cell = Names.of(index), self.cells[index]
            parts.append(f"CAST({names.clean} AS VARCHAR) AS shown{index}")
            raw = sheet_cells.text_of(column.sql) if column.form is Form.SHEET else column.sql
            parts.append(f"CAST({raw} AS VARCHAR) AS raw_text{index}")
            reason = _reason(self.source.table, column, names, cell)
            parts.append(f"{f'CASE WHEN {self.source.fault} IS NULL THEN {reason} END' if self.source.fault else reason} AS why{index}")
        return f"SELECT {', '.join(parts)} FROM {self._values(chosen)}"

    def _values(self, relation: str) -> str:
        """The relation with the layers up to the values."""
        names = [Names.of(index) for index in range(len(self.cells))]
        pairs = list(zip(names, self.cells, strict=True))
        sql = f"(SELECT *{_more(f'{cell.usual} AS {n.usual}' for n, cell in pairs if cell.usual)} FROM {relation})"
        sql = f"(SELECT *{_more(f'{cell.clean} AS {n.clean}' for n, cell in pairs)} FROM {sql})"
        sql = f"(SELECT *{_more(f'{cell.plain} AS {n.plain}' for n, cell in pairs if cell.plain)} FROM {sql})"
        values = (f"{self._value(index, cell)} AS {names[index].value}" for index, cell in enumerate(self.cells))
        return f"(SELECT *{_more(values)} FROM {sql})"

    def _value(self, index: int, cell: CellSql) -> str:
        column = self.source.columns[index]
        match column.form:
            case Form.JSON:
                return f"CASE WHEN {is_json_cell(column.sql)} THEN {cell.value} END"
            case Form.SHEET:
                return f"CASE WHEN {sheet_cells.is_value(column.sql)} THEN {cell.value} END"
            case _:
                return cell.value

    def _state_sql(self) -> list[str]:
        rounded = (f"({cell.rounded}) AND {Names.of(i).value} IS NOT NULL" for i, cell in enumerate(self.cells) if cell.rounded)
        flags = [self._bad(), self._no_key(), *rounded]
        words = [flags[start : start + BITS] for start in range(0, len(flags), BITS)]
        return [
            f"CAST({' | '.join(f'(CASE WHEN {flag} THEN {1 << bit} ELSE 0 END)' for bit, flag in enumerate(word))} AS BIGINT) AS {state}"
            for state, word in zip(self.states, words, strict=True)
        ]

    def _bad(self) -> str:
        """True where a row breaks the contract."""
        table = self.source.table
        bad = [f"({_bad(table, column, Names.of(i), self.cells[i])})" for i, column in enumerate(self.source.columns)]
        return " OR ".join([*bad, *([f"({self.source.fault} IS NOT NULL)"] if self.source.fault else [])])

    def _no_key(self) -> str:
        """True where nobody can say whose row it is: it is no record, or a cell of its key cannot be read."""
        key = [i for i, column in enumerate(self.source.columns) if column.field.name in self.source.table.key]
        parts = [f"{Names.of(i).clean} IS NOT NULL AND {Names.of(i).value} IS NULL" for i in key]
        return " OR ".join([*parts, *([f"{self.source.fault} IS NOT NULL"] if self.source.fault else [])]) or "FALSE"

    def rounded_fields(self) -> tuple[tuple[str, int, str], ...]:
        """For each field that can be rounded: its state column, its bit, its name."""
        fields = [column.field.name for column, cell in zip(self.source.columns, self.cells, strict=True) if cell.rounded]
        return tuple((self.states[number // BITS], number % BITS, name) for number, name in enumerate(fields, start=2))


def build(source: Source, settled: Mapping[int, Settled], currency: str) -> Layers:
    """The layers of a source; `settled` by the column's position, for those that were written by people."""
    cells = tuple(
        cell_sql(
            column, Names.of(index), settled.get(index, Settled()), (*source.table.missing_tokens, *column.field.missing_tokens), currency
        )
        for index, column in enumerate(source.columns)
    )
    flags = 2 + sum(cell.rounded is not None for cell in cells)
    return Layers(source, cells, tuple(f"_state{number}" for number in range((flags + BITS - 1) // BITS)))


def must_be_present(table: Table, field: Field) -> bool:
    """True where a blank cell is a bad one. (A child's blank key is a row without client, which has its own rule.)"""
    return field.required or (table.belongs_to is None and field.name in table.key)


def _more(parts: Iterable[str]) -> str:
    return "".join(f", {part}" for part in parts)


def _tests(table: Table, column: Column, names: Names, cell: CellSql) -> list[tuple[str, str]]:
    """The contract of one cell: reason and the SQL that is true where it is broken, the first that holds first."""
    c, v, field = names.clean, names.value, column.field
    tests: list[tuple[str, str]] = []
    if must_be_present(table, field):
        tests.append(("blank", f"{c} IS NULL"))
    if column.form is Form.SHEET:
        tests += sheet_cells.faults(column.sql, c, as_text=field.type is Kind.TEXT)
    if cell.value != c or column.form in (Form.JSON, Form.SHEET):
        too_large = _too_large(column, names, cell)
        if too_large is not None:
            tests.append(("size", f"{too_large} AND {v} IS NULL"))
        tests.append(("unreadable", f"{c} IS NOT NULL AND {v} IS NULL"))
    if field.minimum is not None and field.type in _ORDERED:
        tests.append(("minimum", f"{v} < {literal(field.minimum, field.type)}"))
    if field.maximum is not None and field.type in _ORDERED:
        tests.append(("maximum", f"{v} > {literal(field.maximum, field.type)}"))
    if field.one_of:
        tests.append(("one_of", is_other(v, [literal(value, field.type) for value in field.one_of])))
    if field.pattern is not None:
        tests.append(("pattern", f"NOT regexp_full_match(CAST({c} AS VARCHAR), {quote_value(field.pattern)})"))
    return tests


def _too_large(column: Column, names: Names, cell: CellSql) -> str | None:
    """SQL that is true for a number that has no room in its kind; None where that cannot happen."""
    if cell.plain is not None:
        return f"{names.plain} IS NOT NULL"
    if column.field.type is Kind.MONEY:
        return f"(abs(CAST({names.clean} AS DOUBLE)) BETWEEN 1e13 AND 1e308)"
    if column.field.type in (Kind.INTEGER, Kind.DAYS, Kind.MONTHS):
        return f"(abs(CAST({names.clean} AS DOUBLE)) BETWEEN 1e18 AND 1e308)"
    return None


def _bad(table: Table, column: Column, names: Names, cell: CellSql) -> str:
    return " OR ".join(sql for reason, sql in _tests(table, column, names, cell) if reason != "size") or "FALSE"


def _reason(table: Table, column: Column, names: Names, cell: CellSql) -> str:
    tests = _tests(table, column, names, cell)
    return f"CASE {' '.join(f'WHEN {sql} THEN {quote_value(reason)}' for reason, sql in tests)} END" if tests else "NULL"
