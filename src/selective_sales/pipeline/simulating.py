"""A finished run in, the same portfolio without some clients and on other terms out. Nothing is decided again, nothing is written."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling
from ..checking.words import show
from ..comparing import simulation as steps
from ..comparing.simulation_terms import FORM, term_change
from ..engines import duckdb_engine as engine
from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Portfolio
from ..model.finding import Finding, Severity
from ..model.kind import Kind
from ..model.policy import MeasureName
from ..model.simulation import UNDETERMINED, Avoidable, Curves, Ground, How, Meaning, Move, Parting, Simulation, Sums, TermChange, Whale
from ..model.steps import Step, begin
from .finished import FinishedRun
from .leaving_grounds import leaving_grounds
from .policies import file_finding
from .summary import titles

if TYPE_CHECKING:
    import duckdb

NOBODY = "none"
"""What `--without` says where everybody stays."""
MOST_CHANGES = 50
Row = Mapping[str, object]


def simulate(
    run: FinishedRun, without: Sequence[str] | None, changes: Sequence[str] = (), *, again: bool = False
) -> tuple[Simulation | None, tuple[Finding, ...]]:
    """The run's portfolio without the clients of those decisions (None: the most severe), and with the terms changed as written.

    `again`: everybody is decided again on those terms, to see who would move; nothing else depends on it.
    """
    checked = run.checked
    if checked.measure(MeasureName.REVENUE) is None:
        return None, (no_money(run),)
    asking = Asking(run)
    names = asking.leaving(without)
    terms = asking.terms(changes)
    if again:
        asking.decidable(terms)
    if asking.findings:
        return None, tuple(asking.findings)
    found = asked(run, terms, names, again=again)
    counted, curves = found.counted, found.curves
    nothing = no_clients(checked)
    policy = checked.policy
    simulation = Simulation(
        policy_id=policy.id,
        policy_version=policy.version,
        run_id=run.manifest.run_id,
        as_of=run.manifest.as_of,
        currency=policy.currency,
        languages=policy.languages,
        without=names,
        changes=terms,
        groups=steps.groups(counted, [d.id for d in policy.decisions], names, nothing),
        departure=steps.departure(counted, names, nothing),
        today=curves[0],
        after=curves[1],
        meanings=tuple(meanings(checked)),
        fixed=tuple(words(w) for w in compiling.held(checked, terms)),
        follows=compiling.followed(checked, terms),
        titles=titles(checked),
        grounds=found.grounds,
        again=found.moves,
    )
    return simulation, tuple(without_effect(run, terms))


def parting(run: FinishedRun, connection: duckdb.DuckDBPyConnection) -> Parting:
    """What `simulate` says of those who leave by default, on a connection that sees the run's facts and decisions."""
    checked = run.checked
    names, nothing = Asking(run).leaving(None), no_clients(checked)
    query = compiling.simulation_query(checked, run.manifest.as_of, (), names)
    engine.open_simulation(connection, query, run.folder.absolute())
    counted = [counts(checked, row) for row in engine.named_rows(connection, query.groups)]
    groups = steps.groups(counted, [d.id for d in checked.policy.decisions], names, nothing)
    today = [group.steps.today for group in groups]
    departure, grounds = steps.departure(counted, names, nothing), leaving_grounds(run, connection, names)
    return Parting(names, sum(today[1:], today[0]), departure, grounds)


@dataclass(frozen=True, slots=True)
class Found:
    """Sums per decision, the curves today and after, by what those who leave were decided, and who moves."""

    counted: list[steps.Counted]
    curves: list[Curves]
    grounds: tuple[Ground, ...]
    moves: tuple[Move, ...] | None


def asked(run: FinishedRun, terms: Sequence[TermChange], without: Sequence[str], *, again: bool) -> Found:
    """What the engine finds."""
    checked, as_of = run.checked, run.manifest.as_of
    query = compiling.simulation_query(checked, as_of, terms, without)
    folder = run.folder.absolute()
    with (
        tempfile.TemporaryDirectory(prefix="selective-sales-") as temp,
        engine.connected([folder / n for n in ("facts.parquet", "decisions.parquet")], [], Path(temp), engine.Limits()) as connection,
    ):
        begin(Step.PORTFOLIO)
        engine.open_simulation(connection, query, folder)
        counted = [counts(checked, row) for row in engine.named_rows(connection, query.groups)]
        curves = [
            Curves(whale(engine.named_rows(connection, revenue)[0]), whale(engine.named_rows(connection, profit)[0]) if profit else None)
            for revenue, profit in query.curves
        ]
        grounds = leaving_grounds(run, connection, without)
        if not again:
            return Found(counted, curves, grounds, None)
        begin(Step.AGAIN)
        deciding = compiling.redecide_query(checked, as_of, terms, exceptions=bool(run.exceptions))
        if run.exceptions:
            engine.create_exceptions(connection, [(e.client, e.decision) for e in run.exceptions], len(checked.policy.clients.key))
        rows = engine.decide_again(connection, deciding, query.revenue)
    order = [*(d.id for d in checked.policy.decisions), UNDETERMINED]
    moves = (Move(before, after, clients, amount(revenue) or Decimal(0)) for before, after, clients, revenue in rows)
    return Found(counted, curves, grounds, tuple(sorted(moves, key=lambda m: (order.index(m.before), order.index(m.after)))))


