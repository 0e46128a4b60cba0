"""`evaluate --profile`: every part of a policy with its cost, in the policy's own names; the run stays what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli import profile_text
from selective_sales.cli.app import main
from selective_sales.engines import duckdb_engine as engine
from selective_sales.engines import profiling
from selective_sales.model.place import Place
from selective_sales.model.policy import Table
from selective_sales.model.profile import Cost, Phase, Probe, Profile, Round, Sort
from selective_sales.model.steps import Step
from tests.docs.blocks import ROOT
from tests.pipeline.small import write_exceptions, write_small

POLICY = """format: 1
policy: {id: costly, version: "1", languages: [en], currency: PLN}
data:
  clients:
    key: id
    fields:
      id: text
      sector: text
      revenue: money
      cost: money
      result: {type: money, is: revenue - cost}
  orders:
    belongs_to: clients
    key: id
    fields: {id: text, day: date, amount: money, net: {type: money, is: amount * 0.8}}
parameters: {floor: 5%}
metrics:
  margin: result / revenue
  bought: sum(orders[day > as_of - 12 months].net)
  per_order: result / count(orders)
  part: share(result)
  place: rank(bought within sector)
  grade: value / 2
scores:
  value:
    factors:
      - {id: margin, of: margin, weight: 60, worst: 0%, best: 30%}
      - {id: orders, of: count(orders), weight: 40, worst: 0, best: 10}
tables:
  care:
    hit_policy: first
    inputs: [margin, sector]
    outputs: {level: {one_of: [high, low]}}
    rows:
      - [">= 20%", "-", high]
      - ["-", "-", low]
decisions: {decline: {when_unknown: hold}, keep: {default: true}}
rules:
  - {id: thin, when: margin < floor, unless: place <= 3, then: decline, reason: "x"}
  - {id: gone, then: decline, valid_until: "2020-01-01", when: revenue < 1, reason: "x"}
  - {id: "idle", then: decline, when: {all: [bought = 0, 'level = "low"']}, reason: "x"}
