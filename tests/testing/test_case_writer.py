"""What is written as test cases reads back to the same cases, whatever the texts hold."""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selective_sales.model.cases import Case, CaseFile, Cell, Expected, ExpectedClient, Row
from selective_sales.model.expression import NOWHERE
from selective_sales.reading import read_cases
from selective_sales.testing.case_writer import case_file_text

NAMES = st.sampled_from(("revenue", "koszt_obsługi", "no", "y", "null", "true", "missing", "Żółw", "a1", "_x"))
HOSTILE = (
    "", " ", "missing", "true", "True", "null", "~", "no", "1", "01", "-0", "+5", "1e5", "1_000", ".5", "5.", "0x1F", "12:30", "2026-01-01",
    "5 days", "-5 days", "5  days", "12 months", "zażółć gęślą", "a: b", "a #b", "#", "- a", "[a]", "{a}", "a, b", "'", '"', "\\", "\\n",
    "*a", "&a", "!a", "|", ">", "%", "@", "`", "a\nb", "a\r\nb", "a\tb", "\x1b[31mred", "\u202eevil", "\u2028", "\x85", "\ufeff", "=1+1",
    "---", "...", "?", "? a", ": a", "<<", "a b c", "NO", "Nan", ".inf", "ＡＢ", "😀",
    "'); DROP TABLE clients;--", "{{ 7 * 7 }}", "a" * 300,
)  # fmt: skip
ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=12).map(lambda text: unicodedata.normalize("NFC", text))
TEXTS = st.one_of(st.sampled_from(HOSTILE), ANY, st.decimals(-1000, 1000, places=2).map(str))
CELLS = st.one_of(TEXTS.map(Cell), st.just(Cell(None)))
ROWS = st.dictionaries(NAMES, CELLS, min_size=1, max_size=4)
VALUES = st.one_of(TEXTS, st.none(), st.lists(TEXTS, max_size=3).map(tuple))
COLUMNS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=3).map(lambda found: tuple(Expected(n, v) for n, v in found.items()))
DATES = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    rows: dict[str, tuple[Row, ...]] = {}
    if draw(st.booleans()):
        rows["clients"] = (draw(ROWS),)
        expect = (ExpectedClient((), draw(COLUMNS)),)
    else:
        rows["clients"] = tuple(draw(st.lists(ROWS, min_size=1, max_size=3)))
        ids = draw(st.lists(TEXTS.filter(bool), min_size=1, max_size=3, unique=True))
        expect = tuple(ExpectedClient((one,), draw(COLUMNS)) for one in ids)
    rows |= draw(st.dictionaries(st.sampled_from(("orders", "zamówienia")), st.lists(ROWS, max_size=2).map(tuple), max_size=2))
    name = draw(TEXTS.filter(bool))
    return Case(name, rows, expect, NOWHERE, as_of=draw(st.none() | DATES), unreviewed=draw(st.booleans()))


@given(st.lists(cases(), min_size=1, max_size=3), st.dictionaries(st.sampled_from(("clients", "orders")), ROWS, max_size=2), TEXTS, DATES)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_written_reads_back(tmp_path: Path, made: list[Case], defaults: dict[str, Row], comment: str, as_of: datetime.date) -> None:
    path = tmp_path / "made.test.yaml"
    file = CaseFile(str(path), "policy's file.yaml", NOWHERE, as_of, defaults, tuple(made))
    text = case_file_text(file, header=[comment, "a note"], before={0: [comment], 99: ["at the end", comment]})
    path.write_bytes(text.encode())
    found, findings = read_cases(path)
    assert [f for f in findings if f.severity == "error"] == [], text
    assert found is not None
    assert replace(found, policy_place=NOWHERE) == file, text
    assert "\x1b" not in text and "\u202e" not in text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("1000", "1000"), ("0.05", "0.05"), ("-12.5", "-12.5"), ("30 days", "30 days"), ("true", "true"), ("it", "it"),
        ("a b", "a b"), ("in-house", "in-house"), ("Łódź", "Łódź"), (None, "missing"), ("missing", '"missing"'), ("no", '"no"'),
        ("01.03.2019", '"01.03.2019"'), ("2026-01-01", '"2026-01-01"'), ("007", '"007"'), ("1e5", '"1e5"'), ("", '""'), ("a: b", '"a: b"'),
    ],
)  # fmt: skip
def test_a_cell_is_quoted_only_where_it_must_be(cell: str | None, written: str) -> None:
    case = Case("one", {"clients": ({"x": Cell(cell)},)}, (ExpectedClient((), (Expected("decision", "keep"),)),))
    assert f"client: {{x: {written}}}\n" in case_file_text(CaseFile("", "p.yaml", NOWHERE, None, {}, (case,)))


def test_a_long_row_has_a_line_for_each_cell() -> None:
    row = {f"a_rather_long_name_{n}": Cell("some words of a text") for n in range(6)}
    case = Case("one", {"clients": (row,), "orders": (row,)}, (ExpectedClient((), (Expected("decision", "keep"),)),))
    text = case_file_text(CaseFile("", "p.yaml", NOWHERE, None, {"clients": row}, (case,)))
    assert max(map(len, text.splitlines())) <= 140
    assert "    client:\n      a_rather_long_name_0: some words of a text\n" in text
    assert "      - a_rather_long_name_0: some words of a text\n        a_rather_long_name_1:" in text
