"""Values and texts in, words in a language out. The only room with Babel; refuses nothing: what has no value reads "no data"."""

from __future__ import annotations

from .cleaning import clean, short_words
from .speaking import fill, speaker
from .values import value

__all__ = ["clean", "fill", "short_words", "speaker", "value"]
