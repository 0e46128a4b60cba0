"""A decided run in, what it came to as a whole out: figures, limits, guarantees, allocations, and findings on what was not kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling, explaining
from ..engines import duckdb_engine as engine
from ..engines import outcomes as whole_run
from ..model.checked import CheckedPolicy
from ..model.expression import And, Compare, CompareOp, Constant, Expression, ParameterValue, Scalar
from ..model.finding import Finding, Severity
from ..model.kind import Kind
from ..model.place import Place
from ..model.promises import OnBreach
from ..model.queries import AllocationColumns, LimitColumns, ResultsQuery
from ..model.results import (
    AllocationResult,
    Bound,
    Client,
    FigureResult,
    FigureRow,
    GroupResult,
    GuaranteeResult,
    Kept,
    LeftOut,
    LimitResult,
    Measured,
    TableConflict,
    WholeResult,
)
from ..model.text import Texts

if TYPE_CHECKING:
    import datetime

    import duckdb

EXAMPLES = 5
"""Of many clients so many are named; breaches.csv has them all."""
BREACHES = "breaches.csv"
Row = Mapping[str, object]
TURNED: Mapping[CompareOp, CompareOp] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""A comparison's sign, its sides swapped."""


def whole_result(connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, folder: Path, as_of: datetime.date) -> WholeResult:
    """Everything about the run in that folder as a whole."""
    query = compiling.results_query(checked, as_of)
    if not (query.whole or query.split or query.conflicts):
        return WholeResult()
    whole_run.open_results(connection, query, folder)
    row = engine.named_rows(connection, query.whole)[0] if query.whole else {}
    split = {f.figure: engine.named_rows(connection, f.sql) for f in query.split}
    reader = Reader(connection, checked, query)
    return WholeResult(
        figures=figures(checked, query, row, split),
        limits=tuple(reader.limits(row)),
        guarantees=tuple(reader.guarantees(row)),
        allocations=tuple(reader.allocations(row)),
        conflicts=tuple(reader.conflicts()),
        left_out=tuple(left_out(checked, query, row)),
    )


def figures(checked: CheckedPolicy, query: ResultsQuery, row: Row, split: Mapping[str, Sequence[Row]]) -> tuple[FigureResult, ...]:
    """The figures in the policy's order."""
    single = dict(query.figures)
    by = {f.figure: f.by for f in query.split}
    declared = {f.name: f for f in checked.policy.figures}
    made = []
    for figure in checked.figures:
        rows: tuple[FigureRow, ...]
        if figure.name in single:
            rows = (FigureRow((), value_of(row[single[figure.name]], figure.kind)),)
        else:
            kinds = [kind for _, kind in by[figure.name]]
            rows = tuple(
                FigureRow(
                    tuple(value_of(found[f"#by {i}"], kind) for i, kind in enumerate(kinds, 1)), value_of(found["#figure"], figure.kind)
                )
                for found in split[figure.name]
            )
        spoken = declared.get(figure.name)
        title, format = (None, "") if spoken is None else (spoken.title, spoken.format)
        made.append(FigureResult(figure.name, figure.kind, rows, by.get(figure.name, ()), title, format))
    return tuple(made)


def left_out(checked: CheckedPolicy, query: ResultsQuery, row: Row) -> Iterator[LeftOut]:
    for node, column in query.left_out:
        clients = whole_number(row[column])
        if clients:
            yield LeftOut(explaining.expression_text(checked, node), clients)


