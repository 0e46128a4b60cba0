"""Runs over made-up clients of two sexes, for audits."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from selective_sales.model.audit import Audit, DecisionAudit, DivisionAudit, GroupAudit, GroupName
from selective_sales.pipeline.auditing import Audited, audit
from selective_sales.pipeline.finished import FinishedRun, open_run
from selective_sales.pipeline.runs import Request, evaluate

AS_OF = datetime.date(2026, 11, 22)
FIELDS = (
    "gender: {type: text, protected: true}, age: {type: integer, protected: true}, "
    'woman: {type: boolean, protected: true, is: gender = "f"}'
)
FAIRNESS = "{compare: [decline, keep], across: [gender]}"
RULES = """\
  - {id: low, when: score < 5, then: decline, reason: {en: low, pl: niska}}
  - {id: far, when: distance > 300, then: decline, reason: {en: far, pl: daleko}}
"""
POLICY = """\
format: 1
policy: {{id: small, version: "1", title: Small, languages: [en, pl], currency: PLN}}
data:
  clients:
    key: id
    fields: {{id: integer, score: integer, distance: number, city: text, {fields}}}
{sections}
decisions:
  decline: {{title: {{en: decline, pl: odmowa}}, approval: required}}
  keep: {{title: {{en: keep, pl: utrzymać}}, default: true}}
rules:
{rules}
{fairness}
"""
HEADER = "id,score,distance,city,gender,age"


def policy(fairness: str | None = FAIRNESS, rules: str = RULES, fields: str = FIELDS, sections: str = "") -> str:
    written = "" if fairness is None else f"fairness: {fairness}"
    return POLICY.format(fairness=written, rules=rules, fields=fields, sections=sections)


def lines(*groups: tuple[int, int, object, str, str, object]) -> list[str]:
    """(how many, score, distance, city, gender, age) as lines of CSV."""
    made, number = [HEADER], 0
    for many, *cells in groups:
        for _ in range(many):
            number += 1
            made.append(",".join(map(str, (number, *cells))))
    return made


def run(folder: Path, clients: Iterable[str], text: str | None = None, **more: object) -> FinishedRun:
    """The run over those lines; `more` is of the request."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "policy.yaml"
    path.write_text(policy() if text is None else text, encoding="utf-8")
    (folder / "clients.csv").write_text("\n".join([*clients, ""]), encoding="utf-8")
    outcome = evaluate(path, Request({"clients": folder / "clients.csv"}, AS_OF, out=folder / "run", **more))  # type: ignore[arg-type]
    assert outcome.summary is not None, outcome.findings
    opened, findings = open_run(folder / "run")
    assert opened is not None, findings
    return opened


def made(audited: Audited) -> Audit:
    assert audited.audit is not None, audited.findings
    return audited.audit


def audit_of(folder: Path, clients: Iterable[str], text: str | None = None, **more: object) -> Audit:
    return made(audit(run(folder, clients, text, **more)))


def division(found: Audit, id: str) -> DivisionAudit:
    return next(d for d in found.divisions if d.id == id)


def decision(found: Audit, id: str, name: str) -> DecisionAudit:
    return next(d for d in division(found, id).decisions if d.decision == name)


def groups(found: Audit, id: str, name: str) -> dict[GroupName, GroupAudit]:
    return {g.group: g for g in decision(found, id, name).groups}
