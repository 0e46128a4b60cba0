"""Suggested cases: they read back, pass once reviewed, meet the thresholds, and show both sides of whatever can be reached."""

from __future__ import annotations

import datetime
import shutil
import unicodedata
from pathlib import Path

import pytest

from selective_sales.model.cases import CaseFile
from selective_sales.pipeline import lay_out
from selective_sales.pipeline.cases import run_tests
from selective_sales.pipeline.suggesting import Suggested, suggest
from selective_sales.reading import read_cases
from tests.making.choices import Seeded
from tests.making.policies import Size, policy
from tests.robust.hostile import HOSTILE

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2026, 11, 22)
SMALL = Size(rules=2, metrics=2, depth=1, scores=1, tables=1, portfolio=True, dated=True)
HEAD = """\
format: 1
policy: {id: small, version: "1", title: Small, languages: [en], currency: PLN}
data:
  clients:
    key: client_id
    fields:
      client_id: text
      revenue: {type: money, minimum: 0}
      cost: {type: money, minimum: 0}
      since: date
      friend: boolean
      note: text
  orders:
    belongs_to: clients
    key: client_id
    fields: {client_id: text, day: date, amount: money}
decisions: {decline: {title: Decline}, flag: {title: Flag}, keep: {title: Keep, default: true}}
"""


def suggested(path: Path, as_of: datetime.date = AS_OF, *rules: str) -> tuple[Suggested, CaseFile]:
    """What is suggested for the policy, read back; once reviewed, every case passes, and a second time the same is suggested."""
    found, _ = suggest(path, as_of, rules, path.parent)
    assert found is not None
    target = path.with_name("of.suggested.test.yaml")
    target.write_text(found.text, encoding="utf-8")
    file, findings = read_cases(target)
    assert file is not None and findings == ()
    assert len(file.cases) == found.cases and all(case.unreviewed for case in file.cases)
    target.write_text(found.text.replace("    unreviewed: true\n", ""), encoding="utf-8")
    report = run_tests((target,))
    target.unlink()
    failed = [(c.name, c.columns, c.findings) for f in report.files for c in f.cases if not c.passed]
    assert failed == [] and report.passed == found.cases and [f.findings for f in report.files] == [()]
    return found, file


def small(tmp_path: Path, rules: str) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(HEAD + rules, encoding="utf-8")
    return path


def answers(file: CaseFile, rule: str) -> dict[str, str]:
    """What each case of a rule shows, with its answer."""
    named = (case.name.removeprefix(f"{rule}, ") for case in file.cases if case.name.startswith(f"{rule}, "))
    return {name.rpartition(": ")[0]: name.rpartition(": ")[2] for name in named}


@pytest.mark.parametrize(
    ("name", "as_of"),
    [
        ("examples/services-agency/services-agency.yaml", AS_OF),
        ("examples/online-retail/online-retail.yaml", datetime.date(2011, 12, 10)),
        ("tests/cases/whole/services-portfolio.yaml", AS_OF),
        ("templates/init/policy.yaml", AS_OF),
        ("tests/cases/suggest/kinds.yaml", AS_OF),
    ],
)
def test_every_condition_of_a_whole_policy_is_seen_from_both_sides(tmp_path: Path, name: str, as_of: datetime.date) -> None:
    source = ROOT / name
    shutil.copy(source, tmp_path)
    tests = source.with_name(f"{source.stem}.test.yaml")
    if tests.is_file():
        shutil.copy(tests, tmp_path)
    path = tmp_path / source.name
    path.write_text(path.read_text(encoding="utf-8").replace("@NAME@", "ours"), encoding="utf-8")
    found, _ = suggested(path, as_of)
    assert found.both_sides == found.conditions
    assert found.missed == () and found.left_out == 0


def test_the_same_policy_and_date_give_the_same_file(tmp_path: Path) -> None:
    path = small(tmp_path, "rules: [{id: loss, when: cost > revenue and not friend, then: decline, reason: x}]\n")
    assert len({suggest(path, AS_OF, (), tmp_path)[0] for _ in range(2)}) == 1


def test_a_threshold_of_a_quotient_is_met_exactly(tmp_path: Path) -> None:
    rules = "metrics: {margin: (revenue - cost) / revenue}\nrules: [{id: thin, when: margin < 5%, then: flag, reason: x}]\n"
    _, file = suggested(small(tmp_path, rules))
    assert {
        "margin just below 5%": "flag",
        "margin exactly 5%": "keep",
        "margin just above 5%": "keep",
    }.items() <= answers(file, "thin").items()


