"""A policy in several files: what they bring in, what they may not, and where a finding points."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.model.finding import Finding
from selective_sales.model.policy import Table
from selective_sales.pipeline.policies import load_policy

MAIN = """\
format: 1
uses: [common/costs.yaml, common/rules.yaml]
policy: {id: split, version: "1", title: Split, languages: [en], currency: PLN}
data:
  clients: {key: client_id, fields: {client_id: text, revenue: money}}
decisions: {decline: {title: decline}, keep: {title: keep, default: true}}
"""
COSTS = """\
format: 1
data:
  clients: {fields: {cost: money}}
parameters: {least: {value: 100, kind: money}}
metrics: {profit: revenue - cost}
"""
RULES = """\
format: 1
uses: [costs.yaml]
rules:
  - {id: loss, when: profit < least, then: decline, reason: "Profit {profit}."}
"""


def write(folder: Path, **files: str) -> Path:
    content = {"policy.yaml": MAIN, "common/costs.yaml": COSTS, "common/rules.yaml": RULES} | files
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "policy.yaml"


def told(path: Path) -> list[Finding]:
    return [f for f in load_policy(path)[1] if f.severity == "error"]


def test_sections_come_together_each_file_once(tmp_path: Path) -> None:
    checked, findings = load_policy(write(tmp_path))
    assert checked is not None, findings
    assert [f.name for f in checked.policy.clients.fields] == ["cost", "client_id", "revenue"]
    assert checked.policy.clients.key == ("client_id",)
    assert [Path(s.path).name for s in checked.policy.sources] == ["policy.yaml", "costs.yaml", "rules.yaml"]
    assert [r.id for r in checked.rules] == ["loss"]


@pytest.mark.parametrize("named", ["../mine/policy.yaml", "./../mine/policy.yaml", "../mine/common/../policy.yaml"])
def test_a_policy_is_named_from_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    write(tmp_path / "mine")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    checked, findings = load_policy(Path(named))
    assert checked is not None, findings


def test_what_stands_beside_the_fields_may_stand_in_any_file(tmp_path: Path) -> None:
    """Also where another file has the key: nothing that an author wrote is passed over in silence."""
    key = "format: 1\ndata:\n  clients: {key: client_id, missing_tokens: ['-'], fields: {client_id: text, cost: money}}\n"
    main = MAIN.replace(
        "{key: client_id, fields: {client_id: text, revenue: money}}",
        "{display: name, source: c.csv, csv: {delimiter: ;}, fresh_within: 45 days, date_field: day, when_stale: fail, "
        "fields: {name: text, day: date, revenue: money}}",
    )
    costs = COSTS.replace("data:\n  clients: {fields: {cost: money}}\n", "").replace("format: 1\n", "format: 1\nuses: [key.yaml]\n")
    checked, findings = load_policy(write(tmp_path, **{"policy.yaml": main, "common/key.yaml": key, "common/costs.yaml": costs}))
    assert checked is not None, findings
    clients = checked.policy.clients
    assert (clients.key, clients.missing_tokens, clients.display, clients.source) == (("client_id",), ("-",), "name", "c.csv")
    assert (clients.csv.delimiter, clients.fresh_within, clients.date_field, clients.when_stale) == (";", 45, "day", "fail")


def test_a_run_keeps_and_replays_all_files(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "clients.csv").write_text("client_id,revenue,cost\na,500,450\nb,500,100\n", encoding="utf-8")
    out = tmp_path / "run"
    command = ["evaluate", str(path), "--data", f"clients={tmp_path / 'clients.csv'}", "--as-of", "2026-11-22", "--out", str(out)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert (out / "policy" / "common" / "costs.yaml").read_text(encoding="utf-8") == COSTS
    copies = [f["copy"] for f in json.loads((out / "manifest.json").read_text(encoding="utf-8"))["policy_files"]]
    assert copies == ["policy/policy.yaml", "policy/common/costs.yaml", "policy/common/rules.yaml"]
    assert CliRunner().invoke(main, ["replay", str(out)]).exit_code == 0
    (out / "policy" / "common" / "costs.yaml").write_text(COSTS.replace("100", "1"), encoding="utf-8")
    changed = CliRunner().invoke(main, ["explain", str(out), "a"])
    assert changed.exit_code == 2
    assert "SS711" in changed.stderr


@pytest.mark.parametrize(
    ("files", "code", "file", "line", "words"),
    [
        (
            {"common/costs.yaml": COSTS.replace("format: 1", "format: 1\nuses: [rules.yaml]")},
            "SS033",
            "common/rules.yaml",
            2,
            "use each other",
        ),
        ({"policy.yaml": MAIN.replace("common/costs.yaml", "../costs.yaml")}, "SS031", "policy.yaml", 2, "leads out of"),
        ({"policy.yaml": MAIN.replace("common/costs.yaml", "/etc/passwd")}, "SS030", "policy.yaml", 2, "not a relative path"),
        ({"policy.yaml": MAIN.replace("common/costs.yaml", "common/cost.yaml")}, "SS032", "policy.yaml", 2, "there is no file"),
        ({"policy.yaml": MAIN.replace("common/costs.yaml", "'..\\\\costs.yaml'")}, "SS030", "policy.yaml", 2, "not a relative path"),
        (
            {"common/rules.yaml": RULES + "policy: {id: b, version: '2', title: B, languages: [en], currency: PLN}\n"},
            "SS035",
            "policy.yaml",
            3,
            "",
        ),
        ({"common/rules.yaml": RULES + "decisions: {keep: {default: true}}\n"}, "SS035", "policy.yaml", 6, "more than one file"),
        ({"common/costs.yaml": COSTS.replace("{fields", "{key: id, fields")}, "SS036", "policy.yaml", 5, "has the key"),
        ({"common/rules.yaml": "format: 1\n"}, "SS037", "policy.yaml", 3, "no file of the policy has rules"),
        ({"common/rules.yaml": RULES + "metrics: {profit: revenue}\n"}, "SS201", "common/costs.yaml", 5, "defined twice"),
        (
            {"common/rules.yaml": RULES + "measures: {revenue: revenue}\n", "common/costs.yaml": COSTS + "measures: {revenue: cost}\n"},
            "SS201",
            "common/costs.yaml",
            6,
            "the measure 'revenue' is defined twice",
        ),
        ({"common/rules.yaml": RULES.replace("profit < least", "proft < least")}, "SS203", "common/rules.yaml", 4, "unknown field 'proft'"),
        ({"common/costs.yaml": COSTS.replace("metrics", "metrisc")}, "SS101", "common/costs.yaml", 5, "metrisc"),
        ({"common/costs.yaml": "format: 1\nmetrics: [\n"}, "SS", "common/costs.yaml", 0, ""),
    ],
)
def test_what_is_refused(tmp_path: Path, files: dict[str, str], code: str, file: str, line: int, words: str) -> None:
    found = [f for f in told(write(tmp_path, **files)) if f.code.startswith(code)]
    assert found, told(write(tmp_path, **files))
    places = [(f.place.file, f.place.line) for f in found if words in f.message]
    assert any(place.endswith(file) and (not line or at == line) for place, at in places), places


SPLIT = """\
format: 1
data:
  clients: {key: client_id, display: name, fields: {name: text}}
  orders: {belongs_to: clients, key: client_id, fields: {client_id: text, ordered_on: date}}
