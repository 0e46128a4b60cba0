"""A yes-or-no validator of just the JSON Schema keywords that the project's schemas use.

In: a schema. Out: a function from a document (as `plain` makes it) to True or False. It exists because importing and running jsonschema
costs more than everything else `check` does; jsonschema is asked only where the answer here is no. A keyword it does not know is refused
when the schema is compiled, and a test proves that both validators agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Check = Callable[[Any], bool]

_TYPES: dict[str, Check] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, Decimal)) and not isinstance(value, bool),
}
_WORDS_ONLY = {"$schema", "$id", "title", "description", "examples", "definitions", "patternProperties", "additionalProperties"}


class UnknownKeywordError(Exception):
    """A schema says something this validator does not understand: a mistake in the program, not in a document."""


def compile_schema(schema: Mapping[str, Any]) -> Check:
    """The validator of that schema. Raises UnknownKeywordError."""
    return _Compiler(schema).check(schema)


class _Compiler:
    """Turns each part of a schema into a function, once; `$ref` to a definition is looked up when it is first followed."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._definitions: dict[str, Check] = {}
        for name, definition in root.get("definitions", {}).items():
            self._definitions["#/definitions/" + name] = self.check(definition)

    def check(self, schema: Mapping[str, Any] | bool) -> Check:
        if isinstance(schema, bool):
            return lambda value: schema
        checks = [self._keyword(keyword, argument) for keyword, argument in schema.items() if keyword not in _WORDS_ONLY]
        if "properties" in schema or "patternProperties" in schema or "additionalProperties" in schema:
            checks = [check for check in checks if check is not _always]
            checks.append(self._members(schema))
        return checks[0] if len(checks) == 1 else _all(checks)

    def _keyword(self, keyword: str, argument: Any) -> Check:
        match keyword:
            case "type":
                return _type(argument)
            case "$ref":
                return lambda value: self._definitions[argument](value)
            case "anyOf":
                return _any([self.check(branch) for branch in argument])
            case "items":
                return _items(self.check(argument))
            case "properties":
                return _always
            case "required":
                return lambda value: not isinstance(value, dict) or all(name in value for name in argument)
            case "enum":
                return lambda value: any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in argument)
            case "pattern":
                pattern = re.compile(argument)
                return lambda value: not isinstance(value, str) or pattern.search(value) is not None
            case "uniqueItems":
                return lambda value: not isinstance(value, list) or not argument or _distinct(value)
            case "minimum":
                return lambda value: not _TYPES["number"](value) or value >= argument
            case "minItems" | "maxItems" | "minProperties" | "minLength" | "maxLength":
                return _length(keyword, argument)
            case _:
                raise UnknownKeywordError(keyword)

    def _members(self, schema: Mapping[str, Any]) -> Check:
        """properties, patternProperties and additionalProperties, which depend on each other."""
        named = {name: self.check(part) for name, part in schema.get("properties", {}).items()}
        patterns = [(re.compile(pattern), self.check(part)) for pattern, part in schema.get("patternProperties", {}).items()]
        others = self.check(schema.get("additionalProperties", True))

        def members(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            for name, member in value.items():
                checks = [check for pattern, check in patterns if pattern.search(name)] if patterns else []
                if name in named:
                    checks.append(named[name])
                for check in checks or (others,):
                    if not check(member):
                        return False
            return True

        return members


def _always(value: Any) -> bool:
    return True


# These are loops, not all(...) and any(...): fewer frames above each other in deep documents, and quicker.


def _all(checks: list[Check]) -> Check:
    def every(value: Any) -> bool:
        for check in checks:  # noqa: SIM110
            if not check(value):
                return False
        return True

    return every


def _any(checks: list[Check]) -> Check:
    def some(value: Any) -> bool:
        for check in checks:  # noqa: SIM110
            if check(value):
                return True
        return False

    return some


def _items(check: Check) -> Check:
    def items(value: Any) -> bool:
        if isinstance(value, list):
            for item in value:
                if not check(item):
                    return False
        return True

    return items


def _type(argument: str | list[str]) -> Check:
    if isinstance(argument, str):
        return _TYPES[argument]
    checks = [_TYPES[name] for name in argument]
    return lambda value: any(check(value) for check in checks)


def _distinct(items: list[Any]) -> bool:
    """True where no two items are equal; 1 and true are not."""
    seen: set[tuple[bool, Any]] = set()
    for item in items:
        if isinstance(item, (list, dict)):
            return all(a != b for index, a in enumerate(items) for b in items[:index])
        seen.add((isinstance(item, bool), item))
    return len(seen) == len(items)


def _length(keyword: str, argument: int) -> Check:
    measured = _TYPES[{"minItems": "array", "maxItems": "array", "minProperties": "object"}.get(keyword, "string")]
    if keyword.startswith("max"):
        return lambda value: not measured(value) or len(value) <= argument
    return lambda value: not measured(value) or len(value) >= argument
