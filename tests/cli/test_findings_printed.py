"""What findings look like: to people, to programs, on a pull request; and that nothing in a file can harm a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.cli.findings import print_findings, summary
from selective_sales.cli.snippet import read_lines, snippet, visible
from selective_sales.model.finding import Finding, Severity
from selective_sales.model.place import Place


def finding(file: str = "policy.yaml", line: int = 1, column: int = 1, end: int = 0, **more: str | Severity) -> Finding:
    said = {"code": "SS203", "message": "unknown field 'cost_to_srve'", "help": "did you mean 'cost_to_serve'?", **more}
    place = Place(file, line, column, line, end or column + 1) if line else Place(file)
    return Finding(place=place, **said)  # type: ignore[arg-type]


def policy(folder: Path, text: str) -> str:
    file = folder / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_text_shows_the_line_the_carets_and_the_help(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = policy(tmp_path, "\n" * 40 + "    when: cost_to_srve > revenue\n")
    print_findings([finding(file, 41, 11, 23)])
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"{file}:41:11: SS203 unknown field 'cost_to_srve'\n"
        "   |\n"
        "41 |     when: cost_to_srve > revenue\n"
        "   |           ^^^^^^^^^^^^\n"
        "   = help: did you mean 'cost_to_serve'?\n"
        "\n"
        f"1 error in {file}\n"
    )


def test_a_finding_about_a_whole_file_has_no_snippet(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([finding("nowhere.yaml", 0)])
    assert capsys.readouterr().err == (
        "nowhere.yaml: SS203 unknown field 'cost_to_srve'\n  = help: did you mean 'cost_to_serve'?\n\n1 error in nowhere.yaml\n"
    )


@pytest.mark.parametrize("content", [b"a\0b", b"\xff\xfe\x00", None])
def test_a_file_that_cannot_be_shown_leaves_the_snippet_out(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.yaml"
    if content is not None:
        file.write_bytes(content)
    print_findings([finding(str(file))])
    assert "|" not in capsys.readouterr().err


def test_a_warning_and_a_note_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([finding(severity=Severity.WARNING), finding(line=2, severity=Severity.NOTE)], "concise")
    first, second, total = capsys.readouterr().err.splitlines()
    assert first == "policy.yaml:1:1: SS203 warning: unknown field 'cost_to_srve'; did you mean 'cost_to_serve'?"
    assert second.startswith("policy.yaml:2:1: SS203 note: ")
    assert total == "1 warning, 1 note in policy.yaml"


def test_findings_come_by_place_and_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([finding(line=9), finding(line=2), finding(line=9)], "concise")
    err = capsys.readouterr().err
    assert [line.split(": ")[0] for line in err.splitlines()[:-1]] == ["policy.yaml:2:1", "policy.yaml:9:1"]


@pytest.mark.parametrize("format", ["text", "concise"])
def test_fifty_are_shown_and_the_rest_counted(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([finding(line=line) for line in range(1, 71)], format)
    err = capsys.readouterr().err
    assert err.count("SS203") == 50
    assert "and 20 more\n70 errors in policy.yaml\n" in err


def test_the_sum_names_the_file_or_counts_the_files() -> None:
    warning = finding("b.yaml", severity=Severity.WARNING)
    assert summary([finding("a.yaml"), finding("a.yaml", 2)]) == "2 errors in a.yaml"
    assert summary([finding("a.yaml"), warning]) == "1 error, 1 warning in 2 files"


def test_no_findings_print_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for format in ("text", "concise", "github"):
        print_findings([], format)
    assert capsys.readouterr() == ("", "")
    print_findings([], "json")
    assert json.loads(capsys.readouterr().out) == []


def test_json_holds_every_finding_whole(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([finding(line=line) for line in range(1, 71)], "json")
    out, err = capsys.readouterr()
    assert err == ""
    found = json.loads(out)
    assert len(found) == 70
    assert found[0] == {
        "code": "SS203",
        "severity": "error",
        "message": "unknown field 'cost_to_srve'",
        "help": "did you mean 'cost_to_serve'?",
        "file": "policy.yaml",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 2,
    }


def test_github_annotations_escape_what_would_break_them(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([finding("a,b:c%.yaml", 3, 5, 9, message="100%\n::error::forged", help="write 5%")], "github")
    out, err = capsys.readouterr()
    assert err == ""
    assert out == "::error file=a%2Cb%3Ac%25.yaml,line=3,endLine=3,col=5,endColumn=9,title=SS203::100%25\\n::error::forged%0Awrite 5%25\n"


def test_github_knows_warnings_notes_and_whole_files(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([finding("a.yaml", 0, severity=Severity.WARNING, help=""), finding("b.yaml", severity=Severity.NOTE, help="")], "github")
    first, second = capsys.readouterr().out.splitlines()
    assert first == "::warning file=a.yaml,title=SS203::unknown field 'cost_to_srve'"
    assert second.startswith("::notice file=b.yaml,line=1,")


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "carets"),
    [
        ("\twhen:\tcost > 5", 8, 12, "    when:    cost > 5", "             ^^^^"),
        ("客户: cost > 5", 5, 9, "客户: cost > 5", "      ^^^^"),
        ("a: 客户 > 5", 4, 6, "a: 客户 > 5", "   ^^^^"),
        ("e\u0323\u0301x: cost", 6, 10, "e\u0323\u0301x: cost", "   ^^^^"),
        ("a\u202eb: cost", 6, 10, "a\\u202eb: cost", "          ^^^^"),
        ("a\x1b[31m: cost", 9, 13, "a\\x1b[31m: cost", "           ^^^^"),
        ("ab", 3, 4, "ab", "  ^"),
        ("ab", 99, 120, "ab", "  ^"),
    ],
)
def test_carets_stand_under_what_they_mark(line: str, column: int, end: int, shown: str, carets: str) -> None:
    assert snippet([line], Place("x", 1, column, 1, end)) == (shown, carets)


def test_a_span_over_lines_is_marked_to_the_end_of_its_first_line() -> None:
    assert snippet(["when: a", "and b"], Place("x", 1, 7, 2, 6)) == ("when: a", "      ^")


@pytest.mark.parametrize("column", [1, 300, 5_000, 9_997])
def test_a_very_long_line_is_shown_around_the_spot(column: int) -> None:
    line = "".join(str(i % 10) for i in range(10_000))
    found = snippet([line], Place("x", 1, column, 1, column + 4))
    assert found is not None
    shown, carets = found
    assert len(shown) <= 112
    start = carets.index("^")
    assert shown[start : start + 4] == line[column - 1 : column + 3]


def test_a_very_long_span_keeps_its_beginning_in_sight() -> None:
    found = snippet(["x" * 500 + "y" * 5_000], Place("x", 1, 501, 1, 5_501))
    assert found is not None
    shown, carets = found
    assert shown[carets.index("^")] == "y" and len(carets) <= 112


def test_messages_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([finding("a\x1b]0;.yaml", message="'\x1b[2J\u202e\r\nforged'", help="\x07 \x9b")])
    err = capsys.readouterr().err
    assert "\x1b" not in err and "\u202e" not in err and "\r" not in err and "\x9b" not in err and "\x07" not in err
    assert "\\x1b[2J\\u202e\\r\\nforged" in err


def test_an_endless_message_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([finding(message="x" * 1_000_000)])
    assert len(capsys.readouterr().err) < 2_000


@given(st.text())
def test_what_is_visible_is_one_harmless_line(text: str) -> None:
    shown = visible(text)
    assert all(char.isprintable() or char.isspace() for char in shown)
    assert len(shown.splitlines()) <= 1


@given(st.text(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_any_line_and_place_can_be_shown(line: str, column: int, end: int) -> None:
    found = snippet([line], Place("x", 1, column, 1, end))
    assert found is not None
    assert "^" in found[1]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("\ufeffa\r\nb\rc\u2028d\n".encode())
    assert read_lines(str(file)) == ["a", "b", "c", "d", ""]


def test_colour_only_where_a_terminal_wants_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    print_findings([finding()], "concise")
    assert "\x1b[31m" in capsys.readouterr().err
    monkeypatch.setenv("NO_COLOR", "1")
    print_findings([finding()], "concise")
    assert "\x1b" not in capsys.readouterr().err


def test_a_line_of_another_encoding_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_bytes("client_id;name\nA;Żółć\n".encode("cp1250"))
    lines = read_lines(str(tmp_path / "clients.csv"))
    assert snippet(lines, Place("clients.csv", 1, 1)) is not None
    assert snippet(lines, Place("clients.csv", 2, 1)) is None


def test_gitlab_gets_every_finding_with_its_path_line_and_fingerprint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What GitLab asks of a code quality report: these five keys, fingerprints that differ, a path without ./ at its beginning."""
    file = policy(tmp_path, "same: line\n" * 70)
    found = [finding(file, line) for line in range(1, 71)]
    found += [
        finding("./a b.yaml", 0, help="", severity=Severity.WARNING),
        finding("c.yaml", severity=Severity.NOTE, message="\x1b[31m<b>"),
    ]
    print_findings(found, "gitlab")
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert len(told) == len({one["fingerprint"] for one in told}) == 72
    assert "and 22 more" in err
    whole, note = (next(one for one in told if one["location"]["path"] == path) for path in ("a b.yaml", "c.yaml"))
    assert whole == {
        "check_name": "SS203",
        "description": "unknown field 'cost_to_srve'",
        "fingerprint": whole["fingerprint"],
        "severity": "minor",
        "location": {"path": "a b.yaml", "lines": {"begin": 1}},
    }
    assert (note["severity"], note["description"]) == ("info", "\\x1b[31m<b> (did you mean 'cost_to_serve'?)")
    assert {one["severity"] for one in told if one["location"]["path"] not in ("a b.yaml", "c.yaml")} == {"critical"}
