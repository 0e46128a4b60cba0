"""A comparison as one JSON object, for programs: everything, every client who moves; money as text, exact."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..model.comparison import Candidate, Cause, Change, Comparison, GateResult, Moved, Movement, Passage, Side
from ..model.place import Place

if TYPE_CHECKING:
    from ..pipeline.comparing import Teller


def as_json(comparison: Comparison, language: str) -> str:
    """The object. `changes` count from 1, as the texts count them; `cause.sets` name them by these numbers."""
    from ..pipeline.comparing import Teller

    teller = Teller(comparison, language)
    content: dict[str, Any] = {
        "format": 1,
        "old": side_json(comparison.old),
        "new": side_json(comparison.new),
        "same_data": comparison.same_data,
        "changes": [change_json(number, change, teller) for number, change in enumerate(comparison.changes, 1)],
    }
    if comparison.movement is not None:
        content |= movement_json(comparison.movement, comparison.candidates)
    content["gates"] = [gate_json(result) for result in comparison.gates]
    return json.dumps(content, ensure_ascii=False, indent=2)


def side_json(side: Side) -> dict[str, Any]:
    return {
        "path": side.label,
        "policy": side.policy_id,
        "version": side.version,
        "run_id": side.run_id or None,
        "as_of": None if side.as_of is None else side.as_of.isoformat(),
    }


def change_json(number: int, change: Change, teller: Teller) -> dict[str, Any]:
    return {
        "number": number,
        "path": list(change.path),
        "how": change.how.value,
        "effect": change.effect.value,
        "old": change.old or None,
        "new": change.new or None,
        "old_place": place_json(change.old_place),
        "new_place": place_json(change.new_place),
        "words": teller.plain(teller.sentence(change)),
    }


def place_json(place: Place) -> dict[str, Any] | None:
    return {"file": place.file, "line": place.line, "column": place.column} if place.file else None


def movement_json(movement: Movement, candidates: tuple[Candidate, ...]) -> dict[str, Any]:
    return {
        "as_of": movement.as_of.isoformat(),
        "clients": movement.clients,
        "changed": movement.changed,
        "money": movement.money,
        "old_money": movement.other_money or movement.money,
        "currency": movement.currency,
        "decisions": list(movement.decisions),
        "matrix": [passage_json(p) for p in movement.passages],
        "causes": [
            {"cause": cause_json(t.cause, candidates), "old": t.old, "new": t.new, "clients": t.clients, "money": money_json(t.money)}
            for t in movement.totals
        ],
        "moved": [moved_json(m, candidates) for m in movement.moved],
        "newly_undetermined_missing": [{"name": name, "clients": count} for name, count in movement.missing],
        "same_decision_other_rule": movement.other_reason,
        "promises": [
            {"id": p.id, "old": p.old or None, "new": p.new or None, "new_breach": p.is_new_breach, "healed": p.is_healed}
            for p in movement.promises
        ],
        "policies_tried": movement.tried,
    }


def passage_json(passage: Passage) -> dict[str, Any]:
    return {"old": passage.old, "new": passage.new, "clients": passage.clients, "money": money_json(passage.money)}


def moved_json(moved: Moved, candidates: tuple[Candidate, ...]) -> dict[str, Any]:
    return {
        "client": list(moved.client),
        "name": moved.name,
        "old": moved.old,
        "new": moved.new,
        "old_decided_by": moved.decided_by_old,
        "new_decided_by": moved.decided_by_new,
        "money": money_json(moved.money),
        "missing_because": list(moved.missing),
        "cause": cause_json(moved.cause, candidates),
    }


def cause_json(cause: Cause, candidates: tuple[Candidate, ...]) -> dict[str, Any]:
    """`sets`: each set of changes suffices; the numbers of `changes`, what a change needs among them."""
    sets = [sorted({n + 1 for number in one for n in candidates[number].whole}) for one in cause.sets]
    return {"sets": sets, "rule": cause.through or None, "why": cause.why or None}


def gate_json(result: GateResult) -> dict[str, Any]:
    gate = result.gate
    return {
        "gate": gate.name,
        "kept": result.kept,
        "at_most": gate.text,
        "of": gate.money or "clients",
        "actual": str(result.actual) if gate.money else int(result.actual),
        "share": None if result.share is None else float(result.share),
        "clients": result.clients,
        "unknown": result.unknown,
        "examples": list(result.examples),
        "place": place_json(gate.place),
    }


def money_json(amount: Decimal | None) -> str | None:
    return None if amount is None else format(Decimal(amount), "f")
