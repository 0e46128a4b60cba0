"""Different cells with their counts in; out, whether they read as numbers, dates or spans of time, the range, and the first misfits."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Mark = Literal[".", ","]
Span = Literal["days", "months"]
SPANS: tuple[Span, ...] = ("days", "months")

CURRENCIES = {"zł": "PLN", "€": "EUR", "£": "GBP", "$": "USD", "Kč": "CZK"} | {
    code: code for code in ("PLN", "EUR", "USD", "GBP", "CHF", "CZK", "SEK", "NOK", "DKK", "HUF", "UAH")
}
_TIME = r"(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)?"
DATE_FORMATS = {
    "%Y-%m-%d": r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})" + _TIME,
    "%d.%m.%Y": r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
    "%d/%m/%Y": r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})",
    "%m/%d/%Y": r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})",
    "%d-%m-%Y": r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})",
    "%Y/%m/%d": r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
}
_DATES = {name: re.compile(pattern, re.ASCII) for name, pattern in DATE_FORMATS.items()}
_SPANS = {"days": re.compile(r"(-?[0-9]{1,9}) days?"), "months": re.compile(r"(-?[0-9]{1,9}) months?")}
_CURRENCY = "|".join(re.escape(word) for word in CURRENCIES)
_SPACES = " \u00a0\u202f"
_SHOWN = 3
_PATIENCE = 100
_INTEGER_END = Decimal(2) ** 63


@dataclass(slots=True)
class Reading:
    """One way to read a column. It lives until more than a hundred cells, and more cells than not, contradict it."""

    fitting: int = 0
    misfits: int = 0
    first_misfits: list[tuple[int, str]] = field(default_factory=list)
    living: bool = True

    @property
    def fits(self) -> bool:
        """Every cell so far can be read so."""
        return self.living and self.misfits == 0 and self.fitting > 0

    @property
    def nearly(self) -> bool:
        """All cells but a few, which look like accidents."""
        return self.living and self.fitting > 1 and 0 < self.misfits <= max(1, self.fitting // 10)

    def take(self, counts: Counter[str], line_of: Callable[[str], int]) -> None:
        """The different cells of further rows with their counts."""
        for cell, count in counts.items():
            if self.takes(cell):
                self.fitting += count
            elif not self.still_lives(cell, count, line_of):
                return

    def takes(self, cell: str) -> bool:
        """Reads one cell; False where it cannot be read so."""
        raise NotImplementedError

    def still_lives(self, cell: str, count: int, line_of: Callable[[str], int]) -> bool:
        """Notes a cell that does not fit; False where that was one too many."""
        if len(self.first_misfits) < _SHOWN:
            self.first_misfits.append((line_of(cell), cell))
        self.misfits += count
        self.living = self.misfits <= _PATIENCE or self.misfits <= self.fitting
        return self.living


@dataclass(slots=True)
class Numbers(Reading):
    """The cells read as numbers with this decimal mark. Leading zeros are a code's: such a cell does not fit."""

    mark: Mark = "."
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    most_places: int = 0
    fewest_places: int = 99
    proven: bool = False
    """A cell that can be read with this mark only, such as `0,5` or `1.234.567,8`."""
    contains_mark: bool = False
    percent: bool = False
    grouped: bool = False
    """Blanks between groups of digits: `600 100 200`."""
    only_digits: bool = True
    currencies: dict[str, str] = field(default_factory=dict)
    """The first cell of each currency."""

    def take(self, counts: Counter[str], line_of: Callable[[str], int]) -> None:
        """Usual numbers all at once; only what is written in some other way is looked at on its own."""
        lines = "\n".join(counts)
        if _USUAL_LINES[self.mark].fullmatch(lines) and lines.count("\n") == len(counts) - 1:
            self._take_usual(list(counts))
            self.fitting += counts.total()
            return
        matches = [match for match in map(_USUAL[self.mark].fullmatch, counts) if match]
        if matches:
            self._take_usual([match[1] for match in matches])
            for match in matches:
                if match[2]:
                    self._price(match[2], match[0])
            counts = counts.copy()
            self.fitting += sum(counts.pop(match[0]) for match in matches)
        Reading.take(self, counts, line_of)

    def _price(self, currency: str, cell: str) -> None:
        self.only_digits = False
        self.currencies.setdefault(CURRENCIES[currency], cell)

    def _take_usual(self, cells: list[str]) -> None:
        """So few digits that a double keeps their order."""
        mark = self.mark
        together = "".join(cells)
        if not together.isalnum() and any(space in together for space in _SPACES):
            self.grouped, self.only_digits = True, False
            cells = [cell.translate(_NO_SPACES) for cell in cells]
        values = list(map(float, cells if mark == "." else [cell.replace(",", ".") for cell in cells]))
        for extreme in (min, max):
            self._widen(Decimal(cells[values.index(extreme(values))].replace(mark, ".")))
        marked = [cell for cell in cells if mark in cell] if mark in together else []
        self._places({len(cell) - cell.index(mark) - 1 for cell in marked} | ({0} if len(marked) < len(cells) else set()))
        if marked:
            self.contains_mark = True
            self.proven = self.proven or any(_proves(*cell.lstrip("-").split(mark)) for cell in marked)

    def takes(self, cell: str) -> bool:
        match = _NUMBERS[self.mark].fullmatch(cell)
        if match is None:
            return False
        whole, fraction = match["whole"], match["fraction"] or ""
        digits = whole if whole.isdigit() else re.sub(r"\D", "", whole)
        if len(digits) > 1 and digits.startswith("0"):
            return False
        self._widen(_value(match))
        self._places({len(fraction)})
        self.percent = self.percent or bool(match["percent"])
        self.grouped = self.grouped or any(space in whole for space in _SPACES)
        self.only_digits = self.only_digits and cell.isdigit()
        if match["currency"]:
            self._price(match["currency"], cell)
        if fraction:
            self.contains_mark = True
            self.proven = self.proven or whole != digits or _proves(digits, fraction)
        return True

    def _widen(self, value: Decimal) -> None:
        self.minimum = value if self.minimum is None else min(self.minimum, value)
        self.maximum = value if self.maximum is None else max(self.maximum, value)

    def _places(self, seen: set[int]) -> None:
        self.most_places = max(self.most_places, *seen)
        self.fewest_places = min(self.fewest_places, *seen)

    @property
    def whole(self) -> bool:
        """Every number is whole and fits 64 bits."""
        small = self.minimum is not None and self.maximum is not None and -_INTEGER_END < self.minimum <= self.maximum < _INTEGER_END
        return self.most_places == 0 and not self.percent and small


