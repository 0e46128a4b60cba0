"""A small firm with letters: a policy, clients, a letterhead, and the commands as a person gives them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.resources import folder as resource_folder

POLICY = """\
format: 1
policy: {id: services, version: "1", title: {pl: "Usługi", en: "Services"}, languages: [pl, en], currency: PLN}
data:
  clients:
    key: client_id
    display: client_name
    fields:
      client_id: text
      client_name: text
      street: text
      city: text
      letter_language: {type: text, one_of: [pl, en]}
      revenue: {type: money, label: {pl: przychód, en: revenue}, tell_client: true}
      hours: {type: number, label: {pl: godziny, en: hours}, tell_client: true}
letters:
  name: client_name
  address: [street, city]
  language: letter_language
  undetermined: missing-information
parameters:
  least: 1000
  most_hours: 40
metrics:
  excess: {is: hours - most_hours, title: {pl: nadwyżka, en: excess}, tell_client: true}
decisions:
  decline: {title: {pl: rozstanie, en: decline}, approval: required, letter: decline}
  renegotiate: {title: {pl: renegocjacja, en: renegotiate}, approval: required, letter: renegotiate}
  keep: {title: {pl: utrzymanie, en: keep}, letter: thank-you, default: true}
rules:
  - id: small
    when: revenue < least
    then: decline
    reason: {pl: "Przychód {revenue}.", en: "Revenue {revenue}."}
    letter_reason: {pl: "Przychód za okres wyniósł {revenue}.", en: "Revenue in the period was {revenue}."}
  - id: busy
    when: hours > most_hours
    then: renegotiate
    reason: {pl: "Godziny {hours}.", en: "Hours {hours}."}
    letter_reason: {pl: "Obsługa zajęła {excess} godz. ponad umowę.", en: "Service took {excess} hours beyond the agreement."}
"""
FIELDS = ("client_id", "client_name", "street", "city", "letter_language", "revenue", "hours")
CLIENTS: tuple[tuple[object, ...], ...] = (
    ("A-01", "Alfa sp. z o.o.", "ul. Prosta 1", "00-001 Warszawa", "pl", 500, 10),
    ("A-02", "Beta Ltd", "1 Mill Lane", "Leeds", "en", 700, 10),
    ("A-03", "Gamma S.A.", "ul. Długa 3", "80-001 Gdańsk", "pl", 900, 10),
    ("A-04", "Delta GmbH", "Hauptstraße 4", "Berlin", "en", 5000, 50),
    ("A-05", "Epsilon sp. k.", "ul. Krótka 5", "30-001 Kraków", "pl", 6000, 45),
    ("A-06", "Zeta Ltd", "2 Mill Lane", "Leeds", "en", 7000, 5),
    ("A-07", "Eta sp. j.", "ul. Cicha 7", "50-001 Wrocław", "pl", 8000, 5),
    ("A-08", "Theta Ltd", "3 Mill Lane", "Leeds", "en", None, 5),
)
DAY = "2026-11-22"


def invoke(*arguments: object) -> Result:
    """The program with these arguments; a traceback is never a result."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def rows_of(clients: Sequence[Sequence[object]]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows([FIELDS, *clients])
    return stream.getvalue()


def changed(client: str, **values: object) -> tuple[tuple[object, ...], ...]:
    """The clients with other values for one of them."""
    return tuple(
        tuple(values.get(name, was) for name, was in zip(FIELDS, row, strict=True)) if row[0] == client else row for row in CLIENTS
    )


def firm(folder: Path) -> Path:
    """The letterhead beside where the run folders go."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("letterhead.yaml", "logo.svg"):
        if not (folder / name).exists():
            shutil.copyfile(resource_folder("templates") / "letters" / name, folder / name)
    return folder


def evaluated(
    folder: Path, name: str = "run", *, policy: str = POLICY, clients: Sequence[Sequence[object]] = CLIENTS, day: str = DAY
) -> Path:
    """A run folder of that name."""
    firm(folder)
    (folder / f"{name}.yaml").write_text(policy, encoding="utf-8")
    (folder / f"{name}.csv").write_text(rows_of(clients), encoding="utf-8")
    out = folder / name
    done = invoke("evaluate", folder / f"{name}.yaml", "--data", f"clients={folder / f'{name}.csv'}", "--as-of", day, "--out", out)
    assert done.exit_code == 0, done.output
    return out


def written(run: Path, *options: object, out: str = "letters") -> Result:
    return invoke("letters", run, "--out", run.parent / out, *options)


def approved(run: Path, *options: object) -> Result:
    return invoke("approve", run, "--by", "Anna Nowak", "--note", "Read it.", *options)


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "letters.json").read_text(encoding="utf-8"))
    return found


def entries(folder: Path) -> Mapping[str, dict[str, Any]]:
    """The letters of the batch by client."""
    return {"|".join(entry["client"]): entry for entry in manifest(folder)["letters"]}


def statuses(folder: Path) -> dict[str, str]:
    return {client: entry["status"] for client, entry in entries(folder).items()}


def seen(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Every file of the folder: its bytes, when it was changed, and which file it is."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in sorted(folder.iterdir())}


def is_whole(folder: Path) -> bool:
    """The manifest names every file, and each is what it says."""
    import hashlib

    listed = {entry["file"]: entry["sha256"] for entry in manifest(folder)["letters"] if entry["file"] is not None}
    found = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name not in ("letters.json", "letters.csv")}
    return listed == found
