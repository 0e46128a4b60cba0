"""`selective-sales explain-finding`: a page per code, and the list of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.cli.exits import Exit

PAGES = Path(__file__).parents[2] / "docs" / "findings"


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain-finding", *arguments])


@pytest.mark.parametrize("code", ["SS157", "ss157"])
def test_a_code_gives_its_page(code: str) -> None:
    result = explain(code)
    assert (result.exit_code, result.stdout) == (Exit.FINE, (PAGES / "SS157.md").read_text(encoding="utf-8"))


def test_without_a_code_all_are_listed_with_their_titles() -> None:
    result = explain()
    assert result.exit_code == Exit.FINE
    assert [line.split("  ")[0] for line in result.stdout.splitlines()] == sorted(page.stem for page in PAGES.glob("SS*.md"))
    assert "SS157  wrong comparison sign\n" in result.stdout


@pytest.mark.parametrize(("code", "hint"), [("SS15", "SS150"), ("S157", "SS157"), ("nonsense", "all codes are listed"), ("../SS157", "")])
def test_an_unknown_code_is_a_usage_error_with_a_hint(code: str, hint: str) -> None:
    result = explain(code)
    assert result.exit_code == Exit.USAGE
    assert result.stdout == ""
    assert hint in result.stderr
    assert f"There is no finding '{code}'." in result.stderr
