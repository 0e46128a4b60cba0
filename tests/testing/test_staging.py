"""Staged files hold each cell as it was written, and know where each row stands."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.data import BadRow, Loaded
from selective_sales.model.finding import Finding
from selective_sales.model.place import Place
from selective_sales.testing import Batch, broken, prepare, stage

Make = Callable[..., Any]
NASTY = 'a,"b";\n\r\n\'; DROP TABLE clients; --\u202e\x1b[31m'


def batch_of(checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> Batch:
    nasty = make_case([row(client_id=NASTY, revenue="1.50", cost=None)], expecting(turnover="0"), name="nasty")
    orders = [row(quantity="2", price="1.234"), row(quantity="2", price="1,5"), row(quantity="2", price="1 234,50")]
    comma = make_case([row(client_id="B")], expecting(turnover="0"), name="comma", tables={"orders": orders})
    (batch,) = prepare(checked, make_file(nasty, comma)).batches
    return batch


def test_cells_come_back_as_written(
    tmp_path: Path, checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    staged = stage(batch_of(checked, row, expecting, make_case, make_file), tmp_path)
    with staged.files["clients"].open(encoding="utf-8", newline="") as file:
        header, first, second = csv.reader(file)
    assert header == ["case:", "client_id", "Revenue 12M", "cost", "strategic", "since", "rep", "vat"]
    assert first == ["000001", NASTY, "1.50", "", "", "", "", ""]
    assert second == ["000002", "B", "", "", "", "", "", ""]
    with staged.files["orders"].open(encoding="utf-8", newline="") as file:
        assert [line[3] for line in csv.reader(file)] == ["price", "1,234", "1,5", "1 234,50"]


def test_a_bad_row_is_found_at_its_cell(
    tmp_path: Path, checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    batch = batch_of(checked, row, expecting, make_case, make_file)
    staged = stage(batch, tmp_path)
    bad = BadRow("clients", Place("table0.csv", 3), "Revenue 12M", "1.50", "is too cheap", "SS510")
    (result,) = broken(batch, staged, Loaded((), (bad,), 1, ())).values()
    (finding,) = result.findings
    assert result.name == "nasty"
    assert finding.message == "'1.50' for 'revenue' of table 'clients' is too cheap"
    assert (finding.code, finding.place) == ("SS617", Place("t.test.yaml", 9, 1))


def test_where_a_whole_table_is_refused_every_case_fails(
    tmp_path: Path, checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make
) -> None:
    batch = batch_of(checked, row, expecting, make_case, make_file)
    finding = Finding("SS501", "it cannot be read", Place("table0.csv"))
    results = broken(batch, stage(batch, tmp_path), Loaded((), (), 0, (finding,)))
    assert [(result.name, result.findings) for result in results.values()] == [("nasty", (finding,)), ("comma", (finding,))]


def test_nothing_broken(tmp_path: Path, checked: CheckedPolicy, row: Make, expecting: Make, make_case: Make, make_file: Make) -> None:
    batch = batch_of(checked, row, expecting, make_case, make_file)
    assert broken(batch, stage(batch, tmp_path), Loaded((), (), 0, ())) == {}
