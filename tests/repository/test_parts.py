"""The parts in policies/common: any of them stand together, each says where its defaults come from, the page lists them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.model.mutant import Fate
from selective_sales.pipeline import cases
from selective_sales.pipeline.mutants import Planter
from selective_sales.pipeline.policies import load_policy

ROOT = Path(__file__).resolve().parents[2]
COMMON = ROOT / "policies" / "common"
PARTS = sorted(p for p in COMMON.rglob("*.yaml") if not p.name.endswith((".policy.yaml", ".test.yaml")))
SHARED = {"abc-shares.yaml", "full-margin.yaml", "many-conflicts.yaml"}
"""Thresholds of several parts."""
IDEAS = [p for p in PARTS if p.parent == COMMON and p.name not in SHARED]
README = (COMMON / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/policies/common.md").read_text(encoding="utf-8")
HEAD = """
policy: {id: all, version: "1", title: All, languages: [pl, en], currency: PLN}
decisions: {flag: {title: flag}, keep: {title: keep, default: true}}
rules: [{id: one, when: revenue < 0, then: flag, reason: x}]
"""
# Of the values that may come from several files, one way each.
WAYS = {
    "columns": ["sales-breakdown", "order-totals", "cost-of-goods", "cost-to-serve", "service-hours", "service-counts"],
    "one amount": ["revenue", "order-totals", "services-only", "cost-to-serve", "service-hours", "service-counts"],
    "calculated": ["orders", "cost-of-goods", "service-counts"],
}
REST = ["client", "acquisition", "client-since", "values", "conflicts", "standing", "rep"]


def said(part: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(part.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def name(part: Path) -> str:
    return part.relative_to(COMMON).as_posix()


@pytest.mark.parametrize("way", WAYS)
def test_all_ideas_stand_together(way: str, tmp_path: Path) -> None:
    chosen = [p for p in IDEAS if way == "calculated" or p.stem != "time-driven-costs"]
    uses = [*(f"data/{n}.yaml" for n in [*WAYS[way], *REST]), *(p.name for p in chosen)]
    policy = tmp_path / "all.yaml"
    shutil.copytree(COMMON, tmp_path / "common")
    policy.write_text("format: 1\nuses: [" + ", ".join(f"common/{u}" for u in uses) + "]\n" + HEAD, encoding="utf-8")
    checked, findings = load_policy(policy)
    assert checked is not None, findings
    assert findings == ()


@pytest.mark.parametrize("part", PARTS, ids=name)
def test_every_default_has_a_title_in_both_languages_and_says_where_it_comes_from(part: Path) -> None:
    for parameter in said(part).get("parameters", {}).values():
        assert set(parameter["title"]) == {"pl", "en"}
        assert parameter["source"]


@pytest.mark.parametrize("part", PARTS, ids=name)
def test_every_value_has_a_name_in_both_languages(part: Path) -> None:
    sections = said(part)
    titled = [
        *sections.get("metrics", {}).values(),
        *sections.get("figures", {}).values(),
        *sections.get("limits", []),
        *sections.get("tables", {}).values(),
        *(output for table in sections.get("tables", {}).values() for output in table["outputs"].values()),
    ]
    assert all(set(one["title"]) == {"pl", "en"} for one in titled)
    for table in sections.get("tables", {}).values():
        assert all(set(output["labels"]) == {"pl", "en"} for output in table["outputs"].values())
    clients = sections.get("data", {}).get("clients", {}).get("fields", {})
    assert all(set(field["label"]) == {"pl", "en"} for field in clients.values())


@pytest.mark.parametrize("part", PARTS, ids=name)
def test_every_part_begins_with_what_it_is_for(part: Path) -> None:
    assert part.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("part", PARTS, ids=name)
def test_the_table_of_names_has_every_part_and_every_name(part: Path) -> None:
    sections = said(part)
    assert f"`{name(part)}`" in README or name(part) in SHARED
    fields = [field for table in sections.get("data", {}).values() for field, what in table["fields"].items() if "is" not in what]
    outputs = [output for table in sections.get("tables", {}).values() for output in table["outputs"]]
    given = [*fields, *sections.get("metrics", {}), *outputs]
    assert [one for one in given if f"`{one}`" not in README] == []


@pytest.mark.parametrize("part", IDEAS, ids=name)
def test_every_idea_has_the_smallest_policy_with_it_its_cases_and_a_row_of_the_page(part: Path) -> None:
    assert f"`{part.name}`" in PAGE
    policy = part.with_name(f"{part.stem}.policy.yaml")
    assert part.name in said(policy)["uses"]
    done = CliRunner().invoke(main, ["test", str(part.with_name(f"{part.stem}.test.yaml")), "--minimum-coverage", "100"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("part", [*IDEAS, COMMON / "data" / "orders.yaml"], ids=name)
def test_no_mutant_of_a_part_survives(part: Path) -> None:
    planter = Planter()
    cases.run_tests(tuple(sorted(part.parent.glob(f"{part.stem}*.test.yaml"))), "", [planter])
    (policy,) = planter.judged()
    assert any(Path(one.mutant.place.file).name == part.name for one in policy.mutants)
    assert [f"{one.mutant.place}: {one.mutant.name}: {one.mutant.fault}" for one in policy.of(Fate.SURVIVED)] == []


@pytest.mark.parametrize("part", IDEAS, ids=name)
def test_an_idea_asks_for_no_column_that_it_does_not_need(part: Path) -> None:
    """The smallest policy has fields of what its part names, what its rule names, and the client's own."""
    checked, findings = load_policy(part.with_name(f"{part.stem}.policy.yaml"))
    assert checked is not None, findings
    text = "\n".join(source.text for source in checked.policy.sources if not source.path.endswith("/data/client.yaml"))
    fields = [field.name for table in checked.policy.tables for field in table.fields if field.name not in {"client_id", "name"}]
    # Once where it is declared, and once more where it is used.
    assert [field for field in fields if len(re.findall(rf"\b{field}\b", re.sub(r"#.*", "", text))) < 2] == []
