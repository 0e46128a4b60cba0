"""A mutant that no client was found for in; out, whether it is proved that there is none.

The trees that it changes and the policy's own are compared over every combination of values that their operands may have, by the production
query: the operands are fields of made-up clients, one client for each combination.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling
from ..engines import duckdb_engine as engine
from ..engines.variants import agree_everywhere
from ..model.checked import CheckedMetric, CheckedPolicy
from ..model.expression import And, Constant, Expression, IsMissing, MetricValue, Or, ParameterValue, children, walk, with_children
from ..model.kind import Kind
from ..model.mutant import Mutant, Part, Retyped
from ..model.policy import Field, Policy, Table
from ..testing.abstraction import MOST, Abstraction, inner_pairs

if TYPE_CHECKING:
    import duckdb

Pair = tuple[Expression, Expression]
NEVER = Constant(False, "false", kind=Kind.BOOLEAN)
KEY = "#client"
LEVELS = (0, 1, 2)
"""How deep metrics that are conditions are opened: each level sees more of how conditions exclude each other, and has more to combine."""


def proved(checked: CheckedPolicy, as_of: datetime.date, mutants: Mapping[int, Mutant], parts: Mapping[int, Retyped]) -> set[int]:
    """The mutants that decide every client alike, whatever the data, on that date."""
    if not mutants:
        return set()
    with (
        tempfile.TemporaryDirectory(prefix="selective-sales-mutants-") as temp,
        engine.connected([], [], Path(temp), engine.Limits(threads=1)) as connection,
    ):
        return {
            n
            for n, mutant in mutants.items()
            if is_proved(connection, with_other(checked, mutant), as_of, list(pairs(checked, mutant, parts[n])))
        }


def with_other(checked: CheckedPolicy, mutant: Mutant) -> CheckedPolicy:
    """The policy with the mutant's value of a parameter beside its own."""
    parameter = mutant.policy.parameter(mutant.name) if mutant.of is Part.PARAMETER else None
    if parameter is None:
        return checked
    other = replace(parameter, name=compiling.other_name(0, parameter.name))
    return replace(checked, policy=replace(checked.policy, parameters=(*checked.policy.parameters, other)))


def is_proved(connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, as_of: datetime.date, found: list[Pair]) -> bool:
    return bool(found) and all(same(connection, checked, as_of, *pair) for pair in found)


def same(connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, as_of: datetime.date, one: Expression, other: Expression) -> bool:
    """Whether the two trees agree: as they are, or by the conditions within brackets in which alone they differ."""
    if one == other:
        return True
    inner = inner_pairs(one, other)
    if inner:
        return all(same(connection, checked, as_of, *pair) for pair in inner)
    return any(agree(connection, Abstraction(checked, as_of, levels), one, other) for levels in LEVELS)


def agree(connection: duckdb.DuckDBPyConnection, abstraction: Abstraction, one: Expression, other: Expression) -> bool:
    """Whether the two trees agree on every combination of what the abstraction takes as their operands."""
    checked, as_of = abstraction.checked, abstraction.as_of
    trees = (abstraction.tree(one), abstraction.tree(other))
    if abstraction.failed or abstraction.combinations > MOST or not abstraction.variables:
        return False
    fields = (Field(KEY, Kind.INTEGER), *(Field(v.name, v.kind) for v in abstraction.variables.values()))
    made = tuple(CheckedMetric(name, one.kind, tree) for name, tree in zip(("own", "mutant"), trees, strict=True))
    policy = replace(checked.policy, tables=(Table("clients", (KEY,), fields),), rules=())
    small = CheckedPolicy(policy, (), made, ("own", "mutant"), ())
    query = compiling.compile_policy(small, as_of, reasons=False)
    columns = {v.name: (v.kind, v.values()) for v in abstraction.variables.values()}
    return agree_everywhere(connection, query, KEY, columns, ("own", "mutant"))


