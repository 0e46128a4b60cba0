"""Markdown for a step's summary, a comment, a page: what a director reads is there, and no name in it marks anything up."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from markdown_it import MarkdownIt

from selective_sales.cli.app import main
from selective_sales.cli.findings import FileReport
from selective_sales.cli.formats.markdown import ROOM, fitted, of_check, of_tests, word
from selective_sales.model.finding import Finding, Severity
from selective_sales.model.place import Place
from selective_sales.model.tested import CaseResult, ColumnResult, FileResult, TestReport
from tests.robust.hostile import HOSTILE

POLICY = """\
format: 1
policy: {id: small, version: "1", languages: [pl, en], currency: PLN}
data: {clients: {key: id, fields: {id: text, revenue: {type: money, label: {pl: przychód, en: revenue}}, cost: money}}}
metrics: {margin: {is: (revenue - cost) / revenue, format: percent}}
decisions: {decline: {title: {pl: odmowa, en: decline}}, keep: {default: true}}
rules:
  - {id: thin, when: margin < 5%, then: decline, reason: {pl: "{margin}.", en: "{margin}."}}
limits:
  - {id: little-lost, require: 'sum(clients[decision = "decline"].revenue) <= 1% * sum(clients.revenue)'}
guarantees:
  - {id: big-stay, always: 'not (decision = "decline" and revenue > 1000000)'}
"""
TESTS = """\
format: 1
policy: small.yaml
as_of: "2026-11-22"
cases:
  - case: a thin margin <b>is</b> | kept
    client: {id: A, revenue: 100, cost: 99}
    expect: {decision: keep}
  - case: it is declined
    client: {id: A, revenue: 100, cost: 99}
    expect: {decision: decline}
