"""An old policy, a new one and some of the changes between them in, the policy that has only these changes out.

With none of the changes it is the old policy, with all of them it means what the new one means. Whether what comes out makes sense is the
checker's to say; None comes out only where a condition would be left with nothing in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..model.comparison import Change, How, Path
from ..model.decision_tables import DecisionTable, TableRow
from ..model.policy import Policy
from .arranging import arranged, classes, pairs_of_rows, rows_in_order
from .conditions import edited
from .structure import GROUPS, LISTS, WHOLES, listing_key, parts


class EmptyConditionError(Exception):
    """All that stood in a condition was taken out, and nothing put in."""


def hybrid(old: Policy, new: Policy, chosen: Collection[Change]) -> Policy | None:
    """The old policy with the chosen changes."""
    by_path: dict[Path, list[Change]] = {}
    for change in chosen:
        by_path.setdefault(change.path, []).append(change)
    try:
        made: Policy = Patch(by_path, old, new).thing(old, new, ())
    except EmptyConditionError:
        return None
    default = (new if ("decisions", "", "default") in by_path else old).default_decision.id
    return replace(made, decisions=tuple(replace(d, default=d.id == default) for d in made.decisions))


@dataclass(frozen=True, slots=True)
class Patch:
    """The chosen changes by path."""

    chosen: dict[Path, list[Change]]
    old_policy: Policy
    new_policy: Policy

    def thing(self, old: Any, new: Any, path: Path) -> Any:
        """The old thing with what was chosen of it."""
        if not any(p[: len(path)] == path for p in self.chosen):
            return old
        if isinstance(old, TableRow):
            return self.row(old, new, path)
        if (*path, "columns") in self.chosen:
            return new
        values: dict[str, Any] = {}
        for part, attributes in parts(type(old)).items():
            found = self.chosen.get((*path, part))
            if isinstance(one := getattr(old, attributes[0]), WHOLES) and isinstance(getattr(new, attributes[0]), WHOLES):
                values[attributes[0]] = self.thing(one, getattr(new, attributes[0]), (*path, part))
            if found is None:
                continue
            edits = [change.edit for change in found if change.edit is not None]
            if edits:
                condition = edited(getattr(old, attributes[0]), edits)
                if condition is None:
                    raise EmptyConditionError
                values[attributes[0]] = condition
            else:
                values |= {a: getattr(new, a) for a in attributes}
                values |= {a: getattr(new, a) for a in beside(old, part)}
        for attribute in LISTS.get(type(old), {}):
            values[attribute] = tuple(self.listing(old, new, attribute, (*path, attribute)))
        return replace(old, **values)

    def row(self, old: TableRow, new: TableRow, path: Path) -> TableRow:
        def cells(part: str) -> tuple[Any, ...]:
            pairs = zip(getattr(old, part), getattr(new, part), strict=True)
            return tuple(b if (*path, part, str(i)) in self.chosen else a for i, (a, b) in enumerate(pairs))

        return replace(old, cells=cells("cells"), outputs=cells("outputs"))

    def listing(self, old: Any, new: Any, attribute: str, path: Path) -> Iterator[Any]:
        """The list with those who came, without those who went, in the order that was chosen."""
        before, after = named(old, new, attribute)
        gone, come = set(), set()
        for name in {**before, **after}:
            hows = {change.how for change in self.chosen.get((*path, name), ())}
            if How.REMOVED in hows:
                gone.add(name)
            if How.ADDED in hows:
                come.add(name)
            if (*path, name, "order") in self.chosen:
                gone.add(name)
                come.add(name)
        order = LISTS[type(old)][attribute].order
        groups: Sequence[Sequence[str]] = classes(order, after, self.old_policy, self.new_policy)
        for name in arranged(list(before), list(after), groups, gone, come):
            if name not in before:
                yield after[name]
            elif name not in after:
                yield before[name]
            else:
                yield self.thing(before[name], after[name], (*path, name))


def named(old: Any, new: Any, attribute: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The things of a list by the names that the changes call them by."""
    one, other = getattr(old, attribute), getattr(new, attribute)
    if attribute == "rows":
        assert isinstance(old, DecisionTable) and isinstance(new, DecisionTable)
        return pairs_of_rows(one, other, in_order=rows_in_order(old, new))
    if attribute == "tables":
        one, other = old.delivered, new.delivered
    return {getattr(x, listing_key(type(x))): x for x in one}, {getattr(x, listing_key(type(x))): x for x in other}


def beside(old: Any, part: str) -> tuple[str, ...]:
    """Attributes that are told nowhere else and belong to the part: how the inputs of a table are written."""
    return ("input_texts",) if isinstance(old, DecisionTable) and part == "inputs" else ()


__all__ = ["GROUPS", "hybrid", "named"]
