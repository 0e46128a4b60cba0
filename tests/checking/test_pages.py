"""Every code of this room has a page, and the page's examples do what it says: the bad one gives the finding, the good one does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from selective_sales import checking, reading

from .casefile import FOLDER

_ROOT = Path(__file__).parents[2]
_PAGES = sorted(
    [
        *_ROOT.glob("docs/findings/SS[23]*.md"),
        *_ROOT.glob("docs/findings/SS86[01].md"),
        *_ROOT.glob("docs/findings/SS91[34].md"),
        *_ROOT.glob("docs/findings/SS94[01].md"),
        *_ROOT.glob("docs/findings/SS95[0-5].md"),
        *_ROOT.glob("docs/findings/SS98[234].md"),
        _ROOT / "docs/findings/SS721.md",
    ]
)
_ROOM = _ROOT / "src" / "selective_sales" / "checking"


def _merged(base: Any, block: Any) -> Any:
    """The block over the base: maps are merged, rules are added, anything else is replaced."""
    if isinstance(base, dict) and isinstance(block, dict):
        return {**base, **{key: _merged(base.get(key), value) for key, value in block.items()}}
    if isinstance(base, list) and block and isinstance(block[0], dict):
        return base + block
    return block


def _codes(block: str, folder: Path) -> set[str]:
    base = yaml.safe_load((FOLDER / "_base.yaml").read_text(encoding="utf-8"))
    path = folder / "policy.yaml"
    path.write_text(yaml.safe_dump(_merged(base, yaml.safe_load(block)), allow_unicode=True, sort_keys=False), encoding="utf-8")
    policy, read = reading.read(path)
    assert policy is not None and not read, read
    return {finding.code for finding in checking.check(policy)[1]}


_OF_MUCH = ("SS318", "SS721")
"""No short example is too intricate, or has 200 definitions one on another."""


@pytest.mark.parametrize("page", [page for page in _PAGES if page.stem not in _OF_MUCH], ids=lambda page: page.stem)
def test_examples(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem}: ")
    bad, good = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert _codes(bad, tmp_path) == {page.stem}
    assert _codes(good, tmp_path) == set()


def test_every_code_has_a_page() -> None:
    used = {code for module in _ROOM.glob("*.py") for code in re.findall(r'"(SS\d{3})"', module.read_text(encoding="utf-8"))}
    assert used == {page.stem for page in _PAGES}
