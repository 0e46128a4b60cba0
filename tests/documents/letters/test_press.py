"""Letters as they come off the press: formats, the mark of a draft, the digest, and templates of one's own."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from selective_sales.documents.letters import LetterPress, NotPrintedError, paper, pdf_findings
from selective_sales.documents.letters.colours import contrast, readable
from selective_sales.model.letter import Letter, LetterReason
from selective_sales.model.letterhead import Said
from selective_sales.model.place import Place
from tests.documents.letters import world
from tests.documents.letters.pdf import needs_pdf, pdf_text, poppler

PAGES = ("md", "html", "txt")
LONG = tuple(LetterReason(f"r{n}", f"Powód {n}: " + "fakty z ostatnich 12 miesięcy, opisane szeroko. " * 14) for n in range(4))


def letter(press: LetterPress | None = None, body: str = "decline", language: str = "pl", **changes: object) -> Letter:
    made, findings = (press or world.press()).letter(world.case(body, language, **changes))
    assert made is not None, findings
    return made


def page(made: Letter, format: str, draft: bool = False, press: LetterPress | None = None) -> str:
    return (press or world.press()).printed(made, format, draft).decode("utf-8")  # type: ignore[arg-type]


# The mark of a draft


@pytest.mark.parametrize(("language", "mark"), [("pl", "PROJEKT"), ("en", "DRAFT")])
@pytest.mark.parametrize("format", PAGES)
def test_a_draft_says_so(language: str, mark: str, format: str) -> None:
    made = letter(language=language)
    assert mark in page(made, format, draft=True)
    assert mark not in page(made, format)


@needs_pdf
@pytest.mark.parametrize(("language", "mark"), [("pl", "PROJEKT"), ("en", "DRAFT")])
def test_every_page_of_a_draft_says_so_in_pdf(language: str, mark: str) -> None:
    press = world.press()
    made = letter(press, language=language, reasons=LONG)
    pages = pdf_text(press.printed(made, "pdf", True)).split("\f")[:-1]
    assert len(pages) == 2
    assert all(mark in one for one in pages)
    assert mark not in pdf_text(press.printed(made, "pdf", False))


# Formats


@pytest.mark.parametrize("body", world.BODIES)
@pytest.mark.parametrize("language", world.LANGUAGES)
def test_plain_text_has_lines_of_72_characters(body: str, language: str) -> None:
    text = page(letter(body=body, language=language, reasons=LONG[:1], missing=(LONG[0].text,)), "txt", draft=True)
    assert max(map(len, text.split("\n"))) <= 72
    assert "\n\n\n\n" not in text
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("body", world.BODIES)
@pytest.mark.parametrize("language", world.LANGUAGES)
def test_html_is_whole_and_loads_nothing(body: str, language: str) -> None:
    text = page(letter(body=body, language=language), "html", True, world.press(logo=world.LOGO))
    parsed = _Page()
    parsed.feed(text)
    assert parsed.open == []
    assert ("html", "lang", language) in parsed.attributes
    assert [value for _, name, value in parsed.attributes if name == "src" and not str(value).startswith("data:image/")] == []
    assert {name for _, name, _ in parsed.attributes} <= {"lang", "charset", "name", "content", "class", "src", "alt", "aria-hidden"}
    assert not re.search(r"url\(|@import|<script", text)
    assert [value for tag, name, value in parsed.attributes if (tag, name) == ("img", "alt")] == [
        {"pl": "Pracownia Łąkowa sp. z o.o.", "en": "Pracownia Łąkowa Ltd."}[language]
    ]


def test_the_shell_keeps_what_can_be_read_on_white() -> None:
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#ffffff") == pytest.approx(1)
    for colour in ("#1f3a5f", "#ffcc00", "#ffffff", "#00ff00", "#777777", "#767676"):
        assert contrast(readable(colour)) >= 4.5
    assert readable("#1f3a5f") == "#1f3a5f"
    sheet = (world.SHIPPED / "letters/shell.css").read_text() + (world.SHIPPED / "letters/shell.typ").read_text()
    inks = set(re.findall(r"(?<!-)color: (#[0-9a-f]{6})|fill: rgb\(\"(#[0-9a-f]{6})", sheet))
    assert inks and all(contrast(one or other) >= 4.5 for one, other in inks)
    light = page(letter(), "html", press=world.press(accent="#ffdd00"))
    assert "--accent: #ffdd00" in light and "--ink: #ffdd00" not in light


# PDF


@needs_pdf
@pytest.mark.parametrize("body", world.BODIES)
@pytest.mark.parametrize("language", world.LANGUAGES)
def test_pdf_says_it_all_in_order_with_every_letter_of_the_alphabet(body: str, language: str) -> None:
    press = world.press(logo=world.LOGO)
    letters = "ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ „cudzysłów” – §"
    made = letter(press, body, language, salutation=f"{letters},")
    said = " ".join(pdf_text(press.printed(made, "pdf", False)).replace("\u00a0", " ").split())
    case = made.case
    ordered = [case.name, case.address[0], case.reference, case.date, made.subject, f"{letters},", case.reply_by, "Józef Śniegoń"]
    places = [said.find(str(part).replace("\u00a0", " ")) for part in ordered]
    assert -1 not in places
    after = said.replace("\u00a0", " ")
    at = 0
    for part in ordered:
        at = after.index(str(part).replace("\u00a0", " "), at)


@needs_pdf
def test_pdf_is_tagged_archivable_and_has_its_fonts_in_it() -> None:
    press = world.press()
    pdf = press.printed(letter(press), "pdf", True)
    info = poppler("pdfinfo", pdf)
    assert re.search(r"Tagged:\s+yes", info)
    assert "A4" in info
    assert "Zakończenie współpracy" in info
    fonts = poppler("pdffonts", pdf).splitlines()[2:]
    assert fonts and all(re.search(r"\byes yes yes\b", line) for line in fonts)
    assert b"<pdfuaid:part>1" in pdf
    assert b"<pdfaid:part>2" in pdf


@needs_pdf
def test_pages_are_numbered_in_the_letters_language() -> None:
    press = world.press()
    for language, first, second in (("pl", "Strona 1 z 2", "Strona 2 z 2"), ("en", "Page 1 of 2", "Page 2 of 2")):
        pages = pdf_text(press.printed(letter(press, language=language, reasons=LONG), "pdf", False)).split("\f")[:-1]
        assert first in pages[0]
        assert second in pages[1]


def places(pdf: bytes) -> dict[str, tuple[float, float]]:
    """By word, where it begins on the first page, in millimetres from the corner; the first of each word."""
    found: dict[str, tuple[float, float]] = {}
    page, _, _ = poppler("pdftotext", pdf, "-bbox").partition("</page>")
    for x, y, word in re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)<', page):
        found.setdefault(word, (float(x) / 72 * 25.4, float(y) / 72 * 25.4))
    return found


@needs_pdf
@pytest.mark.parametrize("logo", [None, world.LOGO])
def test_the_address_stands_in_the_window(logo: object) -> None:
    press = world.press(logo=logo)
    made = letter(press, name="Pierwsza", address=("Druga", "Trzecia", "Czwarta", "Piąta", "Szósta"))
    found = places(press.printed(made, "pdf", False))
    left, top, height = 25.0, 45.0 + 17.7, 27.3
    for word in ("Pierwsza", "Druga", "Trzecia", "Czwarta", "Piąta", "Szósta"):
        x, y = found[word]
        assert x == pytest.approx(left, abs=0.5)
        assert top - 1 <= y <= top + height - 3
    assert found["Nasz"][0] == pytest.approx(125, abs=0.5)
    assert 45 <= found["Nasz"][1] <= 55
    assert found["Zakończenie"][1] >= 98.4


@needs_pdf
def test_a_long_address_is_set_smaller_and_still_fits() -> None:
    press = world.press()
    made = letter(press, name="Przedsiębiorstwo " * 5, address=("Druga", "Trzecia", "Czwarta", "Piąta", "OstatniaLinia"))
    assert places(press.printed(made, "pdf", False))["OstatniaLinia"][1] <= 45 + 45 - 2


def test_the_same_letter_is_the_same_file() -> None:
    made = letter()
    first, second = (world.press(logo=world.LOGO) for _ in range(2))
    assert first.printed(made, "pdf", True) == second.printed(made, "pdf", True)
    other = letter(name="Ktoś Inny")
    first.printed(other, "pdf", True)
    assert first.printed(made, "pdf", True) == second.printed(made, "pdf", True)
    for format in PAGES:
        assert page(made, format) == page(made, format)


def test_pdf_bears_the_letters_day() -> None:
    press, _ = LetterPress.opened(world.SHIPPED, None, world.letterhead(), world.SPEAKERS, datetime.date(2026, 11, 26))
    assert press is not None
    assert b"20261126000000" in press.printed(letter(press), "pdf", False)


@pytest.mark.parametrize("name", ["Kowalski 😀", "张伟"])
def test_a_sign_that_no_font_has_is_a_finding(name: str) -> None:
    press = world.press()
    with pytest.raises(NotPrintedError) as caught:
        press.printed(letter(press, name=name), "pdf", False)
    finding = caught.value.finding
    assert finding.code == "SS968"
    assert "C-0017" in finding.message
    assert "letters/fonts" in finding.help
    assert press.printed(letter(press), "pdf", False).startswith(b"%PDF")
    assert name in page(letter(press, name=name), "html")


def test_without_the_extra_a_finding_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "find_spec", lambda name: None)
    (finding,) = pdf_findings(Place("x"))
    assert finding.code == "SS969"
    assert "pip install 'selective-sales[pdf]'" in finding.help
    with pytest.raises(NotPrintedError):
        world.press().printed(letter(), "pdf", False)
    assert page(letter(), "html")


# The digest


def test_the_digest_is_of_what_the_client_sees() -> None:
    digest = letter().digest
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert letter(world.press()).digest == digest
    case = world.case()
    seen: dict[str, object] = {
        "name": "Ktoś Inny", "salutation": "Szanowna Pani,", "address": ("x",), "reasons": case.reasons[:1], "changes": (),
        "date": "1 grudnia 2026", "as_of": "1 maja 2026", "effective_on": "2 stycznia 2027", "reply_by": "3 stycznia 2027",
        "policy": "Inna", "policy_version": "4", "reference": "X", "client": ("Z",), "approval_needed": False, "language": "en",
    }  # fmt: skip
    digests = {letter(**{name: value}).digest for name, value in seen.items()}
    assert len(digests | {digest}) == len(seen) + 1
    unseen: dict[str, object] = {"decided_by": "other", "missing": ("y",), "fields": {"revenue": "1"}}
    unseen["reasons"] = tuple(replace(reason, rule="other") for reason in case.reasons)
    assert {letter(**{name: value}).digest for name, value in unseen.items()} == {digest}


def test_the_digest_is_of_the_letterhead_too() -> None:
    head = world.letterhead()
    seen: list[dict[str, object]] = [
        {"contact": replace(head.contact, phone="1")},
        {"signatory": replace(head.signatory, name="X")},
        {"sender": replace(head.sender, register=None)},
        {"place": Said("Łódź", "Lodz")},
        {"accent": "#123456"},
        {"logo": world.LOGO},
        {"logo": replace(world.LOGO, content=world.SVG + b" ")},
        {"notice_days": {"decline": 31}},
    ]
    digests = {letter(world.press(**changes)).digest for changes in seen}
    assert len(digests | {letter().digest}) == len(seen) + 1
    unseen: list[dict[str, object]] = [{"notice_days": {"decline": 30, "migrate": 99}}, {"reply_days": 3}]
    unseen.append({"signatory": replace(head.signatory, role=Said("dyrektor sprzedaży", "director of sales"))})
    assert {letter(world.press(**changes)).digest for changes in unseen} == {letter().digest}


def own(tmp_path: Path, *copied: str) -> Path:
    folder = tmp_path / "own"
    (folder / "letters" / "parts").mkdir(parents=True)
    for name in copied:
        shutil.copy(world.SHIPPED / "letters" / name, folder / "letters" / name)
    return folder


def test_one_word_of_a_template_touches_exactly_its_letters(tmp_path: Path) -> None:
    folder = own(tmp_path, "decline.pl.md.j2")
    file = folder / "letters/decline.pl.md.j2"
    assert letter(world.press(folder)).digest == letter().digest
    file.write_text(file.read_text().replace("wszystkiego dobrego", "powodzenia"))
    press = world.press(folder)
    assert letter(press).digest != letter().digest
    for body, language in (("decline", "en"), ("renegotiate", "pl"), ("thank-you", "pl")):
        assert letter(press, body, language).digest == letter(None, body, language).digest


@pytest.mark.parametrize("name", ["shell.css", "shell.html.j2", "shell.md.j2", "shell.txt.j2", "shell.typ"])
def test_a_changed_shell_changes_every_digest(tmp_path: Path, name: str) -> None:
    folder = own(tmp_path, name)
    assert letter(world.press(folder)).digest == letter().digest
    with (folder / "letters" / name).open("a") as file:
        file.write("\n/* x */\n")
    assert letter(world.press(folder)).digest != letter().digest


def test_what_a_shell_includes_and_fonts_count_too(tmp_path: Path) -> None:
    folder = own(tmp_path, "shell.txt.j2")
    with (folder / "letters/shell.txt.j2").open("a") as file:
        file.write("{% include 'letters/parts/foot.j2' %}")
    (folder / "letters/parts/foot.j2").write_text("one")
    digests = {letter(world.press(folder)).digest}
    (folder / "letters/parts/foot.j2").write_text("two")
    digests.add(letter(world.press(folder)).digest)
    (folder / "letters/fonts").mkdir()
    (folder / "letters/fonts/x.otf").write_bytes(b"no font")
    digests.add(letter(world.press(folder)).digest)
    assert len(digests) == 3


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 200_000])
@pytest.mark.parametrize("name", ["shell.css", "shell.html.j2", "shell.typ"])
def test_a_shell_that_is_no_text_opens_no_press(tmp_path: Path, name: str, content: bytes) -> None:
    folder = own(tmp_path)
    (folder / "letters" / name).write_bytes(content)
    press, findings = LetterPress.opened(world.SHIPPED, folder, world.letterhead(), world.SPEAKERS)
    assert press is None
    assert [(finding.code, finding.place.file) for finding in findings] == [("SS960", str(folder / "letters" / name))]


# Ways through a body


def test_the_branch_is_the_way_through_the_body() -> None:
    assert letter().branch == letter(name="Ktoś Inny", reasons=LONG[:2], date="1 maja 2026").branch
    others = {
        letter().branch,
        letter(reasons=LONG[:1]).branch,
        letter(changes=()).branch,
        letter(approval_needed=False).branch,
        letter(salutation="Droga Aniu,").branch,
        letter(language="en").branch,
        letter(body="renegotiate").branch,
    }
    assert len(others) == 7


# One's own templates


def test_a_body_and_a_part_of_ones_own_are_taken_first(tmp_path: Path) -> None:
    folder = own(tmp_path)
    (folder / "letters/odmowa.pl.md.j2").write_text(
        "# Temat {{ policy }}\n\n{% if fields.revenue %}Przychód {{ fields.revenue }}.{% endif +%}\n"
        "{% include 'letters/parts/contact.pl.md.j2' %}"
    )
    (folder / "letters/parts/contact.pl.md.j2").write_text("Pisz do: {{ contact.name }}")
    press = world.press(folder)
    text = page(letter(press, "odmowa", "pl", fields={"revenue": "1\u00a0200,00\u00a0zł"}), "md", False, press)
    assert "# Temat Dobór klientów\n\nPrzychód 1\u00a0200,00\u00a0zł.\nPisz do: Żaneta Ćwikła" in text
    assert "Pisz do" in letter(press).text


def test_a_shell_of_ones_own_is_taken_first(tmp_path: Path) -> None:
    folder = own(tmp_path)
    (folder / "letters/shell.txt.j2").write_text("{{ subject }}|{{ name }}|{{ body }}")
    (folder / "letters/shell.typ").write_text(
        "#let letter = json(bytes(sys.inputs.letter))\n#set document(title: letter.subject)\n"
        "#set text(font: letter.fonts)\n= Mine #letter.subject"
    )
    press = world.press(folder)
    made = letter(press, name="*b*")
    assert page(made, "txt", False, press).startswith(f"{made.subject}|*b*|Szanowni")
    assert press.printed(made, "pdf", False).startswith(b"%PDF")
    assert "<h1>" in page(made, "html", False, press)


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../etc/passwd")',
        '#image("/etc/passwd")',
        '#set text(font: "Nope")\nx',
        "#let x = ",
        "no title",
    ],
)
def test_a_shell_that_fails_or_warns_is_a_finding(tmp_path: Path, source: str) -> None:
    folder = own(tmp_path)
    (folder / "letters/shell.typ").write_text(source)
    press = world.press(folder)
    with pytest.raises(NotPrintedError) as caught:
        press.printed(letter(press), "pdf", False)
    assert caught.value.finding.code == "SS968"
    assert caught.value.finding.place.file == str(folder / "letters/shell.typ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# A\n\n{{ nothing }}", "undefined"),
        ("# A\n\n{{ name }}", "None"),
        ("# A\n\n{{ fields.gone }}", "gone"),
        ("# A\n\n{{ reasons }}", "list"),
        ("# A\n\n{{ contact }}", "printed"),
        ("# A\n\n{{ approval_needed }}", "yes or no"),
        ("# A\n\n{{ fields.blank }}", "None"),
        ("# A\n\n{{ ' ' }}", "blank"),
        ("# A\n\n{{ policy.upper() }}", "calls nothing"),
        ("# A\n\n{% set a %}{{ policy }}{% endset %}{{ a }}", "again"),
        ("# A\n\n{{ 'a' * 100000000 }}", "numbers only"),
        ("# A\n\n{% for a in missing %}{% for b in missing %}{% for c in missing %}{% endfor %}{% endfor %}{% endfor %}", "loops"),
        ("# A\n\n{% for a in missing %}{% for b in missing %}xxxxxxxxxx{% endfor %}{% endfor %}", "longer than"),
        ("# A\n\n{% for a in missing %}{% for b in missing[:30] %}{{ a }}{% endfor %}{% endfor %}", "values"),
        ("A", "subject"),
        ("# A\n\n# B", "second subject"),
        ("# A\n\n<b>", "HTML"),
        ("# A\n\n{% include 'letters/parts/gone.j2' %}", "gone"),
    ],
)
def test_what_would_show_a_blank_an_inside_or_never_end_is_a_finding(tmp_path: Path, text: str, message: str) -> None:
    folder = own(tmp_path)
    (folder / "letters/x.pl.md.j2").write_text(text)
    made, findings = world.press(folder).letter(world.case("x", "pl", name=None, missing=("m",) * 2000, fields={"blank": " \u200b"}))
    assert made is None
    (finding,) = findings
    assert finding.code == "SS968"
    assert "C-0017" in finding.message
    assert message in finding.message
    assert finding.place.file.startswith(str(folder))


def test_a_shell_that_cannot_print_a_letter_is_a_finding(tmp_path: Path) -> None:
    folder = own(tmp_path)
    (folder / "letters/shell.txt.j2").write_text("{{ subject }}\n{{ name }}")
    press = world.press(folder)
    assert page(letter(press), "txt", False, press)
    with pytest.raises(NotPrintedError) as caught:
        press.printed(letter(press, name=None), "txt", False)
    finding = caught.value.finding
    assert (finding.code, finding.place.file, finding.place.line) == ("SS968", str(folder / "letters/shell.txt.j2"), 2)


def test_a_failure_is_told_at_its_line(tmp_path: Path) -> None:
    folder = own(tmp_path)
    (folder / "letters/x.pl.md.j2").write_text("# A\n\nb\n{% include 'letters/parts/y.j2' %}")
    (folder / "letters/parts/y.j2").write_text("c\n{{ fields.gone }}")
    _, findings = world.press(folder).letter(world.case("x", "pl"))
    assert (findings[0].place.file, findings[0].place.line) == (str(folder / "letters/parts/y.j2"), 2)


def test_a_body_that_is_not_there_makes_no_letter() -> None:
    made, findings = world.press().letter(world.case("declin"))
    assert made is None
    assert [finding.code for finding in findings] == ["SS968"]


def test_a_letter_in_a_language_that_was_not_opened_is_a_finding() -> None:
    press, _ = LetterPress.opened(world.SHIPPED, None, world.letterhead(), {"en": world.SPEAKERS["en"]})
    assert press is not None
    made, findings = press.letter(world.case(language="pl"))
    assert made is None
    assert [finding.code for finding in findings] == ["SS968"]


def test_a_language_without_words_opens_no_press() -> None:
    press, findings = LetterPress.opened(world.SHIPPED, None, world.letterhead(), {"de": world.SPEAKERS["en"]})
    assert press is None
    assert [finding.code for finding in findings] == ["SS960"]


def test_a_letter_that_was_kept_elsewhere_is_printed_alike() -> None:
    made = letter()
    plain = Letter(made.case, made.subject, made.text, made.branch, made.digest)
    for format in (*PAGES, "pdf"):
        assert world.press().printed(plain, format, True) == world.press().printed(made, format, True)  # type: ignore[arg-type]
    assert json.dumps(made.text)


@needs_pdf
@pytest.mark.parametrize("name", ["Иван Петров", "Νίκος", "مكتب", "משרד", "Müller & Søn ẞ"])
def test_other_scripts_that_the_fonts_have_are_set(name: str) -> None:
    press = world.press()
    said = pdf_text(press.printed(letter(press, name=name), "pdf", False))
    assert sorted(set(name.replace(" ", ""))) == sorted(set(name.replace(" ", "")) & set(said))