def read_number(cell: str, mark: Mark) -> Decimal | None:
    """The number that the cell shows, or None."""
    match = _NUMBERS[mark].fullmatch(cell)
    return None if match is None else _value(match)


def _value(match: re.Match[str]) -> Decimal:
    digits = re.sub(r"\D", "", match["whole"])
    value = Decimal(f"{digits}.{match['fraction']}" if match["fraction"] else digits)
    if match["percent"]:
        value /= 100
    return -value if match["sign"] else value


def _proves(digits: str, fraction: str) -> bool:
    """Three places behind one to three digits could be thousands under the other mark."""
    return len(fraction) != 3 or digits == "0" or len(digits) > 3


def _number_pattern(mark: Mark) -> re.Pattern[str]:
    other = "," if mark == "." else "."
    return re.compile(
        rf"(?P<sign>[-−]?)(?P<whole>\d{{1,30}}|\d{{1,3}}(?:[{_SPACES}]\d{{3}}){{1,9}}|\d{{1,3}}(?:[{other}]\d{{3}}){{1,9}})"
        rf"(?:[{mark}](?P<fraction>\d{{1,20}}))?(?:(?P<percent>%)|[{_SPACES}]?(?P<currency>{_CURRENCY}))?",
        re.ASCII,
    )


_NUMBERS: dict[Mark, re.Pattern[str]] = {".": _number_pattern("."), ",": _number_pattern(",")}
_USUAL_NUMBERS: dict[Mark, str] = {
    mark: rf"-?(?:[1-9][0-9]{{0,2}}(?:[{_SPACES}][0-9]{{3}}){{1,3}}|[1-9][0-9]{{0,10}}|0)(?:[{mark}][0-9]{{1,4}})?" for mark in (".", ",")
}
_USUAL = {mark: re.compile(rf"({usual})(?:[{_SPACES}]?({_CURRENCY}))?") for mark, usual in _USUAL_NUMBERS.items()}
_USUAL_LINES = {mark: re.compile(rf"{usual}(?:\n{usual})*+") for mark, usual in _USUAL_NUMBERS.items()}
_NO_SPACES = {ord(space): None for space in _SPACES}


@dataclass(slots=True)
class Spans(Reading):
    """`90 days` or `12 months`."""

    unit: Span = "days"
    range: tuple[int, int] | None = None

    def takes(self, cell: str) -> bool:
        match = _SPANS[self.unit].fullmatch(cell)
        if match is None:
            return False
        low, high = self.range or (int(match[1]), int(match[1]))
        self.range = min(low, int(match[1])), max(high, int(match[1]))
        return True


@dataclass(slots=True)
class Dates(Reading):
    """Dates in one format."""

    format: str = "%Y-%m-%d"
    range: tuple[datetime.date, datetime.date] | None = None

    def takes(self, cell: str) -> bool:
        match = _DATES[self.format].fullmatch(cell)
        if match is None:
            return False
        try:
            day = datetime.date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            return False
        low, high = self.range or (day, day)
        self.range = min(low, day), max(high, day)
        return True
