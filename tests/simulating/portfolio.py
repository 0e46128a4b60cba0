"""Small portfolios whose clients say themselves what is decided of them, run and simulated."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from selective_sales.pipeline.finished import FinishedRun, open_run
from selective_sales.pipeline.runs import Request, evaluate

AS_OF = datetime.date(2026, 11, 22)
FIELDS = "revenue: money, cost: money, hours: number, conflicts: integer"
MEASURES = "{revenue: revenue, cost_to_serve: cost, service_hours: hours, conflicts: conflicts}"
POLICY = """\
format: 1
policy: {{id: small, version: "1", title: Small, languages: [en, pl], currency: PLN}}
data:
  clients:
    key: id
    fields: {{id: text, verdict: {{type: text, one_of: [decline, flag, keep]}}, {fields}}}
{sections}
decisions:
  decline: {{title: {{en: decline, pl: odmowa}}{approval}}}
  flag: {{title: {{en: flag, pl: wyjaśnić}}}}
  keep: {{title: {{en: keep, pl: utrzymać}}, default: true}}
rules:
  - {{id: said-decline, when: verdict = "decline", then: decline, reason: {{en: said, pl: mówi}}}}
  - {{id: said-flag, when: verdict = "flag", then: flag, reason: {{en: said, pl: mówi}}}}
"""


def policy(fields: str = FIELDS, measures: str | None = MEASURES, sections: str = "", approval: str = "") -> str:
    written = f"measures: {measures}\n{sections}" if measures is not None else sections
    return POLICY.format(fields=fields, sections=written, approval=approval)


def run(folder: Path, clients: str | Sequence[str], text: str | None = None, exceptions: Path | None = None) -> FinishedRun:
    """The run over those lines of CSV, the first of them the columns' names."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "policy.yaml"
    path.write_text(policy() if text is None else text, encoding="utf-8")
    (folder / "clients.csv").write_text(clients if isinstance(clients, str) else "\n".join([*clients, ""]), encoding="utf-8")
    outcome = evaluate(path, Request({"clients": folder / "clients.csv"}, AS_OF, out=folder / "run", exceptions=exceptions))
    assert outcome.summary is not None, outcome.findings
    opened, findings = open_run(folder / "run")
    assert opened is not None, findings
    return opened