"""
RUN = ("evaluate", "small.yaml", "--data", "clients=clients.csv", "--as-of", "2026-11-22")
CLIENTS = "id,revenue,cost\nAcme,100,99\nB,100,10\nC,100,\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"small.yaml": POLICY, "small.test.yaml": TESTS, "clients.csv": CLIENTS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def summary(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = folder / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    return file


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def shown(markdown: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)


def rows(markdown: str) -> list[list[str]]:
    """The cells of every table row, as text."""
    found = re.findall(r"<tr>(.*?)</tr>", shown(markdown), re.DOTALL)
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in found]


def test_a_run_in_counts_and_money(folder: Path) -> None:
    result = call(
        "evaluate", "small.yaml", "--data", "clients=clients.csv", "--as-of", "2026-11-22", "--format", "markdown", "--language", "en"
    )
    assert result.exit_code == 1
    text = result.stdout.replace("\u00a0", " ")
    assert text.startswith("### ❌ small 1, as of 2026-11-22: 3 clients decided\n")
    found = rows(text)
    assert ["decline", "1", "33.3%", "100.00 PLN"] in found
    assert ["keep", "1", "33.3%", "100.00 PLN"] in found
    assert ["undetermined", "1", "33.3%", "100.00 PLN"] in found
    assert found[0][:3] == ["decision", "clients", "share"]
    (lost,) = [row for row in found if row[0] == "little-lost"]
    assert lost[1:3] == ["❌ BREACHED", "100.00 PLN, 3.00 PLN"] and lost[3].startswith("sum(clients[")
    (stay,) = [row for row in found if row[0] == "big-stay"]
    assert stay[1] == "✅ held"
    assert found.index(lost) < found.index(stay)
    assert ["cost", "1"] in found
    assert "Acme" not in text, "a summary names no client"


def test_a_run_in_the_policy_s_language(folder: Path) -> None:
    text = call(*RUN, "--format", "markdown").stdout
    found = rows(text.replace("\u00a0", " "))
    assert found[0] == ["decyzja", "klienci", "udział", "przychód"]
    assert ["odmowa (decline)", "1", "33,3%", "100,00 PLN"] in found
    assert [row[:2] for row in found if row[0] == "little-lost"] == [["little-lost", "❌ NARUSZONE"]]


def test_a_run_that_decided_nothing_says_why(folder: Path) -> None:
    (folder / "clients.csv").write_text("id,revenue,cost\nA,much,1\n", encoding="utf-8")
    result = call("evaluate", "small.yaml", "--data", "clients=clients.csv", "--format", "markdown")
    assert result.exit_code == 5
    assert result.stdout.startswith("### ❌ Nothing was decided\n")
    assert any("much" in " ".join(row) for row in rows(result.stdout))


def test_tests_with_their_failures(folder: Path) -> None:
    result = call("test", ".", "--format", "markdown")
    assert result.exit_code == 4
    assert result.stdout.startswith("### ❌ Policy tests: 1 passed, 1 failed\n")
    assert rows(result.stdout)[1] == ["small.test.yaml", "1", "1"]
    page = shown(result.stdout)
    assert "<strong>a thin margin &lt;b&gt;is&lt;/b&gt; | kept</strong> (small.test.yaml:5)" in page
    assert "client A: decision: expected keep, got decline" in page
    assert "    margin &lt; 5%: true (margin = 1%" in result.stdout or "    margin &lt; 5%: true (margin = 0.01" in result.stdout
    assert "1 passed, 1 failed" in result.stderr


def test_tests_that_pass_are_a_tick(folder: Path) -> None:
    (folder / "small.test.yaml").write_text(TESTS.replace("decision: keep", "decision: decline"), encoding="utf-8")
    text = call("test", ".", "--format", "markdown").stdout
    assert text.startswith("### ✅ Policy tests: 2 passed, 0 failed\n")
    assert "<pre>" not in text


def test_check_with_its_findings(folder: Path) -> None:
    (folder / "wrong.yaml").write_text(POLICY.replace("margin < 5%", "margn < 5%"), encoding="utf-8")
    result = call("check", ".", "--format", "markdown")
    assert result.exit_code == 3
    assert result.stdout.startswith("### ❌ Policies: 3 files checked, 1 with errors\n")
    (row,) = [row for row in rows(result.stdout) if "SS203" in row]
    assert row[:4] == ["❌", "wrong.yaml:7", "SS203", "unknown field 'margn'"]
    assert call("check", "small.yaml", "--format", "markdown").stdout == "### ✅ Policies: 1 file checked\n\nNothing to complain of.\n"


@pytest.mark.parametrize("command", [("check", "small.yaml"), ("test", "."), ("evaluate", "small.yaml", "--data", "clients=clients.csv")])
def test_on_github_the_step_gets_its_summary(folder: Path, summary: Path, command: tuple[str, ...]) -> None:
    """What `--format markdown` prints is added to what is there already."""
    summary.write_text("before\n", encoding="utf-8")
    result = call(*command, "--format", "github")
    added = summary.read_text(encoding="utf-8").removeprefix("before\n")
    assert added.rstrip("\n") == call(*command, "--format", "markdown").stdout.rstrip("\n")
    assert not result.stdout.startswith("###")
    summary.unlink()
    assert call(*command).exit_code == result.exit_code
    assert not summary.exists(), "only with --format github"


def test_annotations_stand_at_the_failed_case(folder: Path) -> None:
    result = call("test", ".", "--format", "github")
    first, last = result.stdout.splitlines()
    assert first.startswith("::error file=small.test.yaml,line=5,endLine=5,col=11,")
    assert ",title=policy test failed::the case 'a thin margin <b>is</b> | kept' failed: client A: decision: expected keep" in first
    assert "%0A  rule thin (decline) decided: it fired%0A" in first
    assert (last, result.stderr) == ("1 passed, 1 failed", "")


def test_findings_of_a_run_are_annotations(folder: Path) -> None:
    (folder / "clients.csv").write_text("id,revenue,cost\nA,much,1\n", encoding="utf-8")
    result = call("evaluate", "small.yaml", "--data", "clients=clients.csv", "--format", "github")
    assert result.exit_code == 5
    notice, error = result.stdout.splitlines()
    assert notice.startswith("::notice file=clients.csv,title=SS518::") and error.startswith("::error file=clients.csv,line=2,")
    assert result.stderr == ""


def test_no_title_is_a_command_to_github(folder: Path) -> None:
    """The log of a run has titles at the beginnings of lines; GitHub is told to heed nothing there, by a word that nobody can guess."""
    policy = POLICY.replace("{pl: odmowa, en: decline}", '{pl: "::error::forged", en: "::add-mask::a"}')
    (folder / "small.yaml").write_text(policy, encoding="utf-8")

    def told() -> list[str]:
        lines = call(*RUN, "--format", "github").stdout.splitlines()
        start = next(n for n, line in enumerate(lines) if line.startswith("::stop-commands::"))
        assert all(line.startswith(("::error file=", "::notice file=")) for line in lines[:start])
        word = lines[start].removeprefix("::stop-commands::")
        assert lines[-1] == f"::{word}::" and word not in "".join(lines[start + 1 : -1]) and len(word) == 32
        assert any(line.startswith("::error::forged") for line in lines[start:])
        return [word]

    assert told() != told()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_titles_mark_nothing_up_in_a_run_s_summary(folder: Path, name: str) -> None:
    title = json.dumps(HOSTILE[name].replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}"))
    (folder / "small.yaml").write_text(POLICY.replace("{pl: odmowa, en: decline}", f"{{pl: {title}, en: x}}"), encoding="utf-8")
    result = call(*RUN, "--format", "markdown")
    page = shown(result.stdout)
    tags = set(re.findall(r"<(/?[a-z0-9]+)", page))
    assert tags <= {f"{end}{tag}" for end in ("", "/") for tag in "h3 table thead tbody tr th td p strong ul li".split()}
    assert "\x1b" not in page and "\u202e" not in page and "<script" not in page


def test_a_summary_that_cannot_be_written_is_a_warning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "no/such/folder.md"))
    result = call("check", "small.yaml", "--format", "github")
    assert result.exit_code == 0
    assert result.stdout.startswith("::warning file=no/such/folder.md,title=SS821::")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_as_it_is(name: str) -> None:
    said = word(HOSTILE[name], 2000)
    for frame in ("x {} y", "**{}**", "| a | b |\n|---|---|\n| {} | c |"):
        page = shown(frame.replace("{}", said))
        assert page == shown(frame.replace("{}", "DATA")).replace("DATA", as_page(HOSTILE[name])), page


def as_page(text: str) -> str:
    from selective_sales.cli.snippet import visible

    return html.escape(visible(text, 2000).strip(" "), quote=True).replace("&#x27;", "'").replace("@", "@<!-- -->")


def test_nobody_is_called_and_nothing_is_linked() -> None:
    said = word("@octocat see https://evil.example or www.evil.example or [x](javascript:1) <img src=x>")
    assert "@octocat" not in said and "https://" not in said and "www.e" not in said
    assert re.findall(r"<(?!strong|/|p|!)", shown(said)) == []


def hostile_report(name: str) -> TestReport:
    place = Place(f"{name}.test.yaml", 3, 1, 3, 2)
    column = ColumnResult((name,), name, name, name, False, place)
    finding = Finding("SS600", name, place, name, Severity.WARNING)
    return TestReport((FileResult(place.file, "p.yaml", (CaseResult(name, place, False, columns=(column,)),), (finding,), False, 0.1),))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_mark_nothing_up_in_a_report(name: str) -> None:
    page = shown(fitted(of_tests(hostile_report(HOSTILE[name]))))
    tags = set(re.findall(r"<(/?[a-z0-9]+)", page))
    assert tags <= {f"{end}{tag}" for end in ("", "/") for tag in "h3 table thead tbody tr th td p strong br pre".split()}
    assert page.count("<pre>") == page.count("</pre>") == 1
    assert "<script" not in page and "\x1b" not in page and "\u202e" not in page


def test_a_summary_keeps_within_what_github_takes(folder: Path, summary: Path) -> None:
    cases = "".join(f"  - case: {'ł' * 3000}{n}\n    client: {{revenue: 1, cost: 2}}\n    expect: {{decision: keep}}\n" for n in range(60))
    (folder / "small.test.yaml").write_text(TESTS.split("  - case")[0] + cases, encoding="utf-8")
    summary.write_bytes(b"x" * (ROOM - 5_000) + b"\n")
    call("test", ".", "--format", "github")
    assert ROOM - 5_000 < summary.stat().st_size <= ROOM
    assert summary.read_text(encoding="utf-8").rstrip().endswith("more lines._")


@pytest.mark.parametrize("room", [-5, 0, 10, 100, 300, 1000, 5000, 100_000])
def test_what_does_not_fit_is_counted(room: int) -> None:
    pieces = [f"| {n} | ł |" for n in range(1000)]
    text = fitted(pieces, room)
    assert len(text.encode()) <= max(room, 0)
    if room >= 1000:
        kept = len(re.findall(r"^\|", text, re.MULTILINE))
        assert (f"the rest: {1000 - kept} more lines" in text) == (kept < 1000)


def test_many_findings_are_counted(folder: Path) -> None:
    found = tuple(Finding("SS203", "unknown", Place("a.yaml", n, 1, n, 2)) for n in range(1, 200))
    text = fitted(of_check([FileReport("a.yaml", found)], found))
    assert "And 149 more." in text and "199 errors." in text
