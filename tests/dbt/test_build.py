"""dbt itself builds what `compile --as dbt` writes: each client is decided as by `evaluate`, each broken datum fails its own test.

Several policies stand in one project of a company: an example with child tables, a ready policy with portfolio functions, the policy with
the whole language, one with earlier reviews, and one that would run Jinja if it could.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from selective_sales import pipeline
from selective_sales.model.contract import Belongs, Clean, Fresh, Given, InRange, Matches, Once, OneOf
from selective_sales.model.policy import Policy, Table
from selective_sales.pipeline.runs import Request, evaluate
from tests.dbt.project import House
from tests.engines.examples import AS_OF, Example, ready, selective_sales, services_agency, whole_language

HERE = Path(__file__).parent
ODD = 'Odd "schema" {{ 1/0 }}'
DAY = datetime.date
CLIENTS: list[tuple[Any, ...]] = [
    ("north", 1, 0.7, Decimal("5"), DAY(2020, 1, 1), "{{ this }}", 1, "A{1", None, None),
    ("north", 2, None, Decimal("25.5"), None, "it's", 2, "AB12", True, 10),
    ("south", 1, 1.0, None, DAY(2001, 2, 3), "env_var('HOME')", None, None, False, 90),
    ("south", 2, 0.2, Decimal("10.0001"), DAY(2024, 2, 29), "{% raw %}", 1, "{{123", False, 0),
    ("west", 9, 0.9, Decimal("0.5"), None, "plain", 2, "XY9", None, None),
    ("west", 10, None, None, None, "plain", None, None, None, None),
]
VISITS: list[tuple[Any, ...]] = [
    ("north", 1, DAY(2026, 11, 1), 10.5),
    ("north", 1, DAY(2026, 10, 31), 0.0),
    ("north", 2, DAY(2026, 8, 1), 60.0),
    ("south", 1, DAY(2026, 10, 8), 5.25),
    ("south", 2, None, None),
]
NOTES: list[tuple[Any, ...]] = [("north", 1, "a {{ brace"), ("north", 1, "none"), ("west", 9, "{{{{"), ("south", 2, None)]
Rows = dict[str, list[tuple[Any, ...]]]
ROWS: Rows = {"clients": CLIENTS, "visits": VISITS, "notes": NOTES}


def with_rows(policy: Policy, rows: Rows = ROWS) -> dict[Table, list[tuple[Any, ...]]]:
    return {table: rows[table.name] for table in policy.tables}


def files_of(policy: Policy, rows: Rows, folder: Path) -> dict[str, Path]:
    """The same rows as files for `evaluate`."""
    folder.mkdir(exist_ok=True)
    files = {}
    for table, given in with_rows(policy, rows).items():
        names = [f.name for f in table.fields]
        lines = [json.dumps(dict(zip(names, row, strict=True)), default=str) for row in given]
        files[table.name] = folder / f"{table.name}.jsonl"
        files[table.name].write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return files


@dataclass(frozen=True)
class Decided:
    """A policy, and the run in which `evaluate` has decided by it."""

    path: Path
    policy: Policy
    run: Path
    words: tuple[str, ...] = ()
    """What it is compiled with."""

    @property
    def slug(self) -> str:
        return ("policy_" if self.policy.id[0].isdigit() else "") + self.policy.id.replace("-", "_")

    def rows(self) -> tuple[list[str], list[tuple[Any, ...]]]:
        with duckdb.connect() as connection:
            found = connection.execute(f"SELECT * FROM '{self.run / 'decisions.parquet'}'")
            return [c[0] for c in found.description or []], found.fetchall()


@pytest.fixture(scope="session")
def decided(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Decided]:
    folder = tmp_path_factory.mktemp("decided")
    found = (
        decide(services_agency(), folder, "--as-of", "2026-11-22"),
        decide(ready("key-accounts"), folder),
        decide(whole_language(folder), folder),
        decide(selective_sales(folder, ("2026-06-30",)), folder),
        hostile(folder),
        numbered(folder),
    )
    return {one.slug: one for one in found}


def decide(example: Example, folder: Path, *words: str) -> Decided:
    run = folder / f"run {example.policy.stem}"
    outcome = evaluate(example.policy, Request(example.inputs, example.as_of, run, keep_data=True, history=example.history))
    assert outcome.summary is not None and outcome.checked is not None, outcome.findings
    return Decided(example.policy, outcome.checked.policy, run, words)


def hostile(folder: Path) -> Decided:
    """From a folder whose name is Jinja too."""
    place = folder / "{{ 1 % 0 }} {#"
    place.mkdir()
    path = place / "contract.yaml"
    path.write_text((HERE / "contract.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    checked, findings = pipeline.load_policy(path)
    assert checked is not None, findings
    return decide(Example(path, files_of(checked.policy, ROWS, folder / "rows")), folder)


NUMBERED = """\
format: 1
policy: {id: 1-numbered, version: "1", title: Numbered, languages: [en], currency: EUR}
data:
  clients: {key: client_id, fields: {client_id: {type: text, pattern: "[0-9]+"}, revenue: {type: money, minimum: 0}}}