def pairs(checked: CheckedPolicy, mutant: Mutant, parts: Retyped) -> Iterator[Pair]:
    """The trees of the policy with what they are in the mutant; nothing where that is not all that the mutant changes."""
    match mutant.of:
        case Part.RULE:
            for rule in checked.rules:
                if rule.id in parts.conditions:
                    when, unless = parts.conditions[rule.id]
                    yield rule.condition, replace(rule, when=when, unless=unless).condition
        case Part.METRIC | Part.SCORE:
            yield from ((checked.metric(name).expression, tree) for name, tree in parts.values.items())
        case Part.TABLE:
            yield from of_table(checked, parts)
        case Part.FIELD:
            yield from (
                (c.expression, parts.fields[(c.table, c.field)]) for c in checked.calculations if (c.table, c.field) in parts.fields
            )
        case Part.PARAMETER:
            yield from of_parameter(checked, mutant)
        case Part.RANKING:
            yield from of_ranking(checked, mutant)
        case Part.FIGURE | Part.LIMIT | Part.GUARANTEE:
            return


def of_table(checked: CheckedPolicy, parts: Retyped) -> Iterator[Pair]:
    """The outputs, their rows' conditions opened up: a row may be another where no output is."""
    changed = set(parts.values)
    for metric in checked.results:
        tree = metric.expression
        used = {getattr(node, "name", "") for node in walk(tree)}
        if metric.name in changed or used & changed:
            yield opened(checked, tree, {}), opened(checked, parts.values.get(metric.name, tree), parts.values)


def opened(checked: CheckedPolicy, tree: Expression, values: Mapping[str, Expression]) -> Expression:
    """The tree with the table's rows and inputs in it, as the mutant has them."""
    if isinstance(tree, MetricValue) and checked.metric(tree.name).is_part:
        return opened(checked, values.get(tree.name, checked.metric(tree.name).expression), values)
    return with_children(tree, tuple(opened(checked, part, values) for part in children(tree)))


def of_parameter(checked: CheckedPolicy, mutant: Mutant) -> Iterator[Pair]:
    """Every tree that reads the parameter, against itself with the other value."""
    for tree in (
        *(r.condition for r in checked.rules),
        *(m.expression for m in checked.metrics),
        *(c.expression for c in checked.calculations),
    ):
        if any(isinstance(node, ParameterValue) and node.name == mutant.name for node in walk(tree)):
            yield tree, compiling.tree_with(tree, mutant.name, compiling.other_name(0, mutant.name))


def of_ranking(checked: CheckedPolicy, mutant: Mutant) -> Iterator[Pair]:
    """Rules that change places: no client for whom both of a pair speak. Unknown: never so."""
    conditions = {r.id: r.condition for r in checked.rules}
    swapped = tuple(changing_places(checked.policy, mutant.policy))
    if swapped:
        yield from ((And((speaks(conditions[a]), speaks(conditions[b])), kind=Kind.BOOLEAN), NEVER) for a, b in swapped)
    elif mutant.fault.startswith("when_unknown"):
        for rule in checked.rules:
            if rule.decision == mutant.name:
                yield IsMissing(conditions[rule.id], kind=Kind.BOOLEAN), NEVER


def changing_places(own: Policy, other: Policy) -> Iterator[tuple[str, str]]:
    """The pairs of rules that stand in another order in the mutant, or rank in another, where that is all that it changes."""
    before, after = [r.id for r in own.rules], [r.id for r in other.rules]
    decisions, others = [d.id for d in own.decisions], [d.id for d in other.decisions]
    if before != after and sorted(before) == sorted(after):
        first, last = (i for i, (one, its) in enumerate(zip(before, after, strict=True)) if one != its)
        pairs = ((i, j) for i in range(first, last + 1) for j in range(i + 1, last + 1) if first == i or last == j)
        yield from ((before[i], before[j]) for i, j in pairs)
    elif decisions != others and sorted(decisions) == sorted(others):
        one, its = (name for name, new in zip(decisions, others, strict=True) if name != new)
        yield from ((a.id, b.id) for a in own.rules if a.then == one for b in own.rules if b.then == its)


def speaks(condition: Expression) -> Expression:
    """True or unknown."""
    return Or((condition, IsMissing(condition, kind=Kind.BOOLEAN)), kind=Kind.BOOLEAN)
