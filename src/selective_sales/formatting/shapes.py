"""The JSON Schemas as the layout sees them: which order the keys have, and which scalars are expressions.

The order is that of the schema's `properties`, which is also the order in which an editor offers the keys and the docs explain them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..resources import resource

_EXPRESSIONS = ("#/definitions/expression", "#/definitions/condition")
_BEHIND_NAMED_TABLES = ("exceptions", "expect", "expect_run")
"""The keys of a test's case that stand behind its tables, whose names the author has chosen."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at one place: the schema's alternatives, with every reference resolved."""

    document: Mapping[str, Any]
    alternatives: tuple[Mapping[str, Any], ...] = ()
    expression: bool = False

    def order(self, keys: Sequence[str]) -> list[str]:
        """These keys in canonical order: those that the schema names in its order, the author's own in the author's."""
        known = list(self._map(keys).get("properties", {}))
        last = [key for key in known if key in _BEHIND_NAMED_TABLES] if "expect" in known else []
        first = [key for key in known if key not in last]
        own = [key for key in keys if key not in known]
        return [key for key in (*first, *own, *last) if key in keys]

    def member(self, keys: Sequence[str], key: str) -> Shape:
        """What stands under that key of a map with these keys."""
        schema = self._map(keys)
        named = schema.get("properties", {}).get(key)
        patterns = list(schema.get("patternProperties", {}).values())
        other = schema.get("additionalProperties")
        found = named if named is not None else patterns[0] if patterns else other if isinstance(other, dict) else None
        return self._of(found)

    def item(self) -> Shape:
        """What stands in a list here."""
        return self._of(next((a["items"] for a in self.alternatives if isinstance(a.get("items"), dict)), None))

    def _of(self, schema: Mapping[str, Any] | None) -> Shape:
        return Shape(self.document) if schema is None else _shape(self.document, schema)

    def _map(self, keys: Sequence[str]) -> Mapping[str, Any]:
        """The alternative for a map that knows most of these keys."""
        maps = [a for a in self.alternatives if a.keys() & {"properties", "additionalProperties", "patternProperties"}]
        return max(maps, key=lambda a: sum(key in a.get("properties", {}) for key in keys), default={})


def _shape(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Shape:
    alternatives: list[Mapping[str, Any]] = []
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
    return _shape(document, document)
