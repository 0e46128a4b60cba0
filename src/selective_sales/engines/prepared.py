"""A prepared query in, a locked connection out that plans it once and answers it for one literal per table after the other.

One statement runs at a time: threads that share it wait for each other, a few milliseconds each.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from ..model.plan import PreparedQuery
from .duckdb_engine import EngineError, Limits, connected, plain

UNDETERMINED = "undetermined"


class PreparedPolicy:
    """`decide` gives the rows, or None where the rows given break the contract or are more than the engine can hold."""

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

    def decide(self, literals: Sequence[str]) -> list[dict[str, object]] | None:
        """A row per client, with the columns of a run; `literals` has the rows of each table as SQL."""
        given = ", ".join(literals)
        with self._lock:
            try:
                found = self._rows(f"EXECUTE decide({given})")
            except EngineError:
                return None
            why: dict[tuple[object, ...], dict[str, object]] = {}
            if any(row["decision"] == UNDETERMINED for row in found):
                if not self._explains:
                    self._connection.execute(f"PREPARE why AS {self.query.why}")
                    self._explains = True
                why = {self._key(row): row for row in self._rows(f"EXECUTE why({given})")}
        if len({self._key(row) for row in found}) < len(found):
            return None
        return [self._row(row, why.get(self._key(row), {})) for row in found]

    def close(self) -> None:
        with self._lock:
            self._open.close()

    def _rows(self, statement: str) -> list[dict[str, object]]:
        import duckdb

        try:
            found = self._connection.execute(statement)
            names = [column[0] for column in found.description or []]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        except duckdb.Error as error:
            raise EngineError(plain(error)) from error

    def _key(self, row: Mapping[str, object]) -> tuple[object, ...]:
        return tuple(row[name] for name in self.query.key)

    def _row(self, found: Mapping[str, object], why: Mapping[str, object]) -> dict[str, object]:
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
            "missing_because": why.get("missing_because", []),
            "possible_decisions": why.get("possible_decisions", []),
            **{name: found[name] for name in self.query.metrics},
        }
