"""A finished run in, its fairness audit out: who is decided how in which group, what carries a gap, which values stand for a group.

Refused: a policy that compares nothing, data that are gone or no longer what the run read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .. import auditing, compiling
from ..auditing import Input
from ..checking.words import show
from ..engines import auditing as counting
from ..engines import duckdb_engine as engine
from ..model.audit import Association, Audit, Counted, DivisionAudit, Measured, RuleNote, RuleWithout, Standard, Verdict
from ..model.checked import CheckedAcross, CheckedFairness
from ..model.expression import FieldValue, walk
from ..model.finding import Finding, Severity, in_order
from ..model.kind import Kind
from ..model.promises import OnBreach
from ..model.queries import AuditQuery
from ..model.steps import Step, as_a_whole, begin
from ..model.text import Texts
from .audited_clients import Source, client_source, load_clients, strangers
from .finished import FinishedRun
from .policies import file_finding
from .runs import Ending, StoppedError

if TYPE_CHECKING:
    import duckdb

MOST_GROUPS = 100
"""So many groups are compared, and so many values of a business field; beyond that, bands are asked for."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What came of it. `audit` is None where `findings` say why there is none, and `ending` on which side that lies."""

    audit: Audit | None
    findings: tuple[Finding, ...]
    ending: Ending = Ending.DONE


def audit(run: FinishedRun, arguments: Sequence[str] = (), limits: engine.Limits | None = None, temp: Path | None = None) -> Audited:
    """The audit of the run by its policy's section `fairness`. `arguments` name the clients' file where it is no longer where it was."""
    fairness = run.checked.fairness
    if fairness is None:
        message = f"the policy '{run.checked.policy.id}' does not say what is to be compared"
        help = "add the section fairness: {compare: [...], across: [...]} to the policy, and evaluate again"
        return Audited(None, (file_finding("SS910", message, run.folder, help),), Ending.USAGE)
    try:
        source = client_source(run, arguments)
        with tempfile.TemporaryDirectory(prefix="selective-sales-") as name, ExitStack() as stack:
            work = Work(run, fairness, source, Path(name), stack, limits or engine.Limits(), temp)
            return work.audited()
    except StoppedError as stop:
        return Audited(None, stop.outcome.findings, stop.outcome.ending)


