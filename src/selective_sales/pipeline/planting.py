"""A decided batch of test cases and mutants of its policy in; out, for each mutant that a case notices, the name of that case.

Mutants of what a client is decided by are decided side by side, over copies of the batch's tables, by one query; those of the ranking each by
a small query over the rules' outcomes; those of figures, limits and guarantees stand beside the policy's own in one query over the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from .. import compiling, data, testing
from ..compiling.render import VARIANT
from ..engines import variants as engine
from ..model.checked import CheckedPolicy
from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.mutant import Mutant, Part, Retyped
from ..model.plan import Query
from ..model.policy import Field, Table
from ..model.tested import CaseResult
from .cases import DecidedBatch, wholes_found

LEFT_OUT = frozenset({"missing_because"})
RULE_COLUMNS = frozenset({"decision", "policy_decision", "decided_by", "fired", "applied", "unknown", "possible_decisions"})
OUTCOMES = {Part.FIGURE: "figures", Part.LIMIT: "limits", Part.GUARANTEE: "guarantees"}
Killed = dict[int, str]
Mutants = Mapping[int, Mutant]


@dataclass(frozen=True, slots=True)
class Bench:
    """The cases of a batch that pass, by key, and what they expect of their clients. `own` is the policy without the batch's parameters."""

    batch: DecidedBatch
    own: CheckedPolicy
    ready: Mapping[str, tuple[testing.ReadyCase, CaseResult]]
    columns: frozenset[str]
    kinds: Mapping[str, Kind]

    @classmethod
    def of(cls, batch: DecidedBatch, own: CheckedPolicy) -> Bench:
        pairs = zip(batch.batch.cases, batch.results, strict=True)
        ready = {case.key: (case, result) for case, result in pairs if result.passed}
        columns = frozenset(c.name for case, _ in ready.values() for one in case.expect for c in one.columns) - LEFT_OUT
        return cls(batch, own, ready, columns, testing.Needs(batch.checked).kinds)

    @property
    def column(self) -> str:
        return self.batch.batch.case_column

    @property
    def exceptions(self) -> bool:
        return any(exception.holds(self.batch.batch.as_of) for exception in self.batch.batch.exceptions)

    @property
    def expects_of_the_run(self) -> bool:
        return any(case.case.expect_run for case, _ in self.ready.values())

    def notice(self, row: Mapping[str, object]) -> str:
        """The name of the case that fails with this row for one of its clients; "" where none does."""
        case = self.ready.get(str(row[self.column]))
        noticed = case is not None and testing.case_notices(self.batch.batch, case[0], self.kinds, row, LEFT_OUT)
        return case[1].name if case is not None and noticed else ""

    def notice_of_the_run(self, key: str, whole: testing.Whole) -> str:
        """The name of the case that fails where its clients come to this together; "" where it does not."""
        case = self.ready.get(key)
        return case[1].name if case is not None and testing.run_notices(case[0], whole) else ""


def try_mutants(bench: Bench, mutants: Mutants, parts: Mapping[int, Retyped]) -> Killed:
    """The mutants that a case of the batch notices, with its name."""
    if not bench.ready:
        return {}
    killed = try_rows(bench, mutants, parts)
    killed |= try_rankings(bench, {n: m for n, m in mutants.items() if m.of is Part.RANKING})
    if bench.expects_of_the_run:
        killed |= try_outcomes(bench, {n: parts[n] for n, m in mutants.items() if m.of in OUTCOMES})
    return killed


