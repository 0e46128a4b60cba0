"""Explanations in, memos in a folder out. The only room with Jinja, which is imported when a memo is asked for.

Refuses a template that reads what a memo does not have, calls anything or could write without end; a folder that is not empty; and
anything half written: what is published is whole.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .context import memo_view
    from .environment import Format
    from .memos import Written, WrittenMemo, write_memos
    from .view import MemoView

__all__ = ["Format", "MemoView", "Written", "WrittenMemo", "memo_view", "write_memos"]

_MODULES = {
    "Format": "environment",
    "MemoView": "view",
    "Written": "memos",
    "WrittenMemo": "memos",
    "memo_view": "context",
    "write_memos": "memos",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(importlib.import_module(f".{_MODULES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
