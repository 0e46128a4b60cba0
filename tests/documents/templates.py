"""Template folders for tests."""

from __future__ import annotations

from pathlib import Path

from selective_sales.documents.environment import DocumentEnvironment, environment
from selective_sales.documents.lint import lint
from selective_sales.documents.memos import render
from selective_sales.documents.view import MemoView
from selective_sales.model.finding import Finding

SHIPPED = Path(__file__).parents[2] / "templates"
NAME = "memo.en.md.j2"


def folder(tmp_path: Path, text: str, **parts: str) -> Path:
    """A folder with the template `text`; `parts` are further files, `_` for the dot before j2."""
    made = tmp_path / "templates"
    made.mkdir(exist_ok=True)
    (made / NAME).write_text(text, encoding="utf-8")
    for name, part in parts.items():
        (made / f"{name}.j2").write_text(part, encoding="utf-8")
    return made


def made(root: Path, format: str = "md") -> DocumentEnvironment:
    return environment(root, "html" if format == "html" else "md", lambda text: text)


def found(tmp_path: Path, text: str, **parts: str) -> tuple[Finding, ...]:
    """The lint's findings on a template."""
    root = folder(tmp_path, text, **parts)
    return lint(made(root), NAME, MemoView)


def rendered(tmp_path: Path, text: str, view: MemoView, format: str = "md", **parts: str) -> tuple[str, Finding | None]:
    """The template rendered without the lint: what the environment itself refuses."""
    root = folder(tmp_path, text, **parts)
    return render(made(root, format), NAME, root, view)
