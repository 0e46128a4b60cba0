"""A call of a row function in, SQL out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ..model.expression import Call, Constant, Expression, Negate
from ..model.kind import Kind
from .dialect import Dialect

Sql = Callable[[Expression], str]


def call(node: Call, value: Sql, comparable: Sql, dialect: Dialect) -> str:
    """The call as SQL; `value` renders an argument in the call's own kind, `comparable` on the grid.

    Arguments have been checked: number, kinds, literal patterns and digits.
    """
    args = [value(argument) for argument in node.arguments]
    match node.function:
        case "abs":
            return dialect.absolute(args[0], node.kind)
        case "round" | "floor" | "ceiling":
            return rounding(node, args[0], dialect)
        case "min" | "max":
            return extreme(node, args, comparable, dialect)
        case "coalesce":
            return f"coalesce({', '.join(args)})"
        case "lower" | "upper" | "trim" | "length" | "contains" | "starts_with" | "ends_with":
            return f"{node.function}({', '.join(args)})"
        case "matches":
            pattern = node.arguments[1]
            assert isinstance(pattern, Constant) and isinstance(pattern.value, str), "the checker lets only written patterns pass"
            return dialect.matches(args[0], pattern.value)
        case "substring":
            return f"part_of({', '.join(args)})"
        case "number":
            return f"read_number({args[0]})"
        case "date":
            return f"read_date({args[0]})"
        case "year" | "month":
            return f"{node.function}({args[0]})"
        case "days_between":
            return dialect.days(args[1], args[0])
        case "months_between":
            return f"whole_months({args[0]}, {args[1]})"
        case _:
            raise AssertionError(f"the checker let the function {node.function!r} pass")


def rounding(node: Call, argument: str, dialect: Dialect) -> str:
    digits = 0
    if len(node.arguments) > 1:
        digits = literal_digits(node.arguments[1])
    match node.kind:
        case Kind.MONEY if node.function == "round":
            return f"money(round({argument}, {digits}))" if digits < 4 else argument
        case Kind.MONEY:
            return f"money({'floor' if node.function == 'floor' else 'ceil'}({argument}))"
        case Kind.NUMBER if node.function == "round":
            return f"{'rounded' if digits >= 0 else 'rounded_to'}({argument}, {dialect.double(10 ** abs(digits))})"
        case Kind.NUMBER:
            return dialect.floored(f"grid({argument})", up=node.function == "ceiling")
        case _ if digits < 0:
            scale = 10**-digits
            return dialect.attempt(f"whole({dialect.calculated(argument, '/', f'{scale}e0')})", "*", str(scale))
        case _:
            return argument


def literal_digits(node: Expression) -> int:
    match node:
        case Constant(value) if isinstance(value, int | Decimal):
            return int(value)
        case Negate(Constant(value)) if isinstance(value, int | Decimal):
            return -int(value)
        case _:
            raise AssertionError("the checker lets only written digits pass")


def extreme(node: Call, args: list[str], comparable: Sql, dialect: Dialect) -> str:
    """The least or greatest argument; missing if any is."""
    items = [comparable(a) if a.kind is Kind.NUMBER else text for a, text in zip(node.arguments, args, strict=True)]
    return dialect.extreme(items, node.kind, least=node.function == "min")
