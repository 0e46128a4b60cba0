"""Policy tests and exceptions that are sound become what they say."""

from __future__ import annotations

import datetime
from pathlib import Path

from selective_sales import reading
from selective_sales.model.cases import Cell, Expected, ExpectedClient
from selective_sales.model.exceptions import PolicyException
from selective_sales.model.kind import Kind

CASES = """
format: 1
policy: services.yaml
as_of: "2026-11-22"
defaults:
  clients: {strategic: false, client_since: "01.01.2020"}
cases:
  - case: one client
    client: {client_id: 007, revenue: 1000.50, cost: missing, name: "missing"}
    orders: [{ordered_on: "2026-10-01", quantity: 1}, {quantity: 2}]
    as_of: 2026-01-31
    parameters: {patience: 3 months, regions: [a, b]}
    exceptions: [{client: [A, 7], decision: keep, expires: "2026-12-31"}]
    expect: {decision: decline, fired: [a, b], margin: missing, profit: 10.50, applied: []}
  - case: two clients
    clients: [{client_id: A}, {client_id: B}]
    expect:
      A: {segment: key}
      B: {segment: other}
"""
EXCEPTIONS = """
format: 1
exceptions:
  - {client: 1001, decision: keep, because: Pilot, approved_by: Anna Nowak, valid_from: "2026-01-01", expires: "2026-06-30"}
  - {client: 1001, decision: keep, because: Pilot, approved_by: Anna Nowak, valid_from: "2026-07-01", expires: "2026-12-31"}
  - {client: [A, 2], decision: flag, because: Audit, approved_by: Jan Lis, expires: 2026-12-31}
"""


def test_cases(tmp_path: Path) -> None:
    path = tmp_path / "services.test.yaml"
    path.write_text(CASES, encoding="utf-8")
    file, findings = reading.read_cases(path)
    assert findings == ()
    assert file is not None
    assert (file.policy, file.as_of) == ("services.yaml", datetime.date(2026, 11, 22))
    assert file.defaults == {"clients": {"strategic": Cell("false"), "client_since": Cell("01.01.2020")}}
    one, two = file.cases
    assert one.rows["clients"] == ({"client_id": Cell("007"), "revenue": Cell("1000.50"), "cost": Cell(None), "name": Cell("missing")},)
    assert [row.get("quantity") for row in one.rows["orders"]] == [Cell("1"), Cell("2")]
    assert one.as_of == datetime.date(2026, 1, 31)
    assert [(name, value) for name, value, _ in one.parameters] == [("patience", 3), ("regions", ("a", "b"))]
    assert one.parameter_kinds == (("patience", Kind.MONTHS), ("regions", Kind.TEXT))
    assert one.exceptions == (PolicyException(("A", "7"), "keep", "", "", datetime.date(2026, 12, 31)),)
    assert one.expect == (
        ExpectedClient(
            (),
            (
                Expected("decision", "decline"),
                Expected("fired", ("a", "b")),
                Expected("margin", None),
                Expected("profit", "10.50"),
                Expected("applied", ()),
            ),
        ),
    )
    assert [(client.client, client.columns) for client in two.expect] == [
        (("A",), (Expected("segment", "key"),)),
        (("B",), (Expected("segment", "other"),)),
    ]


def test_exceptions(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.yaml"
    path.write_text(EXCEPTIONS, encoding="utf-8")
    file, findings = reading.read_exceptions(path)
    assert findings == ()
    assert file is not None
    first, second, third = file.entries
    assert (first.client, second.client, third.client) == (("1001",), ("1001",), ("A", "2"))
    assert first.holds(datetime.date(2026, 6, 30)) and not first.holds(datetime.date(2026, 7, 1))
    assert second.valid_from == datetime.date(2026, 7, 1)
    assert third.holds(datetime.date(1990, 1, 1)), "without a first day it has always held"
    assert len(file.sha256) == 64


def test_no_exceptions_is_a_sound_file(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.yaml"
    path.write_text("format: 1\nexceptions: []\n", encoding="utf-8")
    file, findings = reading.read_exceptions(path)
    assert (file is not None and file.entries, findings) == ((), ())
