"""Scores and decision tables for one client: what each factor brings and loses, which rows are true."""

from __future__ import annotations

from decimal import Decimal

from ..model.checked import CheckedScore, CheckedTable
from ..model.explanation import FactorShown, ScoreShown, TableShown
from ..model.expression import Constant, Expression, ParameterValue, Scalar
from ..model.kind import Kind
from .values import Client, Sources, scalar

_PLACES = Decimal("0.000001")


def score(shown: CheckedScore, client: Client, sources: Sources) -> ScoreShown:
    """The factors by points lost, largest first. Points are of the score's scale: all that could be had sum to high - low."""
    worths = [scalar(client.row[f.part], Kind.NUMBER) for f in shown.factors]
    weights = [_weight(f.weight, sources) for f in shown.factors]
    counted = [w for w, worth in zip(weights, worths, strict=True) if worth is not None or not shown.reweigh]
    whole, span = sum(counted, Decimal(0)), shown.high - shown.low
    factors = []
    for factor, worth, weight in zip(shown.factors, worths, weights, strict=True):
        points = lost = None
        if isinstance(worth, Decimal | int) and whole:
            points = (span * weight * worth / whole).quantize(_PLACES).normalize()
            lost = (span * weight * (1 - worth) / whole).quantize(_PLACES).normalize()
        of = tuple(named for get in sources.direct(factor.of) if (named := get(client)) is not None)
        factors.append(FactorShown(factor.id, factor.title, of, weight, worth, points, lost))
    ordered = sorted(factors, key=lambda f: (f.lost is None, -Decimal(str(f.lost or 0))))
    return ScoreShown(client.metrics[shown.name], shown.low, shown.high, tuple(ordered))


def _weight(node: Expression, sources: Sources) -> Decimal:
    value: Scalar | None = None
    match node:
        case Constant(value):
            pass
        case ParameterValue(name):
            value = sources.parameters[name].value
        case _:
            pass
    return Decimal(value) if isinstance(value, Decimal | int) else Decimal(0)


def table(shown: CheckedTable, client: Client) -> TableShown:
    """The rows that are true, and those that might be."""
    rows = [(row.number, ", ".join(row.cell_texts), client.row[row.part]) for row in shown.rows]
    return TableShown(
        shown.name,
        tuple(client.metrics[name] for name in shown.outputs),
        tuple((number, cells) for number, cells, held in rows if held is True),
        tuple((number, cells) for number, cells, held in rows if held is None),
    )
