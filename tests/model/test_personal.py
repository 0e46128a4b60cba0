"""What the name of a field says of a person: the traits that the law protects, what may stand for them, and what only looks so."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.model.personal import STANDS_FOR, protected_trait, watched

NAMES: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "cases" / "names-of-fields.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "trait"), NAMES["protected"].items())
def test_a_protected_trait(name: str, trait: str) -> None:
    assert protected_trait(name) == trait
    assert protected_trait(name.upper()) == trait or not name.islower()
    assert protected_trait(unicodedata.normalize("NFD", name)) == trait


@pytest.mark.parametrize(("name", "kind"), NAMES["watched"].items())
def test_what_is_watched(name: str, kind: str) -> None:
    assert protected_trait(name) is None
    assert watched(name) == kind
    assert kind in STANDS_FOR


@pytest.mark.parametrize("name", NAMES["neither"])
def test_what_only_looks_so(name: str) -> None:
    assert protected_trait(name) is None
    assert watched(name) is None


@given(st.text())
def test_any_name_is_read(name: str) -> None:
    assert protected_trait(name) is None or protected_trait(name)
    assert watched(name) is None or watched(name) in STANDS_FOR


@given(st.sampled_from(sorted(NAMES["protected"])), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_a_word_within_a_word_says_nothing(name: str, letter: str) -> None:
    """`sex` is one, `xsex` is none: whole words only."""
    within = f"{letter}q{name.lower()}" if name.isalpha() and name.islower() else "xqsex"
    assert protected_trait(within) is None