def test_a_threshold_of_a_sum_and_of_a_count_is_met_by_rows(tmp_path: Path) -> None:
    rules = (
        "metrics: {bought: 'sum(orders[day > as_of - 12 months].amount)', often: 'count(orders[amount > 0])'}\n"
        "rules: [{id: large, when: bought >= 1000, then: decline, reason: x}, {id: busy, when: often > 3, then: flag, reason: x}]\n"
    )
    _, file = suggested(small(tmp_path, rules))
    large, busy = answers(file, "large"), answers(file, "busy")
    assert large["bought just below 1000"] != "decline" and large["bought exactly 1000"] == large["bought just above 1000"] == "decline"
    assert busy["often exactly 3"] != "flag" and busy["often just above 3"] == "flag"
    rows = {len(case.rows.get("orders", ())) for case in file.cases if case.name.startswith("busy, often")}
    assert rows >= {3, 4}
    days = {row["day"].text for case in file.cases for row in case.rows.get("orders", ()) if "day" in row}
    assert days >= {"2025-11-21", "2025-11-22", "2025-11-23"}, "the edge of the rows that are summed"


def shown(file: CaseFile, rule: str) -> list[dict[str, str | None]]:
    """What each case of a rule says of its client, beside the defaults."""
    rows = (case.rows["clients"][0] for case in file.cases if case.name.startswith(f"{rule}, "))
    return [{name: cell.text for name, cell in row.items()} for row in rows]


FREE = HEAD.replace("revenue: {type: money, minimum: 0}", "revenue: money").replace("cost: {type: money, minimum: 0}", "cost: money")


def test_the_field_that_a_condition_names_first_is_moved_to_the_other(tmp_path: Path) -> None:
    rules = (
        "metrics: {margin: (revenue - cost) / revenue}\n"
        "rules:\n  - {id: loss, when: cost > revenue, unless: since > as_of - 6 months, then: decline, reason: x}\n"
        "  - {id: thin, when: margin < 5%, then: flag, reason: x}\n"
    )
    path = tmp_path / "small.yaml"
    path.write_text(FREE + rules, encoding="utf-8")
    _, file = suggested(path)
    assert shown(file, "loss")[:3] == [{"cost": "999.99"}, {"cost": "1000"}, {"cost": "1000.01"}]
    figures = [text for row in (*shown(file, "loss"), *shown(file, "thin")) for name, text in row.items() if name in ("revenue", "cost")]
    assert [text for text in figures if text is not None and text.startswith("-")] == []


