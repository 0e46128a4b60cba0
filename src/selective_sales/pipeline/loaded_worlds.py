"""Made-up clients in, what is asked of them out. Each world is a portfolio of its own, loaded as any data is.

A world that the loader refuses is left out, and the others are loaded without it.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .. import data, testing
from ..engines import duckdb_engine as engine
from ..model.cases import Case
from ..model.checked import CheckedPolicy
from ..testing.batch import Batch, ReadyCase
from ..testing.worlds import World, rows_of

if TYPE_CHECKING:
    import duckdb

Answer = TypeVar("Answer")
Ask = Callable[["duckdb.DuckDBPyConnection", Batch, Path], Answer]
"""Of the loaded worlds, with a folder for what it needs."""


@dataclass(frozen=True, slots=True)
class Loader:
    """Of worlds of one policy on one date. `whole` is the policy with the column that tells the worlds apart."""

    checked: CheckedPolicy
    as_of: datetime.date
    column: str
    whole: CheckedPolicy

    @classmethod
    def of(cls, checked: CheckedPolicy, as_of: datetime.date) -> Loader:
        column = testing.case_column(checked.policy)
        return cls(checked, as_of, column, testing.with_case_column(checked, column))

    def ask(self, worlds: Mapping[str, World], ask: Ask[Answer]) -> Answer | None:
        """The answer of the worlds, by their keys in the column; None where not one of them can be loaded."""
        ready: dict[str, ReadyCase] = {}
        for key, world in worlds.items():
            rows = rows_of(self.checked.policy, world, named=True)
            if rows is not None:
                ready[key] = ReadyCase(key, Case("", {}, ()), rows, (), ())
        while ready:
            batch = Batch(self.checked.policy, False, self.as_of, self.column, tuple(ready.values()))
            with tempfile.TemporaryDirectory(prefix="selective-sales-worlds-") as folder:
                refused, answer = self._loaded(batch, Path(folder), ask)
            if not refused:
                return answer
            ready = {key: one for key, one in ready.items() if key not in refused}
        return None

    def _loaded(self, batch: Batch, folder: Path, ask: Ask[Answer]) -> tuple[frozenset[str], Answer | None]:
        """The worlds that the loader refuses; where there are none, the answer."""
        for name in ("in", "temp"):
            (folder / name).mkdir()
        staged = testing.stage(batch, folder / "in")
        with engine.connected(staged.files.values(), [folder], folder / "temp", engine.Limits(threads=1)) as connection:
            policy = self.whole.policy
            loaded = data.load(
                connection, policy.tables, staged.files, currency=policy.currency, as_of=self.as_of, quarantine=None, staging=folder
            )
            refused = testing.broken(batch, staged, loaded)
            return (frozenset(refused), None) if refused else (frozenset(), ask(connection, batch, folder))
