"""What an unquoted scalar is: YAML 1.2's core rules, narrowed so that nothing a business person writes changes its meaning.

Only true and false are booleans; a number with a leading zero (`012`, a postcode), `NO`, `12:30`, dates, `1_000`, `.inf` stay text.
Numbers come from their text, never through a float.
"""

from __future__ import annotations

import re
from decimal import Decimal

from .nodes import ScalarNode

Plain = bool | int | Decimal | str | None

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_LONGEST_NUMBER = 60
"""Characters; no number of this language needs more, and huge exponents would stop the program."""
_LARGEST_EXPONENT = 100


def resolve(node: ScalarNode) -> Plain:
    """The scalar's value: None, a boolean, a whole number, a decimal, or its text."""
    text = node.value
    if node.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789" or len(text) > _LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        number = Decimal(text)
        return number if abs(number.adjusted()) <= _LARGEST_EXPONENT else text
    return text
