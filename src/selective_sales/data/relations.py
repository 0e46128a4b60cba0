"""The tables of a database and the one that was asked for in, which it is out; or a finding with a did-you-mean.

A name is compared, never read: `schema.table`, or the table alone. Nothing that is asked for becomes SQL but as a quoted name of a table
that is there.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from ..model.finding import Finding
from ..model.place import Place
from ..model.sql import quote_name

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view. `plain`: it may be named without its schema; `readable`: whoever asks has the right to read it."""

    schema: str
    name: str
    plain: bool = True
    readable: bool = True

    @property
    def full(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def sql(self) -> str:
        return ".".join(quote_name(part) for part in (self.schema, self.name) if part)


def relation_named(relations: Sequence[Relation], asked: str, place: Place) -> tuple[Relation | None, tuple[Finding, ...]]:
    """The one of that name: a finding where there is none, where several have it, and where it must not be read."""
    found = [r for r in relations if r.full == asked] or [r for r in relations if r.plain and r.name == asked]
    if not found:
        return None, (Finding("SS999", f"there is no table '{asked}'", place, _similar(relations, asked)),)
    if len(found) > 1:
        names = " and ".join(f"'{r.full}'" for r in found)
        return None, (Finding("SS999", f"'{asked}' may be {names}", place, "Name the table with its schema"),)
    if not found[0].readable:
        return None, (Finding("SS999", f"the table '{asked}' may not be read by this user", place, "Ask for the right to SELECT from it"),)
    return found[0], ()


def _similar(relations: Sequence[Relation], asked: str) -> str:
    relations = [r for r in relations if r.readable]
    names = {name: r.full for r in relations for name in ((r.name, r.full) if r.plain else (r.full,))}
    folded = {name.casefold(): names[name] for name in names}
    close = difflib.get_close_matches(asked.casefold(), folded, 1)
    if close:
        return f"Did you mean '{folded[close[0]]}'?"
    listed = sorted({r.full for r in relations})
    if not listed:
        return "There is no table in it at all"
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return "The tables are " + ", ".join(f"'{name}'" for name in listed[:SHOWN]) + more
