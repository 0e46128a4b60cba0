"""`check --data` says how many clients fall into each gap of a decision table, and with what revenue."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from selective_sales.cli.app import main

POLICY = """\
format: 1
policy: {id: gaps, version: "1", title: Gaps, languages: [en], currency: PLN}
data:
  clients:
    key: id
    fields:
      id: text
      revenue: money
      order_count: {type: integer, minimum: 0, maximum: 20}
      trust: {type: number, minimum: 0, maximum: 1}
tables:
  t:
    hit_policy: unique
    inputs: [order_count, trust]
    outputs: {stage: text}
    rows:
      - [">= 12", ">= 0.8", partnership]
      - ["< 12", "-", deal]
decisions: {flag: {title: flag}, keep: {title: keep, default: true}}
rules: [{id: partner, when: stage = "partnership", then: flag, reason: x}]
"""


def checked(folder: Path, rows: str) -> tuple[int, str]:
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "clients.csv").write_text("id,revenue,order_count,trust\n" + rows, encoding="utf-8")
    done = CliRunner().invoke(
        main, ["check", str(folder / "policy.yaml"), "--data", f"clients={folder / 'clients.csv'}", "--format", "concise"]
    )
    return done.exit_code, done.output


def test_clients_and_revenue_in_a_gap(tmp_path: Path) -> None:
    code, output = checked(tmp_path, "a,1000.50,12,0.5\nb,2000,20,0.79\nc,5000,20,0.8\nd,7000,3,0.1\ne,,13,\n")
    assert code == 0
    assert (
        "of the data 2 clients fall into the gap 'order_count 12..20 and trust below 0.8' of the table 't'; their revenue is 3 000.50 PLN"
        in output
    )
    assert "SS313" in output


def test_an_empty_gap_is_a_note(tmp_path: Path) -> None:
    code, output = checked(tmp_path, "c,5000,20,0.8\n")
    assert code == 0
    assert "of the data 0 clients fall into the gap" in output
