"""Generated files: nothing crashes the loader, every bad cell is found on its line, every good cell keeps its text."""

from __future__ import annotations

import json
import tempfile
import unicodedata
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from .support import load, table

FIELDS = {"id": "text", "note": "text", "fit": "number", "since": "date", "revenue": "money", "active": "boolean", "delay": "days"}
CONTRACT = table("clients", {"key": "id", "fields": FIELDS})
HEAD = ",".join(FIELDS).encode() + b"\n"
PIECES = [
    b",",
    b";",
    b'"',
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\t",
    b"\xff",
    b"\xb3",
    b"\xc5\x82",
    b"1",
    b"1,5",
    b"x",
    b" ",
    b"-",
    b"2026-01-01",
    b"{",
    b"}",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join), st.sampled_from(["csv", "tsv", "jsonl"]), st.booleans())
def test_no_bytes_crash_it(content: bytes, suffix: str, with_header: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"c.{suffix}"
        path.write_bytes(HEAD + content if with_header else content)
        connection, loaded = load((CONTRACT,), {"clients": path}, Path(name))
        for one in loaded.tables:
            assert one.rows_read == one.rows_used + one.rows_set_aside + one.rows_ignored
        assert all(row.place.line > 0 for row in loaded.bad_rows)
        connection.close()


NOTES = st.text(st.sampled_from('ab"\\\\,:}]{[0123456789. \u0002é'), max_size=25)
NUMBERS = st.decimals(min_value=-(10**14) + 1, max_value=10**14 - 1, allow_nan=False, allow_infinity=False, places=4)


@settings(max_examples=60)
@given(st.lists(st.tuples(NOTES, NUMBERS, NOTES), min_size=1, max_size=8), st.sampled_from(["", " "]))
def test_json_numbers_and_texts_arrive_as_written(rows: list[tuple[str, Decimal, str]], space: str) -> None:
    contract = table("clients", {"key": "id", "fields": {"id": "text", "note": "text", "m": "money"}})
    lines = []
    for number, (note, amount, other) in enumerate(rows):
        extra = f'"x{json.dumps(other)[1:]}{space}:{space}[{amount:f},{json.dumps(other)}]'
        lines.append(f'{{"note"{space}:{space}{json.dumps(note)},{extra},{space}"m"{space}:{space}{amount:f}{space},"id":{number}}}\n')
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "c.jsonl"
        path.write_text("".join(lines), encoding="utf-8")
        connection, loaded = load((contract,), {"clients": path}, Path(name))
        assert loaded.bad_rows == ()
        got = connection.execute("SELECT note, m FROM clients ORDER BY rowid").fetchall()
        clean = [unicodedata.normalize("NFC", note).strip() or None for note, _, _ in rows]
        assert [row[0] for row in got] == clean
        # A line with the mark's own escape in it keeps what a double keeps.
        assert all(row[1] == amount or "\\u0002" in line for row, (_, amount, _), line in zip(got, rows, lines, strict=True))
        connection.close()


TEXTS = st.text(st.sampled_from('ab"\n,; é'), max_size=8)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(TEXTS, st.booleans(), st.integers(0, 2)), min_size=1, max_size=15),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(",;\t|"),
)
def test_every_bad_cell_on_its_line(rows: list[tuple[str, bool, int]], end: str, delimiter: str) -> None:
    """Lines counted here by hand: quoted texts with line ends, blank lines between the rows."""
    contract = table("clients", {"key": "id", "fields": {"id": "text", "note": "text", "fit": "integer"}})
    lines, wanted = [delimiter.join(("id", "note", "fit"))], []
    for number, (note, bad, blanks) in enumerate(rows):
        lines += [""] * blanks
        if bad:
            wanted.append(sum(1 + line.count("\n") for line in lines) + 1)
        quoted = '"' + note.replace('"', '""') + '"'
        lines.append(f"k{number}{delimiter}{quoted}{delimiter}{'x' if bad else '7'}")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "c.csv"
        path.write_bytes((end.join(line.replace("\n", end) for line in lines) + end).encode())
        connection, loaded = load((contract,), {"clients": path}, Path(name))
        assert [row.place.line for row in loaded.bad_rows] == wanted
        got = [row[0] for row in connection.execute("SELECT note FROM clients ORDER BY rowid").fetchall()]
        assert got == [note.strip().replace("\n", end) or None for note, _, _ in rows]
        connection.close()
