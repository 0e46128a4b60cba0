"""`policy.decide`: one client as a run would decide it, and every bad client told from a good one with what to write instead."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest

import selective_sales as ss

from .small import AS_OF, write_exceptions

POLICY = """\
format: 1
policy: {id: desk, version: "1", languages: [en], currency: PLN, strategy: most_severe, valid_from: "2026-01-01", valid_until: "2026-12-31"}
data:
  clients:
    key: id
    fields:
      id: text
      revenue: {type: money, required: true}
      cost: money
      score: {type: number, minimum: 0, maximum: 1}
      visits: {type: integer, missing: 2}
      since: {type: date, format: "%d.%m.%Y"}
      profit: {type: money, is: revenue - cost}
  orders:
    belongs_to: clients
    key: id
    fields: {id: text, amount: money, ordered_on: date}
decisions: {decline: {}, flag: {}, keep: {default: true}}
metrics: {ordered: sum(orders.amount), calls: visits * 2, months: "months_between(since, as_of)"}
rules:
  - {id: unprofitable, when: profit < 0, then: decline, reason: "Costs {cost}."}
  - {id: quiet, when: ordered < 100, then: flag, reason: "Ordered {ordered}."}
"""
LOOKS_AROUND = """\
format: 1
policy: {id: around, version: "1", languages: [en], currency: PLN}
data: {clients: {key: id, fields: {id: text, revenue: money}}}
decisions: {flag: {}, keep: {default: true}}
metrics: {part: share(revenue), place: rank(revenue)}
rules:
  - {id: large, when: part > 50%, then: flag, reason: "Has {part}."}
