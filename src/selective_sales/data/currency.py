"""How the policy's currency may trail an amount: its code, and its sign where it has a well-known one."""

from __future__ import annotations

import re

_SIGNS = {"PLN": "zł", "EUR": "€", "GBP": "£", "USD": "$", "CZK": "Kč"}
_SPACE = "[ \u00a0\u202f\u2007\u2009]*"


def suffix_pattern(currency: str) -> str:
    """A pattern for what may stand behind a number: the currency or a percent sign, with or without a space."""
    return f"{_SPACE}(?:%|{_words(currency)})$"


def money_suffix(currency: str) -> str:
    """A pattern for the currency behind an amount."""
    return f"{_SPACE}{_words(currency)}$"


def _words(currency: str) -> str:
    words = [re.escape(currency), *([re.escape(_SIGNS[currency])] if currency in _SIGNS else [])]
    return f"(?i:{'|'.join(words)})"
