"""A small policy with its data, for tests of runs: four clients, one for each decision."""

from __future__ import annotations

import datetime
from pathlib import Path

AS_OF = datetime.date(2026, 11, 22)
POLICY = """format: 1
policy:
  id: small
  version: "1"
  title: {pl: "Mała", en: "Small"}
  languages: [pl, en]
  currency: PLN
  strategy: most_severe
  valid_from: "2026-01-01"
  valid_until: "2026-12-31"
data:
  clients:
    key: client_id
    fields:
      client_id: text
      revenue: money
      cost: money
decisions:
  decline: {title: {pl: odmowa, en: decline}}
  flag: {title: {pl: wyjaśnić, en: flag}}
  keep: {title: {pl: utrzymać, en: keep}, default: true}
rules:
  - id: unprofitable
    when: cost > revenue
    then: decline
    reason: {pl: "Koszt {cost}, przychód {revenue}.", en: "Cost {cost}, revenue {revenue}."}
  - id: small
    when: revenue < 100
    then: flag
    reason: {pl: "Przychód {revenue}.", en: "Revenue {revenue}."}
"""
CLIENTS = """client_id,revenue,cost
A,1000,1500
B,50,10
C,1000,10
D,1000,
"""
DECISIONS = {"A": "decline", "B": "flag", "C": "keep", "D": "undetermined"}


def write_small(folder: Path, policy: str = POLICY, clients: str = CLIENTS) -> tuple[Path, Path]:
    """The policy's and the clients' file."""
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    (folder / "clients.csv").write_text(clients, encoding="utf-8")
    return folder / "policy.yaml", folder / "clients.csv"


def write_exceptions(folder: Path, *entries: str) -> Path:
    """exceptions.yaml with one flow mapping per entry."""
    path = folder / "exceptions.yaml"
    path.write_text("format: 1\nexceptions:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), encoding="utf-8")
    return path
