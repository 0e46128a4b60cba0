"""Mutants with their typed parts in; out, which fields of the data each reads at its place, and through what it is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model.checked import CheckedPolicy
from ..model.expression import Expression, ParameterValue, walk
from ..model.mutant import Mutant, Part, Retyped


def trees(checked: CheckedPolicy) -> Iterator[Expression]:
    yield from (c.expression for c in checked.calculations)
    yield from (m.expression for m in checked.metrics)
    for rule in checked.rules:
        yield rule.when
        if rule.unless is not None:
            yield rule.unless
    yield from (f.expression for f in checked.figures)
    yield from (x.require for x in checked.limits)
    yield from (g.always for g in checked.guarantees)


Fields = frozenset[tuple[str, str]]


def fields_read(checked: CheckedPolicy, mutants: Mapping[int, Mutant], parts: Mapping[int, Retyped]) -> dict[int, Fields]:
    """By mutant the fields of the data that the place reads, and through what it is seen."""
    whole = frozenset[tuple[str, str]]().union(*(checked.reads(rule.condition) for rule in checked.rules)) if checked.rules else frozenset()
    return {n: read_by(checked, mutant, parts[n]) or whole for n, mutant in mutants.items()}


def read_by(checked: CheckedPolicy, mutant: Mutant, parts: Retyped) -> Fields:
    match mutant.of:
        case Part.RULE:
            return frozenset[tuple[str, str]]().union(*(checked.reads(r.condition) for r in checked.rules if r.id == mutant.name))
        case Part.METRIC | Part.SCORE | Part.TABLE:
            return frozenset[tuple[str, str]]().union(*(checked.reads(checked.metric(name).expression) for name in parts.values))
        case Part.PARAMETER:
            trees = [r.condition for r in checked.rules] + [m.expression for m in checked.metrics]
            using = [t for t in trees if any(isinstance(n, ParameterValue) and n.name == mutant.name for n in walk(t))]
            return frozenset[tuple[str, str]]().union(*map(checked.reads, using))
        case Part.FIELD:
            table, _, name = mutant.name.partition(".")
            trees = [r.condition for r in checked.rules] + [m.expression for m in checked.metrics]
            return frozenset[tuple[str, str]]().union(*(reads for t in trees if (table, name) in (reads := checked.reads(t))))
        case _:
            return frozenset()
