"""A run's evidence as the ground on which other policies are decided: the tables that it kept, else its facts where they serve."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling
from ..engines import duckdb_engine as engine
from ..engines import evidence
from ..model.checked import CheckedPolicy
from ..model.finding import has_errors
from ..model.plan import Query
from .between import contract_of, over_facts
from .finished import FinishedRun
from .policies import date_findings
from .sides import undated

if TYPE_CHECKING:
    import duckdb


@dataclass(slots=True)
class RunGround:
    """The evidence of one run. Nothing is written into its folder."""

    run: FinishedRun
    root: Path
    limits: engine.Limits
    stack: ExitStack
    name: str
    connection: duckdb.DuckDBPyConnection | None = None
    restored: bool = False
    narrowed: Path | None = None
    policies: int = 0
    without: int = field(default=0)
    """Policies that could not be decided on this ground."""

    def open(self) -> duckdb.DuckDBPyConnection:
        if self.connection is None:
            folder = self.run.folder.absolute()
            scratch = self.root / f"{self.name} scratch"
            scratch.mkdir()
            kept = [folder / "data"] if self.run.manifest.keeps_data else []
            files = [folder / "facts.parquet", folder / "decisions.parquet"]
            self.connection = self.stack.enter_context(engine.connected(files, [self.root, *kept], scratch, self.limits))
        return self.connection

    def decide(self, checked: CheckedPolicy, *, whole: bool = False) -> Path | None:
        """The folder with the policy's decisions (`whole`: with all columns, and facts), exceptions left aside; None where the evidence
        does not serve it."""
        checked = undated(checked)
        as_of = self.run.manifest.as_of
        if has_errors(date_findings(checked, as_of)):
            return None
        query = self.over_tables(checked) if self.run.manifest.keeps_data else None
        query = query or self.over_facts(checked)
        if query is None:
            self.without += 1
            return None
        self.policies += 1
        folder = self.root / f"{self.name}{self.policies}"
        folder.mkdir()
        if whole:
            engine.decide(self.open(), query, folder)
        else:
            evidence.decide_briefly(self.open(), query, folder / "decisions.parquet")
        return folder

    def over_tables(self, checked: CheckedPolicy) -> Query | None:
        """The whole query, where the policy reads the tables as the run did."""
        own = undated(self.run.checked)
        same_history = checked.policy.table("history") == own.policy.table("history")
        if contract_of(checked) != contract_of(own) or not (same_history or checked.policy.table("history") is None):
            return None
        connection = self.open()
        if not self.restored:
            engine.restore_tables(connection, own.policy.tables, (self.run.folder / "data").absolute())
            self.restored = True
            if self.narrowed is not None:
                evidence.keep_only(connection, [(t.name, t.key) for t in own.policy.tables], self.narrowed)
        return compiling.compile_policy(checked, self.run.manifest.as_of, history=self.run.manifest.history is not None)

    def over_facts(self, checked: CheckedPolicy) -> Query | None:
        """The row-level query over the run's facts, where they hold all that the policy reads."""
        as_of = self.run.manifest.as_of
        facts = (self.run.folder / "facts.parquet").absolute()
        return over_facts(self.open(), facts, self.run.checked, checked, as_of, self.narrowed)

    def narrow(self, moved: Path) -> None:
        """From here on only these clients are decided: allowed where nobody's decision depends on another client."""
        self.narrowed = moved
        if self.restored:
            evidence.keep_only(self.open(), [(t.name, t.key) for t in self.run.checked.policy.tables], moved)