def no_money(run: FinishedRun) -> Finding:
    fields = [f.name for f in run.checked.policy.clients.fields if f.type is Kind.MONEY and not f.protected]
    fields += [m.name for m in run.checked.results if m.kind is Kind.MONEY and not m.is_list]
    called = fields[0] if fields else "sum(orders.amount)"
    message = f"nothing says what the revenue of a client is in the policy '{run.checked.policy.id}'"
    help = f"add to the policy  measures: {{revenue: {called}}}  with cost_to_serve, profit and avoidable_cost as far as they are known"
    return file_finding("SS862", message, run.folder, f"{help}; then evaluate again")


@dataclass(slots=True)
class Asking:
    """Takes apart what is asked for; what cannot be becomes a finding."""

    run: FinishedRun
    findings: list[Finding] = field(default_factory=list)

    @property
    def checked(self) -> CheckedPolicy:
        return self.run.checked

    def error(self, code: str, message: str, help: str) -> None:
        self.findings.append(file_finding(code, message, self.run.folder, help))

    def decisions(self) -> list[str]:
        return [*(d.id for d in self.checked.policy.decisions), UNDETERMINED]

    def leaving(self, without: Sequence[str] | None) -> tuple[str, ...]:
        """The decisions whose clients leave; by default those that need approval, else the most severe."""
        decisions = self.checked.policy.decisions
        if without is None:
            return tuple(d.id for d in decisions if d.approval_required) or (decisions[0].id,)
        names = [name.strip() for text in without for name in text.removeprefix("decision=").split(",")]
        if names == [NOBODY] and NOBODY not in self.decisions():
            return ()
        for name in dict.fromkeys(names):
            if name not in self.decisions():
                self.unknown_decision(name, f"; {NOBODY} for nobody" if NOBODY not in self.decisions() else "")
        return tuple(name for name in self.decisions() if name in names)

    def unknown_decision(self, name: str, more: str = "") -> None:
        near = difflib.get_close_matches(name, self.decisions(), 1)
        help = f"did you mean '{near[0]}'?" if near else f"the decisions are {', '.join(self.decisions())}{more}"
        self.error("SS863", f"the policy has no decision '{name}'", help)

    def terms(self, changes: Sequence[str]) -> tuple[TermChange, ...]:
        """The changes in the order in which they are given."""
        if len(changes) > MOST_CHANGES:
            self.error("SS864", f"{len(changes)} changes at once", f"give at most {MOST_CHANGES}")
            return ()
        found = []
        for text in changes:
            change = term_change(text)
            if isinstance(change, str):
                self.error("SS864", f"'{text}' is no change of terms: {change}", f"write {FORM}")
            elif self.fits(change):
                found.append(change)
        return tuple(found)

    def decidable(self, terms: Sequence[TermChange]) -> None:
        """Findings where facts alone cannot tell what would be decided on other terms."""
        help = "leave --decide-again out, or change the data and evaluate"
        for window in compiling.undecidable(self.checked, terms):
            self.error("SS868", f"nobody can be decided again: {words(window)} looks at what changes, and the run has not its rows", help)
        for measure in compiling.followed(self.checked, terms):
            message = f"nobody can be decided again: the profit is not calculated from what changes, only moved along with {measure}"
            self.error("SS868", message, help)

    def fits(self, change: TermChange) -> bool:
        """Whether the change names a decision and a value that can change so."""
        before = len(self.findings)
        if change.decision is not None and change.decision not in self.decisions():
            self.unknown_decision(change.decision)
        kind = self.kind(change)
        if kind is not None and not kind.is_numeric:
            self.error("SS866", f"'{change.name}' cannot change by an amount: it is a {kind.value}", "change an amount, a number or days")
        elif kind is not None:
            self.fits_kind(change, kind)
        return len(self.findings) == before

    def kind(self, change: TermChange) -> Kind | None:
        """The kind of what changes; None, after a finding, where nothing is called so, or it must not change."""
        checked, name = self.checked, change.name
        clients = checked.policy.clients
        values = {f.name: f.type for f in clients.fields if not f.protected} | {m.name: m.kind for m in checked.results if not m.is_list}
        values = {str(m.name): m.kind for m in checked.measures} | values
        if name in values and name not in clients.key:
            return values[name]
        if name in clients.key:
            self.error("SS866", f"'{name}' says who the client is", "change an amount, a number or days")
        elif checked.policy.parameter(name) is not None:
            help = (
                f"change it in the policy and evaluate again, or change what is calculated from it, such as {next(iter(values), 'revenue')}"
            )
            self.error("SS866", f"'{name}' is a parameter of the policy, no value of a client", help)
        else:
            near = difflib.get_close_matches(name, [n for n, k in values.items() if k.is_numeric], 1)
            help = f"did you mean '{near[0]}'?" if near else f"amounts that can change: {', '.join(self.amounts(values))}"
            self.error("SS865", f"no field, metric or measure is called '{name}'", help)
        return None

    def amounts(self, values: Mapping[str, Kind]) -> list[str]:
        return [name for name, kind in values.items() if kind is Kind.MONEY][:8]

    def fits_kind(self, change: TermChange, kind: Kind) -> None:
        """An amount that the value can hold."""
        if change.how is How.RELATIVE:
            return
        whole = kind in (Kind.INTEGER, Kind.DAYS, Kind.MONTHS)
        if whole and change.amount != change.amount.to_integral_value():
            self.error("SS866", f"'{change.text}': '{change.name}' is a whole number", "give a whole number, or a percentage")
        elif kind is Kind.MONEY and (abs(change.amount) >= 10**14 or change.amount != change.amount.quantize(Decimal("0.0001"))):
            self.error("SS866", f"'{change.text}': an amount of money has at most 14 digits and 4 decimal places", "give a shorter amount")


