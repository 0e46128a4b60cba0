"""A bad cell of a CSV file is pointed at where its line has it once; else the line's beginning is."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import load, table

CONTRACT = {"key": "id", "fields": {"id": "text", "name": "text", "revenue": "money"}}


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("A;Anna;much", (8, 12)),
        ("A;muchos;much", (10, 14)),
        ("A;much;much", (1, 0)),
        ('A;"An;na";"much"', (12, 16)),
        ("A;Zo\u0308e;much", (7, 11)),
        ("A;Anna;  much ", (10, 14)),
        ("A;Anna;", (1, 0)),
    ],
)
def test_the_cell_of_a_line(tmp_path: Path, line: str, place: tuple[int, int]) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(f"id;name;revenue\n{line}\n;B;5\n", encoding="utf-8")
    contract = {**CONTRACT, "fields": {**CONTRACT["fields"], "revenue": {"type": "money", "required": True}}}  # type: ignore[dict-item]
    _, loaded = load((table("clients", contract),), {"clients": path}, tmp_path)
    found = next(row for row in loaded.bad_rows if row.column == "revenue")
    assert (found.place.line, found.place.column, found.place.end_column) == (2, *place)


def test_a_transcoded_file(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes("id;name;revenue\nA;Żółć;much\n".encode("cp1250"))
    _, loaded = load((table("clients", CONTRACT),), {"clients": path}, tmp_path)
    (found,) = loaded.bad_rows
    assert (found.place.line, found.place.column, found.place.end_line, found.place.end_column) == (2, 8, 2, 12)


def test_a_cell_that_runs_over_lines(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text('id;name;revenue\nA;"An\nna";much\n', encoding="utf-8")
    _, loaded = load((table("clients", CONTRACT),), {"clients": path}, tmp_path)
    (found,) = loaded.bad_rows
    assert (found.place.line, found.place.column) == (2, 1)