def try_rows(bench: Bench, mutants: Mutants, parts: Mapping[int, Retyped]) -> Killed:
    """The mutants that stand in a client's own values or in a rule's condition."""
    killed: Killed = {}
    batch = bench.batch
    with planted(bench, mutants, parts) as found:
        if found is None:
            return {}
        for number, row in engine.differing_rows(batch.connection, found.query, sorted(bench.columns), bench.column):
            if number not in killed and (name := bench.notice(row)):
                killed[number] = name
        if bench.expects_of_the_run:
            results = compiling.results_query(found.whole, batch.batch.as_of, partition=bench.column)
            engine.open_variant_results(batch.connection, results)
            for key, whole in wholes_found(batch.connection, found.whole, results, bench.column).items():
                case, _, number_text = key.rpartition(":")
                if int(number_text) not in killed and (name := bench.notice_of_the_run(case, whole)):
                    killed[int(number_text)] = name
    return killed


@dataclass(frozen=True, slots=True)
class Decided:
    """The policy with all variants in it, and the query that has decided them."""

    whole: CheckedPolicy
    query: Query


@contextmanager
def planted(
    bench: Bench, mutants: Mutants, parts: Mapping[int, Retyped], groups: Mapping[str, Sequence[int]] | None = None
) -> Iterator[Decided | None]:
    """Within: the mutants of rows are decided for every case (for those of their groups, where there are any); None where there is none."""
    batch = bench.batch
    chosen = [variant for n, m in mutants.items() if (variant := variant_of(bench, n, m, parts[n])) is not None]
    blanks = {n: m for n, m in mutants.items() if is_blank_filled(bench.own, m)}
    if not chosen and not blanks:
        yield None
        return
    whole = compiling.varied(batch.whole, chosen)
    query = compiling.compile_policy(whole, batch.batch.as_of, exceptions=bench.exceptions, partition=bench.column, reasons=False)
    numbers = [*(variant.number for variant in chosen), *blanks]
    copies = engine.Copies(numbers, bench.column, VARIANT, tables_with_blanks(bench, blanks), groups)
    with engine.copied(batch.connection, whole.policy.tables, copies, batch.folder):
        engine.decide_variants(batch.connection, query)
        yield Decided(whole, query)


def variant_of(bench: Bench, number: int, mutant: Mutant, parts: Retyped) -> compiling.Variant | None:
    """The mutant as a variant of the batch's policy; None where it stands elsewhere, or the batch gives the parameter another value."""
    match mutant.of:
        case Part.PARAMETER:
            parameter = mutant.policy.parameter(mutant.name)
            same = bench.batch.checked.policy.parameter(mutant.name) == bench.own.policy.parameter(mutant.name)
            return compiling.Variant(number, parts, parameter) if same and parameter is not None else None
        case Part.RANKING | Part.FIGURE | Part.LIMIT | Part.GUARANTEE:
            return None
        case _:
            return compiling.Variant(number, parts) if parts != Retyped() else None


def field_of(checked: CheckedPolicy, name: str, tables: Iterable[Table]) -> Field:
    table, _, field = name.partition(".")
    return next(f for t in tables if t.name == table for f in t.fields if f.name == field)


def is_blank_filled(own: CheckedPolicy, mutant: Mutant) -> bool:
    """Whether the mutant changes what a blank cell stands for."""
    if mutant.of is not Part.FIELD:
        return False
    return field_of(own, mutant.name, own.policy.tables).missing != field_of(own, mutant.name, mutant.policy.tables).missing


def tables_with_blanks(bench: Bench, blanks: Mutants) -> dict[str, tuple[str, dict[str, str]]]:
    """Loads the batch once more with its blanks left blank, where a mutant fills them otherwise; the columns' SQL by table."""
    others: dict[str, dict[str, list[tuple[int, Scalar | None]]]] = {}
    for n, mutant in blanks.items():
        table, _, name = mutant.name.partition(".")
        value = field_of(bench.own, mutant.name, mutant.policy.tables).missing
        others.setdefault(table, {}).setdefault(name, []).append((n, value))
    if not others:
        return {}
    load_blank(bench)
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for table in bench.batch.whole.policy.tables:
        if table.name in others:
            fields = [f for f in table.fields if f.missing is not None]
            columns = {f.name: compiling.filled(f, others[table.name].get(f.name, [])) for f in fields}
            found[table.name] = (blank_name(table.name), columns)
    return found


