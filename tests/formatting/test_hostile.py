"""Sound files with anything typed into them: the layout never crashes, changes nothing that has errors, and never needs its guard."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selective_sales import pipeline

ROOT = Path(__file__).parents[2]
TEXTS = [
    (path.name, path.read_text(encoding="utf-8"))
    for path in (
        ROOT / "tests/cases/whole/services-portfolio.yaml",
        ROOT / "tests/cases/whole/services-portfolio.test.yaml",
        ROOT / "examples/services-agency/exceptions.yaml",
    )
]
TYPED = [
    "#", " #", "\n", "  ", "\t", "- ", ": ", ",", "{", "}", "[", "]", "&a ", "*a", '"', "'", "|\n", ">-\n", "? ", "!", "%", "\r\n", "\\",
    "---\n", "...\n", "é", "e\u0301", "\u00a0", ":", "-", "?", "~", "@", "`", "\n\n", "# x\n", "\ufeff", "!!str ", "<<: ", "\u200b",
    "|2-\n", ">+\n", "::", "a:b", "{a}", "[a: b]", "{a:}", "- - ", "\n#c\n", "\x00", "\u2028", "\x85", "'' ", "\\\n", "\t#", " \n",
]  # fmt: skip
Edit = tuple[float, str | int]


def edited(text: str, edits: list[Edit]) -> str:
    """The text with each edit at its part of the way: something typed in, or so many characters deleted."""
    for where, what in edits:
        at = int(where * len(text))
        text = text[:at] + what + text[at:] if isinstance(what, str) else text[:at] + text[at + what :]
    return text


edits = st.lists(
    st.tuples(st.floats(0, 1), st.one_of(st.sampled_from(TYPED), st.text(max_size=3), st.integers(1, 6))), min_size=1, max_size=3
)


@settings(max_examples=2 * settings().max_examples)
@given(st.sampled_from(TEXTS), edits)
def test_anything_typed_into_a_file(named: tuple[str, str], edits: list[Edit]) -> None:
    name, text = named
    content = edited(text, edits).encode("utf-8", "surrogatepass")
    layout = pipeline.lay_out_content(name, content)
    if layout.invalid:
        assert layout.findings and layout.after == content
        return
    assert layout.findings == ()
    assert pipeline.lay_out_content(name, layout.after).after == layout.after


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    layout = pipeline.lay_out_content("policy.yaml", content)
    assert layout.invalid and layout.findings and layout.after == content


@pytest.mark.parametrize("name", ["policy.yaml", "a.test.yaml", "exceptions.yaml"])
@pytest.mark.parametrize("path", sorted((ROOT / "tests/cases/read").glob("*.yaml")), ids=lambda path: path.stem)
def test_texts_that_the_reader_knows_to_be_difficult(path: Path, name: str) -> None:
    """The reader's own case files, taken for policies: they are none, and nothing happens to them."""
    content = path.read_bytes()
    layout = pipeline.lay_out_content(name, content)
    assert layout.invalid and layout.after == content
