"""`format: 1`, and nothing like it, at the head of every kind of file; what is wrong has one finding that says what to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from selective_sales.reading.source import from_bytes
from selective_sales.reading.structure import validate
from selective_sales.reading.yaml_events import compose

SCHEMAS = ("policy", "test", "exceptions", "approvals", "expect", "letterhead")


def found(name: str, written: str, key: str = "format") -> list[tuple[str, int | None]]:
    source, _ = from_bytes("file.yaml", f"{key}: {written}\n".encode())
    assert source is not None
    root, _ = compose(source)
    assert root is not None
    return [
        (f.code, f.place.line)
        for f in validate(source, root, name)
        if f"'{key}' is missing" not in f.message and f.code in ("SS103", "SS104")
    ]


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("written", ["[1]", "1.0", "true", '"1"', "2", "{}", "{a: 1}", "", "1e0", "one", "-1"])
def test_what_is_no_format(name: str, written: str) -> None:
    assert len(found(name, written)) == 1


@pytest.mark.parametrize("name", SCHEMAS)
def test_format_1(name: str) -> None:
    assert found(name, "1") == []


def parts(schema: object, path: str = ""):  # type: ignore[no-untyped-def]
    if isinstance(schema, dict):
        if "enum" in schema and "type" not in schema:
            yield path
        for key, value in schema.items():
            yield from parts(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from parts(value, f"{path}/{number}")


@pytest.mark.parametrize("written", ["[month-end]", "{month-end: 1}"])
def test_a_list_where_one_of_some_words_is_expected(written: str) -> None:
    """A schema that only lists values, and does not say their kind, lets no list through."""
    schema = json.loads((Path(__file__).parents[2] / "schemas" / "letterhead.schema.json").read_text(encoding="utf-8"))
    assert any(path.endswith("/to") for path in parts(schema))
    source, _ = from_bytes("file.yaml", f"notice: {{decline: {{months: 2, to: {written}}}}}\n".encode())
    assert source is not None
    root, _ = compose(source)
    assert root is not None
    assert [f.message for f in validate(source, root, "letterhead") if f.code == "SS103"]
