"""What the cases of a policy show of it, from tests/cases/policytest/coverage.yaml, and where it stands in used files and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.model.coverage import PolicyCoverage, Seen, Way
from selective_sales.model.place import Place
from selective_sales.pipeline.cases import run_tests
from selective_sales.pipeline.coverage import Meter
from tests.docs.blocks import ROOT

FILE = ROOT / "tests/cases/policytest/coverage.yaml"
HEAD = """\
format: 1
policy: {id: small, version: "1", title: Small, languages: [en], currency: PLN}
data:
  clients:
    key: id
    fields:
      id: text
      revenue: money
      cost: money
      visits: integer
      new: boolean
      known: {type: integer, missing: 3}
  orders:
    belongs_to: clients
    key: id
    fields: {id: text, amount: money}
"""
METRICS = "metrics: {profit: revenue - cost}\n"
DECISIONS = "{decline: {title: d}, flag: {title: f, when_unknown: apply}, keep: {title: k, default: true}}"
CASES = 'format: 1\npolicy: policy.yaml\nas_of: "2026-11-22"\ncases:\n'


def entries() -> list[Any]:
    return [pytest.param(entry, id=entry["about"]) for entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))]


def decisions_of(entry: dict[str, Any]) -> str:
    """Only the decisions that the entry names by its rules, unless it says otherwise: each on a line of its own."""
    declared = yaml.safe_load(entry.get("decisions", DECISIONS))
    led_to = {rule["then"] for rule in yaml.safe_load(entry["policy"])["rules"]}
    kept = {name: how for name, how in declared.items() if "decisions" in entry or name in led_to or how.get("default")}
    return "decisions:\n" + "".join(f"  {name}: {yaml.safe_dump(how, default_flow_style=True).strip()}\n" for name, how in kept.items())


def measured(folder: Path, *files: Path) -> tuple[PolicyCoverage, ...]:
    meter = Meter()
    paths = files or (folder,)
    report = meter.report(run_tests(paths, "", [meter]), paths)
    assert report.coverage is not None
    return report.coverage


def told(place: Place, words: str, head: str) -> str:
    """`line:column words`, counted in the entry's own text; what stands in the head has no place."""
    line = place.line - head.count("\n")
    return f"{line}:{place.column} {words}" if line > 0 else words


@pytest.mark.parametrize("entry", entries())
def test_what_is_shown(entry: dict[str, Any], tmp_path: Path) -> None:
    head = HEAD + ("" if "metrics:" in entry["policy"] else METRICS) + decisions_of(entry)
    (tmp_path / "policy.yaml").write_text(head + entry["policy"], encoding="utf-8")
    for number, cases in enumerate([entry["cases"], *entry.get("files", [])]):
        (tmp_path / f"{number}.test.yaml").write_text(CASES + cases, encoding="utf-8")
    (coverage,) = measured(tmp_path)
    assert [told(item.place, item.words, head) for item in coverage.open] == entry["open"]
    assert f"{coverage.covered} of {len(coverage.counted)}" == entry["covered"]
    exempt = sorted(coverage.exempt, key=lambda one: one.place)
    assert [told(one.place, one.words, head) for one in exempt] == entry.get("not_counted", [])


def test_places_in_used_files_and_in_rows_from_a_file(tmp_path: Path) -> None:
    head = HEAD.replace("format: 1\n", "format: 1\nuses: [more.yaml]\n")
    (tmp_path / "policy.yaml").write_text(head + "decisions: {flag: {title: f, when_unknown: apply}, keep: {title: k, default: true}}\n")
    (tmp_path / "more.yaml").write_text(
        "format: 1\ntables: {care: {hit_policy: first, inputs: [visits], outputs: {level: number}, rows_from: care.csv}}\n"
        "rules:\n  - {id: few, when: level < 2 and visits > 0, then: flag, reason: x}\n"
    )
    (tmp_path / "care.csv").write_text("visits,level\n>= 5,3\n>= 1,1\n-,2\n")
    (tmp_path / "a.test.yaml").write_text(CASES + "- {case: one, client: {visits: 1}, expect: {decision: flag}}\n")
    (coverage,) = measured(tmp_path)
    told = [f"{str(item.place).removeprefix(f'{tmp_path}/')} {item.words}" for item in coverage.open]
    assert told == [
        "care.csv:2:1 no case hits row 1 of table 'care' (>= 5)",
        "care.csv:4:1 no case hits row 3 of table 'care' (-)",
        "more.yaml:4:10 rule 'few' fires in every case",
        "more.yaml:4:21 no case makes `level < 2` false (rule 'few')",
        "more.yaml:4:35 no case makes `visits > 0` false (rule 'few')",
        "policy.yaml:18:52 no case reaches the decision 'keep'",
    ]


def test_unknown_is_told_apart(tmp_path: Path) -> None:
    rules = "rules: [{id: few, when: visits < 2 and known > 3, then: flag, reason: x}]\n"
    (tmp_path / "policy.yaml").write_text(f"{HEAD}decisions: {DECISIONS}\n{rules}")
    (tmp_path / "a.test.yaml").write_text(CASES + "- {case: one, client: {known: 4, visits: missing}, expect: {decision: flag}}\n")
    (coverage,) = measured(tmp_path)
    unknown = {(item.mark.part.one, item.mark.number): item.seen.name for item in coverage.items if item.mark.way is Way.UNKNOWN}
    assert unknown == {("rule", 0): "SHOWN", ("condition", 1): "SHOWN"}, "known has a default: it is never missing"
    assert all(not item.counts and not item.words for item in coverage.items if item.mark.way is Way.UNKNOWN)


def test_keys_of_any_kind_are_told_apart(tmp_path: Path) -> None:
    """Who is expected to be what is found by the typed key: a date, a number, several columns."""
    head = HEAD.replace("key: id", "key: [id, since, number]", 1).replace(
        "id: text", "id: text\n      since: {type: date, format: '%d.%m.%Y'}\n      number: number", 1
    )
    orders = head.index("  orders:")
    rules = "rules: [{id: few, when: visits < 2, then: flag, reason: x}]\n"
    (tmp_path / "policy.yaml").write_text(f"{head[:orders]}decisions: {DECISIONS}\n{rules}")
    cases = """
- case: two
  clients:
    - {id: a, since: "01.02.2020", number: 1.50, visits: 1}
    - {id: a, since: "01.02.2020", number: 2, visits: 3}
  expect: {"a|01.02.2020|1.5": {decision: flag}}
"""
    (tmp_path / "a.test.yaml").write_text(CASES + cases)
    (coverage,) = measured(tmp_path)
    assert [item.words for item in coverage.open if item.seen is Seen.UNASKED] == [
        "'keep' is decided, but no decision is expected of those clients",
        "rule 'few' does not fire, but no decision is expected of those clients",
    ]


SHIPPED = [
    ROOT / "examples/services-agency/services-agency.test.yaml",
    ROOT / "examples/online-retail/online-retail.test.yaml",
    ROOT / "tests/cases/whole/services-portfolio.test.yaml",
]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_shipped_policies_are_shown_whole(file: Path) -> None:
    (coverage,) = measured(file.parent, file)
    assert ([item.words for item in coverage.open], coverage.percent, coverage.exempt) == ([], "100%", ())


def test_what_init_lays_out_is_shown_whole(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "new")]).exit_code == 0
    (coverage,) = measured(tmp_path / "new" / "policies")
    assert ([item.words for item in coverage.open], coverage.percent) == ([], "100%")
