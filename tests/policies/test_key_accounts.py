"""The shipped policy on key accounts, on its made-up companies: against SQL written by hand, and what the pages say of single clients."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT
from tests.policies.pages import evaluated, rows

EXAMPLE = ROOT / "examples/key-accounts"
CLIENTS = f"read_csv('{EXAMPLE}/data/clients.csv', delim = ';', decimal_separator = ',', header = true)"
CRITERIA = f"read_csv('{EXAMPLE}/data/criteria.csv', delim = ';', decimal_separator = ',', header = true)"


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("key-accounts") / "run"
    result = evaluated("key-accounts.yaml", EXAMPLE / "data", run)
    assert result.exit_code == 0, result.stderr
    return run / "decisions.parquet"


@pytest.mark.parametrize(
    ("client", "decision", "key_by", "quadrant", "stage"),
    [
        ("K-001", "invest", "profit", "invest", "synergy"),
        ("K-002", "court", "profit", "court", "cooperation"),
        ("K-003", "maintain", "profit", "maintain", "cooperation"),
        ("K-004", "reconsider", "profit", "reconsider", "cooperation"),
        ("K-005", "invest", "potential", "invest", "partnership"),
        ("K-006", "invest", "likely", "invest", "none"),
        ("K-007", "invest", "strategic", "invest", "cooperation"),
        ("K-008", "maintain", "profit", "invest", "golden_shot"),
        ("K-009", "rebalance", "none", "maintain", "cooperation"),
        ("K-010", "undetermined", "profit", None, "cooperation"),
    ],
)
def test_the_clients_that_the_readme_names(
    decisions: Path, client: str, decision: str, key_by: str, quadrant: str | None, stage: str
) -> None:
    found = rows(f"SELECT decision, key_by, quadrant, stage FROM '{decisions}' WHERE client_id = '{client}'")
    assert found == [(decision, key_by, quadrant, stage)]


def test_those_who_bring_the_profit_and_the_key_line_as_sql_by_hand_has_them(decisions: Path) -> None:
    by_hand = f"""
        WITH profits AS (SELECT client_id, revenue - cost_of_goods - cost_to_serve AS profit FROM {CLIENTS}),
        gains AS (SELECT * FROM profits WHERE profit > 0),
        ranked AS (
            SELECT g.client_id, g.profit,
                coalesce((SELECT sum(o.profit) FROM gains o WHERE o.profit > g.profit), 0) AS before,
                (SELECT sum(profit) FROM gains) AS whole
            FROM gains g
        )
        SELECT client_id, profit FROM ranked WHERE before * 100 < 80 * whole ORDER BY client_id
    """
    expected = rows(by_hand)
    assert [client for client, _ in expected] == [
        c for (c,) in rows(f"SELECT client_id FROM '{decisions}' WHERE key_by = 'profit' ORDER BY 1")
    ]
    assert rows(f"SELECT DISTINCT key_line FROM '{decisions}'") == [(min(profit for _, profit in expected),)]
    assert len(expected) == 42


def test_the_clients_marks_as_sql_by_hand_has_them(decisions: Path) -> None:
    by_hand = (
        f"SELECT client_id, round(25 * (sum(weight * mark) / sum(weight) - 1), 6) FROM {CRITERIA} GROUP BY client_id ORDER BY client_id"
    )
    assert rows(f"SELECT client_id, round(theirs_of_us, 6) FROM '{decisions}' WHERE theirs_of_us IS NOT NULL ORDER BY client_id") == rows(
        by_hand
    )


def test_every_rule_fires_and_every_decision_is_taken(decisions: Path) -> None:
    fired = {rule for (rule,) in rows(f"SELECT DISTINCT unnest(fired) FROM '{decisions}'")}
    assert fired == {"no-mutual-interest", "over-served", "court-them", "invest-in-them", "under-served"}
    taken = {decision for (decision,) in rows(f"SELECT DISTINCT decision FROM '{decisions}'")}
    assert taken == {"reconsider", "rebalance", "court", "invest", "serve_more", "maintain", "undetermined"}


def test_the_script_makes_the_data_that_are_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_key_accounts.py", str(tmp_path)])
    runpy.run_path(str(EXAMPLE / "make_key_accounts.py"), run_name="__main__")
    for name in ("clients.csv", "criteria.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLE / "data" / name).read_bytes()
