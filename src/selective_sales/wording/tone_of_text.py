"""A text, its language and its readers in; the words out that a good letter does without. Refuses no text, and knows Polish and English.

Of a text in another language only shouting is told. What only looks like a slip ("through no fault of yours") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .manners import Audience, Manner, Slip, WordList
from .phrases import Phrases, Word, without_accents, words_of

LANGUAGES = ("en", "pl")
"""Languages with a word list."""
_MEANT_WELL = None
_ORDER = {manner: number for number, manner in enumerate(Manner)}
_LOUD = r"!+(?:[?!\s]*!)*|(?<![\w&/.-])[^\W\d_a-z]{2,}(?:[\s,]+[^\W\d_a-z]{2,})*(?![\w&/-])"
_SHORTEST_SHOUT = 5
_EMPHASIS = frozenset("ALL ANY NEVER NOT MUST NOW NO NIE NIGDY ZAWSZE MUSI PILNE UWAGA JUŻ DOŚĆ STOP".split())
_ACRONYMS = frozenset("REGON CEIDG SWIFT INCOTERMS HTTPS ASCII UNESCO".split())
"""Abbreviations of five letters and more; shorter ones need no list."""
_AROUND = "\"'„”“‘’«»()[]{}<>,.;:?…*_-–—/&"
_PLACEHOLDER = r"\{[^{}]*\}"


def tone(text: str, language: str, audience: Audience) -> tuple[Slip, ...]:
    """The slips in the text by place; none overlaps with another, but for words that are shouted as well.

    `language` is a code such as `pl` or `en-GB`; `{name}` in the text is a placeholder.
    """
    code = language.replace("_", "-").partition("-")[0].lower()
    said = _apart(_spoken(text, code, audience)) if code in LANGUAGES else ()
    loud = _loud(text) if audience is Audience.CLIENT else ()
    return tuple(sorted((*said, *loud), key=lambda slip: (slip.start, slip.end)))


def instead(manner: Manner, language: str) -> str:
    """A sentence to write instead, in that language (English where there is no list for it)."""
    code = language.replace("_", "-").partition("-")[0].lower()
    return _words(code if code in LANGUAGES else "en").instead[manner]


def _words(code: str) -> WordList:
    """Imported for the languages that occur: a check has no time to spare."""
    if code == "pl":
        from . import tone_pl

        return tone_pl.WORDS
    from . import tone_en

    return tone_en.WORDS


@lru_cache(maxsize=8)
def _phrases(code: str, audience: Audience, folded: bool) -> Phrases:
    words = _words(code)
    phrases = Phrases(code, folded)
    phrases.add(words.meant_well, _MEANT_WELL)
    lists = [words.anywhere, words.in_letters] if audience is Audience.CLIENT else [words.anywhere]
    for manner, lines in (pair for each in lists for pair in each.items()):
        phrases.add(lines, manner)
    return phrases


def _spoken(text: str, code: str, audience: Audience) -> Iterator[Slip]:
    """What the phrases find, but for what overlaps with words that are meant well."""
    folded = code == "pl" and without_accents(text)
    words = words_of(text, folded)
    found = list(_phrases(code, audience, folded).found(words))
    fine = {number for first, end, meaning in found if meaning is _MEANT_WELL for number in range(first, end)}
    for first, end, meaning in found:
        if isinstance(meaning, Manner) and fine.isdisjoint(range(first, end)):
            yield _slip(meaning, text, words[first:end])


def _slip(manner: Manner, text: str, words: list[Word]) -> Slip:
    start, end = words[0].start, words[-1].end
    return Slip(manner, start, end, text[start:end])


def _loud(text: str) -> Iterator[Slip]:
    """Exclamation marks, and words in capitals that are no abbreviations. Few texts have either: patterns are made when one does."""
    if "!" not in text and not any(_is_shout(word.strip(_AROUND)) for word in text.split()):
        return
    for match in re.finditer(_LOUD, re.sub(_PLACEHOLDER, lambda found: " " * len(found.group()), text)):
        words = re.split(r"[\s,]+", match.group())
        if match.group()[0] == "!" or any(_is_shout(word) for word in words):
            yield Slip(Manner.SHOUTING, match.start(), match.end(), match.group())


def _is_shout(word: str) -> bool:
    return word.isupper() and word not in _ACRONYMS and (len(word) >= _SHORTEST_SHOUT or word in _EMPHASIS)


def _apart(found: Iterable[Slip]) -> Iterator[Slip]:
    """By place, the longest first among those that begin together; what overlaps with one before it says nothing new."""
    end = 0
    for slip in sorted(found, key=lambda s: (s.start, -s.end, _ORDER[s.manner])):
        if slip.start >= end:
            yield slip
            end = slip.end
