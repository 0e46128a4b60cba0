"""A checked policy in, the explaining query out: the deciding query's own conditions over facts, every leaf and operand a column."""

from __future__ import annotations

import dataclasses
import datetime

from ..model.checked import CheckedPolicy, CheckedRule
from ..model.expression import And, AtLeast, Expression, In, Not, Or, ParameterValue, children, leaves
from ..model.kind import Kind
from ..model.queries import ExplainQuery, LeafColumns, RuleColumns
from ..model.sql import quote_name
from .decide import client_renderer, metric_layers
from .facts import fact_columns
from .macros import macro_statements
from .plan import plan
from .render import Renderer


def explain_query(checked: CheckedPolicy, as_of: datetime.date) -> ExplainQuery:
    """The row-level query over `run.facts` with a column for every rule, leaf, operand and turned leaf."""
    layers = plan(checked)
    parts: list[tuple[str, str]] = []
    relation = metric_layers(checked, layers, as_of, parts)
    renderer = client_renderer(checked, layers, as_of)
    columns: list[str] = ["*"]
    rules = tuple(rule_columns(number, rule, renderer, columns) for number, rule in enumerate(checked.rules, 1))
    ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in parts)
    text = ",\n       ".join(columns)
    return ExplainQuery(
        prelude=macro_statements(),
        sql=(f"WITH {ctes}\n" if ctes else "") + f"SELECT {text}\nFROM {relation}",
        key=checked.policy.clients.key,
        fields=tuple((c.name, c.kind, c.name) for c in fact_columns(checked, layers) if not c.name.startswith("#")),
        aggregates=(*((c.aggregate, c.name) for c in layers.aggregates), *((c.portfolio, c.name) for c in layers.portfolios)),
        metrics=tuple((m.name, m.kind, m.name) for m in checked.metrics),
        rules=rules,
    )


def question_query(checked: CheckedPolicy, as_of: datetime.date, asked: tuple[CheckedRule, ...]) -> ExplainQuery:
    """As `explain_query`, but of the policy's rules only the outcomes, and the leaves of the conditions that are `asked` beside them.

    These may hold whatever the policy's own conditions hold; `rules` are first the policy's, then those asked.
    """
    layers = plan(checked)
    parts: list[tuple[str, str]] = []
    relation = metric_layers(checked, layers, as_of, parts)
    renderer = client_renderer(checked, layers, as_of)
    columns = list(map(quote_name, checked.policy.clients.key))
    own = []
    for number, rule in enumerate(checked.rules, 1):
        own.append(RuleColumns(rule.id, f"#r{number}", ()))
        columns.append(f"{renderer.sql(rule.counting(as_of))} AS {quote_name(f'#r{number}')}")
    found = tuple(rule_columns(number, rule, renderer, columns) for number, rule in enumerate(asked, 1 + len(own)))
    ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in parts)
    text = ",\n       ".join(columns)
    sql = (f"WITH {ctes}\n" if ctes else "") + f"SELECT {text}\nFROM {relation}"
    return ExplainQuery(macro_statements(), sql, checked.policy.clients.key, (), (), (), (*own, *found))


def rule_columns(number: int, rule: CheckedRule, renderer: Renderer, columns: list[str]) -> RuleColumns:
    """Appends the rule's columns and says which is which."""
    name = f"#r{number}"
    columns.append(f"{renderer.sql(rule.counting(renderer.as_of))} AS {quote_name(name)}")
    own = [(leaf, False) for leaf in leaves(rule.when)]
    if rule.unless is not None:
        own += [(leaf, True) for leaf in leaves(rule.unless)]
    found = []
    for i, (leaf, of_unless) in enumerate(own):
        column, flipped = f"{name} l{i}", f"{name} l{i} flipped"
        columns.append(f"{renderer.sql(leaf)} AS {quote_name(column)}")
        columns.append(f"{renderer.sql(turned(rule.condition, i))} AS {quote_name(flipped)}")
        operands = []
        for j, operand in enumerate(shown_operands(leaf)):
            operands.append((operand, f"{column} o{j}"))
            columns.append(f"{renderer.comparable(operand)} AS {quote_name(f'{column} o{j}')}")
        found.append(LeafColumns(leaf, of_unless, column, tuple(operands), flipped))
    return RuleColumns(rule.id, name, tuple(found))


def shown_operands(leaf: Expression) -> tuple[Expression, ...]:
    """The values a leaf is explained with; a list parameter has no single value and is left out."""
    below = children(leaf)
    return tuple(child for child in below if not is_list(child, leaf)) or (leaf,)


def is_list(child: Expression, leaf: Expression) -> bool:
    return isinstance(leaf, In) and isinstance(child, ParameterValue) and child is not leaf.operand


def turned(condition: Expression, number: int) -> Expression:
    """The condition with its number-th leaf (as `leaves` counts) the other way."""
    counter = iter(range(number, -1, -1))

    def visit(node: Expression) -> Expression:
        match node:
            case And(items) | Or(items):
                return dataclasses.replace(node, items=tuple(map(visit, items)))
            case AtLeast(_, items):
                return dataclasses.replace(node, items=tuple(map(visit, items)))
            case Not(operand):
                return dataclasses.replace(node, operand=visit(operand))
            case _:
                return Not(node, kind=Kind.BOOLEAN, place=node.place) if next(counter, None) == 0 else node

    return visit(condition)
