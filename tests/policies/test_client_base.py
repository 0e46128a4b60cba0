"""The client base: its page holds, the clients that the page names come out as it says, and its gates close on bad records."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT
from tests.policies.pages import evaluated, from_the_root, made_again, play_page, rows

EXAMPLE = ROOT / "examples/client-base"
POLICY = "client-base.yaml"


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("base") / "run"
    result = evaluated(POLICY, EXAMPLE / "data", out)
    assert result.exit_code == 0, result.stderr
    return out / "decisions.parquet"


def changed(folder: Path, changes: dict[str, dict[str, str]]) -> Path:
    """The example's data with other cells in the named clients' rows."""
    with (EXAMPLE / "data/clients.csv").open(encoding="utf-8", newline="") as file:
        found = [row | changes.get(row["client_id"], {}) for row in csv.DictReader(file)]
    with (folder / "clients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    return folder


def test_the_page_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from_the_root(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert play_page(ROOT / "docs/policies/client-base.md") == 3


def test_the_data_are_what_the_script_makes(tmp_path: Path) -> None:
    assert made_again(EXAMPLE / "make_client_base.py", tmp_path) == (EXAMPLE / "data/clients.csv").read_bytes()


@pytest.mark.parametrize(
    ("client", "decision", "decided_by", "tier", "care"),
    [
        ("B-0001", "keep", "default", "top", "protect"),
        ("B-0002", "develop", "large-but-loose", "middle", "bind"),
        ("B-0003", "develop", "worth-growing", "top", "grow"),
        ("B-0004", "develop", "good-prospect", "prospect", "win"),
        ("B-0005", "decline", "no-fit", "prospect", "win"),
        ("B-0006", "flag", "no-fit-not-explained", "prospect", "win"),
        ("B-0007", "undetermined", "unknown", "middle", "serve"),
        ("B-0008", "flag", "record-too-old", "top", "grow"),
        ("B-0009", "flag", "winning-it-does-not-pay", "middle", "grow"),
        ("B-0010", "flag", "fell-silent", "basic", "win"),
    ],
)
def test_the_clients_that_the_page_names(decisions: Path, client: str, decision: str, decided_by: str, tier: str, care: str) -> None:
    found = rows(f"SELECT decision, decided_by, tier, care FROM '{decisions}' WHERE client_id = '{client}'")
    assert found == [(decision, decided_by, tier, care)]


def test_the_order_of_the_base_is_by_priority_and_everybody_has_a_tier(decisions: Path) -> None:
    assert rows(f"SELECT place_in_base FROM '{decisions}' WHERE client_id = 'B-0001'") == [(2,)]
    assert rows(f"SELECT count(*), count(tier) FROM '{decisions}'") == [(260, 260)]
    upside_down = (
        f"SELECT count(*) FROM '{decisions}' a JOIN '{decisions}' b ON a.tier <> 'prospect' AND b.tier <> 'prospect' "
        "AND a.priority > b.priority AND a.place_in_base >= b.place_in_base"
    )
    assert rows(upside_down) == [(0,)]


def test_the_classes_are_those_of_hand_written_sql(decisions: Path) -> None:
    by_hand = f"""
        WITH sold AS (SELECT client_id, revenue::BIGINT AS revenue FROM read_csv('{EXAMPLE}/data/clients.csv') WHERE revenue > 0),
        larger AS (
            SELECT a.client_id, coalesce(sum(b.revenue), 0) AS before FROM sold a LEFT JOIN sold b ON b.revenue > a.revenue GROUP BY ALL
        ),
        whole AS (SELECT sum(revenue) AS all_of_it FROM sold)
        SELECT client_id, CASE WHEN before * 100 < 80 * all_of_it THEN 'A' WHEN before * 100 < 95 * all_of_it THEN 'B' ELSE 'C' END
        FROM larger, whole ORDER BY client_id
    """
    found = rows(f"SELECT client_id, revenue_class FROM '{decisions}' WHERE revenue_class <> 'none' ORDER BY client_id")
    assert found == rows(by_hand) and len(found) > 200


def test_a_decline_always_has_a_need_that_the_letter_can_name(decisions: Path) -> None:
    data = f"read_csv('{EXAMPLE}/data/clients.csv')"
    query = f"SELECT count(*), count(unmet_need) FROM '{decisions}' JOIN {data} USING (client_id) WHERE decision = 'decline'"
    assert rows(query) == [(10, 10)]


@pytest.mark.parametrize("column", ["revenue", "cost_of_goods", "cost_to_serve", "order_count"])
def test_a_client_without_a_tier_fails_the_run_and_is_named(tmp_path: Path, column: str) -> None:
    result = evaluated(POLICY, changed(tmp_path, {"B-0001": {column: ""}}), tmp_path / "run")
    assert result.exit_code == 1
    assert "every client has a tier: BREACHED" in result.stdout
    assert "B-0001" in (tmp_path / "run/breaches.csv").read_text(encoding="utf-8")


def test_an_export_with_many_blanks_fails_and_an_old_one_warns(tmp_path: Path) -> None:
    numbers = [f"B-{n:04d}" for n in range(11, 71)]
    (tmp_path / "blank").mkdir()
    blank = evaluated(POLICY, changed(tmp_path / "blank", {n: {"need_fit": ""} for n in numbers}), tmp_path / "run1")
    assert blank.exit_code == 1 and "records are complete: BREACHED" in blank.stdout
    (tmp_path / "old").mkdir()
    old = evaluated(POLICY, changed(tmp_path / "old", {n: {"checked_on": "2024-01-31"} for n in numbers}), tmp_path / "run2")
    assert old.exit_code == 0 and "records are valid: BREACHED" in old.stdout


def test_an_export_of_last_year_is_said_to_be_stale(tmp_path: Path) -> None:
    every = {f"B-{n:04d}": {"checked_on": "2026-08-01"} for n in range(1, 261)}
    result = evaluated(POLICY, changed(tmp_path, every), tmp_path / "run")
    assert "the newest checked_on is 2026-08-01; on 2026-11-22 the data may be 100 days old" in result.stderr and result.exit_code == 0


@pytest.mark.parametrize(
    ("column", "cell"), [("need_fit", "7"), ("need_fit", "dobre"), ("order_count", "-1"), ("prospect", "może"), ("checked_on", "wczoraj")]
)
def test_a_cell_that_cannot_be_right_stops_the_run(tmp_path: Path, column: str, cell: str) -> None:
    result = evaluated(POLICY, changed(tmp_path, {"B-0011": {column: cell}}), tmp_path / "run")
    assert result.exit_code == 5 and column in result.stderr
    assert not (tmp_path / "run").exists()
