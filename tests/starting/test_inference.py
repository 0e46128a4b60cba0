"""What `init --from` makes of files as people have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales import pipeline
from selective_sales.model.finding import Finding, Severity
from selective_sales.starting.contract import policy_text
from selective_sales.starting.inferred import Contract
from selective_sales.starting.sample import sample
from selective_sales.starting.verdict import infer


def drawn(tmp_path: Path, text: str | bytes, key: str | None = None) -> tuple[Contract | None, tuple[Finding, ...]]:
    path = tmp_path / "clients.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    sampled, findings = sample(path)
    if sampled is None:
        return None, findings
    contract, more = infer(sampled, key)
    return contract, (*findings, *more)


def contract_of(tmp_path: Path, text: str | bytes) -> Contract:
    contract, findings = drawn(tmp_path, text)
    assert contract is not None, findings
    return contract


def column(tmp_path: Path, *cells: str, header: str = "x", delimiter: str = ";") -> tuple[str, str | None, tuple[str, ...], str | None]:
    """Type, format, missing tokens and decimal mark drawn from a column of these cells."""
    rows = [f"id{delimiter}{header}", *(f"k{n}{delimiter}{cell}" for n, cell in enumerate(cells))]
    contract = contract_of(tmp_path, "\n".join(rows))
    field = contract.fields[1]
    return field.type, field.format, field.missing_tokens, contract.decimal


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "2", "-3"], "integer"),
        (["0", "1", "1"], "integer"),
        (["1 000", "2"], "integer"),
        (["007", "2"], "text"),
        (["12345678901234567890123", "2"], "text"),
        (["tak", "nie", ""], "boolean"),
        (["T", "f"], "boolean"),
        (["t", "t"], "text"),
        (["2026-01-31", ""], "date"),
        (["2026-02-30", "2026-01-01"], "text"),
        (["90 days", "1 day"], "days"),
        (["12 months", "1 month"], "months"),
        (["12 months", "1 day"], "text"),
        (["30 days", "30 days", "1 month"], "text"),
        (["20%", "5%"], "number"),
        (["1e5", "2"], "text"),
        (["inf", "2"], "text"),
        (["", ""], "text"),
        (["=1+1", "2"], "text"),
        (["Ala", "kot"], "text"),
    ],
)
def test_a_type_is_the_narrowest_that_every_cell_fits(tmp_path: Path, cells: list[str], expected: str) -> None:
    assert column(tmp_path, *cells)[0] == expected


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("revenue", ["1000", "20"], "money"),
        ("Przychód netto", ["0,5", "20,125"], "money"),
        ("x", ["10,50", "0,25"], "number"),
        ("Razem (suma)", ["10,50", "0,25"], "money"),
        ("total", ["10,5", "0,25"], "number"),
        ("MonthlyCharges", ["29.85", "7"], "money"),
        ("TOTAL_CHARGES", ["29", "7"], "money"),
        ("investment_as_income_percentage", ["1", "4"], "integer"),
        ("revenue_share", ["0.25", "4.75"], "number"),
        ("number_of_sales", ["1", "4"], "integer"),
        ("x", ["0,50", "0,25"], "number"),
        ("x", ["10 PLN", "20,5 PLN"], "money"),
        ("x", ["10 zł", "20 PLN"], "money"),
        ("x", ["10 PLN", "20 EUR"], "text"),
        ("values_fit", ["0,5", "1"], "number"),
        ("costumes", ["0,5", "x"], "text"),
    ],
)
def test_money_is_what_the_header_the_currency_or_the_cents_say(tmp_path: Path, header: str, cells: list[str], expected: str) -> None:
    assert column(tmp_path, *cells, header=header)[0] == expected


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        (["31.12.2026", "01.02.2025"], "%d.%m.%Y"),
        (["31/12/2026", "01/02/2025"], "%d/%m/%Y"),
        (["12/31/2026", "01/02/2025"], "%m/%d/%Y"),
        (["31-12-2026"], "%d-%m-%Y"),
        (["2026/12/31"], "%Y/%m/%d"),
        (["2026-12-31"], None),
        (["2026-12-31 10:00:00", "2026-12-31"], None),
        (["1.2.2026", "31.12.2026"], "%d.%m.%Y"),
    ],
)
def test_the_format_of_dates_is_proven_by_the_whole_column(tmp_path: Path, cells: list[str], written: str | None) -> None:
    assert column(tmp_path, *cells)[:2] == ("date", written)


def test_dates_that_prove_no_order_are_assumed_day_first_and_said(tmp_path: Path) -> None:
    contract, findings = drawn(tmp_path, "id,since\na,03/04/2020\n")
    assert contract is not None
    assert contract.fields[1].format == "%d/%m/%Y"
    assert [f.code for f in findings] == ["SS755"]
    assert "day first" in findings[0].message


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1,5", "2"], ","),
        (["1.5", "2"], "."),
        (["0,125"], ","),
        (["1.234.567,8"], ","),
        (["1,234,567.8"], "."),
        (["1234,567"], ","),
        (["1", "2"], None),
    ],
)
def test_the_decimal_mark_is_proven_where_it_can_be(tmp_path: Path, cells: list[str], mark: str | None) -> None:
    assert column(tmp_path, *cells)[3] == mark


def test_a_decimal_mark_that_nothing_proves_is_assumed_and_said(tmp_path: Path) -> None:
    contract, findings = drawn(tmp_path, "id;x\na;1,234\n")
    assert contract is not None
    assert contract.decimal == ","
    assert [f.code for f in findings] == ["SS755"]


def test_another_column_can_prove_the_mark(tmp_path: Path) -> None:
    contract, findings = drawn(tmp_path, "id;x;y\na;1,234;0.5\n")
    assert contract is not None
    assert (contract.decimal, contract.fields[1].type, findings) == (".", "integer", ())


def test_words_for_nothing_are_declared_where_they_make_a_number(tmp_path: Path) -> None:
    assert column(tmp_path, "1", "n/a", "-", "2")[:3] == ("integer", None, ("-", "n/a"))
    assert column(tmp_path, "brak", "rozmowa")[:3] == ("text", None, ())


def test_the_key_is_the_column_that_says_so_before_another_that_could_be(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, "name,client_id\nBrzoza,1\nJodła,2\n")
    assert contract.keys[0].column.header == "client_id"
    assert contract.keys[0].type == "integer"


@pytest.mark.parametrize("text", ["id,n\n1,a\n1,a\n", "id,n\n,a\n1,a\n", "id\n1\n 1\n"])
def test_without_a_key_there_is_no_contract(tmp_path: Path, text: str) -> None:
    contract, findings = drawn(tmp_path, text)
    assert contract is None
    assert findings[-1].code == "SS753"


def test_windows_1250_is_found_out(tmp_path: Path) -> None:
    contract, findings = drawn(tmp_path, "Nr;Miasto\n1;Łódź\n".encode("cp1250"))
    assert contract is not None
    assert [f.code for f in findings] == ["SS755"]
    assert contract.sampled.encoding == "windows-1250"
    assert contract.sampled.columns[1].words == {"Łódź"}


def test_utf_16_says_itself_what_it_is(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, "id,Miasto\n1,Łódź\n".encode("utf-16"))
    assert contract.sampled.columns[1].words == {"Łódź"}


def test_a_byte_order_mark_is_no_part_of_the_first_header(tmp_path: Path) -> None:
    assert contract_of(tmp_path, "id,x\n1,2\n".encode("utf-8-sig")).keys[0].column.header == "id"


@pytest.mark.parametrize(("delimiter"), [",", ";", "\t", "|"])
def test_the_delimiter_is_found_though_cells_hold_others(tmp_path: Path, delimiter: str) -> None:
    text = f'id{delimiter}name\n1{delimiter}"a,b;c\td|e"\n2{delimiter}"x, y"\n'
    contract = contract_of(tmp_path, text)
    assert contract.sampled.delimiter == delimiter
    assert [c.header for c in contract.sampled.columns] == ["id", "name"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "SS751"),
        (b"\n\n", "SS751"),
        (b"id,x\n", "SS751"),
        (b"id,x\n1,\x00\n", "SS751"),
        (b"\xff\xfei\x00d\x00\x00", "SS751"),
        (b"PK\x03\x04rest", "SS751"),
        (b"PAR1rest", "SS751"),
        (b'{"id": 1, "x": 2}\n', "SS751"),
        (b'[{"id": 1}]', "SS751"),
        (b"id,x\n1,\x81\x83\n", "SS751"),
        (b'id,x\n1,"open\n', "SS751"),
        (b"id,x\n1,2,3\n", "SS752"),
        (b"id,x\n1\n", "SS752"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    contract, findings = drawn(tmp_path, content)
    assert contract is None
    assert [f.code for f in findings] == [code]
    assert findings[0].help


def test_a_row_that_does_not_fit_is_named_by_its_line(tmp_path: Path) -> None:
    _, findings = drawn(tmp_path, 'id,x\n1,"two\nlines"\n2\n')
    assert findings[0].place.line == 4


def test_columns_that_cannot_be_named_are_left_out_and_said(tmp_path: Path) -> None:
    contract, findings = drawn(tmp_path, "id,,x,x,y\n1,2,3,4,5\n")
    assert contract is not None
    assert [f.column.header for f in contract.fields] == ["id", "y"]
    assert [f.code for f in findings] == ["SS754", "SS754"]


KONTRAHENCI = """Nr klienta;Nazwa firmy;Kwota
K001;Brzoza;1,5
K002;Jantar;2,5
K003;Wrzos;3,5
K003;Iskra;4,5
"""


def test_a_double_in_the_likely_key_is_said_with_its_rows_and_what_was_taken_instead(tmp_path: Path) -> None:
    contract, findings = drawn(tmp_path, KONTRAHENCI)
    assert contract is not None
    assert [f.column.header for f in contract.keys] == ["Nazwa firmy"]
    (warning,) = findings
    assert (warning.code, warning.severity, warning.place.line) == ("SS758", Severity.WARNING, 5)
    assert "'Nr klienta' would be the key, but 'K003' comes twice (rows 4 and 5)" in warning.message
    assert "'Nazwa firmy' was taken instead" in warning.message


def test_the_clients_own_number_comes_before_another_identifier(tmp_path: Path) -> None:
    assert contract_of(tmp_path, "NIP;Nr klienta\n5250001122;1\n5250001123;2\n").keys[0].column.header == "Nr klienta"
    contract, findings = drawn(tmp_path, "NIP;Nr klienta\n5250001122;1\n5250001123;2\n5250001124;2\n")
    assert contract is not None
    assert contract.keys[0].column.header == "NIP"
    assert [f.code for f in findings] == ["SS758"]


def test_a_blank_in_the_likely_key_is_said(tmp_path: Path) -> None:
    _, findings = drawn(tmp_path, "customerID,Company\nA,x\n,y\nC,z\n")
    assert [f.code for f in findings] == ["SS758"]
    assert "it is blank in row 3" in findings[0].message


def test_rows_are_counted_as_lines_of_the_file(tmp_path: Path) -> None:
    """A cell over several lines and an empty line stand before the double."""
    _, findings = drawn(tmp_path, 'client_id,name\nA,"two\nlines"\n\nB,x\nC,y\nB,z\n')
    assert "'B' comes twice (rows 5 and 7)" in findings[0].message


def test_a_count_or_a_category_is_no_likely_key(tmp_path: Path) -> None:
    """`number_of_credits` repeats as it should; no word about it."""
    contract, findings = drawn(tmp_path, "number_of_credits,type_id,key\n1,a,p\n1,a,q\n2,a,r\n1,b,s\n")
    assert contract is not None
    assert (contract.keys[0].column.header, findings) == ("key", ())


def test_a_key_that_no_header_speaks_for_is_said(tmp_path: Path) -> None:
    contract, findings = drawn(tmp_path, "tenure,town\n1,Gdynia\n2,Sopot\n")
    assert contract is not None
    assert contract.keys[0].column.header == "town"
    assert [(f.code, f.severity) for f in findings] == [("SS755", Severity.NOTE)]


NO_KEY = "country,number,age\nPL,1,30\nPL,2,40\nDE,1,30\nDE,,30\n"


def test_without_a_key_the_ways_out_are_shown(tmp_path: Path) -> None:
    _, findings = drawn(tmp_path, "a,b\n1,x\n1,x\n2,y\n1,y\n")
    assert [f.code for f in findings] == ["SS753"]
    assert "--key COLUMN,COLUMN" in findings[0].help
    assert 'awk \'{print (NR == 1 ? "row_id" : NR - 1) "," $0}\' clients.csv > numbered.csv' in findings[0].help


def test_no_command_is_shown_that_would_number_lines_inside_cells(tmp_path: Path) -> None:
    _, findings = drawn(tmp_path, 'a,b\n1,"x\ny"\n1,"x\ny"\n')
    assert "awk" not in findings[-1].help


@pytest.mark.parametrize(
    ("key", "expected"),
    [("name", ["name"]), ("country,number", ["country", "number"]), ("country, number", ["country", "number"]), ("a,b", ["a,b"])],
)
def test_the_key_can_be_given(tmp_path: Path, key: str, expected: list[str]) -> None:
    contract, findings = drawn(tmp_path, 'id,country,number,name,"a,b"\n1,PL,1,x,p\n2,PL,2,y,q\n3,DE,1,z,r\n', key)
    assert contract is not None, findings
    assert [f.column.header for f in contract.keys] == expected
    assert findings == ()


@pytest.mark.parametrize(
    ("key", "code", "said"),
    [
        ("country", "SS753", "'PL' comes twice (rows 2 and 3)"),
        ("country,age", "SS753", "comes twice (rows 4 and 5)"),
        ("country,number", "SS753", "it is blank in row 5"),
        ("contry", "SS759", "no column 'contry'"),
        ("", "SS759", "no column ''"),
    ],
)
def test_a_given_key_that_is_none_is_refused(tmp_path: Path, key: str, code: str, said: str) -> None:
    contract, findings = drawn(tmp_path, NO_KEY, key)
    assert contract is None
    assert [f.code for f in findings] == [code]
    assert said in findings[0].message


def test_a_name_misspelt_is_guessed(tmp_path: Path) -> None:
    _, findings = drawn(tmp_path, NO_KEY, "contry")
    assert findings[0].help == "did you mean 'country'?"


@pytest.mark.parametrize(
    ("cells", "said", "row"),
    [
        (["01.02.2020", "03.02.2020", "2020-02-05"], 'row 4 holds "2020-02-05"; the other 2 values are dates like dd.mm.yyyy', 4),
        (["12 000,00 zł netto", "1 000,00 zł", "2,50 zł"], 'row 2 holds "12 000,00 zł netto"; the other 2 values are amounts', 2),
        (["1", "2", "3o"], 'row 4 holds "3o"; the other 2 values are numbers', 4),
        (["5 days", "6 days", "7"], 'row 4 holds "7"; the other 2 values are spans of time', 4),
        (["10 PLN", "20 EUR"], "several currencies", 1),
    ],
)
def test_the_cells_that_make_a_column_text_are_named(tmp_path: Path, cells: list[str], said: str, row: int) -> None:
    contract, findings = drawn(tmp_path, "\n".join(["id;x", *(f"k{n};{cell}" for n, cell in enumerate(cells))]))
    assert contract is not None
    assert contract.fields[1].type == "text"
    assert [(f.code, f.severity, f.place.line) for f in findings] == [("SS757", Severity.WARNING, row)]
    assert said in findings[0].message
    assert contract.fields[1].remarks


@pytest.mark.parametrize("header", ["NIP", "kod", "Nazwa", "phone"])
def test_a_letter_among_codes_or_names_is_nothing_to_warn_of(tmp_path: Path, header: str) -> None:
    _, findings = drawn(tmp_path, f"id;{header}\na;1\nb;2\nc;3o\n")
    assert findings == ()


def test_of_many_cells_that_do_not_fit_the_first_three_are_named(tmp_path: Path) -> None:
    rows = [f"k{n};{'ok. ' if n % 20 == 0 else ''}{n}" for n in range(20_000)]
    _, findings = drawn(tmp_path, "\n".join(["id;x", *rows]))
    assert [f.code for f in findings] == ["SS757"]
    assert 'row 42 holds "ok. 40" and 997 more do not fit; the other 19000 values are numbers' in findings[0].message


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Telefon", ["600 100 200", "601 100 200"], "text"),
        ("phone", ["600100200", "601100200"], "text"),
        ("phone", ["+48600100200", "601100200"], "text"),
        ("Konto", ["600 100 200", "1 000 000"], "text"),
        ("phone_calls", ["3", "12"], "integer"),
        ("Zip", ["10115", "80331"], "text"),
        ("Przychód", ["600 100 200", "1 000"], "money"),
        ("visits", ["600 100 200", "1 000"], "integer"),
        ("visits", ["0600", "1"], "text"),
    ],
)
def test_digits_of_a_code_are_no_number(tmp_path: Path, header: str, cells: list[str], expected: str) -> None:
    assert column(tmp_path, *cells, header=header)[0] == expected


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("SeniorCitizen", ["0", "1"], "boolean"),
        ("is_vip", ["0", "0"], "boolean"),
        ("Czy aktywny", ["1", "0"], "boolean"),
        ("credits", ["0", "1"], "integer"),
        ("is_vip", ["0", "2"], "integer"),
    ],
)
def test_0_and_1_are_yes_and_no_where_the_header_asks(tmp_path: Path, header: str, cells: list[str], expected: str) -> None:
    assert column(tmp_path, *cells, header=header)[0] == expected


@pytest.mark.parametrize(
    ("header", "private"),
    [
        ("gender", True), ("Płeć", True), ("age", True), ("Wiek klienta", True), ("foreign_worker", True), ("personal_status", True),
        ("Nationality", True), ("dateOfBirth", True), ("usage", False), ("account_age", False), ("payment_status", False), ("stage", False),
        ("PESEL", True), ("Data urodzenia", True), ("Wyznanie", True), ("Stan cywilny", True), ("Orientacja seksualna", True),
        ("wiekowanie_naleznosci", False), ("Wiek faktury", False), ("property", False), ("trace", False), ("Senior manager", False),
    ],
)  # fmt: skip
def test_what_somebody_is_is_protected(tmp_path: Path, header: str, private: bool) -> None:
    assert contract_of(tmp_path, f"id,{header}\n1,30\n2,40\n").fields[1].private is private


@pytest.mark.parametrize("header", ["country", "Kod pocztowy", "language", "Nazwisko"])
def test_the_first_rule_is_about_nothing_that_may_stand_for_it(tmp_path: Path, header: str) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(policy_text(contract_of(tmp_path, f"id,{header},branch,płeć\n1,PL,x,k\n2,DE,y,m\n"), "ours"), encoding="utf-8")
    checked, findings = pipeline.load_policy(policy)
    assert checked is not None
    assert findings == ()


def test_the_name_is_what_people_read(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, "id;Opiekun;Nazwa firmy\n1;Ala;Brzoza\n2;Ala;Jodła\n")
    assert contract.display is not None
    assert contract.display.column.header == "Nazwa firmy"
    assert contract_of(tmp_path, "id;company type\n1;a\n2;b\n").display is None
    assert contract_of(tmp_path, "name;x\na;a\nb;b\n").display is None
