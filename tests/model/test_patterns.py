"""Which patterns pass for RE2, told from the engine itself."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.model.pattern_names import UNICODE
from selective_sales.model.patterns import pattern_problem

ENGINE = duckdb.connect()


def _engine_reads(pattern: str) -> bool:
    try:
        ENGINE.execute("SELECT regexp_matches('abc', '" + pattern.replace("'", "''") + "')").fetchall()
    except duckdb.Error:
        return False
    return True


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "abc",
        "^PL[0-9]{10}$",
        r"\d+\.\d+",
        r"\bx\b",
        "(?i)abc",
        "(?P<year>[0-9]{4})",
        "(?:a|b)+?",
        r"\p{L}+",
        r"\p{Lu}\pL+",
        "[[:alpha:]]+",
        "[*+]+",
        r"a\++",
        r"\Qa(b\E",
        r"\Q(a{1000}){1000}\E",
        r"abc\z",
        "a{0,1000}",
        r"[\d-]+",
        "żółć",
        "[^]]+",
        r"\(?=x",
        "[(?=]",
        r"\x{41}",
        r"\x41",
        r"\C",
        r"\012",
        "(a{10}){100}",
        r"[\x{41}-\x{5A}]",
        "(?i-s:a)b",
        "a(?U)b",
        "()",
        "(|a)*",
        "a{",
        "a{x}",
        r"\p{Greek}",
        r"\p{^L}",
        "[a-]",
        "a{1000}" * 3,
        "(" * 400 + ")" * 400,
        r"\p{L}{100}",
        r"\Q\E",
        r"a\_",
        "(a{0}){1000}",
    ],
)
def test_known(pattern: str) -> None:
    assert pattern_problem(pattern) is None
    assert _engine_reads(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[a",
        "a**",
        "*a",
        "a|*",
        "(?=a)b",
        "(?!a)b",
        "(?<=a)b",
        "(?<!a)b",
        r"(a)\1",
        "(?P<n>a)(?P=n)",
        "(?>a)",
        "a++",
        "(?(1)a|b)",
        "a{1001}",
        "a{5,2}",
        "(?#c)a",
        r"a\Z",
        "\\",
        r"\y",
        "[z-a]",
        r"\u0041",
        r"\N{DIGIT ONE}",
        "(?a)x",
        "(a{1000}){1000}",
        "((a{10}){10}){11}",
        "(a{2,}){501}",
        "a{2}{3}",
        "(?<n>a)",
        "(?x)a",
        "(?i",
        "(?P<a-b>x)",
        r"[\b]",
        r"[a-\d]",
        "[[:foo:]]",
        r"\p{Foo}",
        r"\p",
        r"\p{L",
        r"\x{110000}",
        r"\x{}",
        r"\8",
        r"\é",
        r"a\E",
        r"\pL{1000}",
        r"(?:\W{1000}){1}" + r"\W{1000}" * 80,
        "(*UTF8)a",
        "{5}",
    ],
)
def test_unknown(pattern: str) -> None:
    assert pattern_problem(pattern)
    assert not _engine_reads(pattern)


@pytest.mark.parametrize("pattern", ["a{,5}", "a{01}", "a{99999999999999999999}", "x" * 1001, "(" * 5000])
def test_refused_though_the_engine_would_read_signs_in_it_that_no_author_means(pattern: str) -> None:
    assert pattern_problem(pattern)


@pytest.mark.parametrize("name", sorted(UNICODE))
def test_every_class_is_known_to_the_engine(name: str) -> None:
    assert _engine_reads(rf"\p{{{name}}}")


_PIECES = [
    *"ab{}()[]|*+?^$.\\-:,059zEQpP<>=!iU_é",
    "{2}",
    "{2,}",
    "{40}",
    "(?:",
    "(?i)",
    "(?P<n>",
    "[:alpha:]",
    r"\d",
    r"\pL",
    r"\Q",
    r"\E",
    r"\x{41}",
    "[^",
    "a-z",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=9).map("".join))
def test_as_the_engine(pattern: str) -> None:
    problem = pattern_problem(pattern)
    assert _engine_reads(pattern) == (problem is None) or "is no repetition" in (problem or "")
