"""PostgreSQL's words for what the compiler means, and the names that it cannot hold."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from ..model.kind import Kind
from ..model.policy import Table
from ..model.sql import for_postgres, quote_name, quote_value
from .dialect import Dialect, with_missing
from .postgres_macros import FUNCTIONS, PROCEDURES
from .postgres_patterns import postgres_pattern

LONGEST_NAME = 63
"""Bytes of a name; the server cuts off the rest."""
SYSTEM_COLUMNS = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
"""No column of a table can have these names: every table has them already."""
MOST_COLUMNS = 1600
TYPES = {
    Kind.MONEY: "NUMERIC(18, 4)",
    Kind.NUMBER: "FLOAT8",
    Kind.INTEGER: "BIGINT",
    Kind.TEXT: "TEXT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DAYS: "BIGINT",
    Kind.MONTHS: "BIGINT",
}
_OPERATIONS = {"+": "plus", "-": "minus", "*": "times", "/": "divided"}
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|(?<![\w.])([a-z_0-9]+)(?=\()""")


class Postgres(Dialect):
    """PostgreSQL 14 and later, over a database in UTF-8."""

    __slots__ = ()
    name = "postgres"
    fence = "\nOFFSET 0"
    types: ClassVar[Mapping[Kind, str]] = TYPES

    def double(self, value: int | Decimal) -> str:
        text = repr(float(value))
        return f"({text})::FLOAT8" if text.startswith("-") else f"{text}::FLOAT8"

    def as_double(self, text: str) -> str:
        return f"{text}::FLOAT8"

    def calculated(self, left: str, op: str, right: str) -> str:
        return f"{_OPERATIONS[op]}({left}, {right})"

    def power(self, base: str, exponent: str) -> str:
        return f"power_of({base}, {exponent})"

    def attempt(self, left: str, op: str, right: str) -> str:
        return f"fit({left}::NUMERIC {op} {right})"

    def negated(self, operand: str) -> str:
        return f"fit(-({operand}::NUMERIC))"

    def absolute(self, operand: str, kind: Kind) -> str:
        return f"fit(abs({operand}::NUMERIC))" if kind in (Kind.INTEGER, Kind.DAYS, Kind.MONTHS) else f"abs({operand})"

    def days(self, later: str, earlier: str) -> str:
        return f"({later} - {earlier})::BIGINT"

    def fit(self, whole: str) -> str:
        return f"fit({whole})"

    def exact(self, number: str) -> str:
        return f"exact({number})"

    def huge(self, whole: str) -> str:
        return f"{whole}::NUMERIC"

    def wide(self, value: str, kind: Kind) -> str:
        return f"exact({value})" if kind is Kind.NUMBER else f"{value}::NUMERIC"

    def nearest(self, exact: str, places: int) -> str:
        return f"nearest({exact}, {places})"

    def in_order(self, parts: Sequence[str]) -> str:
        return " + ".join(parts)

    def array(self, items: Sequence[str], sql_type: str = "") -> str:
        return f"ARRAY[{', '.join(items)}]" + (f"::{self.type_named(sql_type)}[]" if sql_type else "")

    def type_named(self, sql_type: str) -> str:
        return {"VARCHAR": "TEXT"}.get(sql_type, sql_type)

    def present(self, items: Sequence[str], kind: Kind = Kind.TEXT) -> str:
        return f"array_remove({self.array(items, TYPES[kind])}, NULL)"

    def list_of(self, items: Sequence[str], kind: Kind) -> str:
        """A list whose items are compared as the language compares them."""
        collation = ' COLLATE "C"' if kind is Kind.TEXT else ""
        return f"{self.array(items, TYPES[kind])}{collation}"

    def rows(self, conditions: Sequence[str], values: Sequence[str], kind: Kind) -> str:
        """Two lists: the conditions, and the values."""
        return f"{self.array(conditions, 'BOOLEAN')}, {self.list_of(values, kind)}"

    def gathered(self, value: str, where: str) -> str:
        return f"array_agg({value} ORDER BY {value}){where}"

    def gathered_by(self, value: str, by: str, where: str) -> list[tuple[str, str]]:
        return [("", f"array_agg({value} ORDER BY {by} DESC){where}"), (", by", f"array_agg({by} ORDER BY {by} DESC){where}")]

    def latest(self, of: str, name: str) -> str:
        return f"newest({of}{quote_name(f'{name}, by')}, {of}{quote_name(name)})"

    def deviation(self, values: str, kind: Kind, average: str) -> str:
        if kind is Kind.MONEY:
            return f"deviation_of_exact({values}, 4, {average})"
        return f"deviation({values}::FLOAT8[], {average})"

    def extreme(self, items: Sequence[str], kind: Kind, *, least: bool) -> str:
        return f"{'least_of' if least else 'greatest_of'}({self.list_of(items, kind)})"

    def ordered(self, left: str, op: str, right: str, kind: Kind) -> str:
        collation = ' COLLATE "C"' if kind is Kind.TEXT and op not in ("=", "<>") else ""
        return f"({left}{collation} {op} {right})"

    def matches(self, text: str, pattern: str) -> str:
        known = postgres_pattern(pattern)
        assert known is not None, "a policy with such a pattern is refused before"
        return f"({text} ~ {quote_value(known)})"

    def at_least(self, needed: str, tests: Sequence[str]) -> str:
        return f"at_least_of({needed}, {self.array(tests, 'BOOLEAN')})"

    def choice(self, condition: str, then: str, otherwise: str, kind: Kind) -> str:
        if kind is Kind.NUMBER:
            return f"chosen_number({condition}, {then}, {otherwise})"
        if kind is Kind.UNKNOWN:
            return "NULL"
        return f"chosen_of({condition}, {then}::{TYPES[kind]}, {otherwise}::{TYPES[kind]})"

    def source(self, table: Table) -> str:
        columns = []
        for field in table.fields:
            if field.calculation is None:
                collation = ' COLLATE "C"' if field.type is Kind.TEXT else ""
                value = with_missing(f"{quote_name(field.name)}::{TYPES[field.type]}", field, TYPES)
                columns.append(f"{value}{collation} AS {quote_name(field.name)}")
        return "SELECT " + ",\n       ".join(columns) + f"\nFROM {quote_name(table.name)}"


