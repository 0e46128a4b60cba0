"""How an engine says what the compiler means: DuckDB's words, which other dialects replace one by one.

The compiler builds a query once. What engines agree on (CASE, AND, joins, windows) it writes itself; each form that they write differently
is a method here, under the name of what it means. Every rule of arithmetic stands in a macro, which has the same name in every dialect.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from ..model.kind import Kind
from ..model.policy import Field, Table
from ..model.sql import balanced, in_order, quote_name, quote_value
from .sql_types import SQL_TYPES

BOUND = '"#b"'
"""The name that `let` gives its parts (with # it cannot be a field's)."""


class Dialect:
    """DuckDB."""

    __slots__ = ()
    name: ClassVar[str] = "duckdb"
    fence: ClassVar[str] = ""
    """What ends a subquery, so that its columns are computed once however often they are read."""
    types: ClassVar[Mapping[Kind, str]] = SQL_TYPES

    def double(self, value: int | Decimal) -> str:
        """A DOUBLE literal: the shortest digits of the nearest double, with an exponent so that SQL does not read a decimal."""
        text = repr(float(value))
        return text if "e" in text else f"{text}e0"

    def as_double(self, text: str) -> str:
        """A whole number as a double."""
        return f"{text}::DOUBLE"

    def typed(self, text: str, kind: Kind) -> str:
        """A value whose type must not be left open."""
        return text

    def today(self, as_of: datetime.date) -> str:
        """The run's date."""
        return quote_value(as_of)

    # What can fail, or leave the range: missing, or infinite, and never an error.

    def calculated(self, left: str, op: str, right: str) -> str:
        """An operation on doubles: infinite where it overflows."""
        return f"{left} {op} {right}"

    def power(self, base: str, exponent: str) -> str:
        return f"pow({base}, {exponent})"

    def attempt(self, left: str, op: str, right: str) -> str:
        """An operation on whole numbers; missing out of range."""
        return f"TRY({left} {op} {right})"

    def negated(self, operand: str) -> str:
        """A whole number's opposite; missing out of range."""
        return f"TRY(-{operand})"

    def absolute(self, operand: str, kind: Kind) -> str:
        return f"TRY(abs({operand}))"

    def floored(self, number: str, *, up: bool) -> str:
        """The whole number below or above, as a number."""
        return f"{'ceil' if up else 'floor'}({number})"

    def days(self, later: str, earlier: str) -> str:
        return f"({later} - {earlier})"

    def fit(self, whole: str) -> str:
        """A whole number of any size as an integer of the language; missing out of range."""
        return f"TRY_CAST({whole} AS BIGINT)"

    # Sums are taken of exact decimals and wide integers.

    def exact(self, number: str) -> str:
        """A number as an exact decimal of nine places; missing where it is too large."""
        return f"TRY_CAST({number} AS DECIMAL(38, 9))"

    def huge(self, whole: str) -> str:
        return f"CAST({whole} AS HUGEINT)"

    def wide(self, value: str, kind: Kind) -> str:
        """A summand with room for a sum of many."""
        return f"CAST({value} AS {'DECIMAL(38, 9)' if kind is Kind.NUMBER else 'DECIMAL(38, 4)' if kind is Kind.MONEY else 'HUGEINT'})"

    def summable(self, value: str, kind: Kind) -> str:
        """A value as it goes into a sum of a column: whole numbers may need more room than they have."""
        return value

    def nearest(self, exact: str, places: int) -> str:
        """An exact sum with so many decimal places as a double."""
        return f"CAST({exact} AS DOUBLE)"

    def in_order(self, parts: Sequence[str]) -> str:
        return in_order(parts)

    # Lists.

    def array(self, items: Sequence[str], sql_type: str = "") -> str:
        return f"[{', '.join(items)}]" + (f"::{sql_type}[]" if sql_type else "")

    def present(self, items: Sequence[str], kind: Kind = Kind.TEXT) -> str:
        """The list of those items that are not missing."""
        return f'list_filter([{", ".join(items)}], lambda "#d": "#d" IS NOT NULL)'

    def rows(self, conditions: Sequence[str], values: Sequence[str], kind: Kind) -> str:
        """A list of structs: each row with its condition (c) and its value (v)."""
        return "[" + ", ".join(f"{{'c': {c}, 'v': {v}}}" for c, v in zip(conditions, values, strict=True)) + "]"

    def item(self, items: str, place: str) -> str:
        """An item of a list of ours, counted from 0."""
        return f"{items}[{place} + 1]"

    def gathered(self, value: str, where: str) -> str:
        """An aggregate: all values in order, as a list."""
        return f"list({value} ORDER BY {value}){where}"

    def gathered_by(self, value: str, by: str, where: str) -> list[tuple[str, str]]:
        """Aggregates: the values with the latest first. Each with what its column's name ends with."""
        return [("", f"list({{'at': {by}, 'is': {value}}} ORDER BY {by} DESC){where}")]

    def latest(self, of: str, name: str) -> str:
        """The value that all the latest share, from what `gathered_by` left in columns of that name."""
        column = f"{of}{quote_name(name)}"
        newest = f'list_filter({column}, lambda "#x": "#x"."at" = {column}[1]."at")'
        return f'agreed(list_transform({newest}, lambda "#x": "#x"."is"))'

    def deviation(self, values: str, kind: Kind, average: str) -> str:
        return f'deviation(list_transform({values}, lambda "#x": CAST("#x" AS DOUBLE)), {average})'

    def extreme(self, items: Sequence[str], kind: Kind, *, least: bool) -> str:
        """The least or greatest item; missing if any is. A sorted list puts NULL first and names each item once."""
        return f"list_sort([{', '.join(items)}], '{'ASC' if least else 'DESC'}', 'NULLS FIRST')[1]"

    # Conditions.

    def ordered(self, left: str, op: str, right: str, kind: Kind) -> str:
        """A comparison."""
        return f"({left} {op} {right})"

    def matches(self, text: str, pattern: str) -> str:
        return f"regexp_matches({text}, {quote_value(pattern)})"

    def at_least(self, needed: str, tests: Sequence[str]) -> str:
        """A true condition counts `many`, an unknown one 1, and the sum is taken apart again: each stands once in the text."""
        many = len(tests) + 1
        total = balanced([f"coalesce({test}::INTEGER * {many}, 1)" for test in tests], "+")
        return let({"s": total}, f"at_least({needed}, {BOUND}.s // {many}, {BOUND}.s % {many})")

    def choice(self, condition: str, then: str, otherwise: str, kind: Kind) -> str:
        """`if`: unknown where the condition is, unless both branches agree; each part stands once in the text."""
        return let({"c": condition, "t": then, "e": otherwise}, agreeing(f"{BOUND}.c", f"{BOUND}.t", f"{BOUND}.e", kind))

    # Relations.

    def source(self, table: Table) -> str | None:
        """A SELECT that brings a table into the language's types; None where it stands in them."""
        return None


def with_missing(value: str, field: Field, types: Mapping[Kind, str]) -> str:
    """The field's value, or what the policy says that a blank means."""
    if field.missing is None:
        return value
    return f"coalesce({value}, CAST({quote_value(field.missing)} AS {types[field.type]}))"


def agreeing(condition: str, then: str, otherwise: str, kind: Kind) -> str:
    same = f"grid({then}) = grid({otherwise})" if kind is Kind.NUMBER else f"{then} = {otherwise}"
    return f"CASE WHEN {condition} THEN {then} WHEN NOT {condition} THEN {otherwise} WHEN {same} THEN {then} END"


def let(names: dict[str, str], body: str) -> str:
    """SQL has no let: a list of one struct, and a lambda over it, name each part once."""
    struct = ", ".join(f"'{name}': {sql}" for name, sql in names.items())
    return f'list_transform([{{{struct}}}], lambda "#b": {body})[1]'


DUCKDB = Dialect()
