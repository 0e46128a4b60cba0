"""Mutants of figures, limits and guarantees in; out, which a case notices that expects something of its clients together.

Nothing is decided by them, so they stand beside the policy's own in one query over the results. What reads a parameter that has a mutant
stands there once more, too, with the mutant's value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .. import compiling, testing
from ..engines import variants as engine
from ..model.checked import CheckedFigure, CheckedGuarantee, CheckedLimit, CheckedPolicy
from ..model.kind import Kind
from ..model.mutant import Part, Retyped
from ..testing.values import Actual
from .bench import Bench, Killed
from .cases import wholes_found

OUTCOMES = {Part.FIGURE: "figures", Part.LIMIT: "limits", Part.GUARANTEE: "guarantees"}
Names = dict[tuple[str, str], tuple[int, str]]
"""Section and name of what stands beside the policy's own -> the mutant's number, and the name in the policy."""


def try_outcomes(bench: Bench, parts: Mapping[int, Retyped]) -> Killed:
    """The mutants of figures, limits and guarantees: each as one more beside the policy's own."""
    batch = bench.batch
    whole = batch.whole
    figures, limits, guarantees = list(whole.figures), list(whole.limits), list(whole.guarantees)
    names: Names = {}
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


def with_other_parameters(whole: CheckedPolicy, variants: Sequence[compiling.Variant]) -> tuple[CheckedPolicy, Names]:
    """The policy with all variants in it; beside each figure, limit and guarantee that reads a varied parameter the same with its value."""
    figures: list[CheckedFigure] = []
    limits: list[CheckedLimit] = []
    guarantees: list[CheckedGuarantee] = []
    names: Names = {}
    for variant in variants:
        if variant.parameter is None:
            continue
        n, name = variant.number, variant.parameter.name
        other = compiling.other_name(n, name)
        for figure in whole.figures:
            if (tree := compiling.tree_with(figure.expression, name, other)) is not figure.expression:
                names["figures", f"#{n} {figure.name}"] = (n, figure.name)
                figures.append(replace(figure, name=f"#{n} {figure.name}", expression=tree))
        for limit in whole.limits:
            if (tree := compiling.tree_with(limit.require, name, other)) is not limit.require:
                names["limits", f"#{n} {limit.id}"] = (n, limit.id)
                limits.append(replace(limit, id=f"#{n} {limit.id}", require=tree))
        for guarantee in whole.guarantees:
            if (tree := compiling.tree_with(guarantee.always, name, other)) is not guarantee.always:
                names["guarantees", f"#{n} {guarantee.id}"] = (n, guarantee.id)
                guarantees.append(replace(guarantee, id=f"#{n} {guarantee.id}", always=tree))
    more = replace(
        whole,
        figures=(*whole.figures, *figures),
        limits=(*whole.limits, *limits),
        guarantees=(*whole.guarantees, *guarantees),
    )
    return more, names


def as_mutant(found: testing.Whole, names: Mapping[tuple[str, str], tuple[int, str]], number: int) -> testing.Whole:
    """What the clients come to with the mutant: its figures, limits and guarantees in the place of the policy's."""
    own = {key: value for key, value in found.items() if (key[0], key[1]) not in names}
    its: dict[tuple[str, str, str], tuple[Actual, Kind]] = {}
    for (section, name, group), value in found.items():
        n, original = names.get((section, name), (0, ""))
        if n == number:
            its[(section, original, group)] = value
    return own | its
