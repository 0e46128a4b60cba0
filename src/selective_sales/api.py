"""The public Python API: read a policy, decide clients, get the result as rows, Arrow, pandas or polars.

Findings are values: `read` never raises for a bad policy, it tells in `findings`. `evaluate` raises NotDecided (with the findings) where
it could decide nothing.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .loaded import BrokenData as BrokenData
from .loaded import Explanation as Explanation
from .loaded import InvalidPolicy as InvalidPolicy
from .loaded import LoadedPolicy as LoadedPolicy
from .loaded import NotDecided as NotDecided
from .loaded import refusal
from .model.decision import Decision as Decision
from .model.finding import Finding, has_errors
from .pipeline.policies import load_policy

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from .model.checked import CheckedPolicy
    from .model.results import WholeResult
    from .pipeline.summary import Summary


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
    spark: str | None = None,
) -> Result:
    """Decides every client.

    `data` maps each table's name to a file (CSV, TSV, Excel, Parquet, JSON Lines, SQLite, DuckDB), a `postgresql://` address, or a pyarrow
    Table, pandas or polars DataFrame. `out` also writes a run folder there; `history` is a folder of earlier run folders. Raises
    InvalidPolicy or BrokenData (both NotDecided) with the findings, where nothing could be decided.

    `spark` is a Spark master, such as `local[*]`: Spark reads and decides then, and where a table is a DataFrame of Spark. Tables are then
    paths, `table:NAME` of the catalog, or such DataFrames; a session that is there is used, and stays as it is.
    """
    from .pipeline.runs import Limits, Request, evaluate_checked

    if not isinstance(policy, LoadedPolicy):
        raise TypeError(f"evaluate takes what read() gives, not {type(policy).__name__}: evaluate(read(path), ...)")
    if not isinstance(data, Mapping):
        raise TypeError(f"data is a mapping from table to file or table in memory, not {type(data).__name__}: {{'clients': ...}}")
    if policy.checked is None:
        raise InvalidPolicy(policy.findings)
    with places(policy, policy.checked, data, spark) as (inputs, told, master):
        if has_errors(told):
            raise NotDecided((*policy.findings, *told))
        home = tempfile.TemporaryDirectory(prefix="selective-sales-")
        request = Request(
            inputs=inputs,
            as_of=as_of,
            out=Path(out) if out is not None else Path(home.name) / "run",
            exceptions=None if exceptions is None else Path(exceptions),
            quarantine=quarantine,
            limits=Limits(threads, memory_limit),
            history=None if history is None else Path(history),
            spark=master,
        )
        outcome = evaluate_checked(policy.checked, request, (*policy.findings, *told))
    if outcome.summary is None:
        home.cleanup()
        raise refusal(outcome.ending)(outcome.findings)
    assert request.out is not None
    return Result(outcome.summary, outcome.findings, home, request.out)


@contextmanager
def places(
    policy: LoadedPolicy, checked: CheckedPolicy, data: Mapping[str, Any], master: str | None
) -> Iterator[tuple[Mapping[str, Any], tuple[Finding, ...], str | None]]:
    """Where the tables are, what is wrong with that, and the Spark master, where Spark is to decide."""
    from .model.data import given, is_spark_frame

    if master is None and not any(map(is_spark_frame, data.values())):
        yield {name: given(value) if isinstance(value, str | os.PathLike) else value for name, value in data.items()}, (), None
        return
    from .pipeline import spark_runs

    with spark_runs.places_of(data, checked.policy.delivered, policy.path) as (inputs, told):
        yield inputs, told, master or spark_runs.LOCAL
