"""The schemas: good for editors, and read alike by jsonschema and by the quick validator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.reading.plain import plain
from selective_sales.reading.quick_schema import UnknownKeywordError, compile_schema
from selective_sales.reading.source import from_bytes
from selective_sales.reading.structure import schema
from selective_sales.reading.yaml_events import compose

from .test_cases_read import BASE, CASES, content_of

NAMES = ("policy", "test", "exceptions", "letterhead", "approvals")
ROOT = Path(__file__).parents[2]
EDITOR_KEYWORDS = {  # of draft-07, so that every editor knows them
    "$schema", "$id", "$ref", "definitions", "title", "description", "examples", "type", "enum", "anyOf", "properties",
    "patternProperties", "additionalProperties", "required", "items", "minItems", "maxItems", "minProperties",
    "minLength", "maxLength", "minimum", "pattern", "uniqueItems",
}  # fmt: skip
TEST_FILE = """
format: 1
policy: p.yaml
as_of: "2026-11-22"
defaults: {clients: {strategic: false}}
cases:
  - case: one
    client: {client_id: A, revenue: 10.50, cost: missing}
    orders: [{amount: 5}]
    parameters: {least_fit: 0.3}
    exceptions: [{client: A, decision: keep}]
    expect: {decision: keep, fired: [], profit: 5}
  - {case: two, clients: [{client_id: A}, {client_id: B}], expect: {A: {decision: keep}, B: {decision: decline}}}
"""
EXCEPTIONS_FILE = """
format: 1
exceptions:
  - {client: [A, 7], decision: keep, because: x, approved_by: y, expires: "2026-12-31"}
"""
D = "0" * 64
APPROVALS_FILE = f"""
format: 1
approvals:
  - approved_by: Anna Nowak
    approved_at: "2026-11-26T16:40:12Z"
    note: Read.
    run: r-1
    policy: "{D}"
    data: "{D}"
    letterhead: "{D}"
    letters:
      - {{client: A, decision: decline, letter: "{D}", template: "{D}", values: "{D}"}}
      - {{client: [A, "7"], decision: decline, letter: "{D}", template: "{D}", values: "{D}"}}
"""
LETTERHEAD_FILE = (ROOT / "templates/letters/letterhead.yaml").read_text(encoding="utf-8")
GOOD = {"policy": BASE, "test": TEST_FILE, "exceptions": EXCEPTIONS_FILE, "letterhead": LETTERHEAD_FILE, "approvals": APPROVALS_FILE}


def parts(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema."""
    if not isinstance(part, dict):
        return
    yield part
    for keyword in ("properties", "patternProperties", "definitions"):
        for inner in part.get(keyword, {}).values():
            yield from parts(inner)
    for inner in (part.get("items"), part.get("additionalProperties"), *part.get("anyOf", [])):
        yield from parts(inner)


def document(text: str | bytes) -> Any:
    source, _ = from_bytes("file.yaml", text if isinstance(text, bytes) else text.encode())
    if source is None:
        return None
    root, _ = compose(source)
    return None if root is None else plain(root)


def agree(name: str, value: Any) -> bool:
    """What both validators say; they must say the same."""
    quick = compile_schema(schema(name))(value)
    slow = jsonschema.Draft202012Validator(schema(name)).is_valid(value)
    assert quick is slow
    return quick


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_valid_in_both_drafts(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    jsonschema.Draft7Validator.check_schema({**schema(name), "$schema": "http://json-schema.org/draft-07/schema#"})


@pytest.mark.parametrize("name", NAMES)
def test_schema_explains_itself_to_an_editor(name: str) -> None:
    whole = schema(name)
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert whole["$id"].endswith(f"{name}.schema.json")
    for part in parts(whole):
        assert part.keys() <= EDITOR_KEYWORDS
        if part.get("type") == "object":
            assert "additionalProperties" in part
            assert part["additionalProperties"] is not True
        for key, inner in part.get("properties", {}).items():
            target = whole["definitions"][inner["$ref"].rsplit("/", 1)[1]] if "$ref" in inner else {}
            assert inner.get("description") or target.get("description"), f"'{key}' has no description"


@pytest.mark.parametrize("name", NAMES)
def test_examples_of_the_schema_are_valid(name: str) -> None:
    whole = schema(name)
    seen = 0
    for part in parts(whole):
        for example in part.get("examples", []):
            value = json.loads(json.dumps(example), parse_float=Decimal)
            alone = {**part, "definitions": whole.get("definitions", {})}
            assert jsonschema.Draft202012Validator(alone).is_valid(value), example
            assert compile_schema(alone)(value), example
            seen += 1
    assert seen


@pytest.mark.parametrize("name", NAMES)
def test_both_validators_accept_what_is_good(name: str) -> None:
    assert agree(name, document(GOOD[name]))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_both_validators_agree_on_every_bad_file(path: Path) -> None:
    _, content = content_of(yaml.safe_load(path.read_text(encoding="utf-8")))
    value = document(content)
    for name in NAMES:
        assert agree(name, value) in (True, False)


ODD = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        Decimal("1.0"),
        Decimal("0.5"),
        "",
        "x",
        "2026-01-01",
        "money",
        [],
        [1, True],
        [1, 1],
        ["a", "a"],
        {},
        {"pl": "x"},
        {"a": 1},
    ]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inner:
        yield from places(member, (*path, key))


@given(st.sampled_from(NAMES), st.data())
def test_both_validators_agree_on_documents_with_something_odd(name: str, data: st.DataObject) -> None:
    value = document(GOOD[name])
    path = data.draw(st.sampled_from(list(places(value))))
    if not path:
        agree(name, data.draw(ODD))
        return
    *above, last = path
    holder = value
    for step in above:
        holder = holder[step]
    match data.draw(st.sampled_from(["replace", "delete", "add"])):
        case "replace":
            holder[last] = data.draw(ODD)
        case "delete":
            del holder[last]
        case _ if isinstance(holder, dict):
            holder[data.draw(st.sampled_from(["all", "extra", "is", "value", "2026-01-01", "de"]))] = data.draw(ODD)
        case _:
            holder.append(data.draw(ODD))
    assert agree(name, value) in (True, False)


def test_an_unknown_keyword_is_refused_loudly() -> None:
    with pytest.raises(UnknownKeywordError):
        compile_schema({"type": "object", "unevaluatedProperties": False})


def test_a_sound_file_never_loads_jsonschema(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = tmp_path / "policy.yaml"
    path.write_text(BASE, encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from selective_sales import reading\n"
        "policy, findings = reading.read(Path(sys.argv[1]))\n"
        "print(policy is not None, len(findings), 'jsonschema' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "0", "False"]
