"""Workbooks under the data contract: what people see in a cell is what is read, and what nobody can read is a finding with its address."""

from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import selective_sales as ss
from selective_sales.data.workbook import parts as workbook_parts
from selective_sales.data.workbook import sheet as workbook_sheet
from selective_sales.data.workbook.book import read_book
from selective_sales.data.workbook.formats import Shape, number, shape_of
from selective_sales.data.workbook.parts import opened
from selective_sales.data.workbook.sheet import SheetReader
from selective_sales.model.finding import Finding
from tests.data import handmade
from tests.data.handmade import HEAD, MAIN, inline, row, sheet, styles, texts, workbook

AS_OF = datetime.date(2026, 11, 22)
FIELDS = "id: text, name: text, revenue: money, share: number, visits: integer, since: date, active: boolean, days: days"
POLICY = f"""format: 1
policy: {{id: book, version: "1", languages: [en], currency: PLN}}
data: {{clients: {{key: id, fields: {{{FIELDS}}}}}}}
metrics: {{all: {{is: "if active then revenue else 0"}}}}
decisions: {{decline: {{}}, keep: {{default: true}}}}
rules: [{{id: small, when: "revenue < 100 or share > 50% or visits < 3 or since < 2020-01-01 or days > 90 days", then: decline, reason: a}}]
"""
HEADER = ("id", "name", "revenue", "share", "visits", "since", "active", "days")
Row = dict[str, Any]


def policy(folder: Path, fields: str = FIELDS, table: str = "") -> ss.LoadedPolicy:
    """A policy over those fields that decides nothing: what is read is what matters."""
    (folder / "policy.yaml").write_text(
        f"""format: 1
policy: {{id: book, version: "1", languages: [en], currency: PLN}}
data: {{clients: {{key: id, {table}fields: {{{fields}}}}}}}
decisions: {{decline: {{}}, keep: {{default: true}}}}
rules: [{{id: none, when: id = "nobody", then: decline, reason: a}}]
""",
        encoding="utf-8",
    )
    return ss.read(folder / "policy.yaml")


def read(folder: Path, path: Path | str, fields: str = FIELDS, table: str = "") -> list[Row]:
    """The rows as the run had them."""
    with ss.evaluate(policy(folder, fields, table), {"clients": path}, as_of=AS_OF) as result:
        from selective_sales.engines.duckdb_engine import parquet_rows

        return parquet_rows(result.folder / "facts.parquet")


def refused(folder: Path, path: Path | str, fields: str = "id: text, revenue: money", table: str = "") -> tuple[Finding, ...]:
    with pytest.raises(ss.NotDecided) as error:
        ss.evaluate(policy(folder, fields, table), {"clients": path}, as_of=AS_OF)
    return tuple(f for f in error.value.findings if f.severity == "error")


