"""`renegotiate:cost_to_serve=-10%` in, a change of terms out, or what is wrong with it. Whether the names exist is not asked here."""

from __future__ import annotations

import re
from decimal import Decimal

from ..model.simulation import How, TermChange

FORM = "name=+5%, name=-500, name=1200, or for the clients of a decision decision:name=-10%"
_AMOUNT = re.compile(r"([+-]?)(\d{1,15}(?:\.\d{1,9})?)(%?)", re.ASCII)
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00a0": " "})
_FINEST = 7
"""Decimal places of a percentage: its part has two more, and numbers have nine."""


def term_change(text: str) -> TermChange | str:
    """The change, or why the text is none."""
    what, equals, written = text.strip().rpartition("=")
    if not equals:
        return "it has no '='"
    decision, colon, name = what.rpartition(":")
    decision, name = decision.strip(), name.strip()
    if not name:
        return "it does not say what changes"
    if colon and not decision:
        return "before the ':' stands no decision"
    amount = _amount(written.strip().translate(_SIGNS))
    if isinstance(amount, str):
        return amount
    how, number = amount
    return TermChange(name, how, number, text.strip(), decision or None)


def _amount(written: str) -> tuple[How, Decimal] | str:
    matched = _AMOUNT.fullmatch(written)
    if matched is None:
        if re.fullmatch(r"[+-]?\d+,\d+%?", written):
            return f"'{written}' has a decimal comma: write {written.replace(',', '.')}"
        return f"'{written[:40]}' is no amount"
    sign, digits, percent = matched.groups()
    number = Decimal(sign + digits)
    if not percent:
        return (How.ADD if sign else How.SET), number
    if not sign:
        return f"'{written}' has no sign: write +{written} for more, -{written} for less"
    if len(digits.partition(".")[2]) > _FINEST:
        return f"'{written}' is too fine: a percentage has at most {_FINEST} decimal places"
    return How.RELATIVE, number / 100
