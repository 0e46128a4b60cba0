"""A limit that cannot be judged names the clients whose value is missing, not all those that its lists count."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales.pipeline.runs import Outcome, Request, evaluate

from .small import AS_OF, POLICY, write_small

CLIENTS = "client_id,revenue,cost\nA,1000,1\nB,500,1\nC,,1\nD,700,\n"


def limited(folder: Path, *limits: str) -> Outcome:
    section = "limits:\n" + "".join(f"  - {{id: limit-{i}, require: '{limit}'}}\n" for i, limit in enumerate(limits))
    policy, clients = write_small(folder, POLICY + section, CLIENTS)
    return evaluate(policy, Request({"clients": clients}, AS_OF, folder / "run"))


def breaches(folder: Path) -> list[str]:
    return [line.split(",")[2] for line in (folder / "run" / "breaches.csv").read_text(encoding="utf-8").splitlines()[1:]]


@pytest.mark.parametrize(
    ("limit", "who"),
    [
        ('sum(clients[decision != "decline"].revenue) <= 5', ["C"]),  # all four are counted
        ("sum(clients.revenue) <= 5", ["C"]),
        ("count(clients[cost > 5]) <= 2", ["D"]),  # whom it counts is unknown
        ("sum(clients[cost < 5].revenue) <= 5 and sum(clients.cost) <= 9", ["C", "D"]),
        ("sum(clients.revenue) / (count(clients) - 4) <= 5", ["C"]),
    ],
)
def test_who_makes_it_unknown(tmp_path: Path, limit: str, who: list[str]) -> None:
    outcome = limited(tmp_path, limit)
    said = next(f for f in outcome.findings if f.code == "SS542").message
    assert "cannot be judged" in said
    assert said.endswith(f"; a value is missing for {len(who)} {'client' if len(who) == 1 else 'clients'}: {', '.join(who)}"), said
    assert breaches(tmp_path) == who


def test_a_breach_names_whom_it_counts(tmp_path: Path) -> None:
    outcome = limited(tmp_path, "count(clients[revenue is missing]) < 1")
    said = next(f for f in outcome.findings if f.code == "SS542").message
    assert said.endswith("; it counts 1 client: C"), said
    assert breaches(tmp_path) == ["C"]


def test_nobody_is_named_where_no_value_is_missing(tmp_path: Path) -> None:
    outcome = limited(tmp_path, 'mean(clients[decision = "decline"].revenue) <= 5')
    said = next(f for f in outcome.findings if f.code == "SS542").message
    assert (said.endswith(" is unknown"), (tmp_path / "run" / "breaches.csv").exists()) == (True, True), said
    assert breaches(tmp_path) == []