metrics: {order_count: count(orders)}
"""


def tables_of(folder: Path, in_the_part: str, in_the_main: str) -> tuple[dict[str, Table], list[str]]:
    """The merged tables, and the codes of all errors; what is said of the orders stands in the part, or in the main file."""
    fields = "belongs_to: clients, key: client_id"
    part = SPLIT.replace(fields, f"{fields}{in_the_part}")
    orders = f"  orders: {{{fields}{in_the_main}, fields: {{channel: text}}}}\n"
    clients = MAIN.replace("clients: {key: client_id,", "clients: {csv: {delimiter: ';'}, missing_tokens: [none],")
    main = clients.replace("decisions:", f"{orders}decisions:").replace("common/rules.yaml", "common/rules.yaml, common/split.yaml")
    checked, findings = load_policy(write(folder, **{"policy.yaml": main, "common/split.yaml": part}))
    errors = [f.code for f in findings if f.severity == "error"]
    return ({} if checked is None else {t.name: t for t in checked.policy.tables}), errors


@pytest.mark.parametrize(
    "said",
    [
        ", without_client: ignore",
        ", csv: {delimiter: '|', header: false}",
        ", source: orders.csv",
        ", missing_tokens: ['n/a']",
        ", fresh_within: 45 days, date_field: ordered_on, when_stale: fail",
    ],
)
def test_what_is_said_of_a_table_counts_wherever_it_stands(tmp_path: Path, said: str) -> None:
    part, in_part = tables_of(tmp_path / "a", said, "")
    main, in_main = tables_of(tmp_path / "b", "", said)
    both, in_both = tables_of(tmp_path / "c", said, said)
    assert in_part == in_main == in_both == []
    silent, _ = tables_of(tmp_path / "d", "", "")
    assert part["orders"] == main["orders"] == both["orders"] != silent["orders"]
    # The part has the key of the clients, the main file says how they are written.
    assert part["clients"].csv.delimiter == ";"
    assert part["clients"].missing_tokens == ("none",)
    assert part["clients"].display == "name"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (", without_client: ignore", ", without_client: set_aside"),
        (", csv: {delimiter: ';'}", ", csv: {delimiter: '|'}"),
        (", source: a.csv", ", source: b.csv"),
        (", missing_tokens: [a]", ", missing_tokens: [b]"),
        (", fresh_within: 45 days, date_field: ordered_on", ", fresh_within: 30 days, date_field: ordered_on"),
    ],
)
def test_two_files_that_disagree_about_a_table_are_found(tmp_path: Path, one: str, other: str) -> None:
    assert tables_of(tmp_path, one, other)[1] == ["SS901"]


def test_a_link_does_not_lead_out(tmp_path: Path) -> None:
    outside = tmp_path / "secret.yaml"
    outside.write_text(COSTS, encoding="utf-8")
    path = write(tmp_path / "root")
    (tmp_path / "root" / "common" / "costs.yaml").unlink()
    (tmp_path / "root" / "common" / "costs.yaml").symlink_to(outside)
    assert "SS031" in {f.code for f in told(path)}


TABLE = """\
format: 1
policy: {id: t, version: "1", title: T, languages: [en], currency: PLN}
data:
  clients: {key: id, fields: {id: text, orders: {type: integer, minimum: 0}, city: text}}
