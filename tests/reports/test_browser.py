"""The report in a real browser, on a desk, on a telephone and on paper: it loads nothing, complains of nothing, and all can read it.

Chromium and axe-core are real tools, which the continuous integration must have (REQUIRE_REAL); elsewhere the tests say what is missing.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, sync_playwright

from tests.reports.world import CLIENTS, MEASURES, REPORT, policy, report, run
from tests.robust.hostile import HOSTILE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(sys.prefix) / "npm/node_modules/axe-core/axe.min.js"
MUST = bool(os.environ.get("REQUIRE_REAL"))
pytestmark = pytest.mark.skipif(not MUST and (CHROMIUM is None or not AXE.is_file()), reason="chromium or axe-core is not installed")

AGENCY = Path(__file__).parents[2] / "examples/services-agency"
DESK, TELEPHONE, SHEET = (1280, 900), (375, 812), (688, 970)
"""The last is what an A4 page leaves between its margins."""
MORE = (
    "figures: {lost: {is: 'sum(clients[decision = \"decline\"].revenue)', by: kind, title: {en: revenue lost, pl: utracone}}}\n"
    "limits: [{id: few, require: 'count(clients[decision = \"decline\"]) <= 0', on_breach: warn}]\n"
    "allocations: {plan: {measure: revenue, groups: [{id: large, who: revenue >= 500, factor: 0.5}], rest: {en: others, pl: reszta}}}\n"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "chromium is not installed"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The agency in both languages; a policy with every section; names that have broken other pages."""
    folder = tmp_path_factory.mktemp("pages")
    from selective_sales.pipeline.runs import Request, evaluate
    from tests.reports.world import AS_OF

    data = {name: AGENCY / f"data/{name}.csv" for name in ("clients", "orders", "hours", "tickets")}
    evaluate(AGENCY / "services-agency.yaml", Request(data, AS_OF, out=folder / "agency"))
    old = run(folder / "old", text=policy(MEASURES + REPORT + MORE))
    clients = [*CLIENTS, "e,Iga,decline,70,10,1,red,90,80", *(f"k{n},Nobody {n},keep,{n},1,,k{n},{n},{2 * n}" for n in range(1, 40))]
    new = run(folder / "new", [line.replace("Ola,keep", "Ola,flag") for line in clients], policy(MEASURES + REPORT + MORE))
    names = ['"' + text.replace('"', '""').replace("\n", " ") + '"' for text in HOSTILE.values()]
    hostile = run(folder / "hostile", [f"{n},{name},keep,60,10,1,{name},10,10" for n, name in enumerate(names)])
    made = {}
    for name, of, options, languages in (
        ("agency", folder / "agency", [], ("pl", "en")),
        ("full", new, ["--compare", str(old), "--hours", "1600"], ("pl", "en")),
        ("hostile", hostile, [], ("en",)),
    ):
        for language in languages:
            made[f"{name} {language}"] = folder / f"{name}.{language}.html"
            assert report(of, made[f"{name} {language}"], *options, language=language).exit_code == 0
    return made


NAMES = ("agency pl", "agency en", "full pl", "full en", "hostile en")


