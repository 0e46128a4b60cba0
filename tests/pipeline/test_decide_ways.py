"""`policy.decide` with what stands beside a client: earlier runs, exceptions; which way it took and why; and `policy.explain`."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import pytest

import selective_sales as ss
from selective_sales.pipeline import finished, memos

from .small import AS_OF, CLIENTS, POLICY, write_exceptions, write_small

SHOP = """\
format: 1
policy: {id: shop, version: "1", languages: [en], currency: PLN}
data:
  clients:
    key: id
    missing_tokens: [n/a, brak]
    fields: {id: text, name: text, revenue: money, hours: number, visits: integer, since: date, vip: {type: boolean, missing: false}}
  orders:
    belongs_to: clients
    key: id
    fields: {id: text, order_no: {type: text, unique: true}, amount: money}
decisions: {decline: {}, flag: {}, keep: {default: true}}
metrics: {ordered: sum(orders.amount), per_hour: revenue / hours}
rules:
  - {id: poor, when: per_hour < 100 and not vip, then: decline, reason: "Brings {per_hour}."}
  - {id: quiet, when: ordered < 100, then: flag, reason: "Ordered {ordered}."}
"""
LADDER = """\
format: 1
policy: {id: ladder, version: "1", languages: [en], currency: PLN}
data: {clients: {key: id, fields: {id: text, margin: number}}}
decisions: {decline: {}, renegotiate: {}, keep: {default: true}}
metrics:
  tried: count(history[decision = "renegotiate"])
rules:
  - {id: last-step, when: margin < 0 and tried >= 1, then: decline, reason: "Tried {tried} times."}
  - {id: first-step, when: margin < 0 and tried = 0, then: renegotiate, reason: "Margin {margin}."}
