"""A statement of a Spark script in, the view that it makes and the relations that it reads out."""

from __future__ import annotations

import re

_VIEW = re.compile(r"CREATE OR REPLACE TEMPORARY VIEW `((?:[^`]|``)+)`")
_READ = re.compile(r"\b(?:FROM|JOIN) `((?:[^`]|``)+?)(?: kept)?`")


def view_of(statement: str) -> str:
    """As it stands between backticks."""
    found = _VIEW.match(statement)
    assert found is not None, "a query is set up by views"
    return found[1]


def reads_of(statement: str) -> list[str]:
    """Once for each place, as they stand between backticks; those of the script itself begin with #."""
    return _READ.findall(statement)
