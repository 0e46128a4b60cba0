"""What two letters to one client say in; what the second says otherwise out, as a colleague reads it: `revenue from '700' to '701'`.

What a letter said is only believed where it is what was digested when the letter was approved: others may write into the index's folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.batch import Said
from .letter_origins import values_digest

MOST = 5
"""Differences that are told one by one."""
_LONGEST = 90
_NAMES = {
    "decision": "the decision",
    "title": "the decision's title",
    "name": "the name",
    "salutation": "the salutation",
    "address": "the address",
    "missing": "what is asked for",
    "changes": "what would have changed the decision",
    "policy": "the policy's title",
    "policy_version": "the policy's version",
    "as_of": "the date of the data",
    "date": "the letter's date",
    "effective_on": "the day on which it takes effect",
    "language": "the language",
}


def believed(said: Said | None, values: str) -> Said | None:
    """What the letter said, where its values are those of that digest."""
    return said if said is not None and values_digest(said) == values else None


def differences(was: Said | None, now: Said) -> tuple[str, ...]:
    """What `now` says otherwise than `was`; nothing where nobody knows what was said."""
    if was is None:
        return ()
    if was.get("language") != now.get("language"):
        return (_one("language", was, now),)
    names = [name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name)]
    if "date" in names and "effective_on" in names:
        names.remove("effective_on")
    if "decision" in names and "title" in names:
        names.remove("title")
    found = [_one(name, was, now) for name in names]
    return tuple(found) if len(found) <= MOST else (*found[:MOST], f"{len(found) - MOST} more")


def causes_of_its_date(was: Said | None, now: Said) -> Iterator[str]:
    """`date` and `language`, where they are others."""
    if was is not None:
        yield from (name for name in ("date", "language") if was.get(name) != now.get(name))


def in_words(differs: Sequence[str]) -> str:
    """The differences behind a sentence; nothing where there are none."""
    return f": {'; '.join(differs)}" if differs else ""


def _one(name: str, was: Said, now: Said) -> str:
    kind, _, which = name.partition(".")
    what = which if kind == "fields" else f"the reason of the rule {which!r}" if kind == "reasons" else _NAMES.get(name, name)
    before, after = was.get(name), now.get(name)
    if before is None:
        return f"{what}, where nothing stood, is {_shown(after)}"
    if after is None:
        return f"{what}, {_shown(before)}, is gone"
    return f"{what} from {_shown(before)} to {_shown(after)}"


def _shown(value: str | None) -> str:
    text = " ".join((value or "").replace("\n", " / ").split())
    return f"'{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}'"
