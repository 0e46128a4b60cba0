"""A client decided by itself gets what a run would give it: for random policies, clients and ways to write their cells."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st

import selective_sales as ss
from selective_sales.pipeline import deciding
from tests.making.choices import Drawn, Seeded
from tests.making.policies import MadeClient, Size, client, policy
from tests.making.schema import AS_OF
from tests.properties.harness import checked_policy, engine_rows, same

CLIENTS = 12


@st.composite
def policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), Size(scores=1, tables=1, dated=True))


def given_of(key: str, made: MadeClient) -> dict[str, Any]:
    return {"id": key, **{name: value for name, value in made.row.items() if name != "calculated"}}


def orders_of(made: MadeClient, **key: str) -> list[dict[str, Any]]:
    return [{**key, **{name: value for name, value in order.items() if name != "total"}} for order in made.orders]


def differences(row: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    assert list(row) == list(other)
    return [(name, row[name], other[name]) for name in row if not same(row[name], other[name])]


@settings(max_examples=max(5, settings().max_examples // 10))
@given(text=policies(), seed=st.integers(0, 2**32))
def test_each_client_is_decided_as_in_the_run_of_all(text: str, seed: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    made = {f"c{number:03}": client(choices) for number in range(CLIENTS)}
    expected = engine_rows(checked, made)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        with ss.read(path) as loaded:
            for key, one in made.items():
                found = loaded.decide(given_of(key, one), as_of=AS_OF, orders=orders_of(one))
                assert (found.slow_because or "plainest form").endswith("plainest form"), f"{found.slow_because}\n{text}"
                assert differences(found.row(), expected[key]) == [], f"{key}\n{text}"
            many = loaded.decide_many(
                [given_of(key, one) for key, one in made.items()],
                as_of=AS_OF,
                orders=[order for key, one in made.items() for order in orders_of(one, id=key)],
            )
    assert [differences(one.row(), expected[key]) for one, key in zip(many, made, strict=True)] == [[]] * CLIENTS


CONTRACT = """\
format: 1
policy: {id: cells, version: "1", languages: [en], currency: PLN}
data:
  clients:
    key: id
TOKENS    fields:
      id: text
      money: money
      number: {type: number, maximum: 1000000}
      integer: {type: integer, missing: 7}
      days: days
      months: months
      flag: boolean
      date: date
      day: {type: date, format: "%d.%m.%Y"}
      text: {type: text, pattern: "[^x]*"}
      choice: {type: text, one_of: [a, b, "1"]}
decisions: {decline: {when_unknown: apply}, flag: {}, keep: {default: true}}
metrics: {m: money, n: number, i: integer, y: days, o: months, f: flag, d: date, e: day, t: text, c: choice}
rules:
  - {id: one, when: money > 10 and number < 3, then: decline, reason: "One."}
  - {id: two, when: flag or integer > 3, then: flag, reason: "Two."}