def told(folder: Path, path: Path | str, **more: str) -> list[tuple[str, str]]:
    """Code and place of each finding that stops the run."""
    return [(f.code, str(f.place).replace(f"{folder}/", "")) for f in refused(folder, path, **more)]


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Rows as a person would have them in a sheet and in a CSV file."""
    names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)
    rows = draw(st.lists(st.tuples(
        st.none() | names,
        st.none() | st.decimals(-10**9, 10**9, places=2),
        st.none() | st.decimals(-1000, 1000, places=4),
        st.none() | st.integers(-10**9, 10**9),
        st.none() | st.dates(datetime.date(1900, 3, 1), datetime.date(9999, 12, 31)),
        st.none() | st.booleans(),
        st.none() | st.integers(0, 10**6),
    ), min_size=1, max_size=12))  # fmt: skip
    return [(f"{number:04}", *row) for number, row in enumerate(rows)]


def write_xlsx(path: Path, rows: list[tuple[Any, ...]], noise: bool = False, **options: Any) -> Path:
    with xlsxwriter.Workbook(str(path), options) as book:
        page, day = book.add_worksheet("Dane"), book.add_format({"num_format": "dd.mm.yyyy"})
        page.write_row(0, 0, HEADER)
        for number_, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                match value:
                    case None:
                        pass
                    case bool():
                        page.write_boolean(number_, column, value)
                    case str():
                        page.write_string(number_, column, value)
                    case datetime.date():
                        page.write_datetime(number_, column, datetime.datetime.combine(value, datetime.time()), day)
                    case _:
                        page.write_number(number_, column, float(value) * (1 + 2**-52 if noise and abs(value) > 1 else 1))
    return path


def write_csv(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows([["" if v is None else str(v).lower() if isinstance(v, bool) else str(v) for v in row] for row in rows])
    return path


@settings(max_examples=25)
@given(rows=tables(), from_1904=st.booleans())
def test_a_workbook_is_decided_as_its_csv(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]], from_1904: bool) -> None:
    folder = tmp_path_factory.mktemp("both")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    loaded = ss.read(folder / "policy.yaml")
    rows = [(*row[:5], None if from_1904 and row[5] is not None and row[5].year < 1904 else row[5], *row[6:]) for row in rows]
    book = write_xlsx(folder / "clients.xlsx", rows, default_date_format="dd.mm.yyyy", use_date_1904=False, date_1904=from_1904)
    digests = []
    for path in (book, write_csv(folder / "clients.csv", rows)):
        with ss.evaluate(loaded, {"clients": path}, as_of=AS_OF) as result:
            digests.append((result.summary.digest, result.rows()))
    assert digests[0] == digests[1]


@settings(max_examples=25)
@given(rows=tables())
def test_cells_are_what_another_reader_finds(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]]) -> None:
    path = write_xlsx(tmp_path_factory.mktemp("cells") / "clients.xlsx", rows)
    other = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    with opened(path) as parts:
        book = read_book(parts, path)
        own = dict(SheetReader(parts, book, book.sheets[0]).rows())
    for number_, line in enumerate(other, 1):
        for column, value in enumerate(line, 1):
            text = own.get(number_, {}).get(column, "t")
            match value:
                case bool():
                    assert text == f"b{str(value).lower()}"
                case float() | int():
                    assert text[0] == "n" and float(text[1:]) == value
                case datetime.date():
                    assert text == f"d{value.isoformat()}"
                case _:
                    assert text == f"t{value}"


@pytest.mark.parametrize(
    ("held", "seen"),
    [
        ("33.330000000000005", "33.33"), ("0.30000000000000004", "0.3"), ("1E-3", "0.001"), ("12", "12"), ("-0", "0"), ("1.0", "1"),
        ("1234567890123456", "1234567890123456"), ("1.23E+19", "12300000000000000000"), ("99.99999999999999", "100"),
        ("4.9406564584124654E-324", f"{Decimal('4.94065645841247E-324'):f}"), ("x", None), ("1e999", None), ("nan", None), ("", None),
    ],
)  # fmt: skip
def test_a_number_is_what_people_see(held: str, seen: str | None) -> None:
    assert number(held) == seen


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        ("yyyy-mm-dd", Shape.DATE), ("d mmm", Shape.DATE), ("mmmm", Shape.DATE), ("[$-415]d mmmm yyyy;@", Shape.DATE),
        ("yyyy-mm-dd hh:mm", Shape.DATE), ("hh:mm:ss", Shape.TIME), ("[h]:mm", Shape.TIME), ("mm:ss.0", Shape.TIME),
        ("General", Shape.NUMBER),
        ("0.00%", Shape.NUMBER), ('#,##0.00 "zł"', Shape.NUMBER), ('0 "days"', Shape.NUMBER), ("[Red]0", Shape.NUMBER),
        ("0.00E+00", Shape.NUMBER),
        (r"#,##0\ \d", Shape.NUMBER), ("_-* #,##0.00_-", Shape.NUMBER), ("@", Shape.NUMBER), ("", Shape.NUMBER),
        ("[>=1000]#,##0;0", Shape.NUMBER), ('"Day "0', Shape.NUMBER),
    ],
)  # fmt: skip
def test_a_format_says_whether_a_number_is_a_date(code: str, shape: Shape) -> None:
    assert shape_of(code) is shape


def test_noise_of_doubles_is_no_money(tmp_path: Path) -> None:
    rows = [
        ("0001", None, Decimal("33.33"), None, None, None, None, None),
        ("0002", None, Decimal("52000.30"), None, None, None, None, None),
    ]
    assert [one["revenue"] for one in read(tmp_path, write_xlsx(tmp_path / "c.xlsx", rows, noise=True))] == [
        Decimal("33.33"),
        Decimal("52000.30"),
    ]


def one_row(cells: str, **more: Any) -> Any:
    """A workbook of one sheet with the header id, revenue, since in row 1, and the cells in row 2."""
    header = "".join(inline(f"{c}1", name) for c, name in zip("ABC", ("id", "revenue", "since"), strict=True))
    return lambda path: workbook(path, {"Dane": sheet(f'<row r="1">{header}</row><row r="2">{inline("A2", "K")}{cells}</row>')}, **more)


WITH_DATE = "id: text, revenue: money, since: date"


@pytest.mark.parametrize(
    ("serial", "from_1904", "day"),
    [
        ("1", False, "1900-01-01"), ("59", False, "1900-02-28"), ("61", False, "1900-03-01"), ("46053", False, "2026-01-31"),
        ("2958465", False, "9999-12-31"), ("46053.75", False, "2026-01-31"), ("46053.999999999", False, "2026-02-01"),
        ("0", True, "1904-01-01"), ("44591", True, "2026-01-31"),
    ],
)  # fmt: skip
def test_dates_of_both_systems(tmp_path: Path, serial: str, from_1904: bool, day: str) -> None:
    properties = '<workbookPr date1904="1"/>' if from_1904 else ""
    made = one_row(f'<c r="C2" s="1"><v>{serial}</v></c>', styles=styles("dd.mm.yyyy"), properties=properties)(tmp_path / "c.xlsx")
    assert [one["since"] for one in read(tmp_path, made, WITH_DATE)] == [datetime.date.fromisoformat(day)]


@pytest.mark.parametrize("serial", ["0", "60", "-1", "2958467", "1e300"])
def test_days_that_no_calendar_has_are_bad_cells(tmp_path: Path, serial: str) -> None:
    made = one_row(f'<c r="C2" s="1"><v>{serial}</v></c>', styles=styles("yyyy/mm/dd"))(tmp_path / "c.xlsx")
    assert told(tmp_path, made, fields=WITH_DATE) == [("SS521", "c.xlsx#Dane!C2")]


def test_dates_as_dates_and_as_texts_stand_in_one_column(tmp_path: Path) -> None:
    rows = '<row r="1">' + inline("A1", "id") + inline("B1", "since") + "</row>"
    rows += row(2, inline("A2", "a"), handmade.number("B2", 46053, 1)) + row(3, inline("A3", "b"), inline("B3", "15.09.2020"))
    rows += row(4, inline("A4", "c"), '<c r="B4" t="d"><v>2026-01-31T00:00:00</v></c>')
    made = workbook(tmp_path / "c.xlsx", {"S": sheet(rows)}, styles=styles("mm-dd-yy"))
    day, other = datetime.date(2026, 1, 31), datetime.date(2020, 9, 15)
    assert [one["since"] for one in read(tmp_path, made, "id: text, since: date")] == [day, other, day]
    assert [one["since"] for one in read(tmp_path, made, 'id: text, since: {type: date, format: "%d.%m.%Y"}')] == [day, other, day]


def test_numbers_and_texts_stand_in_one_column(tmp_path: Path) -> None:
    rows = '<row r="1">' + inline("A1", "id") + inline("B1", "revenue") + "</row>"
    for number_, cell in enumerate(("<v>1234.5</v>", "1 234,50", "1.234,50 PLN", "<v>0.1</v>"), 2):
        held = f'<c r="B{number_}">{cell}</c>' if cell.startswith("<") else inline(f"B{number_}", cell)
        rows += f'<row r="{number_}">{inline(f"A{number_}", str(number_))}{held}</row>'
    made = workbook(tmp_path / "c.xlsx", {"S": sheet(rows)})
    assert [str(row["revenue"]) for row in read(tmp_path, made, "id: text, revenue: money")] == [
        "1234.5000",
        "1234.5000",
        "1234.5000",
        "0.1000",
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<c r="B2" t="e"><v>#N/A</v></c>', "SS990"), ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "SS990"),
        ('<c r="B2"><f>A1*2</f></c>', "SS990"), ('<c r="B2"><f>A1*2</f><v></v></c>', "SS990"), ('<c r="B2"><v>abc</v></c>', "SS990"),
        ('<c r="B2" t="b"><v>1</v></c>', "SS521"), ('<c r="B2" s="1"><v>46053</v></c>', "SS521"),
        ('<c r="B2" s="2"><v>0.5</v></c>', "SS521"),
        ('<c r="B2"><v>1e15</v></c>', "SS521"), (inline("B2", "abc"), "SS521"),
    ],
)  # fmt: skip
def test_a_cell_without_a_usable_value_is_a_finding_with_its_address(tmp_path: Path, cell: str, code: str) -> None:
    made = one_row(cell, styles=styles("yyyy-mm-dd", "hh:mm"))(tmp_path / "c.xlsx")
    found = refused(tmp_path, made)
    assert [(f.code, str(f.place)) for f in found] == [(code if "1e15" not in cell else "SS522", f"{made}#Dane!B2")]
    assert (found[0].place.file, found[0].place.line, found[0].place.column) == (str(made), 2, 2)


@pytest.mark.parametrize("field", ["text", "boolean", "integer", "number", "date", "days", "months", "money"])
@pytest.mark.parametrize("cell", ['<c r="B2" t="e"><v>#REF!</v></c>', '<c r="B2"><f>X1</f></c>'])
def test_an_error_is_blank_in_no_kind_of_field(tmp_path: Path, field: str, cell: str) -> None:
    assert told(tmp_path, one_row(cell)(tmp_path / "c.xlsx"), fields=f"id: text, revenue: {field}") == [("SS990", "c.xlsx#Dane!B2")]


def test_an_error_may_be_declared_to_be_blank(tmp_path: Path) -> None:
    made = one_row('<c r="B2" t="e"><v>#N/A</v></c>')(tmp_path / "c.xlsx")
    assert read(tmp_path, made, 'id: text, revenue: {type: money, missing_tokens: ["#N/A"]}')[0]["revenue"] is None


def test_a_result_that_is_an_empty_text_is_blank(tmp_path: Path) -> None:
    made = one_row('<c r="B2" t="str"><f>IF(1,"","x")</f><v></v></c>')(tmp_path / "c.xlsx")
    assert read(tmp_path, made, "id: text, revenue: money")[0]["revenue"] is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<v>1001</v>", "1001"), ("<v>1001.5</v>", "1001.5"), ("<v>1234567890123456</v>", "1234567890123456"), ("<v>0.1</v>", "0.1"),
    ],
)  # fmt: skip
def test_a_number_in_a_field_of_text_has_its_digits(tmp_path: Path, cell: str, text: str) -> None:
    assert read(tmp_path, one_row(f'<c r="B2">{cell}</c>')(tmp_path / "c.xlsx"), "id: text, revenue: text")[0]["revenue"] == text


def test_digits_that_excel_has_lost_are_a_finding(tmp_path: Path) -> None:
    made = one_row('<c r="B2"><v>1.1402004004000001E+25</v></c>')(tmp_path / "c.xlsx")
    assert told(tmp_path, made, fields="id: text, revenue: text") == [("SS990", "c.xlsx#Dane!B2")]


def test_percentages_times_and_booleans(tmp_path: Path) -> None:
    cells = '<c r="B2" s="1"><v>0.05</v></c><c r="C2" t="b"><v>0</v></c>'
    made = one_row(cells, styles=styles("0.0%"))(tmp_path / "c.xlsx")
    found = read(tmp_path, made, "id: text, revenue: number, since: boolean")[0]
    assert (found["revenue"], found["since"]) == (0.05, False)


def test_texts_of_every_form(tmp_path: Path) -> None:
    rich = (
        f'{HEAD}<sst xmlns="{MAIN}"><si><r><t>Anna </t></r><r><t xml:space="preserve">Nowak</t></r><rPh sb="0" eb="1"><t>yo</t></rPh></si>'
    )
    rich += "<si><t>a_x000D_\nb</t></si><si><t>_x005F_x0041_</t></si><si/></sst>"
    rows = f'<row r="1">{inline("A1", "id")}{inline("B1", "name")}</row>'
    for number_, index in enumerate(range(4), 2):
        rows += f'<row r="{number_}">{inline(f"A{number_}", str(number_))}<c r="B{number_}" t="s"><v>{index}</v></c></row>'
    made = workbook(tmp_path / "c.xlsx", {"S": sheet(rows)}, strings=rich)
    assert [one["name"] for one in read(tmp_path, made, "id: text, name: text")] == ["Anna Nowak", "a\nb", "_x0041_", None]


def test_rows_and_cells_without_addresses_and_with_prefixes(tmp_path: Path) -> None:
    x = f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>id</x:t></x:is></x:c>'
    x += '<x:c t="inlineStr"><x:is><x:t>revenue</x:t></x:is></x:c></x:row>'
    x += "<x:row><x:c><x:v>7</x:v></x:c><x:c><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    made = workbook(tmp_path / "c.xlsx", {"S": x})
    assert [(one["id"], one["revenue"]) for one in read(tmp_path, made, "id: text, revenue: money")] == [("7", Decimal(5))]


def test_empty_rows_do_not_count_and_hidden_ones_do(tmp_path: Path) -> None:
    rows = row(3, inline("B3", "id"), inline("D3", "revenue")) + row(4)
    rows += row(5, inline("B5", "a"), handmade.number("D5", 1), attributes=' hidden="1"') + row(
        9, inline("B9", "b"), handmade.number("D9", "x")
    )
    rows += row(90, '<c r="B90" s="0"/>') + row(1048576, '<c r="XFD1048576" s="0"/>')
    made = workbook(tmp_path / "c.xlsx", {"Dane": sheet(rows)})
    assert told(tmp_path, made) == [("SS990", "c.xlsx#Dane!D9")]
    made = workbook(tmp_path / "d.xlsx", {"Dane": sheet(rows.replace("<v>x</v>", "<v>2</v>"))})
    with ss.evaluate(policy(tmp_path, "id: text, revenue: money"), {"clients": made}, as_of=AS_OF) as result:
        table = result.summary.loaded.tables[0]
    assert (table.rows_read, table.format, table.settled) == (2, "xlsx", ("sheet 'Dane'", "1 hidden row read like the others"))


@pytest.mark.parametrize("merged", ["A2:A3", "B2:B9", "A2:B2", "A1:A2", "A2:XFD1048576"])
def test_merged_cells_of_the_table_stop_the_run(tmp_path: Path, merged: str) -> None:
    rows = row(1, inline("A1", "id"), inline("B1", "revenue")) + row(2, inline("A2", "a")) + row(3, inline("A3", "b"))
    made = workbook(tmp_path / "c.xlsx", {"Dane": sheet(rows, f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>')})
    (found,) = refused(tmp_path, made)
    assert (found.code, f"the cells {merged} of the sheet 'Dane' are merged" in found.message) == ("SS990", True)


@pytest.mark.parametrize("merged", ["D1:F1", "A1:B1", "D2:D3", "A7:B9", "B2:C2"])
def test_merged_cells_beside_the_table_do_not_matter(tmp_path: Path, merged: str) -> None:
    rows = row(1, inline("A1", "id"), inline("B1", "revenue")) + row(2, inline("A2", "a")) + row(3, inline("A3", "b"))
    made = workbook(tmp_path / "c.xlsx", {"Dane": sheet(rows, f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>')})
    assert len(read(tmp_path, made, "id: text, revenue: money")) == 2


def test_a_header_below_a_title_is_shown_where_it_is(tmp_path: Path) -> None:
    rows = f'<row r="1">{inline("A1", "Clients of 2026")}</row><row r="4">{inline("A4", "id")}{inline("B4", "revenue")}</row>'
    (found,) = refused(tmp_path, workbook(tmp_path / "c.xlsx", {"Dane": sheet(rows)}))
    assert (found.code, str(found.place)) == ("SS991", f"{tmp_path}/c.xlsx#Dane!A4")
    assert "the header stands in row 4 of the sheet 'Dane', and the first row with anything in it is row 1" in found.message


def test_headers_are_held_to_what_holds_for_every_file(tmp_path: Path) -> None:
    rows = f'<row r="1">{inline("A1", "id")}{inline("B1", "revenu")}{inline("C1", "id")}</row><row r="2">{inline("A2", "a")}</row>'
    found = refused(tmp_path, workbook(tmp_path / "c.xlsx", {"Dane": sheet(rows)}))
    assert sorted((f.code, str(f.place).rpartition("#")[2]) for f in found) == [("SS510", "Dane!A1"), ("SS511", "Dane!A1")]


def test_a_table_without_header_is_read_by_position(tmp_path: Path) -> None:
    made = workbook(tmp_path / "c.xlsx", {"Dane": sheet(f'<row r="1">{inline("A1", "a")}<c r="B1"><v>5</v></c></row>')})
    assert [one["revenue"] for one in read(tmp_path, made, "id: text, revenue: money", "csv: {header: false}, ")] == [Decimal(5)]


GOOD = sheet(f'<row r="1">{inline("A1", "id")}{inline("B1", "revenue")}</row><row r="2">{inline("A2", "a")}<c r="B2"><v>1</v></c></row>')
OTHER = sheet(f'<row r="1">{inline("A1", "id")}{inline("B1", "revenue")}</row><row r="2">{inline("A2", "b")}<c r="B2"><v>2</v></c></row>')
TWO = "id: text, revenue: money"


@pytest.mark.parametrize(
    ("sheets", "states", "asked", "expected"),
    [
        (("Dane",), {}, "", "a"), (("Dane", "Inne"), {"Inne": "hidden"}, "", "a"), (("Dane", "Inne"), {"Dane": "veryHidden"}, "", "b"),
        (("x", "Clients"), {}, "", "b"), (("x", "y"), {}, "#y", "b"), (("x", "y"), {"y": "hidden"}, "#y", "b"),
        (("x", "Zażółć"), {}, "#ZAŻÓŁĆ", "b"),
        (("x", "a#b"), {}, "#a#b", "b"), (("x",), {"x": "hidden"}, "", "a"),
    ],
)  # fmt: skip
def test_which_sheet_is_read(tmp_path: Path, sheets: tuple[str, ...], states: dict[str, str], asked: str, expected: str) -> None:
    workbook(tmp_path / "c.xlsx", dict(zip(sheets, (GOOD, OTHER), strict=False)), states=states)
    assert [one["id"] for one in read(tmp_path, f"{tmp_path}/c.xlsx{asked}", TWO)] == [expected]


def test_several_sheets_are_listed(tmp_path: Path) -> None:
    made = workbook(tmp_path / "c.xlsx", {"Dane": GOOD, "Inne": OTHER, "Stare": OTHER}, states={"Stare": "hidden"})
    (found,) = refused(tmp_path, made)
    assert (found.code, "'Dane', 'Inne', 'Stare' (hidden)" in found.message, "c.xlsx#Dane'" in found.help) == ("SS989", True, True)
    (found,) = refused(tmp_path, f"{made}#Dana")
    assert (found.code, found.help) == ("SS989", "Did you mean 'Dane'?")
    (found,) = refused(tmp_path, f"{made}#qqqqqqq")
    assert "Its sheets: 'Dane', 'Inne'" in found.help
    assert told(tmp_path, f"{tmp_path}/none.xlsx#Dane") == [("SS501", "none.xlsx")]


def test_a_sheet_is_named_for_a_workbook_alone(tmp_path: Path) -> None:
    (tmp_path / "a#b.csv").write_text("id,revenue\nK,1\n", encoding="utf-8")
    assert len(read(tmp_path, tmp_path / "a#b.csv", TWO)) == 1
    assert told(tmp_path, f"{tmp_path}/a.csv#Dane") == [("SS501", "a.csv#Dane")]
    (tmp_path / "a.xlsx#b").mkdir()
    (tmp_path / "a.xlsx#b" / "c.csv").write_text("id,revenue\nK,1\n", encoding="utf-8")
    assert len(read(tmp_path, tmp_path / "a.xlsx#b" / "c.csv", TWO)) == 1


# --- hostile files


def broken(name: str, folder: Path) -> Path:
    """A file that is called a workbook."""
    path = folder / "c.xlsx"
    rows = '<row r="1">' + inline("A1", "id") + inline("B1", "revenue") + "</row>"
    match name:
        case "csv":
            path.write_text("id,revenue\nK,1\n", encoding="utf-8")
        case "compound":
            path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        case "password":
            path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
        case "cut":
            workbook(path, {"S": GOOD})
            path.write_bytes(path.read_bytes()[:-40])
        case "cut in the middle":
            workbook(path, {"S": GOOD})
            content = bytearray(path.read_bytes())
            content[300:340] = bytes(40)
            path.write_bytes(bytes(content))
        case "empty archive":
            with zipfile.ZipFile(path, "w"):
                pass
        case "another archive":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        case "no sheet":
            workbook(path, {})
        case "two parts of a name":
            workbook(path, {"S": GOOD})
            with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
                archive.writestr("xl/workbook.xml", "<workbook/>")
        case "entities":
            bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
            workbook(path, {"S": GOOD.replace("<worksheet", bomb + "<worksheet", 1)})
        case "outside":
            bomb = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            workbook(path, {"S": GOOD.replace("<worksheet", bomb + "<worksheet", 1).replace(">a<", ">&a;<")})
        case "no xml":
            workbook(path, {"S": "<worksheet><sheetData><row"})
        case "wrong text":
            workbook(path, {"S": sheet(rows + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>')}, strings=texts("a"))
        case "no text":
            workbook(path, {"S": sheet(rows + '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>')}, strings=texts("a"))
        case "unknown kind":
            workbook(path, {"S": sheet(rows + '<row r="2"><c r="A2" t="zz"><v>7</v></c></row>')})
        case "rows out of order":
            workbook(path, {"S": sheet(rows + f'<row r="9">{inline("A9", "a")}</row><row r="2">{inline("A2", "a")}</row>')})
        case "cells out of order":
            workbook(path, {"S": sheet(rows + f'<row r="2">{inline("B2", "1")}{inline("A2", "a")}</row>')})
        case "one cell twice":
            workbook(path, {"S": sheet(rows + f'<row r="2">{inline("A2", "1")}{inline("A2", "a")}</row>')})
        case "cell of another row":
            workbook(path, {"S": sheet(rows + f'<row r="2">{inline("A7", "1")}</row>')})
        case "row without end":
            workbook(path, {"S": sheet(rows + f'<row r="99999999999999999999">{inline("A2", "1")}</row>')})
        case "column without end":
            workbook(path, {"S": sheet(rows + f'<row r="2">{inline("ZZZZ2", "1")}</row>')})
        case "encoding":
            workbook(path, {"S": GOOD.replace('encoding="UTF-8"', 'encoding="UTF-7"')})
        case "long text":
            workbook(path, {"S": sheet(rows + f'<row r="2">{inline("A2", "x" * 200_000)}</row>')})
        case _:
            raise AssertionError(name)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "csv", "compound", "password", "cut", "cut in the middle", "empty archive", "another archive", "no sheet", "two parts of a name",
        "entities", "outside", "no xml", "wrong text", "no text", "unknown kind", "rows out of order", "cells out of order",
        "one cell twice",
        "cell of another row", "row without end", "column without end", "long text", "encoding",
    ],
)  # fmt: skip
def test_what_is_no_sound_workbook_is_one_finding(tmp_path: Path, name: str) -> None:
    (found,) = refused(tmp_path, broken(name, tmp_path))
    assert (found.code, found.place.file) == ("SS986", f"{tmp_path}/c.xlsx")
    assert found.help and "passwd" not in found.message and "root:" not in found.message


def test_a_cell_at_the_far_end_takes_no_room(tmp_path: Path) -> None:
    rows = row(1, inline("A1", "id"), inline("XFD1", "revenue")) + row(1048576, inline("A1048576", "a"), handmade.number("XFD1048576", 4))
    made = workbook(tmp_path / "c.xlsx", {"S": sheet(rows)})
    assert [one["revenue"] for one in read(tmp_path, made, TWO)] == [Decimal(4)]
    made = workbook(tmp_path / "c.xlsx", {"S": sheet(rows.replace("<v>4</v>", "<v>x</v>"))})
    assert told(tmp_path, made) == [("SS990", "c.xlsx#S!XFD1048576")]


def test_thousands_of_columns(tmp_path: Path) -> None:
    width = 5000
    with xlsxwriter.Workbook(str(tmp_path / "c.xlsx")) as book:
        page = book.add_worksheet("S")
        page.write_row(0, 0, ["id", *(f"c{n}" for n in range(width)), "revenue"])
        page.write_row(1, 0, ["a", *range(width), 7])
    assert read(tmp_path, tmp_path / "c.xlsx", TWO)[0]["revenue"] == Decimal(7)


@pytest.mark.parametrize(("limit", "of"), [("MOST_BYTES", workbook_parts), ("MOST_CELLS", workbook_sheet)])
def test_a_workbook_beyond_the_limits_is_refused_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, of: object
) -> None:
    rows = "".join(f'<row r="{n}">{inline(f"A{n}", str(n))}{inline(f"B{n}", "1")}</row>' for n in range(2, 5000))
    made = workbook(tmp_path / "c.xlsx", {"S": sheet(f'<row r="1">{inline("A1", "id")}{inline("B1", "revenue")}</row>{rows}')})
    monkeypatch.setattr(of, limit, 4000)
    assert told(tmp_path, made) == [("SS987", "c.xlsx")]


def test_macros_are_not_looked_at(tmp_path: Path) -> None:
    made = workbook(tmp_path / "c.xlsm", {"S": GOOD}, more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub Auto_Open()"})
    assert len(read(tmp_path, made, TWO)) == 1


def test_a_sheet_in_utf_16_is_read(tmp_path: Path) -> None:
    other = GOOD.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    made = workbook(tmp_path / "c.xlsx", {"S": GOOD}, more={"xl/worksheets/sheet1.xml": other})
    assert [one["id"] for one in read(tmp_path, made, TWO)] == ["a"]


def test_texts_with_anything_in_them_stay_in_their_cells(tmp_path: Path) -> None:
    held = ['a"b', "a,b", "a\nb", '"', '""', "a\tb", "x\x01y", "\U0001f600", "n5", "#N/A", "=1", "ą" * 10_000, "'", '",\n"']
    with xlsxwriter.Workbook(str(tmp_path / "c.xlsx"), {"strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["id", "name"])
        for number_, text in enumerate(held, 1):
            page.write_string(number_, 0, f"{number_:02}")
            page.write_string(number_, 1, text)
    assert [one["name"] for one in read(tmp_path, tmp_path / "c.xlsx", "id: text, name: text")] == [text.strip() for text in held]


PIECES = (
    b'"', b"<", b">", b"/", b"1", b"-1", b"9" * 20, b't="s"', b't="e"', b's="99"', b'r="A1"', b"<v>", b"</v>", b"\0", b"\xff", b"&#0;",
    b"nan", b"1e400", b'encoding="utf-7"', b'<row r="5">', b"<f>", b"",
)  # fmt: skip
SPOILED = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "_rels/.rels",
)


@given(data=st.data())
def test_no_spoiled_workbook_crashes_the_reader(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = write_xlsx(tmp_path_factory.mktemp("spoiled") / "c.xlsx", [("a", "b", 1.5, 0.1, 2, datetime.date(2026, 1, 31), True, 3)])
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(SPOILED))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(parts[name])))
        parts[name] = parts[name][:at] + data.draw(st.sampled_from(PIECES)) + parts[name][at + data.draw(st.integers(0, 20)) :]
    path = whole.with_name("spoiled.xlsx")
    with zipfile.ZipFile(path, "w") as archive:
        for part_, content in parts.items():
            archive.writestr(part_, content)
    code = ""
    try:
        with opened(path) as made:
            book = read_book(made, path)
            assert all(cells for one in book.sheets for _, cells in SheetReader(made, book, one).rows())
    except workbook_parts.WorkbookError as error:
        code = error.code
    assert code in ("", "SS986")
