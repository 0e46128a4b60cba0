"""An arithmetic node in, SQL out: which macro keeps its result exact, finite and of its kind (docs/language.md, "Numbers")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from ..model.expression import (
    Aggregate,
    Arithmetic,
    Call,
    Constant,
    Expression,
    FieldValue,
    If,
    MetricValue,
    Negate,
    ParameterValue,
    Variants,
)
from ..model.kind import Kind
from ..model.sql import quote_value
from .dialect import DUCKDB, Dialect

Sql = Callable[[Expression], str]
SPANS = (Kind.DAYS, Kind.MONTHS)


def arithmetic(node: Arithmetic, sql: Sql, dialect: Dialect = DUCKDB) -> str:
    """`left op right` as SQL; out of range is NULL for this operation alone."""
    left, op, right = node.left, node.op, node.right
    match node.kind:
        case Kind.MONEY if op in ("+", "-"):
            return f"money({sql(left)} {op} {sql(right)})"
        case Kind.MONEY if op == "*":
            amount, number = (left, right) if left.kind is Kind.MONEY else (right, left)
            return money_times(amount, number, sql, dialect)
        case Kind.MONEY:
            return money_over(left, right, sql, dialect)
        case Kind.DATE:
            return date_arithmetic(left, op, right, sql, dialect)
        case Kind.DAYS if left.kind is Kind.DATE:
            return dialect.days(sql(left), sql(right))
        case Kind.DAYS | Kind.MONTHS:
            return span_arithmetic(left, op, right, sql, dialect)
        case Kind.INTEGER:
            return dialect.attempt(sql(left), op, sql(right))
        case Kind.TEXT:
            return f"({sql(left)} || {sql(right)})"
        case _:
            return number_arithmetic(left, op, right, sql, dialect)


def money_times(amount: Expression, number: Expression, sql: Sql, dialect: Dialect) -> str:
    if number.kind is Kind.INTEGER:
        return f"money({sql(amount)} * {sql(number)})" if not small(number) else f"money_by({sql(amount)}, {digits(number)})"
    if small(number):
        return f"money_by({sql(amount)}, {digits(number)})"
    if on_grid(number):
        return f"money_times({sql(amount)}, {sql(number)})"
    return f"money_near({dialect.calculated(f'units({sql(amount)})', '*', sql(number))})"


def money_over(amount: Expression, number: Expression, sql: Sql, dialect: Dialect) -> str:
    if number.kind is Kind.INTEGER:
        return f"money_over_whole({sql(amount)}, {sql(number)})"
    if on_grid(number):
        return f"money_over({sql(amount)}, {sql(number)})"
    return f"money_near({dialect.calculated(f'units({sql(amount)})', '/', f'NULLIF({sql(number)}, 0)')})"


def small(number: Expression) -> bool:
    """A written number short enough for an exact decimal product."""
    return isinstance(number, Constant) and isinstance(number.value, int | Decimal) and len(quote_value(number.value)) <= 12


def digits(number: Expression) -> str:
    assert isinstance(number, Constant)
    return quote_value(number.value)


def date_arithmetic(left: Expression, op: str, right: Expression, sql: Sql, dialect: Dialect) -> str:
    date, span = (left, right) if left.kind is Kind.DATE else (right, left)
    macro = "plus_days" if span.kind is Kind.DAYS else "plus_months"
    if op == "-" and isinstance(span, Constant) and isinstance(span.value, int):
        return f"{macro}({sql(date)}, {sql(replace(span, value=-span.value))})"
    return f"{macro}({sql(date)}, {negate(span.kind, sql(span), dialect) if op == '-' else sql(span)})"


def span_arithmetic(left: Expression, op: str, right: Expression, sql: Sql, dialect: Dialect) -> str:
    """days and months: whole numbers; by a number that is not whole, rounded half away from zero."""
    if op == "/":
        return f"whole({dialect.calculated(sql(left), '/', f'NULLIF({sql(right)}, 0)')})"
    if Kind.NUMBER in (left.kind, right.kind):
        return f"whole({dialect.calculated(sql(left), op, sql(right))})"
    return dialect.attempt(sql(left), op, sql(right))


def number_arithmetic(left: Expression, op: str, right: Expression, sql: Sql, dialect: Dialect) -> str:
    match op:
        case "/" if left.kind is Kind.MONEY:
            return f"ratio({sql(left)}, {sql(right)})"
        case "/":
            return f"finite({dialect.calculated(as_double(left, sql, dialect), '/', f'NULLIF({sql(right)}, 0)')})"
        case "**" if isinstance(left, FieldValue | MetricValue) and is_square(right):
            base = as_double(left, sql, dialect)
            return f"finite({dialect.calculated(base, '*', base)})"
        case "**":
            return f"finite({dialect.power(as_double(left, sql, dialect), as_double(right, sql, dialect))})"
        case _:
            return f"finite({dialect.calculated(as_double(left, sql, dialect), op, as_double(right, sql, dialect))})"


def is_square(exponent: Expression) -> bool:
    """The power people write: a product, which every engine computes alike."""
    return isinstance(exponent, Constant) and exponent.value == 2


def as_double(node: Expression, sql: Sql, dialect: Dialect) -> str:
    return dialect.as_double(sql(node)) if node.kind is not Kind.NUMBER else sql(node)


def negate(kind: Kind, operand: str, dialect: Dialect = DUCKDB) -> str:
    return dialect.negated(operand) if kind in (Kind.INTEGER, *SPANS) else f"(-{operand})"


def on_grid(node: Expression) -> bool:
    """True where the value already has at most nine decimals (or is no calculated number at all)."""
    if node.kind is not Kind.NUMBER:
        return True
    match node:
        case FieldValue() | MetricValue() | ParameterValue() | Constant():
            return True
        case Aggregate(function=function):
            return function in ("sum", "min", "max", "latest")
        case Negate(operand):
            return on_grid(operand)
        case If(_, then, otherwise):
            return on_grid(then) and on_grid(otherwise)
        case Variants(default, of):
            return on_grid(default) and all(on_grid(variant) for _, variant in of)
        case Call(function=function, arguments=arguments):
            return function in ("number",) or (function in ("min", "max", "coalesce", "abs") and all(map(on_grid, arguments)))
        case _:
            return False