"""
CLIENT: dict[str, Any] = {"id": "A", "name": "Żabka Łódź 🐸", "revenue": 1000, "hours": 2.5, "since": datetime.date(2020, 1, 1)}


def written(folder: Path, text: str) -> ss.LoadedPolicy:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    policy = ss.read(path)
    assert policy.ok, policy.findings
    return policy


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"name": "n/a", "revenue": " brak ", "hours": None},
        {"name": "First line\r\nsecond line\t", "revenue": "1000.50", "vip": "tak"},
        {"hours": 1 / 3, "visits": "12"},
        {"hours": 0.1 + 0.2, "since": "2020-01-01"},
        {"name": "n\u0301o\u0301", "id": "\u00a0A"},
    ],
)
def test_what_a_form_gives_goes_at_once_and_as_the_run(tmp_path: Path, cells: dict[str, Any]) -> None:
    orders = [{"order_no": "1", "amount": 60}, {"order_no": "2", "amount": "30.5"}]
    client = {**CLIENT, **cells}
    with written(tmp_path, SHOP) as policy:
        one = policy.decide(client, as_of=AS_OF, orders=orders)
        (two,) = policy.decide_many([client], as_of=AS_OF, orders=[{**order, "id": client["id"]} for order in orders])
        path = write_exceptions(tmp_path, 'client: other, decision: keep, because: none, approved_by: Anna, expires: "2026-12-31"')
        as_run = policy.decide(client, as_of=AS_OF, orders=orders, exceptions=path)
    assert one.slow_because is None or "\u00a0" in client["id"]
    assert as_run.slow_because == "exceptions are given"
    assert one.row() == two.row() == as_run.row()
    assert one == as_run


@pytest.mark.parametrize(
    ("cells", "orders", "why"),
    [
        ({"revenue": "1 000,50 PLN"}, [], "clients: row 1: revenue is not in its plainest form"),
        ({"since": datetime.datetime(2020, 1, 1), "name": "中文"}, [], "clients: row 1: name is not in its plainest form"),
        ({}, [{"order_no": "1", "amount": "1e3"}], None),
    ],
)
def test_the_slow_way_says_why(tmp_path: Path, cells: dict[str, Any], orders: list[dict[str, Any]], why: str | None) -> None:
    with written(tmp_path, SHOP) as policy:
        if why is None:
            with pytest.raises(ss.BrokenData, match="SS521"):
                policy.decide({**CLIENT, **cells}, as_of=AS_OF, orders=orders)
        else:
            found = policy.decide({**CLIENT, **cells}, as_of=AS_OF, orders=orders)
            assert found.slow_because == why
            assert found.decision == "flag"


@pytest.mark.parametrize("stale", ["warn", "fail"])
def test_how_fresh_the_data_are_is_not_asked_of_one_client(tmp_path: Path, stale: str) -> None:
    fresh = (
        f"    key: id\n    fresh_within: 30 days\n    date_field: on\n    when_stale: {stale}\n    fields: {{on: date, id: text, order_no:"
    )
    with written(tmp_path, SHOP.replace("    key: id\n    fields: {id: text, order_no:", fresh)) as policy:
        for orders in ([], [{"order_no": "1", "amount": 500, "on": "2020-01-01"}]):
            found = policy.decide(CLIENT, as_of=AS_OF, orders=orders)
            assert (found.decision, found.slow_because) == ("keep" if orders else "flag", None)
            slow = policy.decide({**CLIENT, "revenue": "1 000 PLN"}, as_of=AS_OF, orders=orders)
            assert slow == found and slow.slow_because is not None
            assert policy.explain(CLIENT, as_of=AS_OF, orders=orders).json()["decision"] == found.decision


def test_a_unique_value_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with written(tmp_path, SHOP) as policy, pytest.raises(ss.BrokenData, match="order_no"):
        policy.decide(CLIENT, as_of=AS_OF, orders=[{"order_no": "1", "amount": 60}, {"order_no": "1 ", "amount": 60}])


def test_a_client_without_rows_and_one_with_others_rows_differ_as_in_a_run(tmp_path: Path) -> None:
    with written(tmp_path, SHOP) as policy:
        none = policy.decide(CLIENT, as_of=AS_OF, orders=[])
        two = policy.decide_many([{**CLIENT, "id": "Z"}, CLIENT], as_of=AS_OF, orders=[{"id": "Z", "order_no": "1", "amount": 500}])
    assert (none.decision, none.values["ordered"]) == ("flag", 0)
    assert [(one.client["id"], one.decision) for one in two] == [("Z", "keep"), ("A", "flag")]
    assert two[1] == none


def test_many_come_in_the_order_given_whatever_the_way(tmp_path: Path) -> None:
    clients = [{**CLIENT, "id": key} for key in ("b", "a", "C", "ą", "10", "9")]
    path = write_exceptions(tmp_path, 'client: a, decision: keep, because: a promise, approved_by: Anna, expires: "2026-12-31"')
    with written(tmp_path, SHOP) as policy:
        for more in ({}, {"exceptions": path}):
            found = policy.decide_many(iter(clients), as_of=AS_OF, orders=iter([]), **more)
            assert [one.client["id"] for one in found] == ["b", "a", "C", "ą", "10", "9"]
            assert {one.decided_by for one in found} == ({"quiet", "exception"} if more else {"quiet"})


def ladder(folder: Path) -> ss.LoadedPolicy:
    """A policy that looks back, and two runs of it in `runs`."""
    policy = written(folder, LADDER)
    (folder / "clients.csv").write_text("id,margin\nA,-0.1\nB,0.2\n", encoding="utf-8")
    for month in (9, 10):
        day = datetime.date(2026, month, 22)
        ss.evaluate(policy, {"clients": folder / "clients.csv"}, as_of=day, out=folder / f"runs/{month}", history=folder / "runs").close()
    return policy


def test_history_is_looked_at_as_in_a_run(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    policy = ladder(tmp_path)
    with ss.evaluate(policy, {"clients": tmp_path / "clients.csv"}, as_of=AS_OF, history=tmp_path / "runs") as result:
        expected = {row["id"]: row for row in result.rows()}
    for key, margin in (("A", -0.1), ("B", "0.2")):
        found = policy.decide({"id": key, "margin": margin}, as_of=AS_OF, history=tmp_path / "runs")
        assert found.row() == expected[key]
        assert found.slow_because == "history is given"
    fresh = policy.decide({"id": "new", "margin": -1}, as_of=AS_OF, history=tmp_path / "runs")
    assert (fresh.decision, fresh.values["tried"]) == ("renegotiate", 0)
    without = policy.decide({"id": "A", "margin": -0.1}, as_of=AS_OF)
    assert (without.decision, without.missing_because) == ("undetermined", ("history: not given",))
    explained = policy.explain({"id": "A", "margin": -0.1}, as_of=AS_OF, history=tmp_path / "runs")
    assert "Tried 1 times." in explained.text()


def test_history_that_is_not_there_is_told(tmp_path: Path) -> None:
    policy = written(tmp_path, LADDER)
    for call in (policy.decide, policy.explain):
        with pytest.raises(ss.NotDecided, match="SS895"):
            call({"id": "A", "margin": 1}, as_of=AS_OF, history=tmp_path / "nowhere")


def test_exceptions_that_are_not_there_are_told(tmp_path: Path) -> None:
    policy = written(tmp_path, SHOP)
    for call in (policy.decide, policy.explain):
        with pytest.raises(ss.NotDecided) as error:
            call(CLIENT, as_of=AS_OF, orders=[], exceptions=tmp_path / "nowhere.yaml")
        assert error.value.findings


@pytest.mark.parametrize("name", ["portfolio", "exceptions"])
def test_a_table_with_the_name_of_an_argument_is_refused(tmp_path: Path, name: str) -> None:
    policy = written(tmp_path, SHOP.replace("orders", name))
    for call in (policy.decide, policy.explain):
        with pytest.raises(ss.InvalidPolicy, match="SS894"):
            call(CLIENT, **{name: []})


def test_a_table_called_self_can_be_given(tmp_path: Path) -> None:
    policy = written(tmp_path, SHOP.replace("orders", "self"))
    assert policy.decide(CLIENT, as_of=AS_OF, self=[{"order_no": "1", "amount": 200}]).decision == "keep"


def test_decisions_and_explanations_say_who_and_what(tmp_path: Path) -> None:
    policy = written(tmp_path, SHOP)
    assert repr(policy.decide(CLIENT, as_of=AS_OF, orders=[])) == "<Decision on A: flag by quiet, as of 2026-11-22>"
    assert repr(policy.explain(CLIENT, as_of=AS_OF, orders=[])) == "<Explanation of A: flag by quiet, as of 2026-11-22>"


def rooted(said: dict[str, Any], copy: Path, policy: Path) -> dict[str, Any]:
    """The same with the places in the policy's own file instead of the run's copy."""
    found: dict[str, Any] = json.loads(json.dumps(said).replace(str(copy), str(policy)))
    return found


def test_an_explanation_is_that_of_a_run(tmp_path: Path) -> None:
    path, clients = write_small(tmp_path, POLICY.replace("cost: money", "cost: {type: money, can_change: true}"), CLIENTS)
    policy = ss.read(path)
    ss.evaluate(policy, {"clients": clients}, as_of=AS_OF, out=tmp_path / "run").close()
    run, _ = finished.open_run(tmp_path / "run")
    assert run is not None
    for line in CLIENTS.splitlines()[1:]:
        cells = dict(zip(("client_id", "revenue", "cost"), line.split(","), strict=True))
        expected, _ = finished.explain(run, cells["client_id"])
        assert expected is not None
        found = policy.explain(cells, as_of=AS_OF)
        said = found.json()
        assert json.loads(json.dumps(said)) == {
            **rooted(memos.as_json(expected), run.folder / run.manifest.main_policy, path),
            "run": said["run"],
        }
        assert "Mała" in found.text() and "Small" in found.text("en", 80)
        assert said["decision"] == policy.decide(cells, as_of=AS_OF).decision
    with pytest.raises(ValueError, match="'de'"):
        found.text("de")


def test_what_cannot_be_explained_is_refused(tmp_path: Path) -> None:
    policy = written(tmp_path, SHOP)
    with pytest.raises(ss.BrokenData, match="SS891"):
        policy.explain({**CLIENT, "nam": "x"}, as_of=AS_OF, orders=[])
    with pytest.raises(ss.BrokenData, match="clients: revenue: 'abc' is not an amount"):
        policy.explain({**CLIENT, "revenue": "abc"}, as_of=AS_OF, orders=[])
    looks_around = written(tmp_path, SHOP.replace("ordered < 100", "rank(revenue) > 3"))
    with pytest.raises(ss.NotDecided, match="SS892"):
        looks_around.explain(CLIENT, as_of=AS_OF, orders=[])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_server_that_forks_decides_on_both_sides(tmp_path: Path) -> None:
    with written(tmp_path, SHOP) as policy:
        before = policy.decide(CLIENT, as_of=AS_OF, orders=[])
        child = os.fork()
        if not child:
            same = False
            try:
                same = policy.decide(CLIENT, as_of=AS_OF, orders=[]) == before
            finally:
                os._exit(0 if same else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert policy.decide(CLIENT, as_of=AS_OF, orders=[]) == before
