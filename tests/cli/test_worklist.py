"""`selective-sales worklist`, as a person calls it."""

from __future__ import annotations

import csv
import json
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.memo_run import invoke

NB = "\u00a0"
POLICY = """format: 1
policy: {id: shop, version: "7", languages: [pl, en], currency: PLN}
data:
  clients:
    key: client_id
    display: name
    fields:
      client_id: text
      name: text
      revenue: {type: money, label: {pl: przychód, en: yearly revenue}}
      cost: {type: money, label: {pl: koszt obsługi, en: cost to serve}}
      rating: {type: integer, label: {pl: ocena, en: rating}}
  orders:
    belongs_to: clients
    key: client_id
    fields: {client_id: text, days_late: integer}
metrics:
  margin: {is: (revenue - cost) / revenue, title: {pl: marża, en: margin}, format: percent}
  late: {is: sum(orders.days_late), title: {pl: spóźnienie, en: lateness}}
decisions:
  decline: {title: {pl: odmowa, en: decline}}
  flag: {}
  keep: {default: true}
rules:
  - {id: loss, when: margin < 0, then: decline, reason: {pl: a, en: a}}
  - {id: unfit, when: rating < 2, then: decline, reason: {pl: a, en: a}}
  - {id: slow, when: late > 30, then: flag, reason: {pl: a, en: a}}
"""
CLIENTS = """client_id,name,revenue,cost,rating
K1,Brzoza,100000,,5
K2,Jantar,50000.40,,
K3,Wrzos,30000,1000,
K4,Sowa,0,0,3
K5,Mewa,,500,4
K6,Ryś,700,100,4
K7,"=Żbik",900,100,5
K8,Orzeł,20000,,5
"""
ORDERS = "client_id,days_late\nK7,\nK7,10\nK6,3\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("worklist"))


def made(folder: Path, policy: str = POLICY, clients: str = CLIENTS, orders: str = ORDERS) -> Path:
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    (folder / "clients.csv").write_text(clients, encoding="utf-8")
    (folder / "orders.csv").write_text(orders, encoding="utf-8")
    result = invoke("evaluate", folder / "policy.yaml", "--data", folder, "--as-of", "2026-11-22", "--out", folder / "run")
    assert result.exit_code == 0, result.stderr
    return folder / "run"


