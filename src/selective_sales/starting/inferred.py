"""What was inferred: one field of a contract, and the contract of a whole file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .profile import Column
from .readings import Mark
from .sample import Sampled

Type = Literal["text", "number", "integer", "money", "boolean", "date", "days", "months"]


@dataclass(frozen=True, slots=True)
class Inferred:
    """One field of the contract. `low` and `high` are the range seen, `remarks` what a comment should say."""

    column: Column
    type: Type
    format: str | None = None
    low: Decimal | datetime.date | int | None = None
    high: Decimal | datetime.date | int | None = None
    missing_tokens: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    private: bool = False
    """What somebody is: proposed as protected."""
    measure: bool = True
    """A number that a threshold may be laid on; False for a code."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What was inferred of the whole file. `decimal` is None where no number has a fraction, `currency` where no amount says it."""

    sampled: Sampled
    decimal: Mark | None
    currency: str | None
    keys: tuple[Inferred, ...]
    fields: tuple[Inferred, ...]
    display: Inferred | None = None
    """A text beside the key that is likely to be the client's name."""
