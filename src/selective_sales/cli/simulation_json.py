"""A simulation as JSON values for programs: amounts as texts, exact; shares as numbers, null where they mean nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..model.simulation import Curves, Departure, Group, Move, Simulation, Steps, Sums, Whale


def as_json(made: Simulation) -> dict[str, Any]:
    """Everything."""
    return {
        "policy": {"id": made.policy_id, "version": made.policy_version},
        "run_id": made.run_id,
        "as_of": made.as_of.isoformat(),
        "currency": made.currency,
        "without": list(made.without),
        "changes": [
            {"text": c.text, "decision": c.decision, "name": c.name, "how": c.how.value, "amount": text(c.amount)} for c in made.changes
        ],
        "steps": steps_json(made.whole),
        "departure": departure_json(made.departure, known=made.whole.today.profit is not None)
        | {"grounds": [{"by": g.by, "clients": g.clients, "money": g.money} for g in made.grounds]},
        "decisions": list(map(group_json, made.groups)),
        "curves": {"today": curves_json(made.today), "after": curves_json(made.after)},
        "measures": [{"name": m.name.value, "from": m.source, "assumed": m.assumed, "others": list(m.others)} for m in made.meanings],
        "held_fixed": {"decisions": True, "functions": list(made.fixed)},
        "decided_again": None if made.again is None else [move_json(move) for move in made.again],
        "profit_moves_with": [m.value for m in made.follows],
    }


def text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def share(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def sums_json(sums: Sums) -> dict[str, Any]:
    return {
        "clients": sums.clients,
        "counted": sums.counted,
        "revenue": text(sums.revenue),
        "cost": text(sums.cost),
        "profit": text(sums.profit),
        "margin": share(sums.margin),
        "service_hours": text(sums.hours),
        "service_hours_missing": sums.hours_missing,
        "conflicts": text(sums.conflicts),
        "conflicts_missing": sums.conflicts_missing,
    }


def steps_json(steps: Steps) -> dict[str, Any]:
    return {"today": sums_json(steps.today), "without": sums_json(steps.without), "after": sums_json(steps.after)}


def group_json(group: Group) -> dict[str, Any]:
    return {"decision": group.decision, "leaves": group.leaves, "held_as_today": group.held, **steps_json(group.steps)}


def departure_json(made: Departure, *, known: bool) -> dict[str, Any]:
    """`known`: whether the policy says what clients cost."""
    found: dict[str, Any] = {"clients": made.sums.clients, "counted": made.sums.counted, "revenue_lost": text(made.lost)}
    if not known:
        return found
    return found | {
        "cost": text(made.cost),
        "avoidable_cost_is_declared": made.declared,
        "cost_saved": text(made.saved),
        "part_saved": share(made.part),
        "avoidable_cost_missing": made.avoidable.open_clients,
        "avoidable_cost_above_cost": made.avoidable.above,
        "net": text(made.net),
        "net_at_most": text(made.net_at_most),
        "net_if_nothing_is_saved": text(made.net_if_nothing),
        "net_if_everything_is_saved": text(made.net_if_everything),
        "break_even": share(made.break_even),
    }


def move_json(move: Move) -> dict[str, Any]:
    return {"before": move.before, "after": move.after, "clients": move.clients, "revenue_today": text(move.revenue)}


def curves_json(curves: Curves) -> dict[str, Any]:
    return {"revenue": whale_json(curves.revenue), "profit": None if curves.profit is None else whale_json(curves.profit)}


def whale_json(whale: Whale) -> dict[str, Any]:
    return {
        "clients": whale.clients,
        "total": text(whale.total),
        "peak": text(whale.peak),
        "peak_share": share(whale.peak_share),
        "clients_at_peak": whale.above,
        "clients_below_zero": whale.below,
        "erosion": text(whale.erosion),
        "best_fifth": whale.best,
        "best_fifth_holds": text(whale.best_sum),
        "best_fifth_share": share(whale.best_share),
    }
