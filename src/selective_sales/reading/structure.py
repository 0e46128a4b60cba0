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


@cache
def _quick(name: str) -> Check:
    return compile_schema(schema(name))


def validate(source: Source, root: Node, name: str) -> tuple[Finding, ...]:
    """Every place where the document does not have the form of its schema."""
    document = plain(root)
    if _quick(name)(document):
        return ()
    from .faults import faults
    from .structure_words import in_words

    return in_words(source, root, faults(schema(name), document))
