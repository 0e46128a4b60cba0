"""A fairness audit as JSON values for programs: everything, ratios as numbers, null where they mean nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..model.audit import Association, Audit, Comparison, DecisionAudit, DivisionAudit, GroupAudit, Rate, RuleNote, Stratified
from ..model.text import Texts


def as_json(made: Audit) -> dict[str, Any]:
    """Everything."""
    standard = made.standard
    return {
        "format": 1,
        "policy": {"id": made.policy_id, "version": made.policy_version},
        "run_id": made.run_id,
        "as_of": made.as_of.isoformat(),
        "clients": made.clients,
        "verdict": made.verdict.value,
        "is_legal_finding": False,
        "standard": {
            "minimum_ratio": float(standard.minimum_ratio),
            "significance": float(standard.significance),
            "smallest_group": standard.smallest_group,
            "strong_association": float(standard.strong_association),
            "on_breach": "fail" if standard.fails else "warn",
        },
        "tests": made.tests,
        "divisions": [division_json(d) for d in made.divisions],
        "associations": [association_json(a) for a in made.associations],
        "rules": [rule_json(r) for r in made.rules],
        "not_audited": list(made.not_audited),
    }


def share(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def rate_json(rate: Rate) -> dict[str, Any]:
    return {"clients": rate.clients, "decided": rate.decided, "rate": share(rate.value)}


def division_json(made: DivisionAudit) -> dict[str, Any]:
    return {
        "id": made.id,
        "verdict": made.verdict.value,
        "too_many_groups": made.too_many,
        "decisions": [decision_json(d) for d in made.decisions],
    }


def decision_json(made: DecisionAudit) -> dict[str, Any]:
    groups = [group_json(g) for g in made.groups]
    return {"decision": made.decision, "harmful": made.harmful, "verdict": made.verdict.value, "groups": groups}


def group_json(made: GroupAudit) -> dict[str, Any]:
    return {
        "group": made.group,
        **rate_json(made.rate),
        "is_best": made.is_best,
        "is_largest": made.is_largest,
        "ratio_to_best": share(made.to_best),
        "ratio_to_largest": share(made.to_largest),
        "verdict": None if made.verdict is None else made.verdict.value,
        "lacking": None if made.lacking is None else made.lacking.value,
        "comparisons": [comparison_json(c) for c in made.comparisons],
        "within": [stratified_json(s) for s in made.explained],
        "without_rule": [
            {"rule": c.rule, "group": rate_json(c.group), "reference": rate_json(c.reference), "part_of_gap": share(c.part)}
            for c in made.carriers
        ],
    }


def comparison_json(made: Comparison) -> dict[str, Any]:
    return {
        "reference": made.reference,
        "ratio": share(made.ratio),
        "below_minimum": made.below,
        "p": made.p,
        "p_holm": made.adjusted,
        "verdict": made.verdict.value,
    }


def stratified_json(made: Stratified) -> dict[str, Any]:
    return {
        "field": made.field,
        "ratio": made.ratio,
        "p": made.p,
        "compared": made.compared.decided,
        "of": made.compared.clients,
        "explains": made.explains.value,
        "strata": [{"value": s.value, "group": rate_json(s.group), "reference": rate_json(s.reference)} for s in made.strata],
    }


def association_json(made: Association) -> dict[str, Any]:
    return {
        "value": made.value_used,
        "groups_of": made.division,
        "in_fifths": made.in_fifths,
        "measure": made.measure.value,
        "strength": made.strength,
        "clients": made.clients,
        "strong": made.strong,
        "rules": list(made.rules),
    }


def rule_json(made: RuleNote) -> dict[str, Any]:
    why = made.justification
    said = (
        None
        if why is None
        else {"aim": texts_json(why.aim), "appropriate": texts_json(why.appropriate), "necessary": texts_json(why.necessary)}
    )
    return {"id": made.id, "decided_otherwise_without_it": made.moved, "justification": said}


def texts_json(texts: Texts) -> dict[str, str]:
    return {language: "".join(map(str, template.parts)) for language, template in texts.by_language}
