"""What commands say in Polish is what the policy calls it: titles, words for listed values; an id only where a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main

POLICY = """\
format: 1
policy: {id: small, version: "1", languages: [pl, en], currency: PLN, strategy: most_severe}
data:
  clients:
    key: id
    fields:
      id: text
      revenue: {type: money, label: {pl: przychód, en: revenue}}
      place: {type: text, one_of: [near_by, far_off], label: {pl: miejsce, en: place}, labels: {pl: [blisko, daleko], en: [near, far]}}
parameters:
  least: {value: 100, kind: money, title: {pl: najmniejszy przychód, en: least revenue}}
decisions:
  decline: {title: {pl: odmowa, en: decline}}
  keep: {title: {pl: utrzymanie, en: keep}, default: true}
rules:
  - id: too-small
    title: {pl: "Zbyt mały", en: "Too small"}
    when: revenue < least
    then: decline
    reason: {pl: "Przychód {revenue}.", en: "Revenue {revenue}."}
figures:
  by_place: {is: count(clients), by: [place, decision], title: {pl: klienci według miejsca, en: clients by place}}
limits:
  - {id: enough-left, require: 'count(clients[decision = "keep"]) >= 1', title: {pl: ktoś zostaje, en: somebody stays}}
allocations:
  plan_of_time:
    title: {pl: czas działu, en: the team's time}
    measure: revenue
    groups: [{id: those_near, who: place = "near_by", factor: 0.5, title: {pl: bliscy, en: near ones}}]
    rest: {pl: reszta, en: the rest}
"""
IDS = ("too-small", "by_place", "near_by", "far_off", "enough-left", "plan_of_time", "those_near")


def said(*arguments: str) -> str:
    result = CliRunner().invoke(main, [*arguments, "--language", "pl"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "small.yaml").write_text(POLICY, encoding="utf-8")
    for name, revenue in (("old", 500), ("new", 50)):
        (tmp_path / "clients.csv").write_text(f"id,revenue,place\na,{revenue},near_by\nb,700,far_off\n", encoding="utf-8")
        evaluated(tmp_path, tmp_path / name)
    return tmp_path / "old", tmp_path / "new"


def evaluated(folder: Path, out: Path) -> str:
    data = f"clients={folder / 'clients.csv'}"
    return said("evaluate", str(folder / "small.yaml"), "--data", data, "--as-of", "2026-11-22", "--out", str(out))


def test_a_summary_speaks_in_titles_and_in_words_for_values(tmp_path: Path, runs: tuple[Path, Path]) -> None:
    found = evaluated(tmp_path, tmp_path / "third")
    for line in (
        "  Zbyt mały",
        "    blisko, odmowa: 1",
        "    daleko, utrzymanie: 1",
        "  ktoś zostaje: dotrzymane",
        "czas działu:",
        "  bliscy: ",
    ):
        assert line in found
    assert [name for name in IDS if name in found] == []
    assert "odmowa (decline)" in found  # what a person types after --decision


def test_so_do_the_other_commands(runs: tuple[Path, Path]) -> None:
    old, new = map(str, runs)
    moved = said("diff", old, new)
    assert "utrzymanie → odmowa: 1 klient" in moved and "decyzja domyślna → Zbyt mały" in moved
    explained = said("explain", new, "a")
    assert "rozstrzygnęła reguła „Zbyt mały”" in explained
    hours = said("allocate", new, "--hours", "100")
    assert hours.startswith("czas działu: 100") and "bliscy" in hours
    for found in (moved, explained, hours):
        assert [name for name in IDS if name in found] == []
