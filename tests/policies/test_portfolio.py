"""The flagship on its made-up company: five reviews, the clients that the README names, hours, fairness, and SQL by hand."""

from __future__ import annotations

import json
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.pipeline.policies import load_policy
from tests.docs.blocks import ROOT, blocks
from tests.docs.test_examples_hold import matches
from tests.policies.pages import rows

POLICY = ROOT / "policies/portfolio.yaml"
EXAMPLE = ROOT / "examples/portfolio"
DATA = EXAMPLE / "data"
LAST = "2026-09-30"
REVIEWS = [*sorted(folder.name for folder in (DATA / "earlier").iterdir()), LAST]
README = (EXAMPLE / "README.md").read_text(encoding="utf-8")
NAMED = re.findall(r"^\| (P-\d{4}) \| (\w+) \|", README, re.MULTILINE)


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the last review printed, and the folder of the runs."""
    runs = tmp_path_factory.mktemp("portfolio")
    tables = [f"{name}={DATA / name}.csv" for name in ("orders", "service_log", "criteria")]
    printed = ""
    for review in REVIEWS:
        clients = DATA / "clients.csv" if review == LAST else DATA / "earlier" / review / "clients.csv"
        data = [part for table in (f"clients={clients}", *tables) for part in ("--data", table)]
        code, printed = run("evaluate", POLICY, *data, "--as-of", review, "--history", runs, "--language", "en", "--out", runs / review)
        assert code == 0, printed
    return {"printed": printed, "last": runs / LAST, "decisions": runs / LAST / "decisions.parquet"}


def test_the_data_are_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_portfolio.py", str(tmp_path)])
    runpy.run_path(str(EXAMPLE / "make_portfolio.py"), run_name="__main__")
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.csv")}
    shipped = {path.relative_to(DATA): path.read_bytes() for path in DATA.rglob("*.csv")}
    assert made == shipped and len(made) == 8


@pytest.mark.parametrize("readme", [EXAMPLE / "README.md", ROOT / "README.md"], ids=["example", "project"])
def test_the_readmes_show_what_the_last_review_prints(reviews: dict[str, Any], readme: Path) -> None:
    (shown,) = (block.body for block in blocks(readme) if block.note == "not run: the last review prints")
    assert matches(shown, reviews["printed"])


def test_the_readme_shows_why_one_is_declined(reviews: dict[str, Any]) -> None:
    (shown,) = (block.body for block in blocks(ROOT / "README.md") if block.note == "not run: explain P-0002 prints")
    code, printed = run("explain", reviews["last"], "P-0002", "--language", "en")
    assert code == 0 and matches(shown, printed)


def test_the_readme_names_many() -> None:
    assert len(NAMED) == 18


@pytest.mark.parametrize(("client", "decision"), NAMED)
def test_the_clients_that_the_readme_names(reviews: dict[str, Any], client: str, decision: str) -> None:
    assert rows(f"SELECT decision FROM '{reviews['decisions']}' WHERE client_id = '{client}'") == [(decision,)]


def test_every_rule_fires_for_somebody(reviews: dict[str, Any]) -> None:
    checked, _ = load_policy(POLICY)
    assert checked is not None
    found = rows(f"SELECT DISTINCT unnest(list_concat(fired, applied)) FROM '{reviews['decisions'].parent.parent}/*/decisions.parquet'")
    assert {rule.id for rule in checked.policy.rules} - {rule for (rule,) in found} == set()


def test_nobody_is_declined_without_every_step_or_a_waiver(reviews: dict[str, Any]) -> None:
    found = rows(f"SELECT client_id, migrated, waived, shielded FROM '{reviews['decisions']}' WHERE decision = 'decline'")
    assert len(found) >= 4
    assert all((migrated or waived) and not shielded for _, migrated, waived, shielded in found)


def test_the_waterfall_as_sql_by_hand_has_it(reviews: dict[str, Any]) -> None:
    csv = "delim = ';', decimal_separator = ',', header = true"
    by_hand = f"""
        WITH sold AS (
            SELECT client_id, sum(quantity * unit_price::DECIMAL(18, 4)) AS revenue,
                count(DISTINCT order_id) FILTER (quantity > 0) AS orders
            FROM read_csv('{DATA}/orders.csv', {csv}, types = {{'unit_price': 'DECIMAL(18,4)'}})
            WHERE ordered_on > DATE '2025-09-30' AND ordered_on <= DATE '2026-09-30' GROUP BY 1
        ),
        asked AS (
            SELECT client_id, sum(number * CASE kind WHEN 'visit' THEN 120 ELSE 0 END) AS visits,
                sum(number * CASE kind WHEN 'ticket' THEN 25 WHEN 'return' THEN 30 WHEN 'revision' THEN 60 ELSE 0 END) AS desk
            FROM read_csv('{DATA}/service_log.csv', {csv})
            WHERE logged_on > DATE '2025-09-30' AND logged_on <= DATE '2026-09-30' GROUP BY 1
        )
        SELECT client_id, round(coalesce(revenue, 0) - cost_of_goods
            - 1.25 * (15 * coalesce(orders, 0) + coalesce(desk, 0)) - 1.875 * coalesce(visits, 0), 2)::DOUBLE
        FROM read_csv('{DATA}/clients.csv', {csv}) LEFT JOIN sold USING (client_id) LEFT JOIN asked USING (client_id) ORDER BY 1
    """
    found = rows(f"SELECT client_id, round(profit, 2)::DOUBLE FROM '{reviews['decisions']}' ORDER BY 1")
    assert found == rows(by_hand) and len(found) == 240


def test_the_hours_of_the_plan_add_up(reviews: dict[str, Any]) -> None:
    code, printed = run("allocate", reviews["last"], "--hours", "1000", "--format", "json")
    assert code == 0
    (plan,) = json.loads(printed)
    assert sum(group["hours"] for group in plan["groups"]) + plan["rest_hours"] == pytest.approx(1000)
    assert {group["id"] for group in plan["groups"] if group["clients"]} == {"largest", "new_large"}
    assert plan["rest_hours"] >= 250 and plan["unallocated"] == 0


def test_the_audit_finds_the_one_association_and_the_reasons_given_for_it(reviews: dict[str, Any]) -> None:
    code, printed = run("audit", reviews["last"], "--data", f"clients={DATA / 'clients.csv'}", "--language", "en")
    assert code == 0
    strong = [line for line in printed.splitlines() if line.endswith(" strong")]
    assert len(strong) == 1 and "growth_room" in strong[0] and "owner_age" in strong[0]
    assert "FAIL" not in printed and "SS915" not in printed
    assert "Special care goes where both sides want it" in printed
    assert "insufficient: too few clients in the group" in printed


def test_an_explanation_says_where_the_thresholds_come_from(reviews: dict[str, Any]) -> None:
    for language, heading in (("pl", "Skąd progi"), ("en", "Where the thresholds come from")):
        code, printed = run("explain", reviews["last"], "P-0003", "--language", language)
        assert code == 0 and heading in printed
        shown = printed[printed.index(heading) :]
        assert ("najniższe dopasowanie wartości" if language == "pl" else "lowest values fit") in shown
        # Minutes, weights and prices are shown with the numbers that come of them.
        assert "ticket" not in shown and "zgłoszenie" not in shown


@pytest.fixture(scope="module")
def letters(reviews: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    batch = tmp_path_factory.mktemp("batch") / "letters"
    given = ["--letterhead", ROOT / "templates/letters/letterhead.yaml", "--date", "2026-10-05", "--to", "txt", "--language", "by-field"]
    code, printed = run("letters", reviews["last"], "--out", batch, *given)
    assert code == 1 and printed.startswith("71 letters"), printed
    return batch


def test_every_decision_that_concerns_a_client_has_its_letter(reviews: dict[str, Any], letters: Path) -> None:
    """Only the undetermined whose marks of our own are missing get none."""
    written = {path.stem for path in letters.glob("P-*.txt")}
    concerned = "('decline', 'no_fit', 'migrate', 'renegotiate', 'educate', 'keep')"
    found = rows(f"SELECT client_id FROM '{reviews['decisions']}' WHERE decision IN {concerned}")
    assert written == {client for (client,) in found}


@pytest.mark.parametrize(
    ("client", "said"),
    [
        ("P-0002", "Nasza praca dla Państwa w ostatnich dwunastu miesiącach: 74 godz., opłaty: 5 600,00 zł."),
        ("P-0005", "Zasada współpracy, którą rozumiemy inaczej: praca naszych ludzi w niedziele."),
        ("P-0006", "Sprawy, które w ostatnich dwunastu miesiącach wymagały udziału kierownictwa: 6."),
        ("P-0014", "Zgłoszenia, wizyty i poprawki w ostatnich dwunastu miesiącach: 60."),
        ("P-0017", "Zależy Państwu na tym, czego nasza oferta dziś nie obejmuje: serwis przez całą dobę."),
    ],
)
def test_a_letter_says_why_in_words_of_the_client(letters: Path, client: str, said: str) -> None:
    text = " ".join((letters / f"{client}.txt").read_text(encoding="utf-8").split())
    assert said in text
    assert "Szanown" in text and ("PROJEKT" in text) == (client != "P-0014")


def test_a_letter_names_the_ground_that_is_known(letters: Path) -> None:
    """Nobody has marked the values of P-0034; that it costs more than it brings is known."""
    text = " ".join((letters / "P-0034.txt").read_text(encoding="utf-8").split())
    assert "pozostają otwarte: zakres obsługi szerszy, niż obejmują ceny." in text
