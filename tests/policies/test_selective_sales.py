"""The example of selective sales: five reviews of a wholesaler's clients, each with the earlier ones as history, come out as its README says."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from tests.docs.blocks import blocks
from tests.docs.test_examples_hold import matches

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "policies/selective-sales.yaml"
EXAMPLE = ROOT / "examples/selective-sales"
LAST = "2026-09-30"
DATA = {folder.name: folder for folder in sorted((EXAMPLE / "data/earlier").iterdir())} | {LAST: EXAMPLE / "data"}
REVIEWS = list(DATA)


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What was printed at each review, and the folder of the runs."""
    runs = tmp_path_factory.mktemp("reviews")
    printed = {}
    for review in REVIEWS:
        arguments = ["--data", DATA[review], "--as-of", review, "--history", runs, "--language", "en", "--out", runs / review]
        result = CliRunner().invoke(main, ["evaluate", str(POLICY), *map(str, arguments)], catch_exceptions=False)
        assert result.exit_code == 0, result.stdout + result.stderr
        printed[review] = result.stdout
    yield {"printed": printed, "runs": runs}


def rows(reviews: dict[str, Any], what: str, where: str = "true", review: str = LAST) -> list[Any]:
    with duckdb.connect() as connection:
        return connection.sql(f"SELECT {what} FROM '{reviews['runs'] / review}/decisions.parquet' WHERE {where} ORDER BY ALL").fetchall()


def test_the_data_are_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_data.py", str(tmp_path)])
    runpy.run_path(str(EXAMPLE / "make_data.py"), run_name="__main__")
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.csv")}
    shipped = {path.relative_to(EXAMPLE / "data"): path.read_bytes() for path in (EXAMPLE / "data").rglob("*.csv")}
    assert made == shipped and len(made) == 5


def test_the_readme_shows_what_the_last_review_prints(reviews: dict[str, Any]) -> None:
    (shown,) = (block.body for block in blocks(EXAMPLE / "README.md") if block.note == "not run: the last review prints")
    assert matches(shown, reviews["printed"][LAST])


@pytest.mark.parametrize(
    ("client", "by_review"),
    [
        ("S-0001", ["ideal-client"] * 5),
        ("S-0002", ["look-again", "show-how", "cost-renegotiate", "cost-migrate", "cost-decline"]),
        ("S-0003", ["look-again", "show-how", "cost-renegotiate", "cost-migrate", "cost-migrate"]),
        ("S-0004", ["look-again", "show-how", "cost-renegotiate", "default", "default"]),
        ("S-0005", ["look-again", "show-how", "values-renegotiate", "values-migrate", "values-decline"]),
        ("S-0006", ["look-again", "show-how", "values-renegotiate", "values-migrate", "values-migrate"]),
        ("S-0007", ["look-again", "show-how", "conflict-renegotiate", "conflict-migrate", "conflict-decline"]),
        ("S-0008", ["ideal-client", "ideal-client", "ideal-client", "ideal-client", "conflict-decline"]),
        ("S-0009", [None, None, None, "default", "default"]),
        ("S-0010", ["look-again", "show-how", "cost-renegotiate", "cost-migrate", "cost-migrate"]),
        ("S-0011", ["unknown"] * 5),
        ("S-0012", ["contact-due"] * 5),
    ],
)
def test_the_clients_that_the_readme_names(reviews: dict[str, Any], client: str, by_review: list[str | None]) -> None:
    found = [rows(reviews, "decided_by", f"client_id = '{client}'", review) for review in REVIEWS]
    assert [decided[0][0] if decided else None for decided in found] == by_review


def test_every_rule_decides_about_somebody(reviews: dict[str, Any]) -> None:
    decided = {rule for review in REVIEWS for (rule,) in rows(reviews, "DISTINCT decided_by", review=review)}
    grounds = {f"{ground}-{step}" for ground in ("values", "cost", "conflict") for step in ("renegotiate", "migrate", "decline")}
    assert decided == {"look-again", "show-how", *grounds, "contact-due", "ideal-client", "default", "unknown"}


def test_declines_are_few_and_none_comes_first(reviews: dict[str, Any]) -> None:
    for review in REVIEWS[:-1]:
        assert rows(reviews, "client_id", "decision = 'decline'", review) == []
    declined = rows(reviews, "client_id, migrated, waived, shielded", "decision = 'decline'")
    assert 4 <= len(declined) <= 9
    assert all((migrated or waived) and not shielded for _, migrated, waived, shielded in declined)


def test_most_clients_with_a_ground_are_helped_out_of_it(reviews: dict[str, Any]) -> None:
    """The first review's troubled clients: by the last one, more are well than are declined."""
    troubled = {client for (client,) in rows(reviews, "client_id", "any_ground", REVIEWS[0])}
    well = {client for (client,) in rows(reviews, "client_id", "not any_ground")}
    declined = {client for (client,) in rows(reviews, "client_id", "decision = 'decline'")}
    assert len(troubled & well) > 2 * len(troubled & declined) > 0


def test_without_the_earlier_runs_nobody_with_a_ground_is_decided(tmp_path: Path) -> None:
    arguments = ["--data", DATA[LAST], "--as-of", LAST, "--out", tmp_path / "run"]
    result = CliRunner().invoke(main, ["evaluate", str(POLICY), *map(str, arguments)], catch_exceptions=False)
    assert "SS718" in result.stderr
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT decision, count(*) FROM '{tmp_path}/run/decisions.parquet' WHERE any_ground GROUP BY 1").fetchall()
    # A waiver says by itself what comes next.
    assert dict(found).keys() == {"undetermined", "decline"} and dict(found)["decline"] == 1


def test_figures_of_last_year_are_told(tmp_path: Path) -> None:
    arguments = ["--data", DATA[REVIEWS[0]], "--as-of", LAST, "--history", tmp_path]
    result = CliRunner().invoke(main, ["evaluate", str(POLICY), *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.stdout
    assert "period_end" in result.stderr and "2025-09-30" in result.stderr
