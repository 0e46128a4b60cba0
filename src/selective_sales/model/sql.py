"""The only two ways in which a name or a value becomes SQL. Whatever an author or a file says passes through here.

Also how many terms are joined, so that the engine's limit on nesting is never met.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from .expression import Scalar


def quote_name(name: str) -> str:
    """The name as a quoted identifier. NUL cannot stand in SQL: it becomes U+FFFD (names with NUL never pass the checker)."""
    return '"' + name.replace("\0", "\ufffd").replace('"', '""') + '"'


def quote_value(value: Scalar | None) -> str:
    """The value as a literal: text escaped, decimals and integers as digits, dates as DATE '...'."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case Decimal():
            digits = format(value, "f")
            return digits.rstrip("0").rstrip(".") if "." in digits else digits
        case datetime.date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return quote_text(value)


def quote_text(text: str) -> str:
    """A text literal in which nothing steers a reader's screen: control and format characters stand as chr(...)."""
    text = text.replace("\0", "\ufffd")
    if text.isprintable():
        return quote_plain(text)
    runs = ["".join(run) for _, run in groupby(text, key=str.isprintable)]
    parts = [piece for run in runs for piece in ([quote_plain(run)] if run.isprintable() else [f"chr({ord(c)})" for c in run])]
    return f"({balanced(parts, '||')})" if len(parts) > 1 else parts[0]


def quote_plain(text: str) -> str:
    """A text literal as it is: for the paths of COPY, which takes no expression."""
    return "'" + text.replace("\0", "\ufffd").replace("'", "''") + "'"


def for_postgres(literal: str) -> str:
    """A text literal that PostgreSQL reads the same whether its setting takes a backslash for itself or for the start of an escape."""
    return "E" + literal.replace("\\", "\\\\") if "\\" in literal else literal


def parquet_copy(select: str, path: str) -> str:
    """The statement that writes a SELECT's rows into a file."""
    # The lowest level: files grow by a twentieth, and a tenth of the time is saved.
    return f"COPY (\n{select}\n) TO {quote_plain(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"


FLAT = 64
"""So many terms are written side by side: the engine reads each as one level of nesting, and it has a limit of 1,000."""


def balanced(parts: Sequence[str], operator: str) -> str:
    """The terms joined by an operator whose grouping does not matter: many as a tree of parentheses, a few side by side."""
    if len(parts) <= FLAT:
        return f" {operator} ".join(parts)
    middle = len(parts) // 2
    return f"({balanced(parts[:middle], operator)}) {operator} ({balanced(parts[middle:], operator)})"


def in_order(parts: Sequence[str]) -> str:
    """The sum of doubles from left to right, as each grouping has its own last digit: many are added by going through a list."""
    if len(parts) <= FLAT:
        return " + ".join(parts)
    return f'list_reduce([{", ".join(parts)}], lambda "#s", "#x": "#s" + "#x")'
