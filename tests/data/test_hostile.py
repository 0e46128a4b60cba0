"""Names, headers and values that try to be something else: SQL, paths, terminals."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .support import load, table

EVIL = """'; DROP TABLE "clients"; --"""


@pytest.mark.parametrize(
    "name", ["a'b.csv", 'a"b.csv', "; DROP TABLE clients;.csv", "żółć \u202e.csv", "$(rm -rf).csv", "a{b}.csv", "-- x.csv"]
)
def test_file_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("id,n\nA,1\nB,x\n", encoding="utf-8")
    contract = table("clients", {"key": "id", "fields": {"id": "text", "n": "integer"}})
    _, loaded = load((contract,), {"clients": path}, tmp_path)
    assert [(row.place.file, row.place.line) for row in loaded.bad_rows] == [(str(path), 3)]


@pytest.mark.parametrize(
    "header", [EVIL, 'a"b', "a'b", "a\0b", "raw0", "c0", "_state0", "record", "select", "ID", "$x", "a/b~c", "x" * 5000]
)
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_headers(tmp_path: Path, header: str, form: str) -> None:
    contract = table("clients", {"key": "id", "fields": {"id": "text", "n": {"type": "integer", "column": header}}})
    path = tmp_path / f"c.{form}"
    if form == "csv":
        quoted = header.replace('"', '""')
        path.write_text(f'id,"{quoted}",other\nA,1,z\n', encoding="utf-8")
    elif form == "jsonl":
        import json

        path.write_text(json.dumps({"id": "A", header: 1, "other": "z"}) + "\n", encoding="utf-8")
    else:
        pyarrow = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
        import pyarrow as arrow

        if header == "ID" or "\0" in header:
            pytest.skip("the engine renames such a column of a Parquet file")
        pyarrow.write_table(arrow.table({"id": ["A"], header: [1], "other": ["z"]}), path)
    connection, loaded = load((contract,), {"clients": path}, tmp_path)
    errors = [f.code for f in loaded.findings if f.severity == "error"]
    if form == "jsonl" and "\0" in header:
        assert errors == ["SS513"]
        return
    assert errors == []
    assert connection.execute("SELECT * FROM clients").fetchall() == [("A", 1)]


def test_values_are_values(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    values = [EVIL, "=1+1", "{{ 7*7 }}", "\\", "%s", "NULL", "true", "\u202eabc", "😀"]
    path.write_text(
        "id;text\n" + "".join(f'{n};"{value.replace(chr(34), chr(34) * 2)}"\n' for n, value in enumerate(values)), encoding="utf-8"
    )
    fields = {"id": "integer", "text": {"type": "text", "missing": EVIL, "missing_tokens": [EVIL], "one_of": values}}
    connection, loaded = load((table("clients", {"key": "id", "fields": fields}),), {"clients": path}, tmp_path)
    assert loaded.bad_rows == ()
    assert [row[0] for row in connection.execute("SELECT text FROM clients ORDER BY id").fetchall()] == values


def test_contract_texts_are_values(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("id,t,b,d\nA,x,y,z\n")
    fields = {
        "id": "text",
        "t": {"type": "text", "one_of": [EVIL], "pattern": "'[\"]"},
        "b": {"type": "boolean", "true_words": [EVIL], "false_words": ["("]},
        "d": {"type": "date", "format": "'%d.%m.%Y\"(["},
    }
    _, loaded = load((table("clients", {"key": "id", "fields": fields}),), {"clients": path}, tmp_path)
    assert [row.column for row in loaded.bad_rows] == ["t", "b", "d"]


def test_table_and_field_names_that_need_quotes(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("select,n\nA,1\n")
    fields = {"select": "text", "koszt obsługi": {"type": "integer", "column": "n"}}
    connection, loaded = load((table("order", {"key": "select", "fields": fields}),), {"order": path}, tmp_path)
    assert loaded.bad_count == 0
    assert connection.execute('SELECT "koszt obsługi" FROM "order"').fetchall() == [(1,)]


def test_names_that_differ_only_in_case(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("Id,id\nA,1\n")
    _, loaded = load((table("clients", {"key": "Id", "fields": {"Id": "text", "id": "text"}}),), {"clients": path}, tmp_path)
    assert [(f.code, f.severity) for f in loaded.findings] == [("SS537", "error")]


def test_a_link_is_followed_and_nothing_else_is_read(tmp_path: Path) -> None:
    contract = table("clients", {"key": "id", "fields": {"id": "text"}})
    (tmp_path / "real.csv").write_text("id\nA\n")
    os.symlink(tmp_path / "real.csv", tmp_path / "link.csv")
    connection, _ = load((contract,), {"clients": tmp_path / "link.csv"}, tmp_path)
    assert connection.execute("SELECT * FROM clients").fetchall() == [("A",)]
    with pytest.raises(Exception, match="disabled by configuration"):
        connection.execute("SELECT * FROM read_csv('/etc/passwd')").fetchall()


def test_a_cell_does_not_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("id,n\nA,\x1b[31mred\u202e\n", encoding="utf-8")
    contract = table("clients", {"key": "id", "fields": {"id": "text", "n": "integer"}})
    _, loaded = load((contract,), {"clients": path}, tmp_path)
    message = next(f.message for f in loaded.findings if f.code == "SS521")
    assert message.isprintable()


@pytest.mark.parametrize("content", [b"\0" * 1000, bytes(range(256)) * 50, b"\xff\xfe", b'"' * 999, b"," * 10000, b"id\n" + b"x" * 200000])
def test_nonsense_is_a_finding(tmp_path: Path, content: bytes) -> None:
    contract = table("clients", {"key": "id", "fields": {"id": "text", "n": "integer"}})
    for suffix in ("csv", "tsv", "jsonl", "parquet"):
        path = tmp_path / f"c.{suffix}"
        path.write_bytes(content)
        _, loaded = load((contract,), {"clients": path}, tmp_path)
        assert any(f.severity == "error" for f in loaded.findings)


@pytest.mark.parametrize("value", [5, None, "clients.csv", [1], {"id": ["A"]}])
def test_what_is_no_table_in_memory(tmp_path: Path, value: object) -> None:
    contract = table("clients", {"key": "id", "fields": {"id": "text"}})
    _, loaded = load((contract,), {"clients": value}, tmp_path)
    assert [f.code for f in loaded.findings] == ["SS502"]


def test_lists_and_structs_are_findings(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    contract = table("clients", {"key": "id", "fields": {"id": "text", "n": "integer", "t": "text"}})
    data = pyarrow.table({"id": ["A"], "n": [[1]], "t": [b"x"]})
    _, loaded = load((contract,), {"clients": data}, tmp_path)
    assert [f.code for f in loaded.findings] == ["SS513", "SS513"]