@dataclass(slots=True)
class Work:
    """One audit in its temporary folder."""

    run: FinishedRun
    fairness: CheckedFairness
    source: Source
    root: Path
    stack: ExitStack
    limits: engine.Limits
    temp: Path | None

    def audited(self) -> Audited:
        run, checked = self.run, self.run.checked
        inputs = auditing.inputs_of(checked, run.manifest.as_of)
        query = compiling.audit_query(checked, run.manifest.as_of, [i.value for i in inputs])
        connection = self.open()
        begin(Step.AUDITING)
        clients, unknown, *sizes = counting.open_audit(connection, query, run.folder.absolute())
        if unknown:
            raise StoppedError(Ending.BROKEN_DATA, (strangers(run, self.source, unknown),))
        counted, findings = self.counted(connection, query, sizes)
        harmful = frozenset(d.id for d in checked.policy.decisions if d.approval_required)
        divisions, tests = auditing.judge(counted, self.fairness.declared, harmful)
        associations = tuple(self.associations(connection, query, inputs, sizes))
        without = self.without(connection, query, divisions, counted)
        made = self.made(clients, auditing.without_rules(divisions, without), tests, associations, without)
        return Audited(made, in_order((*findings, *self.unjustified(made))))

    def open(self) -> duckdb.DuckDBPyConnection:
        folder, scratch = self.run.folder.absolute(), self.root / "scratch"
        scratch.mkdir()
        files = [folder / "facts.parquet", folder / "decisions.parquet", *self.source.files]
        connection = self.stack.enter_context(engine.connected(files, [self.root, *self.source.folders], self.temp or scratch, self.limits))
        load_clients(connection, self.run, self.source, scratch)
        return connection

    def counted(
        self, connection: duckdb.DuckDBPyConnection, query: AuditQuery, sizes: Sequence[int]
    ) -> tuple[list[Counted], list[Finding]]:
        """The divisions with their counts, and what has too many values to be compared."""
        across, within = self.fairness.across, self.fairness.within
        of_groups, of_fields = sizes[: len(across)], sizes[len(across) : len(across) + len(within)]
        many = [(d, size, "divides") for d, size in zip(across, of_groups, strict=True) if size > MOST_GROUPS]
        many += [(d, size, "compares within") for d, size in zip(within, of_fields, strict=True) if size > MOST_GROUPS]
        findings = [too_many(*one) for one in many]
        made = []
        for number, (division, size) in enumerate(zip(across, of_groups, strict=True)):
            is_condition = division.expression.kind is Kind.BOOLEAN
            if size > MOST_GROUPS:
                made.append(Counted(division.id, (), is_condition, size))
                continue
            strata = [
                (w.id, counting.cells(connection, select))
                for w, select, values in zip(within, query.strata[number], of_fields, strict=True)
                if values <= MOST_GROUPS
            ]
            made.append(Counted(division.id, counting.cells(connection, query.counts[number]), is_condition, None, tuple(strata)))
        return made, findings

    def associations(
        self, connection: duckdb.DuckDBPyConnection, query: AuditQuery, inputs: Sequence[Input], sizes: Sequence[int]
    ) -> Iterator[Association]:
        """Every value with every division and protected field, the strongest of each first."""
        least, across = self.fairness.declared.strong_association, self.fairness.across
        sides = [*((d.id, False) for d in across), *query.protected]
        many = [*sizes[: len(across)], *sizes[len(across) + len(self.fairness.within) :]]
        found = []
        for asked in query.associations:
            (side, in_fifths), value = sides[asked.groups], inputs[asked.value]
            if many[asked.groups] > MOST_GROUPS:
                continue
            if asked.of_texts:
                clients, values, groups, chi = counting.contingency(connection, asked.sql)
                strength = auditing.cramers_v(clients, values, groups, chi)
            else:
                moments = counting.moments(connection, asked.sql)
                clients, strength = sum(m.clients for m in moments), auditing.ratio_of_correlation(moments)
            measure = Measured.CRAMERS_V if asked.of_texts else Measured.CORRELATION_RATIO
            strong = strength is not None and strength >= least
            name = value.value.name if isinstance(value.value, FieldValue) else show(value.value)
            found.append((asked.groups, Association(name, side, measure, strength, clients, value.rules, strong, in_fifths)))
        for _, association in sorted(found, key=lambda one: (one[0], -(one[1].strength or 0))):
            yield association

    def without(
        self, connection: duckdb.DuckDBPyConnection, query: AuditQuery, divisions: Sequence[DivisionAudit], counted: Sequence[Counted]
    ) -> tuple[RuleWithout, ...]:
        """The run without each rule that moved somebody; nothing is asked where there is no gap to carry."""
        if not any(d.verdict in (Verdict.FAIL, Verdict.WATCH) for d in divisions):
            return ()
        run, checked = self.run, self.run.checked
        moving = counting.moving_rules(connection, query)
        if run.exceptions:
            engine.create_exceptions(connection, [(e.client, e.decision) for e in run.exceptions], len(checked.policy.clients.key))
        made = []
        for rule in (r for r in checked.rules if r.id in moving):
            with as_a_whole(Step.WITHOUT, rule.id):
                other = compiling.without_rule_query(checked, run.manifest.as_of, rule.id, exceptions=bool(run.exceptions))
                moved, cells = counting.decide_without(connection, other, query)
                made.append(
                    RuleWithout(
                        rule.id, moved, tuple(Counted(c.division, cell) for c, cell in zip(counted, cells, strict=True) if not c.too_many)
                    )
                )
        return tuple(made)

    def made(
        self,
        clients: int,
        divisions: tuple[DivisionAudit, ...],
        tests: int,
        associations: tuple[Association, ...],
        without: Sequence[RuleWithout],
    ) -> Audit:
        run, policy, declared = self.run, self.run.checked.policy, self.fairness.declared
        moved = {w.rule: w.moved for w in without}
        standard = Standard(declared.minimum_ratio, declared.significance, declared.smallest_group, declared.strong_association,
                            declared.on_breach is OnBreach.FAIL)  # fmt: skip
        return Audit(
            policy_id=policy.id,
            policy_version=policy.version,
            run_id=run.manifest.run_id,
            as_of=run.manifest.as_of,
            languages=policy.languages,
            standard=standard,
            clients=clients,
            divisions=divisions,
            tests=tests,
            associations=associations,
            rules=tuple(RuleNote(r.id, r.title, r.justification, moved.get(r.id)) for r in policy.rules),
            not_audited=tuple(self.not_audited()),
            titles=tuple((d.id, d.title) for d in policy.decisions if d.title is not None),
            names=tuple(self.names()),
            labels=tuple(self.labels()),
        )

    def not_audited(self) -> Iterator[str]:
        """Protected fields that no division reaches."""
        reached = {name for d in self.fairness.across for table, name in self.run.checked.reads(d.expression) if table == "clients"}
        yield from (f.name for f in self.run.checked.policy.clients.fields if f.protected and f.name not in reached)

    def names(self) -> Iterator[tuple[str, Texts]]:
        """A division's own title comes before the label of a field of that name."""
        clients = self.run.checked.policy.clients
        yield from ((f.name, f.label) for f in clients.fields if f.label is not None)
        yield from ((m.name, m.title) for m in self.run.checked.results if m.title is not None)
        declared = self.fairness.declared
        yield from ((d.id, d.title) for d in (*declared.across, *declared.within) if d.title is not None)

    def labels(self) -> Iterator[tuple[str, tuple[tuple[str, tuple[tuple[str, str], ...]], ...]]]:
        """For what is a field with labels: by language the values with their labels."""
        for division in (*self.fairness.across, *self.fairness.within):
            field = labelled(division)
            found = None if field is None else self.run.checked.policy.clients.field(field)
            if found is not None and found.labels:
                values = [str(value) for value in found.one_of]
                yield division.id, tuple((language, tuple(zip(values, words, strict=True))) for language, words in found.labels)

    def unjustified(self, made: Audit) -> Iterator[Finding]:
        """A warning for each rule that stands on a value that is strongly associated with a protected group and says not why."""
        for rule in self.run.checked.policy.rules:
            strong = [a for a in made.associations if a.strong and rule.id in a.rules]
            if strong and rule.justification is None:
                named = ", ".join(f"'{a.value_used}' with '{a.division}' ({a.strength:.2f})" for a in strong[:3])
                message = f"the rule '{rule.id}' stands on what is strongly associated with a protected group: {named}"
                help = "say why it may, justification: {aim: ..., appropriate: ..., necessary: ...}, or decide by something else"
                yield Finding("SS915", message, rule.place, help, Severity.WARNING)


def labelled(division: CheckedAcross) -> str | None:
    """The field that the division simply is."""
    return division.expression.name if isinstance(division.expression, FieldValue) else None


def too_many(division: CheckedAcross, size: int, what: str) -> Finding:
    reads = [node.name for node in walk(division.expression) if isinstance(node, FieldValue)]
    name = reads[0] if reads else division.id
    message = f"'{division.id}' {what} the clients by {size} values: at most {MOST_GROUPS} are compared, so it was left out"
    return Finding("SS916", message, division.place, f"declare bands, such as {{id: ..., is: {name} <= 25}}", Severity.WARNING)
