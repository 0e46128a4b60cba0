"""The shipped policy on client value, on its made-up companies: against SQL written by hand, and what the pages say of single clients."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT
from tests.policies.pages import evaluated, rows

EXAMPLE = ROOT / "examples/client-value"
CLIENTS = f"read_csv('{EXAMPLE}/data/clients.csv', delim = ';', decimal_separator = ',', header = true)"


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("client-value") / "run"
    result = evaluated("client-value.yaml", EXAMPLE / "data", run)
    assert result.exit_code == 0, result.stderr
    return run / "decisions.parquet"


@pytest.mark.parametrize(
    ("client", "decision", "burden_class", "shielded"),
    [
        ("V-001", "develop", "none", True),
        ("V-002", "decline", "several", False),
        ("V-003", "renegotiate", "several", True),
        ("V-004", "renegotiate", "several", False),
        ("V-005", "talk", "harm", False),
        ("V-006", "simplify", "none", False),
        ("V-007", "develop", "none", False),
        ("V-008", "undetermined", "several", None),
        ("V-009", "keep", "several", False),
    ],
)
def test_the_clients_that_the_readme_names(decisions: Path, client: str, decision: str, burden_class: str, shielded: bool | None) -> None:
    found = rows(f"SELECT decision, burden_class, shielded FROM '{decisions}' WHERE client_id = '{client}'")
    assert found == [(decision, burden_class, shielded)]


def test_the_nine_cells_as_sql_by_hand_has_them(decisions: Path) -> None:
    by_hand = f"""
        WITH taken AS (
            SELECT client_id, revenue::DECIMAL(38, 4) AS revenue,
                service_hours::DOUBLE / sum(service_hours) OVER () AS hours,
                (tickets + returned_orders + revisions)::DOUBLE / sum(tickets + returned_orders + revisions) OVER () AS problems
            FROM {CLIENTS}
        ),
        loaded AS (SELECT client_id, revenue, 0.5 * hours + 0.5 * problems AS load FROM taken),
        classed AS (
            SELECT t.client_id, load,
                coalesce((SELECT sum(o.revenue) FROM loaded o WHERE o.revenue > t.revenue), 0)
                    / (SELECT sum(revenue) FROM loaded) AS brings,
                coalesce((SELECT sum(o.load) FROM loaded o WHERE o.load > t.load + 1e-9), 0) AS takes
            FROM loaded t
        )
        SELECT CASE WHEN brings < 0.8 THEN 'large' WHEN brings < 0.95 THEN 'middle' ELSE 'small' END || '_' ||
            CASE WHEN load = 0 THEN 'easy' WHEN takes < 0.8 THEN 'demanding' WHEN takes < 0.95 THEN 'steady' ELSE 'easy' END AS cell,
            count(*)
        FROM classed GROUP BY cell ORDER BY cell
    """
    found = rows(f"SELECT pareto_cell, count(*) FROM '{decisions}' GROUP BY 1 ORDER BY 1")
    assert found == rows(by_hand)
    assert len(found) == 9


def test_nobody_with_a_strong_face_beside_money_is_declined(decisions: Path) -> None:
    strong = "strategic_value >= 60 OR reference_value >= 60 OR educational_value >= 60"
    assert rows(f"SELECT count(*) FROM '{decisions}' WHERE ({strong}) AND decision = 'decline'") == [(0,)]
    assert rows(f"SELECT count(*) > 20 FROM '{decisions}' WHERE {strong}") == [(True,)]


def test_every_rule_fires_and_every_decision_is_taken(decisions: Path) -> None:
    fired = {rule for (rule,) in rows(f"SELECT DISTINCT unnest(fired) FROM '{decisions}'")}
    assert fired == {
        *("lasting-burden", "costs-too-much", "harms-people", "small-and-demanding", "valuable-and-easy", "worth-more-than-money"),
    }
    taken = {decision for (decision,) in rows(f"SELECT DISTINCT decision FROM '{decisions}'")}
    assert taken == {"decline", "renegotiate", "talk", "simplify", "develop", "keep", "undetermined"}


def test_the_script_makes_the_data_that_are_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_client_value.py", str(tmp_path)])
    runpy.run_path(str(EXAMPLE / "make_client_value.py"), run_name="__main__")
    assert (tmp_path / "clients.csv").read_bytes() == (EXAMPLE / "data/clients.csv").read_bytes()
