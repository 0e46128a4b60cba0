"""Policy tests as read: cases with client rows as cells, and what is expected of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from .exceptions import PolicyException
from .expression import NOWHERE, Scalar
from .kind import Kind
from .place import Place


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a data file would hold it: its text, or None for a blank (written `missing`)."""

    text: str | None
    place: Place = field(default=NOWHERE, compare=False)
    name_place: Place = field(default=NOWHERE, compare=False)
    """Where the field is named."""


Row = dict[str, Cell]
"""Field name -> cell."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What one result column must be: a scalar's text as written, a list of texts, or None for missing."""

    name: str
    value: str | tuple[str, ...] | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ExpectedClient:
    """The expectations of one client; `client` is the key as text, or () where the case has a single client."""

    client: tuple[str, ...]
    columns: tuple[Expected, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ExpectedRun:
    """What the clients of a case must come to together: a limit or guarantee (held, breached, unknown), or a figure.

    `group` is the value that a split figure is split by, as written (several joined by `|`); "" for anything else.
    """

    section: str
    name: str
    group: str
    value: str | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: rows by table name (`clients` and child tables), expectations, and what it sets differently."""

    name: str
    rows: dict[str, tuple[Row, ...]]
    expect: tuple[ExpectedClient, ...]
    place: Place = field(default=NOWHERE, compare=False)
    as_of: datetime.date | None = None
    parameters: tuple[tuple[str, Scalar | tuple[Scalar, ...], Place], ...] = ()
    parameter_kinds: tuple[tuple[str, Kind], ...] = ()
    """By parameter, the kind that its text suggests (`3 months`: MONTHS), where the reader knows it."""
    exceptions: tuple[PolicyException, ...] = ()
    expect_run: tuple[ExpectedRun, ...] = ()
    unreviewed: bool = False
    """Nobody has agreed with what it expects yet: it counts neither as passed nor as failed nor as coverage."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A `*.test.yaml`. `policy` is the path as written, relative to the file."""

    path: str
    policy: str
    policy_place: Place
    as_of: datetime.date | None
    defaults: dict[str, Row]
    cases: tuple[Case, ...]
