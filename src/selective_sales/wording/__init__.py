"""Values and texts in, words in a language out. The only room with Babel; refuses nothing: what has no value reads "no data".

How texts are worded is judged here too: `tone` finds what a good letter does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cleaning import clean, short_words
    from .manners import Audience, Slip
    from .sheet_words import Headings, headings
    from .speaking import fill, speaker
    from .tone_of_policy import tone_findings
    from .tone_of_text import tone
    from .values import value

__all__ = ["Audience", "Headings", "Slip", "clean", "fill", "headings", "short_words", "speaker", "tone", "tone_findings", "value"]
_MODULES = {
    "Audience": "manners", "Headings": "sheet_words", "Slip": "manners", "clean": "cleaning", "fill": "speaking", "headings": "sheet_words",
    "short_words": "cleaning", "speaker": "speaking", "tone": "tone_of_text", "tone_findings": "tone_of_policy", "value": "values",
}  # fmt: skip


def __getattr__(name: str) -> object:
    # Each when it is asked for: a check judges texts and fills none.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