"""
FINE: dict[str, Any] = {"id": "A", "revenue": 100, "cost": Decimal("40.5"), "score": 0.25, "since": datetime.date(2024, 11, 22)}


@pytest.fixture
def policy(tmp_path: Path) -> ss.LoadedPolicy:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return ss.read(path)


def refused(policy: ss.LoadedPolicy, client: Any, **more: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(ss.NotDecided) as error:
        policy.decide(client, **{"as_of": AS_OF, "orders": [], **more})
    assert all(str(f.place).startswith(("clients", "order", str(policy.path))) for f in error.value.findings)
    return [(f.code, f.message, f.help) for f in error.value.findings]


def test_a_decision_has_all_that_a_run_gives(policy: ss.LoadedPolicy, tmp_path: Path) -> None:
    found = policy.decide(FINE, as_of=AS_OF, orders=[{"amount": "12.5", "ordered_on": "2026-11-01"}, {"amount": 80}])
    assert dict(found.client) == {"id": "A"}
    assert (found.as_of, found.decision, found.policy_decision, found.decided_by) == (AS_OF, "flag", "flag", "quiet")
    assert (found.fired, found.applied, found.unknown) == (("quiet",), (), ())
    assert dict(found.values) == {"ordered": Decimal("92.5"), "calls": 4, "months": 24}
    (tmp_path / "clients.csv").write_text("id,revenue,cost,score,visits,since\nA,100,40.5,0.25,,22.11.2024\n", encoding="utf-8")
    (tmp_path / "orders.csv").write_text("id,amount,ordered_on\nA,12.5,2026-11-01\nA,80,\n", encoding="utf-8")
    with ss.evaluate(policy, {name: tmp_path / f"{name}.csv" for name in ("clients", "orders")}, as_of=AS_OF) as result:
        assert result.rows() == [found.row()]


def test_a_blank_that_matters_leaves_the_client_undetermined(policy: ss.LoadedPolicy) -> None:
    found = policy.decide({"id": "A", "revenue": 100}, as_of=AS_OF, orders=[{"amount": 500}])
    assert (found.decision, found.decided_by, found.unknown) == ("undetermined", "unknown", ("unprofitable",))
    assert (found.missing_because, found.possible_decisions) == (("cost",), ("decline", "keep"))


def test_today_is_the_date_where_none_is_given(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY.replace(', valid_from: "2026-01-01", valid_until: "2026-12-31"', ""), encoding="utf-8")
    assert ss.read(path).decide(FINE, orders=[]).as_of == datetime.date.today()


@pytest.mark.parametrize(
    ("cells", "code", "message", "help_"),
    [
        ({"revenu": 1}, "SS891", "clients: there is no field 'revenu'", "Did you mean 'revenue'?"),
        ({"profit": 1}, "SS891", "clients: 'profit' is calculated by the policy", "Leave it out"),
        ({1: 1}, "SS891", "clients: there is no field '1'", "The fields are: id, revenue, cost, score, visits, since"),
        ({"cost": "abc"}, "SS521", "clients: cost: 'abc' is not an amount of money", "Write it like 1234.50"),
        ({"cost": "1.234"}, "SS516", "two ways", "Declare it in the policy"),
        ({"cost": True}, "SS521", "is not an amount of money", "Write it like"),
        ({"cost": float("nan")}, "SS521", "clients: cost: 'nan' is not an amount of money", "Write it like"),
        ({"score": float("inf")}, "SS521", "clients: score: 'inf' is not a number", "Write it like"),
        ({"score": Decimal("NaN")}, "SS521", "is not a number", "Write it like"),
        ({"score": 1.5}, "SS522", "is above the maximum of 1", "Correct the cell"),
        ({"visits": 10**30}, "SS522", "is too large", "at most 18 digits"),
        ({"visits": 10**5000}, "SS521", "is not a whole number", "Write it like 12"),
        ({"visits": 2.5}, "SS521", "is not a whole number", "Write it like 12"),
        ({"since": "31.02.2024"}, "SS521", "is not a date", "%d.%m.%Y"),
        ({"since": "10000-01-01"}, "SS521", "is not a date", "%d.%m.%Y"),
        ({"revenue": None}, "SS525", "is blank, but required", "Fill the cell in"),
        ({"id": " "}, "SS527", "is blank, but it names the client", "Fill the key in"),
        ({"cost": [1]}, "SS890", "clients: cost: a list is no cell", "Give a text"),
        ({"cost": {}}, "SS890", "clients: cost: a dict is no cell", "Give a text"),
        ({"score": Fraction(1, 3)}, "SS890", "clients: score: a fractions.Fraction is no cell", "Give a text"),
        ({"since": pandas.NaT}, "SS890", "clients: since: a pandas.NaTType is no cell", "or None for a blank"),
        ({"score": numpy.nan}, "SS521", "clients: score: 'nan' is not a number", "Write it like"),
        ({"id": b"A"}, "SS890", "clients: id: a bytes is no cell", "Give a text"),
        ({"id": "A\ud800"}, "SS890", "clients: id: 'A\ufffd' holds half a character (a lone surrogate)", "Decode the text"),
    ],
)
def test_a_bad_cell_says_its_field_and_what_to_write(
    policy: ss.LoadedPolicy, cells: dict[Any, Any], code: str, message: str, help_: str
) -> None:
    ((found, said, instead),) = refused(policy, {**FINE, **cells})
    assert found == code and message in said and help_ in instead


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE clients; --", "A'B", 'say "no"', "a\0b", "\x1b[2J", "$1", "\u202e", "x" * 100_000, "NULL", "{}", "[1]"]
)
def test_a_hostile_text_is_a_text(policy: ss.LoadedPolicy, name: str) -> None:
    for _ in range(2):
        assert policy.decide({**FINE, "id": name}, as_of=AS_OF, orders=[{"amount": 500}]).decision == "keep"


class Trade(str, Enum):  # noqa: UP042 - the older form, which writes itself otherwise
    """As some form libraries have their choices."""

    OURS = "A"


def test_values_of_libraries_are_values(policy: ss.LoadedPolicy) -> None:
    theirs = {
        "id": Trade.OURS,
        "revenue": numpy.int64(100),
        "cost": numpy.float64(40.5),
        "score": numpy.float64(0.25),
        "since": pandas.Timestamp(2024, 11, 22),
    }
    found = policy.decide(theirs, as_of=AS_OF, orders=[])
    assert found == policy.decide(FINE, as_of=AS_OF, orders=[])
    assert found.slow_because is None
    slow = policy.decide({**theirs, "cost": numpy.float64(40.5), "since": "22.11.2024 "}, as_of=AS_OF, orders=[{"amount": "1 PLN"}])
    assert slow.client == found.client and slow.slow_because is not None


def test_what_is_no_client_and_no_row_is_told(policy: ss.LoadedPolicy) -> None:
    assert refused(policy, "A")[0][:2] == ("SS890", "clients: row 1 is a str, not a mapping from field to value")
    assert refused(policy, FINE, orders="x")[0][0] == "SS890"
    assert refused(policy, FINE, orders={"amount": 1})[0][0] == "SS890"
    assert refused(policy, FINE, orders=[3])[0][:2] == ("SS890", "orders: row 1 is a int, not a mapping from field to value")
    assert refused(policy, FINE, order=[])[0] == ("SS891", "the policy has no child table 'order'", "Did you mean 'orders'?")
    assert refused(policy, FINE, orders=[{"id": "B", "amount": 1}])[0][:2] == ("SS529", "orders: id: 'B' is no client of the table clients")
    with pytest.raises(ss.NotDecided) as error:
        policy.decide(FINE, as_of=AS_OF)
    assert [(f.code, f.help) for f in error.value.findings] == [("SS893", "Give them; orders=[] says that there are none")]
    with pytest.raises(TypeError, match="list of clients"):
        policy.decide_many(FINE, orders=[])
    with pytest.raises(TypeError, match=r"datetime\.date"):
        policy.decide(FINE, as_of="2026-11-22", orders=[])  # type: ignore[arg-type]


def test_many_are_a_batch(policy: ss.LoadedPolicy) -> None:
    clients = [{**FINE, "id": "B", "cost": 200}, FINE]
    found = policy.decide_many(clients, as_of=AS_OF, orders=[{"id": "A", "amount": 500}])
    assert [(one.client["id"], one.decision) for one in found] == [("B", "decline"), ("A", "keep")]
    assert policy.decide_many([], as_of=AS_OF, orders=[]) == ()
    with pytest.raises(ss.BrokenData, match="SS526"):
        policy.decide_many([FINE, FINE], as_of=AS_OF, orders=[])


@pytest.mark.parametrize("day", [datetime.date(2025, 12, 31), datetime.date(2027, 1, 1), datetime.date.min, datetime.date.max])
def test_a_date_outside_the_policys_validity_is_refused(policy: ss.LoadedPolicy, day: datetime.date) -> None:
    with pytest.raises(ss.InvalidPolicy, match="SS701"):
        policy.decide(FINE, as_of=day, orders=[])


def test_every_date_has_its_own_decision(policy: ss.LoadedPolicy) -> None:
    for month in (1, 3, 5, 7, 9, 11, 1):
        found = policy.decide(FINE, as_of=datetime.date(2026, month, 22), orders=[])
        assert found.values["months"] == month + 13
        assert found.as_of.month == month


def test_a_closed_policy_says_so(policy: ss.LoadedPolicy) -> None:
    with policy:
        policy.decide(FINE, as_of=AS_OF, orders=[])
    with pytest.raises(ValueError, match="closed"):
        policy.decide(FINE, as_of=AS_OF, orders=[])
    policy.close()


def test_eight_threads_share_a_policy(policy: ss.LoadedPolicy) -> None:
    def ask(number: int) -> bool:
        cost = number % 200
        day = datetime.date(2026, 1 + number % 3, 22)
        found = policy.decide({**FINE, "id": f"c{number}", "cost": cost}, as_of=day, orders=[{"amount": 500}])
        return found.client["id"] == f"c{number}" and found.as_of == day and found.decision == ("decline" if cost > 100 else "keep")

    with policy, ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(200)))


def test_an_invalid_policy_decides_nobody(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY.replace("profit < 0", "proft < 0"), encoding="utf-8")
    with pytest.raises(ss.InvalidPolicy, match="SS203"):
        ss.read(tmp_path / "policy.yaml").decide(FINE, orders=[])


def test_exceptions_decide_as_in_a_run(policy: ss.LoadedPolicy, tmp_path: Path) -> None:
    path = write_exceptions(tmp_path, 'client: A, decision: keep, because: a promise, approved_by: Anna Nowak, expires: "2026-12-31"')
    found = policy.decide(FINE, as_of=AS_OF, orders=[], exceptions=path)
    assert (found.decision, found.policy_decision, found.decided_by) == ("keep", "flag", "exception")


def around(folder: Path, clients: str) -> ss.LoadedPolicy:
    (folder / "policy.yaml").write_text(LOOKS_AROUND, encoding="utf-8")
    (folder / "clients.csv").write_text(f"id,revenue\n{clients}", encoding="utf-8")
    policy = ss.read(folder / "policy.yaml")
    ss.evaluate(policy, {"clients": folder / "clients.csv"}, as_of=AS_OF, out=folder / "run").close()
    return policy


def test_a_policy_that_looks_around_wants_a_run(tmp_path: Path) -> None:
    policy = around(tmp_path, "A,100\nB,300\n")
    ((code, _, instead),) = refused_around(policy, None)
    assert code == "SS892" and "portfolio=FOLDER" in instead
    assert [code for code, _, _ in refused_around(policy, tmp_path)] == ["SS710"]
    (tmp_path / "other.yaml").write_text(LOOKS_AROUND.replace("50%", "40%"), encoding="utf-8")
    assert [code for code, _, _ in refused_around(ss.read(tmp_path / "other.yaml"), tmp_path / "run")] == ["SS892"]


def refused_around(policy: ss.LoadedPolicy, folder: Path | None) -> list[tuple[str, str, str]]:
    with pytest.raises(ss.NotDecided) as error:
        policy.decide({"id": "A", "revenue": 1}, as_of=AS_OF, portfolio=folder)
    return [(f.code, f.message, f.help) for f in error.value.findings]


@pytest.mark.parametrize("client", [("A", 900), ("A", 100), ("C", 50), ("C", None)])
def test_a_client_among_those_of_a_run_gets_what_a_run_of_all_gives(tmp_path: Path, client: tuple[str, int | None]) -> None:
    policy = around(tmp_path, "A,100\nB,300\n")
    key, revenue = client
    found = policy.decide({"id": key, "revenue": revenue}, as_of=AS_OF, portfolio=tmp_path / "run")
    rest = "B,300\n" if key == "A" else "A,100\nB,300\n"
    (tmp_path / "all.csv").write_text(f"id,revenue\n{key},{'' if revenue is None else revenue}\n{rest}", encoding="utf-8")
    with ss.evaluate(policy, {"clients": tmp_path / "all.csv"}, as_of=AS_OF) as result:
        assert [row for row in result.rows() if row["id"] == key] == [found.row()]
