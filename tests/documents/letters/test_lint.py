"""Bodies and shells are judged before a letter is made: each finding at its place, all at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.documents.letters import PolicyNames, WantedLetter, lint_letters, literal_texts_of
from selective_sales.model.finding import Finding, Severity
from selective_sales.model.place import Place
from selective_sales.resources import folder as resource_folder
from tests.documents.letters import world

NAMES = PolicyNames(told=frozenset({"revenue", "orders"}), kept=frozenset({"margin", "values_fit"}))
POLICY = Place("policy.yaml", 7, 3)


def own(tmp_path: Path, **texts: str) -> Path:
    """A folder of one's own; `decline_pl` is letters/decline.pl.md.j2."""
    folder = tmp_path / "own"
    (folder / "letters").mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        body, _, language = name.rpartition("_")
        (folder / "letters" / f"{body}.{language}.md.j2").write_text(text, encoding="utf-8")
    return folder


def found(folder: Path, body: str = "x", languages: tuple[str, ...] = ("pl",), *needs: str) -> list[Finding]:
    wanted = [WantedLetter(body, language, POLICY, frozenset(needs)) for language in languages]
    return list(lint_letters(world.SHIPPED, folder, wanted, NAMES))


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message", "help"),
    [
        ("# A\n{{ effectiv_on }}", "SS962", 2, 4, "effectiv_on", "did you mean 'effective_on'?"),
        ("# A\n\n  {{ contact.emial }}", "SS962", 3, 14, "emial", "did you mean 'email'?"),
        ("# A\n{% if fields.revenu %}{% endif %}", "SS962", 2, 14, "revenu", "did you mean 'revenue'?"),
        ("# A\n{{ sender.fax }}", "SS962", 2, 11, "fax", ""),
        ("# A\n{{ deciding.reason }}", "SS963", 2, 4, "memos", ""),
        ("# A\n{% for r in near_misses %}{% endfor %}", "SS963", 2, 13, "memos", ""),
        ("# A\n{{ metrics }}", "SS963", 2, 4, "memos", ""),
        ("# A\n{{ policy_owner }}", "SS963", 2, 4, "memos", ""),
        ("# A\n{{ margin }}", "SS963", 2, 4, "tell_client", ""),
        ("# A\n{{ fields.values_fit }}", "SS963", 2, 11, "tell_client", ""),
        ("# A\n{{ revenue }}", "SS963", 2, 4, "", "fields.revenue"),
        ("# A\n{% import 'x' as x %}", "SS964", 2, 1, "import", "include"),
        ("# A\n{% macro f() %}{% endmacro %}", "SS964", 2, 1, "macro", ""),
        ("# A\n{{ policy.upper() }}", "SS964", 2, 1, "calls", ""),
        ("# A\n{{ policy * 3 }}", "SS964", 2, 1, "numbers", "side by side"),
        ("# A\n{{ policy|safe }}", "SS964", 2, 11, "safe", ""),
        ("# A\n{{ policy|center(9) }}", "SS964", 2, 11, "center", ""),
        ("# A\n{% set a %}{{ policy }}{% endset %}", "SS964", 2, 1, "set", ""),
        ("# A\n{% filter upper %}{{ policy }}{% endfilter %}", "SS964", 2, 1, "filter upper", "tidy"),
        ("# A\n{% for a in reasons %}{% for b in reasons %}{% for c in reasons %}{% for d in reasons %}x" + "{% endfor %}" * 4,
         "SS964", 2, 1, "loops", ""),
        ("# A\n\n![x](https://example.org/y.png)", "SS964", 3, 1, "pictures", ""),
        ("# A\n\ntext\n\n    {{ policy }}", "SS964", 5, 1, "four spaces", ""),
        ("# A\n\n```\nx\n```", "SS964", 3, 1, "code", ""),
        ("# A\n\n`x`", "SS964", 3, 1, "code", ""),
        ("# A\n\n> x", "SS964", 3, 1, "quotations", ""),
        ("# A\n\n<b>x</b>", "SS964", 3, 1, "HTML", "**bold**"),
        ("# A\n\nx <br> y", "SS964", 3, 1, "HTML", ""),
        ("# A\n\nx\n\n***", "SS964", 5, 1, "rules", ""),
        ("# A\n\n[x]({{ policy }})", "SS964", 3, 1, "link", ""),
        ("# A\n\n[x](https://example.org/{{ policy }})", "SS964", 3, 1, "link", ""),
        ("# A\n\n[x](javascript:alert(1))", "SS964", 3, 1, "link", "https://"),
        ("# A\n\n{% if reasons %}\n<i>x</i>\n{% endif %}", "SS964", 4, 1, "HTML", ""),
        ("# A\n\nx \ue000 y", "SS964", 3, 1, "private-use", ""),
        ("# A\n\nx &#57344; y", "SS964", 3, 1, "private-use", ""),
        ("# A\n\nx &#xE001; y", "SS964", 3, 1, "private-use", ""),
        ("# A\n{{ name }}", "SS965", 2, 4, "may be absent", "if name"),
        ("# A\n{{ fields.revenue }}", "SS965", 2, 11, "may be absent", "if fields.revenue"),
        ("# A\n{{ reasons }}", "SS965", 2, 4, "list", "for"),
        ("# A\n{{ contact }}", "SS965", 2, 4, "person", "parts"),
        ("# A\n{{ approval_needed }}", "SS965", 2, 4, "yes or no", "if"),
        ("# A\n{% if %}", "SS961", 2, 1, "cannot be read", ""),
        ("# A\n\n{% if name %}\n{% for r in reasons %}{{ r }}{% endfor %}\ny\n", "SS961", 3, 1, "in line 3 has no {% endif %}", "endif"),
        ("{% if reasons %}\n{% endif %}\n{# x #}\nno subject", "SS967", 1, 1, "subject", "#"),
        ("# A\n{{ policy", "SS961", 2, 1, "cannot be read", ""),
        ("no subject", "SS967", 1, 1, "subject", "#"),
        ("\n## A\n", "SS967", 2, 1, "subject", "#"),
        ("", "SS967", 1, 1, "subject", "#"),
        ("# A\n{% include 'letters/parts/gone.j2' %}", "SS960", 2, 1, "does not exist", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_at_its_place(tmp_path: Path, text: str, code: str, line: int, column: int, message: str, help: str) -> None:
    findings = found(own(tmp_path, x_pl=text))
    first = findings[0]
    assert (first.code, first.place.line, first.place.column) == (code, line, column), findings
    assert first.place.file == str(tmp_path / "own/letters/x.pl.md.j2")
    assert message in first.message
    assert help in first.help


@pytest.mark.parametrize(
    "text",
    [
        "# A {{ effective_on }}\n\n{{ policy }}",
        "# A\n\n{% if fields.revenue and fields.orders %}{{ fields.revenue }}, {{ fields.orders }}{% endif %}",
        "# A\n\n1. x\n2. y\n\n- {{ policy }}\n  - z\n\n## B\n\n**b** *i* [l](https://example.org) [m](mailto:a@example.org)",
        "# A\n\n{% for reason in reasons %}\n- {{ reason }}\n{% else %}\nnone\n{% endfor %}",
        "# A\n\n{% if reasons|length > 1 %}s{% endif %}{{ reasons|join('; ') }}",
        "# A\n\n{% filter tidy %}{{ policy }}{% endfilter %}{{ policy|upper }}",
        "# A\n\n{% for line in sender.address %}{{ line }}{% if not loop.last %}\\\n{% endif %}{% endfor %}",
        "{# who: #}\n# A\n\nx",
        "# A\n\n  {% if reasons %}\n  x\n  {% endif %}\n",
        "# A\n\n{% if decision_id in ['decline', 'flag'] %}x{% endif %}",
    ],
)
def test_what_is_right_has_no_findings(tmp_path: Path, text: str) -> None:
    assert found(own(tmp_path, x_pl=text)) == []


def test_the_help_names_the_part_in_the_language_of_the_body(tmp_path: Path) -> None:
    findings = found(own(tmp_path, x_pl="# A\n\nx"), "x", ("pl",), "reasons")
    assert [(f.code, "reasons.pl.md.j2" in f.help, "{% for reason" in f.help) for f in findings] == [("SS967", True, True)]


def test_all_findings_come_at_once(tmp_path: Path) -> None:
    folder = own(tmp_path, x_pl="A\n{{ klient }} {{ margin }}\n\n<b>x</b>", x_en="# A\n{{ approval_needed }}")
    findings = found(folder, "x", ("pl", "en"))
    assert [(Path(f.place.file).name[1:6], f.place.line, f.code) for f in findings] == [
        (".en.m", 2, "SS965"),
        (".pl.m", 1, "SS967"),
        (".pl.m", 2, "SS962"),
        (".pl.m", 2, "SS963"),
        (".pl.m", 4, "SS964"),
    ]


def test_a_body_that_is_not_there_is_told_where_the_policy_names_it(tmp_path: Path) -> None:
    findings = found(own(tmp_path, odmowa_pl="# A"), "odmova", ("pl", "en"))
    assert [(f.code, f.place, f.severity) for f in findings] == [("SS960", POLICY, Severity.ERROR)] * 2
    assert "Polish" in findings[1].message + findings[0].message
    assert any("did you mean 'odmowa'?" in f.help for f in findings)


@pytest.mark.parametrize("body", ["../secret", "/etc/passwd", "..", "a/../../secret", "link"])
def test_no_body_outside_the_folder_is_read(tmp_path: Path, body: str) -> None:
    (tmp_path / "secret.pl.md.j2").write_text("# secret")
    folder = own(tmp_path)
    (folder / "letters" / "link.pl.md.j2").symlink_to(tmp_path / "secret.pl.md.j2")
    assert [f.code for f in found(folder, body)] == ["SS960"]


def test_a_folder_without_letters_is_told(tmp_path: Path) -> None:
    folder = own(tmp_path, x_pl="# A")
    assert [f.code for f in found(tmp_path)] == ["SS960"]
    (inner,) = found(folder / "letters")
    assert str(folder) in inner.help


def test_the_two_languages_are_compared(tmp_path: Path) -> None:
    folder = own(
        tmp_path, x_pl="# A\n{{ reply_by }} {{ contact.name }}", x_en="# A\n{% for r in reasons %}{{ r }}{% endfor %}{{ contact.name }}"
    )
    findings = found(folder, "x", ("pl", "en"))
    assert [(f.code, f.severity, Path(f.place.file).name) for f in findings] == [
        ("SS966", Severity.WARNING, "x.en.md.j2"),
        ("SS966", Severity.WARNING, "x.pl.md.j2"),
    ]
    assert "the Polish body reads reply_by" in findings[0].message
    assert "the English body reads reasons" in findings[1].message
    assert found(folder, "x", ("pl",)) == []


def test_a_body_prints_what_its_letter_is_about(tmp_path: Path) -> None:
    folder = own(tmp_path, x_pl="# A\n\nWe decline.", y_pl="# A\n\n{% include 'letters/parts/reasons.pl.md.j2' %}")
    assert [(f.code, "reasons" in f.message) for f in found(folder, "x", ("pl",), "reasons")] == [("SS967", True)]
    assert found(folder, "y", ("pl",), "reasons") == []


def test_what_is_not_in_the_own_folder_is_shipped(tmp_path: Path) -> None:
    assert found(own(tmp_path), "decline", ("pl", "en"), "reasons", "contact") == []


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("shell.html.j2", "<p>{{ subjekt }}</p>", "SS962"),
        ("shell.html.j2", "{{ fields.revenue }}", "SS962"),
        ("shell.txt.j2", "{{ logo }}", "SS965"),
        ("shell.md.j2", "{% import 'x' as y %}", "SS964"),
        ("shell.typ", '#import "@preview/cetz:0.3.0"', "SS964"),
        ("shell.typ", '#import "@pre" + "view/cetz:0.3.0"', "SS964"),
        ("shell.typ", '#eval("1")', "SS964"),
        ("shell.typ", '#plugin("x.wasm")', "SS964"),
        ("shell.css", "@import 'x.css';", "SS964"),
        ("shell.css", "p { background: url( 'https://example.org/x.png') }", "SS964"),
        ("shell.html.j2", '<img src="https://example.org/x.png">', "SS964"),
        ("shell.html.j2", "<script>1</script>", "SS964"),
        ("shell.html.j2", '<link rel="stylesheet" href="x.css">', "SS964"),
    ],
)  # fmt: skip
def test_a_shell_of_ones_own_is_judged_too(tmp_path: Path, name: str, text: str, code: str) -> None:
    folder = own(tmp_path)
    (folder / "letters" / name).write_text(text)
    assert [(f.code, Path(f.place.file).name, f.place.line) for f in found(folder, "decline")] == [(code, name, 1)]


