"""An explanation for programs: a tree of plain JSON values."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TypeAlias

from ..model.exceptions import PolicyException
from ..model.explanation import Change, Explanation, LeafOutcome, NamedValue, RuleOutcome, ScoreShown
from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.text import Texts

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def as_json(explanation: Explanation) -> dict[str, Json]:
    """The explanation as what `json.dumps` takes. `format` is 1; a later form that means something else has a higher number.

    A value is `{"name", "kind", "value"}`: money is a string with its exact decimals ("1234.5000"), so that no reader rounds it; a number
    is a JSON number where a double holds it exactly as written, else a string; integers, days and months are JSON integers; dates are ISO
    strings; a missing value is null. Rules come in policy order, with their places in the order of display as `shown`.
    """
    order = {rule.id: number for number, rule in enumerate(explanation.in_display_order)}
    return {
        "format": 1,
        "client": list(explanation.client),
        "name": explanation.name,
        "decision": explanation.decision,
        "policy_decision": explanation.policy_decision,
        "decided_by": explanation.decided_by,
        "possible_decisions": list(explanation.possible_decisions),
        "missing_because": list(explanation.missing_because),
        "exception": None if explanation.exception is None else _exception(explanation.exception),
        "rules": [_rule(rule, order[rule.id]) for rule in explanation.rules],
        "metrics": [{**_named(metric), "from": [_named(part) for part in metric.from_]} for metric in explanation.metrics],
        "scores": [_score(score) for score in explanation.scores],
        "tables": [
            {
                "name": table.name,
                "outputs": [_named(output) for output in table.outputs],
                "true_rows": [number for number, _ in table.true],
                "unknown_rows": [number for number, _ in table.unknown],
            }
            for table in explanation.tables
        ],
        "changes": None if explanation.changes is None else [_change(change) for change in explanation.changes],
        "policy": {"id": explanation.policy_id, "version": explanation.policy_version},
        "run": explanation.run_id,
        "as_of": explanation.as_of.isoformat(),
    }


def _score(score: ScoreShown) -> Json:
    return {
        **_named(score.value),
        "low": _value(score.low, Kind.NUMBER),
        "high": _value(score.high, Kind.NUMBER),
        "factors": [
            {
                "id": f.id,
                "of": [_named(named) for named in f.of],
                "weight": _value(f.weight, Kind.NUMBER),
                "worth": _value(f.worth, Kind.NUMBER),
                "points": _value(f.points, Kind.NUMBER),
                "lost": _value(f.lost, Kind.NUMBER),
            }
            for f in score.factors
        ],
    }


def _change(change: Change) -> Json:
    return {"field": _named(change.field), "to": _named(change.to), "decision": change.decision, "decided_by": change.decided_by}


def _rule(rule: RuleOutcome, shown: int) -> Json:
    return {
        "id": rule.id,
        "decision": rule.decision,
        "outcome": rule.outcome.value,
        "applied": rule.applied,
        "decides": rule.decides,
        "matters": rule.matters,
        "near_miss": rule.near_miss,
        "in_force": rule.in_force,
        "shown": shown,
        "missing": [named.text for named in rule.blanks],
        "conditions": [_leaf(leaf) for leaf in rule.leaves],
        "source": _words(rule.source),
        "thresholds": [{**_named(threshold.value), "source": _words(threshold.source)} for threshold in rule.thresholds],
        "place": str(rule.place),
    }


def _words(texts: Texts | None) -> Json:
    """A text for all languages as it is, another by language; "" where there is none."""
    by_language = {} if texts is None else {language: template.written for language, template in texts.by_language}
    return by_language.get("*") or ({**by_language} if by_language else "")


def _leaf(leaf: LeafOutcome) -> Json:
    return {
        "text": leaf.text,
        "place": str(leaf.place),
        "of_unless": leaf.of_unless,
        "outcome": leaf.outcome.value,
        "flips": leaf.flips,
        "values": [_named(operand) for operand in leaf.operands],
        "threshold": None if leaf.threshold is None else _named(leaf.threshold),
        "distance": None
        if leaf.distance is None
        else {"kind": leaf.distance_kind.value, "value": _value(leaf.distance, leaf.distance_kind)},
        "relative_distance": leaf.relative_distance,
    }


def _named(named: NamedValue) -> dict[str, Json]:
    return {"name": named.text, "kind": named.kind.value, "value": _value(named.value, named.kind)}


def _value(value: Scalar | None, kind: Kind) -> Json:
    match value:
        case datetime.date():
            return value.isoformat()
        case Decimal() | int() if kind is Kind.MONEY and not isinstance(value, bool):
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        case Decimal():
            double = float(value)
            return double if Decimal(repr(double)) == value else f"{value:f}"
        case _:
            return value


def _exception(exception: PolicyException) -> Json:
    return {
        "decision": exception.decision,
        "because": exception.because,
        "approved_by": exception.approved_by,
        "valid_from": None if exception.valid_from is None else exception.valid_from.isoformat(),
        "expires": exception.expires.isoformat(),
    }
