"""Mutants of figures, limits and guarantees, and of the parameters that only they read, in; out, which a case notices that expects
something of its clients together.

Nothing is decided by them, so they stand beside the policy's own in one query over the results.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .. import compiling, testing
from ..engines import variants as engine
from ..model.checked import CheckedPolicy
from ..model.expression import Expression, ParameterValue, walk
from ..model.kind import Kind
from ..model.mutant import Mutant, Part, Retyped
from ..model.policy import Parameter
from ..testing.values import Actual
from .bench import Bench, Killed, Mutants
from .cases import wholes_found

OUTCOMES = {Part.FIGURE: "figures", Part.LIMIT: "limits", Part.GUARANTEE: "guarantees"}


def try_outcomes(bench: Bench, mutants: Mutants, parts: Mapping[int, Retyped]) -> Killed:
    """Those of figures, limits and guarantees, each as one more beside the policy's own; and those of parameters, in what reads them."""
    own = {n: parts[n] for n, m in mutants.items() if m.of in OUTCOMES}
    others = {n: other for n, m in mutants.items() if (other := other_value(bench, n, m)) is not None}
    read = {n: Retyped(outcomes=dict(reading(bench.batch.whole, mutants[n].name, other.name))) for n, other in others.items()}
    return tried(bench, own | read, tuple(others.values()))


def other_value(bench: Bench, number: int, mutant: Mutant) -> Parameter | None:
    """The mutant's parameter under a name of its own, where no client is decided by it and the batch leaves it as it is."""
    its, own = mutant.policy.parameter(mutant.name), bench.own.policy.parameter(mutant.name)
    if mutant.of is not Part.PARAMETER or its is None or bench.batch.checked.policy.parameter(mutant.name) != own:
        return None
    whole = bench.batch.whole
    rows = [*(c.expression for c in whole.calculations), *(m.expression for m in whole.metrics), *(r.condition for r in whole.rules)]
    return None if any(reads(tree, mutant.name) for tree in rows) else replace(its, name=compiling.other_name(number, mutant.name))


def reading(whole: CheckedPolicy, parameter: str, other: str) -> Iterator[tuple[tuple[Part, str], Expression]]:
    """What reads the parameter, with the other in its place."""
    found = [((Part.FIGURE, f.name), f.expression) for f in whole.figures]
    found += [((Part.LIMIT, x.id), x.require) for x in whole.limits] + [((Part.GUARANTEE, g.id), g.always) for g in whole.guarantees]
    yield from ((name, compiling.tree_with(tree, parameter, other)) for name, tree in found if reads(tree, parameter))


def reads(tree: Expression, parameter: str) -> bool:
    return any(isinstance(node, ParameterValue) and node.name == parameter for node in walk(tree))


def tried(bench: Bench, parts: Mapping[int, Retyped], parameters: tuple[Parameter, ...]) -> Killed:
    """The changed trees beside the policy's own, in one query."""
    batch = bench.batch
    whole = replace(batch.whole, policy=replace(batch.whole.policy, parameters=(*batch.whole.policy.parameters, *parameters)))
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
    its: dict[tuple[str, str, str], tuple[Actual, Kind]] = {}
    for (section, name, group), value in found.items():
        n, original = names.get((section, name), (0, ""))
        if n == number:
            its[(section, original, group)] = value
    return own | its
