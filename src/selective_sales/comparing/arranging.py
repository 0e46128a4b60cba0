"""Lists in, who stands elsewhere out; and the lists between an old and a new one.

What moved is told by the longest run that kept its order: the fewest things that must be taken out and put in elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from ..model.decision_tables import DecisionTable, TableRow
from ..model.expression import HitPolicy
from ..model.policy import Policy, Strategy
from .meaning import meaning
from .structure import Order


def misplaced(
    old: Any, new: Any, order: Order, before: Sequence[str], after: Mapping[str, Any], old_policy: Policy, new_policy: Policy
) -> Iterator[tuple[str, str, str]]:
    """Who moved, with the name of whom it now stands behind ("" at the front) and of whom it stands before ("" at the end)."""
    if order in (Order.NEVER, Order.ROWS):
        return
    for names in classes(order, after, old_policy, new_policy):
        was = [name for name in before if name in names]
        now = [name for name in names if name in was]
        stayed = kept(was, now)
        for name in now:
            if name not in stayed:
                index = now.index(name)
                yield name, now[index - 1] if index else "", now[index + 1] if index + 1 < len(now) else ""


def classes(order: Order, after: Mapping[str, Any], old_policy: Policy, new_policy: Policy) -> list[list[str]]:
    """The names whose order among each other means something."""
    if order is not Order.RULES or Strategy.FIRST in (old_policy.strategy, new_policy.strategy):
        return [list(after)]
    by_decision: dict[str, list[str]] = {}
    for name, rule in after.items():
        by_decision.setdefault(rule.then, []).append(name)
    return list(by_decision.values())


def kept(was: Sequence[str], now: Sequence[str]) -> frozenset[str]:
    """The longest run of names that stand in the same order in both."""
    place = {name: i for i, name in enumerate(was)}
    ends: list[int] = []
    last: list[int] = []
    back: list[int] = []
    numbers = [place[name] for name in now]
    for i, number in enumerate(numbers):
        at = bisect_left(ends, number)
        back.append(last[at - 1] if at else -1)
        if at == len(ends):
            ends.append(number)
            last.append(i)
        else:
            ends[at], last[at] = number, i
    found = set()
    i = last[-1] if last else -1
    while i >= 0:
        found.add(now[i])
        i = back[i]
    return frozenset(found)


def arranged(old: Sequence[str], new: Sequence[str], groups: Sequence[Sequence[str]], gone: set[str], come: set[str]) -> list[str]:
    """The order of a list between the two: `gone` have left, `come` have joined or moved (who moved is in both).

    Each that comes stands behind the nearest before it in the new order, of its own group where one is there.
    """
    placed = [name for name in old if name not in gone]
    for name in new:
        if name not in come or name in placed:
            continue
        group = next((g for g in groups if name in g), new)
        for order in (group, new):
            here = list(order).index(name)
            before = next((n for n in reversed(order[:here]) if n in placed), None)
            behind = next((n for n in order[here + 1 :] if n in placed), None)
            if before is not None or behind is not None:
                break
        at = placed.index(before) + 1 if before is not None else placed.index(behind) if behind is not None else len(placed)
        placed.insert(at, name)
    return placed


def rows_in_order(old: DecisionTable, new: DecisionTable) -> bool:
    """Whether the order of the rows means something: to `first`, and to a list that is collected."""
    return any(t.hit_policy in (HitPolicy.FIRST, HitPolicy.COLLECT) for t in (old, new))


def pairs_of_rows(old: Sequence[TableRow], new: Sequence[TableRow], *, in_order: bool) -> tuple[dict[str, TableRow], dict[str, TableRow]]:
    """The rows by a name that pairs those that belong together: the old row's number; `+N` for the N-th row of the new table alone."""
    pairs = dict(pairing(list(map(meaning, old)), list(map(meaning, new)), in_order=in_order))
    before = {str(i + 1): row for i, row in enumerate(old)}
    by_new = {j: i for i, j in pairs.items()}
    after = {str(by_new[j] + 1) if j in by_new else f"+{j + 1}": row for j, row in enumerate(new)}
    return before, after


def pairing(old: Sequence[Any], new: Sequence[Any], *, in_order: bool) -> Iterator[tuple[int, int]]:
    """Pairs of places: equal ones, then what stands between the same neighbours (or, where no order counts, what is left over)."""
    if in_order:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag in ("equal", "replace"):
                yield from zip(range(i1, i2), range(j1, j2), strict=False)
        return
    free = list(range(len(new)))
    left = []
    for i, one in enumerate(old):
        twin = next((j for j in free if new[j] == one), None)
        if twin is None:
            left.append(i)
        else:
            free.remove(twin)
            yield i, twin
    yield from zip(left, free, strict=False)
