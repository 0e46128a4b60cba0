"""The checking room: a Policy in, a CheckedPolicy and findings out. Pure: no files, no database.

It refuses what has no meaning: unknown names, kinds that do not go together, cycles, protected fields in decisions, texts that
cannot be filled. Everything is collected; nothing that follows from an earlier finding is said again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .checker import check
from .table_analysis import gaps

if TYPE_CHECKING:
    from .rule_proofs import prove

__all__ = ["check", "gaps", "prove"]


def __getattr__(name: str) -> object:
    # Asked for rarely, and not to slow down a check.
    if name == "prove":
        from .rule_proofs import prove

        return prove
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
