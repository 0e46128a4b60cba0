"""Letters as printed in, findings out: what must never leave the house, looked for in every letter after it was made.

A letter must hold its own client's name and number; it must hold no other client's name or key, no `None`, `nan`, `{{` or `{%`, no empty
reason, and no character that stands for one that could not be read. What its own client's values say, and what the templates, the
letterhead and the policy say of themselves, is theirs to say.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..model.finding import Finding, Severity
from ..model.letter import LetterCase
from ..model.place import Place
from .identities import Identities, folded

_SIGNS = re.compile(r"\{\{|\{%|\ufffd|\b(?:None|nan|NaN)\b")
_PERHAPS = ("None", "nan", "NaN", "{{", "{%", "\ufffd")
"""Where none of these stands, no sign does."""
_NOTHING = frozenset({"none", "nan", "null", "n/a", "#n/a", "nil", "<na>", "nat"})
"""What other programs write where there is nothing."""
_MOST_PIECES = 50_000
_TAG = re.compile(r"<[^>]*>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|(&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]+);)")
"""In Markdown a sign that it would take for its own, or a character by its name."""
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a piece of a letter holds: identities by number, and signs of a hole."""

    clients: frozenset[int]
    signs: tuple[str, ...]


_NOTHING_SEEN = _Seen(frozenset(), ())
_BETWEEN = " \u2016 "
"""Stands in no name: what is looked for never begins in one piece and ends in the next."""


class LetterChecker:
    """Looks at the letters of one batch. Pieces that come again and again (the literal text of a body) are looked at once.

    `cases` are all letters of the batch; `literals` are the texts that every letter may hold: templates, letterhead, policy.
    """

    def __init__(self, cases: Sequence[LetterCase], literals: Iterable[str], format: str) -> None:
        self._format = format
        self._identities = Identities((case.client, case.name) for case in cases)
        self._literal = self._look("\n".join(literals))
        self._dull: set[str] = set()
        self._once: set[str] = set()

    def findings(self, case: LetterCase, printed: str, place: Path) -> list[Finding]:
        """What is wrong with the letter to that client. `printed` is its file as text (of a PDF: the letter's text)."""
        fresh = set(self._pieces(printed))
        fresh -= self._dull
        self._learn(fresh)
        plain = folded(_BETWEEN.join([self._plain(piece) for piece in fresh]))
        found = [_finding("SS973", case, place, problem) for problem in self._own(case, plain, printed)]
        seen = self._seen_in(plain)
        clients = seen.clients - self._identities.of(case.client)
        if clients:
            found += self._strangers(case, set(clients - self._literal.clients), place)
        found += [_finding("SS974", case, place, problem) for problem in _holes(case, set(seen.signs), self._literal.signs)]
        return found

    def _learn(self, fresh: set[str]) -> None:
        """Remembers the pieces that come again and hold nothing of interest: the literal text of a body."""
        for piece in fresh & self._once:
            if self._look(self._plain(piece)) == _NOTHING_SEEN and len(self._dull) < _MOST_PIECES:
                self._dull.add(piece)
        if len(self._once) > _MOST_PIECES:
            self._once.clear()
        self._once |= fresh

    def _own(self, case: LetterCase, plain: str, printed: str) -> Iterable[str]:
        """What of the client's own is neither in the pieces that are new nor, broken into several, anywhere."""
        wanted = [("name", case.name or ""), ("number", case.reference)]
        missing = [(what, text) for what, text in wanted if text not in plain and folded(text) not in plain]
        whole = folded(self._plain(printed, whole=True)) if missing else ""
        for what, text in missing:
            if folded(text) not in whole:
                yield f"it does not hold its own {what}, {text[:60]!r}"

    def _strangers(self, case: LetterCase, clients: set[int], place: Path) -> Iterable[Finding]:
        if not clients:
            return
        # The same street, the same family name: what the addressee is called and where they live is theirs.
        clients -= self._look("\n".join(filter(None, (case.name, case.salutation, *case.address, case.key, case.reference)))).clients
        said = self._look("\n".join(_said(case))).clients
        for number in sorted(clients)[:_SHOWN]:
            client, text, doubtful = self._identities.which(number)
            whose = f"{text[:60]!r}, which is what the client {'|'.join(client)[:60]!r} is called"
            where = "its reasons or other values name" if number in said else "it holds"
            severity = Severity.WARNING if doubtful and number in said else Severity.ERROR
            yield _finding("SS973", case, place, f"{where} {whose}", severity)

    def _look(self, text: str) -> _Seen:
        return self._seen_in(folded(text))

    def _seen_in(self, plain: str) -> _Seen:
        signs = set(_SIGNS.findall(plain)) if any(sign in plain for sign in _PERHAPS) else ()
        return _Seen(self._identities.within(plain), tuple(sorted(signs)))

    def _pieces(self, printed: str) -> list[str]:
        if self._format != "html":
            return printed.split("\n\n")
        head = printed.find("</head>")
        return printed[max(head, 0) :].split("<")

    def _plain(self, piece: str, whole: bool = False) -> str:
        """What a reader of the piece sees."""
        match self._format:
            case "html":
                text = _TAG.sub(" ", piece) if whole else piece.partition(">")[2]
                return html.unescape(text) if "&" in text else text
            case "md":
                return _ESCAPED.sub(lambda found: found[1] or html.unescape(found[2]), piece) if "\\" in piece or "&" in piece else piece
            case _:
                return piece


