"""Slips with points in names and with the language's own words as names; and what is said when nothing better is known."""

from __future__ import annotations

from .expression_tokens import COMPARISONS, KEYWORDS, Expected, Slip
from .expression_trouble import Trouble, begins_value, is_value

_OPERATORS = frozenset({*COMPARISONS, "+", "-", "*", "/", "**", "and", "or", "not", "in", "is", "between", ".", ".."})


def names(t: Trouble) -> Slip | None:
    """`a.b.c`, keywords as names, a name missing after a dot."""
    if t.here.text == "." and t.before.text in (")", "]"):
        return t.slip(
            "SS187", "a point stands only between a table and its column", "write sum(orders.amount), or sum(orders[condition].amount)"
        )
    if t.before.text == "]" and t.here.kind == "name" and t.expected in (Expected.CLOSE, Expected.OPERATOR):
        return t.slip("SS187", "a point is missing before the column", t.write(f".{t.here.text}"), -1)
    if t.here.text == "." and t.expected is not Expected.VALUE and t.before.kind in ("name", "quoted"):
        return t.slip("SS187", "a name has at most two parts: table.column", "write table.column, or a metric for what lies deeper")
    if t.here.kind == "present" and t.before.kind in ("and", "or", "not"):
        return t.slip("SS150", "'present' needs a name before it", "write x is present")
    leading = t.index == 0 and t.here.kind in _OPERATORS
    if t.expected is Expected.NAME or (
        t.expected is Expected.VALUE and not leading and t.here.kind in KEYWORDS - {"and", "or", "not", "if"}
    ):
        if t.here.kind in KEYWORDS:
            return t.slip(
                "SS188",
                f"'{t.here.text}' is a word of the language",
                t.write(f"`{t.here.text}`", otherwise=f"a field of that name: `{t.here.text}`"),
            )
        return t.slip("SS150", f"a name must follow '{t.before.text}'", "write the name of a field, a parameter or a metric")
    if t.here.kind in ("by", "within"):
        message = f"'{t.here.text}' is a word of the language"
        help = "it stands inside a function's parentheses, after a value: latest(orders.status by ordered_on), rank(profit within region)"
        return t.slip("SS188", message, f"{help}; a field of that name is written in backquotes")
    return None


def anything(t: Trouble) -> Slip:
    """What is said when no particular slip is known: what stands here, and what could."""
    here, before = t.here.text, t.before.text
    if t.expected is Expected.VALUE:
        if t.here.kind == "+":
            return t.slip("SS150", "a plus sign stands only between two values", t.write("", otherwise="leave it out"))
        if t.here.text == "]" and t.before.text == "[" and t.at(-2).kind == "in":
            return t.slip(
                "SS166", "this list is empty: nothing is ever in it", "write what belongs into it, or leave the condition out", -1
            )
        if t.here.text in ("/", "*") and t.before.text == "/":
            help = "put it on a line of its own, or after the closing quote, as YAML's ' # ...'"
            return t.slip("SS183", "a comment cannot stand inside an expression", help, -1)
        if t.here.kind in (")", "]", ",") and t.before.kind in _OPERATORS | {","}:
            return t.slip(
                "SS153", f"a value is missing between '{before}' and '{here}'", "write the value, or leave the sign before it out"
            )
        if t.index == 0 and t.here.kind in _OPERATORS:
            return t.slip("SS150", f"there is nothing on the left of '{here}'", f"say what is compared or calculated: revenue {here} ...")
        return t.slip(
            "SS150",
            f"a value is expected here, not '{here}'",
            "a value is a name, a number, a text in quotes, a date, a function, or parentheses",
        )
    if here == ",":
        if t.opener >= 0 and t.tokens[t.opener].text == "(":
            return t.slip("SS185", "a list stands only after 'in'", "write x in [a, b]; two conditions are joined with and, or")
        return t.slip("SS172", "a comma stands only in a list or between a function's values", "join two conditions with and, or")
    if t.before.kind in ("number", "percent") and t.here.kind in ("name", "quoted", "("):
        return t.slip("SS150", "a sign is missing between a number and what follows", t.write(f"{t.before.text} *", -1, -1), -1)
    if begins_value(t.here) and is_value(t.before):
        return t.slip(
            "SS150", f"two values stand side by side: '{before}' and '{here}'", "put an operator between them: = > < + - * / and or", -1
        )
    return t.slip(
        "SS150", f"'{here}' cannot stand after '{before}'", "here the expression ends, or an operator follows: = > < + - * / and or"
    )
