"""Clients' keys and names in; out, which of them stand in a text, however many there are: each word of the text is looked up once.

Not looked for, because they would be found everywhere: what has fewer than three letters or digits, and a number of fewer than five digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"\w+")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
_SHORTEST, _SHORTEST_NUMBER, _LONGEST = 3, 5, 2000

Client = tuple[str, ...]


def folded(text: str) -> str:
    """The text as it is looked through: in NFKC, without characters that cannot be seen, every white space one blank."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(_UNSEEN.sub("", text).split())


class Identities:
    """What the clients of a batch are called. An identity has a number; two clients of one name share one."""

    def __init__(self, clients: Iterable[tuple[Client, str | None]]) -> None:
        self._texts: list[tuple[str, Client]] = []
        self._of: dict[Client, set[int]] = {}
        numbers: dict[str, int] = {}
        for client, name in clients:
            own = self._of.setdefault(client, set())
            for text in ("|".join(client), name or ""):
                plain = folded(text[:_LONGEST])
                if _can_be_told(plain):
                    number = numbers.setdefault(plain, len(numbers))
                    if number == len(self._texts):
                        self._texts.append((plain, client))
                    own.add(number)
        self._anchors = self._by_rarest_word()

    def _by_rarest_word(self) -> dict[str, list[int]]:
        """Word -> identities: each under its rarest word, so that `Firma` leads to few of a thousand firms."""
        often: Counter[str] = Counter()
        for text, _ in self._texts:
            often.update(set(_WORD.findall(text)))
        anchors: dict[str, list[int]] = {}
        for number, (text, _) in enumerate(self._texts):
            rarest = min(_WORD.findall(text), key=lambda word: (often[word], -len(word)))
            anchors.setdefault(rarest, []).append(number)
        return anchors

    def of(self, client: Client) -> set[int]:
        """What that client is called."""
        return self._of.get(client, set())

    def which(self, number: int) -> tuple[Client, str, bool]:
        """Whose it is, what it is, and whether a text may hold it by chance: one word without a digit."""
        text, client = self._texts[number]
        return client, text, len(_WORD.findall(text)) == 1 and not any(c.isdigit() for c in text)

    def within(self, text: str) -> frozenset[int]:
        """Which identities stand in the folded text as whole words."""
        words = self._anchors.keys() & set(_WORD.findall(text))
        return frozenset(number for word in words for number in self._anchors[word] if _stands(self._texts[number][0], text))


def _can_be_told(text: str) -> bool:
    letters = sum(c.isalnum() for c in text)
    return letters >= (_SHORTEST_NUMBER if all(c.isdigit() for c in text if c.isalnum()) else _SHORTEST)


def _stands(identity: str, text: str) -> bool:
    start = text.find(identity)
    while start >= 0:
        if _apart(text, start, identity):
            return True
        start = text.find(identity, start + 1)
    return False


def _apart(text: str, start: int, identity: str) -> bool:
    """Whether the identity stands there by itself, not as a part of a longer word."""
    end = start + len(identity)
    before = start > 0 and _word(text[start - 1]) and _word(identity[0])
    after = end < len(text) and _word(text[end]) and _word(identity[-1])
    return not before and not after


def _word(character: str) -> bool:
    return character.isalnum() or character == "_"
