"""What a text to or about a client should not do, and who reads it. Words only; the lists are in `tone_en` and `tone_pl`."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Audience(StrEnum):
    """Who reads a text. The client reads letters; colleagues read memos, which the client may ask to see."""

    CLIENT = "client"
    COLLEAGUE = "colleague"


class Manner(StrEnum):
    """A way of speaking that a good letter does without. The order is that in which two of them on the same words are told."""

    PROTECTED = "protected"
    """Names what nobody may be treated differently for."""
    INSULT = "insult"
    THREAT = "threat"
    BLAME = "blame"
    COMPARISON = "comparison"
    SCORE = "score"
    COMPANY_POLICY = "company policy"
    PROFIT = "profit"
    THIRD_PARTY = "third party"
    SHOUTING = "shouting"


class Slip(NamedTuple):
    """Words of a text that speak so: offsets in characters of the text, the end exclusive."""

    manner: Manner
    start: int
    end: int
    words: str


class WordList(NamedTuple):
    """The phrases of one language: those that nobody should read, those that the client should not, and what only looks like them."""

    anywhere: dict[Manner, str]
    in_letters: dict[Manner, str]
    meant_well: str
    instead: dict[Manner, str]
    """A sentence to write instead."""
