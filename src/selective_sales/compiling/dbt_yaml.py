"""Mappings, lists, texts and numbers in, YAML out, in which dbt finds no Jinja but what is meant as such."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model.quoting import quoted
from .dbt_model import inert

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ -][A-Za-z0-9_]+)*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Jinja:
    """A text that dbt is to render."""

    text: str


Value = str | int | bool | Jinja | Mapping[str, "Value"] | Sequence["Value"]


def yaml_text(value: Mapping[str, Value]) -> str:
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def _mapping(value: Mapping[str, Value], indent: str) -> Iterator[str]:
    for key, item in value.items():
        if isinstance(item, Mapping):
            yield f"{indent}{_scalar(key)}:"
            yield from _mapping(item, f"{indent}  ")
        elif isinstance(item, Sequence) and not isinstance(item, str):
            yield f"{indent}{_scalar(key)}:"
            yield from _list(item, f"{indent}  ")
        else:
            yield f"{indent}{_scalar(key)}: {_scalar(item)}"


def _list(items: Sequence[Value], indent: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, Mapping):
            first, *rest = _mapping(item, f"{indent}  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest
        else:
            assert not isinstance(item, Sequence) or isinstance(item, str), "a list of lists is never written"
            yield f"{indent}- {_scalar(item)}"


def _scalar(value: str | int | bool | Jinja) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Jinja(text):
            return quoted(text)
        case str():
            plain = _PLAIN.fullmatch(value) is not None and value.lower() not in _WORDS
            return value if plain else quoted(inert(value))
