"""Files with one bad line near the end, with lines of megabytes, with quotes that swallow the rest: told of, counted, never passed over."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.robust.hostile import decisions, harmless, run, write_policy

POLICY: dict[str, Any] = {
    "format": 1,
    "policy": {"id": "large", "version": "1", "languages": ["en"], "currency": "PLN"},
    "data": {
        "clients": {"key": "id", "fields": {"id": "integer", "revenue": "money", "name": "text"}},
        "orders": {"belongs_to": "clients", "key": "id", "fields": {"id": "integer", "amount": "money", "note": "text"}},
    },
    "decisions": {"decline": {"title": "decline"}, "keep": {"title": "keep", "default": True}},
    "rules": [{"id": "small", "when": "sum(orders.amount) < 500", "then": "decline", "reason": "Only {revenue}."}],
}
ALONE = POLICY | {
    "data": {"clients": POLICY["data"]["clients"]},
    "rules": [{"id": "small", "when": "revenue < 500", "then": "decline", "reason": "Only {revenue}."}],
}
ROWS = 150_000
"""By hand it was ten million (a gigabyte)."""
MIB = 2**20


def evaluate(folder: Path, *more: str, policy: dict[str, Any] = ALONE) -> Any:
    write_policy(folder / "policy.yaml", policy)
    return run("evaluate", folder / "policy.yaml", "--data", folder, "--as-of", "2026-11-22", "--out", folder / "run", *more)


def lines(number: int) -> list[str]:
    return [f"{i},{i % 1000},Client number {i} of all\n" for i in range(number)]


def write(folder: Path, rows: Sequence[str], name: str = "clients.csv", header: str = "id,revenue,name\n") -> Path:
    path = folder / name
    path.write_text(header + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def one_bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    rows = lines(ROWS)
    rows[-7] = rows[-7].replace(f",{(ROWS - 7) % 1000},", ",many,")
    write(folder, rows)
    write_policy(folder / "policy.yaml", ALONE)
    return folder


def test_one_bad_line_near_the_end_is_named(one_bad: Path, tmp_path: Path) -> None:
    source = f"clients={one_bad / 'clients.csv'}"
    result = run(
        "evaluate", one_bad / "policy.yaml", "--data", source, "--as-of", "2026-11-22", "--out", tmp_path / "run", "--memory-limit", "60MB"
    )
    assert result.exit_code == 5
    assert f"clients.csv:{ROWS - 5}:{len(str(ROWS)) + 2}: SS521" in result.output
    assert "'many' is not an amount of money" in result.output
    assert list(tmp_path.iterdir()) == []


def test_exactly_that_row_is_set_aside(one_bad: Path, tmp_path: Path) -> None:
    source = f"clients={one_bad / 'clients.csv'}"
    arguments = ("--data", source, "--as-of", "2026-11-22", "--out", tmp_path / "run", "--memory-limit", "60MB", "--quarantine")
    result = run("evaluate", one_bad / "policy.yaml", *arguments)
    assert result.exit_code == 0, result.output
    assert f"1 of {ROWS} clients are set aside" in result.output
    with (tmp_path / "run" / "quarantine.csv").open(encoding="utf-8", newline="") as file:
        aside = list(csv.DictReader(file))
    assert [(row["row"], row["column"], row["value"], json.loads(row["cells"])["id"]) for row in aside] == [
        (str(ROWS - 5), "revenue", "many", str(ROWS - 7))
    ]
    assert len(decisions(tmp_path / "run")) == ROWS - 1


MEASURE = """
import sys
from selective_sales.cli.app import main
try:
    main()
finally:
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(peak.split()[1], file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells the peak of this program alone")
def test_memory_stays_within_what_was_asked_for(one_bad: Path, tmp_path: Path) -> None:
    """The limit is the engine's; the program itself takes some 100 MB beside it, whatever the size of the file."""
    options = ["--data", f"clients={one_bad / 'clients.csv'}", "--as-of", "2026-11-22", "--out", str(tmp_path / "run"), "--quarantine"]
    command = [sys.executable, "-c", MEASURE, "evaluate", str(one_bad / "policy.yaml"), *options, "--memory-limit", "60MB"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100, env=os.environ | {"TMPDIR": str(tmp_path)})
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stderr.split()[-1]) < (60 + 150) * 1024


@pytest.mark.parametrize("size", [3, 9, 20])
def test_a_line_of_megabytes_is_told_of(size: int, tmp_path: Path) -> None:
    """One longer than the reader's buffer of 8 MiB was dropped in silence."""
    rows = lines(2000)
    write(tmp_path, [*rows[:1000], "5000,5," + "y" * size * MIB + "\n", *rows[1000:1999], "1999,no money,x\n"])
    result = evaluate(tmp_path)
    assert result.exit_code == 5, result.output
    assert "clients.csv:1002:1: SS520 clients: the row is longer than 2 MiB" in result.output
    assert "clients.csv:2002:6: SS521" in result.output, "lines behind it are numbered as they stand"
    assert not (tmp_path / "run").exists()
    assert len(result.output) < 20_000


