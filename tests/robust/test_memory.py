"""How much memory a run may use where nobody says: three quarters of the machine, or of the container where that is smaller."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales.engines import duckdb_engine as engine
from selective_sales.engines.memory import container_memory, default_limit, java_heap, machine_memory

GB = 10**9
V2, V1 = "sys/fs/cgroup", "sys/fs/cgroup/memory"


def system(root: Path, groups: str, limits: dict[str, str]) -> Path:
    """A system's files below a folder: the groups of this process, and limits by file."""
    files = {"proc/self/cgroup": groups, **limits}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("groups", "limits", "expected"),
    [
        ("0::/app\n", {f"{V2}/app/memory.max": f"{2 * GB}\n"}, 2 * GB),
        ("0::/\n", {f"{V2}/memory.max": f"{3 * GB}\n"}, 3 * GB),
        ("0::/host/path\n", {f"{V2}/memory.max": f"{3 * GB}\n"}, 3 * GB),
        ("0::/a/b/c\n", {f"{V2}/a/memory.max": f"{GB}\n", f"{V2}/a/b/c/memory.max": "max\n"}, GB),
        ("0::/a/b\n", {f"{V2}/a/memory.max": f"{4 * GB}\n", f"{V2}/a/b/memory.max": f"{GB}\n"}, GB),
        ("0::/a\n", {f"{V2}/a/memory.max": "max\n"}, None),
        ("5:cpu,memory:/docker/x\n", {f"{V1}/docker/x/memory.limit_in_bytes": f"{GB}\n"}, GB),
        ("5:memory:/docker/x\n", {f"{V1}/memory.limit_in_bytes": f"{2 * GB}\n"}, 2 * GB),
        ("5:memory:/x\n", {f"{V1}/x/memory.limit_in_bytes": "9223372036854771712\n"}, None),
        ("4:memory:/x\n0::/\n", {f"{V1}/x/memory.limit_in_bytes": f"{2 * GB}\n", f"{V2}/memory.max": f"{GB}\n"}, GB),
        ("5:cpu:/x\n", {f"{V1}/x/memory.limit_in_bytes": f"{GB}\n"}, None),
    ],
)
def test_the_lowest_limit_of_the_groups_counts(tmp_path: Path, groups: str, limits: dict[str, str], expected: int | None) -> None:
    assert container_memory(system(tmp_path, groups, limits)) == expected


@pytest.mark.parametrize("text", ["", "\n", "much", "-5", "0", "1e9", "٣", "1 2", "0x10"])
def test_what_is_no_number_is_no_limit(tmp_path: Path, text: str) -> None:
    assert container_memory(system(tmp_path, "0::/a\n", {f"{V2}/a/memory.max": text})) is None


@pytest.mark.parametrize("groups", ["", "nonsense", "0:", "::", "0::\n", "x:memory", "\n\n"])
def test_groups_that_cannot_be_read_limit_nothing(tmp_path: Path, groups: str) -> None:
    assert container_memory(system(tmp_path, groups, {})) is None


def test_no_path_leads_out_of_the_groups(tmp_path: Path) -> None:
    assert container_memory(system(tmp_path, "0::/../../../a\n", {"a/memory.max": "5", "memory.max": "6"})) is None


def test_bytes_that_are_no_text_limit_nothing(tmp_path: Path) -> None:
    root = system(tmp_path, "0::/a\n", {f"{V2}/a/memory.max": "1"})
    (root / V2 / "a/memory.max").write_bytes(b"\xff\xfe\x00")
    assert container_memory(root) is None


def test_three_quarters_of_the_container(tmp_path: Path) -> None:
    assert default_limit(system(tmp_path, "0::/a\n", {f"{V2}/a/memory.max": "1000000000\n"})) == "750000000B"


def test_three_quarters_of_the_machine_where_the_container_is_larger(tmp_path: Path) -> None:
    machine = machine_memory()
    assert machine is not None
    root = system(tmp_path, "0::/a\n", {f"{V2}/a/memory.max": f"{machine * 2}\n"})
    assert default_limit(root) == default_limit(tmp_path / "nothing") == f"{int(machine * 0.75)}B"


def size(text: str) -> float:
    number, unit = text.split()
    return float(number) * {"GiB": 2**30, "MiB": 2**20, "KiB": 2**10, "bytes": 1, "TiB": 2**40}[unit]


@pytest.mark.parametrize(
    ("limit", "expected"), [(None, int(default_limit().rstrip("B"))), ("300MB", 255_000_000), ("1000 MiB", 850 * 2**20)]
)
def test_every_connection_keeps_to_it(tmp_path: Path, limit: str | None, expected: int) -> None:
    with engine.connected([], [tmp_path], tmp_path, engine.Limits(memory=limit)) as connection:
        row = connection.execute("SELECT current_setting('memory_limit')").fetchone()
    assert row is not None
    assert size(row[0]) == pytest.approx(expected, rel=0.02)


def test_java_gets_a_part_of_what_the_program_may_have(tmp_path: Path) -> None:
    assert java_heap("10GB") == f"{6_000_000_000 // 2**20}m"
    assert java_heap(None, system(tmp_path, "0::/a\n", {f"{V2}/a/memory.max": "8000000000\n"})) == f"{3_600_000_000 // 2**20}m"


def test_java_gets_what_it_needs_to_start(tmp_path: Path) -> None:
    assert java_heap("100MB") == "512m"
