"""Two hundred hostile clients: no letter shows another client's data, runs anything, or leaves the folder."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.robust.hostile import HOSTILE

from .world import approved, entries, evaluated, invoke, is_whole, manifest, written

NAMES = [
    *HOSTILE.values(),
    "{{ self.__init__.__globals__ }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{{ name }}",
    "{# note #}",
    "{%- raw -%}",
    "**bold** _it_ ~~x~~ `code`",
    "[link](http://evil.example)",
    "![img](file:///etc/passwd)",
    "<http://evil.example>",
    "1. one",
    "> quote",
    "<img src=x onerror=alert(1)>",
    "</address><script src=//evil.example></script>",
    "<!--",
    "]]>",
    "&lt;b&gt; &amp; &#x27;",
    "<style>*{display:none}</style>",
    '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0": *',
    "$ sum x $",
    "*#strong[x]*",
    "= Heading",
    "#sys.inputs",
    "@label <label>",
    "אבג \u202eevil\u202c",
    "\u2067abc\u2069",
    "\u061cالعربية",
    "a\x00b",
    "a\x07\x1b[2J",
    "a\u0085b\u2028c\u2029d",
    "\ufeffbom",
    "\U000e0041tag",
    "N" * 10_000,
    "n " * 5_000,
    "e" + "\u0301" * 25,
    "👩‍👩‍👧‍👦 rodzina",
    "ﬁrma ﬀ",
    "Ｆｕｌｌ",
    "Ⅷ",
    "%s %d %(x)s {0}",
    "${jndi:ldap://x}",
    "'; --",
    "\\",
    "\t",
    "Zażółć gęślą jaźń",
    "„cudzysłów”",
    "O'Neil & Sons",
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "+4",
    "PROJEKT",
    "None & Co",
    "nan banan",
]
KEYS = [
    "../../x",
    "..",
    ".",
    "/etc/passwd",
    "C:\\x",
    "con",
    "NUL.txt",
    "a/b",
    "a\\b",
    "letters.json",
    "letters.csv",
    ".lock",
    "-rf",
    "*?[",
    "a|b",
    "é",
    "ł",
    "x" * 300,
]
COUNT = 200


class Tags(HTMLParser):
    """What a letter's page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.attributes: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.attributes |= {(name, "" if name in ("src", "alt", "href") else value or "") for name, value in attrs}


def hostile_clients() -> Iterator[tuple[object, ...]]:
    """A client of each kind: its key, its name, its street, and a marker that only its own letter may hold."""
    for number in range(COUNT):
        name = NAMES[number % len(NAMES)]
        key = f"{KEYS[number]}" if number < len(KEYS) else f"H-{number:03}"
        street = f"{NAMES[(number * 7) % len(NAMES)][:60]} marker{number:04}end"
        city = NAMES[(number * 13) % len(NAMES)][:60]
        yield (key, f"{name[:9000]} m{number:04}e", street, city, ("pl", "en")[number % 2], 100 + number, 5)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evaluated(tmp_path_factory.mktemp("hostile") / "home", clients=list(hostile_clients()))


def marker(number: int) -> str:
    return f"m{number:04}e"


@pytest.mark.parametrize("to", ["html", "txt", "md"])
def test_every_letter_is_its_own_clients_only(run: Path, to: str) -> None:
    out = run.parent / f"letters-{to}"
    done = written(run, "--to", to, "--date", "2026-11-26", out=out.name)
    assert done.exit_code == 0, done.output
    assert sorted(os.listdir(run.parent.parent)) == ["home"] and is_whole(out)
    found = entries(out)
    assert len(found) == COUNT and len(set(os.listdir(out))) == COUNT + 2
    by_key = {row[0]: number for number, row in enumerate(hostile_clients())}
    for letter in manifest(out)["letters"]:
        number = by_key[letter["client"][0]]
        text = (out / letter["file"]).read_text(encoding="utf-8")
        assert set(re.findall(r"marker(\d{4})end", text)) == {f"{number:04}"}
        assert set(re.findall(r"\bm(\d{4})e\b", text)) <= {f"{number:04}"}
        assert letter["number"] in text
        assert not any(unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\u00ad\u200d" for c in text), letter["client"]
        assert "12345679 * 9" in text or "111111111" not in text


def test_the_pages_are_made_of_the_same_tags(run: Path) -> None:
    """No name becomes a tag, a script or an address."""
    out = run.parent / "pages"
    written(run, "--to", "html", out=out.name)
    kinds: dict[str, set[tuple[tuple[str, int], ...]]] = {}
    for letter in manifest(out)["letters"]:
        page = Tags()
        page.feed((out / letter["file"]).read_text(encoding="utf-8"))
        assert "script" not in page.tags and not any(name.startswith("on") for name, _ in page.attributes)
        kinds.setdefault(f"{letter['language']} {letter['branch']}", set()).add(tuple(sorted(page.tags.items())))
        kinds[f"{letter['language']} {letter['branch']}"] = {
            tuple((t, n) for t, n in kind if t not in ("br", "span")) for kind in kinds[f"{letter['language']} {letter['branch']}"]
        }
    assert all(len(kind) == 1 for kind in kinds.values())


def test_they_are_approved_and_stay_apart(run: Path) -> None:
    out = run.parent / "approving"
    written(run, "--to", "txt", out=out.name)
    done = approved(run, "--all", "--letters", out)
    assert done.exit_code == 0 and "200 letters approved" in done.output, done.output
    assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in done.output)
    assert written(run, out=out.name).exit_code == 0
    assert {letter["status"] for letter in manifest(out)["letters"]} == {"final"}
    shown = invoke("approve", run, "--list", "--letters", out)
    assert "200 final" in shown.output and not any(unicodedata.category(c) == "Cc" and c != "\n" for c in shown.output)
    assert invoke("check", run.parent / "approvals.yaml").exit_code == 0


