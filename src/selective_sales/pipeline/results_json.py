"""What a run came to as a whole, as JSON values: for the manifest, and for programs that read a summary."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.results import AllocationResult, FigureResult, GuaranteeResult, LimitResult, WholeResult


def results_json(whole: WholeResult) -> dict[str, Any]:
    """Money as text, exact; numbers as JSON numbers; a missing value is null."""
    return {
        "figures": list(map(figure_json, whole.figures)),
        "limits": list(map(limit_json, whole.limits)),
        "guarantees": list(map(guarantee_json, whole.guarantees)),
        "allocations": list(map(allocation_json, whole.allocations)),
        "table_conflicts": [
            {"table": c.table, "rows": list(c.rows), "clients": c.clients, "examples": [list(key) for key in c.examples]}
            for c in whole.conflicts
        ],
        "left_out": [{"function": item.text, "clients": item.clients} for item in whole.left_out],
    }


def figure_json(figure: FigureResult) -> dict[str, Any]:
    content: dict[str, Any] = {"name": figure.name, "kind": str(figure.kind)}
    if not figure.by:
        return {**content, "value": value_json(figure.rows[0].value, figure.kind) if figure.rows else None}
    names = [name for name, _ in figure.by]
    kinds = [kind for _, kind in figure.by]
    rows = [
        {"by": {n: value_json(v, k) for n, v, k in zip(names, row.by, kinds, strict=True)}, "value": value_json(row.value, figure.kind)}
        for row in figure.rows
    ]
    return {**content, "by": names, "rows": rows}


def limit_json(limit: LimitResult) -> dict[str, Any]:
    return {
        "id": limit.id,
        "kept": limit.kept.value,
        "on_breach": limit.on_breach.value,
        "require": limit.text,
        "figures": [{"text": s.text, "value": value_json(s.value, s.kind)} for s in limit.sides if not s.literal],
        "clients": limit.clients,
        "examples": [list(key) for key in limit.examples],
    }


def guarantee_json(guarantee: GuaranteeResult) -> dict[str, Any]:
    return {
        "id": guarantee.id,
        "kept": guarantee.kept.value,
        "on_breach": guarantee.on_breach.value,
        "always": guarantee.text,
        "breached": guarantee.breached,
        "unknown": guarantee.unknown,
        "examples": [list(key) for key in guarantee.examples],
    }


def allocation_json(allocation: AllocationResult) -> dict[str, Any]:
    return {
        "name": allocation.name,
        "groups": [
            {
                "id": g.id,
                "clients": g.clients,
                "measure": value_json(g.measure, g.measure_kind),
                "share": g.share,
                "factor": g.factor,
                "result": g.result,
            }
            for g in allocation.groups
        ],
        "rest": allocation.rest,
        "others": allocation.others,
        "unallocated": allocation.unallocated,
        "fit_two": allocation.fit_two,
    }


def value_json(value: Scalar | None, kind: Kind) -> Any:
    match value:
        case Decimal() if kind is Kind.MONEY:
            return format(value, "f")
        case Decimal():
            return int(value) if value == value.to_integral_value() and kind is not Kind.NUMBER else float(value)
        case datetime.date():
            return value.isoformat()
        case _:
            return value
