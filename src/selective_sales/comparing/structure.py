"""What a policy is made of, for comparing: lists of named things, and for each sort of thing its parts.

An attribute that is named nowhere here is a part of its own, so that nothing a policy says is ever passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

from ..model.comparison import Effect, Path
from ..model.decision_tables import DecisionTable, Output, TableRow
from ..model.policy import Decision, Field, Measure, Metric, Parameter, Policy, ReportSection, Rule, Table
from ..model.promises import Allocation, Fairness, Figure, Group, Guarantee, Limit
from ..model.scores import Factor, Score


class Order(Enum):
    """Where the order of a list means something."""

    NEVER = "never"
    ALWAYS = "always"
    RULES = "rules"
    """Under `first` always; under `most_severe` among the rules of one decision: which of them is named."""
    ROWS = "rows"
    """Under the hit policies first and collect."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of named things: the attribute with their name, and where their order counts."""

    key: str
    order: Order = Order.NEVER


LISTS: dict[type, dict[str, Listing]] = {
    Policy: {
        "tables": Listing("name"),
        "parameters": Listing("name"),
        "metrics": Listing("name"),
        "scores": Listing("name"),
        "decision_tables": Listing("name"),
        "decisions": Listing("id", Order.ALWAYS),
        "rules": Listing("id", Order.RULES),
        "figures": Listing("name"),
        "limits": Listing("id"),
        "guarantees": Listing("id"),
        "allocations": Listing("name"),
        "measures": Listing("name"),
    },
    Table: {"fields": Listing("name")},
    Score: {"factors": Listing("id")},
    DecisionTable: {"rows": Listing("number", Order.ROWS)},
    Allocation: {"groups": Listing("id", Order.ALWAYS)},
}

GROUPS: dict[type, dict[str, tuple[str, ...]]] = {
    Policy: {"validity": ("valid_from", "valid_until")},
    Table: {"freshness": ("fresh_within", "date_field", "when_stale")},
    Field: {"is": ("calculation",), "words": ("true_words", "false_words")},
    Parameter: {"value": ("value", "kind", "dated", "adapts")},
    Metric: {"is": ("expression",)},
    Measure: {"is": ("expression",)},
    Decision: {"approval": ("approval_required",)},
    Rule: {"dates": ("valid_from", "valid_until"), "letter_reason": ("letter_reason", "no_letter_reason")},
    Score: {"scale": ("low", "high"), "missing": ("reweigh",)},
    Figure: {"is": ("expression",)},
}

UNSAID: dict[type, frozenset[str]] = {
    Policy: frozenset({"id", "version", "sources"}),
    Decision: frozenset({"default"}),
    DecisionTable: frozenset({"input_texts"}),
    Table: frozenset({"built_in"}),
}
"""Not compared as parts: what a policy is called stands in the headline; the default decision is one change of two decisions."""

CONDITIONS = {
    (Rule, "when"),
    (Rule, "unless"),
    (Limit, "require"),
    (Guarantee, "always"),
    (Group, "who"),
    (Metric, "is"),
    (Field, "is"),
    (Measure, "is"),
}
"""Compared leaf by leaf."""

UNORDERED = {
    (Field, "one_of"), (Field, "missing_tokens"), (Field, "words"), (Table, "missing_tokens"), (Parameter, "value"), (Fairness, "compare"),
}  # fmt: skip
"""Lists in which no order means anything (a parameter that is a list stands behind `in`)."""

WORDS = frozenset(
    "title label labels description reason letter_reason justification source owner format tell_client can_change display rest letter"
    " letters tell_change approval validity freshness languages".split()
)
"""Parts that no decision depends on (`format` of a date field is told apart)."""
WHOLE = frozenset({"figures", "limits", "guarantees", "allocations", "fairness", "measures", "report"})
WHOLES = (Fairness, ReportSection)
"""Sections that are one thing, whose parts are told one by one."""
SUPPORTING = frozenset({"tables", "parameters", "metrics", "scores", "decision_tables", "decisions", "fields"})


def parts(sort: type) -> dict[str, tuple[str, ...]]:
    """The parts of a sort of thing: what each is called, and the attributes that it is made of. Lists are not among them."""
    assert is_dataclass(sort)
    groups = GROUPS.get(sort, {})
    grouped = {attribute for attributes in groups.values() for attribute in attributes}
    lists = LISTS.get(sort, {})
    named = {listing_key(sort)} if listing_key(sort) else set()
    unsaid = grouped | set(lists) | UNSAID.get(sort, frozenset()) | named
    single = {f.name: (f.name,) for f in fields(sort) if f.compare and f.name not in unsaid}
    return {**groups, **single}


def listing_key(sort: type) -> str:
    """The attribute by which things of this sort are told apart; "" where they have none."""
    if sort is Policy:
        return "id"
    names = {f.name for f in fields(sort)}
    return "" if sort in (TableRow, Fairness) else "id" if "id" in names else "name" if "name" in names else ""


def effect(sort: type, path: Path, *, whole_thing: bool = False) -> Effect:
    """What a change at that path can do. `whole_thing`: the thing came or went."""
    if path[0] in WHOLE:
        return Effect.WORDS if path[0] == "report" or path[-1] in ("title", "source", "rest", "format") else Effect.WHOLE
    if whole_thing:
        section = path[-2]
        return Effect.SUPPORTS if section in SUPPORTING else Effect.DECIDES
    if path[-1] in WORDS and not (sort is Field and path[-1] == "format") and not (sort is Table and path[-1] == "source"):
        return Effect.WORDS
    if sort is Field and path[-1] == "protected":
        return Effect.WHOLE
    return Effect.DECIDES


def numbered(rows: tuple[Any, ...]) -> list[tuple[str, Any]]:
    """The rows of a table by what an author calls them: row 1, row 2."""
    return [(str(number), row) for number, row in enumerate(rows, 1)]


__all__ = [
    "CONDITIONS", "GROUPS", "LISTS", "UNORDERED", "Factor", "Listing", "Order", "Output", "effect", "listing_key", "numbered", "parts"
]  # fmt: skip
