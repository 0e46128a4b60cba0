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
    from .companions import check_approvals, check_exceptions, check_tests
    from .gating import check_expect
    from .layout import Layout, is_formatted, lay_out, lay_out_content, write_layout
    from .letter_templates import check_templates
    from .letterheads import check_letterhead
    from .policies import compile_for_postgres, compile_for_spark, compile_policy, load_policy, prove
    from .tables import check_data

__all__ = [
    "Layout",
    "Sort",
    "check_approvals",
    "check_data",
    "check_exceptions",
    "check_expect",
    "check_letterhead",
    "check_templates",
    "check_tests",
    "compile_for_postgres",
    "compile_for_spark",
    "compile_policy",
    "is_formatted",
    "lay_out",
    "lay_out_content",
    "load_policy",
    "prove",
    "sort_of",
    "write_layout",
]

_MODULES = {
    "Layout": ".layout",
    "Sort": "..reading.sorts",
    "check_approvals": ".companions",
    "check_data": ".tables",
    "check_exceptions": ".companions",
    "check_expect": ".gating",
    "check_letterhead": ".letterheads",
    "check_templates": ".letter_templates",
    "check_tests": ".companions",
    "compile_for_postgres": ".policies",
    "compile_for_spark": ".policies",
    "compile_policy": ".policies",
    "is_formatted": ".layout",
    "lay_out": ".layout",
    "lay_out_content": ".layout",
    "load_policy": ".policies",
    "prove": ".policies",
    "sort_of": "..reading.sorts",
    "write_layout": ".layout",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(importlib.import_module(_MODULES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