def blank_name(table: str) -> str:
    return f"#blank {table}"


def load_blank(bench: Bench) -> None:
    """The batch's files as tables of other names, no blank filled."""
    batch = bench.batch
    tables = tuple(
        replace(table, name=blank_name(table.name), fields=tuple(replace(f, missing=None) for f in table.fields))
        for table in batch.whole.policy.tables
    )
    files = {table.name: batch.folder / "in" / f"table{number}.csv" for number, table in enumerate(tables)}
    currency, as_of = batch.whole.policy.currency, batch.batch.as_of
    data.load(batch.connection, tables, files, currency=currency, as_of=as_of, quarantine=None, staging=batch.folder)


def try_rankings(bench: Bench, mutants: Mutants) -> Killed:
    """The mutants that leave every rule as it is, and rank them otherwise."""
    columns = sorted(bench.columns & RULE_COLUMNS)
    if not mutants or not columns:
        return {}
    killed: Killed = {}
    for n, rows in ranked(bench, mutants, columns):
        name = next(filter(None, map(bench.notice, rows)), "")
        if name:
            killed[n] = name
    return killed


def ranked(bench: Bench, mutants: Mutants, columns: Sequence[str]) -> Iterator[tuple[int, list[dict[str, object]]]]:
    """For each mutant of the ranking the rows that it decides otherwise, in one of the columns."""
    batch = bench.batch
    select = compiling.outcomes_query(batch.whole, batch.batch.as_of)
    with engine.outcomes(batch.connection, compiling.macro_statements(), select, batch.folder):
        for n, mutant in mutants.items():
            query = compiling.ranking_query(batch.whole, mutant.policy, batch.batch.as_of, exceptions=bench.exceptions)
            engine.rank_again(batch.connection, query)
            yield n, engine.ranked_rows(batch.connection, query.key, columns)


def try_outcomes(bench: Bench, parts: Mapping[int, Retyped]) -> Killed:
    """The mutants of figures, limits and guarantees: each as one more beside the policy's own."""
    batch = bench.batch
    whole = batch.whole
    figures, limits, guarantees = list(whole.figures), list(whole.limits), list(whole.guarantees)
    names: dict[tuple[str, str], tuple[int, str]] = {}
    for n, retyped in parts.items():
        for (part, name), tree in retyped.outcomes.items():
            new = f"#{n} {name}"
            names[(OUTCOMES[part], new)] = (n, name)
            match part:
                case Part.FIGURE:
                    figures += [replace(f, name=new, expression=tree) for f in whole.figures if f.name == name]
                case Part.LIMIT:
                    limits += [replace(x, id=new, require=tree) for x in whole.limits if x.id == name]
                case _:
                    guarantees += [replace(g, id=new, always=tree) for g in whole.guarantees if g.id == name]
    more = replace(whole, figures=tuple(figures), limits=tuple(limits), guarantees=tuple(guarantees))
    query = compiling.results_query(more, batch.batch.as_of, partition=bench.column)
    engine.open_results(batch.connection, query, batch.folder)
    killed: Killed = {}
    for key, found in wholes_found(batch.connection, more, query, bench.column).items():
        for n in parts:
            if n not in killed and (name := bench.notice_of_the_run(key, as_mutant(found, names, n))):
                killed[n] = name
    return killed


def as_mutant(found: testing.Whole, names: Mapping[tuple[str, str], tuple[int, str]], number: int) -> testing.Whole:
    """What the clients come to with the mutant: its figures, limits and guarantees in the place of the policy's."""
    own = {key: value for key, value in found.items() if (key[0], key[1]) not in names}
    its: dict[tuple[str, str, str], object] = {}
    for (section, name, group), value in found.items():
        n, original = names.get((section, name), (0, ""))
        if n == number:
            its[(section, original, group)] = value
    return own | its  # type: ignore[operator]
