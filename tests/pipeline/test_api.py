"""The public Python API: the same rows as rows, Arrow, pandas and polars, from files and from tables in memory."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas
import polars
import pyarrow.csv
import pyarrow.parquet
import pytest

import selective_sales as ss

from .small import AS_OF, DECISIONS, write_small


def test_a_result_as_rows_arrow_pandas_and_polars(tmp_path: Path) -> None:
    policy, clients = write_small(tmp_path)
    with ss.evaluate(ss.read(policy), {"clients": clients}, as_of=AS_OF) as result:
        assert {row["client_id"]: row["decision"] for row in result.rows()} == DECISIONS
        assert result.arrow().column("decision").to_pylist() == list(DECISIONS.values())
        assert result.pandas()["decision"].tolist() == list(DECISIONS.values())
        assert result.polars()["decision"].to_list() == list(DECISIONS.values())
        names = "client_id decision policy_decision decided_by fired applied unknown missing_because possible_decisions"
        assert result.polars().columns == names.split()


def test_tables_in_memory_give_the_same_digest_as_files(tmp_path: Path) -> None:
    policy, clients = write_small(tmp_path)
    table = pyarrow.csv.read_csv(clients)
    pyarrow.parquet.write_table(table, tmp_path / "clients.parquet")
    sources = [clients, str(clients), tmp_path / "clients.parquet", table, pandas.read_csv(clients), polars.read_csv(clients)]
    digests = set()
    for source in sources:
        with ss.evaluate(ss.read(policy), {"clients": source}, as_of=AS_OF) as result:
            digests.add(result.digest)
    assert len(digests) == 1


def test_a_bad_policy_is_findings_not_an_exception(tmp_path: Path) -> None:
    policy, clients = write_small(tmp_path)
    policy.write_text(policy.read_text(encoding="utf-8").replace("cost > revenue", "cots > revenue"), encoding="utf-8")
    read = ss.read(policy)
    assert not read.ok
    assert [finding.code for finding in read.findings if finding.severity == "error"] == ["SS203"]
    with pytest.raises(ss.InvalidPolicy, match="SS203"):
        ss.evaluate(read, {"clients": clients}, as_of=AS_OF)


def test_broken_data_tells_the_row(tmp_path: Path) -> None:
    policy, clients = write_small(tmp_path, clients="client_id,revenue,cost\nA,10,1\nB,ten,1\n")
    with pytest.raises(ss.BrokenData) as error:
        ss.evaluate(ss.read(policy), {"clients": clients}, as_of=AS_OF, out=tmp_path / "run")
    assert {finding.place.line for finding in error.value.findings if finding.severity == "error"} == {3}
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("day", [datetime.date(2025, 12, 31), datetime.date(2027, 1, 1)])
def test_a_date_outside_the_policys_validity_is_refused(tmp_path: Path, day: datetime.date) -> None:
    policy, clients = write_small(tmp_path)
    with pytest.raises(ss.InvalidPolicy) as error:
        ss.evaluate(ss.read(policy), {"clients": clients}, as_of=day)
    assert [finding.code for finding in error.value.findings if finding.severity == "error"] == ["SS701"]


def test_a_missing_table_is_a_finding(tmp_path: Path) -> None:
    policy, _ = write_small(tmp_path)
    with pytest.raises(ss.NotDecided) as error:
        ss.evaluate(ss.read(policy), {}, as_of=AS_OF)
    assert "clients" in str(error.value)


def test_wrong_arguments_say_what_is_right(tmp_path: Path) -> None:
    policy, clients = write_small(tmp_path)
    with pytest.raises(TypeError, match=r"read\(path\)"):
        ss.evaluate(str(policy), {"clients": clients}, as_of=AS_OF)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="mapping from table"):
        ss.evaluate(ss.read(policy), str(clients), as_of=AS_OF)  # type: ignore[arg-type]


def test_reading_no_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ss.read(tmp_path / "none.yaml")


CHILDREN = """\
format: 1
policy: {id: children, version: "1", languages: [en], currency: EUR, strategy: first}
data:
  clients: {key: id, fields: {id: text, cost: money}}
  orders: {key: id, belongs_to: clients, fields: {id: text, amount: money}}
  visits: {key: id, belongs_to: clients, fields: {id: text, hours: number}}
metrics: {profit: sum(orders.amount) - cost}
decisions: {decline: {}, keep: {default: true}}
rules: [{id: loss, when: profit < 0 and sum(visits.hours) > 1, then: decline, reason: A loss.}]
"""


def test_child_tables_in_memory_too(tmp_path: Path) -> None:
    """However many, of one library or several, beside files or not."""
    (tmp_path / "children.yaml").write_text(CHILDREN, encoding="utf-8")
    policy = ss.read(tmp_path / "children.yaml")
    clients, orders = {"id": ["a", "b"], "cost": [1.0, 5.0]}, {"id": ["a", "b", "b"], "amount": [3.0, 2.0, 1.0]}
    visits = {"id": ["b", "b"], "hours": [0.5, 1.5]}
    file = tmp_path / "orders.parquet"
    pyarrow.parquet.write_table(pyarrow.table(orders), file)
    makers = (pyarrow.table, pandas.DataFrame, polars.DataFrame, polars.LazyFrame)
    given = [{"clients": make(clients), "orders": make(orders), "visits": make(visits)} for make in makers]
    given.append({"clients": polars.DataFrame(clients), "orders": file, "visits": pandas.DataFrame(visits)})
    digests = set()
    for data in given:
        with ss.evaluate(policy, data, as_of=AS_OF) as result:
            assert [row["decision"] for row in result.rows()] == ["keep", "decline"]
            digests.add(result.digest)
    assert len(digests) == 1
