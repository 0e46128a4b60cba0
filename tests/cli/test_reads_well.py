"""What a person reads in explain and in a memo is true, and in words: percentages, blanks that count, nested conditions, names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.memo_run import invoke
from tests.cli.words_run import words_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return words_run(tmp_path_factory.mktemp("words"))


@pytest.fixture(scope="module")
def excepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return words_run(tmp_path_factory.mktemp("excepted"), exceptions=True)


@pytest.fixture(scope="module")
def memos(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("memos")
    for language in ("pl", "en"):
        for format in ("md", "html"):
            result = invoke("memo", run, "--language", language, "--to", format, "--out", folder / f"{language}-{format}")
            assert result.exit_code == 0, result.output
    return folder


def explained(run: Path, client: str, language: str = "pl") -> str:
    result = invoke("explain", run, client, "--language", language)
    assert result.exit_code == 0, result.output
    return result.stdout.replace("\u00a0", " ").replace("\n      ", "\n").replace("\n    ", "\n")


def flat(text: str) -> str:
    return " ".join(text.split())


def memo(memos: Path, client: str, language: str = "pl", format: str = "md") -> str:
    return (memos / f"{language}-{format}" / f"{client}.{format}").read_text(encoding="utf-8").replace("\u00a0", " ").replace("\\", "")


def test_a_parameter_written_in_percent_reads_in_percent(run: Path, memos: Path) -> None:
    said = flat(explained(run, "1111111111"))
    assert "Marża 1,0% jest niższa niż 15% (stawka 25%)." in said
    assert "najniższa marża (15%)" in said
    assert "0,15" not in said and "0,25" not in said
    assert "Margin 1.0% below 15% (rate 25%)." in memo(memos, "1111111111", "en")
    assert "lowest margin (15%)" in memo(memos, "1111111111", "en")


def test_a_rule_that_counts_although_data_is_missing_says_so_instead_of_its_reason(run: Path, memos: Path) -> None:
    said = flat(explained(run, "3333333333"))
    assert "rozstrzygnęła reguła „Mały”, zaliczona jako spełniona, bo brakuje danych: obrót" in said
    assert "to mniej niż" not in said
    assert "counted as fired because data is missing: turnover" in flat(explained(run, "3333333333", "en"))
    polish, english = memo(memos, "3333333333"), memo(memos, "3333333333", "en")
    assert "zaliczona jako spełniona, bo brakuje danych: obrót" in polish and "to mniej niż" not in polish
    assert "counted as fired because data is missing: turnover" in english and "is less than" not in english


def test_nested_conditions_keep_their_shape(run: Path, memos: Path) -> None:
    lines = invoke("explain", run, "5555555555", "--language", "en", "--all").stdout.replace("\u00a0", " ").splitlines()
    shown = [line for line in lines if line.strip()[:1] in "✓✗?" and line.strip()]
    part = shown[next(i for i, line in enumerate(shown) if "at least" in line) :][:7]
    assert [line.split("   ←")[0] for line in part] == [
        "    ? at least 2 of 3 (1 holds, 1 unknown):",
        "      ✓ konflikty >= 3",
        "      ✗ opoznienie > 60 days",
        "      ? one of:",
        "        ? roszczenia >= 2",
        "        ✗ none of:",
        "          ✗ poleca",
    ]
    assert "? co najmniej 2 z 3 (spełnione: 1, nieznane: 1):" in flat(explained(run, "5555555555"))
    for language, words in (("en", "at least 2 of 3 (1 holds, 1 unknown)"), ("pl", "co najmniej 2 z 3 (spełnione: 1, nieznane: 1)")):
        for format in ("md", "html"):
            assert words in memo(memos, "5555555555", language, format)


def test_why_nothing_could_be_computed_is_said_in_the_language(run: Path, memos: Path) -> None:
    said = flat(explained(run, "4444444444"))
    assert "Brakuje: marża: dzielenie przez zero (przychód = 0)" in said
    assert "Missing: margin: division by zero (revenue = 0)" in flat(explained(run, "4444444444", "en"))
    for format in ("md", "html"):
        text = memo(memos, "4444444444", "pl", format)
        assert "marża: dzielenie przez zero (przychód = 0)" in text and "division" not in text


def test_what_held_a_rule_back_is_named(run: Path, memos: Path) -> None:
    assert "Zadziałałaby, gdyby nie: poleca nas" in flat(explained(run, "2222222222"))
    assert "Would have fired were it not for: refers us" in flat(explained(run, "2222222222", "en"))
    assert "zadziałałaby, gdyby nie: poleca nas." in memo(memos, "2222222222")
    assert "would have fired were it not for: refers us." in memo(memos, "2222222222", "en")


def test_the_clients_name_stands_beside_its_key(run: Path, memos: Path) -> None:
    assert explained(run, "1111111111").startswith("Klient Łoś Transport (1111111111)\n")
    assert explained(run, "8888888888").startswith("Klient 8888888888\n")
    assert "Łoś Transport (1111111111)" in memo(memos, "1111111111").splitlines()[0]
    assert "<h1>Klient Łoś Transport (1111111111)</h1>" in memo(memos, "1111111111", "pl", "html")
    index = json.loads((memos / "pl-md" / "memos.json").read_text(encoding="utf-8"))
    names = {m["client"][0]: m["name"] for m in index["memos"]}
    assert names["1111111111"] == "Łoś Transport" and names["8888888888"] is None
    assert json.loads(invoke("explain", run, "1111111111", "--format", "json").stdout)["name"] == "Łoś Transport"


def test_a_client_is_found_by_its_name(run: Path) -> None:
    assert explained(run, "Łoś Transport").startswith("Klient Łoś Transport (1111111111)\n")
    several = invoke("explain", run, "Bliźniak")
    assert several.exit_code == 2
    assert "2 clients are called 'Bliźniak'" in several.stderr
    assert "'6666666666'" in several.stderr and "'7777777777'" in several.stderr
    unknown = invoke("explain", run, "Łos Transport")
    assert unknown.exit_code == 2
    assert "did you mean 'Łoś Transport'" in unknown.stderr


def test_a_name_does_for_memos_too(run: Path, tmp_path: Path) -> None:
    result = invoke("memo", run, "--language", "pl", "--to", "md", "--out", tmp_path / "one", "--client", "Łoś Transport")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "one" / "1111111111.md").is_file()


def test_approval_is_asked_for(run: Path) -> None:
    assert "Wymaga zatwierdzenia" in explained(run, "1111111111")
    assert "Approval required" in explained(run, "1111111111", "en")
    assert "Approval required" not in explained(run, "3333333333", "en")


def test_with_an_exception_why_is_the_policys(excepted: Path) -> None:
    said = flat(explained(excepted, "1111111111"))
    assert "rozstrzygnął wyjątek: Umowa do końca roku. Zatwierdza: Anna Nowak" in said
    assert "Dlaczego sama polityka mówi: odmowa (decline)" in said
    said = flat(explained(excepted, "1111111111", "en"))
    assert "decided by an exception: Umowa do końca roku. Approved by Anna Nowak" in said
    assert "Why the policy alone says: decline" in said


def test_a_metric_over_rows_shows_its_expression(memos: Path) -> None:
    for format in ("md", "html"):
        text = memo(memos, "1111111111", "pl", format).replace("&gt;", ">")
        assert "sum(faktury[kwota > 0].kwota)" in text
        assert "mean(faktury.dni)" in text


def test_what_would_settle_a_rule_is_named_as_people_do(run: Path, memos: Path) -> None:
    assert "Rozstrzygną dane: średnia zwłoka" in flat(explained(run, "5555555555"))
    assert "rozstrzygną dane: średnia zwłoka" in memo(memos, "5555555555")
    assert "would be settled by: mean lateness" in memo(memos, "5555555555", "en")