POSTGRES = Postgres()


def finished(sql: str, schema: str) -> str:
    """The text with each function under its schema, no name longer than the server takes, and backslashes that are read as such."""
    return _TOKEN.sub(lambda found: _finished(found, schema), sql)


def _finished(found: re.Match[str], schema: str) -> str:
    token = found[0]
    if found[1] is not None:
        return f"{schema}.{token}" if token in BODIES else token
    if token.startswith("'"):
        return for_postgres(token)
    if token.startswith('"') and len(token[1:-1].replace('""', '"').encode()) > LONGEST_NAME:
        return short_name(token)
    return token


def short_name(quoted: str) -> str:
    """A long name of ours: its beginning, and what tells it from others that begin alike."""
    name = quoted[1:-1].replace('""', '"')
    start = name.encode()[: LONGEST_NAME - 10].decode(errors="ignore")
    return quote_name(f"{start}~{hashlib.sha256(name.encode()).hexdigest()[:8]}")


BODIES: dict[str, tuple[str, str, str, str]] = {function[0].partition("(")[0]: function for function in (*PROCEDURES, *FUNCTIONS)}
"""Every function by its name, each after all that it uses."""


def function_statements(used_in: Collection[str], schema: str) -> Iterator[str]:
    """One CREATE per function that the texts call, through others too, each with its comment."""
    wanted: set[str] = set()
    texts = list(used_in)
    while texts:
        called = {name for name in _called(texts.pop()) if name in BODIES} - wanted
        wanted |= called
        texts.extend(BODIES[name][3] for name in called)
    procedures = {head.partition("(")[0] for head, *_ in PROCEDURES}
    for name, (head, kind, meaning, body) in BODIES.items():
        if name in wanted:
            language, text = ("plpgsql", body) if name in procedures else ("sql", f"SELECT {finished(body, schema)}")
            strict = " STRICT" if name in procedures else ""
            create = f"CREATE OR REPLACE FUNCTION {schema}.{head} RETURNS {kind} LANGUAGE {language} IMMUTABLE{strict}"
            yield f"-- {meaning}\n{create} AS $$ {text} $$"


def _called(sql: str) -> Iterator[str]:
    return (found[1] for found in _TOKEN.finditer(sql) if found[1] is not None)


def unsayable_name(name: str) -> str | None:
    """Why a column cannot have the name in PostgreSQL, or None."""
    if len(name.encode()) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} bytes"
    if name in SYSTEM_COLUMNS:
        return "is a name that every table of PostgreSQL already has"
    return None
