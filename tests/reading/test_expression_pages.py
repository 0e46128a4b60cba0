"""The pages of the expression's findings are true: the bad example gives just that finding, the good one none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from selective_sales.model.place import Place
from selective_sales.reading.expression import parse

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "findings").glob("SS1[5-9]?.md"))


def examples(page: Path) -> tuple[str, str]:
    blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    return yaml.safe_load(blocks[0])["when"], yaml.safe_load(blocks[1])["when"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_the_page_are_true(page: Path) -> None:
    bad, good = examples(page)
    _, findings = parse(bad, lambda start, end: Place("page"))
    assert [finding.code for finding in findings] == [page.stem]
    tree, findings = parse(good, lambda start, end: Place("page"))
    assert tree is not None and findings == ()


def test_every_code_of_the_expression_reader_has_its_page() -> None:
    sources = (ROOT / "src" / "selective_sales" / "reading").glob("expression*.py")
    used = {code for source in sources for code in re.findall(r'"(SS1[5-9]\d)"', source.read_text(encoding="utf-8"))}
    assert used == {page.stem for page in PAGES}
