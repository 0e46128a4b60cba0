"""A folder to begin with: a policy, its test, data, editor settings; from a sample, or from a client file whose contract is inferred.

In: the folder, and maybe a CSV file. Out: files that pass `check`, `test` and `evaluate` at once, or findings and not one file.
"""

from __future__ import annotations

from .laying import lay
from .layout import Laid, start

__all__ = ["Laid", "lay", "start"]
