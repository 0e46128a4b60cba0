"""Decided batches in, what their cases show out: who counts for what, and the items of a policy with what was seen of each.

What a case shows, it shows of the clients of whom it expects something that depends on the item: a rule counts where one of the columns
that the rules make is expected, a table or the points of a score where a column is that reads it. The rest of a case is scenery.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from ..model.checked import CheckedPolicy
from ..model.coverage import Item, Mark, Part, Seen, Way
from ..model.expression import Expression, MetricValue
from ..model.tested import CaseResult
from .batch import Batch, ReadyCase
from .compare import namer
from .coverable import UNDETERMINED
from .needs import LIST_COLUMNS, TEXT_COLUMNS
from .uncovered import words

RULES = ""
"""The group of all marks of rules, conditions and decisions; each table and each score with points is a group under its name."""
_OVERRULED = {"decision", "decided_by"}
"""Of a client with an exception these are the exception's, and show nothing of the rules."""
_SECTIONS = {"limits": Part.LIMIT, "guarantees": Part.GUARANTEE}
_WAYS = {way.value: way for way in (Way.HELD, Way.BREACHED)}


def counts(ready: ReadyCase, result: CaseResult) -> bool:
    """Whether the case shows anything: a failed one proves nothing, and one that nobody has reviewed neither."""
    return result.passed and not result.unreviewed


def counting(batch: Batch, results: Sequence[CaseResult]) -> tuple[ReadyCase, ...]:
    """The cases of the batch that count."""
    return tuple(ready for ready, result in zip(batch.cases, results, strict=True) if counts(ready, result))


def groups_of(checked: CheckedPolicy) -> dict[str, frozenset[str]]:
    """By result column, the groups that it depends on."""

    def read(expression: Expression) -> set[str]:
        return {checked.metric(node.name).of for node in checked.reached(expression) if isinstance(node, MetricValue)} - {""}

    of_rules = frozenset({RULES}.union(*(read(rule.condition) for rule in checked.rules)))
    of_results = {m.name: frozenset(read(m.expression) | ({m.of} if m.of else set())) for m in checked.results}
    return dict.fromkeys((*TEXT_COLUMNS, *LIST_COLUMNS), of_rules) | of_results


def shown_rows(
    batch: Batch,
    cases: Iterable[ReadyCase],
    rows: Iterable[Mapping[str, object]],
    groups: Sequence[str],
    depends: Mapping[str, frozenset[str]],
) -> list[tuple[int, ...]]:
    """Of every decided client of these cases: its place among the decisions, and per group 2 where what is expected of it depends on
    the group, else 1.
    """
    ours = {ready.key for ready in cases}
    expected = {(ready.key, one.client): one for ready in batch.cases for one in ready.expect}
    overruled = {(x.client[0], x.client[1:]) for x in batch.exceptions if x.holds(batch.as_of)}
    client_of = namer(batch.policy.clients)
    found = []
    for number, row in enumerate(rows, 1):
        key = str(row[batch.case_column])
        if key in ours:
            who = (key, client_of(row))
            names = {column.name for column in expected[who].columns} if who in expected else set()
            names -= _OVERRULED if who in overruled else set()
            asked = frozenset[str]().union(*(depends[name] for name in names if name in depends))
            found.append((number, *(int(Seen.SHOWN if group in asked else Seen.UNASKED) for group in groups)))
    return found


def expected_marks(checked: CheckedPolicy, ready: ReadyCase) -> Iterable[Mark]:
    """What a case shows by expecting it: limits and guarantees held or breached, and a decision that only an exception gives."""
    led_to = {rule.decision for rule in checked.rules} | {checked.policy.default_decision.id, UNDETERMINED}
    for column in (column for one in ready.expect for column in one.columns):
        if column.name == "decision" and isinstance(column.value, str) and column.value not in led_to:
            yield Mark(Part.DECISION, column.value, Way.REACHED)
    for one in ready.case.expect_run:
        if one.section in _SECTIONS and one.value in _WAYS:
            yield Mark(_SECTIONS[one.section], one.name, _WAYS[one.value])


def with_seen(items: Iterable[Item], seen: Mapping[Mark, Seen]) -> tuple[Item, ...]:
    """The items with what was seen of each, and in words what is wanting."""
    found = (dataclasses.replace(item, seen=seen.get(item.mark, Seen.NEVER)) for item in items)
    return tuple(dataclasses.replace(item, words=words(item)) for item in found)
