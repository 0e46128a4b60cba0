"""Word lists and a text in, the places where their phrases stand out: by words and their forms, whatever the case. Refuses no text.

A phrase is a line of tokens. `word` is that word; `word*` anything that begins so; `word~` the word with an ending of the language;
`a|b` one or the other; `(word)` may be left out; `...` is up to three words of any kind; `#` is a number or a placeholder. A phrase never
runs over the end of a sentence. Polish written without any of its letters (`marza`) is compared without them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_GAP = 3
_LONGEST_WORD = 40
"""Letters of a word that are looked up; no phrase has a longer one."""
_NUMBER, _STOP = "#", "."
_JOINED = "\u0300-\u036f\u00ad\u200b-\u200d\u2060"
"""What stands within a word without being a letter: accents apart from their letters, soft hyphens, what has no width."""
_TOKEN = re.compile(rf"\{{[^{{}}]*\}}|[0-9]+|[^\W\d_](?:[^\W\d_]|[{_JOINED}])*(?:['’][^\W\d_]+)*|[.!?;:]")
_UNSEEN = "[\u00ad\u200b-\u200d\u2060]"
_POLISH = str.maketrans("ąćęłńóśźż", "acelnoszz")

ENDINGS: Mapping[str, frozenset[str]] = {
    "pl": frozenset(
        (
            "a ą e ę i o u y ach ami em om ów owi ie iem iom iami iach iów mi ego emu ej ym ych ymi im ich imi iej iego iemu ia ią ię iu io"
        ).split()
    )
    | {""},
    "en": frozenset({"", "s", "es", "d", "ed", "ing"}),
}


class Word(NamedTuple):
    """A word of a text as it is compared, with where it stands (offsets in characters, the end exclusive)."""

    form: str
    start: int
    end: int


class _Token(NamedTuple):
    """What one word of a phrase may be: whole words, and beginnings with the endings that may follow (None: any)."""

    words: frozenset[str] = frozenset()
    stems: tuple[tuple[str, frozenset[str] | None], ...] = ()
    optional: bool = False
    gap: bool = False

    def fits(self, form: str) -> bool:
        return form in self.words or any(form.startswith(s) and (ends is None or form[len(s) :] in ends) for s, ends in self.stems)


class Phrases:
    """Phrases, each with what it means to whoever asks, found by their first word. `folded`: compared without Polish letters.

    A line is taken apart only when its first word has been met: most never are.
    """

    def __init__(self, language: str, folded: bool = False) -> None:
        self.folded = folded
        endings = ENDINGS.get(language, frozenset({""}))
        self.endings = frozenset(e.translate(_POLISH) for e in endings) if folded else endings
        self.by_first: dict[str, list[tuple[str, str, object]]] = {}
        """By a whole word, or by a beginning followed by `*` or `~`: the sign that follows, the rest of the phrase, its meaning."""
        self._tokens: dict[str, tuple[_Token, ...]] = {}

    def add(self, lines: str, meaning: object) -> None:
        """The phrases of the lines, all with that meaning."""
        for line in (lines.translate(_POLISH) if self.folded else lines).split("\n"):
            first, _, rest = line.partition(" ")
            for alternative in first.split("|") if first else ():
                sign = alternative[-1] if alternative[-1] in "*~" else ""
                stem = alternative[:-1] if sign else alternative
                if stem in self.by_first:
                    self.by_first[stem].append((sign, rest, meaning))
                else:
                    self.by_first[stem] = [(sign, rest, meaning)]

    def found(self, words: list[Word]) -> Iterator[tuple[int, int, object]]:
        """Every phrase with its meaning: the numbers of its first word and of the word after its last."""
        for number, word in enumerate(words):
            form = word.form
            for cut in range(min(len(form), _LONGEST_WORD), 0, -1):
                for sign, rest, meaning in self.by_first.get(form[:cut], ()):
                    left = form[cut:]
                    if left and not (sign == "*" or (sign == "~" and left in self.endings)):
                        continue
                    end = _end(self._parts(rest), 0, words, number + 1)
                    if end is not None:
                        yield number, end, meaning

    def _parts(self, rest: str) -> tuple[_Token, ...]:
        if rest not in self._tokens:
            self._tokens[rest] = tuple(_token(part, self.endings) for part in rest.split())
        return self._tokens[rest]


def words_of(text: str, folded: bool = False) -> list[Word]:
    """The words of a text in small letters, NFC; `#` for a number or a placeholder, `.` for the end of a sentence."""
    return [Word(_form(m.group(), folded), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def without_accents(text: str) -> bool:
    """Whether nothing in the text tells whether its author writes Polish letters."""
    return text.isascii()


def _form(written: str, folded: bool) -> str:
    if written[0] == "{" or written[0].isdigit():
        return _NUMBER
    if not written[0].isalpha():
        return _STOP
    form = written.lower()
    if not form.isascii():
        form = unicodedata.normalize("NFC", re.sub(_UNSEEN, "", form)).replace("’", "'")
        form = form.translate(_POLISH) if folded else form
    return form.removesuffix("'s")


def _token(written: str, endings: frozenset[str]) -> _Token:
    if written == "...":
        return _Token(gap=True)
    optional = written.startswith("(")
    alternatives = written.strip("()").split("|")
    whole = frozenset(a for a in alternatives if a[-1] not in "*~")
    stems = tuple((a[:-1], None if a[-1] == "*" else endings) for a in alternatives if a[-1] in "*~")
    return _Token(whole, stems, optional)


def _end(tokens: tuple[_Token, ...], at: int, words: list[Word], number: int) -> int | None:
    """The number of the word after the phrase, if its tokens from `at` on fit the words from `number` on: the first way that does."""
    if at == len(tokens):
        return number
    token = tokens[at]
    if token.gap:
        return _first(_end(tokens, at + 1, words, n) for n in _reach(words, number))
    if number < len(words) and token.fits(words[number].form):
        end = _end(tokens, at + 1, words, number + 1)
        if end is not None:
            return end
    return _end(tokens, at + 1, words, number) if token.optional else None


def _reach(words: list[Word], number: int) -> Iterator[int]:
    """Where a phrase may go on after a gap: here, or after up to three words of the same sentence."""
    for skipped in range(_GAP + 1):
        yield number + skipped
        if number + skipped >= len(words) or words[number + skipped].form == _STOP:
            return


def _first(ends: Iterable[int | None]) -> int | None:
    return next((end for end in ends if end is not None), None)