"""
FIELDS = ("money", "number", "integer", "days", "months", "flag", "date", "day", "text", "choice")
WRITTEN = (
    "",
    " ",
    "0",
    "12",
    "-3",
    "1234.5",
    "1,234",
    "1.234",
    "0.125",
    "12.25",
    "1 000",
    "1e3",
    "25%",
    "5 PLN",
    "12.5 zł",
    "yes",
    "No",
    "TAK",
    "2",
    "90 days",
    "2 weeks",
    "1 year",
    "2026-01-31",
    "2026-02-30",
    "31.12.2025",
    "01.03.2024 ",
    "29.02.2026",
    "1.3.2024",
    "0,95",
    "480 000,00",
    "1 000,5",
    "-12,1234",
    "12,12345",
    "0 123,5",
    "01/02/2026",
    "9999-12-31",
    "0001-01-01",
    "x",
    "a",
    "b ",
    "n/a",
    "NULL",
    "99999999999999",
    "99999999999999.99995",
    "123456789012345678",
    "1\t2",
    "a\nb",
    "\ta\r\n",
    "a\0b",
    "'; DROP TABLE clients; --",
    "\u2212 5",
    "5\u00a0000",
    "e\u0301",
    "\u0661\u0662",
    "1_000",
    "+7",
    ".5",
    "5.",
    "0x10",
    "NaN",
    "Infinity",
    "-0",
    "00012",
    "0.0001",
    "0.00001",
    "null",
    "true",
)
TYPED = (
    None,
    True,
    False,
    0,
    1,
    -1,
    7,
    2**53 + 1,
    2**63 - 1,
    -(2**63),
    2**63,
    10**30,
    10**400,
    0.1,
    0.00001,
    1e-12,
    1e16,
    1.5,
    -0.0,
    1e300,
    2.675,
    123456.789,
    float("nan"),
    float("inf"),
    Decimal("0.1"),
    Decimal("1E+3"),
    Decimal("0.00005"),
    Decimal("99999999999999.9999"),
    Decimal("NaN"),
    Decimal("1E-30"),
    Decimal("1E+5000"),
    Decimal("12.50"),
    Decimal("123456789.123456789"),
    datetime.date(2026, 1, 31),
    datetime.date(1, 1, 1),
    datetime.datetime(2026, 1, 31, 23, 59),
    datetime.datetime(2026, 1, 31, 23, 59, tzinfo=datetime.timezone(datetime.timedelta(hours=-5))),
)
Cell = st.one_of(st.sampled_from(WRITTEN), st.sampled_from(TYPED), st.floats(), st.decimals(), st.integers(-(10**20), 10**20), st.dates())


class OnlyLoader(deciding.Decider):
    """Decides without the prepared statement."""

    def _at_once(self, asked: deciding.Asked, rows: Any) -> tuple[None, str]:
        return None, "asked to"


def outcome(one: ss.LoadedPolicy, cells: list[dict[str, Any]]) -> list[dict[str, object]] | set[tuple[str, str]]:
    """The rows, or what is wrong with them."""
    try:
        return [decision.row() for decision in one.decide_many(cells, as_of=AS_OF)]
    except ss.BrokenData as error:
        return {(finding.code, finding.message) for finding in error.findings}


@settings(max_examples=max(20, settings().max_examples // 5))
@given(
    rows=st.lists(st.dictionaries(st.sampled_from(FIELDS), Cell, max_size=3), min_size=1, max_size=2),
    tokens=st.sampled_from(("", '    missing_tokens: ["n/a", "0", "true"]\n', '    csv: {decimal: ","}\n', '    csv: {decimal: "."}\n')),
)
def test_the_quick_way_reads_a_cell_as_the_loader_does(rows: list[dict[str, Any]], tokens: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(CONTRACT.replace("TOKENS", tokens), encoding="utf-8")
        cells = [{"id": f"c{number}", **row} for number, row in enumerate(rows)]
        with ss.read(path) as quick, ss.read(path) as slow:
            assert quick.ok and slow.ok
            usual = outcome(quick, cells)
            assert slow.checked is not None
            slow._use.decider = OnlyLoader(slow.checked)
            assert json.dumps(usual if isinstance(usual, list) else sorted(usual), default=repr) == json.dumps(
                loaded if isinstance(loaded := outcome(slow, cells), list) else sorted(loaded), default=repr
            )


def test_the_plainest_forms_go_the_quick_way() -> None:
    """Else the property above would compare the loader with itself."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(CONTRACT.replace("TOKENS", ""), encoding="utf-8")
        with ss.read(path) as one:
            texts = dict(zip(FIELDS, ("1234.5", "0.5", "3", "90", "12", "yes", "2026-01-31", "31.01.2026", "it", "a"), strict=True))
            typed = dict(zip(FIELDS, (Decimal("1.25"), 0.1, 3, 90, 12, True, AS_OF, AS_OF, "'it'", None), strict=True))
            for cells in (texts, typed, {}):
                assert one.decide({"id": "A", **cells}, as_of=AS_OF).slow_because is None
