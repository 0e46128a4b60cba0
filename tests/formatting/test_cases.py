"""The case files of tests/cases/fmt: a text, and what it is laid out as. Pieces of files serve: the layout asks for sound YAML only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from selective_sales.formatting import canonical, comments

FOLDER = Path(__file__).parents[1] / "cases" / "fmt"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['case']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    kind = case.get("file", "policy")
    assert set(case) <= {"case", "file", "before", "after"}
    result = canonical(case["before"], kind)
    assert result == case["after"]
    assert canonical(result, kind) == result
    assert sorted(comments(case["before"])) == sorted(comments(result))
