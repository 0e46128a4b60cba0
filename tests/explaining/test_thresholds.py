"""Where the thresholds of the deciding rule come from: which are shown, in which language, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main

POLICY = """
format: 1
policy: {id: t, version: "1", title: T, languages: [pl, en], currency: PLN}
data: {clients: {key: id, fields: {id: text, revenue: money, hours: number, mark: number}}}
parameters:
  rate: {value: 10, kind: money, title: {pl: stawka, en: hourly rate}, source: {pl: Księgowość, en: Accounting}}
  lowest_mark: {value: 0.4, title: {pl: najniższa ocena, en: lowest mark}, source: {pl: Założenie zarządu, en: The board}}
  enough: {value: 100, kind: money, title: {pl: wystarczy, en: enough}, source: "Strategy 2026"}
  unsourced: 5
  other: {value: 7, title: {pl: inny, en: another}, source: "Never"}
metrics:
  profit: revenue - hours * rate
  low: mark < lowest_mark
tables:
  size: {hit_policy: first, inputs: [profit], outputs: {big: boolean}, rows: [[">= enough", true]], otherwise: [false]}
decisions: {decline: {}, flag: {}, keep: {default: true}}
rules:
  - {id: poor, when: low and not big and hours > unsourced, then: decline, reason: x, source: {pl: Zasada pierwsza, en: Rule one}}
  - {id: idle, when: hours > other, then: flag, reason: x, source: Rule two}
"""


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout + result.stderr


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("thresholds")
    (folder / "t.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "clients.csv").write_text("id,revenue,hours,mark\nA,50,6,0.3\nB,500,1,0.3\n", encoding="utf-8")
    code, said = run(
        "evaluate", folder / "t.yaml", "--data", f"clients={folder}/clients.csv", "--as-of", "2026-09-30", "--out", folder / "run"
    )
    assert code == 0, said
    return folder / "run"


@pytest.mark.parametrize(
    ("language", "heading", "lines"),
    [
        ("pl", "Skąd progi", ["najniższa ocena: 0,4 — Założenie zarządu", "wystarczy: 100,00 zł — Strategy 2026", "unsourced: 5"]),
        ("en", "Where the thresholds come from", ["lowest mark: 0.4 — The board", "enough: PLN 100.00 — Strategy 2026", "unsourced: 5"]),
    ],
)
def test_those_of_the_deciding_rule_and_no_others(decided: Path, language: str, heading: str, lines: list[str]) -> None:
    code, said = run("explain", decided, "A", "--language", language)
    assert code == 0
    shown = said.replace("\xa0", " ").partition(heading)[2].partition("\n\n")[0].splitlines()
    assert sorted(line.strip() for line in shown if line.strip()) == sorted(lines)


def test_the_rules_own_source_is_in_the_language(decided: Path) -> None:
    assert "Źródło: Zasada pierwsza" in run("explain", decided, "A", "--language", "pl")[1]
    assert "Source: Rule one" in run("explain", decided, "A", "--language", "en")[1]


def test_where_no_rule_decides_there_is_no_heading(decided: Path) -> None:
    assert "Where the thresholds come from" not in run("explain", decided, "B", "--language", "en")[1]


def test_programs_read_them_by_language_or_as_one_text(decided: Path) -> None:
    rules = {rule["id"]: rule for rule in json.loads(run("explain", decided, "A", "--format", "json")[1])["rules"]}
    assert rules["poor"]["source"] == {"pl": "Zasada pierwsza", "en": "Rule one"}
    assert rules["idle"]["source"] == "Rule two" and rules["idle"]["thresholds"] == []
    sources = {threshold["name"]: threshold["source"] for threshold in rules["poor"]["thresholds"]}
    assert sources == {"lowest_mark": {"pl": "Założenie zarządu", "en": "The board"}, "enough": "Strategy 2026", "unsourced": ""}


@pytest.mark.parametrize("form", ["md", "html"])
def test_memos_have_them_below_the_metrics(decided: Path, tmp_path: Path, form: str) -> None:
    code, said = run("memo", decided, "--client", "A", "--language", "pl", "--to", form, "--out", tmp_path / "memos")
    assert code == 0, said
    (memo,) = (tmp_path / "memos").glob(f"*.{form}")
    text = memo.read_text(encoding="utf-8")
    assert text.index("Wskaźniki") < text.index("Skąd progi") < text.index("Założenie zarządu")
    assert "Księgowość" not in text


@pytest.mark.parametrize(
    "place", ["rate: {value: 10, kind: money, title: {pl: stawka, en: hourly rate}, source: {pl: Księgowość, en: Accounting}}"]
)
def test_a_language_that_is_missing_is_a_finding(tmp_path: Path, place: str) -> None:
    (tmp_path / "t.yaml").write_text(POLICY.replace(place, place.replace(", en: Accounting", "")), encoding="utf-8")
    code, said = run("check", tmp_path / "t.yaml")
    assert code == 3 and "SS301 the source of the parameter 'rate': no text in en" in said


@pytest.mark.parametrize("source", ["[a, b]", "5", "{}", "{pl: 3, en: x}"])
def test_what_is_no_text_is_a_finding(tmp_path: Path, source: str) -> None:
    (tmp_path / "t.yaml").write_text(POLICY.replace("source: Rule two", f"source: {source}"), encoding="utf-8")
    code, said = run("check", tmp_path / "t.yaml")
    assert code == 3 and "t.yaml:19" in said


def test_fmt_keeps_both_forms(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(POLICY, encoding="utf-8")
    assert run("fmt", tmp_path / "t.yaml")[0] == 0
    text = (tmp_path / "t.yaml").read_text(encoding="utf-8")
    assert "Księgowość" in text and "Accounting" in text and "Strategy 2026" in text
    assert run("fmt", "--check", tmp_path / "t.yaml")[0] == 0
