"""The only two ways in which a name or a value becomes SQL. Whatever an author or a file says passes through here."""

from __future__ import annotations

import datetime
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
    return f"({' || '.join(parts)})" if len(parts) > 1 else parts[0]


def quote_plain(text: str) -> str:
    """A text literal as it is: for the paths of COPY, which takes no expression."""
    return "'" + text.replace("\0", "\ufffd").replace("'", "''") + "'"