def as_json(run: Path) -> dict[str, Any]:
    result = invoke("worklist", run, "--format", "json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def worths(listed: list[dict[str, Any]]) -> dict[str, tuple[int, str | None, int, str | None]]:
    return {
        one["name"]: (
            one["alone"]["clients"], one["alone"]["amount"], one["one_of_several"]["clients"], one["one_of_several"]["amount"]
        )
        for one in listed
    }  # fmt: skip


def test_each_fact_has_whom_it_settles_alone_and_whom_with_others(run: Path) -> None:
    assert worths(as_json(run)["facts"]) == {
        "cost": (2, "120000.0000", 1, "50000.4000"),
        "rating": (1, "30000.0000", 1, "50000.4000"),
        "orders.days_late": (1, "900.0000", 0, None),
        "revenue": (1, None, 0, None),
    }


def test_what_cannot_be_computed_is_no_fact(run: Path) -> None:
    found = as_json(run)["not_computable"]
    assert worths(found) == {"margin: division by zero (revenue = 0)": (1, "0.0000", 0, None)}
    assert (found[0]["value"], found[0]["cause"], found[0]["words"]) == (
        "margin", "division by zero (revenue = 0)", "marża: dzielenie przez zero (przychód = 0)"
    )  # fmt: skip


def test_the_steps_are_greedy_and_say_who_is_left(run: Path) -> None:
    steps = as_json(run)["steps"]
    said = [(step["facts"], step["settled"]["clients"], step["settled"]["amount"], step["left"]["clients"]) for step in steps]
    # The second step settles Jantar too, whose cost is known by then.
    assert said == [
        (["cost"], 2, "120000.0000", 5),
        (["rating"], 2, "80000.4000", 3),
        (["orders.days_late"], 1, "900.0000", 2),
        (["revenue"], 1, None, 1),
    ]
    left = steps[-1]["left"]
    assert (left["clients"], Decimal(left["amount"]), left["amount_unknown"]) == (1, 0, 0)


def test_clients_come_by_money_and_those_without_it_last(run: Path) -> None:
    found = as_json(run)["clients"]
    assert [one["client"] for one in found] == [["K1"], ["K2"], ["K3"], ["K8"], ["K7"], ["K4"], ["K5"]]
    assert found[1] == {
        "client": ["K2"], "name": "Jantar", "amount": "50000.4000", "missing": ["cost", "rating"], "possible_decisions": ["decline", "keep"]
    }  # fmt: skip
    assert found[-1]["amount"] is None


def test_the_whole_agrees_with_its_parts(run: Path) -> None:
    found = as_json(run)
    whole = found["undetermined"]
    assert (whole["clients"], Decimal(whole["amount"]), whole["amount_unknown"], found["decided"]) == (7, Decimal("200900.40"), 1, 1)


def test_it_reads_well_in_both_languages(run: Path) -> None:
    said = invoke("worklist", run, "--language", "en", "--top", "2").stdout
    assert said.startswith("shop 7, as of 2026-11-22\n\n7 clients of 8 undetermined, 200,900.40 PLN (yearly revenue).\n")
    assert "The yearly revenue of 1 client is not known: it is counted, and in no sum of money." in said
    assert "1. cost to serve (cost): settles 2 clients, 120,000.00 PLN; left: 5 clients, 80,900.40 PLN" in said
    assert "Jantar (K2)" in said and "Wrzos" not in said
    assert "and 5 clients more: --top N, or --format csv" in said
    polish = invoke("worklist", run).stdout.replace(NB, " ")
    assert "Nierozstrzygnięci: 7 klientów z 8, 200 900,40 PLN (przychód)." in polish
    assert "1. koszt obsługi (cost): rozstrzyga: 2 klienci, 120 000,00 PLN; zostaje: 5 klientów, 80 900,40 PLN" in polish
    assert "division" not in polish and "undetermined" not in polish


def test_csv_names_everybody_and_runs_nothing_in_a_spreadsheet(run: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(invoke("worklist", run, "--format", "csv").stdout.splitlines()))
    assert [row["client_id"] for row in rows] == ["K1", "K2", "K3", "K8", "K7", "K4", "K5"]
    assert rows[1] == {
        "client_id": "K2", "name": "Jantar", "revenue": "50000.4000", "missing": "cost; rating", "possible_decisions": "decline; keep"
    }  # fmt: skip
    assert rows[4]["name"] == "'=Żbik"


def test_a_file_is_written_once_and_for_its_owner(run: Path, tmp_path: Path) -> None:
    for format_ in ("csv", "json", "text"):
        out = tmp_path / f"list.{format_}"
        assert invoke("worklist", run, "--format", format_, "--out", out).exit_code == 0
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        before = out.read_bytes()
        again = invoke("worklist", run, "--format", format_, "--out", out)
        assert again.exit_code == 2 and "is there already" in again.stderr and out.read_bytes() == before
    assert invoke("worklist", run, "--out", tmp_path / "no" / "list.txt").exit_code == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["list.csv", "list.json", "list.text"]


def test_nothing_is_added_to_the_run(run: Path) -> None:
    result = invoke("worklist", run, "--format", "csv", "--out", run / "list.csv")
    assert result.exit_code == 2
    assert "SS988" in result.stderr
    assert not (run / "list.csv").exists()


def test_where_everybody_is_decided_there_is_nothing_to_find_out(tmp_path: Path) -> None:
    run = made(tmp_path, clients="client_id,name,revenue,cost,rating\nK1,A,10,1,5\n", orders="client_id,days_late\n")
    result = invoke("worklist", run, "--language", "en")
    assert (result.exit_code, "Every client is decided: there is nothing to find out." in result.stdout) == (0, True)
    assert as_json(run)["steps"] == []
    assert invoke("worklist", run, "--format", "csv").stdout.splitlines() == ["client_id,name,revenue,missing,possible_decisions"]


def test_without_money_it_goes_by_clients(tmp_path: Path) -> None:
    policy = """format: 1
policy: {id: shop, version: "7", languages: [en], currency: PLN}
data:
  clients: {key: client_id, fields: {client_id: text, a: integer, b: integer}}
decisions: {decline: {}, keep: {default: true}}
rules:
  - {id: one, when: a < 2, then: decline, reason: a}
  - {id: two, when: b < 2, then: decline, reason: a}
"""
    (tmp_path / "clients.csv").write_text("client_id,a,b\n1,,5\n2,5,\n3,5,\n", encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(policy, encoding="utf-8")
    data = f"clients={tmp_path / 'clients.csv'}"
    assert invoke("evaluate", tmp_path / "policy.yaml", "--data", data, "--as-of", "2026-11-22", "--out", tmp_path / "run").exit_code == 0
    found = as_json(tmp_path / "run")
    assert (found["amount"], [one["name"] for one in found["facts"]]) == (None, ["b", "a"])
    said = invoke("worklist", tmp_path / "run").stdout
    assert "The policy has no money: what follows is ordered by clients." in said
    assert "1. b: settles 2 clients; left: 1 client" in said


def test_whom_an_exception_decides_waits_for_nothing(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "exceptions.yaml").write_text(
        "format: 1\nexceptions:\n  - {client: K1, decision: keep, because: known, approved_by: Ann, expires: 2027-01-01}\n",
        encoding="utf-8",
    )
    result = invoke(
        "evaluate", tmp_path / "policy.yaml", "--data", tmp_path, "--as-of", "2026-11-22", "--out", tmp_path / "second",
        "--exceptions", tmp_path / "exceptions.yaml",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert ["K1"] not in [one["client"] for one in as_json(tmp_path / "second")["clients"]]
