"""Policies and test files as large as an honest author makes them are read as any other; what only looks large ends at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.robust.hostile import harmless, run

HEAD = """\
format: 1
policy: {id: many, version: "1", languages: [en], currency: PLN}
data:
  clients:
    key: id
    fields: {id: integer, revenue: money, cost: money, industry: text, complaints: integer}
decisions: {decline: {title: d}, keep: {title: k, default: true}}
"""


def rules(number: int) -> str:
    return "rules:\n" + "".join(
        f"  - id: rule-{i}\n"
        f"    title: The rule number {i} of a long policy\n"
        f'    when: industry = "it-{i}" and revenue - cost < {i} and complaints >= {i % 7}\n'
        f"    then: decline\n"
        f'    reason: "Revenue {{revenue}} at a cost of {{cost}}, with {{complaints}} complaints."\n'
        for i in range(number)
    )


def test_two_thousand_rules_in_one_file_are_checked(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(HEAD + rules(2000), encoding="utf-8")
    result = run("check", policy)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, f"{policy}: fine (2000 rules, 2 decisions)")


def test_a_mistake_in_the_last_of_two_thousand_rules_is_found(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    head, last, tail = (HEAD + rules(2000)).rpartition("complaints >= ")
    text = head + last.replace("complaints", "complain") + tail
    policy.write_text(text, encoding="utf-8")
    result = run("check", policy)
    assert result.exit_code == 3
    assert result.output.count("SS203") == 1


def test_a_test_file_of_a_thousand_cases_is_run(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(HEAD + rules(5), encoding="utf-8")
    cases = "".join(
        f"  - case: case {i}\n"
        f"    client: {{id: {i}, revenue: {i}, cost: {1000 - i}, industry: it-{i % 7}, complaints: {i % 9}}}\n"
        f"    expect: {{decision: {'decline' if i % 7 < 5 and i - (1000 - i) < i % 7 and i % 9 >= i % 7 else 'keep'}}}\n"
        for i in range(1000)
    )
    (tmp_path / "many.test.yaml").write_text(f"format: 1\npolicy: policy.yaml\nas_of: 2026-11-22\ncases:\n{cases}", encoding="utf-8")
    result = run("test", tmp_path)
    assert (result.exit_code, result.output.strip()) == (0, "1000 passed, 0 failed")


MUCH = {
    "a long text under many names": "parameters:\n  p0: &a " + "x" * 500_000 + "\n" + "".join(f"  p{i}: *a\n" for i in range(1, 9000)),
    "a condition under many names": 'rules:\n  - {id: r, when: &a "'
    + " or ".join(["revenue > 1"] * 500)
    + '", then: decline, reason: x}\n'
    + "".join(f"  - {{id: r{i}, when: *a, then: decline, reason: x}}\n" for i in range(9000)),
    "names of names of names": "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)),
    "values without end": "parameters:\n" + "".join(f"  p{i}: {i}\n" for i in range(60_000)),
}


@pytest.mark.parametrize("kind", MUCH)
def test_what_only_looks_large_ends_at_once(kind: str, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(HEAD + MUCH[kind], encoding="utf-8")
    began = time.process_time()
    result = run("check", policy)
    assert time.process_time() - began < 5
    assert (result.exit_code, result.output.count("SS012"), harmless(result.output)) == (3, 1, True), result.output[:500]
    assert len(result.output) < 2000
