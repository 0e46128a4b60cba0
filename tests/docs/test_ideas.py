"""The table of ideas: what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT

TABLE = (ROOT / "docs" / "policies" / "README.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in TABLE.splitlines() if re.match(r"\| S\d\.\d ", line)]
IDEAS = [f"S{source}.{idea}" for source, most in ((0, 5), (1, 5), (2, 4), (3, 4), (4, 2)) for idea in range(1, most + 1)]


def written(policy: str) -> str:
    """The policy's text with that of its own parts and the common ones."""
    files: list[Path] = [ROOT / "policies" / f"{policy}.yaml", *(ROOT / "policies" / policy).glob("*.yaml")]
    files += (ROOT / "policies" / "common").rglob("*.yaml")
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())


def test_every_idea_has_its_row() -> None:
    assert [row[0] for row in ROWS] == IDEAS


def used(policy: str) -> str:
    """The files that the policy brings in, as it names them."""
    return (ROOT / "policies" / f"{policy}.yaml").read_text(encoding="utf-8").partition("policy:")[0]


@pytest.mark.parametrize("row", [row for row in ROWS if "`portfolio`" in row[2]], ids=lambda row: row[0])
def test_the_portfolio_brings_in_the_parts_of_the_rows_that_name_it(row: list[str]) -> None:
    for policy, part in re.findall(r"`([a-z-]+)` \(`([a-z-]+)`\)", row[2]):
        assert f"- {policy}/{part}.yaml" in used("portfolio"), part


def test_the_portfolio_executes_most_rows() -> None:
    assert len([row for row in ROWS if "`portfolio`" in row[2]]) == 18


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_names_is_there(row: list[str]) -> None:
    _, _, where, result = row
    policies = [name for name in re.findall(r"`([a-z-]+)`", where) if (ROOT / "policies" / f"{name}.yaml").is_file()]
    for part in re.findall(r"\(`([a-z-]+)`\)", where):
        assert any((ROOT / "policies" / policy / f"{part}.yaml").is_file() for policy in policies), part
    for name in re.findall(r"`([a-z_-]+)`", result):
        assert name == "undetermined" or any(re.search(rf"\b{re.escape(name)}\b", written(policy)) for policy in policies), name
    for link in re.findall(r"\]\(([^)#]+)", result):
        assert (ROOT / "docs" / "policies" / link).is_file(), link
