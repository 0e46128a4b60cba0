"""A prepared query in, a locked connection out that plans it once and answers it for one literal per table after the other.

One statement runs at a time: threads that share it wait for each other, a few milliseconds each.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from ..model.plan import PreparedQuery
from .duckdb_engine import EngineError, Limits, connected
from .stopped import plain

UNDETERMINED = "undetermined"
Key = tuple[object, ...]


class PreparedPolicy:
    """`decide` gives the rows; it raises EngineError where those given break the contract, or are more than the engine can hold."""

    def __init__(self, query: PreparedQuery) -> None:
        self.query = query
        self._lock = threading.Lock()
        self._explains = False
        with ExitStack() as stack:
            self._connection = stack.enter_context(connected([], [], None, Limits(threads=1)))
            for statement in query.prelude:
                self._connection.execute(statement)
            self._connection.execute(f"PREPARE decide AS {query.decide}")
            self._open = stack.pop_all()

    def decide(self, literals: Sequence[str], keys: Sequence[Key], *, blanks: bool) -> list[dict[str, object]]:
        """A row per client in the order of `keys`, with the columns of a run; `literals` has the rows of each table as SQL.

        Where there are `blanks`, some client may well be undetermined: the reasons are then asked for at once.
        """
        given = ", ".join(literals)
        with self._lock:
            found = {} if blanks else self._rows(f"EXECUTE decide({given})")
            if blanks or any(row["decision"] == UNDETERMINED for row in found.values()):
                if not self._explains:
                    self._connection.execute(f"PREPARE why AS {self.query.why}")
                    self._explains = True
                found = self._rows(f"EXECUTE why({given})")
        if found.keys() != set(keys):
            raise EngineError("other clients came back than were given")
        return [self._row(found[key]) for key in keys]

    def close(self) -> None:
        with self._lock:
            self._open.close()

    def _rows(self, statement: str) -> dict[Key, dict[str, object]]:
        import duckdb

        try:
            found = self._connection.execute(statement)
            names = [column[0] for column in found.description or []]
            rows = found.fetchall()
        except duckdb.Error as error:
            raise EngineError(plain(error)) from error
        wide = len(self.query.key)
        return {row[:wide]: dict(zip(names, row, strict=True)) for row in rows}

    def _row(self, found: Mapping[str, object]) -> dict[str, object]:
        """The masks as lists of rules, in the columns of a run."""
        fired: list[str] = []
        applied: list[str] = []
        unknown: list[str] = []
        for mask in self.query.masks:
            missing = int(str(found[mask.unknown]))
            fired += mask.ids(int(str(found[mask.fired])))
            applied += mask.ids(missing & mask.applied)
            unknown += mask.ids(missing & ~mask.applied)
        return {
            **{name: found[name] for name in self.query.key},
            "decision": found["decision"],
            "policy_decision": found["decision"],
            "decided_by": found["decided_by"],
            "fired": fired,
            "applied": applied,
            "unknown": unknown,
            "missing_because": found.get("missing_because", []),
            "possible_decisions": found.get("possible_decisions", []),
            **{name: found[name] for name in self.query.metrics},
        }
