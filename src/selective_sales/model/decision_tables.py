"""Decision tables as read: rows of cells, each a condition on one input, and outputs."""

from __future__ import annotations

from dataclasses import dataclass, field

from .expression import NOWHERE, Expression, HitPolicy, Scalar, Test
from .finding import Finding
from .kind import Kind
from .place import Place
from .text import Texts


@dataclass(frozen=True, slots=True)
class CellItem:
    """One of the alternatives that the commas of a cell divide.

    `tests` hold together (`and`); `= missing` (a ValueTest of the literal `missing`) asks whether the input is missing. Where the item
    cannot be read as a test, `tests` is empty and `findings` say why: in a text input an item without operator is the text itself, and the
    findings count only where it is not (which the checker knows).
    """

    text: str
    tests: tuple[Test, ...]
    place: Place = field(default=NOWHERE, compare=False)
    findings: tuple[Finding, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A condition on one input: any of the items, or none of them where `negated` (`not(...)`). Without items: anything, even missing."""

    text: str
    items: tuple[CellItem, ...] = ()
    negated: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Output:
    """An output column of a decision table: its kind (TEXT where only `one_of` says so) and, where listed, its only values, best first."""

    name: str
    type: Kind
    place: Place = field(default=NOWHERE, compare=False)
    one_of: tuple[Scalar, ...] = ()
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()
    title: Texts | None = None
    format: str = ""
    tell_client: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a decision table: a cell per input, then an expression per output (a text output is a Constant of the text)."""

    cells: tuple[Cell, ...]
    outputs: tuple[Expression, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table. `otherwise` has an expression per output, or is None. `inputs` are as written in `input_texts`."""

    name: str
    hit_policy: HitPolicy
    inputs: tuple[Expression, ...]
    input_texts: tuple[str, ...]
    outputs: tuple[Output, ...]
    rows: tuple[TableRow, ...]
    otherwise: tuple[Expression, ...] | None = None
    place: Place = field(default=NOWHERE, compare=False)
    hit_policy_place: Place = field(default=NOWHERE, compare=False)
    otherwise_place: Place = field(default=NOWHERE, compare=False)
    title: Texts | None = None
