"""The public Python API: read a policy, decide clients, get the result as rows, Arrow, pandas or polars.

Findings are values: `read` never raises for a bad policy, it tells in `findings`. `evaluate` raises NotDecided (with the findings) where
it could decide nothing.
"""

from __future__ import annotations

import datetime
import os
import tempfile
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .model.checked import CheckedPolicy
from .model.decision import Decision as Decision
from .model.finding import Finding
from .pipeline.policies import load_policy

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from .model.results import WholeResult
    from .pipeline.deciding import Decider
    from .pipeline.runs import Ending
    from .pipeline.summary import Summary


class NotDecided(Exception):  # noqa: N818 - it says what happened, as users of the API read it
    """Nothing was decided. `findings` say why, each with its place."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        shown = [f"{f.place}: {f.code} {f.message}" for f in findings if f.severity == "error"]
        super().__init__("\n".join(shown[:5]) + (f"\nand {len(shown) - 5} more" if len(shown) > 5 else ""))


class InvalidPolicy(NotDecided):
    """The policy, the exceptions or the date do not allow a run."""


class BrokenData(NotDecided):
    """The data breaks its contract."""


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy as read from `path`. `checked` is None where an error makes it unusable; `findings` has errors, warnings and notes.

    `decide` prepares the policy for a date when it is first asked for it, and keeps what it prepared until `close`; the policy can be used
    in a `with` statement. Threads may share it: one statement runs at a time, behind a lock.
    """

    path: Path
    checked: CheckedPolicy | None = field(repr=False)
    findings: tuple[Finding, ...]
    _use: _Use = field(default_factory=lambda: _Use(), init=False, repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """True where the policy can be used."""
        return self.checked is not None

    def decide(
        self,
        client: Mapping[str, Any],
        *,
        as_of: datetime.date | None = None,
        portfolio: str | os.PathLike[str] | None = None,
        exceptions: str | os.PathLike[str] | None = None,
        history: str | os.PathLike[str] | None = None,
        **child_rows: Iterable[Mapping[str, Any]],
    ) -> Decision:
        """Decides one client, given as a mapping from field to value, as `evaluate` would.

        `child_rows` has a list of mappings per child table of the policy: `orders=[{...}, {...}]`, `orders=[]` for none; a row may leave
        out the client's key. A value is a text, a number, a bool, a date, or None; a field left out is blank. `as_of` is today where it
        is not given. A policy that looks at the portfolio needs `portfolio`, the folder of a run of the same policy: the client takes the
        place of the run's client with its key, or joins them. Raises InvalidPolicy or BrokenData (both NotDecided) with the findings.
        """
        (decision,) = self._decide([client], child_rows, as_of, portfolio, exceptions, history, alone=True)
        return decision

    def decide_many(
        self,
        clients: Iterable[Mapping[str, Any]],
        *,
        as_of: datetime.date | None = None,
        portfolio: str | os.PathLike[str] | None = None,
        exceptions: str | os.PathLike[str] | None = None,
        history: str | os.PathLike[str] | None = None,
        **child_rows: Iterable[Mapping[str, Any]],
    ) -> tuple[Decision, ...]:
        """Decides a few clients at once, in the order of their key. As `decide`, but that each child row names its client."""
        return self._decide(clients, child_rows, as_of, portfolio, exceptions, history, alone=False)

    def _decide(
        self,
        clients: Iterable[Mapping[str, Any]],
        child_rows: Mapping[str, Any],
        as_of: datetime.date | None,
        portfolio: str | os.PathLike[str] | None,
        exceptions: str | os.PathLike[str] | None,
        history: str | os.PathLike[str] | None,
        *,
        alone: bool,
    ) -> tuple[Decision, ...]:
        from .pipeline.deciding import Asked

        if isinstance(clients, Mapping | str | bytes) or not isinstance(clients, Iterable):
            raise TypeError(f"decide_many takes a list of clients, not {type(clients).__name__}: decide_many([{{...}}, {{...}}])")
        if as_of is not None and (not isinstance(as_of, datetime.date) or isinstance(as_of, datetime.datetime)):
            raise TypeError(f"as_of is a datetime.date, not {type(as_of).__name__}")
        if self.checked is None:
            raise InvalidPolicy(self.findings)
        folders = [None if path is None else Path(path) for path in (portfolio, exceptions, history)]
        answer = self._use.of(self.checked).decide(Asked(list(clients), child_rows, as_of or datetime.date.today(), alone, *folders))
        if answer.decisions is None:
            raise _refusal(answer.ending)(answer.findings)
        return answer.decisions

    def close(self) -> None:
        """Gives back what `decide` prepared. The policy decides no more clients; `evaluate` still takes it."""
        self._use.close()

    def __enter__(self) -> LoadedPolicy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Use:
    """What a policy was prepared for: made when it first decides, gone when it is closed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.decider: Decider | None = None
        self.closed = False

    def of(self, checked: CheckedPolicy) -> Decider:
        from .pipeline.deciding import Decider

        with self.lock:
            if self.closed:
                raise ValueError("the policy is closed: read it again")
            if self.decider is None:
                self.decider = Decider(checked)
            return self.decider

    def close(self) -> None:
        with self.lock:
            self.closed = True
            if self.decider is not None:
                self.decider.close()


def _refusal(ending: Ending) -> type[NotDecided]:
    """The exception for the side on which an error lies."""
    from .pipeline.runs import Ending

    return {Ending.BROKEN_DATA: BrokenData, Ending.INVALID_POLICY: InvalidPolicy}.get(ending, NotDecided)


class Result:
    """The decisions of a run: a row per client, in the order of the key, with the columns of `decisions.parquet`.

    Keeps the rows in a temporary file until it is closed or forgotten; usable in a `with` statement.
    """

    def __init__(self, summary: Summary, findings: tuple[Finding, ...], home: tempfile.TemporaryDirectory[str], folder: Path) -> None:
        self.summary = summary
        self.findings = findings
        self.folder = folder
        self._home = home

    @property
    def whole(self) -> WholeResult:
        """Figures, limits, guarantees and allocations; `failed` where a promise was not kept."""
        return self.summary.whole

    @property
    def digest(self) -> str:
        """The content of the decisions as one number: equal where they are."""
        return self.summary.digest

    def rows(self) -> list[dict[str, Any]]:
        """Each client as a dict: column name -> Decimal, int, float, str, bool, date, list of str, or None."""
        from .engines.duckdb_engine import parquet_rows

        return parquet_rows(self.folder / "decisions.parquet")

    def arrow(self) -> pyarrow.Table:
        """As a pyarrow Table (pyarrow must be installed)."""
        import pyarrow.parquet

        return pyarrow.parquet.read_table(self.folder / "decisions.parquet")

    def pandas(self) -> pandas.DataFrame:
        """As a pandas DataFrame (pandas and pyarrow must be installed)."""
        return self.arrow().to_pandas()

    def polars(self) -> polars.DataFrame:
        """As a polars DataFrame (polars must be installed)."""
        import polars

        return polars.read_parquet(self.folder / "decisions.parquet")

    def close(self) -> None:
        """Removes the temporary file; a run folder that was asked for stays."""
        self._home.cleanup()

    def __enter__(self) -> Result:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        counts = ", ".join(f"{c.name} {c.clients}" for c in self.summary.decisions)
        return f"<Result of {self.summary.policy_id} as of {self.summary.as_of}: {counts}>"


def read(path: str | os.PathLike[str]) -> LoadedPolicy:
    """Reads and checks the policy in that file. Raises FileNotFoundError where there is none."""
    place = Path(path)
    if not place.is_file():
        raise FileNotFoundError(f"there is no policy file {place}")
    checked, findings = load_policy(place)
    return LoadedPolicy(place, checked, findings)


def evaluate(
    policy: LoadedPolicy,
    data: Mapping[str, Any],
    *,
    as_of: datetime.date,
    exceptions: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    quarantine: bool = False,
    threads: int | None = None,
    memory_limit: str | None = None,
    history: str | os.PathLike[str] | None = None,
) -> Result:
    """Decides every client.

    `data` maps each table's name to a file (CSV, TSV, Parquet, JSON Lines) or to a pyarrow Table, pandas or polars DataFrame. `out` also
    writes a run folder there; `history` is a folder of earlier run folders. Raises InvalidPolicy or BrokenData (both NotDecided) with the
    findings, where nothing could be decided.
    """
    from .pipeline.runs import Limits, Request, evaluate_checked

    if not isinstance(policy, LoadedPolicy):
        raise TypeError(f"evaluate takes what read() gives, not {type(policy).__name__}: evaluate(read(path), ...)")
    if not isinstance(data, Mapping):
        raise TypeError(f"data is a mapping from table to file or table in memory, not {type(data).__name__}: {{'clients': ...}}")
    if policy.checked is None:
        raise InvalidPolicy(policy.findings)
    home = tempfile.TemporaryDirectory(prefix="selective-sales-")
    folder = Path(out) if out is not None else Path(home.name) / "run"
    request = Request(
        inputs={name: Path(value) if isinstance(value, str | os.PathLike) else value for name, value in data.items()},
        as_of=as_of,
        out=folder,
        exceptions=None if exceptions is None else Path(exceptions),
        quarantine=quarantine,
        limits=Limits(threads, memory_limit),
        history=None if history is None else Path(history),
    )
    outcome = evaluate_checked(policy.checked, request, policy.findings)
    if outcome.summary is None:
        home.cleanup()
        raise _refusal(outcome.ending)(outcome.findings)
    return Result(outcome.summary, outcome.findings, home, folder)
