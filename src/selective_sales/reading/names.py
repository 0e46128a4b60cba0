"""Which names an author may give: to fields, tables, parameters, metrics, decisions and rules.

In: a key. Out: a finding where it is no name, is a word of the language, or the name of something that exists already in every policy.
"""

from __future__ import annotations

import re

from .desk import Desk
from .nodes import Node

KEYWORDS = frozenset("if then else or and not in is between within by missing present null true false".split())
RESULT_COLUMNS = frozenset("decision policy_decision decided_by fired applied unknown missing_because possible_decisions".split())
RESERVED = RESULT_COLUMNS | frozenset("as_of clients client history undetermined".split())
RESERVED_IN_CHILDREN = frozenset("as_of clients client".split())
RESERVED_FIELDS = frozenset({"rowid"})
"""In capitals too: the engine numbers the rows of a table by that name."""
RESERVED_RULES = frozenset("default exception unknown".split())
RESERVED_DECISIONS = frozenset({"undetermined"})

_NAME = re.compile(r"[^\W\d_]\w*")
_IDENTIFIER = re.compile(r"[^\W_][\w-]*")


def is_name(name: str) -> bool:
    """True for a letter followed by letters, digits and _, in any script."""
    return _NAME.fullmatch(name) is not None


def check_name(desk: Desk, key: Node, name: str, what: str, reserved: frozenset[str] = RESERVED) -> None:
    """Finds what keeps `name` from being the name of `what` ("a metric")."""
    if not is_name(name):
        help = f"a name is a letter followed by letters, digits and _{_suggestion(name)}"
        desk.error("SS110", f"'{name[:60]}' cannot be the name of {what}", key, help)
    elif name in KEYWORDS:
        desk.error(
            "SS111", f"'{name}' cannot be the name of {what}: it is a word of the expression language", key, f"write {name}_1, for example"
        )
    elif name in reserved or (what == "a field" and name.lower() in RESERVED_FIELDS):
        desk.error("SS111", f"'{name}' cannot be the name of {what}: every policy has something of that name", key, "choose another name")


def check_identifier(desk: Desk, node: Node, name: str, what: str, reserved: frozenset[str] = frozenset()) -> None:
    """The same for ids of rules and decisions, which may also contain `-`."""
    if _IDENTIFIER.fullmatch(name) is None:
        desk.error(
            "SS110", f"'{name[:60]}' cannot be the id of {what}", node, "an id is a letter or digit followed by letters, digits, - and _"
        )
    elif name in reserved:
        desk.error("SS111", f"'{name}' cannot be the id of {what}: results use that word for something else", node, "choose another id")


def _suggestion(name: str) -> str:
    proposed = re.sub(r"\W+", "_", name).strip("_")
    return f", such as {proposed[:60]}" if is_name(proposed) else ""
