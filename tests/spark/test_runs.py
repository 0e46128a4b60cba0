"""Whole runs by `evaluate --engine spark`: DuckDB's folder, from files, part files and tables; refusals end as they should."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main
from selective_sales.pipeline.runs import Outcome, Request, evaluate_files
from tests.engines import examples
from tests.engines.examples import AS_OF, ROOT, online_retail

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def run(policy: Path, data: list[str], out: Path, spark: str | None = None, as_of: datetime.date = AS_OF, **more: Any) -> Outcome:
    return evaluate_files(policy, data, lambda inputs: Request(inputs, as_of, out, spark=spark, **more), spark=spark is not None)


def content(path: Path, ordered: bool) -> tuple[list[Any], list[Any]]:
    """The names and types of a Parquet file, and its rows."""
    with duckdb.connect() as connection:
        described = connection.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
        rows = connection.execute(f"SELECT * FROM '{path}'").fetchall()
    return [row[:2] for row in described], rows if ordered else sorted(rows, key=repr)


def manifest(folder: Path, *unlike: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return {
        name: value for name, value in found.items() if name not in (*unlike, "written_at", "versions", "decisions_sha256", "facts_sha256")
    }


def same(policy: Path, data: list[str], folder: Path, **more: Any) -> Outcome:
    """Both engines' run folders of the same data."""
    here, there = run(policy, data, folder / "duckdb", **more), run(policy, data, folder / "spark", "local[2]", **more)
    assert here.summary is not None and there.summary is not None, there.findings
    assert there.findings == here.findings
    assert replace(there.summary, loaded=here.summary.loaded) == here.summary
    assert there.summary.loaded == here.summary.loaded
    assert content(folder / "spark" / "decisions.parquet", True) == content(folder / "duckdb" / "decisions.parquet", True)
    assert content(folder / "spark" / "facts.parquet", False) == content(folder / "duckdb" / "facts.parquet", False)
    assert manifest(folder / "spark") == manifest(folder / "duckdb")
    assert {f.name for f in (folder / "spark").iterdir()} == {f.name for f in (folder / "duckdb").iterdir()}
    return there


@pytest.mark.parametrize("name", ["client-base", "client-value", "sales-time"])
def test_ready_policies(spark: SparkSession, name: str, tmp_path: Path) -> None:
    same(ROOT / "policies" / f"{name}.yaml", [str(ROOT / "examples" / name / "data")], tmp_path)


def test_a_review_of_the_portfolio(spark: SparkSession, tmp_path: Path) -> None:
    """Its layers are planned thousands of times over where nothing ends the plans between them."""
    example = examples.portfolio(tmp_path)
    data = [f"{name}={path}" for name, path in example.inputs.items()]
    found = same(example.policy, data, tmp_path, as_of=example.as_of, history=example.history)
    assert found.summary is not None and found.summary.clients == 240


def test_services_agency_with_exceptions_and_a_history_of_itself(spark: SparkSession, tmp_path: Path) -> None:
    example = ROOT / "examples" / "services-agency"
    found = same(
        example / "services-agency.yaml", [str(example / "data")], tmp_path, exceptions=example / "exceptions.yaml", keep_data=True
    )
    assert found.summary is not None and found.summary.exceptions
    assert {p.name for p in (tmp_path / "spark" / "data").iterdir()} == {p.name for p in (tmp_path / "duckdb" / "data").iterdir()}
    replayed = CliRunner().invoke(main, ["replay", str(tmp_path / "spark")])
    assert replayed.exit_code == 0, replayed.output
    explained = CliRunner().invoke(main, ["explain", str(tmp_path / "spark"), found.summary.exceptions[0].client[0]])
    assert explained.exit_code == 0, explained.output


def test_the_real_lines_of_online_retail(spark: SparkSession, tmp_path: Path) -> None:
    retail = online_retail("examples/online-retail/online-retail.yaml", tmp_path)
    found = same(retail.policy, [f"{table}={file}" for table, file in retail.inputs.items()], tmp_path, as_of=retail.as_of)
    assert found.summary is not None and found.summary.clients == 4372


SMALL = """\
format: 1
policy: {id: small, version: "1", title: Small, languages: [en], currency: EUR, strategy: first}
data:
  clients: {key: id, fields: {id: text, cost: {type: money, minimum: 0}, since: date}}
  orders: {key: id, belongs_to: clients, fields: {id: text, amount: money}}
metrics: {revenue: sum(orders.amount), profit: revenue - cost, place: rank(profit)}
decisions: {decline: {title: decline}, keep: {title: keep, default: true}}
rules: [{id: loss, when: profit < 0, then: decline, reason: A loss.}]
figures: {declined: 'count(clients[decision = "decline"])'}
limits: [{id: few, require: 'declined <= 0', on_breach: warn}]
"""
PARTS = ("a;10,5;01.02.2024\nb;1,25;31.12.2025\n", "c;;\nd;7;\n", "")
ORDERS = [("a", "3.5"), ("a", "1.25"), ("b", "9"), ("d", "7")]


