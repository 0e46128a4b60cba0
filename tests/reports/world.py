"""Small runs whose clients say themselves what is decided of them, their reports, and a page read back as a reader has it."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.pipeline.runs import Request, evaluate

AS_OF = datetime.date(2026, 11, 22)
POLICY = """\
format: 1
policy: {{id: small, version: "1", title: {{en: Small, pl: Mały}}, owner: "a@b.example", languages: [en, pl], currency: PLN}}
data:
  clients:
    key: id
    display: name
    fields:
      id: text
      name: {{type: text, label: {{en: name, pl: nazwa}}}}
      verdict: {{type: text, one_of: [decline, flag, keep], label: {{en: verdict, pl: werdykt}}}}
      revenue: money
      cost: money
      hours: number
      kind: text
      ours: number
      theirs: number
{sections}
decisions:
  decline: {{title: {{en: decline, pl: odmowa}}, approval: required}}
  flag: {{title: {{en: flag, pl: wyjaśnić}}}}
  keep: {{title: {{en: keep, pl: utrzymać}}, default: true}}
rules:
  - id: said-decline
    title: {{en: Said no, pl: Powiedział nie}}
    when: verdict = "decline"
    then: decline
    reason: {{en: said, pl: mówi}}
  - {{id: said-flag, when: verdict = "flag", then: flag, reason: {{en: said, pl: mówi}}}}
"""
MEASURES = "measures: {revenue: revenue, cost_to_serve: cost, service_hours: hours}\n"
REPORT = "report: {segments: [kind], ours: ours, ours_from: 50, theirs: theirs, theirs_from: 50}\n"
HEAD = "id,name,verdict,revenue,cost,hours,kind,ours,theirs"
CLIENTS = (
    "a,Ala,decline,100,150,10,red,10,20",
    "b,Ola,keep,1000,400,20,blue,80,90",
    "c,Ewa,flag,500,450,30.5,red,60,20",
    "d,Jan,keep,50,40,1,,20,30",
)


def policy(sections: str = MEASURES + REPORT) -> str:
    return POLICY.format(sections=sections)


def run(
    folder: Path,
    clients: Sequence[str] = CLIENTS,
    text: str | None = None,
    name: str = "run",
    exceptions: Path | None = None,
    head: str = HEAD,
) -> Path:
    """The run folder over those lines."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.yaml").write_text(policy() if text is None else text, encoding="utf-8")
    (folder / "clients.csv").write_text("\n".join([head, *clients, ""]), encoding="utf-8")
    request = Request({"clients": folder / "clients.csv"}, AS_OF, out=folder / name, exceptions=exceptions)
    outcome = evaluate(folder / "policy.yaml", request)
    assert outcome.summary is not None, outcome.findings
    return folder / name


def report(run: Path, out: Path, *options: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["report", str(run), "--language", language, "--out", str(out), *options], catch_exceptions=False)


@dataclass(frozen=True)
class Page:
    """A page that was read back: its source, and each section's words as a person reads them."""

    source: str

    def section(self, id: str) -> str:
        found = re.search(rf'<section id="{id}".*?</section>', self.source, re.DOTALL)
        assert found is not None, id
        return words(found[0])

    @property
    def words(self) -> str:
        return words(re.sub(r"<(style|script)>.*?</\1>", "", self.source, flags=re.DOTALL))


def words(source: str) -> str:
    """Without marks, one space between words; spaces that do not break stay."""
    return re.sub(r"[ \n]+", " ", html.unescape(re.sub(r"<[^>]*>", " ", source))).strip()


def page(folder: Path, clients: Sequence[str] = CLIENTS, text: str | None = None, *options: str, language: str = "en") -> Page:
    """The report of a run over those clients."""
    out = folder / "report.html"
    result = report(run(folder, clients, text), out, *options, language=language)
    assert result.exit_code == 0, result.output
    return Page(out.read_text(encoding="utf-8"))