"""
AS_OF = "2026-11-22"


def write_costly(folder: Path, clients: int = 300) -> None:
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    rows = [f"c{i},{'ab'[i % 2]},{i * 37 % 1000},{'' if i % 50 == 7 else i * 91 % 1000}" for i in range(clients)]
    (folder / "clients.csv").write_text("\n".join(["id,sector,revenue,cost", *rows, ""]), encoding="utf-8")
    orders = [f"c{i % clients},2026-0{1 + i % 9}-11,{i * 13 % 500}" for i in range(clients * 3)]
    (folder / "orders.csv").write_text("\n".join(["id,day,amount", *orders, ""]), encoding="utf-8")


def evaluate(folder: Path, *more: object) -> Result:
    call = ["evaluate", folder / "policy.yaml", "--data", f"clients={folder}/clients.csv", "--as-of", AS_OF]
    call += ["--data", f"orders={folder}/orders.csv"] if (folder / "orders.csv").exists() else []
    return CliRunner().invoke(main, [*map(str, call), *map(str, more)], catch_exceptions=False)


def profile(folder: Path, *more: object) -> dict[str, Any]:
    done = evaluate(folder, "--profile", "--format", "json", *more)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["profile"]
    assert isinstance(found, dict)
    return found


def named(found: dict[str, Any], sort: str) -> set[str]:
    return {cost["name"] for cost in found["costs"] if cost["sort"] == sort}


def test_every_part_of_the_policy_has_its_cost(tmp_path: Path) -> None:
    write_costly(tmp_path)
    found = profile(tmp_path)
    assert named(found, "rule") == {"thin", "gone", "idle"}
    # What is a list or a portfolio function and no more stands there only; a score's and a table's parts are theirs.
    assert named(found, "metric") == {"margin", "per_order", "grade", "value", "care", "level"}
    assert named(found, "field") == {"result"}
    assert named(found, "table") == {"orders"}
    assert named(found, "list function") == {"sum(orders[day > as_of - 12 months].net)", "count(orders)"}
    assert named(found, "portfolio function") == {"share(result)", "rank(bought within sector)"}
    assert named(found, "deciding") == {"planning", "lists of rules", "missing_because", "sorting, writing"}
    assert all(cost["seconds"] >= 0 for cost in found["costs"])
    assert [cost["name"] for cost in found["costs"] if cost["seconds_per_million"] is None] == ["planning"]


def test_a_cost_says_where_it_stands_and_what_for(tmp_path: Path) -> None:
    write_costly(tmp_path)
    costs = {cost["name"]: cost for cost in profile(tmp_path)["costs"]}
    lines = POLICY.splitlines()
    for name, line in (("thin", "{id: thin"), ("margin", "margin: result"), ("share(result)", "part: share"), ("orders", "orders:")):
        number = next(i for i, text in enumerate(lines, 1) if line in text)
        assert costs[name]["place"].startswith(f"{tmp_path}/policy.yaml:{number}:")
    assert costs["thin"]["text"] == "(margin < floor) and (not (place <= 3))"
    assert costs["margin"]["text"] == "result / revenue"
    assert costs["sum(orders[day > as_of - 12 months].net)"]["text"] == "for bought"
    assert costs["count(orders)"]["text"] == "for per_order, value"


def test_the_steps_add_up_to_the_run(tmp_path: Path) -> None:
    write_costly(tmp_path)
    found = profile(tmp_path, "--out", tmp_path / "run", "--write", "csv")
    assert sum(phase["seconds"] for phase in found["phases"]) == pytest.approx(found["seconds"], rel=0.001)
    steps = [(phase["step"], phase["about"]) for phase in found["phases"]]
    assert steps == [
        ("policy", ""),
        ("starting", ""),
        ("reading", "clients"),
        ("reading", "orders"),
        ("checking", ""),
        ("gathering", ""),
        ("deciding", ""),
        ("copying", ""),
        ("digest", ""),
        ("results", ""),
        ("counting", ""),
        ("publishing", ""),
        ("rest", ""),
    ]


@pytest.mark.parametrize("sampled", [False, True])
def test_the_run_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sampled: bool) -> None:
    write_costly(tmp_path)
    if sampled:
        monkeypatch.setattr(profiling, "MOST", 100)
    plain = evaluate(tmp_path, "--out", tmp_path / "plain", "--keep-data", "--format", "json")
    measured = evaluate(tmp_path, "--out", tmp_path / "measured", "--keep-data", "--profile", "--format", "json")
    one, other = json.loads(plain.stdout), json.loads(measured.stdout)
    del other["profile"], one["run_folder"], other["run_folder"]
    assert one == other
    files = {p.relative_to(tmp_path / "plain") for p in (tmp_path / "plain").rglob("*") if p.is_file()}
    assert files == {p.relative_to(tmp_path / "measured") for p in (tmp_path / "measured").rglob("*") if p.is_file()}
    for file in files - {Path("manifest.json")}:
        one_file, other_file = tmp_path / "plain" / file, tmp_path / "measured" / file
        if file == Path("facts.parquet"):  # its rows stand in no order
            assert sorted(engine.parquet_rows(one_file), key=repr) == sorted(engine.parquet_rows(other_file), key=repr)
        else:
            assert one_file.read_bytes() == other_file.read_bytes()
    manifests = [json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8")) for name in ("plain", "measured")]
    for manifest in manifests:
        del manifest["written_at"], manifest["facts_sha256"]
    assert manifests[0] == manifests[1]


def test_many_clients_are_measured_by_a_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiling, "MOST", 300)
    monkeypatch.setattr(profiling, "ENOUGH", 50)
    write_costly(tmp_path, clients=1000)
    found = profile(tmp_path)
    assert 0 < found["measured_on"]["clients"] <= 300
    assert {cost["name"] for cost in found["costs"]} >= {"thin", "count(orders)", "share(result)"}
    assert " of the 1,000 clients" in evaluate(tmp_path, "--profile").stdout


def test_few_clients_are_taken_many_times(tmp_path: Path) -> None:
    write_costly(tmp_path, clients=10)
    found = profile(tmp_path)
    assert found["measured_on"]["clients"] == 10 and found["measured_on"]["repeated"] >= 1000
    assert "each taken 25,000 times as they are few" in evaluate(tmp_path, "--profile").stdout


def test_nobody_at_all(tmp_path: Path) -> None:
    write_costly(tmp_path, clients=1)
    for name in ("clients", "orders"):
        head = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        (tmp_path / f"{name}.csv").write_text(head + "\n", encoding="utf-8")
    found = profile(tmp_path)
    assert found["clients"] == 0
    assert [cost["name"] for cost in found["costs"] if cost["seconds"] is not None] == ["planning"]
    assert "not known" in evaluate(tmp_path, "--profile").stdout


def test_with_exceptions(tmp_path: Path) -> None:
    policy, data = write_small(tmp_path)
    entry = 'client: A, decision: keep, because: a promise, approved_by: Anna Nowak, expires: "2026-12-31"'
    exceptions = write_exceptions(tmp_path, entry)
    call = ["evaluate", policy, "--data", f"clients={data}", "--as-of", AS_OF, "--exceptions", exceptions, "--profile", "--format", "json"]
    done = CliRunner().invoke(main, list(map(str, call)), catch_exceptions=False)
    costs = json.loads(done.stdout)["profile"]["costs"]
    assert next(c for c in costs if c["name"] == "missing_because")["seconds"] is not None


def test_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples/services-agency")
    call = ["evaluate", "services-agency.yaml", "--data", "data", "--as-of", AS_OF, "--profile", "--language", "en"]
    done = CliRunner().invoke(main, call, catch_exceptions=False)
    assert done.exit_code == 0
    assert "Profile: " in done.stdout and "not known" not in done.stdout
    assert " deep-loss " in done.stdout and " services-agency.yaml:" in done.stdout


def test_a_run_that_fails_has_no_profile(tmp_path: Path) -> None:
    policy, data = write_small(tmp_path, clients="client_id,revenue,cost\nA,much,1\n")
    done = CliRunner().invoke(main, ["evaluate", str(policy), "--data", f"clients={data}", "--as-of", AS_OF, "--profile"])
    assert done.exit_code == 5 and done.stdout == ""


def test_a_page_for_a_review_has_none(tmp_path: Path) -> None:
    write_costly(tmp_path)
    done = evaluate(tmp_path, "--profile", "--format", "markdown")
    assert done.exit_code == 2 and "--profile goes with" in done.stderr


def test_without_the_option_nothing_is_measured(tmp_path: Path) -> None:
    write_costly(tmp_path)
    assert "profile" not in json.loads(evaluate(tmp_path, "--format", "json").stdout)
    assert "Profile" not in evaluate(tmp_path).stdout


def test_what_the_engine_cannot_measure_is_not_known(tmp_path: Path) -> None:
    """The other probes go on; where a relation cannot be made, those after it have no seconds."""
    probe = Probe(Sort.RULE, "fine", "SELECT 1", "SELECT 1", "t")
    broken = Probe(Sort.RULE, "broken", "SELECT error('no memory')", "SELECT 1", "t")
    rounds = [
        Round((broken, probe), 'run."#a"', "SELECT 1 AS x"),
        Round((probe,), 'run."#b"', "SELECT error('no')"),
        Round((probe,), "", ""),
    ]
    sample = profiling.Sample({"t": 10}, {"t": 5}, 1)
    with engine.connected([], [tmp_path], tmp_path, engine.Limits()) as connection:
        found = profiling.measure(connection, sample, rounds)
    assert [one.seconds is None for one in found] == [True, False, False, True]


def test_without_room_for_a_sample_nothing_is_known(tmp_path: Path) -> None:
    table = Table("gone", ("id",), (), Place("p.yaml"))
    probe = Probe(Sort.RULE, "thin", "SELECT 1", "SELECT 1", "gone")
    with engine.connected([], [tmp_path], tmp_path, engine.Limits()) as connection, profiling.sampled(connection, [table], 5) as sample:
        found = profiling.measure(connection, sample, [Round((probe,), "", "")])
    assert [one.seconds for one in found] == [None]


def made(*costs: Cost) -> Profile:
    phases = (Phase(Step.READING, "clients", 1.0), Phase(Step.DECIDING, "", 2.5))
    return Profile(4.0, phases, costs, 1000, 1000, 1, 7.0, 123_000_000)


def test_the_text_of_a_profile() -> None:
    rules = [Cost(Sort.RULE, f"rule-{i}", f"revenue < {i}", Place("p.yaml", i + 1, 1), i / 10, i / 5) for i in range(20)]
    text = profile_text.as_text(made(*rules))
    lines = text.splitlines()
    assert lines[0] == "Profile: 4.00 s for 1,000 clients, at most 123 MB of memory"
    assert "       1.00   25.0%  reading clients" in lines
    assert "       0.50   12.5%  start and rest" in lines
    shown = [line for line in lines if "rule-" in line]
    assert shown[0].split() == ["1.900", "47.5%", "3.800", "rule-19", "p.yaml:20", "revenue", "<", "19"]
    assert len(shown) == 15
    assert any(line.split() == ["1.000", "25.0%", "5", "more"] for line in lines)


def test_hostile_words_cannot_steer_a_terminal() -> None:
    cost = Cost(Sort.RULE, "a\x1b[2J", "name = '\x1b]0;x\x07\u202e'", Place("\x1b[31m.yaml", 3, 1), 1.0, 1.0)
    text = profile_text.as_text(made(cost))
    assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text
