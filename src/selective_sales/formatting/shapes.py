"""The JSON Schemas as the layout sees them: which order the keys have, and which scalars are expressions.

The order is that of the schema's `properties`, which is also the order in which an editor offers the keys and the docs explain them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..resources import resource

_Schema = Mapping[str, Any]
_EXPRESSIONS = ("#/definitions/expression", "#/definitions/condition")
_BEHIND_ITS_TABLES = ("exceptions", "expect", "expect_run")
"""The keys of a test's case that stand behind its tables, whose names the author has chosen."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at one place: the schema's alternatives, with every reference resolved."""

    document: _Schema
    alternatives: tuple[_Schema, ...] = ()
    expression: bool = False

    def of_map(self, keys: Collection[str]) -> MapShape:
        """What a map with these keys is: the alternative that knows most of them."""
        maps = [a for a in self.alternatives if a.keys() & {"properties", "additionalProperties", "patternProperties"}]
        return MapShape(self.document, max(maps, key=lambda a: sum(key in a.get("properties", {}) for key in keys), default={}))

    def item(self) -> Shape:
        """What stands in a list here."""
        return _inside(self.document, next((a["items"] for a in self.alternatives if isinstance(a.get("items"), dict)), None))


@dataclass(frozen=True, slots=True)
class MapShape:
    """A map at one place."""

    document: _Schema
    schema: _Schema

    def order(self, keys: Sequence[str]) -> list[str]:
        """These keys in canonical order: those that the schema names in its order, the author's own in the author's."""
        known = self.schema.get("properties", {})
        there = set(keys)
        last = [key for key in known if key in _BEHIND_ITS_TABLES] if "expect" in known else []
        first = [key for key in known if key not in last and key in there]
        return [*first, *(key for key in keys if key not in known), *(key for key in last if key in there)]

    def member(self, key: str) -> Shape:
        """What stands under that key."""
        named = self.schema.get("properties", {}).get(key)
        if named is not None:
            return _inside(self.document, named)
        patterns = list(self.schema.get("patternProperties", {}).values())
        other = self.schema.get("additionalProperties")
        return _inside(self.document, patterns[0] if patterns else other if isinstance(other, dict) else None)


def _inside(document: _Schema, schema: _Schema | None) -> Shape:
    """The shape of a part of the schema; one without alternatives where the schema does not speak of it."""
    if schema is None:
        return Shape(document)
    alternatives: list[_Schema] = []
    expression = False
    waiting = [schema]
    while waiting:
        one = waiting.pop(0)
        reference = one.get("$ref")
        if reference is not None:
            expression = expression or reference in _EXPRESSIONS
            if reference != _EXPRESSIONS[0]:
                waiting.append(document["definitions"][reference.rsplit("/", 1)[1]])
            continue
        waiting.extend(one.get("anyOf", ()))
        alternatives.append(one)
    return Shape(document, tuple(alternatives), expression)


@cache
def shape_of(name: str) -> Shape:
    """The shape of a whole file of that kind: policy, test or exceptions."""
    document = json.loads(resource("schemas", f"{name}.schema.json").read_text(encoding="utf-8"))
    return _inside(document, document)
