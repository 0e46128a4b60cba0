"""What somebody who can write into the folders tries: none of it makes a draft a letter, or a letter another one, unseen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from selective_sales.resources import folder as resource_folder

from .world import approved, evaluated, invoke, written


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return evaluated(tmp_path)


def own_shell(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    """A folder of templates with one shell of its own."""
    (folder / "letters").mkdir(parents=True, exist_ok=True)
    text = (resource_folder("templates") / "letters" / name).read_text(encoding="utf-8")
    (folder / "letters" / name).write_text(change(text), encoding="utf-8")
    return folder


# Drafts without their mark.


@pytest.mark.parametrize("to", ["txt", "md", "html"])
@pytest.mark.parametrize("instead", ["{% if false %}", "{% if true %}", "{% if not draft %}"])
def test_a_shell_that_does_not_mark_drafts(run: Path, tmp_path: Path, to: str, instead: str) -> None:
    own = own_shell(tmp_path / "own", f"shell.{to}.j2", lambda text: text.replace("{% if draft %}", instead))
    done = written(run, "--to", to, "--template", own)
    assert done.exit_code == 2 and "SS974" in done.stderr and not (tmp_path / "letters").exists(), done.output
    shown = invoke("preview", run, "--client", "A-01", "--to", to, "--template", own)
    assert shown.exit_code != 0 and "SS974" in shown.stderr and "Alfa sp. z o.o." not in shown.stdout


@pytest.mark.parametrize("hidden", ["<!-- {{ words.draft }} -->", "<style>{{ words.draft }}</style>", '<p title="{{ words.draft }}"></p>'])
def test_a_mark_that_nobody_sees(run: Path, tmp_path: Path, hidden: str) -> None:
    change: Callable[[str], str] = lambda text: text.replace("{% if draft %}", "{% if draft %}" + hidden + "{% endif %}{% if false %}")  # noqa: E731
    done = written(run, "--template", own_shell(tmp_path / "own", "shell.html.j2", change))
    assert done.exit_code == 2 and "SS974" in done.stderr, done.output


@pytest.mark.parametrize("to", ["txt", "md", "html"])
def test_a_shell_of_ones_own_that_marks_drafts(run: Path, tmp_path: Path, to: str) -> None:
    own = own_shell(tmp_path / "own", f"shell.{to}.j2", lambda text: text + "\n")
    assert written(run, "--to", to, "--template", own).exit_code == 0
    assert approved(run, "--all").exit_code == 0 and written(run).exit_code == 0


def test_a_shell_for_pdf_that_does_not_mark_drafts(run: Path, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    own = own_shell(tmp_path / "own", "shell.typ", lambda text: text.replace("letter.draft", "false"))
    done = written(run, "--to", "pdf", "--client", "A-01", "--template", own)
    assert done.exit_code == 2 and "SS974" in done.stderr and not (tmp_path / "letters").exists(), done.output
    own = own_shell(tmp_path / "own", "shell.typ", lambda text: text + "\n")
    assert written(run, "--to", "pdf", "--client", "A-01", "--template", own).exit_code == 0
