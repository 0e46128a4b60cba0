"""The checking room: a Policy in, a CheckedPolicy and findings out. Pure: no files, no database.

It refuses what has no meaning: unknown names, kinds that do not go together, cycles, protected fields in decisions, texts that
cannot be filled. Everything is collected; nothing that follows from an earlier finding is said again.
"""

from .again import Again
from .checker import check
from .table_analysis import gaps

__all__ = ["Again", "check", "gaps"]
