"""Which blank fields leave a rule unknown: bounds on `missing_because`, from the unknown leaves of the rules that matter.

The language names "the blank fields under the unknown leaves, through metrics". What a leaf reaches is the upper bound (`coalesce` or a
condition may hide a blank); under a leaf that hides nothing, every blank field of the client must be named.
"""

from __future__ import annotations

from collections.abc import Iterator

from selective_sales.model import expression as e
from selective_sales.model.checked import CheckedPolicy
from tests.oracle.expressions import Evaluator


def labels_at_most(evaluator: Evaluator, conditions: list[e.Expression]) -> frozenset[str]:
    """Every field that an unknown leaf of the conditions reaches: `field`, or `table.field` for a child's."""
    reached = (found for leaf in _unknown(evaluator, conditions) for found in evaluator.policy.reads(leaf))
    return frozenset(name if table == "clients" else f"{table}.{name}" for table, name in reached)


def labels_at_least(evaluator: Evaluator, conditions: list[e.Expression]) -> frozenset[str]:
    """The blank fields of the client under unknown leaves in which a blank passes upwards through everything."""
    found: set[str] = set()
    for leaf in _unknown(evaluator, conditions):
        fields = list(_plain_fields(evaluator.policy, leaf))
        if None not in fields:
            found.update(name for name in fields if name is not None and evaluator.client.row[name] is None)
    return frozenset(found)


def _unknown(evaluator: Evaluator, conditions: list[e.Expression]) -> Iterator[e.Expression]:
    return (leaf for condition in conditions for leaf in e.leaves(condition) if evaluator.condition(leaf) is None)


def _plain_fields(checked: CheckedPolicy, node: e.Expression) -> Iterator[str | None]:
    """The client's fields under the node, through metrics and calculated fields; None for anything that can hide a blank."""
    match node:
        case e.FieldValue(table, name) if (calculation := checked.calculation(table, name)) is not None:
            yield from _plain_fields(checked, calculation.expression)
        case e.FieldValue(_, name):
            yield name
        case e.MetricValue(name):
            yield from _plain_fields(checked, checked.metric(name).expression)
        case e.Constant() | e.ParameterValue() | e.AsOf():
            return
        case e.Call(function) if function == "coalesce":
            yield None
        case e.Call() | e.Negate() | e.Arithmetic() | e.Compare():
            for child in e.children(node):
                yield from _plain_fields(checked, child)
        case _:
            yield None
