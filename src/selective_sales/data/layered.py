"""The words of a column's layers: their names, their SQL, what is settled. Values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.sql import quote_value
from .evidence import ISO, DateForm, Numerals

PHYSICAL = {
    Kind.MONEY: "DECIMAL(18,4)",
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.TEXT: "VARCHAR",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DAYS: "BIGINT",
    Kind.MONTHS: "BIGINT",
}
"""The engine's type of each kind."""

MACHINE = Numerals(".", "")
"""How programs write numbers."""


@dataclass(frozen=True, slots=True)
class CellSql:
    """The layers of one column. Each may name those before it: `usual`, then `clean`, `plain`, `value` and `rounded`.

    `usual` (the cheap pattern, of the raw cell) and `plain` (a plain decimal text) are None where the form needs none; `rounded` is
    None where nothing can be rounded.
    """

    usual: str | None
    clean: str
    plain: str | None
    value: str
    rounded: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of how a column is written; `text` columns only."""

    numerals: Numerals = MACHINE
    dates: DateForm = ISO


@dataclass(frozen=True, slots=True)
class Names:
    """The aliases of one column's layers."""

    clean: str
    usual: str
    plain: str
    value: str
    rounded: str

    @classmethod
    def of(cls, index: int) -> Names:
        return cls(*(f"{letter}{index}" for letter in "cgnvr"))


def literal(value: Scalar, kind: Kind) -> str:
    """A value of the contract as SQL of the kind's physical type."""
    return f"CAST({quote_value(value)} AS {PHYSICAL[kind]})"


def is_other(sql: str, values: Sequence[str]) -> str:
    """`sql NOT IN (values)`, but never by way of a join.

    The engine makes a join of a long IN and of list_contains, and a join loses the order of the rows, and with it their numbers.
    """
    return f"({sql} IS NOT NULL AND list_position([{', '.join(values)}], {sql}) IS NOT DISTINCT FROM NULL)"


def on_nine_places(text: str) -> str:
    return f"CAST(CAST(TRY_CAST(CAST({text} AS VARCHAR) AS DECIMAL(38, 9)) AS VARCHAR) AS DOUBLE)"