def counts(checked: CheckedPolicy, row: Row) -> steps.Counted:
    """A row of the engine as sums."""
    clients, counted = whole(row["clients"]), whole(row["counted"])

    def sums(when: str) -> Sums:
        return Sums(
            clients,
            counted,
            amount(row[f"revenue {when}"]) or Decimal(0),
            amount(row[f"profit {when}"]),
            amount(row[f"service_hours {when}"]),
            whole(row[f"service_hours {when} missing"]),
            amount(row[f"conflicts {when}"]),
            whole(row[f"conflicts {when} missing"]),
        )

    avoidable = None
    if row["avoidable"] is not None:
        cost = (amount(row["open revenue"]) or Decimal(0)) - (amount(row["open profit"]) or Decimal(0))
        avoidable = Avoidable(amount(row["avoidable"]) or Decimal(0), whole(row["open"]), cost, whole(row["above"]))
    return steps.Counted(str(row["decision"]), sums("today"), sums("after"), whole(row["held"]), avoidable)


def no_clients(checked: CheckedPolicy) -> Sums:
    """The sum over nobody: what the policy has no measure for stays unknown."""

    def zero(name: MeasureName) -> Decimal | None:
        return None if checked.measure(name) is None else Decimal(0)

    return Sums(profit=zero(MeasureName.PROFIT), hours=zero(MeasureName.SERVICE_HOURS), conflicts=zero(MeasureName.CONFLICTS))


def whale(row: Row) -> Whale:
    total, peak, best = (amount(row[name]) or Decimal(0) for name in ("total", "peak", "best_sum"))
    return Whale(whole(row["clients"]), total, peak, whole(row["above"]), whole(row["below"]), whole(row["best"]), best)


def amount(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None if value is None else Decimal(str(value))


def whole(value: object) -> int:
    assert isinstance(value, int)
    return value


def meanings(checked: CheckedPolicy) -> Iterator[Meaning]:
    """Where each measure comes from."""
    for measure in checked.measures:
        yield Meaning(measure.name, measure.column or show(measure.expression), measure.assumed, measure.others)


def words(window: Aggregate | Portfolio) -> str:
    return show(window)


def without_effect(run: FinishedRun, terms: Sequence[TermChange]) -> Iterator[Finding]:
    """A warning for each change that no measure is calculated from."""
    for change in terms:
        if not compiling.moves(run.checked, change):
            help = "change what the measures are calculated from: " + ", ".join(m.column or str(m.name) for m in run.checked.measures)
            message = f"'{change.text}' changes nothing of what is shown: no measure is calculated from '{change.name}'"
            yield file_finding("SS867", message, run.folder, help, Severity.WARNING)
