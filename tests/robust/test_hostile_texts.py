"""Hostile texts in a policy, in data and in file names: decided as plain ones are, and printed so that they harm nobody."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.robust.hostile import HOSTILE, braced, decisions, files_in, harmless, literal, run, write_csv, write_policy

AS_OF = ("--as-of", "2026-11-22")
everything_hostile = pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])


def policy_with(text: str) -> dict[str, Any]:
    """A policy that has the text wherever an author may write one, and decides by it in three ways."""
    rule = {"then": "decline", "reason": f"{braced(text)}: {{name}}", "letter_reason": "none", "title": braced(text), "source": text}
    return {
        "format": 1,
        "policy": {"id": "hostile", "version": text, "title": braced(text), "owner": text, "languages": ["en"], "currency": "PLN"},
        "data": {
            "clients": {
                "key": "client_id",
                "fields": {
                    "client_id": "text",
                    "name": {"type": "text", "column": "the name", "label": braced(text), "description": text},
                    "group": {"type": "text", "one_of": [text, "plain"]},
                    "note": {"type": "text", "missing_tokens": [text]},
                },
            }
        },
        "parameters": {"word": {"value": text, "kind": "text", "title": braced(text)}},
        "metrics": {"twice": {"is": f"group + {literal(text)}", "title": braced(text)}},
        "decisions": {"decline": {"title": braced(text)}, "keep": {"title": "keep", "default": True}},
        "rules": [
            {"id": "by-literal", "when": f"name = {literal(text)}", **rule},
            {"id": "by-parameter", "when": "name = word", **rule},
            {"id": "by-list", "when": f"group in [{literal(text)}]", **rule},
            {"id": "by-blank", "when": "note is missing and name is present", **rule},
        ],
    }


def rows_with(text: str) -> list[dict[str, str]]:
    """The text as the client's id, in each column, and a client without it."""
    return [
        {"client_id": text, "the name": text, "group": text, "note": "n"},
        {"client_id": "b", "the name": "b", "group": "plain", "note": text},
        {"client_id": "c", "the name": "c", "group": "plain", "note": "n"},
    ]


@dataclass(frozen=True)
class Decided:
    """What `evaluate` made of a hostile text. `text` is as the program reads it: NFC."""

    text: str
    result: Result
    policy: Path
    folder: Path


@pytest.fixture(scope="module", params=[pytest.param(text, id=name) for name, text in HOSTILE.items()])
def decided(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Decided:
    text = request.param
    folder = tmp_path_factory.mktemp("hostile")
    policy = write_policy(folder / "policy.yaml", policy_with(text))
    data = write_csv(folder / "clients.csv", rows_with(text))
    result = run("evaluate", policy, "--data", f"clients={data}", *AS_OF, "--out", folder / "run", "--write", "csv")
    assert result.exit_code == 0, result.output
    return Decided(unicodedata.normalize("NFC", text), result, policy, folder)


def test_a_text_decides_as_what_it_is(decided: Decided) -> None:
    assert harmless(decided.result.output)
    by_client = {row["client_id"]: row for row in decisions(decided.folder / "run")}
    assert {client: row["fired"] for client, row in by_client.items()} == {
        decided.text: ["by-literal", "by-parameter", "by-list"],
        "b": ["by-blank"],
        "c": [],
    }
    assert by_client[decided.text]["twice"] == decided.text + decided.text
    assert not (decided.folder / "owned").exists()
    assert not Path("owned").exists()


def test_a_run_with_it_replays_and_its_query_prints(decided: Decided) -> None:
    replayed = run("replay", decided.folder / "run")
    assert (replayed.exit_code, replayed.output.split(":")[0]) == (0, "identical"), replayed.output
    compiled = run("compile", decided.policy, *AS_OF)
    assert compiled.exit_code == 0
    assert harmless(compiled.output)


def test_explanations_are_harmless(decided: Decided) -> None:
    for client in (decided.text, "b"):
        explained = run("explain", decided.folder / "run", "--", client)
        assert explained.exit_code == 0, explained.output
        assert harmless(explained.output)


@pytest.mark.parametrize("format_", ["md", "html"])
def test_memos_are_harmless(format_: str, decided: Decided, tmp_path: Path) -> None:
    memos = run("memo", decided.folder / "run", "--language", "en", "--to", format_, "--out", tmp_path / "memos")
    assert memos.exit_code == 0, memos.output
    assert harmless(memos.output)
    written = [path for path in files_in(tmp_path / "memos") if path.suffix != ".json"]
    assert len(written) >= 3
    for path in written:
        assert path.resolve().is_relative_to(tmp_path / "memos")
        assert harmless(path.name)
        content = path.read_text(encoding="utf-8")
        assert harmless(content)
        assert "<script>" not in content
        assert "root:" not in content
        assert "111111111" not in content


@everything_hostile
def test_a_bad_cell_is_told_harmlessly(text: str, tmp_path: Path) -> None:
    policy = write_policy(tmp_path / "policy.yaml", policy_with("other"))
    data = write_csv(tmp_path / "clients.csv", rows_with(text))
    result = run("evaluate", policy, "--data", f"clients={data}", *AS_OF, "--out", tmp_path / "run")
    assert result.exit_code == 5
    assert harmless(result.output)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items() if name != "long"])
