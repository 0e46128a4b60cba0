"""The made rules in the languages of other rules engines: each peer's `prepare` gives the work that decides all rows.

`plain` makes (decision, fired rules) per client of what the work gave.
"""

from __future__ import annotations

import datetime
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from benchmarks.made_rules import AND, AND_OR, DECISIONS, Leaf, Rule

Row = Mapping[str, Any]
Decided = Sequence[tuple[str, list[str]]]
Work = Callable[[], Any]
EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine: its name, the module and the package it comes in (none: Python's own)."""

    name: str
    module: str
    package: str
    prepare: Callable[[Sequence[Rule], Sequence[Row]], Work]
    plain: Callable[[Any], Decided] = lambda found: found

    @property
    def installed(self) -> bool:
        return importlib.util.find_spec(self.module) is not None


def plain_value(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)
        case datetime.date():
            return (value - EPOCH).days
        case _:
            return value


def number(leaf: Leaf) -> str:
    assert isinstance(leaf.value, str | datetime.date)
    return leaf.value if isinstance(leaf.value, str) else str(plain_value(leaf.value))


def infix(rule: Rule, test: Callable[[Leaf], str]) -> str:
    """The rule as a text with `and`, `or`, `not`, which Python, ZEN and rule-engine share."""
    a, b, *rest = (f"({test(leaf)})" for leaf in rule.tests)
    if rule.form == AND:
        text = f"{a} and {b}"
    elif rule.form == AND_OR:
        text = f"{a} and ({b} or {rest[0]})"
    else:
        text = f"({a} and {b}) or ({a} and {rest[0]}) or ({b} and {rest[0]})"
    return f"({text}) and not ({test(rule.leaves[-1])})" if rule.unless else text


def by_flags(rules: Sequence[Rule], flags: Callable[[Row], Sequence[object]], rows: Sequence[Row]) -> Work:
    """The work of an engine that tells for one client which rules fire."""
    rank = {decision: i for i, decision in enumerate(DECISIONS)}
    named = [(rule.id, rank[rule.decision]) for rule in rules]

    def decided(row: Row) -> tuple[str, list[str]]:
        fired = [pair for pair, flag in zip(named, flags(row), strict=True) if flag]
        return DECISIONS[min((severity for _, severity in fired), default=len(DECISIONS) - 1)], [name for name, _ in fired]

    return lambda: [decided(row) for row in rows]


def python(rules: Sequence[Rule], rows: Sequence[Row]) -> Work:
    """One generated function."""

    def test(leaf: Leaf) -> str:
        match leaf.sign:
            case "is true":
                return f"r[{leaf.name!r}]"
            case "is missing":
                return f"r[{leaf.name!r}] is None"
            case "in":
                assert isinstance(leaf.value, tuple)
                return f"r[{leaf.name!r}] in {set(leaf.value)}"
            case _:
                return f"r[{leaf.name!r}] {leaf.sign} {number(leaf)}"

    made: dict[str, Any] = {}
    exec(f"def flags(r): return ({', '.join(infix(rule, test) for rule in rules)},)", made)
    return by_flags(rules, made["flags"], rows)


def common(leaf: Leaf) -> str:
    """A test as ZEN and rule-engine write it."""
    match leaf.sign:
        case "is true":
            return leaf.name
        case "is missing":
            return f"{leaf.name} == null"
        case "in":
            assert isinstance(leaf.value, tuple)
            listed = ", ".join(f'"{value}"' for value in leaf.value)
            return f"{leaf.name} in [{listed}]"
        case _:
            return f"{leaf.name} {leaf.sign} {number(leaf)}"


def zen(rules: Sequence[Rule], rows: Sequence[Row]) -> Work:
    """All rules in one compiled expression."""
    import zen as engine

    expression = engine.compile_expression(f"[{', '.join(infix(rule, common) for rule in rules)}]")
    return by_flags(rules, expression.evaluate, rows)


def rule_engine(rules: Sequence[Rule], rows: Sequence[Row]) -> Work:
    import rule_engine as engine

    context = engine.Context(default_value=None)
    matches = [engine.Rule(infix(rule, common), context=context).matches for rule in rules]
    return by_flags(rules, lambda row: [match(row) for match in matches], rows)


def as_json(rule: Rule) -> Any:
    """The rule in JsonLogic."""
    a, b, *rest = map(json_test, rule.tests)
    if rule.form == AND:
        tree = {"and": [a, b]}
    elif rule.form == AND_OR:
        tree = {"and": [a, {"or": [b, *rest]}]}
    else:
        tree = {"or": [{"and": [a, b]}, {"and": [a, *rest]}, {"and": [b, *rest]}]}
    return {"and": [tree, {"!": [json_test(rule.leaves[-1])]}]} if rule.unless else tree


def json_test(leaf: Leaf) -> Any:
    value = {"var": leaf.name}
    match leaf.sign:
        case "is true":
            return value
        case "is missing":
            return {"===": [value, None]}
        case "in":
            assert isinstance(leaf.value, tuple)
            return {"in": [value, list(leaf.value)]}
        case _:
            return {leaf.sign: [value, float(number(leaf))]}


def json_logic(rules: Sequence[Rule], rows: Sequence[Row]) -> Work:
    import json_logic as engine

    trees = [as_json(rule) for rule in rules]
    return by_flags(rules, lambda row: [engine.jsonLogic(tree, row) for tree in trees], rows)


def datalogic(rules: Sequence[Rule], rows: Sequence[Row]) -> Work:
    """All rules in one compiled tree."""
    import datalogic_py

    compiled = datalogic_py.Engine().compile([as_json(rule) for rule in rules])
    return by_flags(rules, compiled.evaluate, rows)


def polars(rules: Sequence[Rule], rows: Sequence[Row]) -> Work:
    """Expressions over a frame that is there already."""
    import polars as pl

    frame = pl.DataFrame(rows)

    def test(leaf: Leaf) -> Any:
        column = pl.col(leaf.name)
        match leaf.sign:
            case "is true":
                return column
            case "is missing":
                return column.is_null()
            case "in":
                return column.is_in(list(leaf.value)) if isinstance(leaf.value, tuple) else None
            case sign:
                value = float(number(leaf))
                return {"<": column < value, "<=": column <= value, ">": column > value, ">=": column >= value}[sign]

    def joined(rule: Rule) -> Any:
        a, b, *rest = map(test, rule.tests)
        if rule.form == AND:
            tree = a & b
        elif rule.form == AND_OR:
            tree = a & (b | rest[0])
        else:
            tree = (a & b) | (a & rest[0]) | (b & rest[0])
        return tree & ~test(rule.leaves[-1]) if rule.unless else tree

    flags = [joined(rule).alias(rule.id) for rule in rules]
    decision: Any = pl.lit(DECISIONS[-1])
    for name in reversed(DECISIONS[:-1]):
        decision = pl.when(pl.any_horizontal([rule.id for rule in rules if rule.decision == name])).then(pl.lit(name)).otherwise(decision)
    listed = pl.concat_list([pl.when(pl.col(rule.id)).then(pl.lit(rule.id)) for rule in rules]).list.drop_nulls()
    return lambda: frame.lazy().with_columns(flags).select(decision.alias("decision"), listed.alias("fired")).collect()


PEERS = (
    Peer("a generated Python function", "builtins", "", python),
    Peer("Polars, expressions", "polars", "polars", polars, lambda frame: frame.rows()),
    Peer("GoRules ZEN, one expression", "zen", "zen-engine", zen),
    Peer("JsonLogic in Rust, one tree", "datalogic_py", "datalogic-py", datalogic),
    Peer("JsonLogic in Python", "json_logic", "panzi-json-logic", json_logic),
    Peer("rule-engine, one rule after the other", "rule_engine", "rule-engine", rule_engine),
)
