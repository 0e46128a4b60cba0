"""What a body's Markdown cannot be: without end, or with characters that stand for values."""

from __future__ import annotations

import pytest

from selective_sales.documents.letters.shape import NotALetterError, body


@pytest.mark.parametrize(
    ("text", "message"), [("*" * 40_000 + "x" + "*" * 40_000, "nests too deep"), ("&#57344;", "private-use"), ("&#xE001;", "private-use")]
)
def test_it_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(NotALetterError, match=message):
        body(f"# A\n\n{text}", str)
