"""Cells of one column in, a chunk of rows at a time; what they can be read as out, with the range seen and the cells that do not fit.

Each different cell of a chunk is looked at once, and a reading that most cells contradict is given up: a column of text costs little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .readings import DATE_FORMATS, SPANS, Dates, Mark, Numbers, Reading, Span, Spans

TRUE_WORDS = frozenset({"true", "t", "1", "yes", "y", "tak", "prawda"})
FALSE_WORDS = frozenset({"false", "f", "0", "no", "n", "nie", "fałsz"})
MISSING_TOKENS = frozenset({"n/a", "na", "n.a.", "#n/a", "#n/d", "-", "–", "?", "null", "none", "nan", "brak", "brak danych", "bd", "b/d"})
_WRITTEN_TOKENS = frozenset(form for t in MISSING_TOKENS for form in (t, t.upper(), t.capitalize(), t.title())) | {"NaN", "N/a"}
_MOST_WORDS = 8
_MOST_REPEATED = 100


@dataclass(slots=True)
class Repeats:
    """Whether the column could be a key: the line of each value while it could, the values that came twice, the first blank."""

    lines: dict[str, int] | None = field(default_factory=dict)
    doubles: dict[str, tuple[int, int]] = field(default_factory=dict)
    repeated: int = 0
    blank: int | None = None

    @property
    def unique(self) -> bool:
        """No value came twice and none was blank."""
        return self.lines is not None and not self.doubles and self.blank is None

    @property
    def nearly(self) -> bool:
        """Not quite a key, though the few faults look like accidents."""
        return self.lines is not None and not self.unique and self.repeated <= max(1, len(self.lines) // 3)

    def take(self, cells: Sequence[str], lines: Sequence[int], counts: Counter[str]) -> None:
        """The next rows."""
        if self.lines is None:
            return
        if self.blank is None and "" in counts:
            self.blank = lines[cells.index("")]
        if len(counts) == len(cells) and "" not in counts and self.lines.keys().isdisjoint(counts):
            self.lines.update(zip(cells, lines, strict=True))
            return
        for cell, line in zip(cells, lines, strict=True):
            if cell and self.lines.setdefault(cell, line) != line:
                self.doubles.setdefault(cell, (self.lines[cell], line))
                self.repeated += 1
                if self.repeated > max(_MOST_REPEATED, len(self.lines) // 100):
                    self.lines = None
                    return


@dataclass(slots=True)
class Column:
    """What is known of a column after the rows so far."""

    header: str
    position: int
    rows: int = 0
    blanks: int = 0
    tokens: Counter[str] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)
    many_words: bool = False
    some_value: str | None = None
    """The first cell that holds something."""
    numbers: dict[Mark, Numbers] = field(default_factory=lambda: {".": Numbers(mark="."), ",": Numbers(mark=",")})
    spans: dict[Span, Spans] = field(default_factory=lambda: {unit: Spans(unit=unit) for unit in SPANS})
    dates: dict[str, Dates] = field(default_factory=lambda: {name: Dates(format=name) for name in DATE_FORMATS})
    repeats: Repeats = field(default_factory=Repeats)

    def take(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        """The cells of further rows, cleaned, and the rows' line numbers."""
        counts = Counter(cells)
        self.rows += len(cells)
        self.repeats.take(cells, lines, counts)
        self.blanks += counts.pop("", 0)
        for token in _WRITTEN_TOKENS & counts.keys():
            self.tokens[token] += counts.pop(token)
        if not counts:
            return
        if self.some_value is None:
            self.some_value = next(iter(counts))
        self._watch_words(counts)
        for reading in self.readings():
            if reading.living:
                reading.take(counts, lambda cell: lines[cells.index(cell)])

    def readings(self) -> Iterable[Reading]:
        """Everything a cell other than a word can be."""
        return (*self.numbers.values(), *self.spans.values(), *self.dates.values())

    def _watch_words(self, counts: Counter[str]) -> None:
        if not self.many_words:
            self.many_words = len(counts) > _MOST_WORDS or len(self.words | counts.keys()) > _MOST_WORDS
            self.words = set() if self.many_words else self.words | counts.keys()

    @property
    def values(self) -> int:
        """Cells that hold something other than a blank or a word such as n/a."""
        return self.rows - self.blanks - self.tokens.total()

    @property
    def truths(self) -> set[str]:
        """The words seen, in small letters, where each of them means yes or no; else none."""
        found = {word.casefold() for word in self.words}
        return found if found <= TRUE_WORDS | FALSE_WORDS else set()


def is_missing(cell: str) -> bool:
    """Blank, or a word for it."""
    return not cell or cell in _WRITTEN_TOKENS
