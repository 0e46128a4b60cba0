"""A file name for any id: safe on every system, and never the same for two."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.documents.naming import file_stem


@pytest.mark.parametrize("client", ["C-0017", "12346", "A", "A_1", "0"])
def test_a_plain_id_names_its_file(client: str) -> None:
    assert file_stem((client,)) == client


@pytest.mark.parametrize(
    ("client", "begins"),
    [
        ("../../x", "x."),
        ("a\0b", "a-b."),
        ("CON", "CON_."),
        ("nul.txt", "nul-txt."),
        ("nul", "nul_."),
        ("łódź", "lodz."),
        ("Żółć & Syn", "Zolc-Syn."),
        ("", "client."),
        ("...", "client."),
        ("Ελλάδα", "client."),
        ("-rf", "rf."),
        ("C-17 ", "C-17."),
        ("X" * 500, "X" * 48 + "."),
    ],
)
def test_any_other_id_gets_a_plain_stem_and_a_hash(client: str, begins: str) -> None:
    stem = file_stem((client,))
    assert stem.startswith(begins)
    assert re.fullmatch(r"[0-9a-f]{12}", stem.removeprefix(begins))


def test_ids_that_a_file_system_would_confuse_stay_apart() -> None:
    ids = [
        "abc",
        "ABC",
        "Abc",
        "abc ",
        unicodedata.normalize("NFC", "łódź"),
        unicodedata.normalize("NFD", "łódź"),
        "lodz",
        "x",
        "../x",
        "X",
    ]
    stems = [file_stem((one,)).casefold() for one in ids]
    assert len(set(stems)) == len(ids)
    assert file_stem(("a", "b|c")) != file_stem(("a|b", "c"))
    assert file_stem(("A-B",)) != file_stem(("A", "B"))


@given(st.lists(st.text(), min_size=1, max_size=2), st.lists(st.text(), min_size=1, max_size=2))
def test_two_ids_never_meet(a: list[str], b: list[str]) -> None:
    first, second = file_stem(tuple(a)), file_stem(tuple(b))
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}", first)
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", first)
    assert (first.casefold() == second.casefold()) == (a == b)
