"""A template is judged before anything is rendered: each finding at its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.documents.lint import lint
from selective_sales.documents.view import MemoView
from tests.documents.templates import NAME, SHIPPED, folder, found, made


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("format", ["md", "html"])
def test_the_shipped_templates_have_no_findings(language: str, format: str) -> None:
    assert lint(made(SHIPPED, format), f"memo.{language}.{format}.j2", MemoView) == ()


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "help"),
    [
        ("# {{ klient }}", "SS803", 1, 6, "did you mean 'client'?"),
        ("a\n\n  {{ policy_versoin }}", "SS803", 3, 6, "did you mean 'policy_version'?"),
        ("{% for rule in fired %}\n{{ rule.title }} {{ rule.titel }}{% endfor %}", "SS803", 2, 26, "did you mean 'title'?"),
        ("{% for r in fired %}{{ loop.indx }}{% endfor %}", "SS803", 1, 29, "did you mean 'index'?"),
        ("{% for m in metrics %}{% for v in m.origin %}{{ v.valeu }}{% endfor %}{% endfor %}", "SS803", 1, 51, "did you mean 'value'?"),
        ("{{ client|uper }}", "SS804", 1, 11, "did you mean 'upper'?"),
        ("{% if client is evn %}x{% endif %}", "SS804", 1, 17, "did you mean 'even'?"),
        ("{{ client|safe }}", "SS804", 1, 11, ""),
        ("{{ client|e }}", "SS804", 1, 11, ""),
        ("{{ client|escape }}", "SS804", 1, 11, ""),
        ("{{ client|forceescape }}", "SS804", 1, 11, ""),
        ("{{ values|upper }}", "SS806", 1, 4, "|join"),
        ("{% for r in fired %}{{ (client if by_rule else values)|tidy }}{{ r|title }}{% endfor %}", "SS806", 1, 66, "parts"),
        ("{{ by_rule|trim }}", "SS806", 1, 4, ""),
        ("{{ client|abs }}", "SS806", 1, 4, ""),
        ("{{ by_rule|length }}", "SS806", 1, 4, ""),
        ("{% filter title %}{{ client }}{% endfilter %}", "SS805", 1, 1, "tidy"),
        ("a\n{{ '\\ud800' }}", "SS805", 2, 1, ""),
        ("{{ missing|join('\\ud83d\\ude00') }}", "SS805", 1, 1, ""),
        ("{% include '\\ud800' %}", "SS805", 1, 1, ""),
        ("{{ client|center(100) }}", "SS804", 1, 11, ""),
        ("{{ client.upper() }}", "SS805", 1, 1, "use a filter"),
        ("{{ range(10) }}", "SS805", 1, 1, ""),
        ("{{ client ~ run }}", "SS805", 1, 1, "side by side"),
        ("{{ client * 100000000 }}", "SS805", 1, 1, "side by side"),
        ("{% import 'x.j2' as x %}", "SS805", 1, 1, "include"),
        ("{% from 'x.j2' import x %}", "SS805", 1, 1, "include"),
        ("{% extends 'x.j2' %}", "SS805", 1, 1, "include"),
        ("{% macro f() %}{% endmacro %}", "SS805", 1, 1, "include"),
        ("{% set x %}{{ client }}{% endset %}", "SS805", 1, 1, "set name = value"),
        ("{% autoescape false %}{{ client }}{% endautoescape %}", "SS805", 1, 1, "leave it out"),
        ("{% include client %}", "SS805", 1, 1, "include 'part.j2'"),
        ("{{ {'a': client} }}", "SS805", 1, 1, ""),
        ("{{ fired }}", "SS806", 1, 4, "|join"),
        ("{{ exception.because }}", "SS806", 1, 4, "if exception"),
        ("{{ deciding.reason }}", "SS806", 1, 4, "if deciding"),
        ("{% if deciding %}{{ deciding.reason }}{% endif %}", "SS806", 1, 30, "if deciding.reason"),
        ("{% if not exception %}{{ exception.because }}{% endif %}", "SS806", 1, 26, "if exception"),
        ("{% for x in client %}{% endfor %}", "SS806", 1, 13, "if"),
        ("{{ fired|join(', ') }}", "SS806", 1, 4, "for"),
        ("{% if %}", "SS802", 1, 1, ""),
        ("a\n{{ client", "SS802", 2, 1, ""),
    ],
)
def test_what_is_wrong_is_found_at_its_place(tmp_path: Path, text: str, code: str, line: int, column: int, help: str) -> None:
    first = found(tmp_path, text)[0]
    assert (first.code, first.place.line, first.place.column) == (code, line, column)
    assert first.place.file.endswith(NAME)
    assert help in first.help


@pytest.mark.parametrize(
    "text",
    [
        "{% if exception %}{{ exception.because }}{% endif %}",
        "{% if deciding and deciding.reason %}{{ deciding.reason }}{% endif %}",
        "{% if not exception %}-{% else %}{{ exception.because }}{% endif %}",
        "{% if exception is none %}-{% else %}{{ exception.because }}{% endif %}",
        "{% if exception is not none %}{{ exception.because }}{% endif %}",
        "{% if by_default %}x{% elif exception %}{{ exception.expires }}{% endif %}",
        "{{ deciding.title if deciding else 'none' }}",
        "{{ missing|join(', ') }} {{ client|upper }} {{ fired|length }} {{ (fired|length) + 1 }}",
        "{% for rule in fired if rule.reason %}{{ rule.reason }}{% endfor %}",
        "{% for rule in fired %}{{ loop.index }}{% if not loop.last %},{% endif %}{% else %}none{% endfor %}",
        "{% set name = client %}{{ name }}",
        "{% if fired %}{{ fired[0].title }}{% endif %}",
        "{% if decision_id in ['decline', 'flag'] %}x{% endif %}",
        "{% for rule in near_misses[:3] %}{{ rule.title }}{% endfor %}",
        "{# comment #}{{ 'text' }}{{ 1 }}",
        "{{ (policy_owner or client)|upper }} {{ missing|first or 'x' }} {{ (missing|length)|abs }} {{ fired|count }}",
        "{% filter tidy %}{{ client }}{% endfilter %}",
        "{{ (client if by_rule else policy)|upper }}",
        "{{ " + "+".join("1" * 40) + " }}",
    ],
)
def test_what_is_right_has_no_findings(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == ()


def test_all_findings_come_at_once_also_those_of_included_files(tmp_path: Path) -> None:
    findings = found(tmp_path, "{{ klient }}\n{% include 'part.j2' %}\n{{ client|uper }}", part="{{ decison }}\n{{ x }}")
    assert [(f.place.file.rsplit("/", 1)[-1], f.place.line, f.code) for f in findings] == [
        (NAME, 1, "SS803"),
        (NAME, 3, "SS804"),
        ("part.j2", 1, "SS803"),
        ("part.j2", 2, "SS803"),
    ]


def test_what_was_asked_for_holds_in_an_included_file(tmp_path: Path) -> None:
    assert found(tmp_path, "{% if deciding %}{% include 'part.j2' %}{% endif %}", part="{{ deciding.title }}") == ()
    assert [f.code for f in found(tmp_path, "{% include 'part.j2' %}", part="{{ deciding.title }}")] == ["SS806"]


def test_a_new_loop_forgets_what_was_asked_of_the_old(tmp_path: Path) -> None:
    text = "{% for r in fired %}{% if r.reason %}{% for r in unknown %}{{ r.reason }}{% endfor %}{% endif %}{% endfor %}"
    assert [f.code for f in found(tmp_path, text)] == ["SS806"]


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    root = folder(tmp_path, "")
    assert [f.code for f in lint(made(root), "memo.de.md.j2", MemoView)] == ["SS801"]
    assert [f.code for f in found(tmp_path, "{% include 'gone.j2' %}")] == ["SS801"]


@pytest.mark.parametrize("name", ["../secret.j2", "/etc/passwd", "a/../../secret.j2", "link.j2", "..\\\\secret.j2"])
def test_no_file_outside_the_folder_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.j2").write_text("secret")
    root = folder(tmp_path, "")
    (root / "link.j2").symlink_to(tmp_path / "secret.j2")
    assert [f.code for f in found(tmp_path, f"{{% include '{name}' %}}")] == ["SS801"]


def test_files_that_are_no_text_or_too_large(tmp_path: Path) -> None:
    root = folder(tmp_path, "")
    (root / NAME).write_bytes(b"\xff\xfe\x00")
    assert [f.code for f in lint(made(root), NAME, MemoView)] == ["SS801"]
    (root / NAME).write_bytes(b"x" * 300_000)
    findings = lint(made(root), NAME, MemoView)
    assert [f.code for f in findings] == ["SS801"]
    assert "100 KiB" in findings[0].message


def test_templates_without_end_are_refused(tmp_path: Path) -> None:
    assert found(tmp_path, "{% include 'part.j2' %}", part="{% include 'part.j2' %}")[0].code == "SS805"
    bomb = {f"p{i}": f"{{% include 'p{i + 1}.j2' %}}" * 10 for i in range(8)}
    assert "SS805" in {f.code for f in found(tmp_path, "{% include 'p0.j2' %}", **bomb, p8="x")}
    loops = "{% for a in fired %}{% for b in fired %}{% for c in fired %}{% for d in fired %}x" + "{% endfor %}" * 4
    assert [f.code for f in found(tmp_path, loops)] == ["SS805"]
    assert [f.code for f in found(tmp_path, "{% if client %}" * 40 + "{% endif %}" * 40)] == ["SS805"]
    assert [f.code for f in found(tmp_path, "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}")] == ["SS802"]
    assert [f.code for f in found(tmp_path, "{{ " + "9" * 6000 + " }}")] == ["SS802"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "+".join("1" * 3000) + " }}",
        "{{ " + "+".join("1" * 45000) + " }}",
        "{{ " + "(" * 150 + "1" + "+1)" * 150 + " }}",
        "{% if " + " and ".join(["client"] * 3000) + " %}{% endif %}",
        "{{ client" + "|upper" * 3000 + " }}",
        "{{ fired" + "[0]" * 3000 + " }}",
        "{{ " + "not " * 150 + "client }}",
        "{{ " + "'a' if client else " * 150 + "'b' }}",
        "{% for a in [" + "1," * 101 + "] %}{% endfor %}",
        "{% if decision in (" + "'a'," * 101 + ") %}{% endif %}",
    ],
)
def test_what_is_nested_too_deep_or_too_long_is_a_finding(tmp_path: Path, text: str) -> None:
    assert {f.code for f in found(tmp_path, text)} <= {"SS802", "SS805"}
    assert found(tmp_path, text) != ()


def test_a_large_part_is_not_read_again_and_again(tmp_path: Path) -> None:
    findings = found(tmp_path, "{% include 'part.j2' %}" * 200, part="{{ client }}" * 8_000)
    assert [f.code for f in findings] == ["SS805"]


@given(st.text(alphabet="{}%#|.()[]'\" \nabcdeforinclsetj~*+=", max_size=60))
def test_no_text_crashes_the_lint(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    findings = found(tmp_path_factory.mktemp("t"), text)
    assert all(f.code.startswith("SS80") for f in findings)
