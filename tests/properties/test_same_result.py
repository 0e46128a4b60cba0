"""The same policy, data and date give the same rows in the same order, whatever the row order, the threads and the file format.

Here the rows come from files, through the data room and a run folder, and the oracle judges them too.
"""

from __future__ import annotations

import datetime
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from selective_sales.engines.duckdb_engine import Limits, parquet_rows
from selective_sales.pipeline.runs import Ending, Request, evaluate
from tests.making.choices import Drawn, Seeded
from tests.making.policies import MadeClient, Size, client, policy
from tests.making.schema import AS_OF, CLIENTS, ORDERS, Value
from tests.properties.harness import checked_policy, differing, oracle_decision

CLIENTS_PER_POLICY = 60
EXAMPLES = max(8, settings().max_examples // 15)

Rows = list[tuple[str, dict[str, Value]]]


@dataclass(frozen=True)
class Way:
    """One way to run: the files' format, the threads, and a seed for the row order (None: as made)."""

    format: str
    threads: int
    shuffle: int | None


WAYS = (Way("parquet", 1, None), Way("parquet", 2, 7), Way("csv", 2, 1), Way("csv", 1, 5))


def text(value: Value) -> str | None:
    """The cell as a data file would write it."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            return format(Decimal(repr(value)), "f")
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value)


def write(folder: Path, name: str, rows: Rows, columns: list[str], way: Way) -> Path:
    """The rows as a file in the way's format and order."""
    if way.shuffle is not None:
        rows = random.Random(way.shuffle).sample(rows, len(rows))
    typed = way.format == "parquet"
    cells: dict[str, list[Any]] = {"id": [key for key, _ in rows]}
    for column in columns:
        values = [row[column] for _, row in rows]
        cells[column] = list(values) if typed else [text(value) for value in values]
    path = folder / f"{name}.{way.format}"
    if typed:
        pyarrow.parquet.write_table(pa.table(cells), path)
    else:
        pyarrow.csv.write_csv(pa.table({k: pa.array(v, pa.string()) for k, v in cells.items()}), path)
    return path


def results(policy_file: Path, made: dict[str, MadeClient], folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Digest and rows of the decisions, for every way."""
    clients: Rows = [(key, c.row) for key, c in made.items()]
    orders: Rows = [(key, row) for key, c in made.items() for row in c.orders]
    for number, way in enumerate(WAYS):
        here = folder / str(number)
        here.mkdir()
        inputs = {
            "clients": write(here, "clients", clients, [c.name for c in CLIENTS], way),
            "orders": write(here, "orders", orders, [c.name for c in ORDERS], way),
        }
        outcome = evaluate(policy_file, Request(inputs, AS_OF, out=here / "run", limits=Limits(threads=way.threads)))
        assert outcome.ending is Ending.DONE, outcome.findings
        assert outcome.summary is not None
        yield outcome.summary.digest, parquet_rows(here / "run" / "decisions.parquet")


@st.composite
def policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), Size())


@settings(max_examples=EXAMPLES)
@given(text=policies(), seed=st.integers(0, 2**32))
def test_every_way_gives_the_same_rows(text: str, seed: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    made = {f"c{number:03}": client(choices, rare=False) for number in range(CLIENTS_PER_POLICY)}
    with tempfile.TemporaryDirectory() as name:
        policy_file = Path(name) / "policy.yaml"
        policy_file.write_text(text, encoding="utf-8")
        (digest, rows), *others = results(policy_file, made, Path(name))
    assert [row["id"] for row in rows] == sorted(made)
    for other_digest, other_rows in others:
        assert other_rows == rows
        assert other_digest == digest
    for row in rows:
        key = row["id"]
        assert not list(differing(row, oracle_decision(checked, made[key]), made[key])), f"{key}\n{text}"
