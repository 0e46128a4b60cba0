"""What a check proved of a policy's rules, and what it did not: the report of `check --proofs`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """What is known of "can this ever be?". EXAMPLE: yes, a client of this sort is named; OPEN: nothing speaks against it."""

    NEVER = "never"
    EXAMPLE = "example"
    OPEN = "open"
    UNKNOWN = "unknown"
    """It was not looked at, or it would have taken too long."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An answer, with the client that shows it (in words), or the rules that are why not."""

    answer: Answer
    example: str = ""
    because_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleProof:
    """Of one rule: whether it can fire, decide, and fire while no other does; and which rules fire whenever it does."""

    rule: str
    decision: str
    fires: Proof
    decides: Proof
    alone: Proof
    implies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is compared with fixed values: the values as written, and between which values it lies ("" where nothing limits it)."""

    text: str
    values: tuple[str, ...]
    limits: str
    outside: tuple[str, ...] = ()
    """Those of the values that lie beyond the limits."""


@dataclass(frozen=True, slots=True)
class Proofs:
    """The whole report. `dates`: the first day of each period in which the same rules and parameters count."""

    policy: str
    dates: tuple[str, ...]
    rules: tuple[RuleProof, ...]
    excluding: tuple[tuple[str, str], ...]
    """Pairs of rules that can never both fire."""
    thresholds: tuple[Threshold, ...]
    free: tuple[str, ...]
    """What was taken to be free: conditions and values whose ties to others were not looked at."""
    not_looked_at: tuple[str, ...]
    """What was given up, and why."""
