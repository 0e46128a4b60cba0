"""What the names of a template stand for: the views' annotations, read once, as types that the lint can follow."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache


@dataclass(frozen=True, slots=True)
class Type:
    """`what` is `text`, `number`, `yes or no`, `list`, `view`, `loop` or `anything`; `optional` where it may be None."""

    what: str
    fields: str = ""
    """For a view: its class's name."""
    item: Type | None = None
    optional: bool = False

    @property
    def shown(self) -> str:
        """As a message names it."""
        match self.what:
            case "view":
                return _SHOWN.get(self.fields, self.fields)
            case "list" | "text" | "number":
                return f"a {self.what}"
            case _:
                return self.what


TEXT, NUMBER, BOOLEAN, ANYTHING = Type("text"), Type("number"), Type("yes or no"), Type("anything")
FIELDS = "fields"
"""The view whose names only the policy knows: the fields that a client may be told."""
_SHOWN = {
    "MemoView": "the memo",
    "RuleView": "a rule",
    "ConditionView": "a condition",
    "LineView": "a line",
    "MetricView": "a metric",
    "ThresholdView": "a threshold",
    "ValueView": "a value",
    "ExceptionView": "the exception",
    "LetterView": "the letter",
    "SenderView": "the sender",
    "PersonView": "this person",
    "ShellView": "the shell",
    "WordsView": "the words",
    FIELDS: "the policy",
}
_SIMPLE = {str: TEXT, int: NUMBER, bool: BOOLEAN}


@cache
def views(root: type) -> dict[str, dict[str, Type]]:
    """By view name, its fields with their types: of the root and of every view it reaches."""
    found: dict[str, dict[str, Type]] = {}
    todo = [root]
    while todo:
        view = todo.pop()
        if view.__name__ in found:
            continue
        hints = typing.get_type_hints(view)
        found[view.__name__] = {name: _type(hint, todo) for name, hint in hints.items()}
    return found


def _type(hint: typing.Any, todo: list[type]) -> Type:
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    arguments = typing.get_args(hint)
    match typing.get_origin(hint):
        case types.UnionType:
            return replace(_type(arguments[0], todo), optional=True)
        case origin if origin is tuple:
            return Type("list", item=_type(arguments[0], todo))
        case origin if origin is Mapping:
            return Type("view", fields=FIELDS)
        case _:
            assert dataclasses.is_dataclass(hint), hint
            view = typing.cast(type, hint)
            todo.append(view)
            return Type("view", fields=view.__name__)
