"""A page of docs/policies and the policy's example: played as a reader would, from the root of the project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from tests.docs.blocks import ROOT, blocks
from tests.docs.test_examples_hold import matches, play


def from_the_root(folder: Path) -> None:
    """The folder has what a page names: the policies and the examples."""
    for name in ("policies", "examples"):
        (folder / name).symlink_to(ROOT / name)


def play_page(page: Path) -> int:
    """Runs the page's commands in the current folder, and looks at what it says is printed; how many blocks there were."""
    printed, count = "", 0
    for block in blocks(page):
        if block.note == "output":
            assert matches(block.body, printed), f"{block}: printed was\n{printed}"
            count += 1
        elif block.language == "sh":
            printed, _ = play(block)
            count += 1
    return count


def evaluated(policy: str, data: Path, out: Path, *options: str) -> Result:
    arguments = ["--data", str(data), "--as-of", "2026-11-22", "--language", "en", "--out", str(out), *options]
    return CliRunner().invoke(main, ["evaluate", str(ROOT / "policies" / policy), *arguments], catch_exceptions=False)


def rows(query: str) -> list[Any]:
    with duckdb.connect() as connection:
        return connection.sql(query).fetchall()


def made_again(script: Path, folder: Path) -> bytes:
    """What the example's script writes."""
    subprocess.run([sys.executable, str(script), str(folder)], check=True)
    return (folder / "clients.csv").read_bytes()
