"""Mutants of figures, limits and guarantees, and of parameters that only those name, in; out, which a case notices that expects something
of its clients together.

Nothing is decided by them, so they stand beside the policy's own in one query over the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .. import compiling, testing
from ..engines import variants as engine
from ..model.checked import CheckedPolicy
from ..model.expression import Expression, ParameterValue, walk
from ..model.kind import Kind
from ..model.mutant import Part, Retyped
from ..model.policy import Parameter
from ..testing.values import Actual
from .bench import Bench, Killed
from .cases import wholes_found

OUTCOMES = {Part.FIGURE: "figures", Part.LIMIT: "limits", Part.GUARANTEE: "guarantees"}


def try_outcomes(bench: Bench, parts: Mapping[int, Retyped], parameters: Mapping[int, Parameter]) -> Killed:
    """The mutants of figures, limits and guarantees, and of parameters: each as one more beside the policy's own."""
    batch = bench.batch
    whole = batch.whole
    figures, limits, guarantees = list(whole.figures), list(whole.limits), list(whole.guarantees)
    others = of_parameters(whole, parameters)
    names: dict[tuple[str, str], tuple[int, str]] = {}
    for n, outcomes in [*((n, retyped.outcomes) for n, retyped in parts.items()), *others.items()]:
        for (part, name), tree in outcomes.items():
            new = f"#{n} {name}"
            names[(OUTCOMES[part], new)] = (n, name)
            match part:
                case Part.FIGURE:
                    figures += [replace(f, name=new, expression=tree) for f in whole.figures if f.name == name]
                case Part.LIMIT:
                    limits += [replace(x, id=new, require=tree) for x in whole.limits if x.id == name]
                case _:
                    guarantees += [replace(g, id=new, always=tree) for g in whole.guarantees if g.id == name]
    if not names:
        return {}
    changed = [replace(parameters[n], name=compiling.other_name(n, parameters[n].name)) for n in others]
    policy = replace(whole.policy, parameters=(*whole.policy.parameters, *changed))
    more = replace(whole, policy=policy, figures=tuple(figures), limits=tuple(limits), guarantees=tuple(guarantees))
    query = compiling.results_query(more, batch.batch.as_of, partition=bench.column)
    engine.open_results(batch.connection, query, batch.folder)
    killed: Killed = {}
    for key, found in wholes_found(batch.connection, more, query, bench.column).items():
        for n in [*parts, *others]:
            if n not in killed and (name := bench.notice_of_the_run(key, as_mutant(found, names, n))):
                killed[n] = name
    return killed


def of_parameters(whole: CheckedPolicy, parameters: Mapping[int, Parameter]) -> dict[int, dict[tuple[Part, str], Expression]]:
    """For each mutant the figures, limits and guarantees that name its parameter, with the other value in them.

    A parameter that clients are decided by is none of these: what they come to with it is tried where they are decided.
    """
    own = {(Part.FIGURE, f.name): f.expression for f in whole.figures} | {(Part.LIMIT, x.id): x.require for x in whole.limits}
    own |= {(Part.GUARANTEE, g.id): g.always for g in whole.guarantees}
    decided = [m.expression for m in whole.metrics] + [c.expression for c in whole.calculations]
    decided += [tree for rule in whole.rules for tree in (rule.when, rule.unless) if tree is not None]
    deciding = names_of_parameters(decided)
    found: dict[int, dict[tuple[Part, str], Expression]] = {}
    for n, parameter in parameters.items():
        reading = {key: tree for key, tree in own.items() if parameter.name in names_of_parameters([tree])}
        if reading and parameter.name not in deciding:
            other = compiling.other_name(n, parameter.name)
            found[n] = {key: compiling.tree_with(tree, parameter.name, other) for key, tree in reading.items()}
    return found


def names_of_parameters(trees: Iterable[Expression]) -> set[str]:
    return {node.name for tree in trees for node in walk(tree) if isinstance(node, ParameterValue)}


def as_mutant(found: testing.Whole, names: Mapping[tuple[str, str], tuple[int, str]], number: int) -> testing.Whole:
    """What the clients come to with the mutant: its figures, limits and guarantees in the place of the policy's."""
    own = {key: value for key, value in found.items() if (key[0], key[1]) not in names}
    its: dict[tuple[str, str, str], tuple[Actual, Kind]] = {}
    for (section, name, group), value in found.items():
        n, original = names.get((section, name), (0, ""))
        if n == number:
            its[(section, original, group)] = value
    return own | its
