"""A report's numbers in, one HTML file that needs nothing else out: `print_report`. Jinja is imported only when a report is asked for.

Refuses nothing: what is wrong with a run is found before. What comes from data is escaped, cleaned and shortened.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .printing import LANGUAGES, MARK, print_report

__all__ = ["LANGUAGES", "MARK", "print_report"]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(importlib.import_module(".printing", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
