"""A small finished run, for the commands that read one."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from selective_sales.cli.app import main

POLICY = """\
format: 1
policy:
  id: small
  version: "1"
  title: {pl: "Mała polityka", en: "A small policy"}
  owner: owner@example.com
  languages: [pl, en]
  currency: PLN
  strategy: most_severe
data:
  clients:
    key: client_id
    fields:
      client_id: text
      revenue: {type: money, label: {pl: przychód, en: revenue}}
      cost: {type: money, label: {pl: koszt, en: cost}}
metrics:
  margin: {is: (revenue - cost) / revenue, title: {pl: marża, en: margin}, format: percent}
decisions:
  decline: {title: {pl: odmowa, en: decline}, approval: required}
  keep: {title: {pl: utrzymanie, en: keep}, default: true}
rules:
  - id: thin-margin
    title: {pl: "Niska marża", en: "Thin margin"}
    when: margin < 5%
    then: decline
    reason: {pl: "Marża wynosi {margin}.", en: "The margin is {margin}."}
"""
CLIENTS = "client_id,revenue,cost\nA-1,1000,990\nA-2,1000,948\nA-3,1000,\nłódź,1000,100\n"
PAIRS = "country,number,revenue,cost\nPL,1,1000,990\nDE,1,1000,948\n"


def invoke(*arguments: object) -> Result:
    """The program with these arguments; a traceback is never a result."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def small_run(tmp_path: Path) -> Path:
    """Four clients: A-1 declined, A-2 kept by a near miss, A-3 undetermined, łódź kept."""
    return _run(tmp_path, POLICY, CLIENTS)


def run_with_pairs(tmp_path: Path) -> Path:
    """Two clients whose key is a country and a number."""
    policy = POLICY.replace("key: client_id", "key: [country, number]").replace("client_id: text", "country: text\n      number: text")
    return _run(tmp_path, policy, PAIRS)


def _run(tmp_path: Path, policy: str, clients: str) -> Path:
    (tmp_path / "policy.yaml").write_text(policy, encoding="utf-8")
    (tmp_path / "clients.csv").write_text(clients, encoding="utf-8")
    out = tmp_path / "run"
    data = f"clients={tmp_path / 'clients.csv'}"
    result = invoke("evaluate", tmp_path / "policy.yaml", "--data", data, "--as-of", "2026-11-22", "--out", out)
    assert result.exit_code == 0, result.output
    return out