@dataclass
class Opened:
    """A page as it was opened, with what the browser said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def script(self, text: str) -> Any:
        return self.page.evaluate(text)


@pytest.fixture
def open_page(browser: Browser, pages: dict[str, Path]) -> Iterator[Any]:
    contexts = []

    def opened(name: str, size: tuple[int, int] = DESK, *, script: bool = True, axe: bool = False) -> Opened:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=script, bypass_csp=axe, offline=not axe
        )
        contexts.append(context)
        made = Opened(context.new_page())
        made.page.on("console", lambda message: made.said.append(f"{message.type}: {message.text}"))
        made.page.on("pageerror", lambda error: made.said.append(str(error)))
        made.page.on("dialog", lambda dialog: made.said.append(dialog.message))
        made.page.on("request", lambda request: made.asked.append(request.url))
        made.page.goto(pages[name].as_uri())
        return made

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_nothing_and_complains_of_nothing(open_page: Any, pages: dict[str, Path], name: str) -> None:
    opened = open_page(name)
    opened.page.wait_for_load_state("networkidle")
    assert opened.said == [] and opened.asked == [pages[name].as_uri()]
    assert opened.script("document.styleSheets.length") == 1
    assert opened.script("getComputedStyle(document.querySelector('section')).borderTopStyle") == "solid"


@pytest.mark.parametrize("name", NAMES)
def test_its_pictures_are_not_empty(open_page: Any, name: str) -> None:
    opened = open_page(name)
    boxes = opened.script("""[...document.querySelectorAll('svg[role=img]')].map(svg => {
        const all = [...svg.querySelectorAll('rect, circle, path')].filter(one => {
            const box = one.getBBox(), style = getComputedStyle(one);
            return box.width + box.height > 1 && (style.fill !== 'none' || style.stroke !== 'none');
        });
        const outer = svg.getBoundingClientRect();
        const words = [...svg.querySelectorAll('text')].map(one => one.getBoundingClientRect());
        const out = words.filter(box => box.left < outer.left - 2 || box.right > outer.right + 2).length;
        return {width: outer.width, height: outer.height, shapes: all.length, words: words.length, out};
    })""")
    assert len(boxes) >= 6
    for box in boxes:
        assert box["width"] > 300 and box["height"] > 30 and box["shapes"] >= 2 and box["words"] >= 2, box
        assert box["out"] == 0, "words stand outside of the picture"
    for picture in opened.page.query_selector_all("svg[role=img]"):
        assert len(picture.screenshot()) > 2_000  # a blank one of this size takes a few hundred bytes


def test_every_fill_is_a_pattern_that_is_there(open_page: Any) -> None:
    opened = open_page("full en")
    fills = opened.script("[...new Set([...document.querySelectorAll('.fill')].map(one => getComputedStyle(one).fill))]")
    named = {fill.split('"')[1] for fill in fills if "url(" in fill}
    assert {"#fill-d0", "#fill-d1", "#fill-d2", "#fill-money", "#fill-before"} <= named
    assert [name for name in named if not opened.script(f"!!document.querySelector('{name}')")] == []


def test_it_is_whole_without_a_script(open_page: Any) -> None:
    opened = open_page("full en", script=False)
    assert opened.page.locator("section").count() == 13
    assert opened.page.locator("section svg[role=img]").first.is_visible()
    assert all(table.is_visible() for table in opened.page.locator("details[open] table").all())
    assert opened.page.locator("th button").count() == 0 and opened.page.locator("input").count() == 0
    opened.page.get_by_text("Some of these clients by name").click()
    assert opened.page.get_by_text("Ola (b)").first.is_visible()


def test_on_a_telephone_nothing_lies_beyond_the_edge(open_page: Any) -> None:
    """Every table of values stands as cards, so that no column has to be pushed into sight; a reader still hears tables."""
    for name in NAMES:
        opened = open_page(name, (400, 800))
        beyond = opened.script("""[...document.querySelectorAll('.wide')].filter(one => !one.querySelector('.heat'))
            .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.getAttribute('aria-label'))""")
        assert beyond == [], name
        assert opened.script("document.documentElement.scrollWidth <= innerWidth")
        heads = opened.script(
            "[...document.querySelectorAll('.cards-when-narrow td')].filter(c => c.textContent.trim() && !c.dataset.head).length"
        )
        assert heads == 0 and opened.page.get_by_role("columnheader").count() > 8


def column(opened: Opened, table: str, number: int) -> list[str]:
    return opened.script(
        f"[...document.querySelectorAll('{table} tbody tr')].filter(r => !r.hidden).map(r => r.cells[{number}].textContent)"
    )


def test_tables_are_sorted_by_a_click_and_by_the_keyboard(open_page: Any) -> None:
    opened = open_page("agency en")
    head = opened.page.locator("#decisions th", has_text="Clients").first
    before = column(opened, "#decisions", 1)
    head.get_by_role("button").click()
    down = sorted(before, key=int, reverse=True)
    assert column(opened, "#decisions", 1) == down != before
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").press("Enter")
    assert column(opened, "#decisions", 1) == down[::-1]
    assert head.get_attribute("aria-sort") == "ascending"
    opened.page.locator("#decisions th", has_text="Decision").first.get_by_role("button").click()
    assert column(opened, "#decisions", 0) == ["decline", "develop", "flag", "keep", "renegotiate", "undetermined"]
    assert head.get_attribute("aria-sort") is None and opened.said == []


def test_amounts_are_sorted_as_numbers_and_what_is_not_known_comes_last(open_page: Any) -> None:
    opened = open_page("full pl")
    button = opened.page.locator("#segments th", has_text="Zysk").first.get_by_role("button")
    for _ in range(2):
        button.click()
        values = opened.script("[...document.querySelectorAll('#segments tbody tr')].map(r => r.cells[4].dataset.value)")
        assert len(values) > 8 and sorted(map(float, values)) in (list(map(float, values)), list(map(float, values))[::-1])


def test_rows_are_filtered(open_page: Any) -> None:
    opened = open_page("agency en")
    opened.page.locator("#who").get_by_label("Show only rows with").fill("RENEGOTIATE")
    assert column(opened, "#who", 1) == ["renegotiate"] * 3
    opened.page.locator("#who").get_by_label("Show only rows with").fill("")
    assert len(column(opened, "#who", 0)) > 9


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious(open_page: Any, name: str, size: tuple[int, int]) -> None:
    opened = open_page(name, size, axe=True)
    opened.page.add_script_tag(path=AXE)
    found = opened.script("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 20
    assert [
        (v["impact"], v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"] if v["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_telephone_scrolls_down_only(open_page: Any, name: str) -> None:
    opened = open_page(name, TELEPHONE)
    assert opened.script("document.documentElement.scrollWidth") <= TELEPHONE[0]
    parts = "svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
    small = min(opened.script(f"[...document.querySelectorAll('svg[role=img]')].map(svg => {parts})"))
    assert small * 12 > 8.5, "words of pictures are too small to read"


@pytest.mark.parametrize("name", ["agency pl", "full pl", "full en"])
def test_it_prints_whole(open_page: Any, name: str) -> None:
    opened = open_page(name, SHEET)
    opened.page.emulate_media(media="print")
    wide = opened.script("""[...document.querySelectorAll('table, svg[role=img], p, dl')].filter(
        one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 200))""")
    assert wide == [], "cut off at the right"
    opened.script("dispatchEvent(new Event('beforeprint'))")
    assert opened.script("document.querySelectorAll('details:not([open])').length") == 0
    assert opened.script("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert opened.page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


def test_a_memo_keeps_its_tables_inside_of_its_card(browser: Browser, tmp_path: Path) -> None:
    """Also where a value is a sentence, a name knows no space, and the window is neither wide nor narrow."""
    from selective_sales.cli.app import main

    text = policy(MEASURES + "metrics: {long: {is: 'if hours > 5 then note else kind', title: {en: note, pl: uwaga}}}\n")
    text = text.replace("      kind: text\n", "      kind: text\n      note: text\n").replace(
        "en: said, pl: mówi", "en: '{long}', pl: '{long}'"
    )
    made = tmp_path / "run"
    long = "A sentence about a client that does not fit into the column of a number, " + "x" * 90
    folder = run(
        made, [f'a,Ala,decline,100,150,10,red,10,20,"{long}"'], text, head="id,name,verdict,revenue,cost,hours,kind,ours,theirs,note"
    )
    asked = ["memo", str(folder), "--language", "en", "--to", "html", "--out", str(tmp_path / "memos")]
    assert CliRunner().invoke(main, asked, catch_exceptions=False).exit_code == 0
    page = browser.new_page()
    page.goto(next((tmp_path / "memos").glob("*.html")).as_uri())
    assert long[:40] in page.content()
    for width in (1280, 700, 400):
        page.set_viewport_size({"width": width, "height": 800})
        beyond = "Math.max(...[...document.querySelectorAll('body *')].map(e => e.getBoundingClientRect().right))"
        assert page.evaluate(f"{beyond} <= document.body.getBoundingClientRect().right + 1"), width
