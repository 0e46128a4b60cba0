"""Two readings of a file in, whether they say the same out: everything counts but places and the files' own text.

Stricter than equality: `5` and `5.0`, `true` and 1 are told apart, and so is the order of names.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from ..model.exceptions import ExceptionsFile
from ..model.place import Place
from ..model.policy import SourceFile


def same(first: object, second: object) -> bool:
    """Whether both mean the same."""
    return _spelled(first) == _spelled(second)


def _spelled(value: object) -> list[object]:
    """The value as a flat list of what it is made of (flat, for expressions may be deep)."""
    spelled: list[object] = []
    waiting = [value]
    while waiting:
        match waiting.pop():
            case Place():
                pass
            case SourceFile(path=path):
                spelled.append(path)
            case ExceptionsFile(entries=entries):
                waiting.append(entries)
            case tuple() | list() as parts:
                spelled.append(len(parts))
                waiting.extend(reversed(parts))
            case dict() as entries:
                spelled.append(len(entries))
                waiting.extend(reversed([part for entry in entries.items() for part in entry]))
            case one if dataclasses.is_dataclass(one):
                spelled.append(type(one).__name__)
                waiting.extend(getattr(one, field.name) for field in reversed(dataclasses.fields(one)) if field.compare)
            case one:
                spelled.append((type(one).__name__, str(one)))
    return spelled


def same_values(first: object, second: object) -> bool:
    """Whether two documents hold the same plain values, whatever the order of their keys."""
    return _spelled(_sorted(first)) == _spelled(_sorted(second))


def _sorted(value: object) -> object:
    """The document with the keys of its maps in the order of the alphabet. (The reader bounds how deep a document is.)"""
    match value:
        case Mapping():
            return {key: _sorted(value[key]) for key in sorted(value)}
        case list():
            return [_sorted(item) for item in value]
        case _:
            return value
