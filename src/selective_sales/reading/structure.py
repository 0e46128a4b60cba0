"""A document against its JSON Schema.

The quick validator says yes or no; only where it says no, the faults are found and put into words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..model.finding import Finding
from ..resources import resource
from .nodes import Node
from .plain import plain
from .quick_schema import Check, compile_schema
from .source import Source


@cache
def schema(name: str) -> Mapping[str, Any]:
    """The schema of that kind of file: policy, test or exceptions."""
    loaded: Mapping[str, Any] = json.loads(resource("schemas", f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def part_of(whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of one file among several of a policy: no section must be there, and a table may be without its key."""
    part = {**whole, "required": ["format"], "properties": dict(whole["properties"]), "definitions": dict(whole["definitions"])}
    part["properties"]["data"] = {key: value for key, value in whole["properties"]["data"].items() if key != "required"}
    for name in ("clients_table", "child_table"):
        table = whole["definitions"][name]
        part["definitions"][name] = {**table, "required": [key for key in table.get("required", ()) if key == "fields"]}
    return part


@cache
def _quick(name: str, part: bool) -> Check:
    return compile_schema(part_of(schema(name)) if part else schema(name))


def validate(source: Source, root: Node, name: str, *, part: bool = False) -> tuple[Finding, ...]:
    """Every place where the document does not have the form of its schema; `part`: it is one file among several of a policy."""
    document = plain(root)
    if _quick(name, part)(document):
        return ()
    from .faults import faults
    from .structure_words import in_words

    return in_words(source, root, faults(part_of(schema(name)) if part else schema(name), document))