def test_the_name_is_shown_as_it_is(run: Path) -> None:
    shown = invoke("preview", run, "--client", "H-030", "--to", "html").output
    name = next(str(row[1]) for row in hostile_clients() if row[0] == "H-030")
    assert html.escape(name, quote=False)[:20] in shown or html.escape(name)[:20] in shown


UNPRINTABLE = "名👩Ｆ"
"""Signs that the bundled fonts do not have: such a letter is refused by name, and the batch with it."""


def pdf_text(path: Path) -> tuple[str, int]:
    """What a reader can copy from the file, and how many pages it has."""
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode("utf-8")
    return text, text.count("\f")


def test_hostile_names_on_paper(tmp_path: Path) -> None:
    """A name of each kind: its own data only, on one page, with its mark; nothing that acts."""
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not installed")
    rows = [row for row in hostile_clients() if not any(sign in f"{row[1]}{row[2]}{row[3]}" for sign in UNPRINTABLE)][:40]
    rows.append(("x" * 200, "W" * 9000, "N" * 60 + " marker0999end", "W" * 44, "en", 100, 5))
    run = evaluated(tmp_path / "home", clients=rows)
    done = written(run, "--to", "pdf", "--date", "2026-11-26", out="pdf")
    assert done.exit_code == 0 and sorted(os.listdir(tmp_path)) == ["home"], done.output
    markers = {row[0]: re.findall(r"marker(\d{4})end", str(row[2])) for row in rows}
    for letter in manifest(run.parent / "pdf")["letters"]:
        path = run.parent / "pdf" / letter["file"]
        text, pages = pdf_text(path)
        assert re.findall(r"marker(\d{4})end", re.sub(r"\s", "", text)) == markers[letter["client"][0]], letter["client"]
        assert letter["number"] in text and ("DRAFT" in text or "PROJEKT" in text) and pages == 1
        assert not re.search(rb"/(JavaScript|JS|Launch|OpenAction|EmbeddedFile|URI)\b", path.read_bytes())
        assert not any(unicodedata.category(c) == "Cc" and c not in "\n\f" for c in text)


def test_a_sign_that_no_font_has_is_refused_by_name(tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    run = evaluated(
        tmp_path, clients=[("A-01", "名 Ltd", "Street", "Town", "en", 100, 5), ("A-02", "Beta Ltd", "Street", "Town", "en", 100, 5)]
    )
    done = written(run, "--to", "pdf")
    assert done.exit_code != 0 and "SS968" in done.stderr and "'A-01'" in done.stderr and not (tmp_path / "letters").exists()


@pytest.mark.parametrize("name", ["W" * 44, "N" * 200, "Donaudampfschifffahrtsgesellschaftskapitän" * 3])
def test_a_word_that_nothing_divides_stays_in_the_address_field(tmp_path: Path, name: str) -> None:
    """The field ends at 105 mm from the left; the block beside it begins at 125 mm."""
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not installed")
    run = evaluated(tmp_path, clients=[("A-01", name, "Street 1", "Town", "en", 100, 5)])
    assert written(run, "--to", "pdf").exit_code == 0
    boxes = subprocess.run(["pdftotext", "-bbox", tmp_path / "letters" / "A-01.pdf", "-"], capture_output=True, check=True).stdout.decode()
    found = re.findall(rf'xMax="([\d.]+)"[^>]*>({re.escape(name[:12])}\S*)<', boxes)
    assert found and all(float(right) * 25.4 / 72 <= 106 for right, _ in found), found
