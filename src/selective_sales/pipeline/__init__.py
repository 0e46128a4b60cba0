"""Composes the rooms, and alone knows their order: reading -> checking -> compiling -> data -> engines -> deciding -> documents.

The commands and the public Python API sit on these functions. One module per road, imported when it is taken, so that a quick command
does not wait for the rooms of a slow one.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..reading import sort_of
    from ..reading.sorts import Sort
    from .companions import check_exceptions, check_tests
    from .gating import check_expect
    from .policies import compile_policy, load_policy
    from .tables import check_data

__all__ = ["Sort", "check_data", "check_exceptions", "check_expect", "check_tests", "compile_policy", "load_policy", "sort_of"]

_MODULES = {
    "Sort": "..reading.sorts",
    "check_data": ".tables",
    "check_exceptions": ".companions",
    "check_expect": ".gating",
    "check_tests": ".companions",
    "compile_policy": ".policies",
    "load_policy": ".policies",
    "sort_of": "..reading.sorts",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(importlib.import_module(_MODULES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
