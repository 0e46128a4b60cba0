"""A policy's text in, the same text in canonical layout out; what it says and every comment stay. The only room with ruamel.

It refuses nothing itself: the text must be one that the reader has found sound. Whether the result still says the same is not for this
room to swear: the pipeline has it read again.
"""

from __future__ import annotations

from .building import build
from .building import comments as _comments
from .ordering import ordered
from .parsing import NotUnderstoodError
from .printing import printed
from .sameness import same, same_values
from .shapes import shape_of

__all__ = ["NotUnderstoodError", "canonical", "comments", "same", "same_values"]


def canonical(text: str, schema: str) -> str:
    """The text in canonical layout; `schema` is the kind of file: policy, test or exceptions. Raises NotUnderstoodError."""
    document = build(_with_line_feeds(text))
    shape = shape_of(schema)
    return printed(ordered(document, shape), shape)


def comments(text: str) -> tuple[str, ...]:
    """Every comment of the text. Raises NotUnderstoodError."""
    return _comments(_with_line_feeds(text))


def _with_line_feeds(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"
