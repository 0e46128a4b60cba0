"""A client's data are data in every format: nothing of them is markup, runs, or opens a file."""

from __future__ import annotations

import json
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from selective_sales.model.letter import LetterCase, LetterReason
from tests.documents.letters import world
from tests.documents.letters.pdf import needs_pdf, pdf_text

HOSTILE = [
    '#read("/etc/passwd")',
    "$x^2$ and $ y $",
    "*b* **bb** _i_ __u__ ~~s~~",
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% for x in y %}",
    "<b>&amp;</b> & &lt;",
    "[link](https://example.org) ![x](y)",
    "https://example.org www.example.org",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "`code` \\ #x",
    "@ref <label> #include",
    'a" onload="x',
    "'; DROP TABLE clients; --",
    "None nan {{",
    "../../etc/passwd",
]
PRESS = world.press()


def hostile_case(text: str, language: str = "pl") -> LetterCase:
    return world.case(
        "decline", language, name=text, address=(text, "00-950 Warszawa"), salutation=text,
        reasons=(LetterReason("a", text),), changes=(text,), policy=text, client=(text,),
    )  # fmt: skip


class _Shown(HTMLParser):
    """The text of a page, and the tags that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags, self.attributes = "", [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(page: str) -> _Shown:
    parser = _Shown()
    parser.feed(page)
    return parser


def one_line(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_exactly_the_characters(text: str) -> None:
    letter, findings = PRESS.letter(hostile_case(text))
    assert letter is not None, findings
    page = shown(PRESS.printed(letter, "html", False).decode("utf-8"))
    harmless = shown(PRESS.printed(PRESS.letter(hostile_case("harmless"))[0] or letter, "html", False).decode("utf-8"))
    assert one_line(page.text).count(one_line(text)) >= 5
    assert (page.tags, page.attributes) == (harmless.tags, harmless.attributes)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_exactly_the_characters(text: str) -> None:
    letter, findings = PRESS.letter(hostile_case(text))
    assert letter is not None, findings
    page = PRESS.printed(letter, "md", False).decode("utf-8")
    rendered = shown(MarkdownIt("commonmark").render(page))
    assert one_line(rendered.text).count(one_line(text)) >= 5
    assert set(rendered.tags) <= {"h1", "p", "strong", "ul", "li", "br"}


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_text_shows_exactly_the_characters(text: str) -> None:
    letter, findings = PRESS.letter(hostile_case(text))
    assert letter is not None, findings
    assert one_line(PRESS.printed(letter, "txt", False).decode("utf-8")).count(one_line(text)) >= 5
    assert one_line(letter.text).count(one_line(text)) >= 5


@needs_pdf
def test_pdf_shows_exactly_the_characters() -> None:
    for text in HOSTILE:
        letter, findings = PRESS.letter(hostile_case(text))
        assert letter is not None, findings
        said = one_line(pdf_text(PRESS.printed(letter, "pdf", False)))
        assert said.count(one_line(text)) >= 4, said
        assert "root:" not in said


def test_signs_that_could_reorder_or_stand_for_values_are_gone() -> None:
    text = "Ja\u202en\ue000 \ue001\x00K\u200bowalski\U000f0000\r\nul."
    letter, findings = PRESS.letter(hostile_case(text))
    assert letter is not None, findings
    for format in ("md", "html", "txt"):
        page = PRESS.printed(letter, format, True).decode("utf-8")
        assert not re.search("[\ue000-\uf8ff\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\U000f0000-\U0010ffff]", page)
        assert "Jan Kowalski" in one_line(page)


@given(st.text(min_size=1, max_size=60))
def test_any_text_is_shown_or_the_letter_is_not_made(text: str) -> None:
    letter, findings = PRESS.letter(hostile_case(text))
    if letter is None:
        assert [finding.code for finding in findings] == ["SS968"]
        return
    for format in ("md", "html", "txt"):
        page = PRESS.printed(letter, format, True).decode("utf-8")
        assert "{{" not in page or "{{" in text
    visible = "".join(sign for sign in text if unicodedata.category(sign)[0] in "LN")
    page = shown(PRESS.printed(letter, "html", True).decode("utf-8")).text
    assert visible in "".join(sign for sign in page if unicodedata.category(sign)[0] in "LN")


@pytest.mark.parametrize("body", ["decline", "thank-you"])
def test_a_long_name_is_refused_or_shown_whole(body: str) -> None:
    letter, findings = PRESS.letter(world.case(body, name="x" * 10_000))
    assert letter is None
    assert [finding.code for finding in findings] == ["SS968"]
    letter, _ = PRESS.letter(world.case(body, name="Bardzo Długa Nazwa " * 5))
    assert letter is not None
    assert b"Bardzo" in PRESS.printed(letter, "html", False)


def test_a_value_is_never_read_as_another_value() -> None:
    """Letters of one way through the body share its forms, and nothing else."""
    letters = [PRESS.letter(world.case(name=f"Klient {n}", client=(f"C-{n}",)))[0] for n in range(50)]
    assert len({letter.branch for letter in letters if letter is not None}) == 1
    for n, letter in enumerate(letters):
        assert letter is not None
        page = PRESS.printed(letter, "html", False).decode("utf-8")
        assert re.findall(r"Klient (\d+)", page) == [str(n)]
        assert json.dumps(page).count(f"C-{n}<") == 1
