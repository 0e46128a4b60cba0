"""Sales time: its page holds, the named clients come out as it says, and whatever the book, a quarter of the time stays free."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from selective_sales.cli.app import main
from tests.docs.blocks import ROOT
from tests.policies.pages import evaluated, from_the_root, made_again, play_page, rows

EXAMPLE = ROOT / "examples/sales-time"
POLICY = "sales-time.yaml"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("time") / "run"
    result = evaluated(POLICY, EXAMPLE / "data", out)
    assert result.exit_code == 0, result.stderr
    return out


def test_the_page_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from_the_root(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert play_page(ROOT / "docs/policies/sales-time.md") == 5


def test_the_data_are_what_the_script_makes(tmp_path: Path) -> None:
    assert made_again(EXAMPLE / "make_sales_time.py", tmp_path) == (EXAMPLE / "data/clients.csv").read_bytes()


@pytest.mark.parametrize(
    ("client", "decision", "decided_by", "group"),
    [
        ("P-0001", "keep", "default", "largest"),
        ("P-0002", "develop", "less-than-planned", "largest"),
        ("P-0003", "flag", "more-than-planned", "largest"),
        ("P-0004", "keep", "default", "new_large"),
        ("P-0005", "develop", "less-than-planned", "new_large"),
        ("P-0006", "flag", "more-than-it-brings", "other"),
        ("P-0007", "keep", "default", "other"),
        ("P-0008", "undetermined", "unknown", None),
    ],
)
def test_the_clients_that_the_page_names(run: Path, client: str, decision: str, decided_by: str, group: str | None) -> None:
    query = f"SELECT decision, decided_by, \"group\" FROM '{run / 'decisions.parquet'}' WHERE client_id = '{client}'"
    assert rows(query) == [(decision, decided_by, group)]


def test_hours_per_group_and_client_are_those_of_hand_written_sql(run: Path) -> None:
    result = CliRunner().invoke(main, ["allocate", str(run), "--hours", "8000", "--format", "json"], catch_exceptions=False)
    assert result.exit_code == 0
    (allocation,) = json.loads(result.stdout)
    run_of = f"'{run / 'decisions.parquet'}'"
    query = f"""
        SELECT "group", sum(business * CASE "group" WHEN 'largest' THEN 0.5 ELSE 0.75 END) * 8000 / any_value(whole)
        FROM {run_of}, (SELECT sum(business) AS whole FROM {run_of}) WHERE "group" IN ('largest', 'new_large') GROUP BY "group"
    """
    by_hand = {group: Decimal(str(hours)) for group, hours in rows(query)}
    given = {group["id"]: Decimal(str(group["hours"])) for group in allocation["groups"]}
    assert given.keys() == by_hand.keys()
    assert all(abs(given[group] - by_hand[group]) < Decimal("0.1") for group in by_hand)


def book(folder: Path, clients: list[tuple[int, int, bool]]) -> Path:
    """A book of clients: revenue, expected revenue, whether it is to be won."""
    with (folder / "clients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("client_id name rep revenue client_since to_be_won expected_revenue sales_hours".split())
        for n, (revenue, expected, won) in enumerate(clients):
            writer.writerow([f"K{n}", f"Klient {n}", "Ewa", revenue, "2020-01-31", "tak" if won else "nie", expected, 10])
    return folder


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(-(10**6), 10**7), st.integers(0, 10**7), st.booleans()), min_size=1, max_size=12))
@example([(0, 100, True)])
@example([(100, 0, False), (-99, 0, False), (0, 50, True)])
@example([(0, 0, False)])
def test_whatever_the_book_a_quarter_stays_free(clients: list[tuple[int, int, bool]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = evaluated(POLICY, book(folder, clients), folder / "run")
        assert result.exit_code == 0, result.stderr
        assert "a quarter of the time stays free: held" in result.stdout
        decided = f"'{folder / 'run/decisions.parquet'}'"
        planned = rows(f"SELECT coalesce(sum(planned_share), 0) FROM {decided}")[0][0]
        assert -1e-9 <= planned <= 0.75 + 1e-7


def test_a_factor_raised_too_far_fails_the_run(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "policies", tmp_path, dirs_exist_ok=True)
    plan = tmp_path / "sales-time/hours-plan.yaml"
    text = plan.read_text(encoding="utf-8")
    assert text.count("value: 75%") == 1
    plan.write_text(text.replace("value: 75%", "value: 90%"), encoding="utf-8")
    book(tmp_path, [(0, 100, True), (10, 0, False)])
    arguments = ["evaluate", str(tmp_path / POLICY), "--data", str(tmp_path), "--as-of", "2026-11-22", "--out", str(tmp_path / "run")]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 1 and "a-quarter-stays-free" in result.stderr


def test_without_any_hours_the_plan_holds_and_nobody_is_judged(tmp_path: Path) -> None:
    with (EXAMPLE / "data/clients.csv").open(encoding="utf-8", newline="") as file:
        found = [row | {"sales_hours": ""} for row in csv.DictReader(file)]
    with (tmp_path / "clients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    result = evaluated(POLICY, tmp_path, tmp_path / "run")
    assert result.exit_code == 0 and "time for the largest: 28.4%" in result.stdout
    assert rows(f"SELECT DISTINCT decision FROM '{tmp_path / 'run/decisions.parquet'}'") == [("undetermined",)]