decisions: {flag: {title: flag}, keep: {title: keep, default: true}}
rules: [{id: small, when: revenue < 10, then: flag, reason: Small.}]
"""


def numbered(folder: Path) -> Decided:
    """The database has numbers where the policy has texts."""
    (folder / "numbered.yaml").write_text(NUMBERED, encoding="utf-8")
    (folder / "numbered.csv").write_text("client_id,revenue\n" + "".join(f"{n},{n}.0625\n" for n in range(5, 15)), encoding="utf-8")
    return decide(Example(folder / "numbered.yaml", {"clients": folder / "numbered.csv"}), folder)


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def house(request: pytest.FixtureRequest, decided: dict[str, Decided], tmp_path_factory: pytest.TempPathFactory) -> House:
    """All policies in one project, and built."""
    address = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    house = House(tmp_path_factory.mktemp("house"), request.param, address)
    house.begin()
    for one in decided.values():
        in_schema = ("--schema", ODD) if one.slug == "contract" and address else ()
        house.compile(one.path, *one.words, *in_schema)
        if one.slug == "contract":
            # As they are, blanks and all, and not as `evaluate` has read them.
            house.fill("contract_in", with_rows(one.policy))
        else:
            house.copy(f"{one.slug}_in", one.policy.tables, one.run / "data")
    for column, other in (("client_id", "BIGINT"), ("revenue", "FLOAT8")):
        house.change(f"ALTER TABLE policy_1_numbered_in.clients ALTER {column} TYPE {other} USING CAST({column} AS {other})")
    answer = house.dbt("build", "--vars", house.variables)
    assert answer.code == 0, answer.said
    assert answer.names("warn", "fail", "error", "skipped") == set()
    return house


@pytest.mark.parametrize(
    "slug", ["services_agency", "key_accounts", "services_portfolio", "selective_sales", "contract", "policy_1_numbered"]
)
def test_every_client_is_decided_as_evaluate_decides_it(house: House, decided: dict[str, Decided], slug: str) -> None:
    names, rows = house.rows(f"SELECT * FROM {house.schema}.{slug}")
    expected_names, expected = decided[slug].rows()
    assert names == expected_names
    assert sorted(map(repr, rows)) == sorted(map(repr, expected))
    assert len(rows) >= 5


def test_with_its_functions_in_a_schema_a_model_may_be_a_view_and_else_nothing_is_left(house: House) -> None:
    if house.dialect == "postgres":
        ours = (
            "SELECT DISTINCT nspname::text FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname !~ '^(pg_|information)'"
        )
        assert house.rows(ours)[1] == [(ODD,)]
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'SCHEMA' AND table_type = 'VIEW'"
    views = house.rows(tables.replace("SCHEMA", house.schema))[1]
    assert views == ([("contract",)] if house.dialect == "postgres" else [])


BREAKS: dict[str, tuple[str, int, dict[int, Any], set[str]]] = {
    "blank key": ("clients", 5, {0: None}, {"clients_branch_given"}),
    "client twice": ("clients", 5, {0: "south", 1: 2}, {"clients_branch_number_once"}),
    "space before a key": ("visits", 0, {0: " north"}, {"visits_branch_text", "visits_branch_number_client"}),
    "too large": ("clients", 0, {2: 1.5}, {"clients_size_range"}),
    "too small": ("clients", 0, {2: -0.001}, {"clients_size_range"}),
    "no number": ("clients", 0, {2: float("nan")}, {"clients_size_range"}),
    "infinite": ("visits", 0, {3: float("inf")}, {"visits_minutes_range"}),
    "a small amount": ("clients", 0, {3: Decimal("0.4999")}, {"clients_paid_range"}),
    "a day too early": ("clients", 2, {4: DAY(2001, 2, 2)}, {"clients_joined_range"}),
    "required, and blank": ("clients", 0, {5: None}, {"clients_sort_given"}),
    "another value": ("clients", 0, {5: "{{ that }}"}, {"clients_sort_one_of"}),
    "a word for a blank": ("notes", 0, {2: "x", 0: "n'a"}, {"notes_branch_number_client"}),
    "a token": ("clients", 4, {7: "{{ no }}"}, {"clients_code_text", "clients_code_pattern"}),
    "another number": ("clients", 0, {6: 3}, {"clients_grade_one_of"}),
    "part of a pattern": ("clients", 0, {7: "A{1x"}, {"clients_code_pattern"}),
    "a line after the pattern": ("clients", 0, {7: "A{1\n"}, {"clients_code_pattern", "clients_code_text"}),
    "a value twice": ("clients", 0, {7: "AB12"}, {"clients_code_once"}),
    "too long": ("clients", 0, {9: 91}, {"clients_waits_range"}),
    "a row of nobody": ("visits", 0, {1: 7}, {"visits_branch_number_client"}),
    "a row without client": ("visits", 0, {1: None}, {"visits_number_given"}),
    "a negative number": ("visits", 0, {3: -1.0}, {"visits_minutes_range"}),
    "a note of nobody": ("notes", 0, {1: 7}, {"notes_branch_number_client"}),
    "a note without client": ("notes", 0, {0: None}, {"notes_branch_given"}),
    "letters that are not composed": ("notes", 0, {2: "e\u0301"}, {"notes_words_text"}),
    "an unbreakable space": ("notes", 0, {2: "x\u00a0"}, {"notes_words_text"}),
    "an empty text": ("notes", 0, {2: ""}, {"notes_words_text"}),
    "nothing new": ("visits", 0, {2: DAY(2026, 10, 7)}, set()),
}
"""What is broken: the table, the row, the cells; which tests fail."""


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_datum_fails_its_test_and_no_other(house: House, what: str) -> None:
    table, number, cells, failing = BREAKS[what]
    row = tuple(cells.get(i, cell) for i, cell in enumerate(ROWS[table][number]))
    rows = [*ROWS[table][:number], row, *ROWS[table][number + 1 :]]
    # The result is that of the whole tables.
    found = {name for name in house.failing(house.tests("contract"), "contract", table, rows) if "_result_" not in name}
    assert {name.removeprefix("contract_") for name in found} == failing
    assert house.failing(queries(house), "contract", table, rows) == failing


WORDS = {
    Given: "given",
    Once: "once",
    OneOf: "one_of",
    Belongs: "client",
    InRange: "range",
    Matches: "pattern",
    Clean: "text",
    Fresh: "fresh",
}


@cache
def queries(house: House) -> dict[str, str]:
    """What `compile --checks` prints, under the names of the tests that say the same."""
    found, findings = pipeline.compile_checks(HERE / "contract.yaml", AS_OF, house.dialect)
    assert found and not findings
    return {"_".join((one.check.table, *one.check.fields, WORDS[type(one.check)])): one.sql for one in found}


def test_old_data_are_told(house: House) -> None:
    rows = [(branch, number, DAY(2026, 10, 7), minutes) for branch, number, _, minutes in VISITS]
    assert house.failing(house.tests("contract"), "contract", "visits", rows) == {"contract_visits_seen_fresh"}
    assert house.failing(queries(house), "contract", "visits", rows) == {"visits_seen_fresh"}
    assert house.failing(house.tests("contract"), "contract", "visits", [(b, n, DAY(2026, 10, 8), m) for b, n, _, m in VISITS]) == set()
    assert house.failing(house.tests("contract"), "contract", "visits", []) == {"contract_visits_seen_fresh"}


@pytest.mark.parametrize("house", ["duckdb"], indirect=True)
def test_who_is_lost_or_invented_in_the_result_is_told(house: House) -> None:
    every = {"contract_result_every_client"}
    assert house.failing(house.tests("contract"), "contract", "clients", CLIENTS[:5]) == every
    assert (
        house.failing(
            house.tests("contract"), "contract", "clients", [*CLIENTS, ("new", 3, None, None, None, "plain", None, None, None, None)]
        )
        == every
    )


@pytest.mark.parametrize("house", ["duckdb"], indirect=True)
def test_a_broken_source_and_a_date_that_is_none_keep_models_from_being_built(house: House) -> None:
    """That is dbt's own doing: one engine and one run are enough."""
    house.rows("UPDATE contract_in.clients SET size = 1.5 WHERE number = 10")
    days = {"key_accounts_as_of": "2026-02-30", "services_agency_as_of": "2026-11-22' OR '1'='1"}
    given = json.dumps(json.loads(house.variables) | days)
    answer = house.dbt("build", "--select", "+contract", "key_accounts", "services_agency", "--vars", given)
    house.rows("UPDATE contract_in.clients SET size = NULL WHERE number = 10")
    assert answer.code == 1
    assert answer.names("fail") == {"contract_clients_size_range"}
    assert answer.names("error") == {"key_accounts", "services_agency"}
    assert "contract" in answer.names("skipped")
    assert "services-agency: the as-of date is a day from 2026-01-01 to 2027-06-30, not 2026-11-22' OR '1'='1" in answer.said
