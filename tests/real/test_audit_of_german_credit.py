"""The audit of the UCI Statlog credit data, decided by the recorded class: the published figures, and fairlearn's."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fairlearn.metrics import MetricFrame, demographic_parity_ratio, selection_rate
from scipy.stats import fisher_exact

from selective_sales.cli.app import main
from selective_sales.model.audit import Audit, Explains, GroupAudit, Verdict
from selective_sales.pipeline.auditing import audit
from selective_sales.pipeline.finished import open_run
from selective_sales.pipeline.runs import Request, evaluate
from tests.real_data import real_file

POLICY = """\
format: 1
policy: {id: credit, version: "1", languages: [en, pl], currency: EUR}
data:
  clients:
    key: id
    fields:
      id: integer
      credit: integer
      status: text
      savings: text
      housing: text
      credit_amount: money
      personal_status: {type: text, protected: true}
      age: {type: integer, protected: true}
      foreign_worker: {type: text, protected: true}
decisions:
  decline: {approval: required}
  keep: {default: true}
rules:
  - {id: recorded-bad, when: credit = 2, then: decline, reason: Recorded as bad.}
fairness:
  compare: [keep, decline]
  across:
    - {id: female, is: 'personal_status in ["A92", "A95"]'}
    - {id: young, is: age <= 25}
    - {id: foreign, is: foreign_worker = "A201"}
  within: [housing, status]
"""
WORSE_OFF = {"female": "true", "young": "true", "foreign": "true"}


def rows() -> list[dict[str, str]]:
    with real_file("german_credit.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run; the clients get a number, as the data have no key."""
    found = rows()
    folder = tmp_path_factory.mktemp("credit")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    with (folder / "clients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *found[0]])
        writer.writerows([number, *row.values()] for number, row in enumerate(found, 1))
    request = Request({"clients": folder / "clients.csv"}, datetime.date(2026, 1, 1), out=folder / "run")
    assert evaluate(folder / "policy.yaml", request).summary is not None
    return folder


@pytest.fixture(scope="module")
def made(folder: Path) -> Audit:
    run, findings = open_run(folder / "run")
    assert run is not None, findings
    audited = audit(run)
    assert audited.audit is not None, audited.findings
    return audited.audit


def group(made: Audit, division: str, decision: str, value: str) -> GroupAudit:
    (found,) = [
        g for d in made.divisions if d.id == division for c in d.decisions if c.decision == decision for g in c.groups if g.group == value
    ]
    return found


@pytest.mark.parametrize(
    ("division", "decision", "ratio", "p", "verdict"),
    [
        ("female", "keep", 0.8966, 0.0206, Verdict.WATCH),
        ("female", "decline", 1.270, 0.0206, Verdict.FAIL),
        ("young", "keep", 0.7948, 0.0001, Verdict.FAIL),
        ("young", "decline", 1.55, 0.0001, Verdict.FAIL),
        ("foreign", "keep", 0.7766, 0.0094, Verdict.FAIL),
        ("foreign", "decline", 2.84, 0.0094, Verdict.FAIL),
    ],
)
def test_the_published_figures(made: Audit, division: str, decision: str, ratio: float, p: float, verdict: Verdict) -> None:
    found = group(made, division, decision, WORSE_OFF[division])
    assert found.to_best is not None and round(float(found.to_best), len(str(ratio).partition(".")[2])) == ratio
    assert round(found.comparisons[0].p, 4) == p and found.verdict is verdict


def test_three_tests_though_two_decisions_are_compared(made: Audit) -> None:
    adjusted = [group(made, d, "keep", "true").comparisons[0].adjusted for d in WORSE_OFF]
    raw = [group(made, d, "keep", "true").comparisons[0].p for d in WORSE_OFF]
    assert made.tests == 3 and adjusted == pytest.approx([raw[0], 3 * raw[1], 2 * raw[2]])


def test_37_are_enough_and_29_would_not_be(made: Audit) -> None:
    smaller = group(made, "foreign", "keep", "false")
    assert smaller.rate.clients == 37 and smaller.is_best and not smaller.is_largest and smaller.verdict is None


def test_fairlearn_and_scipy_say_the_same(made: Audit) -> None:
    found = rows()
    kept = [1 if row["credit"] == "1" else 0 for row in found]
    groups = {
        "female": [row["personal_status"] in ("A92", "A95") for row in found],
        "young": [int(row["age"]) <= 25 for row in found],
        "foreign": [row["foreign_worker"] == "A201" for row in found],
    }
    for division, flags in groups.items():
        names = ["true" if flag else "false" for flag in flags]
        for decision, chosen in (("keep", kept), ("decline", [1 - k for k in kept])):
            frame = MetricFrame(metrics=selection_rate, y_true=chosen, y_pred=chosen, sensitive_features=names)
            for value in ("true", "false"):
                rate = group(made, division, decision, value).rate.value
                assert rate is not None and float(rate) == pytest.approx(frame.by_group[value])
            ratio = group(made, division, decision, "true").to_best
            assert ratio is not None
            theirs = demographic_parity_ratio(chosen, chosen, sensitive_features=names)
            assert (float(ratio) if decision == "keep" else 1 / float(ratio)) == pytest.approx(theirs)
        rates = [group(made, division, "keep", value).rate for value in ("true", "false")]
        theirs = fisher_exact([[r.decided, r.clients - r.decided] for r in rates]).pvalue
        assert group(made, division, "keep", "true").comparisons[0].p == pytest.approx(theirs, rel=1e-9)


def test_the_one_rule_carries_all_of_it(made: Audit) -> None:
    for division in WORSE_OFF:
        (carrier,) = group(made, division, "decline", "true").carriers
        assert (carrier.rule, carrier.part, carrier.group.decided, carrier.reference.decided) == ("recorded-bad", 1, 0, 0)


def test_housing_does_not_explain_the_gap_by_age(made: Audit) -> None:
    explained = {e.field: e for e in group(made, "young", "decline", "true").explained}
    assert explained["housing"].explains is Explains.NOTHING and explained["housing"].compared.decided == 1000
    assert sum(s.group.clients + s.reference.clients for s in explained["status"].strata) == 1000


def test_what_a_person_reads(folder: Path) -> None:
    result = CliRunner().invoke(main, ["audit", str(folder / "run")], catch_exceptions=False)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].endswith("1,000 clients: FAILS")
    failed = [line for line in lines if line.startswith("  - FAIL")]
    watched = [line for line in lines if line.startswith("  - watch")]
    assert len(failed) == 5 and len(watched) == 1 and "keep, female" in watched[0] and "0.8966" in watched[0] and "0.0206" in watched[0]
    assert "a policy standard, not a legal finding" in result.stdout


def test_what_a_program_reads(folder: Path) -> None:
    result = CliRunner().invoke(main, ["audit", str(folder / "run"), "--format", "json"], catch_exceptions=False)
    content = json.loads(result.stdout)
    assert (content["verdict"], content["tests"], content["is_legal_finding"]) == ("fail", 3, False)
    young = next(d for d in content["divisions"] if d["id"] == "young")["decisions"][1]
    assert young["decision"] == "decline" and young["harmful"]
    assert [g["ratio_to_best"] for g in young["groups"]] == pytest.approx([1, 1.5502], abs=1e-4)
