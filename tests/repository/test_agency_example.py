"""The agency's clients that its README names come out as it says, and the whole has the shape that it claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples/services-agency"


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("agency") / "run"
    arguments = ["--data", EXAMPLE / "data", "--exceptions", EXAMPLE / "exceptions.yaml", "--as-of", "2026-11-22", "--out", run]
    result = CliRunner().invoke(main, ["evaluate", str(EXAMPLE / "services-agency.yaml"), *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return run / "decisions.parquet"


def rows(query: str) -> list[Any]:
    with duckdb.connect() as connection:
        return connection.sql(query).fetchall()


@pytest.mark.parametrize(
    ("client", "decision", "policy_decision", "decided_by"),
    [
        ("A-0001", "develop", "develop", "ambassador"),
        ("A-0002", "keep", "keep", "default"),
        ("A-0004", "renegotiate", "renegotiate", "over-served"),
        ("A-0005", "renegotiate", "renegotiate", "thin-margin"),
        ("A-0006", "renegotiate", "renegotiate", "loss"),
        ("A-0007", "decline", "decline", "deep-loss"),
        ("A-0008", "keep", "keep", "default"),
        ("A-0009", "keep", "undetermined", "exception"),
        ("A-0010", "keep", "keep", "default"),
        ("A-0011", "flag", "flag", "late-payment"),
        ("A-0012", "renegotiate", "decline", "exception"),
        ("A-0013", "undetermined", "undetermined", "unknown"),
    ],
)
def test_the_clients_that_the_readme_names(decisions: Path, client: str, decision: str, policy_decision: str, decided_by: str) -> None:
    found = rows(f"SELECT decision, policy_decision, decided_by FROM '{decisions}' WHERE client_id = '{client}'")
    assert found == [(decision, policy_decision, decided_by)]


def test_every_rule_fires_for_somebody_and_every_decision_is_taken(decisions: Path) -> None:
    fired = {rule for (rule,) in rows(f"SELECT DISTINCT unnest(fired) FROM '{decisions}'")}
    assert fired == {
        *("deep-loss", "values-misfit", "harms-the-team", "loss", "thin-margin", "over-served", "endless-revisions"),
        *("late-payment", "difficult", "dormant", "ambassador", "room-to-grow"),
    }
    taken = {decision for (decision,) in rows(f"SELECT DISTINCT decision FROM '{decisions}'")}
    assert taken == {"decline", "renegotiate", "flag", "develop", "keep", "undetermined"}


def test_the_whale_curve_bends(decisions: Path) -> None:
    """Cumulated over clients by falling profit, the profit passes 100% and comes down again."""
    running = f"SELECT sum(profit) OVER (ORDER BY profit DESC) so_far, sum(profit) OVER () total FROM '{decisions}'"
    ((peak,),) = rows(f"SELECT max(so_far) / max(total) FROM ({running})")
    assert 1.2 < peak < 1.5
