"""selective_sales: which relationship can a company afford with each client, and why.

    import selective_sales as ss

    policy = ss.read("policies/services.yaml")
    result = ss.evaluate(policy, {"clients": "clients.csv"}, as_of=datetime.date(2026, 11, 22))
    result.rows()

Everything else is reached through the command line, `selective-sales --help`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api import BrokenData, Decision, Explanation, InvalidPolicy, LoadedPolicy, NotDecided, Result, evaluate, read

__all__ = ["BrokenData", "Decision", "Explanation", "InvalidPolicy", "LoadedPolicy", "NotDecided", "Result", "evaluate", "read"]


def __getattr__(name: str) -> object:
    """The names above, imported when first used, so that the command line starts quickly."""
    if name in __all__:
        from . import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
