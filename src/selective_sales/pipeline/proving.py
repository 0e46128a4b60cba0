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
from ..model.policy import Field, Table
from ..testing.abstraction import MOST, Abstraction, inner_pairs

if TYPE_CHECKING:
    import duckdb

Pair = tuple[Expression, Expression]
NEVER = Constant(False, "false", kind=Kind.BOOLEAN)
KEY = "#client"


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
    abstraction = Abstraction(checked, as_of)
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
    """Two rules that change places: no client for whom both speak, nor one of them and a rule between them. Unknown: never so."""
    before, after = [r.id for r in checked.policy.rules], [r.id for r in mutant.policy.rules]
    moved = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    conditions = {r.id: r.condition for r in checked.rules}
    if len(moved) == 2 and sorted(before) == sorted(after):
        first, last = moved
        for i in range(first, last + 1):
            for j in range(i + 1, last + 1):
                if first in (i, j) or last in (i, j):
                    yield And((speaks(conditions[before[i]]), speaks(conditions[before[j]])), kind=Kind.BOOLEAN), NEVER
    elif mutant.fault.startswith("when_unknown"):
        for rule in checked.rules:
            if rule.decision == mutant.name:
                yield IsMissing(conditions[rule.id], kind=Kind.BOOLEAN), NEVER


def speaks(condition: Expression) -> Expression:
    """True or unknown."""
    return Or((condition, IsMissing(condition, kind=Kind.BOOLEAN)), kind=Kind.BOOLEAN)
