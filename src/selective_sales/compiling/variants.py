"""A checked policy and the typed parts of its mutants in; out comes one checked policy that decides all of them.

Where a mutant differs stands a `Variants`, at the smallest part that can be put apart without being calculated differently: a condition,
the inside of a list's brackets, a whole calculation. Every row says in a column of its own which variant it belongs to. A parameter's
mutant is a parameter of its own, so that the value is rendered exactly as the parameter is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..model.checked import CheckedPolicy
from ..model.expression import (
    Aggregate,
    And,
    AtLeast,
    Constant,
    Expression,
    Hit,
    If,
    Not,
    Or,
    ParameterValue,
    Portfolio,
    Scalar,
    Variants,
    children,
    walk,
    with_children,
)
from ..model.kind import Kind
from ..model.mutant import Retyped
from ..model.policy import Field, Parameter, Table
from ..model.sql import quote_name
from .render import VARIANT, constant

OPEN = (And, Or, Not, If, Hit, Aggregate, Portfolio)
"""What hands on its parts as they are: a part of it can be a `Variants`."""
Numbered = list[tuple[int, Expression]]
TRUE = Constant(True, "true", kind=Kind.BOOLEAN)


@dataclass(frozen=True, slots=True)
class Variant:
    """A mutant in the one query: its number, its typed parts, or the parameter that it changes."""

    number: int
    parts: Retyped
    parameter: Parameter | None = None


def varied(checked: CheckedPolicy, variants: Sequence[Variant]) -> CheckedPolicy:
    """The policy with all variants in it, for tables whose rows have the variant's number."""
    trees = Trees(variants)
    policy = checked.policy
    rules = []
    for rule in checked.rules:
        changed = [(v.number, v.parts.conditions[rule.id]) for v in variants if rule.id in v.parts.conditions]
        when = trees.merged(rule.when, [(n, when) for n, (when, _) in changed])
        others = [(n, TRUE_OF_NONE if unless is None else unless) for n, (_, unless) in changed]
        unless = None if rule.unless is None else trees.merged(rule.unless, others)
        rules.append(replace(rule, when=when, unless=unless))
    metrics = tuple(
        replace(
            m, expression=trees.merged(m.expression, [(v.number, v.parts.values[m.name]) for v in variants if m.name in v.parts.values])
        )
        for m in checked.metrics
    )
    calculations = tuple(
        replace(c, expression=trees.merged(c.expression, [(v.number, v.parts.fields[at]) for v in variants if at in v.parts.fields]))
        for c in checked.calculations
        for at in [(c.table, c.field)]
    )
    more = tuple(replace(v.parameter, name=other_name(v.number, v.parameter.name)) for v in variants if v.parameter is not None)
    tables = (with_number(policy.tables[0]), *policy.tables[1:])
    return replace(
        checked,
        policy=replace(policy, parameters=(*policy.parameters, *more), tables=tables),
        rules=tuple(rules),
        metrics=metrics,
        calculations=calculations,
    )


TRUE_OF_NONE = Constant(False, "false", kind=Kind.BOOLEAN)
"""An `unless` that is no longer there."""


def with_number(table: Table) -> Table:
    return replace(table, fields=(*table.fields, Field(VARIANT.strip('"'), Kind.INTEGER)))


def other_name(number: int, parameter: str) -> str:
    """No author's name has # in it."""
    return f"#{number} {parameter}"


@dataclass(slots=True)
class Trees:
    """Puts variants into trees; those of parameters go wherever the parameter stands."""

    of_parameters: Mapping[str, list[int]]

    def __init__(self, variants: Sequence[Variant]) -> None:
        found: dict[str, list[int]] = {}
        for variant in variants:
            if variant.parameter is not None:
                found.setdefault(variant.parameter.name, []).append(variant.number)
        self.of_parameters = found

    def merged(self, tree: Expression, others: Numbered) -> Expression:
        read = {node.name for node in walk(tree) if isinstance(node, ParameterValue)} if self.of_parameters else set()
        every = [(n, tree_with(tree, name, other_name(n, name))) for name in read for n in self.of_parameters.get(name, ())]
        return merged(tree, sorted([*others, *every], key=lambda one: one[0]))


def tree_with(tree: Expression, parameter: str, other: str) -> Expression:
    """The tree with another parameter in the place of one."""
    if isinstance(tree, ParameterValue):
        return replace(tree, name=other) if tree.name == parameter else tree
    parts = children(tree)
    new = tuple(tree_with(part, parameter, other) for part in parts)
    return tree if all(a is b for a, b in zip(parts, new, strict=True)) else with_children(tree, new)


def merged(tree: Expression, others: Numbered) -> Expression:
    """The tree with the others as variants, each as far down as it goes."""
    parts = children(tree)
    below: list[Numbered] = [[] for _ in parts]
    here: Numbered = []
    for number, other in others:
        other = same_shape(tree, other)
        if other == tree:
            continue
        if can_go_below(tree, other):
            for i, (mine, its) in enumerate(zip(parts, children(other), strict=True)):
                if mine != its:
                    below[i].append((number, its))
        else:
            here.append((number, other))
    if any(below):
        tree = with_children(tree, tuple(merged(part, its) if its else part for part, its in zip(parts, below, strict=True)))
    return Variants(tree, tuple(here), place=tree.place, kind=tree.kind) if here else tree


def same_shape(tree: Expression, other: Expression) -> Expression:
    """A list that has lost its brackets has a condition that is always true."""
    if isinstance(tree, Aggregate) and isinstance(other, Aggregate) and tree.condition is not None and other.condition is None:
        return replace(other, condition=TRUE)
    return other


def can_go_below(tree: Expression, other: Expression) -> bool:
    """Whether only parts differ, and those may be told apart without the whole being calculated differently."""
    mine, its = children(tree), children(other)
    if type(tree) is not type(other) or len(mine) != len(its) or with_children(other, mine) != tree:
        return False
    if isinstance(tree, OPEN):
        return True
    if isinstance(tree, AtLeast):
        return mine[0] == its[0]
    return all(a == b or (is_window(a) and can_go_below(a, same_shape(a, b))) for a, b in zip(mine, its, strict=True))


def is_window(node: Expression) -> bool:
    """A list or portfolio function, or something that leads down to one."""
    return any(isinstance(part, Aggregate | Portfolio) for part in walk(node))


def filled(field: Field, others: Sequence[tuple[int, Scalar | None]]) -> str:
    """SQL of a field whose blanks are still blank: filled as the field says, in the numbered variants with another value or not at all."""
    name = quote_name(field.name)

    def with_default(value: Scalar | None) -> str:
        return name if value is None else f"coalesce({name}, {constant(value, field.type)})"

    if not others:
        return with_default(field.missing)
    cases = " ".join(f"WHEN {number} THEN {with_default(value)}" for number, value in others)
    return f"(CASE {VARIANT} {cases} ELSE {with_default(field.missing)} END)"
