"""Made-up clients with what the policy says of them in; the cases of a test file out, unreviewed, each with today's answer.

A case shows the base client with what matters changed: what all cases share stands in the file's defaults. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Context, Decimal

from ..model.cases import Case, CaseFile, Expected, ExpectedClient, Row
from ..model.checked import CheckedPolicy
from ..model.expression import NOWHERE
from ..model.kind import Kind
from ..model.policy import Policy
from .needs import Needs
from .values import written_as
from .worlds import CLIENTS, World, cell_of, key_values, rows_of

LONGEST_NAME = 140
PLACES = 4
MOST_NODES = 9_000
"""Of a YAML file: nobody reviews more."""
Results = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One client to show. `shows` says what is at its boundary; `columns` are the results to expect beside the decision."""

    shows: str
    world: World
    results: Results
    columns: tuple[str, ...] = ()
    answer: str = "decision"
    """The column whose value the name ends with."""


@dataclass(frozen=True, slots=True)
class Block:
    """Suggestions that belong together, under a heading; `notes` say what was not suggested, and why."""

    heading: str
    suggestions: tuple[Suggestion, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Assembled:
    """The cases in order, and the comment lines before each; `left_out` counts those for which the file has no room."""

    file: CaseFile
    comments: dict[int, tuple[str, ...]] = field(default_factory=dict)
    left_out: int = 0


def assembled(checked: CheckedPolicy, policy: str, file: CaseFile, base: World, blocks: Iterable[Block]) -> Assembled:
    """The blocks' cases in one file like `file`: a client that stands in two blocks is one case, which expects what both do."""
    writer = _Writer(checked, base)
    comments: dict[int, list[str]] = {}
    before = ""
    for block in blocks:
        first = len(writer.cases)
        for suggestion in block.suggestions:
            writer.add(suggestion)
        if len(writer.cases) > first or block.notes:
            heading = () if block.heading == before else (block.heading,)
            comments.setdefault(first, []).extend((*heading, *block.notes))
            before = block.heading
    whole = CaseFile(file.path, policy, NOWHERE, file.as_of, writer.shared, writer.made())
    return Assembled(whole, {n: tuple(lines) for n, lines in comments.items() if lines}, writer.left_out)


class _Writer:
    """Gathers suggestions: world -> names and expected columns."""

    def __init__(self, checked: CheckedPolicy, base: World) -> None:
        self.policy: Policy = checked.policy
        self.kinds = Needs(checked).kinds
        self.base = base
        self.shared = self.defaults()
        self.cases: dict[tuple[object, ...], tuple[Suggestion, dict[str, tuple[Row, ...]], dict[str, None]]] = {}
        self.names: set[str] = set()
        self.nodes = 0
        self.left_out = 0

    def add(self, suggestion: Suggestion) -> None:
        columns = dict.fromkeys(("decision", "decided_by", *suggestion.columns))
        known = self.cases.get(suggestion.world.identity)
        if known is not None:
            known[2].update(columns)
            return
        rows = self.rows(suggestion.world)
        nodes = 20 + 2 * len(columns) + sum(2 + 2 * len(row) for own in rows.values() for row in own)
        if self.nodes + nodes > MOST_NODES:
            self.left_out += 1
            return
        self.nodes += nodes
        self.cases[suggestion.world.identity] = (suggestion, rows, columns)

    def defaults(self) -> dict[str, Row]:
        """The base client, and the first row of each of its tables."""
        found: dict[str, Row] = {}
        base = replace(self.base, rows={t.name: self.base.rows.get(t.name) or (self.base.template(t.name),) for t in self.policy.tables})
        for table, rows in self.cells(base).items():
            row = {name: cell for name, cell in rows[0].items() if table == CLIENTS or name not in self.keys(table)} if rows else {}
            found |= {table: row} if row else {}
        return found

    def cells(self, world: World) -> dict[str, tuple[Row, ...]]:
        return rows_of(self.policy, world, named=True) or {}

    def rows(self, world: World) -> dict[str, tuple[Row, ...]]:
        """What the file's defaults do not give."""
        return {
            table: tuple(self.differing(table, row, several=bool(world.others)) for row in cells)
            for table, cells in self.cells(world).items()
            if table == CLIENTS or cells
        }

    def differing(self, table: str, row: Row, *, several: bool) -> Row:
        """The cells that the defaults do not give; of a key only where there are several clients."""
        shared, keys = self.shared.get(table, {}), self.keys(table)
        return {name: cell for name, cell in row.items() if (several if name in keys else shared.get(name) != cell)}

    def made(self) -> tuple[Case, ...]:
        return tuple(self.case(*one) for one in self.cases.values())

    def case(self, suggestion: Suggestion, rows: dict[str, tuple[Row, ...]], columns: Iterable[str]) -> Case:
        expected = tuple(self.expected(name, suggestion.results[name]) for name in columns)
        expect = (ExpectedClient(self.client() if suggestion.world.others else (), expected),)
        return Case(self.name(suggestion), rows, expect, unreviewed=True)

    def keys(self, table: str) -> frozenset[str]:
        return frozenset(name for t in self.policy.tables if t.name == table for name in t.key)

    def client(self) -> tuple[str, ...]:
        """The key of the client that is looked at, as written."""
        clients = self.policy.clients
        key = key_values(clients, 0) or {}
        fields = [(f, key[f.name]) for name in clients.key if (f := clients.field(name)) is not None]
        return tuple(cell_of(f, value).text or "" for f, value in fields)

    def expected(self, name: str, value: object) -> Expected:
        kind = self.kinds.get(name, Kind.TEXT)
        if isinstance(value, list | tuple):
            return Expected(name, tuple(shown(item, kind) for item in value))
        return Expected(name, None if value is None else shown(value, kind))

    def name(self, suggestion: Suggestion) -> str:
        """What the case shows, and the answer; told apart where two show the same."""
        value = suggestion.results[suggestion.answer]
        answer = shown(value, self.kinds.get(suggestion.answer, Kind.TEXT))
        said = answer if suggestion.answer == "decision" else f"{suggestion.answer} {answer}"
        whole = _short(f"{suggestion.shows}: {said}", LONGEST_NAME)
        name, number = whole, 2
        while name in self.names:
            name, number = f"{whole} ({number})", number + 1
        self.names.add(name)
        return name


def shown(value: object, kind: Kind) -> str:
    """The value as a case expects it: a calculated number at four places, at which the test compares."""
    if isinstance(value, float) and (figure := Decimal(repr(value))).is_finite():
        places = min(-int(figure.as_tuple().exponent), PLACES)
        value = figure.quantize(Decimal(1).scaleb(-max(places, 0)), ROUND_HALF_UP, Context(prec=400))
    return written_as(value, kind)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def needs_fired(columns: Sequence[Results]) -> bool:
    """Whether the decision looks the same for all of these, so that only the list of fired rules tells them apart."""
    return len({(str(one["decision"]), str(one["decided_by"])) for one in columns}) < len({str(one["fired"]) for one in columns})