def duplicate_recipients(cases: Iterable[LetterCase], place: Path) -> list[Finding]:
    """Two letters to one recipient: keys that differ in case or Unicode form only (an error), the same name and address (a warning)."""
    keys: dict[tuple[str, ...], LetterCase] = {}
    homes: dict[tuple[str, ...], LetterCase] = {}
    numbers: dict[str, LetterCase] = {}
    found = []
    for case in cases:
        other = keys.setdefault(tuple(_same(part) for part in case.client), case)
        if other is not case:
            how = "is written to twice" if other.client == case.client else "differs in case or Unicode form only"
            message = f"the client {other.key!r} and the client {case.key!r}: {how}"
            found.append(Finding("SS975", message, Place(str(place)), "they are most likely one client: mend the data, then write once"))
        elif numbers.setdefault(case.reference, case) is not case:
            message = f"the letters to {numbers[case.reference].key!r} and {case.key!r} have one number, {case.reference!r}"
            found.append(Finding("SS975", message, Place(str(place)), "a number stands for one letter: write them into two batches"))
        home = tuple(_same(line) for line in (case.name or "", *case.address))
        if not case.name or not case.address:
            continue
        other = homes.setdefault(home, case)
        if other is not case and tuple(map(_same, other.client)) != tuple(map(_same, case.client)):
            message = f"the clients {other.key!r} and {case.key!r} have the same name and address: {case.name[:60]!r} gets two letters"
            help = "if they are one client, mend the data; if they are two, nothing is to be done"
            found.append(Finding("SS975", message, Place(str(place)), help, Severity.WARNING))
    return found


def _same(text: str) -> str:
    """What two writings of one text have in common."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def _said(case: LetterCase) -> list[str]:
    reasons = [reason.text for reason in case.reasons]
    return [*reasons, *case.missing, *case.changes, *(value for value in case.fields.values() if value is not None), case.decision]


def _holes(case: LetterCase, signs: set[str], literal: tuple[str, ...]) -> Iterable[str]:
    if any(not reason.text.strip() for reason in case.reasons):
        yield "one of its reasons is empty"
    if any(value and value.strip().casefold() in _NOTHING for value in (case.name, case.salutation, *case.address)):
        yield "its name, salutation or address is a word for nothing, as programs write it where a value is missing"
    if not signs:
        return
    values = "\n".join((case.name or "", case.salutation or "", *case.address, case.key, case.reference, *_said(case)))
    own = set(_SIGNS.findall(folded(values)))
    for sign in sorted(signs):
        if sign == "\ufffd":
            yield "it holds U+FFFD, which stands for a character that could not be read: the data were read in a wrong encoding"
        elif sign not in own and (sign in ("{{", "{%") or sign not in literal):
            yield f"it holds {sign!r}, where a value should stand"


def _finding(code: str, case: LetterCase, place: Path, problem: str, severity: Severity = Severity.ERROR) -> Finding:
    help = {
        "SS973": "nothing was published; see which value is of another client, in the data or in the template",
        "SS974": "nothing was published; mend the template, or the client's data",
    }[code]
    return Finding(code, f"the letter to client {case.key[:60]!r}: {problem}", Place(str(place)), help, severity)
