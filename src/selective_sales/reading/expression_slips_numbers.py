"""Slips with numbers, dates, durations and amounts: written as in a spreadsheet, a letter or a spoken sentence."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from ..model.dates import days_meant
from .expression_tokens import Expected, Slip
from .expression_trouble import Trouble
from .number_words import CLOCK, CURRENCIES, PERCENT, SCALES, UNITS

_SUFFIXED = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)([^\W\d_]+)")
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_SCIENTIFIC = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE][0-9]{1,2}")


def date_like(t: Trouble) -> Slip | None:
    """`22.11.2026`, `2026-1-5`, `2026/11/22`."""
    days = days_meant(t.here.text) if t.here.kind == "date_like" else None
    if days is None:
        return None
    if not days:
        return t.slip("SS164", f"the date {t.here.text} does not exist", "write year-month-day, such as 2026-11-30")
    message = f"'{t.here.text}' is not how a date is written here"
    if len(days) > 1:
        either = " or ".join(day.isoformat() for day in days)
        return t.slip("SS164", message, f"it could be day or month first; write year-month-day: {either}")
    written = days[0].isoformat()
    if t.here.text == written:  # something follows it without a space: 2026-11-22-1
        return t.slip("SS164", "a date needs a space after it", f"write {written} - ..., with spaces around the minus")
    return t.slip("SS164", message, t.write(written))


def bad_number(t: Trouble) -> Slip | None:
    """A number with something stuck to it: `90days`, `12m`, `5k`, `1.000.000`, `1e3`, `100zł`."""
    text = t.here.text
    if t.here.kind != "bad_number":
        return None
    if _DOTTED.fullmatch(text):
        message = "dots between thousands cannot be told from decimal points"
        return t.slip("SS161", message, t.write(text.replace(".", "")))
    if _SCIENTIFIC.fullmatch(text):
        return t.slip("SS161", f"'{text}' is a number in scientific notation", t.write(format(Decimal(text), "f")))
    match = _SUFFIXED.fullmatch(text)
    if match is None:
        return t.slip("SS161", f"'{text}' cannot be read as a number", "write digits with one decimal point at most: 12, 0.5, 1_000")
    return _unit(t, match[1], match[2], 0, 0) or t.slip(
        "SS161", f"'{text}' is neither a number nor a name", t.write(f"{match[1]} * {match[2]}", otherwise="a name begins with a letter")
    )


def number_and_word(t: Trouble) -> Slip | None:
    """`90 d`, `5 PLN`, `3 Days`, `5 percent`; `PLN 5`; `€ 5`, `5 €`."""
    if t.here.kind == "name" and t.before.kind in ("number", "percent"):
        dotted = t.after.text == "." and t.touches(1)  # an abbreviation: 3 mies.
        return _unit(t, t.before.text, t.here.text, -1, 1 if dotted else 0)
    if t.here.kind == "number" and t.before.kind == "name" and t.before.text.lower() in CURRENCIES:
        return _currency(t, t.here.text, -1, 0)
    if t.here.kind == "other" and unicodedata.category(t.here.text) == "Sc":
        if t.before.kind == "number":
            return _currency(t, t.before.text, -1, 0)
        if t.after.kind == "number":
            return _currency(t, t.after.text, 0, 1)
    return None


def _unit(t: Trouble, number: str, word: str, first: int, last: int) -> Slip | None:
    unit = word.lower().rstrip(".")
    what = t.text[t.at(first).start : t.at(last).end]
    if word == "M" or unit in SCALES:
        value = (Decimal(number.replace("_", "")) * (1_000_000 if word == "M" else SCALES[unit])).normalize()
        return t.slip("SS161", f"'{what}' is not how a number is written here", t.write(format(value, "f"), first, last), first, last)
    if unit in UNITS:
        factor, name = UNITS[unit]
        count = number if factor == 1 or "." in number else str(int(number.replace("_", "")) * factor)
        message = f"'{what}' is not how a duration is written here"
        help = t.write(f"{count} {name}", first, last, f"write {count} {name}: a whole number, a space, and days, weeks, months or years")
        return t.slip("SS163", message, help, first, last)
    if unit in CLOCK:
        return t.slip(
            "SS163", f"'{what}' is shorter than a day", "durations are days, weeks, months or years; hours are plain numbers", first, last
        )
    if unit in CURRENCIES:
        return _currency(t, number, first, last)
    if unit in PERCENT:
        return t.slip("SS160", "a percentage is written with its sign", t.write(f"{number}%", first, last), first, last)
    return None


def _currency(t: Trouble, number: str, first: int, last: int) -> Slip:
    help = t.write(number, first, last) + " (every amount is in the policy's currency)"
    return t.slip("SS162", "an amount is written without its currency", help, first, last)


def comma(t: Trouble) -> Slip | None:
    """`5,5`, `0,5%`, `1,000`."""
    if t.here.text != "," or t.before.kind != "number" or not (t.touches(0) and t.touches(1)):
        return None
    if t.after.kind not in ("number", "percent", "duration"):
        return None
    if re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", t.before.text):
        help = t.write(f"{t.before.text.replace('.', '')}.{t.after.text}", -1, 1)
        return t.slip("SS161", "thousands are not set apart, and a decimal point is written", help, -1, 1)
    match = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])").match(t.text, t.before.start)
    last = 1
    if match is None:
        help = t.write(f"{t.before.text}.{t.after.text}", -1, 1)
        return t.slip("SS161", "a decimal point is written here, not a decimal comma", help, -1, 1)
    while t.at(last).end < match.end():
        last += 1
    digits = match[0].replace(",", "")
    help = t.write(digits, -1, last)
    if last == 1:
        help += f", or {match[0].replace(',', '.')} if the comma was a decimal one"
    return t.slip("SS161", f"'{match[0]}' could be a thousand or a fraction", help, -1, last)


def spaced_number(t: Trouble) -> Slip | None:
    """`1 000 000`, `1'000`."""
    if t.before.kind != "number" or not re.fullmatch(r"[0-9]{1,3}", t.before.text):
        return None
    match = re.compile(r"[0-9]{1,3}(?:[\s'’][0-9]{3})+(?:,[0-9]+)?(?![0-9])").match(t.text, t.before.start)
    if match is None:
        return None
    last = 0
    while t.at(last).end < match.end():
        last += 1
    digits = re.sub(r"[^0-9.]", "", match[0].replace(",", "."))
    rest = t.text[match.end() : t.at(last).end]  # the percent sign, or all that an apostrophe seemed to open
    return t.slip(
        "SS161",
        "thousands are not set apart with spaces here",
        t.write(digits + rest, -1, last, f"write {digits}, or with _ as 1_000"),
        -1,
        last,
    )


def points(t: Trouble) -> Slip | None:
    """`.5`, `5.`"""
    if t.here.text != ".":
        return None
    if t.expected is Expected.VALUE and t.after.kind in ("number", "percent") and t.touches(1):
        return t.slip("SS161", "a number begins with a digit", t.write(f"0.{t.after.text}", 0, 1), 0, 1)
    if t.before.kind == "number":
        return t.slip("SS161", "a decimal point needs a digit after it", t.write(t.before.text, -1), -1)
    return None


def two_durations(t: Trouble) -> Slip | None:
    """`1 year 6 months`, `90 days ago`."""
    if t.before.kind != "duration":
        return None
    if t.here.kind == "duration":
        message = "a duration has one number and one unit"
        return t.slip("SS163", message, "write 18 months for a year and a half, 10 days for a week and three days", -1)
    if t.here.text.lower() in ("ago", "temu", "earlier", "before"):
        return t.slip("SS163", "a point in time is counted from the run's date", t.write(f"as_of - {t.before.text}", -1), -1)
    return None
