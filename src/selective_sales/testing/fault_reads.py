"""Mutants with their typed parts in; out, which fields of the data each reads at its place, and through what it is seen."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.checked import CheckedPolicy
from ..model.expression import ParameterValue, walk
from ..model.mutant import Mutant, Part, Retyped

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
