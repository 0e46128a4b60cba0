"""Files with thousands of columns and files with none: decided or told of, in seconds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.robust.hostile import decisions, harmless, run, write_policy

COLUMNS = 5_000
DECLARED = 1_100
"""More than the engine nests operators. By hand it was 5,000."""


def policy(columns: int) -> dict[str, Any]:
    fields = {"id": "integer"} | {f"c{i}": "text" if i % 10 else "money" for i in range(columns)}
    return {
        "format": 1,
        "policy": {"id": "wide", "version": "1", "languages": ["en"], "currency": "PLN"},
        "data": {"clients": {"key": "id", "fields": fields}},
        "decisions": {"decline": {"title": "decline"}, "keep": {"title": "keep", "default": True}},
        "rules": [{"id": "small", "when": "c0 < 5", "then": "decline", "reason": "Only {c0}."}],
    }


def rows(columns: int, bad: bool = False) -> str:
    lines = [",".join(["id", *(f"c{i}" for i in range(columns))])]
    lines += [",".join([str(r), *(str((r + i) % 10) for i in range(columns))]) for r in range(10)]
    if bad:
        lines[-1] = "9,much," + ",".join("1" * (columns - 1))
    return "\n".join(lines) + "\n"


def evaluate(folder: Path, columns: int, source: Path) -> Any:
    write_policy(folder / "policy.yaml", policy(columns))
    arguments = ("--data", f"clients={source}", "--as-of", "2026-11-22", "--out", folder / "run")
    return run("evaluate", folder / "policy.yaml", *arguments)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_ten_of_five_thousand_columns(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "clients.csv"
    source.write_text(rows(COLUMNS), encoding="utf-8")
    if kind == "parquet":
        import duckdb

        with duckdb.connect() as connection:
            connection.execute(f"COPY (SELECT * FROM read_csv('{source}')) TO '{tmp_path / 'clients.parquet'}'")
        source = tmp_path / "clients.parquet"
    result = evaluate(tmp_path, 10, source)
    assert result.exit_code == 0, result.output
    assert [row["decision"] for row in decisions(tmp_path / "run")] == ["decline"] * 5 + ["keep"] * 5
    assert f"'c10', 'c11', 'c12', 'c13', 'c14', 'c15', 'c16', 'c17', 'c18', 'c19' and {COLUMNS - 20} more" in result.output
    assert len(result.output) < 5000


def test_a_bad_cell_among_more_columns_than_an_engine_adds_up(tmp_path: Path) -> None:
    source = tmp_path / "clients.csv"
    source.write_text(rows(DECLARED, bad=True), encoding="utf-8")
    result = evaluate(tmp_path, DECLARED, source)
    assert result.exit_code == 5, result.output
    assert "clients.csv:11:3: SS521 clients: c0: 'much' is not an amount of money" in result.output
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "SS508"),
        ("lines.csv", b"\n\n\n", "SS508"),
        ("empty.parquet", b"", "SS508"),
        ("cut.parquet", b"PAR1", "SS509"),
        ("one.csv", b"id\n1\n2\n", "SS510"),
    ],
)
def test_a_file_with_nothing_in_it_is_told_of(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    result = evaluate(tmp_path, 1, tmp_path / name)
    assert (result.exit_code in (2, 5), code in result.output, harmless(result.output)) == (True, True, True), result.output
    assert not (tmp_path / "run").exists()


def test_a_header_alone_is_a_portfolio_without_clients(tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text("id,c0\n", encoding="utf-8")
    result = evaluate(tmp_path, 1, tmp_path / "clients.csv")
    assert result.exit_code == 0, result.output
    assert decisions(tmp_path / "run") == []


@pytest.mark.parametrize("kind", ["folder", "pipe", "endless"])
def test_what_is_no_file_is_refused(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "clients.csv"
    match kind:
        case "folder":
            source.mkdir()
        case "pipe":
            os.mkfifo(source)
        case _:
            source.symlink_to("/dev/zero")
    result = evaluate(tmp_path, 1, source)
    assert (result.exit_code in (2, 5), "SS502" in result.output) == (True, True), result.output
    assert not (tmp_path / "run").exists()
