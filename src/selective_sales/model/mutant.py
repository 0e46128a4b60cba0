"""The vocabulary of mutation testing: small faults planted into a policy, and whether its tests notice them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .expression import NOWHERE, Expression
from .place import Place
from .policy import Policy


@dataclass(frozen=True, slots=True)
class Edit:
    """What an author would type for the fault: in the span at `place`, what matches the pattern `old` last becomes `new`.

    Without a pattern the whole span does. `like`: the new text is that of another span.
    """

    place: Place
    old: str
    new: str
    like: Place | None = None


LINES = "\n"
"""As the pattern of an edit: the whole lines of the span go."""


class Part(StrEnum):
    """The part of a policy that a mutant changes, and that has to be checked anew."""

    FIELD = "field"
    PARAMETER = "parameter"
    METRIC = "metric"
    SCORE = "score"
    TABLE = "table"
    RULE = "rule"
    RANKING = "ranking"
    FIGURE = "figure"
    LIMIT = "limit"
    GUARANTEE = "guarantee"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A policy with one small fault. `fault` says what was done, in words; `of` and `name` say where: a part of the policy.

    `policy` is the policy as read, with the fault in it. Two mutants are the same where their policies are.
    """

    fault: str
    of: Part
    name: str
    policy: Policy
    place: Place = field(default=NOWHERE, compare=False)
    edits: tuple[Edit, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Retyped:
    """The typed trees of the part that a mutant changes, by name: what differs from the policy, and what may.

    `fields` by table and field; `values` are metrics, scores, outputs and their parts; `conditions` a rule's when and unless; `outcomes`
    are figures, limits and guarantees by section and name.
    """

    fields: Mapping[tuple[str, str], Expression] = field(default_factory=dict)
    values: Mapping[str, Expression] = field(default_factory=dict)
    conditions: Mapping[str, tuple[Expression, Expression | None]] = field(default_factory=dict)
    outcomes: Mapping[tuple[Part, str], Expression] = field(default_factory=dict)


class Fate(StrEnum):
    """What became of a mutant. EQUIVALENT: no client of any kind can tell it from the policy, which was proved."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant with its fate. `killed_by` names a case that failed with it; `case` is the text of a case that would have.

    `line` is the policy's line (or the lines) with the fault's place, `before` and `after`; empty where it cannot be shown as text.
    """

    mutant: Mutant
    fate: Fate
    killed_by: str = ""
    case: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    looked_for: bool = False
    """Whether a client was searched for it."""


@dataclass(frozen=True, slots=True)
class JudgedPolicy:
    """The mutants of one policy, judged by all the test files that are about it."""

    policy: str
    mutants: tuple[Judged, ...]

    def of(self, fate: Fate) -> tuple[Judged, ...]:
        return tuple(judged for judged in self.mutants if judged.fate is fate)
