"""`diff` on the real order lines and on the agency: the matrix has every client, and whoever is said to move by a change moves when that
change alone is made in the policy's text and `evaluate` decides."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.pipeline.runs import Ending, Limits, Request, evaluate
from tests.real_data import real_file

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Example:
    """A policy, its data, the edits of its text each of which is one change, and how many clients there are."""

    policy: Path
    data: tuple[str, ...]
    as_of: str
    edits: tuple[tuple[str, str], ...]
    clients: int

    def text(self, *numbers: int) -> str:
        text = self.policy.read_text(encoding="utf-8")
        for number in numbers:
            before, after = self.edits[number]
            assert before in text
            text = text.replace(before, after, 1)
        return text

    def decided(self, folder: Path, *numbers: int) -> dict[str, str]:
        """Every client's decision by the policy with these edits, decided by `evaluate`."""
        name = "with " + " ".join(map(str, numbers))
        path = folder / f"{name}.yaml"
        path.write_text(self.text(*numbers), encoding="utf-8")
        inputs: dict[str, Path | object] = {}
        for argument in self.data:
            table, _, file = argument.partition("=")
            if file:
                inputs[table] = Path(file)
            else:
                inputs |= {p.stem: p for p in Path(argument).iterdir()}
        outcome = evaluate(path, Request(inputs, datetime.date.fromisoformat(self.as_of), folder / name, limits=Limits(threads=2)))
        assert outcome.ending is Ending.DONE, outcome.findings
        with duckdb.connect() as connection:
            source = folder / name / "decisions.parquet"
            return dict(connection.execute(f"SELECT CAST(client_id AS VARCHAR), decision FROM '{source}'").fetchall())

    def compared(self, folder: Path) -> dict[str, Any]:
        """`diff` of the policy with the policy with all edits."""
        (folder / "new.yaml").write_text(self.text(*range(len(self.edits))), encoding="utf-8")
        words = ["diff", str(self.policy), str(folder / "new.yaml"), "--as-of", self.as_of, "--format", "json"]
        done = CliRunner().invoke(main, [*words, *(w for d in self.data for w in ("--data", d))], catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        content = json.loads(done.stdout)
        assert isinstance(content, dict)
        return content


def retail(folder: Path) -> Example:
    lines = real_file("online_retail_uci.parquet")
    clients = folder / "clients.parquet"
    select = f"SELECT CustomerID, min(Country) AS Country FROM '{lines}' WHERE CustomerID IS NOT NULL GROUP BY CustomerID"
    duckdb.connect().execute(f"COPY ({select}) TO '{clients}'")
    edits = (
        ("small_order: {value: 40,", "small_order: {value: 50,"),
        ("many_returns: {value: 25%,", "many_returns: {value: 20%,"),
        ("lines_returned >= 3", "lines_returned >= 2"),
        ("orders = 1 and profit >= 300", "orders = 1 and profit >= 250"),
        ('silence: {value: 180 days,', "silence: {value: 150 days,"),
    )  # fmt: skip
    return Example(ROOT / "examples/online-retail/online-retail.yaml", (f"clients={clients}", f"lines={lines}"), "2011-12-10", edits, 4372)


def agency(folder: Path) -> Example:
    edits = (
        ("minimum_margin: {value: 8%,", "minimum_margin: {value: 15%,"),
        ("latest_payment: {value: 45 days,", "latest_payment: {value: 30 days,"),
        ("hourly_cost: {value: 150,", "hourly_cost: {value: 165,"),
        ("unless: margin >= 30%", "unless: margin >= 40%"),
    )
    example = ROOT / "examples/services-agency"
    return Example(example / "services-agency.yaml", (str(example / "data"),), "2026-11-22", edits, 400)


@pytest.fixture(scope="module", params=[retail, agency], ids=["online retail", "agency"])
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Example, Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("diff")
    made: Example = request.param(folder)
    return made, folder, made.compared(folder)


def test_the_matrix_has_every_client(example: tuple[Example, Path, dict[str, Any]]) -> None:
    made, folder, content = example
    assert sum(cell["clients"] for cell in content["matrix"]) == made.clients
    before, after = made.decided(folder), made.decided(folder, *range(len(made.edits)))
    counts: dict[tuple[str, str], int] = {}
    for client, decision in before.items():
        counts[(decision, after[client])] = counts.get((decision, after[client]), 0) + 1
    assert {(cell["old"], cell["new"]): cell["clients"] for cell in content["matrix"]} == counts


def test_every_edit_is_one_change(example: tuple[Example, Path, dict[str, Any]]) -> None:
    made, _, content = example
    assert len(content["changes"]) == len(made.edits)


def test_who_moves_moves_by_what_is_said(example: tuple[Example, Path, dict[str, Any]], tmp_path: Path) -> None:
    made, folder, content = example
    after = {m["client"][0]: m["new"] for m in content["moved"]}
    assert after
    numbers = range(len(made.edits))
    by_change = change_of_edit(made, folder, content)
    alone = {n: made.decided(tmp_path, n) for n in numbers}
    pairs = {pair: made.decided(tmp_path, *pair) for pair in combinations(numbers, 2)}
    for moved in content["moved"]:
        client = moved["client"][0]
        said = {frozenset(by_change[number] for number in one) for one in moved["cause"]["sets"]}
        single = {frozenset({n}) for n in numbers if alone[n][client] == after[client]}
        if single:
            assert said == single, client
            continue
        together = {frozenset(pair) for pair, decided in pairs.items() if decided[client] == after[client]}
        assert len(said) == 1, client
        assert said <= together if together else all(len(one) > 2 for one in said), client


def change_of_edit(made: Example, folder: Path, content: dict[str, Any]) -> dict[int, int]:
    """The edit that each change is: its new value stands in the edit's text."""
    found = {}
    for change in content["changes"]:
        edits = [
            n
            for n, (_, after) in enumerate(made.edits)
            if change["new"] in after and (change["path"][1] in after or change["path"][0] == "rules")
        ]
        assert len(edits) == 1, change
        found[change["number"]] = edits[0]
    return found


def test_the_money_of_all_is_in_the_matrix(example: tuple[Example, Path, dict[str, Any]]) -> None:
    _, _, content = example
    total = sum(float(cell["money"]) for cell in content["matrix"])
    moved = sum(float(m["money"]) for m in content["moved"])
    by_cause = sum(float(c["money"]) for c in content["causes"])
    assert moved == pytest.approx(by_cause)
    assert total > moved > 0
    assert sum(c["clients"] for c in content["causes"]) == len(content["moved"]) == content["changed"]