def small(folder: Path, parts: tuple[str, ...] = PARTS) -> tuple[Path, Path, Path]:
    """The policy, the clients as one file, and as parts."""
    policy, one, many = folder / "small.yaml", folder / "clients.csv", folder / "parts of it"
    policy.write_text(SMALL, encoding="utf-8")
    many.mkdir()
    one.write_text("id;cost;since\n" + "".join(parts), encoding="utf-8")
    for number, part in enumerate(parts):
        (many / f"part-{number}.csv").write_text("id;cost;since\n" + part, encoding="utf-8")
    (many / "_SUCCESS").touch()
    (folder / "orders.csv").write_text("id,amount\n" + "".join(f"{i},{a}\n" for i, a in ORDERS), encoding="utf-8")
    return policy, one, many


def test_part_files_and_a_table_of_the_catalog_give_the_same_digest(spark: SparkSession, tmp_path: Path) -> None:
    policy, one, many = small(tmp_path)
    here = run(policy, [f"clients={one}", f"orders={tmp_path / 'orders.csv'}"], tmp_path / "duckdb")
    spark.createDataFrame(ORDERS, "id STRING, amount STRING").createOrReplaceGlobalTempView("sold")
    there = run(policy, [f"clients={many}", "orders=table:global_temp.sold"], tmp_path / "spark", "local[2]")
    assert here.summary is not None and there.summary is not None, there.findings
    assert there.summary.digest == here.summary.digest
    tables = manifest(tmp_path / "spark")["tables"]
    assert [(t["format"], t["source"], t["rows_used"], len(t["sha256"])) for t in tables] == [
        ("spark", str(many), 4, 64),
        ("spark", "table:global_temp.sold", 4, 64),
    ]
    replayed = CliRunner().invoke(main, ["replay", str(tmp_path / "spark")])
    assert replayed.exit_code != 0 and "SS713" in replayed.stderr
    assert not [left for left in tmp_path.iterdir() if "staging" in left.name]


def command(policy: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["evaluate", str(policy), "--engine", "spark", "--as-of", "2026-11-22", "--quiet", *words])


def test_broken_parts_are_named_by_file_and_key_and_leave_no_folder(spark: SparkSession, tmp_path: Path) -> None:
    policy, _, many = small(tmp_path, (*PARTS[:2], "e;minus;\nf;-1;\n"))
    words = ("--data", f"clients={many}", "--data", f"orders={tmp_path / 'orders.csv'}", "--out", str(tmp_path / "run"))
    done = command(policy, *words)
    assert done.exit_code == 5
    assert f"{many}/part-2.csv: SS521" in done.stderr and "in the row with id 'e'" in done.stderr
    assert "SS522" in done.stderr and "in the row with id 'f'" in done.stderr
    assert not (tmp_path / "run").exists()


def test_rows_are_set_aside_as_duckdb_sets_them_aside(spark: SparkSession, tmp_path: Path) -> None:
    policy, one, _ = small(tmp_path, (*PARTS[:2], "=e;minus;\nf;-1;\nd;8;\n"))
    data = [f"clients={one}", f"orders={tmp_path / 'orders.csv'}"]
    same(policy, data, tmp_path, quarantine=True)
    written = [(tmp_path / engine / "quarantine.csv").read_text(encoding="utf-8") for engine in ("duckdb", "spark")]
    assert written[0] == written[1] and written[0].count("\n") > 4