def test_the_shipped_shells_have_no_findings(tmp_path: Path) -> None:
    folder = own(tmp_path)
    for file in (world.SHIPPED / "letters").glob("shell.*"):
        (folder / "letters" / file.name).write_bytes(file.read_bytes())
    assert found(folder, "decline") == []


def test_the_literal_text_is_handed_out_with_its_places(tmp_path: Path) -> None:
    text = "# Temat\n\n{% if reasons %}\nTo jest {{ policy }} i koniec.\n{% endif %}\n{# cicho #}{% raw %}{{ x }}{% endraw %}"
    folder = own(tmp_path, x_pl=text)
    texts = literal_texts_of(world.SHIPPED, folder, "x", "pl")
    assert [one.text.strip() for one in texts] == ["# Temat", "To jest {__________} i koniec.", "{{ x }}"]
    second = texts[1]
    at = second.text.index("koniec")
    place = second.place(at, at + 6)
    assert (place.line, place.column, place.end_column) == (4, 24, 30)
    assert text.split("\n")[3][23:29] == "koniec"


@given(st.text(alphabet="{}%#|.()[]'\" \n`<>*_-!abdefiorsnlt1~+=\\", max_size=80))
def test_no_text_crashes_the_lint(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = own(tmp_path_factory.mktemp("t"), x_pl="# A\n\n" + text)
    findings = found(folder)
    assert all(re.fullmatch("SS96[0-7]", f.code) for f in findings)
    literal_texts_of(world.SHIPPED, folder, "x", "pl")


@pytest.mark.parametrize("code", ["SS961", "SS962", "SS963", "SS964", "SS965", "SS966", "SS967"])
def test_the_pages_of_findings_show_what_they_say(tmp_path: Path, code: str) -> None:
    page = (resource_folder("findings") / f"{code}.md").read_text(encoding="utf-8")
    bad, good = page.split("## Bad")[1].split("## Good")
    for part, there in ((bad, True), (good, False)):
        texts = re.findall(r"^```\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
        folder = own(tmp_path / str(there), **{f"x_{language}": text for language, text in zip(("pl", "en"), texts, strict=False)})
        needs = ("reasons",) if code == "SS967" else ()
        codes = {f.code for f in found(folder, "x", ("pl", "en")[: len(texts)], *needs)}
        assert (code in codes) == there, codes
        assert there or codes == set()
