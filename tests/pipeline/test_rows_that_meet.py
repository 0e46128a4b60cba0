"""Rows that promised not to meet, and whose promise could not be judged beforehand: the run says so, and their outputs are missing."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from selective_sales.pipeline.runs import Request, evaluate

POLICY = """\
format: 1
policy: {id: meet, version: "1", title: Meet, languages: [en], currency: PLN}
data:
  clients: {key: id, fields: {id: text, a: integer, b: integer}}
tables:
  t:
    hit_policy: HIT
    inputs: [a]
    outputs: {stage: text}
    rows:
      - ["> b", one]
      - ["> 5", SECOND]
    otherwise: none
decisions: {flag: {title: flag}, keep: {title: keep, default: true}}
rules: [{id: two, when: stage = "SECOND", then: flag, reason: x}]
"""
CLIENTS = "id,a,b\nk1,9,1\nk2,3,1\nk3,9,20\nk4,1,5\nk5,7,2\n"


@pytest.mark.parametrize(
    ("hit", "second", "said"),
    [
        ("unique", "two", "rows 1 and 2 of the table 't' meet for 2 clients: k1, k5"),
        ("unique", "one", "rows 1 and 2 of the table 't' meet for 2 clients: k1, k5"),
        ("any", "two", "rows 1 and 2 of the table 't' meet for 2 clients: k1, k5"),
        ("any", "one", ""),
        ("first", "two", ""),
    ],
)
def test_meeting_rows(tmp_path: Path, hit: str, second: str, said: str) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY.replace("HIT", hit).replace("SECOND", second), encoding="utf-8")
    (tmp_path / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    outcome = evaluate(tmp_path / "policy.yaml", Request({"clients": tmp_path / "clients.csv"}, datetime.date(2026, 11, 22)))
    assert outcome.summary is not None, outcome.findings
    assert [f.message for f in outcome.findings if f.code == "SS540"] == ([said] if said else [])
    missing = {c.name: c.clients for c in outcome.summary.missing_because}
    causes = {"unique": "stage: more than one row matches", "any": "stage: rows that match disagree"}
    assert missing == ({causes[hit]: 2} if said else {})
