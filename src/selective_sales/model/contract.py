"""The data contract as checks of tables that stand in a database: each says what every row has to be. Values only.

Whoever has the rows checked says it in the words of an engine or of a tool: one description, several outputs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .expression import NOWHERE, Scalar
from .kind import Kind
from .place import Place

_CODES = (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF)
SPACES = "".join(map(chr, _CODES))
"""What is trimmed from a cell and a header: every white space, control spaces and zero-width spaces."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that holds of a table's rows: `says` in words, `of` the fields it is about. A breach that is not `severe` only warns."""

    table: str
    fields: tuple[str, ...]
    says: str
    severe: bool = True
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Given(Check):
    """The field is in every row."""


@dataclass(frozen=True, slots=True)
class Once(Check):
    """No two rows share the fields' values; rows in which one is missing do not count."""


@dataclass(frozen=True, slots=True)
class OneOf(Check):
    """The field is one of the values, or missing."""

    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Belongs(Check):
    """The row's client is one of the clients; rows in which a part of the key is missing do not count."""

    clients: str = ""
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InRange(Check):
    """The field is a number or a date not beyond the ends (those that are given), or missing; NaN and infinity are no numbers."""

    kind: Kind = Kind.NUMBER
    minimum: Scalar | None = None
    maximum: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Matches(Check):
    """The whole text matches the pattern (RE2), or is missing."""

    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Clean(Check):
    """The text is as `evaluate` would have read it: NFC, no spaces around it, not empty, and none of the words for a blank."""

    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fresh(Check):
    """The newest date is at most so many days before the run's; where no row has one, it is not."""

    days: int = 0


AnyCheck = Given | Once | OneOf | Belongs | InRange | Matches | Clean | Fresh
