"""Headers in, names of fields out: in any script, each once, none that the language keeps for itself."""

from __future__ import annotations

import re
import unicodedata

_KEYWORDS = frozenset("if then else or and not in is between within by missing present null true false".split())
_RESERVED = frozenset(
    (
        "as_of decision clients client history undetermined "
        "policy_decision decided_by fired applied unknown missing_because possible_decisions"
    ).split()
)
_INVISIBLE = "\u200b\u2060\ufeff"
_NAME = re.compile(r"[^\W\d_]\w*")


def clean(cell: str) -> str:
    """A cell as every reader of data sees it: NFC, without blanks around it (also non-breaking and zero-width ones)."""
    if cell.isascii():
        return cell.strip()
    text = unicodedata.normalize("NFC", cell).strip()
    while text and (text[0] in _INVISIBLE or text[-1] in _INVISIBLE):
        text = text.strip(_INVISIBLE).strip()
    return text


def slug(text: str, otherwise: str) -> str:
    """A policy id or file name made of a-z, 0-9 and hyphens."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or otherwise


def field_names(headers: list[str]) -> list[str]:
    """One name per header. A header that is a name already keeps its letters' case; a clash gets a number (case set aside)."""
    taken: set[str] = set()
    names = []
    for position, header in enumerate(headers, 1):
        name = stem = _stem(header) or f"column_{position}"
        count = 2
        while name.casefold() in taken:
            name = f"{stem}_{count}"
            count += 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _stem(header: str) -> str:
    text = clean(header)
    if not _NAME.fullmatch(text):
        text = unicodedata.normalize("NFC", text.lower())
        text = re.sub(r"_+", "_", re.sub(r"\W", "_", text)).strip("_")
        if text and not _NAME.fullmatch(text):
            text = f"column_{text}"
    if text in _KEYWORDS or text in _RESERVED or text.lower() == "rowid":
        text += "_"
    return text[:60]
