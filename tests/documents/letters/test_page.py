"""docs/letters.md says what the code says: every name, every file, every shipped body, and an example that holds."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from selective_sales.documents.letters import PolicyNames, WantedLetter, lint_letters
from selective_sales.documents.letters.press import TEXT_WIDTH
from selective_sales.documents.letters.view import LetterView, PersonView, SenderView, ShellView, WordsView
from selective_sales.model.place import Place
from tests.docs.blocks import ROOT, blocks
from tests.documents.letters import world

PAGE = (ROOT / "docs/letters.md").read_text(encoding="utf-8")
BODY, SHELL = PAGE.split("## What a body may read")[1].split("## The shell")
SHELL = SHELL.split("## PDF")[0]


@pytest.mark.parametrize(
    ("view", "part"), [(LetterView, BODY), (PersonView, BODY), (SenderView, BODY), (ShellView, SHELL), (WordsView, SHELL)]
)
def test_every_name_that_a_template_may_read_is_named(view: type, part: str) -> None:
    assert {field.name for field in dataclasses.fields(view) if f"`{field.name}`" not in part} == set()


def test_every_shipped_body_part_and_shell_is_named_and_no_other() -> None:
    files = {path.name for path in (world.SHIPPED / "letters").glob("*.j2")}
    bodies = {name.partition(".")[0] for name in files if name.endswith(".md.j2")} - {"shell"}
    table = PAGE.split("| body | what it says |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE)) == bodies == set(world.BODIES)
    assert {f"{body}.{language}.md.j2" for body in bodies for language in world.LANGUAGES} <= files
    parts = {path.name.partition(".")[0] for path in (world.SHIPPED / "letters/parts").iterdir()}
    assert {part for part in parts if f"`{part}`" not in PAGE} == set()
    assert {name for name in ("shell.html.j2", "shell.css", "shell.md.j2", "shell.txt.j2", "shell.typ") if f"{name}`" not in PAGE} == set()
    assert f"lines of {TEXT_WIDTH} characters" in PAGE


def test_every_finding_is_named() -> None:
    codes = {f"SS96{number}" for number in range(10)}
    assert {code for code in codes if f"[{code}](findings/{code}.md)" not in PAGE} == set()


def test_the_example_is_a_body(tmp_path: Path) -> None:
    (example,) = [block.body for block in blocks(ROOT / "docs/letters.md") if block.note == "letter: body"]
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/example.en.md.j2").write_text(example, encoding="utf-8")
    wanted = WantedLetter("example", "en", Place("p.yaml"), frozenset({"reasons", "contact"}))
    assert lint_letters(world.SHIPPED, tmp_path, [wanted], PolicyNames()) == ()
    made, findings = world.press(tmp_path).letter(world.case("example", "en", approval_needed=True))
    assert made is not None, findings
    assert "You can ask for a review." in made.text