@pytest.mark.parametrize("size", [3, 9])
def test_a_line_of_megabytes_is_set_aside(size: int, tmp_path: Path) -> None:
    rows = lines(2000)
    write(tmp_path, [*rows[:1000], "5000,5," + "y" * size * MIB + "\n", *rows[1000:]])
    result = evaluate(tmp_path, "--quarantine")
    assert result.exit_code == 0, result.output
    assert "1 of 2001 clients are set aside" in result.output
    assert len(decisions(tmp_path / "run")) == 2000
    assert (tmp_path / "run" / "quarantine.csv").stat().st_size < 5000


def test_a_line_of_megabytes_in_a_child_table_lowers_no_sum(tmp_path: Path) -> None:
    write(tmp_path, lines(50))
    orders = [f"{i},100,n\n" for i in range(50)]
    write(tmp_path, [*orders, "7,900," + "y" * 9 * MIB + "\n", *orders], "orders.csv", "id,amount,note\n")
    result = evaluate(tmp_path, "--quarantine", policy=POLICY)
    assert result.exit_code == 5, result.output
    assert "orders.csv:52:1: SS520" in result.output
    assert "SS534" in result.output
    assert not (tmp_path / "run").exists()


def test_a_line_of_megabytes_in_json_lines_is_told_of(tmp_path: Path) -> None:
    rows = [json.dumps({"id": i, "revenue": 5, "name": "n" * (9 * MIB if i == 5 else 1)}) + "\n" for i in range(9)]
    write(tmp_path, rows, "clients.jsonl", header="")
    result = evaluate(tmp_path)
    assert result.exit_code == 5, result.output
    assert "clients.jsonl:6:1: SS520 clients: the row is longer than 2 MiB" in result.output


@pytest.mark.parametrize("more", [(), ("--quarantine",)], ids=["stop", "quarantine"])
@pytest.mark.parametrize("at", [0, 90_000])
def test_a_quote_that_swallows_the_rest_stops_the_run(at: int, more: tuple[str, ...], tmp_path: Path) -> None:
    """The reader gives up after some megabytes and goes on with any line: what it swallowed was set aside as one row."""
    rows = lines(200_000)
    rows[at] = rows[at].replace("Client", '"Client')
    write(tmp_path, rows)
    before = set(tmp_path.iterdir())
    result = evaluate(tmp_path, *more)
    assert result.exit_code == 5, result.output
    assert f"clients.csv:{at + 2}:1: SS520 clients: the row has a quote that is not closed" in result.output
    assert "SS722" in result.output or not more
    assert set(tmp_path.iterdir()) - before == {tmp_path / "policy.yaml"}


@pytest.mark.parametrize(
    "text",
    [
        'id,revenue,name\n1,5,"a\nb"\n2,5,"c ""d"""\n3,5,e\n',
        "id,revenue,name\n\n1,5,a\n\n\n2,5,b\n3,5,c\n\n",
        "\n\nid,revenue,name\n1,5,a\n2,5,b\n3,5,c",
        'id,revenue,"na\nme"\n1,5,a\n2,5,b\n3,5,c\n',
        "id,revenue,name\r\n1,5,a\r\n2,5,b\r\n3,5,c\r\n",
        "id,revenue,name\r1,5,a\r2,5,b\r3,5,c\r",
        'id,revenue,name\r\n1,5,"a\nb"\r\n2,5,b\r\n3,5,c\r\n',
    ],
    ids=range(7),
)
def test_every_way_to_end_a_line_is_accounted_for(text: str, tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_bytes(text.encode())
    policy = json.loads(json.dumps(ALONE))
    if "na\nme" in text:
        policy["data"]["clients"]["fields"].pop("name")
    result = evaluate(tmp_path, policy=policy)
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in decisions(tmp_path / "run")] == [1, 2, 3]
    assert harmless(result.output)


def test_a_file_without_line_ends_is_told_of_briefly(tmp_path: Path) -> None:
    write(tmp_path, ["z" * 5 * MIB], header="")
    result = evaluate(tmp_path)
    assert result.exit_code == 5
    assert "SS510" in result.output
    assert len(result.output) < 5000


def test_a_client_with_nearly_all_rows_is_summed_exactly(tmp_path: Path) -> None:
    """By hand it was a million rows, and a million clients with ten rows each."""
    write(tmp_path, lines(50))
    write(tmp_path, [f"7,{k % 100}.25,n\n" for k in range(200_000)] + ["8,499.99,n\n", "9,500,n\n"], "orders.csv", "id,amount,note\n")
    policy = POLICY | {"metrics": {"spent": "sum(orders.amount)"}}
    result = evaluate(tmp_path, "--memory-limit", "60MB", policy=policy)
    assert result.exit_code == 0, result.output
    found = {row["id"]: (row["decision"], str(row["spent"])) for row in decisions(tmp_path / "run")}
    assert (found[7], found[8], found[9]) == (("keep", "9950000.0000"), ("decline", "499.9900"), ("keep", "500.0000"))
