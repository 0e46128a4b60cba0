"""Where a character of a decoded scalar stands in the file: true for every style of writing it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.reading.nodes import MappingNode, ScalarNode
from selective_sales.reading.positions import locator, offsets
from selective_sales.reading.source import Source, from_bytes
from selective_sales.reading.yaml_events import compose


def scalar(text: str) -> tuple[Source, ScalarNode]:
    """The value of the key `k`."""
    source, findings = from_bytes("file.yaml", text.encode())
    assert source is not None, findings
    root, findings = compose(source)
    assert isinstance(root, MappingNode), findings
    node = root.get("k")
    assert isinstance(node, ScalarNode)
    return source, node


@pytest.mark.parametrize(
    ("text", "word", "line", "column"),
    [
        ("k: alpha beta\n", "beta", 1, 10),
        ("k: 'it''s beta'\n", "beta", 1, 11),
        ('k: "\\u0105 beta"\n', "beta", 1, 12),
        ("k: alpha\n  gamma\n\n   beta\n", "beta", 4, 4),
        ("k: 'alpha\n  beta'\n", "beta", 2, 3),
        ('k: "alpha\\\n   beta"\n', "beta", 2, 4),
        ("k: >\n  alpha\n  beta\n", "beta", 3, 3),
        ("k: >-  # why\n\n  alpha\n\n   more\n  beta\nz: 1\n", "beta", 6, 3),
        ("k: |\n  alpha\n    beta\n", "beta", 3, 5),
        ("k: |2+\n    beta\n\n", "beta", 2, 5),
        ("k: &mark alpha beta\n", "beta", 1, 16),
        ("k: >\r\n  alpha\r\n  beta\r\n", "beta", 3, 3),
        ("ż: ó\nk: łąka beta\n", "beta", 2, 9),
        ("# e\u0301\nk: e\u0301e\u0301 beta\n", "beta", 2, 7),
    ],
)
def test_a_word_is_found_where_it_stands(text: str, word: str, line: int, column: int) -> None:
    source, node = scalar(text)
    at = node.value.index(word)
    place = locator(source, node)(at, at + len(word))
    assert (place.line, place.column) == (line, column)
    assert (place.end_line, place.end_column) == (line, column + len(word))


def test_the_end_of_the_value_has_a_place() -> None:
    source, node = scalar("k: >\n  alpha\n  beta\n")
    place = locator(source, node)(len(node.value), len(node.value) + 1)
    assert place.line >= 3


words = st.text(alphabet="ab 'ł\"\\:#-\n\t", min_size=1, max_size=40)


@given(words, st.sampled_from(["'", '"', "|", ">", None]), st.integers(10, 40))
def test_every_character_is_where_its_place_says(value: str, style: str | None, width: int) -> None:
    text = yaml.dump({"k": value}, default_style=style, width=width, allow_unicode=True)
    root = yaml.safe_load(text)
    source, findings = from_bytes("file.yaml", text.encode())
    assert source is not None, findings
    node, _ = compose(source)
    assert isinstance(node, MappingNode)
    decoded = node.get("k")
    assert isinstance(decoded, ScalarNode)
    assert decoded.value == root["k"]
    known = offsets(source, decoded)
    assert len(known) == len(decoded.value), "the value is decoded with a place for each character"
    for character, (start, end) in zip(decoded.value, known, strict=True):
        written = source.text[start:end]
        assert written == character or character in " \n\t'\"\\" or written.startswith("\\")
