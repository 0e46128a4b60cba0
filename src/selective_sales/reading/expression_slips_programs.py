"""Slips of people who know SQL or a programming language: their ways of asking, and functions without parentheses."""

from __future__ import annotations

import re

from .expression_tokens import Slip
from .expression_trouble import Trouble, begins_value, is_value

_FUNCTIONS = frozenset(
    "abs round floor ceiling min max coalesce lower upper trim length contains starts_with ends_with substring matches number date year "
    "month days_between months_between sum mean median stddev count distinct_count latest total average share rank percentile "
    "cumulative_share cumulative_share_before".split()
)
_LIKE = frozenset({"like", "ilike", "similar", "rlike", "regexp"})
_INFIX = {
    **{name: name for name in ("contains", "starts_with", "ends_with", "matches")},
    "startswith": "starts_with",
    "endswith": "ends_with",
    "zawiera": "contains",
    "starts": "starts_with",
    "begins": "starts_with",
    "ends": "ends_with",
}


def query(t: Trouble) -> Slip | None:
    """`select ...`, `case when ...`, `count(*)`, `sum(orders where ...)`."""
    first, here = t.tokens[0].text.lower(), t.here.text.lower()
    if first in ("select", "from", "where", "having") and t.index <= 2:
        help = "write only the condition; rows of a table are counted as count(orders[condition]), summed as sum(orders[condition].amount)"
        return t.slip("SS177", f"this is SQL's '{t.tokens[0].text}', which is not used here", help, -t.index, -t.index)
    if "case" in (t.before.text.lower(), here) and re.search(r"\bwhen\b", t.text, re.IGNORECASE):
        offset = 0 if here == "case" else -1
        return t.slip("SS177", "this is SQL's CASE", "write if condition then value else other value", offset, offset)
    if here == "*" and t.before.text == "(" and t.after.text == ")":
        return t.slip("SS177", "'*' stands only between two values", "to count rows write count(orders[condition])")
    if "where" in (here, t.after.text.lower()) and t.before.kind == "name":
        offset = 0 if here == "where" else 1
        help = "rows are chosen in square brackets: sum(orders[amount > 5].amount)"
        return t.slip("SS177", "this is SQL's 'where'", help, offset, offset)
    return None


def method(t: Trouble) -> Slip | None:
    """`x.lower()`, `orders.amount.sum()`."""
    if t.here.text == "." and t.at(-2).text == "." and t.after.kind == "name" and t.at(2).text == "(":
        call = f"{t.after.text}({t.at(-3).text}.{t.before.text})"
        return t.slip("SS177", "a function stands before its value, not after a dot", f"write {call}", -3, 1)
    if t.here.text != "(" or t.before.kind != "name" or t.at(-2).text != "." or t.at(-3).kind != "name":
        return None
    call = f"{t.before.text}({t.at(-3).text})"
    return t.slip("SS177", "a function stands before its value, not after a dot", f"write {call}", -3, -1)


def like(t: Trouble) -> Slip | None:
    """`x like "abc%"`, as the function that asks the same."""
    if t.here.text.lower() not in _LIKE and not (t.here.kind == "not" and t.after.text.lower() in _LIKE):
        return None
    help = 'write contains(x, "y"), starts_with(x, "y"), ends_with(x, "y"), or matches(x, "regex")'
    if t.here.kind == "name" and t.before.kind == "name" and t.after.kind == "text":
        pattern = t.after.text[1:-1]
        inner = pattern.strip("%")
        open_ends = (pattern[:1] == "%", pattern[-1:] == "%")
        name = {(True, True): "contains", (True, False): "ends_with", (False, True): "starts_with"}.get(open_ends)
        if name and inner and not re.search(r"[%_\\\"]", inner):
            help = t.write(f'{name}({t.before.text}, "{inner}")', -1, 1, help)
    return t.slip("SS177", f"'{t.here.text}' is SQL and not used here", help)


def infix_function(t: Trouble) -> Slip | None:
    """`x contains "a"`."""
    name = _INFIX.get(t.here.text.lower())
    if name is None or not is_value(t.before):
        return None
    if t.after.text.lower() == "with":
        return t.slip("SS179", f"'{t.here.text} with' is a function", t.write(f"{name}({t.before.text}, {t.at(2).text})", -1, 2), 0, 1)
    known = t.after.kind in ("text", "name")
    value = t.after.text if known else '"text"'
    return t.slip("SS179", f"'{t.here.text}' is a function", t.write(f"{name}({t.before.text}, {value})", -1, 1 if known else 0))


def bare_function(t: Trouble) -> Slip | None:
    """`sum orders.amount`, `sum of orders.amount`, `abs x`."""
    name = t.before.text.lower()
    if t.before.kind != "name" or name not in _FUNCTIONS or not begins_value(t.here) or t.here.kind == "(":
        return None
    first = 1 if t.here.text.lower() == "of" else 0
    last = first + 2 if t.at(first + 1).text == "." else first
    value = t.text[t.at(first).start : t.at(last).end]
    return t.slip("SS179", f"the function {name} needs parentheses", t.write(f"{name}({value})", -1, last), -1)
