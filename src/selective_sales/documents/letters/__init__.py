"""A letter's case and a letterhead in, letters in Markdown, HTML, plain text and PDF out. Judges bodies before a letter is made of them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .lint import PolicyNames, WantedLetter, lint_letters, literal_texts_of
    from .paper import NotPrintedError, pdf_findings
    from .press import LetterFormat, LetterPress

__all__ = [
    "LetterFormat",
    "LetterPress",
    "NotPrintedError",
    "PolicyNames",
    "WantedLetter",
    "lint_letters",
    "literal_texts_of",
    "pdf_findings",
]

_MODULES = {
    "LetterFormat": "press",
    "LetterPress": "press",
    "NotPrintedError": "paper",
    "PolicyNames": "lint",
    "WantedLetter": "lint",
    "lint_letters": "lint",
    "literal_texts_of": "lint",
    "pdf_findings": "paper",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(importlib.import_module(f".{_MODULES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
