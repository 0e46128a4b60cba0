"""A number whose cell shows it with zeros before it: read as it is seen where the field is a text, and as the number where it is one."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

import selective_sales as ss
from selective_sales.data.workbook.formats import Shape, shape_of, width_of

from .test_workbooks import read


def book(folder: Path, form: str, *values: object) -> Path:
    path = folder / "book.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("clients")
        zeros = workbook.add_format({"num_format": form})
        sheet.write_row(0, 0, ["id", "visits", "revenue"])
        for number, value in enumerate(values, 1):
            sheet.write(number, 0, value, zeros)
            sheet.write(number, 1, 5, zeros)
            sheet.write(number, 2, 12.5, zeros)
    return path


FIELDS = "id: text, visits: integer, revenue: money"


@pytest.mark.parametrize("form", ["000", "[$-415]000", "[Red]000", "000;-000", "000;[Red]-000"])
def test_a_number_with_zeros_is_read_as_it_is_shown(tmp_path: Path, form: str) -> None:
    rows = read(tmp_path, book(tmp_path, form, 7, 42, 1234, 0, "A7"), FIELDS)
    assert sorted(row["id"] for row in rows) == ["000", "007", "042", "1234", "A7"]
    assert {(row["visits"], str(row["revenue"])) for row in rows} == {(5, "12.5000")}


@pytest.mark.parametrize("form", ["00-000", '"K-"000', "000 000", "00\\-000", "K000"])
def test_a_number_that_is_dressed_otherwise_is_a_finding(tmp_path: Path, form: str) -> None:
    with pytest.raises(ss.NotDecided) as raised:
        read(tmp_path, book(tmp_path, form, 7), FIELDS)
    told = [finding for finding in raised.value.findings if finding.code == "SS990"]
    assert len(told) == 1 and "text" in told[0].help and told[0].place.cell == "clients!A2", raised.value.findings


@pytest.mark.parametrize("form", ["0", "0.00", "#,##0", "#,##0.00", "0%", "0.00E+00", '#,##0.00 "zł"', "General", "@"])
def test_other_formats_are_as_before(tmp_path: Path, form: str) -> None:
    assert [row["id"] for row in read(tmp_path, book(tmp_path, form, 7), FIELDS)] == ["7"]
    assert shape_of(form) is Shape.NUMBER and width_of(form) == 0


def test_what_is_no_whole_number(tmp_path: Path) -> None:
    for value in (7.4, -7):
        with pytest.raises(ss.NotDecided):
            read(tmp_path, book(tmp_path, "000", value), FIELDS)
