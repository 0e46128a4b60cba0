"""Spark's words for what the compiler means, and what it cannot hold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from typing import ClassVar

from ..model.kind import Kind
from ..model.policy import Table
from ..model.sql import balanced, quote_name, quote_value
from .dialect import Dialect, with_missing
from .spark_patterns import spark_pattern

TYPES = {
    Kind.MONEY: "DECIMAL(18, 4)",
    Kind.NUMBER: "DOUBLE",
    Kind.INTEGER: "BIGINT",
    Kind.TEXT: "STRING",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DAYS: "BIGINT",
    Kind.MONTHS: "BIGINT",
}
WHOLE = (Kind.INTEGER, Kind.DAYS, Kind.MONTHS)
WIDE = "DECIMAL(38, 0)"
_ATTEMPTS = {"+": "try_add", "-": "try_subtract", "*": "try_multiply"}


class Spark(Dialect):
    """Spark 4 and later."""

    __slots__ = ()
    name = "spark"
    types: ClassVar = TYPES

    def as_double(self, text: str) -> str:
        return f"CAST({text} AS DOUBLE)"

    def calculated(self, left: str, op: str, right: str) -> str:
        return f"try_divide({left}, {right})" if op == "/" else f"{left} {op} {right}"

    def attempt(self, left: str, op: str, right: str) -> str:
        return f"{_ATTEMPTS[op]}({left}, {right})"

    def negated(self, operand: str) -> str:
        return f"try_subtract(0, {operand})"

    def absolute(self, operand: str, kind: Kind) -> str:
        return f"absolute_of({operand})" if kind in WHOLE else f"abs({operand})"

    def floored(self, number: str, *, up: bool) -> str:
        return f"{'whole_above' if up else 'whole_below'}({number})"

    def days(self, later: str, earlier: str) -> str:
        return f"CAST(datediff({later}, {earlier}) AS BIGINT)"

    def fit(self, whole: str) -> str:
        return f"fit({whole})"

    def exact(self, number: str) -> str:
        """In billionths."""
        return f"exact({number})"

    def huge(self, whole: str) -> str:
        return f"CAST({whole} AS {WIDE})"

    def wide(self, value: str, kind: Kind) -> str:
        return f"exact({value})" if kind is Kind.NUMBER else f"CAST({value} AS {'DECIMAL(28, 4)' if kind is Kind.MONEY else WIDE})"

    def summable(self, value: str, kind: Kind) -> str:
        """A sum has ten digits more than its summands."""
        return f"CAST({value} AS DECIMAL(20, 0))" if kind in WHOLE or value.startswith("units(") else value

    def nearest(self, exact: str, places: int) -> str:
        if places == 0:
            return f"wide_double({exact})"
        scale = f"1e{places}"
        return f"double_of({exact}, {scale})" if places == 9 else f"double_of(wide_units({exact}), {scale})"

    def in_order(self, parts: Sequence[str]) -> str:
        return " + ".join(parts)

    def array(self, items: Sequence[str], sql_type: str = "") -> str:
        text = f"array({', '.join(items)})"
        return f"CAST({text} AS ARRAY<{ {'VARCHAR': 'STRING'}.get(sql_type, sql_type) }>)" if sql_type else text

    def present(self, items: Sequence[str], kind: Kind = Kind.TEXT) -> str:
        return f'filter({self.array(items)}, "#d" -> "#d" IS NOT NULL)' if items else self.array([], TYPES[kind])

    def rows(self, conditions: Sequence[str], values: Sequence[str], kind: Kind) -> str:
        return self.array([f"named_struct('c', {c}, 'v', CAST({v} AS {TYPES[kind]}))" for c, v in zip(conditions, values, strict=True)])

    def item(self, items: str, place: str) -> str:
        return f"{items}[{place}]"

    def gathered(self, value: str, where: str) -> str:
        return f"array_sort(collect_list({value}){where})"

    def gathered_by(self, value: str, by: str, where: str) -> list[tuple[str, str]]:
        return [("", f"collect_list(named_struct('c', {by}, 'v', {value})){where}")]

    def latest(self, of: str, name: str) -> str:
        return f"newest({of}{quote_name(name)})"

    def deviation(self, values: str, kind: Kind, average: str) -> str:
        double = 'CAST("#x" AS DOUBLE)'
        if kind is Kind.MONEY:
            whole = 'CAST("#x" AS BIGINT)'
            large = f'CAST({whole} AS DOUBLE) + CAST(("#x" - {whole}) * 10000 AS DOUBLE) / 1e4'
            double = f'CASE WHEN abs("#x") < 900000000000 THEN {double} ELSE {large} END'
        return f'deviation(transform({values}, "#x" -> {double}), {average})'

    def extreme(self, items: Sequence[str], kind: Kind, *, least: bool) -> str:
        return reduce(lambda a, b: f"{'least_of' if least else 'greatest_of'}({a}, {b})", items)

    def matches(self, text: str, pattern: str) -> str:
        known = spark_pattern(pattern)
        assert known is not None, "a policy with such a pattern is refused before"
        return f"({text} RLIKE {quote_value(known)})"

    def at_least(self, needed: str, tests: Sequence[str]) -> str:
        many = len(tests) + 1
        total = balanced([f"coalesce(CAST({test} AS BIGINT) * {many}, 1)" for test in tests], "+")
        return f"at_least_of({needed}, {total}, {many})"

    def choice(self, condition: str, then: str, otherwise: str, kind: Kind) -> str:
        if kind is Kind.UNKNOWN:
            return "NULL"
        return f"{'chosen_number' if kind is Kind.NUMBER else 'chosen_of'}({condition}, {then}, {otherwise})"

    def double(self, value: int | Decimal) -> str:
        text = repr(float(value))
        text = text if "e" in text else f"{text}e0"
        return f"({text})" if text.startswith("-") else text

    def source(self, table: Table) -> str:
        own = [f for f in table.fields if f.calculation is None]
        columns = [f"{with_missing(f'CAST({quote_name(f.name)} AS {TYPES[f.type]})', f, TYPES)} AS {quote_name(f.name)}" for f in own]
        return "SELECT " + ",\n       ".join(columns) + f"\nFROM {quote_name(table.name)}"


SPARK = Spark()
