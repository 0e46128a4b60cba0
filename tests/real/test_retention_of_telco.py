"""A telephone company's clients by a policy that is minded to keep them: nobody is lost, and the eleven blanks go where the policy says."""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import selective_sales as ss
from tests.real_data import real_file

POLICY = """\
format: 1
policy: {id: retention, version: "1", title: {en: Retention}, languages: [en], currency: USD}
data:
  clients:
    key: customerID
    fields:
      customerID: text
      gender: {type: text, one_of: [Female, Male], protected: true}
      SeniorCitizen: {type: boolean, protected: true}
      tenure: {type: integer, minimum: 0}
      InternetService: {type: text, one_of: [DSL, Fiber optic, "No"]}
      TechSupport: text
      Contract: {type: text, one_of: [Month-to-month, One year, Two year]}
      MonthlyCharges: {type: money, minimum: 0}
      TotalCharges: TOTAL
      Churn: {type: boolean}
parameters:
  loyal_after: {value: 24, title: {en: months after which a client is loyal}}
  much: {value: 1000, kind: money, title: {en: paid in all that is much}}
metrics:
  charge_a_month: TotalCharges / tenure
decisions:
  win-back: {title: {en: win back}}
  secure: {title: {en: offer a longer contract}}
  help: {title: {en: offer help}}
  keep: {title: {en: keep}, default: true}
rules:
  - {id: has-left, when: Churn and TotalCharges >= much, then: win-back, reason: {en: "Left after paying {TotalCharges}."}}
  - {id: could-leave, when: not Churn and tenure < loyal_after and TotalCharges >= much, then: secure,
     reason: {en: "Pays {MonthlyCharges} a month, and is with us for {tenure} months only."}}
  - {id: alone-with-fibre, when: 'InternetService = "Fiber optic" and TechSupport = "No" and tenure < loyal_after and not Churn',
     then: help, reason: {en: "New to fibre optic, and without support."}}
"""


@pytest.fixture
def clients() -> Path:
    return real_file("telco_churn.csv")


def decided(clients: Path, folder: Path, total: str) -> dict[str, dict[str, object]]:
    """The rows of a run, by client; `total` is how the field TotalCharges is declared."""
    path = folder / "retention.yaml"
    path.write_text(POLICY.replace("TOTAL", total), encoding="utf-8")
    policy = ss.read(path)
    assert policy.ok, policy.findings
    with ss.evaluate(policy, {"clients": clients}, as_of=datetime.date(2026, 11, 22)) as result:
        return {str(row["customerID"]): row for row in result.rows()}


def test_the_blanks_are_undetermined_where_the_policy_asks_for_them(clients: Path, tmp_path: Path) -> None:
    found = decided(clients, tmp_path, "{type: money, minimum: 0}")
    with clients.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    blank = {row["customerID"] for row in rows if not row["TotalCharges"].strip()}
    assert len(found) == len(rows) == 7043
    assert len(blank) == 11
    assert {c for c, row in found.items() if row["decision"] == "undetermined"} == blank
    assert [found[c]["missing_because"] for c in blank] == [["TotalCharges"]] * 11
    assert all(found[c]["charge_a_month"] is None for c in blank)


def test_a_new_client_has_paid_nothing_yet_where_the_policy_says_so(clients: Path, tmp_path: Path) -> None:
    found = decided(clients, tmp_path, "{type: money, minimum: 0, missing: 0}")
    assert len(found) == 7043
    assert not [row for row in found.values() if row["decision"] == "undetermined"]
    assert sum(row["charge_a_month"] is None for row in found.values()) == 11  # of no month there is no average


def test_the_decisions_are_those_of_hand_written_sql(clients: Path, tmp_path: Path) -> None:
    found = decided(clients, tmp_path, "{type: money, minimum: 0, missing: 0}")
    rows = (
        duckdb.connect()
        .execute(
            """
        WITH c AS (SELECT *, coalesce(TRY_CAST(TotalCharges AS DECIMAL(18, 4)), 0) AS paid
                   FROM read_csv(?, all_varchar = true))
        SELECT CASE WHEN Churn = 'Yes' AND paid >= 1000 THEN 'win-back'
                    WHEN Churn = 'No' AND tenure::INTEGER < 24 AND paid >= 1000 THEN 'secure'
                    WHEN InternetService = 'Fiber optic' AND TechSupport = 'No' AND tenure::INTEGER < 24 AND Churn = 'No' THEN 'help'
                    ELSE 'keep' END, count(*), sum(paid)
        FROM c GROUP BY 1
        """,
            [str(clients)],
        )
        .fetchall()
    )
    assert Counter(str(row["decision"]) for row in found.values()) == {name: count for name, count, _ in rows}
    assert sum(Decimal(str(paid)) for _, _, paid in rows) == Decimal("16056168.7")
