"""Policies for comparing: texts read and checked, with the changes between two of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from selective_sales import explaining
from selective_sales.comparing.changes import changes
from selective_sales.comparing.renaming import renamed
from selective_sales.comparing.sentences import Teller, plain
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.comparison import Change, Comparison, Side
from selective_sales.model.expression import Expression
from selective_sales.model.finding import has_errors
from selective_sales.pipeline.policies import load_policy


def checked(folder: Path, text: str, name: str) -> CheckedPolicy:
    """The policy of that text; its errors fail the test."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found, findings = load_policy(path)
    assert found is not None, "\n".join(f"{f.place}: {f.code} {f.message}" for f in findings if has_errors([f]))
    return found


def between(old: CheckedPolicy, new: CheckedPolicy) -> tuple[Change, ...]:
    """What differs."""
    renamed_, names = renamed(old.policy, new.policy)
    return (*names, *changes(renamed_, new.policy, text_of(old), text_of(new)))


def text_of(policy: CheckedPolicy) -> Callable[[Expression], str]:
    return lambda node: explaining.expression_text(policy, node)


def told(found: tuple[Change, ...], language: str = "en") -> list[str]:
    """The changes in words."""
    comparison = Comparison(Side("old", "p", "1"), Side("new", "p", "2"), (language,), (), found)
    teller = Teller(comparison, language)
    return [plain(teller.sentence(change)) for change in found]
