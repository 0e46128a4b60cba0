"""Docs cannot lie by leaving out: every command, option, exit code, key, function, kind and finding code that exists is named."""

from __future__ import annotations

import dataclasses
import importlib
import json
import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

import selective_sales
from selective_sales.checking.functions import LIST_FUNCTIONS, ROW_FUNCTIONS
from selective_sales.cli.app import COMMANDS
from selective_sales.cli.exits import Exit
from selective_sales.documents.environment import FILTERS, LOOP
from selective_sales.documents.view import ConditionView, ExceptionView, LineView, MemoView, MetricView, RuleView, ValueView
from selective_sales.model.kind import Kind
from tests.docs.blocks import DOCUMENTS, ROOT

LANGUAGE = (ROOT / "docs/language.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs/findings").glob("*.md"))
SOURCES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py"))]
CODES = sorted({code for text in SOURCES for code in re.findall(r"\"(SS\d{3})\"", text)})


def section(command: str) -> str:
    found = re.search(rf"^## `{command}`\n(.*?)(?=^## |\Z)", COMMANDS_PAGE, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_commands_page(name: str) -> None:
    command = importlib.import_module(f"selective_sales.cli.{name.replace('-', '_')}").command
    assert isinstance(command, click.Command)
    text = section(name)
    assert f"selective-sales {name}" in text
    options = {option for p in command.params if isinstance(p, click.Option) for option in p.opts if option.startswith("--")}
    assert {o for o in options if not re.search(rf"`{o}\b", text)} == set()
    assert set(re.findall(r"^\| `(--[a-z-]+)", text, re.MULTILINE)) <= options


def test_no_command_is_described_that_does_not_exist() -> None:
    assert set(re.findall(r"^## `([a-z-]+)`", COMMANDS_PAGE, re.MULTILINE)) == set(COMMANDS)
    named = {word for d in DOCUMENTS for word in re.findall(r"`selective-sales ([a-z][a-z-]+)", d.read_text(encoding="utf-8"))}
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("code", list(Exit))
def test_every_exit_code_is_explained(code: Exit) -> None:
    assert f"\n| {code.value} | " in COMMANDS_PAGE


def keys(schema: Any) -> Iterator[str]:
    """Every property that a schema names."""
    match schema:
        case dict():
            yield from schema.get("properties", {})
            for part in schema.values():
                yield from keys(part)
        case list():
            for part in schema:
                yield from keys(part)
        case _:
            pass


@pytest.mark.parametrize("name", ["policy", "test", "exceptions"])
def test_every_key_is_in_the_language_page(name: str) -> None:
    schema = json.loads((ROOT / f"schemas/{name}.schema.json").read_text(encoding="utf-8"))
    words = set(re.findall(r"`([a-z_0-9]+)", LANGUAGE)) | set(re.findall(r"^\s*- ?([a-z_]+):|^\s*([a-z_]+):", LANGUAGE, re.MULTILINE)[0])
    nested = {"all", "any", "none", "at_least", "of", "clients"}
    assert {key for key in keys(schema) if key not in words | nested} == set()
    assert all(re.search(rf"\b{key}\b", LANGUAGE) for key in nested)


def test_every_key_of_a_letterhead_is_in_its_page() -> None:
    schema = json.loads((ROOT / "schemas/letterhead.schema.json").read_text(encoding="utf-8"))
    words = set(re.findall(r"`([a-z_0-9]+)", (ROOT / "docs/letterhead.md").read_text(encoding="utf-8")))
    assert {key for key in keys(schema) if key not in words} == set()


@pytest.mark.parametrize("name", [*ROW_FUNCTIONS, *LIST_FUNCTIONS])
def test_every_function_has_an_example(name: str) -> None:
    assert re.search(rf"^{name}\(.*->", LANGUAGE, re.MULTILINE)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.UNKNOWN])
def test_every_kind_is_in_the_table_of_kinds(kind: Kind) -> None:
    table = LANGUAGE.split("## Kinds")[1].split("## Functions")[0]
    assert f"`{kind}`" in table


@pytest.mark.parametrize("name", selective_sales.__all__)
def test_every_public_name_is_in_the_python_page(name: str) -> None:
    assert re.search(rf"`{name}\b", (ROOT / "docs/python.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("view", [MemoView, RuleView, ConditionView, MetricView, ValueView, ExceptionView, LineView])
def test_every_name_that_a_template_may_read_is_in_the_memo_page(view: type) -> None:
    text = (ROOT / "docs/memos.md").read_text(encoding="utf-8")
    assert {field.name for field in dataclasses.fields(view) if f"`{field.name}`" not in text} == set()


def test_every_filter_is_in_the_memo_page() -> None:
    text = (ROOT / "docs/memos.md").read_text(encoding="utf-8").split("## What a template may use")[1]
    assert set(re.findall(r"`(\w+)`", text)) == FILTERS | LOOP | {"loop"}


@pytest.mark.parametrize("code", CODES)
def test_every_finding_has_a_page(code: str) -> None:
    assert (ROOT / f"docs/findings/{code}.md").is_file()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_a_title_a_paragraph_a_bad_and_a_good_example(page: Any) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.fullmatch(rf"# {page.stem}: [^\n]+\n\n[^#].+?\n## Bad\n\n.+?\n## Good\n\n.+", text, re.DOTALL)
    assert page.stem in CODES


def test_links_lead_somewhere() -> None:
    missing = []
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            if not target.startswith("http") and not (document.parent / target).exists():
                missing.append(f"{document.name}: {target}")
    assert missing == []