class Reader:
    """Reads the row over the whole, and asks for the clients behind what was not kept."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, query: ResultsQuery) -> None:
        self.connection, self.checked, self.query = connection, checked, query

    def clients(self, condition: str) -> tuple[int, tuple[Client, ...]]:
        count, keys = whole_run.clients_where(self.connection, self.query.key, condition, EXAMPLES)
        return count, tuple(keys)

    def limits(self, row: Row) -> Iterator[LimitResult]:
        for limit, columns in zip(self.checked.limits, self.query.limits, strict=True):
            kept = kept_of(row[columns.column])
            sides = tuple(self.side(side, row[column]) for side, column in columns.sides)
            who = behind(columns, kept)
            counted = (0, ()) if who is None else self.clients(who)
            text = explaining.expression_text(self.checked, limit.require)
            bounds = tuple(self.bounds(limit.require, dict(zip((node for node, _ in columns.sides), sides, strict=True))))
            yield LimitResult(limit.id, kept, limit.on_breach, text, sides, counted[0], counted[1], limit.title, bounds)

    def side(self, node: Expression, value: object) -> Measured:
        text = explaining.expression_text(self.checked, node)
        title, format = self.called(node, text)
        return Measured(
            text,
            node.kind,
            value_of(value, node.kind),
            isinstance(node, Constant),
            title,
            format,
            isinstance(node, Constant | ParameterValue),
        )

    def called(self, node: Expression, text: str) -> tuple[Texts | None, str]:
        """The title and the format of a parameter, or of the figure that stands there by its name."""
        parameter = self.checked.policy.parameter(node.name) if isinstance(node, ParameterValue) else None
        figure = next((f for f in self.checked.policy.figures if f.name == text), None)
        named = parameter or figure
        return (None, "") if named is None else (named.title, named.format)

    def bounds(self, require: Expression, sides: Mapping[Expression, Measured]) -> Iterator[Bound]:
        """The comparisons that must all hold, what is measured on the left; nothing where the condition is of another form."""
        parts = require.items if isinstance(require, And) else (require,)
        if not all(isinstance(part, Compare) for part in parts):
            return
        for part in parts:
            assert isinstance(part, Compare)
            left, right = sides[part.left], sides[part.right]
            turned = isinstance(part.left, Constant | ParameterValue)
            sign = TURNED[part.op] if turned else part.op
            yield Bound(right, sign, left) if turned else Bound(left, sign, right)

    def guarantees(self, row: Row) -> Iterator[GuaranteeResult]:
        for guarantee, columns in zip(self.checked.guarantees, self.query.guarantees, strict=True):
            breached, unknown = whole_number(row[columns.breached]), whole_number(row[columns.unknown])
            kept = Kept.BREACHED if breached else Kept.UNKNOWN if unknown else Kept.HELD
            examples = self.clients(f"{columns.condition} IS NOT TRUE")[1] if breached or unknown else ()
            text = explaining.expression_text(self.checked, guarantee.always)
            yield GuaranteeResult(guarantee.id, kept, guarantee.on_breach, text, breached, unknown, examples, guarantee.title)

    def allocations(self, row: Row) -> Iterator[AllocationResult]:
        for allocation, columns in zip(self.checked.allocations, self.query.allocations, strict=True):
            groups = tuple(
                GroupResult(
                    g.id,
                    whole_number(row[c.clients]),
                    value_of(row[c.measure], g.measure.kind),
                    g.measure.kind,
                    number(row[c.share]),
                    number(row[c.factor]) or 0.0,
                    number(row[c.result]),
                    g.title,
                )
                for g, c in zip(allocation.groups, columns.groups, strict=True)
            )
            unallocated = whole_number(row[columns.unallocated])
            yield AllocationResult(
                allocation.name,
                groups,
                number(row[columns.rest]),
                unallocated,
                whole_number(row[columns.fit_two]),
                whole_number(row[columns.others]),
                self.clients(f"{columns.group_of} IS NULL")[1] if unallocated else (),
                allocation.rest,
                allocation.title,
            )

    def conflicts(self) -> Iterator[TableConflict]:
        """Only tables whose rows did meet; which rows: those that are true for the first such client."""
        for table in self.query.conflicts:
            count, examples = self.clients(table.conflict)
            if count:
                hits = whole_run.rows_true(self.connection, [c for _, c in table.rows], table.conflict, self.query.key)
                yield TableConflict(table.table, tuple(n for (n, _), hit in zip(table.rows, hits, strict=True) if hit), count, examples)


def behind(limit: LimitColumns, kept: Kept) -> str | None:
    """The condition on the clients to name: whom a breached limit counts, who leaves it unknown; None where nobody is."""
    return None if kept is Kept.HELD else limit.clients if kept is Kept.BREACHED else limit.lacking


def kept_of(value: object) -> Kept:
    return Kept.UNKNOWN if value is None else Kept.HELD if value else Kept.BREACHED


def value_of(value: object, kind: Kind) -> Scalar | None:
    return explaining.scalar(value, kind)


def number(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None


def whole_number(value: object) -> int:
    assert isinstance(value, int)
    return value


def write_breaches(
    connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, whole: WholeResult, folder: Path, as_of: datetime.date
) -> None:
    """breaches.csv with every client behind a limit or guarantee that was not kept; no file where all were."""
    query = compiling.results_query(checked, as_of)
    broken = set(whole.breaches)
    kept = {limit.id: limit.kept for limit in whole.limits}
    behind_limits = ((c.limit, behind(c, kept[c.limit])) for c in query.limits if c.limit in broken)
    parts = [("limit", name, who) for name, who in behind_limits if who is not None]
    parts += [("guarantee", c.guarantee, f"{c.condition} IS NOT TRUE") for c in query.guarantees if c.guarantee in broken]
    if parts:
        whole_run.write_breaches(connection, query.key, parts, folder / BREACHES)


def result_findings(checked: CheckedPolicy, whole: WholeResult) -> Iterator[Finding]:
    """What was not kept, and what a reader of the results must know."""
    places: dict[str, Place] = {limit.id: limit.place for limit in checked.limits} | {g.id: g.place for g in checked.guarantees}
    places |= {a.name: a.place for a in checked.allocations} | {t.name: t.place for t in checked.tables}
    for limit in whole.limits:
        if limit.kept is not Kept.HELD:
            yield limit_finding(limit, places[limit.id])
    for guarantee in whole.guarantees:
        if guarantee.kept is not Kept.HELD:
            yield guarantee_finding(guarantee, places[guarantee.id])
    for allocation in whole.allocations:
        yield from allocation_findings(allocation, places[allocation.name])
    for conflict in whole.conflicts:
        rows = " and ".join(map(str, conflict.rows))
        shown = named(conflict.examples, conflict.clients)
        message = f"rows {rows} of the table '{conflict.table}' meet for {clients(conflict.clients)}: {shown}"
        help = "their outputs are missing: make the rows' conditions exclude each other, or choose the hit policy 'first'"
        yield Finding("SS540", message, places[conflict.table], help, Severity.WARNING)
    for left in whole.left_out:
        message = f"{left.text} leaves {clients(left.clients)} out: they have no value for it"
        yield Finding("SS541", message, Place(checked.policy.place.file), "", Severity.NOTE)


def severity(on_breach: OnBreach) -> Severity:
    return Severity.ERROR if on_breach is OnBreach.FAIL else Severity.WARNING


def limit_finding(limit: LimitResult, place: Place) -> Finding:
    shown = ", ".join(f"{s.text} is {figure(s)}" for s in limit.sides if not s.literal)
    verdict = "is breached" if limit.kept is Kept.BREACHED else "cannot be judged, which counts as a breach"
    many = clients(limit.clients)
    why = f"it counts {many}" if limit.kept is Kept.BREACHED else f"a value is missing for {many}"
    counted = f"; {why}: {named(limit.examples, limit.clients)}" if limit.clients else ""
    message = f"the limit '{limit.id}' {verdict}: {shown}{counted}"
    help = f"required is {limit.text}" + (f"; {BREACHES} in the run folder names every client" if limit.clients > EXAMPLES else "")
    return Finding("SS542", message, place, help, severity(limit.on_breach))


def figure(side: Measured) -> str:
    return "unknown" if side.value is None else str(side.value)


def guarantee_finding(guarantee: GuaranteeResult, place: Place) -> Finding:
    parts = [f"does not hold for {clients(guarantee.breached)}"] if guarantee.breached else []
    parts += [f"cannot be judged for {clients(guarantee.unknown)}"] if guarantee.unknown else []
    many = guarantee.breached + guarantee.unknown
    message = f"the guarantee '{guarantee.id}' {' and '.join(parts)}: {named(guarantee.examples, many)}"
    help = f"promised is {guarantee.text}" + (f"; {BREACHES} in the run folder names every client" if many > EXAMPLES else "")
    return Finding("SS543", message, place, help, severity(guarantee.on_breach))


def allocation_findings(allocation: AllocationResult, place: Place) -> Iterator[Finding]:
    if allocation.rest is not None and allocation.rest < 0:
        message = f"the allocation '{allocation.name}' gives away {1 - allocation.rest:.1%}, more than there is"
        yield Finding("SS544", message, place, "lower the factors, or make the groups smaller")
    if allocation.fit_two:
        message = f"{clients(allocation.fit_two)} fit more than one group of '{allocation.name}': the first group took them"
        yield Finding("SS545", message, place, "", Severity.NOTE)
    if allocation.unallocated:
        shown = named(allocation.unallocated_examples, allocation.unallocated)
        message = f"{clients(allocation.unallocated)} of '{allocation.name}' cannot be put into a group, or have no measure there: {shown}"
        yield Finding("SS546", message, place, "they get no share: fill in what is blank", Severity.WARNING)


def clients(number: int) -> str:
    return f"{number:,} {'client' if number == 1 else 'clients'}".replace(",", " ")


def named(examples: Sequence[Client], number: int) -> str:
    shown = ", ".join("|".join(key) for key in examples)
    return shown + (", ..." if number > len(examples) else "")


def allocation_columns(query: ResultsQuery, name: str) -> AllocationColumns | None:
    return next((a for a in query.allocations if a.allocation == name), None)
