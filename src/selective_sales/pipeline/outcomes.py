"""Mutants of figures, limits and guarantees in; out, which a case notices that expects something of its clients together.

Nothing is decided by them, so they stand beside the policy's own in one query over the results.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .. import compiling, testing
from ..engines import variants as engine
from ..model.kind import Kind
from ..model.mutant import Part, Retyped
from ..testing.values import Actual
from .bench import Bench, Killed
from .cases import wholes_found

OUTCOMES = {Part.FIGURE: "figures", Part.LIMIT: "limits", Part.GUARANTEE: "guarantees"}


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
    its: dict[tuple[str, str, str], tuple[Actual, Kind]] = {}
    for (section, name, group), value in found.items():
        n, original = names.get((section, name), (0, ""))
        if n == number:
            its[(section, original, group)] = value
    return own | its
