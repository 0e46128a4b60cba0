"""The only two ways in which a name or a value becomes SQL. Whatever an author or a file says passes through here."""

from __future__ import annotations

import datetime
from decimal import Decimal

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
            return format(value, "f")
        case datetime.date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return "'" + value.replace("\0", "\ufffd").replace("'", "''") + "'"
