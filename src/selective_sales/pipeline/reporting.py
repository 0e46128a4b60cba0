"""A finished run in, what its report says as plain numbers out. Nothing is decided again, nothing is written.

All sums are the engine's; what the program says elsewhere (`simulate`, `audit`, `diff`, limits) is asked of it there, never reckoned anew.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling
from ..compiling import Shown
from ..engines import duckdb_engine as engine
from ..engines import reporting as sums
from ..model.audit import Audit
from ..model.checked import CheckedPolicy
from ..model.comparison import Comparison
from ..model.expression import FieldValue, MetricValue
from ..model.finding import Finding, in_order
from ..model.policy import MeasureName
from ..model.report import Absent, Called, Curve, Decided, Head, Overlap, Report, Segments, Tally
from ..model.results import WholeResult
from ..model.simulation import UNDETERMINED, Parting, Whale
from ..model.steps import Step, begin
from ..model.text import Texts
from .finished import FinishedRun, open_run
from .report_marks import MatrixMaker, matrix_absent
from .report_segments import segments_of, segments_shown
from .report_tallies import amount, optional, tally, together, whole
from .report_values import Values
from .results import whole_result
from .sides import MANIFEST
from .simulating import meanings, parting
from .summary import titles
from .worklist import worklist

if TYPE_CHECKING:
    import duckdb

FIRSTS = tuple(Fraction(n, 100) for n in (1, 5, 10, 20, 50))
DRAWN = 160
"""Points of a curve that are drawn, besides its ends and its peak."""


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """What a report is asked for: the earlier run beside which this one stands, the hours to share out, what of the machine to use."""

    compare: Path | None = None
    hours: float | None = None
    limits: engine.Limits = field(default_factory=engine.Limits)
    temp: Path | None = None


def report_data(run: FinishedRun, asked: ReportAsked) -> tuple[Report | None, tuple[Finding, ...]]:
    """Everything that the report of the run says; None where the run to compare with cannot be."""
    comparison, told = compared(run, asked)
    if asked.compare is not None and comparison is None:
        return None, told
    begin(Step.PORTFOLIO)
    folder = run.folder.absolute()
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as temp:
        files = [folder / "facts.parquet", folder / "decisions.parquet"]
        with engine.connected(files, [], asked.temp or Path(temp), asked.limits) as connection:
            maker = Maker(run, asked, connection)
            made = maker.report(comparison)
    return made, in_order((*told, *maker.findings))


def compared(run: FinishedRun, asked: ReportAsked) -> tuple[Comparison | None, tuple[Finding, ...]]:
    """The earlier run beside this one, as `diff` compares them."""
    if asked.compare is None:
        return None, ()
    if not (asked.compare / MANIFEST).is_file():
        return None, open_run(asked.compare)[1]
    from .comparing import Ask, compare
    from .runs import Request

    request = Request({}, run.manifest.as_of, limits=asked.limits, temp=asked.temp)
    found = compare(Ask(asked.compare, run.folder, (), request, most=MOST_MOVED))
    return found.comparison, found.findings


MOST_MOVED = 5
"""Clients who are named of each cause of a move."""


@dataclass(slots=True)
class Maker:
    """Asks the engine for one part after the other, over one narrow table of clients."""

    run: FinishedRun
    asked: ReportAsked
    connection: duckdb.DuckDBPyConnection
    absent: dict[str, Absent] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def report(self, comparison: Comparison | None) -> Report:
        run, checked, connection = self.run, self.run.checked, self.connection
        values = Values(checked)
        money, profit, burden = values.money(), values.profit(), values.burden()
        divided, assumed = segments_shown(checked)
        ours, theirs = (None, None) if matrix_absent(checked) else (checked.report.ours, checked.report.theirs)
        shown = Shown(money, profit, burden, ours, theirs, tuple(divided))
        sums.open_report(connection, compiling.report_query(checked, run.manifest.as_of, shown), run.folder.absolute())
        decisions, decided = self.decided()
        parted = self.parting()
        undetermined = dict(decisions).get(UNDETERMINED, Tally(0))
        segments = tuple(self.segments(divided))
        by_money = self.curve("pareto_money", "money", values.called(money), known=profit is not None)
        by_burden = self.curve("pareto_burden", "burden", values.called(burden), known=False)
        return Report(
            head=self.head(),
            decisions=decisions,
            decided=decided,
            titles=(*titles(checked), *of_children(checked)),
            money=values.called(money),
            profit=values.called(profit),
            burden=values.called(burden),
            meanings=tuple(meanings(checked)),
            whale=self.curve("whale", "profit", values.called(profit), known=True),
            pareto_money=by_money,
            pareto_burden=by_burden,
            overlap=self.overlap(by_money, by_burden, known=profit is not None),
            matrix=MatrixMaker(run, connection, values).matrix(self.absent),
            segments=segments,
            segments_assumed=assumed,
            undetermined=undetermined,
            worklist=worklist(run, 0) if undetermined.clients else None,
            whole=self.whole(),
            audit=self.audit(),
            comparison=comparison,
            parting=parted,
            hours=self.asked.hours,
            labels=tuple(values.labels()),
            absent=tuple(self.absent.items()),
        )

    def head(self) -> Head:
        policy, manifest = self.run.checked.policy, self.run.manifest
        return Head(
            policy.id,
            policy.version,
            policy.title,
            policy.owner,
            manifest.as_of,
            manifest.run_id,
            manifest.digest,
            manifest.clients,
            policy.currency,
            tuple((t.name, t.rows_used, t.rows_set_aside + t.rows_ignored) for t in manifest.tables),
        )

    def decided(self) -> tuple[tuple[tuple[str, Tally], ...], tuple[Decided, ...]]:
        """Every decision with its clients, severe ones first; and what decided, most clients first."""
        rows = sums.by_decision(self.connection)
        found = [Decided(str(by), str(decision), tally(row)) for decision, by, *row in rows]
        order = [d.id for d in self.run.checked.policy.decisions]
        whole = {name: together(d.tally for d in found if d.decision == name) for name in (*order, UNDETERMINED)}
        decisions = tuple((name, t) for name, t in whole.items() if t.clients or name != UNDETERMINED)
        return decisions, tuple(sorted(found, key=lambda d: (-d.tally.clients, d.by, d.decision)))

    def curve(self, section: str, column: str, of: Called | None, *, known: bool) -> Curve | None:
        """The clients by that column, best first; None where nobody has it."""
        if of is None:
            self.absent[section] = Absent("no-measure")
            return None
        clients, total, peak, above, below, best, best_sum, eighty, *cuts = sums.open_curve(self.connection, column, known=known)
        count = whole(clients)
        if not count:
            self.absent[section] = Absent("nobody")
            return None
        whale = Whale(count, amount(total), amount(peak), whole(above), whole(below), whole(best), amount(best_sum))
        at = {f: max(1, int(count * f)) for f in FIRSTS}
        wanted = {1, count, *at.values(), *([whale.above] if whale.above else []), *steps(count, DRAWN)}
        points = dict(sums.points(self.connection, sorted(wanted)))
        firsts = tuple((f, n, points[n]) for f, n in at.items())
        unknown = self.run.manifest.clients - count
        return Curve(
            of,
            whale,
            ((0, Decimal(0)), *points.items()),
            unknown,
            None if eighty is None else whole(eighty),
            (optional(cuts[0]), optional(cuts[1])),
            firsts,
        )

    def overlap(self, money: Curve | None, burden: Curve | None, *, known: bool) -> Overlap | None:
        if money is None or burden is None:
            self.absent["overlap"] = Absent("no-measure")
            return None
        found = {(str(a), str(b)): tally(row) for a, b, *row in sums.classes(self.connection, money.cuts, burden.cuts, known=known)}
        cells = tuple(tuple(found.get((a, b), Tally(0)) for b in "ABC") for a in "ABC")
        counted = sum(t.clients for t in found.values())
        if not counted:
            self.absent["overlap"] = Absent("nobody")
            return None
        return Overlap(money.of, burden.of, cells, self.run.manifest.clients - counted)

    def segments(self, divided: Sequence[FieldValue | MetricValue]) -> Iterator[Segments]:
        if not divided:
            self.absent["segments"] = Absent("no-segments")
        for number, source in enumerate(divided):
            called = Values(self.run.checked).called(source)
            assert called is not None
            found = segments_of(self.connection, number, called)
            if found.values:
                yield found
            else:
                self.absent["segments"] = Absent("nobody")

    def whole(self) -> WholeResult:
        """Limits, guarantees and the like, read from the run's own evidence."""
        return whole_result(self.connection, self.run.checked, self.run.folder.absolute(), self.run.manifest.as_of)

    def parting(self) -> Parting | None:
        """The portfolio without those who leave; nothing where the policy does not say what a client brings."""
        if self.run.checked.measure(MeasureName.REVENUE) is None or self.run.checked.measure(MeasureName.PROFIT) is None:
            self.absent["what_if"] = Absent("no-measure")
            return None
        if not any(d.approval_required for d in self.run.checked.policy.decisions):
            self.absent["what_if"] = Absent("nobody-leaves")
            return None
        return parting(self.run, self.connection)

    def audit(self) -> Audit | None:
        """What `audit` says; where it says nothing, why."""
        if self.run.checked.fairness is None:
            self.absent["audit"] = Absent("undeclared")
            return None
        from .auditing import audit

        found = audit(self.run, (), self.asked.limits, self.asked.temp)
        if found.audit is None:
            self.absent["audit"] = Absent("no-data", "; ".join(f.message for f in found.findings))
        return found.audit


def of_children(checked: CheckedPolicy) -> Iterator[tuple[str, Texts]]:
    """What the fields of child tables are called, as `table.field`: data may be missing there too."""
    for table in checked.policy.tables[1:]:
        yield from ((f"{table.name}.{field.name}", field.label) for field in table.fields if field.label is not None)


def steps(count: int, drawn: int) -> Iterator[int]:
    """Numbers of clients at which a curve is drawn: evenly, and close together at its steep beginning."""
    yield from (1 + (count - 1) * i // drawn for i in range(drawn + 1))
    n = 1
    while n < count / drawn:
        yield n
        n = max(n + 1, n * 5 // 4)