def test_a_text_is_no_name(text: str, tmp_path: Path) -> None:
    """Names of tables, fields, metrics, parameters, decisions and rules are letters, digits and _: all else is a finding."""
    for section in ("fields", "metrics", "parameters", "decisions", "rules", "tables"):
        policy = policy_with("plain text")
        match section:
            case "fields":
                policy["data"]["clients"]["fields"][text] = "text"
            case "metrics" | "parameters":
                policy[section][text] = "1"
            case "decisions":
                policy["decisions"][text] = {"title": "x"}
            case "rules":
                policy["rules"][0]["id"] = text
            case _:
                policy["data"][text] = {"belongs_to": "clients", "key": "client_id", "fields": {"client_id": "text"}}
        file = write_policy(tmp_path / f"{section}.yaml", policy)
        result = run("check", file)
        assert harmless(result.output)
        assert result.exit_code == 3, (section, result.output)


@pytest.mark.parametrize("word", ["select", "table", "order", "group", "from", "null_", "user", "row_id", "FACTS", "Ω", "żółć", "a" * 300])
def test_a_word_of_sql_is_a_name_like_any_other(word: str, tmp_path: Path) -> None:
    policy = {
        "format": 1,
        "policy": {"id": "words", "version": "1", "languages": ["en"], "currency": "PLN"},
        "data": {
            "clients": {"key": "id", "fields": {"id": "text", word: "integer"}},
            f"{word}_rows": {"belongs_to": "clients", "key": "id", "fields": {"id": "text", word: "integer"}},
        },
        "parameters": {f"{word}_limit": 2},
        "metrics": {f"{word}_sum": f"sum({word}_rows.{word})"},
        "decisions": {"decline": {"title": "d"}, "keep": {"title": "k", "default": True}},
        "rules": [{"id": "drop-table-clients", "when": f"{word} > {word}_limit and {word}_sum = 7", "then": "decline", "reason": "r"}],
    }
    file = write_policy(tmp_path / "policy.yaml", policy)
    clients = write_csv(tmp_path / "clients.csv", [{"id": "1", word: "3"}, {"id": "2", word: "2"}])
    rows = write_csv(tmp_path / "rows.csv", [{"id": "1", word: "3"}, {"id": "1", word: "4"}])
    sources = ("--data", f"clients={clients}", "--data", f"{word}_rows={rows}")
    result = run("evaluate", file, *sources, *AS_OF, "--out", tmp_path / "run")
    assert result.exit_code == 0, result.output
    assert [(row["id"], row["decision"]) for row in decisions(tmp_path / "run")] == [("1", "decline"), ("2", "keep")]


