"""Docs cannot lie by example: every file and command in them is used, every expression gives what its arrow says.

A document's blocks share a folder, in order. `sh` blocks run there, line by line, and must exit with 0, or with what `<!-- exit: N -->`
says; `python` blocks are run too. A `text` block under `<!-- output -->` is what the block before printed, under `<!-- findings -->` what
it wrote to the standard error; a line `...` stands for any lines.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from tests.docs.blocks import DOCUMENTS, ROOT, Block, blocks
from tests.real_data import real_file

LANGUAGE = ROOT / "docs/language.md"
EXAMPLE = ROOT / "examples"


def run(command: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command line."""
    words = shlex.split(command, comments=True)
    assert words[0] == "selective-sales", f"a block that is run holds commands of the program only: {command}"
    result = CliRunner().invoke(main, words[1:], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def commands(block: Block) -> list[str]:
    return [line for line in block.body.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]


def play(block: Block) -> tuple[str, str]:
    """Runs the block's commands; what they printed to either output."""
    expected = int(note[1]) if (note := re.match(r"exit: (\d)", block.note)) else 0
    printed = said = ""
    for command in commands(block):
        code, out, err = run(command)
        assert code == expected, f"{block}: {command} gives {code}\n{out}{err}"
        printed, said = printed + out, said + err
    return printed, said


def matches(pattern: str, text: str) -> bool:
    """The text is the pattern, in which a line `...` stands for any lines."""
    parts = [re.escape(line) if line.strip() != "..." else r"(?:.*\n)*?.*" for line in pattern.rstrip("\n").split("\n")]
    return (
        re.fullmatch(r"\n".join(parts), "\n".join(line.rstrip() for line in text.replace("\u00a0", " ").rstrip("\n").split("\n")))
        is not None
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_every_block_holds(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    if document.parent.parent == EXAMPLE:
        shutil.copytree(document.parent, folder)
        if document.parent.name == "online-retail":
            (folder / "data").mkdir()
            (folder / "data/lines.parquet").symlink_to(real_file("online_retail_uci.parquet"))
    else:
        folder.mkdir()
        shutil.copytree(EXAMPLE, folder / "examples")
        shutil.copytree(ROOT / "templates/letters", folder / "templates/letters")
    monkeypatch.chdir(folder)
    printed = said = ""
    names: dict[str, object] = {}
    for block in blocks(document):
        if block.note.startswith("file: "):
            (folder / block.note.removeprefix("file: ")).write_text(block.body, encoding="utf-8")
        elif block.note == "output":
            assert matches(block.body, printed), f"{block}: printed was\n{printed}"
        elif block.note == "findings":
            assert matches(block.body, said), f"{block}: findings were\n{said}"
        elif block.note == "derive":
            derive(block)
        elif block.language == "python":
            exec(compile(block.body, str(block), "exec"), names)
        elif block.language == "sh" and not block.note.startswith("not run: "):
            printed, said = play(block)


def derive(block: Block) -> None:
    """The one block that is Python: run as it stands, by this Python."""
    program = re.fullmatch(r'python -c "(.*)"\n', block.body, re.DOTALL)
    assert program, f"{block}: not of the form python -c"
    subprocess.run([sys.executable, "-c", program[1]], check=True)


def test_every_yaml_block_is_used() -> None:
    unused = [str(b) for d in DOCUMENTS for b in blocks(d) if b.language == "yaml" and not b.note.startswith(("file: ", "not run: "))]
    assert unused == []


def examples() -> list[tuple[Block, str, str]]:
    found = []
    for block in blocks(LANGUAGE):
        if block.language == "expressions":
            for line in block.body.splitlines():
                expression, arrow, value = line.rpartition(" -> ")
                assert arrow, f"{block}: no arrow in {line}"
                found.append((block, expression.strip(), value.strip()))
    return found


def test_every_expression_gives_what_its_arrow_says(tmp_path: Path) -> None:
    """All of them become metrics of the page's own policy, and their values the expectations of one policy test."""
    policy = next(b.body for b in blocks(LANGUAGE) if b.note == "file: portfolio.yaml")
    metrics = "".join(f"  example_{n}: {quoted(expression)}\n" for n, (_, expression, _) in enumerate(examples()))
    (tmp_path / "portfolio.yaml").write_text(policy.replace("metrics:\n", f"metrics:\n{metrics}"), encoding="utf-8")
    expect = "".join(f"      example_{n}: {value}\n" for n, (_, _, value) in enumerate(examples()))
    (tmp_path / "portfolio.test.yaml").write_text(TEST + expect, encoding="utf-8")
    result = CliRunner().invoke(main, ["test", str(tmp_path)], catch_exceptions=False)
    said = re.sub(r"example_(\d+)", lambda m: f"{examples()[int(m[1])][0]}: {examples()[int(m[1])][1]}", result.stdout + result.stderr)
    assert result.exit_code == 0, said
    assert len(examples()) > 60


def quoted(expression: str) -> str:
    return "'" + expression.replace("'", "''") + "'"


TEST = """\
format: 1
policy: portfolio.yaml
as_of: "2026-11-22"
cases:
  - case: the client of the examples
    client:
      {client_id: A, industry: it, revenue: 1000, cost_to_serve: 1500, client_since: "01.03.2020", conflicts_12m: missing, values_fit: 0.7}
    orders:
      - {ordered_on: "2026-10-01", quantity: 10, unit_price: 50}
      - {ordered_on: "2026-09-01", quantity: 2, unit_price: 100}
      - {ordered_on: "2025-01-15", quantity: 1, unit_price: 75}
    expect:
"""
