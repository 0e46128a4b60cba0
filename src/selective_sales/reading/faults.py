"""jsonschema's errors -> `Fault`: the same, without jsonschema's types.

The only module that imports jsonschema, and only when it is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class Fault:
    """One keyword of a schema that the value at `path` does not keep. For `anyOf`, `branches` holds each branch's faults."""

    path: tuple[str | int, ...]
    keyword: str
    argument: Any
    part: Mapping[str, Any]
    value: Any
    branches: tuple[tuple[Fault, ...], ...] = ()


def faults(schema: Mapping[str, Any], document: Any) -> tuple[Fault, ...]:
    """Everything in which the document does not keep to the schema."""
    from jsonschema import Draft202012Validator

    return tuple(_fault(error) for error in Draft202012Validator(schema).iter_errors(document))


def _fault(error: ValidationError) -> Fault:
    branches: dict[int, list[Fault]] = {}
    if error.validator == "anyOf":
        for part in error.context or ():
            branches.setdefault(int(part.relative_schema_path[0]), []).append(_fault(part))
    return Fault(
        tuple(error.absolute_path),
        str(error.validator),
        error.validator_value,
        error.schema if isinstance(error.schema, Mapping) else {},
        error.instance,
        tuple(tuple(found) for found in branches.values()),
    )


def types(fault: Fault) -> list[str]:
    """The kinds that a fault of `type` asks for."""
    return [fault.argument] if isinstance(fault.argument, str) else list(fault.argument)


def is_of_kind(fault: Fault, here: int) -> bool:
    """True for a fault that says: this whole thing is of another kind."""
    if len(fault.path) != here:
        return False
    if fault.keyword == "anyOf":
        return all(any(is_of_kind(part, here) for part in branch) for branch in fault.branches)
    return fault.keyword == "type"


def kinds(faults: Iterable[Fault], here: int) -> list[str]:
    """All kinds that could stand at this level."""
    found: list[str] = []
    for fault in faults:
        if fault.keyword == "type" and len(fault.path) == here:
            found.extend(types(fault))
        for branch in fault.branches:
            found.extend(kinds(branch, here))
    return found


def distance(branch: tuple[Fault, ...], here: int) -> tuple[int, int]:
    """How far a branch is from fitting: keys at its own level that are too many or absent count most."""
    own = 0
    for fault in branch:
        if len(fault.path) == here:
            match fault.keyword:
                case "required":
                    own += sum(name not in fault.value for name in fault.argument)
                case "additionalProperties":
                    own += 2 * len(extra_keys(fault))
                case _:
                    own += 1
    return own, len(branch)


def extra_keys(fault: Fault) -> list[str]:
    """The keys that can not stand there."""
    named, patterns = known_keys(fault.part), list(fault.part.get("patternProperties", {}))
    return [key for key in fault.value if key not in named and not any(re.search(pattern, key) for pattern in patterns)]


def known_keys(part: Mapping[str, Any]) -> set[str]:
    """The keys that a part of the schema names."""
    return set(part.get("properties", {}))
