"""Outputs of decision tables and points of factors, by the sentences of "Decision tables, certainty".

Where the language says "missing only where the unknown rows could have changed it", every way in which the unknown rows may turn out is
tried. Where it says something stricter, that is written out: `collect` and `collect count` are missing with any unknown row, `collect sum`
with one whose output is not zero; `unique` and `any` take a true row's word, whatever the unknown rows are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

from selective_sales.model.expression import HitPolicy

Row = tuple[bool | None, Any]
"""Whether the row is true, and what it gives."""
MISSING: Any = None


def hit(policy: HitPolicy, rows: Sequence[Row], otherwise: Any, has_otherwise: bool, total: Callable[[list[Any]], Any]) -> Any:
    """The output; `total` adds values up as the output's kind does."""
    trues = [value for held, value in rows if held]
    unknown = [value for held, value in rows if held is None]
    match policy:
        case HitPolicy.UNIQUE:
            if len(trues) > 1:
                return MISSING
            return trues[0] if trues else agreed([*unknown, otherwise])
        case HitPolicy.ANY:
            return agreed(trues) if trues else agreed([*unknown, otherwise])
        case HitPolicy.FIRST | HitPolicy.PRIORITY:
            return agreed(_first(way, otherwise) for way in ways(rows))
        case HitPolicy.COLLECT:
            if unknown or MISSING in trues:
                return MISSING
            return trues if trues else [otherwise] if has_otherwise else []
        case HitPolicy.COUNT:
            return MISSING if unknown else len(trues) if trues else otherwise if has_otherwise else 0
        case HitPolicy.SUM:
            if any(value is MISSING or value != 0 for value in unknown):
                return MISSING
            none = otherwise if has_otherwise else total([])
            return agreed(MISSING if MISSING in way else total(way) if way else none for way in chosen(rows))
        case HitPolicy.MIN | HitPolicy.MAX:
            best = min if policy is HitPolicy.MIN else max
            return agreed(MISSING if MISSING in way else best(way) if way else otherwise for way in chosen(rows))


def ways(rows: Sequence[Row]) -> Iterable[list[tuple[bool, Any]]]:
    """Every way in which the unknown rows may turn out."""
    for outcomes in product(*[(True, False) if held is None else (held,) for held, _ in rows]):
        yield [(held, value) for held, (_, value) in zip(outcomes, rows, strict=True)]


def chosen(rows: Sequence[Row]) -> Iterable[list[Any]]:
    """The values of the true rows, in every such way."""
    return ([value for held, value in way if held] for way in ways(rows))


def _first(rows: list[tuple[bool, Any]], otherwise: Any) -> Any:
    return next((value for held, value in rows if held), otherwise)


def agreed(values: Iterable[Any]) -> Any:
    """The one value that all are; missing where they differ, or are missing."""
    found = list(values)
    return found[0] if found and all(v is not MISSING and v == found[0] for v in found) else MISSING
