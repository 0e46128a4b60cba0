"""Names from headers, and foreign text in YAML."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.model.quoting import quoted, shortened
from selective_sales.starting.first_rule import near_the_low_end
from selective_sales.starting.naming import field_names, slug


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("revenue", "revenue"),
        ("Revenue 12M", "revenue_12m"),
        ("Koszt obsługi (zł)", "koszt_obsługi_zł"),
        ("przychód", "przychód"),
        ("収益", "収益"),
        ("2026", "column_2026"),
        ("%%%", "column_1"),
        ("and", "and_"),
        ("decision", "decision_"),
        ("{{ x }}", "x"),
        ("a\nb: c #d", "a_b_c_d"),
    ],
)
def test_a_header_becomes_a_name(header: str, name: str) -> None:
    assert field_names([header]) == [name]


def test_a_clash_gets_a_number() -> None:
    assert field_names(["A b", "a_b", "a-b"]) == ["a_b", "a_b_2", "a_b_3"]


@given(st.lists(st.text(max_size=30), max_size=8))
def test_every_name_is_a_name_and_stands_once(headers: list[str]) -> None:
    names = field_names(headers)
    assert len(set(names)) == len(headers)
    for name in names:
        assert re.fullmatch(r"[^\W\d_]\w*", name)
        assert unicodedata.is_normalized("NFC", name)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_quoted_text_comes_back_from_yaml_as_it_was(text: str) -> None:
    written = quoted(text)
    assert len(written.splitlines()) == 1
    assert yaml.safe_load(f"{{a: {written}}}") == {"a": text}


@given(st.text())
def test_a_comment_stays_on_its_line(text: str) -> None:
    assert yaml.safe_load(f"a: 1 # {shortened(text)}\nb: 2") == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "expected"), [("Mój Folder", "moj-folder"), ("Łódź_2026", "lodz-2026"), ("客户", "our-clients"), ("", "our-clients")]
)
def test_a_folder_names_its_policy(text: str, expected: str) -> None:
    assert slug(text, "our-clients") == expected


@given(st.decimals(-(10**12), 10**12, places=4), st.decimals(-(10**12), 10**12, places=4))
def test_the_first_threshold_parts_the_lowest_from_the_highest(one: Decimal, other: Decimal) -> None:
    low, high = min(one, other), max(one, other)
    if low < high:
        assert low < near_the_low_end(low, high) <= high
