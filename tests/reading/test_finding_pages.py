"""Every code of the reading room has a page of the fixed form, its bad example is bad, and every page's code exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from selective_sales.reading.source import from_bytes
from selective_sales.reading.yaml_events import compose
from selective_sales.resources import folder, resource

ROOM = Path(__file__).parents[2] / "src" / "selective_sales" / "reading"
CODES = sorted(
    {code for path in ROOM.glob("*.py") for code in re.findall(r'"(SS(?:0\d\d|1[0-4]\d|40\d))"', path.read_text(encoding="utf-8"))}
)
PAGE = re.compile(r"# (SS\d{3}): (.+)\n\n(.+)\n\n## Bad\n\n```yaml\n(.+?)\n```\n\n## Good\n\n```yaml\n(.+?)\n```\n", re.DOTALL)


@pytest.mark.parametrize("code", CODES)
def test_page(code: str) -> None:
    page = PAGE.fullmatch(resource("findings", f"{code}.md").read_text(encoding="utf-8"))
    assert page is not None
    assert page.group(1) == code
    assert page.group(4) != page.group(5)
    if code < "SS030":
        good, _ = from_bytes("good.yaml", page.group(5).encode())
        assert good is not None
        assert [finding.code for finding in compose(good)[1] if finding.code == code] == []


@pytest.mark.parametrize("code", [code for code in CODES if "SS007" <= code <= "SS029" and code not in ("SS012", "SS013", "SS026")])
def test_bad_example_gives_its_code(code: str) -> None:
    page = PAGE.fullmatch(resource("findings", f"{code}.md").read_text(encoding="utf-8"))
    assert page is not None
    source, _ = from_bytes("bad.yaml", page.group(4).encode())
    assert source is not None
    assert code in [finding.code for finding in compose(source)[1]]


def test_no_page_without_a_code() -> None:
    pages = {path.stem for path in folder("findings").glob("SS*.md")}
    own = {code for code in pages if code < "SS150" or "SS400" <= code < "SS410"}
    assert own == set(CODES)