tables:
  relationship:
    hit_policy: first
    inputs: [orders, city]
    outputs: {stage: text, contact_every: days}
    rows_from: stages.csv
    otherwise: [deal, 180 days]
decisions: {flag: {title: flag}, keep: {title: keep, default: true}}
rules: [{id: partner, when: stage = "partner", then: flag, reason: x}]
"""
ROWS = 'stage,orders,city,contact_every\npartner,">= 12","Kraków, Nowy Sącz",14 days\nregular,[3..12),-,30 days\n'


def test_rows_from_a_csv_file(tmp_path: Path) -> None:
    path = write(tmp_path, **{"policy.yaml": TABLE, "stages.csv": ROWS})
    checked, findings = load_policy(path)
    assert checked is not None, findings
    assert [row.cell_texts for row in checked.tables[0].rows] == [(">= 12", "Kraków, Nowy Sącz"), ("[3..12)", "-")]
    assert [row.place.line for row in checked.tables[0].rows] == [2, 3]
    (tmp_path / "clients.csv").write_text("id,orders,city\na,12,Kraków\nb,5,\nc,1,Kraków\n", encoding="utf-8")
    out = tmp_path / "run"
    command = ["evaluate", str(path), "--data", f"clients={tmp_path / 'clients.csv'}", "--as-of", "2026-11-22", "--out", str(out)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert (out / "policy" / "stages.csv").read_text(encoding="utf-8") == ROWS
    assert CliRunner().invoke(main, ["replay", str(out)]).exit_code == 0


@pytest.mark.parametrize(
    ("rows", "code", "line", "column", "words"),
    [
        (ROWS.replace("[3..12)", "[3..12"), "SS1", 3, 9, ""),
        (ROWS.replace("[3..12)", "many"), "SS203", 3, 9, "unknown field 'many'"),
        (ROWS.replace("30 days", "30"), "SS267", 3, 19, "a number of days"),
        (ROWS.replace("30 days", ""), "SS143", 3, 19, "the output 'contact_every' is empty"),
        (ROWS.replace(",city", ",town"), "SS145", 1, 14, "no column 'town'"),
        (ROWS.replace(",city", ""), "SS145", 1, 1, "no column 'city'"),
        (ROWS.replace("stage,orders", "stage,stage"), "SS145", 1, 7, "twice"),
        (ROWS.replace("regular,", "regular,1,"), "SS142", 3, 1, "5 cells"),
        ("", "SS144", 0, 0, "empty"),
        (ROWS.replace('">= 12"', '">= 12,, < 3"'), "SS140", 2, 0, "a test is missing"),
    ],
)
def test_an_error_points_into_the_csv_file(tmp_path: Path, rows: str, code: str, line: int, column: int, words: str) -> None:
    path = write(tmp_path, **{"policy.yaml": TABLE, "stages.csv": rows})
    found = [f for f in told(path) if f.code.startswith(code) and words in f.message]
    assert found, [(f.code, f.message, str(f.place)) for f in told(path)]
    assert found[0].place.file.endswith("stages.csv")
    assert found[0].place.line == line
    assert not column or found[0].place.column == column


def test_semicolons_a_byte_order_mark_and_quotes(tmp_path: Path) -> None:
    rows = "\ufeff" + 'orders;city;stage;contact_every\r\n">= 12";"""x"", y";partner;14 days\r\n'
    checked, findings = load_policy(write(tmp_path, **{"policy.yaml": TABLE, "stages.csv": rows}))
    assert checked is not None, findings
    assert checked.tables[0].rows[0].cell_texts == (">= 12", '"x", y')


@pytest.mark.parametrize("name", ["../stages.csv", "/etc/passwd", "nothing.csv"])
def test_rows_come_from_the_policy_s_folder_only(tmp_path: Path, name: str) -> None:
    (tmp_path / "stages.csv").write_text(ROWS, encoding="utf-8")
    path = write(tmp_path / "root", **{"policy.yaml": TABLE.replace("stages.csv", name)})
    assert {f.code for f in told(path)} & {"SS030", "SS031", "SS032"}
