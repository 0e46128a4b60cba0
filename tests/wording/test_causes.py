"""Every cause that the deciding query can name has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from selective_sales.wording.causes import cause

BLAME = Path(__file__).parents[2] / "src" / "selective_sales" / "compiling" / "blame.py"
CAUSES = sorted(
    {
        c
        for c in re.findall(r'(?:yield|cause =|else|ABSENT =) "([a-z ]+)"', BLAME.read_text(encoding="utf-8"))
        if " " in c or c == "overflow"
    }
)


def test_the_causes_are_found() -> None:
    assert {"no row matches", "not given", "no positive total", "more than one row matches", "rows that match disagree"} <= set(CAUSES)


@pytest.mark.parametrize("written", CAUSES)
def test_words(written: str) -> None:
    polish = cause(written, "pl", str)
    assert polish
    assert polish != written
    assert cause(written, "en", str)
