"""A declared date format in, SQL out. Refuses directives whose meaning would depend on the machine or that no date needs."""

from __future__ import annotations

import re

from ..model.sql import quote_value
from .evidence import YEAR

_PARTS = {
    "d": "[0-9]{1,2}", "-d": "[0-9]{1,2}", "m": "[0-9]{1,2}", "-m": "[0-9]{1,2}", "Y": YEAR, "y": "[0-9]{2}", "b": "[A-Za-z]{3}",
    "B": "[A-Za-z]+", "j": "[0-9]{1,3}", "-j": "[0-9]{1,3}", "a": "[A-Za-z]{3}", "A": "[A-Za-z]+",
}  # fmt: skip
"""What says the day."""

_REST = {
    "H": "(?:[01]?[0-9]|2[0-3])", "I": "(?:0?[1-9]|1[0-2])", "M": "[0-5]?[0-9]", "S": "[0-5]?[0-9]", "f": "[0-9]{1,6}", "p": "[AaPp][Mm]",
    "z": "(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])", "%": "%",
}  # fmt: skip
"""What stands beside the day: it has to be right, and is left out."""

_DATES = ({"d", "m"}, {"d", "b"}, {"d", "B"}, {"j"})


def format_pattern(format_: str) -> str | None:
    """The pattern of a whole cell in that format, a group for each part of the date.

    None where the format has an unknown directive, or does not say a day, a month and a year, each once.
    """
    parts = re.split(r"%(-?[A-Za-z%])", format_)
    if any("%" in text for text in parts[::2]) or any(name not in _PARTS and name not in _REST for name in parts[1::2]):
        return None
    named = _named(format_)
    dates = [name for name in named if name not in "aA"]
    if len(set(named)) < len(named) or sum(name in "Yy" for name in dates) != 1 or {*dates} - {"Y", "y"} not in _DATES:
        return None
    shapes = {name: f"({shape})" for name, shape in _PARTS.items()} | _REST
    return "".join(re.escape(part) if index % 2 == 0 else shapes[part] for index, part in enumerate(parts))


def declared_date_sql(cell: str, format_: str) -> str:
    """The cell as a DATE by the declared format, NULL where it is not one.

    Only the parts of the date are handed on: a time zone must not move the written day. The engine lets a 366th day run over into
    the next year and takes any weekday, so these are compared with the date.
    """
    pattern = format_pattern(format_)
    if pattern is None:
        return "CAST(NULL AS DATE)"
    named = _named(format_)
    groups = {name: f"regexp_extract({cell}, {quote_value(pattern)}, {number})" for number, name in enumerate(named, start=1)}
    dates = [name for name in named if name not in "aA"]
    text = " || ' ' || ".join(groups[name] for name in dates)
    day = f"CAST(try_strptime({text}, {quote_value(' '.join(f'%{name}' for name in dates))}) AS DATE)"
    right = [f"regexp_full_match({cell}, {quote_value(pattern)})"]
    right += [f"lower(strftime({day}, '%{name}')) = lower({groups[name]})" for name in named if name in "aA"]
    right += [f"dayofyear({day}) = CAST({groups['j']} AS INTEGER)"] if "j" in named else []
    return f"CASE WHEN {' AND '.join(right)} THEN {day} END"


def _named(format_: str) -> list[str]:
    """The directives of the date in the format, in order, without the sign for "no zero before"."""
    return [name.lstrip("-") for name in re.findall(r"%(-?[A-Za-z%])", format_) if name in _PARTS]
