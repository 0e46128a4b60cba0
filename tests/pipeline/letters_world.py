"""A policy with letters and its data, for tests of what letters say: a run in, its cases out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from selective_sales.model.finding import Finding
from selective_sales.model.letter import LetterCase
from selective_sales.model.letterhead import Letterhead, Person, Said, Sender
from selective_sales.pipeline.finished import FinishedRun, open_run
from selective_sales.pipeline.letter_cases import LettersAsked, letter_cases
from selective_sales.pipeline.runs import Request, evaluate

AS_OF = datetime.date(2026, 11, 22)
DATE = datetime.date(2026, 11, 26)
FIRM = Said("Firma", "Firm")
HEAD = Letterhead(
    Sender(FIRM, (FIRM,)),
    Person("Anna Nowak", email="anna@example.com"),
    Person("Jan Lis"),
    notice_days={"decline": 60, "undetermined": 7},
    reply_days=10,
)
POLICY = """\
format: 1
policy: {{id: letters, version: "7", title: {{pl: Listy, en: Letters}}, languages: [pl, en], currency: PLN{strategy}}}
data:
  clients:
    key: {key}
    display: name
    fields:
      id: text
      part: {{type: text}}
      name: text
      hello: text
      street: text
      town: text
      reads: text
      fee: {{type: money, tell_client: true, label: {{pl: opłata, en: fee}}}}
      hours: {{type: number, tell_client: true, can_change: true, minimum: 0, maximum: 5000, label: {{pl: godziny, en: hours}}}}
      visits: {{type: integer, tell_client: true, label: {{pl: wizyty, en: visits}}}}
      delay: {{type: days, tell_client: true, can_change: true, minimum: 0, maximum: 400, label: {{pl: opóźnienie, en: delay}}}}
      since: {{type: date, tell_client: true, can_change: true, label: {{pl: umowa z dnia, en: contract of}}}}
      signed: {{type: boolean, tell_client: true, can_change: true, label: {{pl: podpisano, en: signed}}}}
      fit: {{type: number, can_change: true}}
      secret: money
      sex: {{type: text, protected: true}}
metrics:
  rate: {{is: fee / hours, tell_client: true, format: number}}
  margin: {{is: (fee - secret) / fee, format: percent}}
letters: {{{letters}}}
decisions:
  decline: {{title: {{pl: zakończenie, en: decline}}, approval: required, letter: decline{decline}}}
  flag: {{title: {{pl: rozmowa, en: talk}}, when_unknown: apply, letter: educate, tell_change: true}}
  grow: {{title: {{pl: rozwój, en: grow}}, when_unknown: skip, letter: thank-you}}
  watch: {{title: {{pl: obserwacja, en: watch}}, when_unknown: skip}}
  keep: {{title: {{pl: utrzymanie, en: keep}}, default: true, letter: thank-you}}
rules:
{rules}
"""
LETTERS = "salutation: hello, address: [street, town], language: reads, undetermined: missing-information"
COLUMNS = "id part name hello street town reads fee hours visits delay since signed fit secret sex".split()
ROW = {
    "id": "A", "part": "1", "name": "Młyn", "hello": "", "street": "ul. Polna 1", "town": "00-950 Warszawa", "reads": "pl", "fee": "1000",
    "hours": "10", "visits": "2", "delay": "5", "since": "2020-01-01", "signed": "yes", "fit": "0.9", "secret": "100", "sex": "f",
}  # fmt: skip


def rule(when: str, then: str = "decline", id: str = "x", letter: str = '{pl: "Powód.", en: "Reason."}', more: str = "") -> str:
    return f"  - {{id: {id}, when: '{when}', then: {then}, reason: r, letter_reason: {letter}{more}}}"


def write(
    folder: Path,
    rules: Iterable[str],
    rows: Iterable[dict[str, str]],
    *,
    exceptions: str = "",
    letters: str = LETTERS,
    decline: str = "",
    key: str = "id",
    strategy: str = "",
) -> FinishedRun:
    """A finished run of these clients, each by what differs from ROW."""
    text = POLICY.format(rules="\n".join(rules), letters=letters, decline=decline, key=key, strategy=strategy)
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    lines = ["\t".join(COLUMNS), *("\t".join({**ROW, **row}[c] for c in COLUMNS) for row in rows)]
    (folder / "clients.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    request = Request({"clients": folder / "clients.tsv"}, AS_OF, folder / "run")
    if exceptions:
        (folder / "exceptions.yaml").write_text(f"format: 1\nexceptions:\n{exceptions}\n", encoding="utf-8")
        request = Request({"clients": folder / "clients.tsv"}, AS_OF, folder / "run", exceptions=folder / "exceptions.yaml")
    outcome = evaluate(folder / "policy.yaml", request)
    assert outcome.summary is not None, "\n".join(f"{f.place} {f.code} {f.message}" for f in outcome.findings)
    run, findings = open_run(folder / "run")
    assert run is not None, findings
    return run


def exception(client: str, decision: str) -> str:
    return f'  - {{client: {client}, decision: {decision}, because: b, approved_by: a, expires: "2027-01-01"}}'


def cases(run: FinishedRun, **asked: Any) -> tuple[dict[str, LetterCase], tuple[Finding, ...]]:
    """The cases by client, and the findings."""
    found, findings = letter_cases(run, LettersAsked(**{"language": "pl", "date": DATE, "letterhead": HEAD, **asked}))
    listed = list(found)
    by_client = {case.key: case for case in listed}
    assert len(by_client) == len(listed)
    return by_client, findings
