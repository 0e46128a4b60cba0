"""A benchmark compares only what gives the same: the yardsticks and the peers decide as the program does, and refuse what it refuses."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks import changes, child_tables, client_world, contest, made_clients, made_rules, peers, scaling
from benchmarks.contest import EVALUATE, HERE, Contest, race, same
from benchmarks.peer_languages import PEERS, plain_value
from selective_sales.pipeline.policies import load_policy

CLIENTS = 3_000
INSTALLED = [peer for peer in PEERS if peer.installed]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("yardsticks")


@pytest.mark.parametrize("rules", [1, 20, 60])
def test_the_yardstick_decides_as_the_program_does(folder: Path, rules: int) -> None:
    found = race(scaling.contest(folder, CLIENTS, rules), 1, warm_up=False)
    assert set(found.measured) == {contest.START, contest.OWN_START, contest.BY_HAND, contest.WITH_FACTS, EVALUATE}


def test_the_yardstick_over_child_tables_decides_as_the_program_does(folder: Path) -> None:
    assert race(child_tables.contest(folder, CLIENTS), 1, warm_up=False).measured


def test_the_yardstick_rounds_halves_and_divides_by_zero_as_the_program_does(folder: Path, tmp_path: Path) -> None:
    source, rare = scaling.client_file(folder, CLIENTS), tmp_path / "rare.parquet"
    revenue = "CASE client_id[-1:] WHEN '1' THEN 0 WHEN '2' THEN NULL WHEN '3' THEN 256 ELSE 44800 END::DECIMAL(12, 2)"
    cost = "CASE WHEN client_id[-2:] < '50' THEN 9945.95 WHEN client_id[-2:] < '90' THEN 11645.15 END::DECIMAL(12, 2)"
    duckdb.connect().execute(f"COPY (SELECT * REPLACE ({revenue} AS revenue, {cost} AS cost) FROM '{source}') TO '{rare}'")
    whole = scaling.contest(folder, CLIENTS, 60)
    work = tmp_path / "work"
    assert race(Contest(whole.policy, whole.by_hand, whole.with_facts, {"clients": rare}, work), 1, warm_up=False).measured


def test_the_made_data_show_every_ending(folder: Path) -> None:
    """Else the comparison would leave out what is hard: every decision, the undetermined, rules applied and skipped while unknown."""
    contested = scaling.contest(folder, CLIENTS, 20)
    contest.run("by hand", prepared(contested))
    decided = f"'{contested.theirs / 'decisions.parquet'}'"
    endings = {row[0] for row in duckdb.connect().execute(f"SELECT DISTINCT decision FROM {decided}").fetchall()}
    assert endings == {*made_rules.DECISIONS, "undetermined"}
    hard = (
        duckdb.connect()
        .execute(f"SELECT count_if(applied <> []), count_if(unknown <> []), count_if(len(missing_because) > 1) FROM {decided}")
        .fetchone()
    )
    assert hard is not None and min(hard) > 0


def test_the_yardstick_gives_the_same_digest(folder: Path) -> None:
    contested = scaling.contest(folder, CLIENTS, 20)
    command = prepared(contested).command
    contested.clear_theirs()
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ((rows, number),) = ast.literal_eval(printed.splitlines()[0])
    assert f"{rows}-{number:032x}" == contest.once(contested, contest.Limits())[1]


def prepared(contested: Contest) -> contest.Contender:
    contested.folder.mkdir(exist_ok=True)
    contested.write()
    return contested.script("by_hand.sql", contest.Limits())


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("SELECT * REPLACE (-1.0 AS revenue) FROM clients", "not as agreed"),
        ("SELECT * REPLACE ('NaN'::DOUBLE AS trust) FROM clients", "not as agreed"),
        ("SELECT * REPLACE ('nowhere' AS region) FROM clients", "not as agreed"),
        ("SELECT * REPLACE (NULL AS client_id) FROM clients LIMIT 1", "not as agreed"),
        ("FROM clients UNION ALL FROM clients", "twice"),
    ],
)
def test_the_yardstick_refuses_data_that_break_the_contract(folder: Path, tmp_path: Path, bad: str, said: str) -> None:
    source = scaling.client_file(folder, CLIENTS)
    broken = tmp_path / "broken.parquet"
    duckdb.connect().execute(f"COPY (WITH clients AS (FROM '{source}') {bad}) TO '{broken}'")
    contested = scaling.contest(folder, CLIENTS, 20)
    contender = prepared(Contest(contested.policy, contested.by_hand, contested.with_facts, {"clients": broken}, tmp_path / "work"))
    done = subprocess.run(contender.command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and said in done.stderr


@pytest.mark.parametrize(
    "other",
    [
        "SELECT i AS client_id, 'flag' AS decision FROM range(3) AS t(i)",
        "SELECT i AS client_id, 'keep' AS decision FROM range(2) AS t(i)",
        "SELECT 2 - i AS client_id, 'keep' AS decision FROM range(3) AS t(i)",
        "SELECT i::VARCHAR AS client_id, 'keep' AS decision FROM range(3) AS t(i)",
        "SELECT i AS client_id, NULL::VARCHAR AS decision FROM range(3) AS t(i)",
    ],
    ids=["decision", "rows", "order", "type", "blank"],
)
def test_a_race_of_two_different_things_ends_the_benchmark(tmp_path: Path, other: str) -> None:
    one, two = tmp_path / "one.parquet", tmp_path / "two.parquet"
    duckdb.connect().execute(f"COPY (SELECT i AS client_id, 'keep' AS decision FROM range(3) AS t(i)) TO '{one}'")
    duckdb.connect().execute(f"COPY ({other}) TO '{two}'")
    same(one, one)
    with pytest.raises(SystemExit, match=r"differ|otherwise"):
        same(one, two)


@pytest.mark.parametrize("peer", INSTALLED, ids=lambda peer: peer.name)
def test_every_peer_decides_as_the_program_does(peer: peers.Peer, folder: Path) -> None:
    rules = made_rules.rules(30, client_world.NAMES)
    with duckdb.connect() as connection:
        query = peers.prepared(connection, folder, rules)
        peers.load(connection, 500)
        expected = peers.ours(connection, query)
        rows = peers.of_clients(connection)
    found = peer.plain(peer.prepare(rules, rows)())
    peers.compare(peer.name, found, expected)
    with pytest.raises(SystemExit, match="otherwise"):
        peers.compare(peer.name, [("nobody", []), *found[1:]], expected)


def test_a_date_is_the_same_number_in_a_row_and_in_a_rule() -> None:
    (leaf,) = [leaf for leaf in client_world.NAMES.exemptions if leaf.name == "client_since"]
    assert plain_value(leaf.value) == 20454


def test_the_two_policies_of_diff_differ_in_three_rules(tmp_path: Path) -> None:
    text = client_world.policy(made_rules.rules(20, client_world.NAMES))
    other = changes.changed(text)
    lines = [(a, b) for a, b in zip(text.splitlines(), other.splitlines(), strict=True) if a != b]
    assert len(lines) == 3 and all("then:" in a for a, _ in lines)
    path = tmp_path / "other.yaml"
    path.write_text(other, encoding="utf-8")
    assert load_policy(path)[0] is not None


def test_the_same_number_and_seed_give_the_same_clients() -> None:
    def made(number: int, seed: int) -> list[tuple[object, ...]]:
        return duckdb.connect().execute(made_clients.clients_sql(number, seed)).fetchall()

    assert made(500, 1) == made(500, 1)
    assert made(500, 1) != made(500, 2)


@pytest.mark.parametrize("number", [1, 2, 10, 4_096, 9_999])
def test_every_client_is_made_once_with_ten_orders(number: int) -> None:
    keys = [row[0] for row in duckdb.connect().execute(f"SELECT client_id FROM ({made_clients.clients_sql(number)})").fetchall()]
    assert len(keys) == len(set(keys)) == number
    assert number < 3 or keys != sorted(keys)
    orders = duckdb.connect().execute(f"SELECT client_id, count(*) FROM ({made_clients.orders_sql(number)}) GROUP BY client_id").fetchall()
    assert dict(orders) == dict.fromkeys(keys, made_clients.ROWS_PER_CLIENT)


def test_a_twentieth_of_the_cells_is_blank() -> None:
    counts = ", ".join(f"count({name}) / count(*)" for name in made_clients.columns(made_clients.SEED))
    there = duckdb.connect().execute(f"SELECT {counts} FROM ({made_clients.clients_sql(20_000)})").fetchone()
    assert there is not None and len(there) == 15
    for name, share in zip(made_clients.columns(made_clients.SEED), there, strict=True):
        assert share == 1 if name not in made_clients.BLANK else 0.94 < share < 0.96, name


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_clients_and_orders_are_written_by_the_command(tmp_path: Path, suffix: str) -> None:
    clients, orders = tmp_path / f"clients.{suffix}", tmp_path / f"it's orders.{suffix}"
    command = [sys.executable, "-m", "benchmarks.made_clients", "--clients", "50", "--out", str(clients), "--child", str(orders)]
    subprocess.run(command, check=True, cwd=HERE.parent)
    columns = [row[0] for row in duckdb.connect().execute(f"DESCRIBE FROM '{clients}'").fetchall()]
    assert columns == list(made_clients.columns(made_clients.SEED))
    assert duckdb.connect().execute("SELECT count(*) FROM query_table(?)", [str(orders)]).fetchone() == (500,)
