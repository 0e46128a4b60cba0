"""What a policy says of one client, as a value: the row that a run would write for it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Value = object
LISTS = ("fired", "applied", "unknown", "missing_because", "possible_decisions")
OWN = ("decision", "policy_decision", "decided_by", *LISTS)
"""The columns of a result that every policy has, after those of the key."""


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """`client` is its key, by field; `values` has every score, table output and metric by its name; the other names are those of a run."""

    client: Mapping[str, Value]
    as_of: datetime.date
    decision: str
    policy_decision: str
    decided_by: str
    fired: tuple[str, ...]
    applied: tuple[str, ...]
    unknown: tuple[str, ...]
    missing_because: tuple[str, ...]
    possible_decisions: tuple[str, ...]
    values: Mapping[str, Value]
    slow_because: str | None = field(default=None, compare=False)
    """Why the client was decided as a run would, a hundred times slower than by the prepared statement; None where it was not."""

    @classmethod
    def of_row(cls, row: Mapping[str, Value], key: tuple[str, ...], as_of: datetime.date, slow_because: str | None) -> Decision:
        """A row of a run as a decision."""
        texts = [str(row[name]) for name in ("decision", "policy_decision", "decided_by")]
        lists = [tuple(map(str, items)) if isinstance(items := row[name], list) else () for name in LISTS]
        client = MappingProxyType({name: row[name] for name in key})
        rest = {name: value for name, value in row.items() if name not in OWN and name not in key}
        values = MappingProxyType(rest)
        return cls(client, as_of, texts[0], texts[1], texts[2], lists[0], lists[1], lists[2], lists[3], lists[4], values, slow_because)

    def __repr__(self) -> str:
        return f"<Decision on {'|'.join(map(str, self.client.values()))}: {self.decision} by {self.decided_by}, as of {self.as_of}>"

    def row(self) -> dict[str, Value]:
        """The same as a row of `Result.rows()`."""
        own: dict[str, Value] = {"decision": self.decision, "policy_decision": self.policy_decision, "decided_by": self.decided_by}
        lists = (self.fired, self.applied, self.unknown, self.missing_because, self.possible_decisions)
        return {**self.client, **own, **{name: list(items) for name, items in zip(LISTS, lists, strict=True)}, **self.values}
