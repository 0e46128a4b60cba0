"""What earlier decisions were approved, as rules see it; and a replay that knows no more than the run did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from selective_sales.deciding.approvals import NAME

from .world import CLIENTS, POLICY, approved, changed, evaluated, firm, invoke, rows_of, written

WITH_HISTORY = POLICY.replace(
    "decisions:", "  declined: count(history[decision = 'decline'])\n  confirmed: count(history[approved])\ndecisions:"
)


def later(folder: Path, name: str, day: str, *options: str) -> Path:
    """A run that looks at the runs in the folder."""
    (folder / f"{name}.yaml").write_text(WITH_HISTORY, encoding="utf-8")
    (folder / f"{name}.csv").write_text(rows_of(CLIENTS), encoding="utf-8")
    data, out = f"clients={folder / f'{name}.csv'}", folder / name
    done = invoke("evaluate", folder / f"{name}.yaml", "--data", data, "--as-of", day, "--out", out, "--history", folder, *options)
    assert done.exit_code == 0, done.output
    return out


def confirmed(run: Path) -> dict[str, int]:
    """How many of each client's earlier decisions were approved."""
    with duckdb.connect() as connection:
        return dict(connection.execute(f"SELECT client_id, \"#2 count of history\" FROM '{run / 'facts.parquet'}'").fetchall())


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A run with letters, two of which are approved: those to A-01 and A-04."""
    firm(tmp_path)
    run = evaluated(tmp_path, "first", policy=WITH_HISTORY, day="2026-01-31")
    written(run)
    assert approved(run, "--client", "A-01", "--client", "A-04").exit_code == 0
    return run


def test_a_decision_is_approved_where_somebody_has_said_so(first: Path) -> None:
    run = later(first.parent, "second", "2026-02-28")
    assert confirmed(run) == {"A-01": 1, "A-02": 0, "A-03": 0, "A-04": 1, "A-05": 0, "A-06": 1, "A-07": 1, "A-08": 1}


def test_an_approval_that_was_taken_back_is_none(first: Path) -> None:
    """A run that knew it stays as it was."""
    before = later(first.parent, "second", "2026-02-28")
    done = invoke("approve", first, "--withdraw", "--client", "A-01", "--by", "Jan Lis", "--note", "No.")
    assert done.exit_code == 0, done.output
    run = later(first.parent, "third", "2026-02-28")
    assert (confirmed(before)["A-01"], confirmed(run)["A-01"], confirmed(run)["A-04"]) == (1, 0, 1)
    assert invoke("replay", before).exit_code == 0 and invoke("replay", run).exit_code == 0


def test_an_approval_is_of_the_run_that_it_names(first: Path) -> None:
    """The second run's decisions are the same ones, and nobody has approved them yet."""
    later(first.parent, "second", "2026-02-28")
    third = later(first.parent, "third", "2026-03-31")
    assert confirmed(third)["A-01"] == 1 and confirmed(third)["A-06"] == 2


def test_a_decision_with_another_letter_is_not_approved(first: Path) -> None:
    """An approval of a decline says nothing of a run in which the client was not declined."""
    other = evaluated(first.parent, "other", policy=WITH_HISTORY, clients=changed("A-01", revenue=9000), day="2026-02-28")
    assert other.is_dir()
    third = later(first.parent, "third", "2026-03-31")
    assert confirmed(third)["A-01"] == 2  # the approved decline, and a keep that needs no approval


def test_the_run_keeps_what_it_knew_and_a_replay_knows_no_more(first: Path) -> None:
    run = later(first.parent, "second", "2026-02-28")
    (entry,) = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["history"]
    assert (run / entry["approvals"]["copy"]).read_bytes() == (first.parent / NAME).read_bytes()
    assert approved(first, "--client", "A-02").exit_code == 0
    again = invoke("replay", run)
    assert again.exit_code == 0, again.output
    (first.parent / NAME).unlink()
    assert invoke("replay", run).exit_code == 0
    newer = later(first.parent, "newer", "2026-03-15")
    assert confirmed(newer)["A-01"] == 0


def test_the_approvals_are_part_of_the_runs_id_and_of_its_evidence(first: Path) -> None:
    ids = []
    for name in ("one", "two"):
        run = later(first.parent, name, "2026-02-28")
        ids.append(json.loads((run / "manifest.json").read_text(encoding="utf-8"))["run_id"])
        if name == "one":
            copy = next((run / "history").iterdir())
            copy.write_bytes(copy.read_bytes() + b"# touched\n")
            assert "SS711" in invoke("replay", run).stderr
            shutil.rmtree(run)
            assert approved(first, "--client", "A-02").exit_code == 0
    assert ids[0] != ids[1]


def test_a_damaged_file_stops_the_run(first: Path) -> None:
    path = first.parent / NAME
    path.write_text(path.read_text(encoding="utf-8").replace("note:", "notes:"), encoding="utf-8")
    (first.parent / "x.yaml").write_text(WITH_HISTORY, encoding="utf-8")
    data = f"clients={first.parent / 'first.csv'}"
    command = [
        "evaluate",
        first.parent / "x.yaml",
        "--data",
        data,
        "--as-of",
        "2026-02-28",
        "--history",
        first.parent,
        "--out",
        first.parent / "x",
    ]
    done = invoke(*command)
    assert done.exit_code == 3 and f"{NAME}:7:5" in done.stderr and not (first.parent / "x").exists()


def test_kept_data_replay_with_approvals(first: Path) -> None:
    run = later(first.parent, "second", "2026-02-28", "--keep-data")
    (first.parent / NAME).unlink()
    shutil.rmtree(first)
    assert invoke("replay", run).exit_code == 0