def test_a_figure_is_below_zero_where_there_is_no_other_way(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(FREE + "rules: [{id: credit, when: revenue < 0, then: flag, reason: x}]\n", encoding="utf-8")
    _, file = suggested(path)
    assert {"revenue just below 0": "flag", "revenue exactly 0": "keep"}.items() <= answers(file, "credit").items()


def test_a_suggested_file_is_laid_out_as_fmt_would(tmp_path: Path) -> None:
    path = small(tmp_path, "rules: [{id: loss, when: cost > revenue and not friend, then: decline, reason: x}]\n")
    found, _ = suggest(path, AS_OF, (), tmp_path)
    assert found is not None
    target = tmp_path / "small.suggested.test.yaml"
    target.write_text(found.text, encoding="utf-8")
    assert not lay_out(target).changes


def test_a_threshold_of_months_is_met_by_days(tmp_path: Path) -> None:
    _, file = suggested(small(tmp_path, "rules: [{id: new, when: 'months_between(since, as_of) < 6', then: flag, reason: x}]\n"))
    shown = {
        c.name: c.rows["clients"][0]["since"].text for c in file.cases if "months_between" in c.name and "since" in c.rows["clients"][0]
    }
    assert shown["new, months_between(since, as_of) just below 6: flag"] == "2026-05-23"
    assert shown["new, months_between(since, as_of) exactly 6: keep"] == "2026-05-22"


@pytest.mark.parametrize(
    ("when", "leaves"),
    [
        ("revenue > 100 and cost > 50 and friend", 3),
        ("revenue > 100 or cost > 50 or friend", 3),
        ("{at_least: 2, of: [revenue > 100, cost > 50, friend]}", 3),
        ("{all: [revenue > 100, {any: [cost > 50, {none: [friend, note = 'x']}]}]}", 4),
        ("revenue between 100 and 200", 2),
        ("revenue in [10..20) or note not in ['a', 'b']", 4),
        ("revenue is missing or cost is present", 2),
        ("revenue * 2 - cost > 1000 and cost > revenue", 2),
    ],
)
def test_each_leaf_is_brought_to_where_it_alone_decides(tmp_path: Path, when: str, leaves: int) -> None:
    written = when if when.startswith("{") else f'"{when}"'
    rule = f"{{id: r, when: {written}, unless: note = 'z', then: flag, reason: x}}"
    found, file = suggested(small(tmp_path, f"rules: [{rule}]\n"))
    assert (found.both_sides, found.conditions) == (leaves + 1, leaves + 1)
    assert len({c.expect[0].columns[0].value for c in file.cases}) >= 2


def test_what_cannot_be_reached_is_said_and_not_made_up(tmp_path: Path) -> None:
    rules = "rules: [{id: never, when: revenue > 100 and revenue < 50, then: flag, reason: x}]\n"
    found, file = suggested(small(tmp_path, rules))
    assert found.both_sides == 0 and len(found.missed) == 2
    assert all("never" not in str(case.expect) for case in file.cases)
    assert all(note.startswith("not suggested: revenue") and "small.yaml:" in note for note in found.missed)
    assert all(note in found.text for note in found.missed)


def test_each_field_that_a_rule_reads_is_blank_once(tmp_path: Path) -> None:
    _, file = suggested(small(tmp_path, "rules: [{id: loss, when: cost > revenue and not friend, then: decline, reason: x}]\n"))
    blank = [name for case in file.cases for name, cell in case.rows["clients"][0].items() if cell.text is None]
    assert sorted(set(blank)) == ["cost", "friend", "revenue"]


def test_only_the_rules_that_are_named(tmp_path: Path) -> None:
    rules = "rules: [{id: a, when: cost > 1, then: flag, reason: x}, {id: b, when: revenue > 1, then: flag, reason: x}]\n"
    _, file = suggested(small(tmp_path, rules), AS_OF, "b")
    assert file.cases and all(case.name.startswith("b, ") for case in file.cases)


def test_the_defaults_of_tests_beside_the_policy_are_where_cases_start(tmp_path: Path) -> None:
    path = small(tmp_path, "rules: [{id: loss, when: cost > revenue, then: decline, reason: x}]\n")
    text = 'format: 1\npolicy: small.yaml\ndefaults: {clients: {revenue: 7654, cost: 321, since: "2001-02-03"}}\n'
    beside = tmp_path / "small.test.yaml"
    beside.write_text(text + "cases:\n  - {case: one, client: {}, expect: {decision: keep}}\n", encoding="utf-8")
    _, file = suggested(path)
    assert (file.defaults["clients"]["revenue"].text, file.defaults["clients"]["cost"].text) == ("7654", "321")


def test_a_portfolio_has_several_clients_where_it_is_looked_at(tmp_path: Path) -> None:
    big, cost = "{id: big, when: part > 40%, then: flag, reason: x}", "{id: r, when: cost > 5, then: flag, reason: x}"
    rules = f"metrics: {{part: share(revenue)}}\nrules: [{big}, {cost}]\n"
    found, file = suggested(small(tmp_path, rules))
    assert found.both_sides == found.conditions == 2
    by_rule = {rule: {len(c.rows["clients"]) for c in file.cases if c.name.startswith(f"{rule}, part")} for rule in ("big", "r")}
    assert max(by_rule["big"]) > 1
    assert {len(c.rows["clients"]) for c in file.cases if c.name.startswith("r, ")} == {1}


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    path = small(tmp_path, "rules: []\n")
    texts = {name: text for name, text in HOSTILE.items() if text.isprintable() and "\\" not in text}
    lines = [f"  - {{id: r{i}, when: {quoted(f'note = {literal(text)}')}, then: flag, reason: x}}" for i, text in enumerate(texts.values())]
    path.write_text(HEAD + "rules:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    found, file = suggested(path)
    assert found.both_sides == found.conditions >= 10
    written = {case.rows["clients"][0]["note"].text for case in file.cases if "note" in case.rows["clients"][0]}
    assert written >= {unicodedata.normalize("NFC", text) for text in texts.values()}


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def literal(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"' if '"' not in text else "'" + text.replace("'", "\\'") + "'"


@pytest.mark.parametrize("seed", [2, 3, 4, 5, 6, 7])
def test_made_policies(tmp_path: Path, seed: int) -> None:
    """Everything the language has, at random: what is suggested passes once it is reviewed."""
    path = tmp_path / "made.yaml"
    path.write_text(policy(Seeded(seed), SMALL), encoding="utf-8")
    found, _ = suggested(path)
    assert found.cases > 0
