"""Which column is which field, and what is said where one is missing."""

from __future__ import annotations

from typing import Literal

import pytest

from selective_sales.data.matching import match_columns
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.model.policy import CsvDialect, Field, Table

PLACE = Place("parts/1.csv", 1, 1)
DECLARE = 'csv: {encoding: "windows-1250"}'


def helped(names: tuple[str, ...], column: str, encoding: Literal["windows-1250"] | None = None) -> str:
    table = Table("clients", ("day",), (Field("day", Kind.TEXT, column=column),), csv=CsvDialect(encoding=encoding))
    (finding,) = (f for f in match_columns(table, names, PLACE, header=True)[1] if f.code == "SS510")
    return finding.help


@pytest.mark.parametrize("names", [("dzie\ufffd",), ("wiek", "\ufffd\ufffd")])
def test_a_header_in_another_encoding(names: tuple[str, ...]) -> None:
    said = helped(names, "dzień")
    assert "not UTF-8" in said and DECLARE in said and "Did you mean" not in said


@pytest.mark.parametrize(
    ("names", "column", "encoding"),
    [
        (("dzień",), "dzien", None),
        (("data", "dzie\ufffd"), "date", None),  # of ASCII only: no encoding damages it
        (("dzie\ufffd",), "dzień", "windows-1250"),  # it stands there
    ],
)
def test_a_slip_in_a_name(names: tuple[str, ...], column: str, encoding: Literal["windows-1250"] | None) -> None:
    said = helped(names, column, encoding)
    assert said.startswith("Did you mean") and DECLARE not in said
