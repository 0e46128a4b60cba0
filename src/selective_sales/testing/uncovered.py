"""An item that is not shown in, the words that say which case to write out."""

from __future__ import annotations

from typing import assert_never

from ..model.coverage import OTHERWISE, Item, Part, Seen, Way
from .coverable import UNDETERMINED

_LONGEST = 120
"""Characters of a condition: a table's cells may fill a page."""


def words(item: Item) -> str:
    """`no case makes `margin < 5%` true (rule 'thin-margin')`; "" where it is shown, or need not be."""
    if item.seen is Seen.SHOWN or not item.counts:
        return ""
    said = _never(item) if item.seen is Seen.NEVER else _unasked(item)
    return said + (f"; {item.hint}" if item.hint and item.seen is Seen.NEVER else "")


def _text(item: Item) -> str:
    return item.text if len(item.text) <= _LONGEST else f"{item.text[:_LONGEST]}..."


def _never(item: Item) -> str:
    mark = item.mark
    match mark.part:
        case Part.RULE:
            because = f": no case makes `{_text(item)}` {'true' if mark.way is Way.TRUE else 'false'}" if item.text else ""
            return f"rule '{mark.of}' never fires{because}" if mark.way is Way.TRUE else f"rule '{mark.of}' fires in every case{because}"
        case Part.CONDITION:
            return f"no case makes `{_text(item)}` {mark.way} ({_of(item)})"
        case Part.ROW if mark.number == OTHERWISE:
            return f"no case comes to 'otherwise' of table '{mark.of}'"
        case Part.ROW:
            return f"no case hits row {mark.number} of table '{mark.of}' ({_text(item)})"
        case Part.POINTS:
            score, _, factor = mark.of.partition(".")
            return f"no case scores `{_text(item)}` of the factor '{factor}' (score '{score}')"
        case Part.DECISION if mark.of == UNDETERMINED:
            return f"no case is undetermined, as one may be for rule '{item.text}'"
        case Part.DECISION:
            return f"no case reaches the decision '{mark.of}'"
        case Part.LIMIT | Part.GUARANTEE:
            return f"no case expects the {mark.part.one} '{mark.of}' to be {mark.way}"
        case _:
            assert_never(mark.part)


def _unasked(item: Item) -> str:
    """Something does come to it, but nobody looks."""
    mark = item.mark
    match mark.part:
        case Part.RULE:
            became = "fires" if mark.way is Way.TRUE else "does not fire"
            return f"rule '{mark.of}' {became}, but no decision is expected of those clients"
        case Part.CONDITION:
            return f"`{_text(item)}` is {mark.way}, but no decision is expected of those clients ({_of(item)})"
        case Part.DECISION:
            return f"'{mark.of}' is decided, but no decision is expected of those clients"
        case Part.ROW:
            row = "'otherwise'" if mark.number == OTHERWISE else f"row {mark.number}"
            return f"{row} of table '{mark.of}' is hit, but nothing that reads the table is expected of those clients"
        case Part.POINTS:
            score, _, factor = mark.of.partition(".")
            return f"`{_text(item)}` of the factor '{factor}' is scored, but nothing that reads '{score}' is expected of those clients"
        case Part.LIMIT | Part.GUARANTEE:
            raise AssertionError("a limit or guarantee is shown by expecting it")
        case _:
            assert_never(mark.part)


def _of(item: Item) -> str:
    return f"rule '{item.mark.of}'{', unless' if item.of_unless else ''}"
