"""Exceptions: a named person overrules the policy for one client, for a time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from .expression import NOWHERE
from .place import Place


@dataclass(frozen=True, slots=True)
class PolicyException:
    """One entry of exceptions.yaml. `client` is the key as text, one item per key column; both dates are inclusive."""

    client: tuple[str, ...]
    decision: str
    because: str
    approved_by: str
    expires: datetime.date
    valid_from: datetime.date | None = None
    place: Place = field(default=NOWHERE, compare=False)

    def holds(self, as_of: datetime.date) -> bool:
        """True where the exception is in force on that date."""
        return (self.valid_from is None or self.valid_from <= as_of) and as_of <= self.expires


@dataclass(frozen=True, slots=True)
class ExceptionsFile:
    """exceptions.yaml as read."""

    path: str
    sha256: str
    entries: tuple[PolicyException, ...]
