"""What the environment refuses even where no lint stood before it, and how data reads on the page."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from selective_sales import documents, wording
from selective_sales.documents.memos import render
from selective_sales.documents.view import MemoView
from selective_sales.model.markdown import escaped
from tests.documents.templates import NAME, folder, made, rendered
from tests.explaining import world


def view(**changes: object) -> MemoView:
    made = documents.memo_view(world.explanation(cost="10400"), world.checked(), wording.speaker("en", "PLN"))
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "{{ client.__class__ }}",
        "{{ client.upper() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ fired.append }}",
        "{{ fired.index(1) }}",
        "{{ deciding.__init__ }}",
        "{{ deciding['__class__'] }}",
        "{{ self }}",
        "{{ cycler }}",
        "{{ exception.because }}",
        "{{ exception }}",
        "{{ fired }}",
        "{{ deciding }}",
        "{{ 'a' * 100000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 'a' + 'b' }}",
        "{{ 9 ** 200000 }}",
        "{{ [1] * 100000000 }}",
        "{{ 1 / 0 }}",
        "{{ nothing }}",
        "{{ fired[99].title }}",
        "{{ missing[0:1:0] }}",
        "{{ (client if undetermined else values)|upper }}",
        "{{ fired|tidy }}",
        "{{ 1|round(-1000000000) }}",
        "{{ 1|round(1000000000, 'ceil') }}",
        "{{ client|round }}",
    ],
)
def test_what_would_show_an_inside_a_blank_or_never_end_is_a_finding(tmp_path: Path, text: str) -> None:
    shown, finding = rendered(tmp_path, f"line one\n{text}", view())
    assert shown == ""
    assert finding is not None
    assert finding.code == "SS807"
    assert "C-0017" in finding.message


def test_the_finding_points_at_the_line_of_the_file_that_failed(tmp_path: Path) -> None:
    _, finding = rendered(tmp_path, "a\n{% include 'part.j2' %}", view(), part="b\nc\n{{ exception.because }}\n")
    assert finding is not None
    assert (finding.place.file.rsplit("/", 1)[-1], finding.place.line) == ("part.j2", 3)


def test_a_memo_cannot_be_endless(tmp_path: Path) -> None:
    many = view(missing=("x" * 1000,) * 2000)
    _, finding = rendered(tmp_path, "{% for m in missing %}{{ m }}{% endfor %}", many)
    assert finding is not None
    assert "longer than" in finding.message
    _, finding = rendered(tmp_path, "{{ missing|join(', ') }}", many)
    assert finding is not None


THREE = "{{% for a in {0} %}}{{% for b in {0} %}}{{% for c in {0} %}}{1}" + "{{% endfor %}}" * 3


@pytest.mark.parametrize(
    "text",
    [
        THREE.format("[" + "1," * 5000 + "]", ""),
        THREE.format("missing", ""),
        THREE.format("missing", "{% include 'part.j2' %}"),
        THREE.format("missing[:20]", "{% if client %}{% endif %}" * 1000),
        THREE.format("missing", "{% if loop.last %}{% endif %}").replace("missing", "missing if client"),
        THREE.format("missing[:20]", "{% include 'large.j2' %}"),
    ],
)
def test_loops_end_though_they_print_nothing(tmp_path: Path, text: str) -> None:
    parts = {"part": "", "large": "{% if not client %}{{ client }}{% endif %}" * 1000}
    begun = time.process_time()
    _, finding = rendered(tmp_path, text, view(missing=("x",) * 2000), **parts)
    assert finding is not None
    assert "loops" in finding.message
    assert time.process_time() - begun < 10


def test_a_memo_of_many_rules_is_not_too_long(tmp_path: Path) -> None:
    many = view(missing=("x",) * 100)
    text = "{% for a in missing %}{% for b in missing %}{% if loop.last %}{{ a }}{% else %}{{ b }}{% endif %}{% endfor %}{% endfor %}"
    for _ in range(3):
        shown, finding = rendered(tmp_path, text, many)
        assert finding is None
        assert shown == "x" * 10_000


def test_the_length_of_one_memo_is_not_taken_from_the_next(tmp_path: Path) -> None:
    root = folder(tmp_path, "{% for a in missing %}{% for b in missing %}{% endfor %}{% endfor %}")
    environment = made(root)
    for _ in range(10):
        assert render(environment, NAME, root, view(missing=("x",) * 400)) == ("", None)


@pytest.mark.parametrize("filter", ["upper", "lower", "title", "capitalize", "trim", "tidy"])
def test_no_filter_switches_the_escaping_of_data_off(tmp_path: Path, filter: str) -> None:
    shown, finding = rendered(tmp_path, f"{{{{ client|{filter} }}}}", view(client="[x](javascript:alert(1))"))
    assert finding is None
    assert shown.startswith("\\[")


@pytest.mark.parametrize("filter", ["e", "escape", "safe", "forceescape"])
def test_filters_that_would_mark_data_as_safe_are_not_there(tmp_path: Path, filter: str) -> None:
    shown, finding = rendered(tmp_path, f"{{{{ client|{filter} }}}}", view(client="[x](javascript:alert(1))"))
    assert shown == ""
    assert finding is not None


def test_html_is_escaped_also_in_included_parts(tmp_path: Path) -> None:
    shown, _ = rendered(
        tmp_path,
        "{{ client }}{% include 'part.j2' %}",
        view(client="<b>&\"'"),
        "html",
        part="{{ client|tidy }}{% filter tidy %}{{ client }}{% endfilter %}",
    )
    assert shown == "&lt;b&gt;&amp;&#34;&#39;" * 3


def test_a_loop_sees_nothing_of_the_loop_before(tmp_path: Path) -> None:
    text = "{% for m in missing %}{% set seen = m %}{% endfor %}{{ seen }}"
    assert rendered(tmp_path, text, view(missing=("a",)))[1] is not None


NASTY = [
    "# a",
    "- a",
    "+ b",
    "1. x",
    "1) x",
    "---",
    "===",
    "> q",
    "*b*",
    "_i_",
    "a_b_c",
    "`c`",
    "[l](http://x.y)",
    "<i>",
    "&lt;",
    "&#60;",
    "a|b",
    "~~s~~",
    "\\*",
    "http://a.b",
    "www.a.b",
    "![i](j)",
    "12345",
    "-5,00 zł",
]


@pytest.mark.parametrize("data", NASTY)
@pytest.mark.parametrize("frame", ["{}", "# {}", "- {}", "word {} word", "| {} | b |\n|---|---|\n| {} | d |", "> {}", "**{}**"])
def test_markdown_shows_data_as_it_is(data: str, frame: str) -> None:
    assert shown(frame.replace("{}", escaped(data))) == shown(frame.replace("{}", "DATA")).replace("DATA", html(data))


@given(
    st.text(alphabet="#-+*_`[]()<>&;|~!=\\.:/1a wzł\"'", min_size=1, max_size=12).filter(
        lambda text: text == text.strip(" ") and text != ""
    )
)
def test_no_data_is_markup(data: str) -> None:
    for frame in ("{}", "- {}", "x {} y", "| a |\n|---|\n| {} |"):
        once = " ".join(data.split(" "))
        assert shown(frame.replace("{}", escaped(once))) == shown(frame.replace("{}", "DATA")).replace("DATA", html(once))


def shown(markdown: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)


def html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
