"""A call of a row function in, SQL out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ..model.expression import Call, Constant, Expression, Negate
from ..model.kind import Kind

Sql = Callable[[Expression], str]


def call(node: Call, value: Sql, comparable: Sql) -> str:
    """The call as SQL; `value` renders an argument in the call's own kind, `comparable` on the grid.

    Arguments have been checked: number, kinds, literal patterns and digits.
    """
    args = [value(argument) for argument in node.arguments]
    match node.function:
        case "abs":
            return f"TRY(abs({args[0]}))"
        case "round" | "floor" | "ceiling":
            return rounding(node, args[0])
        case "min" | "max":
            return extreme(node, args, comparable)
        case "coalesce":
            return f"coalesce({', '.join(args)})"
        case "lower" | "upper" | "trim" | "length" | "contains" | "starts_with" | "ends_with":
            return f"{node.function}({', '.join(args)})"
        case "matches":
            return f"regexp_matches({', '.join(args)})"
        case "substring":
            return f"part_of({', '.join(args)})"
        case "number":
            return f"read_number({args[0]})"
        case "date":
            return f"read_date({args[0]})"
        case "year" | "month":
            return f"{node.function}({args[0]})"
        case "days_between":
            return f"({args[1]} - {args[0]})"
        case "months_between":
            return f"whole_months({args[0]}, {args[1]})"
        case _:
            raise AssertionError(f"the checker let the function {node.function!r} pass")


def rounding(node: Call, argument: str) -> str:
    digits = 0
    if len(node.arguments) > 1:
        digits = literal_digits(node.arguments[1])
    match node.kind:
        case Kind.MONEY if node.function == "round":
            return f"money(round({argument}, {digits}))" if digits < 4 else argument
        case Kind.MONEY:
            return f"money({'floor' if node.function == 'floor' else 'ceil'}({argument}))"
        case Kind.NUMBER if node.function == "round":
            return f"rounded({argument}, {10.0**digits!r}e0)"
        case Kind.NUMBER:
            return f"{'floor' if node.function == 'floor' else 'ceil'}(grid({argument}))"
        case _ if digits < 0:
            return f"TRY(whole({argument} / {10**-digits}e0) * {10**-digits})"
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


def extreme(node: Call, args: list[str], comparable: Sql) -> str:
    """The least or greatest argument; missing if any is. A sorted list puts NULL first and names each argument once."""
    items = [comparable(a) if a.kind is Kind.NUMBER else text for a, text in zip(node.arguments, args, strict=True)]
    direction = "ASC" if node.function == "min" else "DESC"
    return f"list_sort([{', '.join(items)}], '{direction}', 'NULLS FIRST')[1]"
