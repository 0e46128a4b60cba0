"""`selective-sales memo`, as a person calls it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.memo_run import POLICY, invoke, run_with_pairs, small_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_run(tmp_path_factory.mktemp("memo"))


def test_a_memo_for_every_client(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "memos"
    result = invoke("memo", run, "--language", "pl", "--to", "md", "--out", out)
    assert (result.exit_code, result.stdout) == (0, f"4 memos in {out}\n")
    index = json.loads((out / "memos.json").read_text(encoding="utf-8"))
    assert {m["client"][0]: m["decision"] for m in index["memos"]} == {
        "A-1": "decline",
        "A-2": "keep",
        "A-3": "undetermined",
        "łódź": "keep",
    }
    assert "Marża wynosi 1,0%." in (out / "A-1.md").read_text(encoding="utf-8")


def test_only_the_clients_and_the_decision_asked_for(run: Path, tmp_path: Path) -> None:
    invoke("memo", run, "--language", "en", "--to", "html", "--out", tmp_path / "a", "--client", "A-2", "--client", "A-1")
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["A-1.html", "A-2.html", "memos.json"]
    result = invoke("memo", run, "--language", "en", "--to", "md", "--out", tmp_path / "b", "--decision", "decline")
    assert result.stdout == f"1 memo in {tmp_path / 'b'}\n"
    result = invoke("memo", run, "--language", "en", "--to", "md", "--out", tmp_path / "c", "--decision", "undetermined")
    assert sorted(p.name for p in (tmp_path / "c").iterdir()) == ["A-3.md", "memos.json"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--client", "A-9"), "the run has no client 'A-9'"),
        (("--client", "A-1", "--client", "B"), "the run has no client 'B'"),
        (("--decision", "declin"), "did you mean 'decline'?"),
    ],
)
def test_what_the_run_does_not_have_is_a_usage_error_and_writes_nothing(
    run: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = invoke("memo", run, "--language", "en", "--to", "md", "--out", tmp_path / "memos", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_and_nothing_goes_into_the_run(run: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    before = sorted(run.rglob("*"))
    assert invoke("memo", run, "--language", "en", "--to", "md", "--out", tmp_path).exit_code == 2
    assert invoke("memo", run, "--language", "en", "--to", "md", "--out", run / "memos").exit_code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
    assert sorted(run.rglob("*")) == before


def test_a_template_of_ones_own(run: Path, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "memo.en.md.j2").write_text("{{ client }} - {{ decision }}")
    invoke("memo", run, "--language", "en", "--to", "md", "--out", tmp_path / "a", "--client", "A-1", "--template", templates)
    assert (tmp_path / "a" / "A-1.md").read_text() == "A-1 - decline"


def test_a_bad_template_has_its_findings_with_place_and_help(run: Path, tmp_path: Path) -> None:
    (tmp_path / "memo.en.md.j2").write_text("# {{ klient }}\n{{ decison|upper }}\n")
    result = invoke("memo", run, "--language", "en", "--to", "md", "--out", tmp_path / "a", "--template", tmp_path)
    assert result.exit_code == 3
    assert "memo.en.md.j2:1:6: SS803 the memo has no 'klient'" in result.stderr
    assert "did you mean 'decision'?" in result.stderr
    assert not (tmp_path / "a").exists()


def test_a_language_the_policy_lacks_is_told(tmp_path: Path) -> None:
    polish = re.sub(r"\{pl: ([^{}]*), en: [^{}]*\}", r"{pl: \1}", POLICY.replace("[pl, en]", "[pl]"))
    # A placeholder in a reason has braces of its own.
    polish = polish.replace(', en: "The margin is {margin}."', "")
    (tmp_path / "policy.yaml").write_text(polish, encoding="utf-8")
    (tmp_path / "clients.csv").write_text("client_id,revenue,cost\nA-1,1000,990\n", encoding="utf-8")
    data = f"clients={tmp_path / 'clients.csv'}"
    result = invoke("evaluate", tmp_path / "policy.yaml", "--data", data, "--as-of", "2026-11-22", "--out", tmp_path / "run")
    assert result.exit_code == 0, result.stderr
    result = invoke("memo", tmp_path / "run", "--language", "en", "--to", "md", "--out", tmp_path / "memos")
    assert result.exit_code == 0
    assert "SS811" in result.stderr
    memo = (tmp_path / "memos" / "A-1.md").read_text(encoding="utf-8")
    assert "Marża" not in memo and "odmowa" not in memo


def test_composite_keys(tmp_path: Path) -> None:
    run = run_with_pairs(tmp_path)
    invoke("memo", run, "--language", "en", "--to", "md", "--out", tmp_path / "memos", "--client", "PL|1")
    index = json.loads((tmp_path / "memos" / "memos.json").read_text())
    assert [m["client"] for m in index["memos"]] == [["PL", "1"]]