FILE_NAMES = [
    "it's.csv",
    'a"b.csv',
    "a;b --.csv",
    "a\nb.csv",
    "\u202evsc.csv",
    "\x1bc.csv",
    "$(touch owned).csv",
    "{{ 7+7 }}.csv",
    "😀.csv",
]


@pytest.mark.parametrize("name", FILE_NAMES)
def test_file_names_are_only_names(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name.removesuffix(".csv")
    folder.mkdir()
    policy = write_policy(folder / f"{name}.yaml", policy_with("plain text"))
    rows = [{"client_id": "b", "the name": "b", "group": "plain", "note": "n"}]
    data = write_csv(folder / name, rows)
    result = run("evaluate", policy, "--data", f"clients={data}", *AS_OF, "--out", folder / "run")
    assert result.exit_code == 0, result.output
    assert harmless(result.output)
    assert run("replay", folder / "run").exit_code == 0
    assert not (tmp_path / "owned").exists()
    assert not Path("owned").exists()


@pytest.mark.parametrize("name", ["*.csv", "client?.csv", "client[s].csv", "{clients,other}.csv", "**"])
def test_a_pattern_opens_no_other_file(name: str, tmp_path: Path) -> None:
    """A file of that very name may be read or refused; the ones that the pattern would match are never read."""
    policy = write_policy(tmp_path / "policy.yaml", policy_with("plain text"))
    write_csv(tmp_path / "clients.csv", [{"client_id": "secret", "the name": "b", "group": "plain", "note": "n"}])
    absent = run("evaluate", policy, "--data", f"clients={tmp_path / name}", *AS_OF, "--out", tmp_path / "absent")
    assert absent.exit_code in (2, 5)
    assert "secret" not in absent.output
    write_csv(tmp_path / name, [{"client_id": "own", "the name": "b", "group": "plain", "note": "n"}])
    present = run("evaluate", policy, "--data", f"clients={tmp_path / name}", *AS_OF, "--out", tmp_path / "run")
    assert present.exit_code in (0, 2, 5)
    assert "secret" not in present.output
    if present.exit_code == 0:
        assert [row["client_id"] for row in decisions(tmp_path / "run")] == ["own"]


def test_nothing_is_read_through_an_address(tmp_path: Path) -> None:
    policy = write_policy(tmp_path / "policy.yaml", policy_with("plain text"))
    for address in ("https://example.com/clients.csv", "s3://bucket/clients.parquet", "file:///etc/passwd", "/dev/fd/0"):
        result = run("evaluate", policy, "--data", f"clients={address}", *AS_OF, "--out", tmp_path / "run")
        assert result.exit_code in (2, 5), (address, result.output)
    assert os.listdir(tmp_path) == ["policy.yaml"]


@everything_hostile
def test_policy_tests_meet_it_too(text: str, tmp_path: Path) -> None:
    write_policy(tmp_path / "policy.yaml", policy_with(text))
    row = {"client_id": text, "name": text, "group": text, "note": "n"}
    twin = {"client_id": "b", "name": "b", "group": "plain", "note": "n"}
    fired = ["by-literal", "by-parameter", "by-list"]
    cases = [
        {"case": f"right {text}", "client": row, "expect": {"decision": "decline", "fired": fired, "twice": text + text}},
        {"case": f"wrong {text}", "clients": [row, twin], "expect": {text: {"decision": "keep"}, "b": {"twice": f"plain{text}"}}},
    ]
    write_policy(tmp_path / "hostile.test.yaml", {"format": 1, "policy": "policy.yaml", "cases": cases})
    result = run("test", tmp_path)
    assert result.exit_code == 4, result.output
    assert result.output.endswith("1 passed, 1 failed\n"), result.output
    assert harmless(result.output)
