"""A decided batch of test cases and mutants of its policy in; out, for each mutant that a case notices, the name of that case.

Mutants of what a client is decided by are decided side by side, over copies of the batch's tables, by one query; those of the ranking
each by a small query over the rules' outcomes; those of figures, limits and guarantees stand beside the policy's own in one query over
the results.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from .. import compiling
from ..compiling.render import VARIANT
from ..engines import variants as engine
from ..model.checked import CheckedPolicy
from ..model.mutant import Mutant, Part, Retyped
from ..model.plan import Query
from .bench import RULE_COLUMNS, Bench, Killed, Mutants
from .blanks import is_blank_filled, tables_with_blanks
from .cases import wholes_found
from .outcomes import OUTCOMES, try_outcomes


def try_mutants(bench: Bench, mutants: Mutants, parts: Mapping[int, Retyped]) -> Killed:
    """The mutants that a case of the batch notices, with its name."""
    if not bench.ready:
        return {}
    killed = try_rows(bench, mutants, parts)
    killed |= try_rankings(bench, {n: m for n, m in mutants.items() if m.of is Part.RANKING})
    if bench.expects_of_the_run:
        variants = [variant_of(bench, n, m, parts[n]) for n, m in mutants.items() if m.of is Part.PARAMETER]
        own = {n: parts[n] for n, m in mutants.items() if m.of in OUTCOMES}
        killed |= try_outcomes(bench, own, {v.number: v.parameter for v in variants if v is not None and v.parameter is not None})
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
    copies = engine.Copies(numbers, bench.column, VARIANT, tables_with_blanks(batch, bench.own, blanks), groups)
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


def try_rankings(bench: Bench, mutants: Mutants) -> Killed:
    """The mutants that leave every rule as it is, and rank them otherwise."""
    columns = sorted(bench.columns & RULE_COLUMNS)
    if not mutants or not (columns or bench.expects_of_the_run):
        return {}
    killed: Killed = {}
    for n, rows in ranked(bench, mutants, sorted({*columns, "decision"})):
        name = next(filter(None, map(bench.notice, rows)), "")
        if name or (bench.expects_of_the_run and rows and (name := of_the_run(bench))):
            killed[n] = name
    return killed


def of_the_run(bench: Bench) -> str:
    """The case that fails where its clients come together to what follows from the decisions just made."""
    batch = bench.batch
    query = compiling.results_query(batch.whole, batch.batch.as_of, partition=bench.column)
    with engine.results_again(batch.connection, query, batch.folder):
        found = wholes_found(batch.connection, batch.whole, query, bench.column)
    return next(filter(None, (bench.notice_of_the_run(key, whole) for key, whole in found.items())), "")


def ranked(bench: Bench, mutants: Mutants, columns: Sequence[str]) -> Iterator[tuple[int, list[dict[str, object]]]]:
    """For each mutant of the ranking the rows that it decides otherwise, in one of the columns."""
    batch = bench.batch
    select = compiling.outcomes_query(batch.whole, batch.batch.as_of)
    with engine.outcomes(batch.connection, compiling.macro_statements(), select, batch.folder):
        known: set[str] = set()
        for n, mutant in mutants.items():
            query = compiling.ranking_query(batch.whole, mutant.policy, batch.batch.as_of, exceptions=bench.exceptions)
            engine.rank_again(batch.connection, query, columns, known)
            yield n, engine.ranked_rows(batch.connection, query.key, columns)