def test_a_table_without_rows(spark: SparkSession, tmp_path: Path) -> None:
    policy, one, _ = small(tmp_path, ("",))
    (tmp_path / "orders.csv").write_text("id,amount\n", encoding="utf-8")
    same(policy, [f"clients={one}", f"orders={tmp_path / 'orders.csv'}"], tmp_path)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("clients=s3a://KEY:hunter2@bucket/clients", "SS661"),
        ("clients=jdbc:postgresql://u:hunter2@h/d", "SS660"),
        ("clients=clients.xlsx", "SS660"),
        ("clients=crm.sqlite#clients", "SS660"),
        ("clients=crm.duckdb", "SS660"),
        ("clients=nowhere.csv", "SS501"),
        ("clients=nowhere/*.parquet", "SS501"),
        ("clients=mixed", "SS662"),
        ("clients=empty", "SS662"),
        ("client=orders.csv", "SS506"),
        ("hdfs://host/clients", "SS501"),
        ("orders=orders.csv", "SS505"),
    ],
)
def test_places_that_cannot_be_used(words: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said before Spark is started."""
    policy, _, _ = small(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("clients.xlsx", "crm.sqlite", "crm.duckdb"):
        Path(name).write_bytes(b"PK")
    for name in ("mixed", "empty"):
        Path(name).mkdir()
    Path("mixed/a.csv").touch()
    Path("mixed/b.parquet").touch()
    done = command(policy, "--data", words)
    assert done.exit_code == 2 and code in done.stderr, done.stderr
    assert "hunter2" not in done.output + done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "code"), [("clients=table:crm.`x`; DROP", "SS664"), ("clients=differing", "SS663"), ("clients=quotes.csv", "SS520")]
)
def test_what_only_spark_can_tell(spark: SparkSession, words: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy, _, _ = small(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("differing").mkdir()
    Path("differing/a.csv").write_text("id,cost,since\na,1,\n", encoding="utf-8")
    Path("differing/b.csv").write_text("id,since,cost\na,,1\n", encoding="utf-8")
    Path("quotes.csv").write_text('id,cost,since\na,"1"x,\nb,2,\n', encoding="utf-8")
    done = command(policy, "--data", words, "--data", "orders=orders.csv", "--out", "run")
    assert done.exit_code == 5 and code in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and "py4j" not in done.stderr and not Path("run").exists()


OPEN = ('g,"1","open\n', 'g,"1","open', 'g,"1","two\nlines, open')
CLOSED = 'g,"1","a ""quote"" in\ntwo lines"\nh,2,5" screen\n'


def noted(folder: Path, *parts: str) -> tuple[Path, Path, Path]:
    """A policy with a text at the end of each row, one file, and parts of it."""
    policy, one, many = folder / "noted.yaml", folder / "clients.csv", folder / "parts"
    policy.write_text(SMALL.replace("since: date", "note: text"), encoding="utf-8")
    many.mkdir()
    one.write_text("id,cost,note\n" + "".join(parts), encoding="utf-8")
    for number, part in enumerate(parts):
        (many / f"{number}.csv").write_text("id,cost,note\n" + part, encoding="utf-8")
    (folder / "orders.csv").write_text("id,amount\n", encoding="utf-8")
    return policy, one, many


@pytest.mark.parametrize("end", OPEN)
def test_a_quote_open_at_the_end_of_a_file_is_told_with_its_line(spark: SparkSession, end: str, tmp_path: Path) -> None:
    policy, one, many = noted(tmp_path, 'e,1,"x"\nf,1,y\n', end)
    for place, line in ((one, 4), (many, 2)):
        words = ("--data", f"clients={place}", "--data", f"orders={tmp_path / 'orders.csv'}", "--out", str(tmp_path / "run"))
        done = command(policy, *words)
        file = one if place == one else many / "1.csv"
        assert done.exit_code == 5 and f"{file}:{line}:1: SS520 clients: the row has a quote that is not closed" in done.stderr, done.stderr
        assert not (tmp_path / "run").exists()


def test_odd_quotes_that_open_nothing_are_read(spark: SparkSession, tmp_path: Path) -> None:
    policy, one, _ = noted(tmp_path, CLOSED)
    found = same(policy, [f"clients={one}", f"orders={tmp_path / 'orders.csv'}"], tmp_path)
    assert found.summary is not None and found.summary.clients == 2


HEADERS = {
    "a column without a name": ("utf-8", ",id,cost,since\n1,a,10,\n", ",id,since,cost\n1,b,,5\n"),
    "a name twice": ("utf-8", "id,cost,since,x,x\na,10,,,\n", "id,since,cost,x,x\nb,,5,,\n"),
    "letters in Windows-1250": ("windows-1250", "id,cost,since,ł\na,10,,\n", "id,since,cost,ł\nb,,5,\n"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_parts_whose_headers_spark_does_not_compare(spark: SparkSession, name: str, tmp_path: Path) -> None:
    encoding, one, other = HEADERS[name]
    policy, _, _ = small(tmp_path)
    (tmp_path / "orders.csv").write_text("id,amount\n", encoding="utf-8")
    policy.write_text(
        SMALL.replace("{key: id, fields: {id: text, cost", f'{{key: id, csv: {{encoding: "{encoding}"}}, fields: {{id: text, cost'), "utf-8"
    )
    parts = tmp_path / "others"
    parts.mkdir()
    (parts / "0.csv").write_text(one, encoding)
    words = ("--data", f"clients={parts}", "--data", f"orders={tmp_path / 'orders.csv'}")
    assert command(policy, *words).exit_code == 0
    (parts / "1.csv").write_text(other, encoding)
    done = command(policy, *words)
    assert done.exit_code == 5 and "SS663" in done.stderr and "1.csv has another header" in done.stderr, done.stderr


def test_a_view_and_a_table_of_the_catalog_that_are_called_as_the_policys(spark: SparkSession, tmp_path: Path) -> None:
    """They are read where they are named, and stay."""
    policy, one, _ = small(tmp_path)
    spark.sql("CREATE TABLE orders (id STRING, amount STRING) USING parquet")
    spark.sql("CREATE VIEW clients AS SELECT 'a' AS id, '1' AS cost, '2026-01-31' AS since")
    try:
        found = run(policy, ["clients=table:clients", "orders=table:orders"], tmp_path / "one", "local[2]")
        assert found.summary is not None and found.summary.clients == 1, found.findings
        found = run(policy, [f"clients={one}", f"orders={tmp_path / 'orders.csv'}"], tmp_path / "two", "local[2]")
        assert found.summary is not None and found.summary.clients == 4, found.findings
        assert spark.sql("SELECT * FROM clients").count() == 1 and spark.sql("SELECT * FROM orders").count() == 0
    finally:
        spark.sql("DROP VIEW IF EXISTS clients")
        spark.sql("DROP TABLE IF EXISTS orders")


def test_words_of_the_policy_are_no_variables_and_no_names_of_ours(spark: SparkSession, tmp_path: Path) -> None:
    policy, one, _ = small(tmp_path, ("${spark.app.name};1;\n_first0;2;\nselective-sales;3;\n",))
    (tmp_path / "orders.csv").write_text("id,amount\n", encoding="utf-8")
    tokens = 'id: {type: text, missing_tokens: ["${spark.app.name}x", "FROM _first0)"]}'
    policy.write_text(SMALL.replace("id: text, cost", f"{tokens}, cost"), encoding="utf-8")
    same(policy, [f"clients={one}", f"orders={tmp_path / 'orders.csv'}"], tmp_path)


@pytest.mark.parametrize("other", ["'b' AS id, DATE '2026-01-01' AS since", "'b' AS id, 0.3::FLOAT AS cost, DATE '2026-01-01' AS since"])
def test_parts_in_parquet_without_a_column_or_with_another_type(spark: SparkSession, other: str, tmp_path: Path) -> None:
    policy, _, _ = small(tmp_path)
    (tmp_path / "orders.csv").write_text("id,amount\n", encoding="utf-8")
    parts = tmp_path / "others"
    parts.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 'a' AS id, 1.5::DOUBLE AS cost, DATE '2026-01-01' AS since) TO '{parts / '0.parquet'}'")
        connection.execute(
            f"COPY (SELECT DATE '2026-01-01' AS since, 'c' AS id, 1.5::DOUBLE AS cost, 1 AS more) TO '{parts / '1.parquet'}'"
        )
        words = ("--data", f"clients={parts}", "--data", f"orders={tmp_path / 'orders.csv'}")
        assert command(policy, *words).exit_code == 0
        connection.execute(f"COPY (SELECT {other}) TO '{parts / '2.parquet'}'")
    done = command(policy, *words)
    assert done.exit_code == 5 and "2.parquet: SS663" in done.stderr and "'cost'" in done.stderr, done.stderr


def test_a_run_folder_below_signs_of_a_pattern_and_a_file_in_another_encoding(spark: SparkSession, tmp_path: Path) -> None:
    folder = tmp_path / "{a,b}\\c"
    folder.mkdir()
    policy, one, _ = small(folder)
    one.write_bytes(one.read_text(encoding="utf-8").encode("utf-16"))
    same(policy, [f"clients={one}", f"orders={folder / 'orders.csv'}"], folder)


def test_what_a_notebook_has_stays_as_it_is(spark: SparkSession, tmp_path: Path) -> None:
    policy, one, _ = small(tmp_path)
    spark.createDataFrame([("z",)], "id STRING").createOrReplaceTempView("clients")
    spark.table("clients").cache().count()
    try:
        active = type(spark).getActiveSession()
        assert run(policy, [f"clients={one}", f"orders={tmp_path / 'orders.csv'}"], tmp_path / "run", "local[2]").summary is not None
        assert type(spark).getActiveSession() is active
        assert spark.catalog.isCached("clients") and spark.table("clients").collect()[0].id == "z"
    finally:
        spark.catalog.uncacheTable("clients")
        spark.catalog.dropTempView("clients")
