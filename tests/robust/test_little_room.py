"""Too little memory, too few open files, no room to put aside: what was too small is said, how much to give, and nothing stays."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from selective_sales.engines.stopped import enough, stopped
from tests.robust.test_no_room import evaluate, everything, place

__all__ = ["place"]
MB = 1024 * 1024
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits of this kind are kept by Linux alone")


def limited(arguments: list[str], limit: tuple[int, int] | None, temp: Path) -> subprocess.CompletedProcess[str]:
    """The command under a limit of the system."""
    (temp / "tmp").mkdir(exist_ok=True)
    set_limit: Callable[[], None] | None = None if limit is None else lambda: resource.setrlimit(limit[0], (limit[1], limit[1]))
    environment = os.environ | {"TMPDIR": str(temp / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "selective_sales", *arguments]
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=set_limit, env=environment, check=False, timeout=120)


def kept(folder: Path) -> dict[str, bytes]:
    """What stays, without the policy tests' own temporary folder."""
    return {name: content for name, content in everything(folder).items() if name != "tmp"}


@pytest.mark.parametrize("limit", ["1KB", "1MB"])
def test_a_limit_too_small_says_how_much_to_give_and_that_is_enough(limit: str, place: Path) -> None:
    before = kept(place)
    ended = limited([*evaluate(place, place / "run"), "--memory-limit", limit], None, place)
    assert ended.returncode == 2, ended.stderr
    assert f"SS704 the engine stopped: the memory limit of {limit} is too small for this run" in ended.stderr
    advised = re.search(r"give more: --memory-limit (\d+[MG]B)", ended.stderr)
    assert advised is not None, ended.stderr
    assert kept(place) == before
    again = limited([*evaluate(place, place / "run"), "--memory-limit", advised.group(1)], None, place)
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize(
    ("limit", "threads", "advised"),
    [(1e6, 1, "125MB"), (20e6, 2, "250MB"), (100e6, 2, "500MB"), (300e6, 2, "2GB"), (1e9, 64, "8GB"), (4e9, 2, "16GB")],
)
def test_what_is_advised(limit: float, threads: int, advised: str) -> None:
    assert enough(limit, threads) == advised


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Out of Memory Error: failed to offload data block of size 256.0 KiB (2.5 MiB/2.6 MiB used).\nThis limit was set by the "
            "'max_temp_directory_size' setting.",
            "there is no room for what does not fit in memory (2.5 MiB of 2.6 MiB used)",
        ),
        (
            'IO Error: Async write failed for range [offset=1, size=2]: {"exception_type":"IO","exception_message":"Could not write file '
            '\\"/a/.r.staging-1/facts.parquet\\": No space left on device","errno":"28"}',
            "there is no room on the disk to write facts.parquet",
        ),
        (
            "Out of Memory Error: Failed to allocate block of 8392704 bytes (bad allocation)",
            "the machine has not enough free memory for it",
        ),
    ],
    ids=["temporary folder", "disk", "machine"],
)
def test_what_the_engine_says_is_told_in_words(said: str, told: str) -> None:
    error = stopped(RuntimeError(said), 2, "60MB")
    assert str(error) == told
    assert error.help


@LINUX
@pytest.mark.parametrize("size", [100, 400, 600, 900])
def test_a_machine_without_memory_is_said(size: int, place: Path) -> None:
    before = kept(place)
    ended = limited(evaluate(place, place / "run"), (resource.RLIMIT_AS, size * MB), place)
    assert "Traceback" not in ended.stderr
    assert "SS704" in ended.stderr or ended.returncode in (0, 127, -6, -11), ended.stderr
    if ended.returncode == 2:
        assert kept(place) == before


def test_few_open_files_are_enough(place: Path) -> None:
    ended = limited(evaluate(place, place / "run"), (resource.RLIMIT_NOFILE, 64), place)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("largest", [1_000, 300_000])
def test_a_full_temporary_folder_is_said(largest: int, place: Path) -> None:
    (place / "spill").mkdir()
    before = kept(place)
    arguments = [
        *evaluate(place, place / "run"),
        "--temp-directory",
        str(place / "spill"),
        "--memory-limit",
        "24MB",
        "--keep-data",
        "--write",
        "csv",
    ]
    ended = limited(arguments, (resource.RLIMIT_FSIZE, largest), place)
    assert ended.returncode == 2, ended.stderr
    assert "there is no room" in ended.stderr
    assert kept(place) == before


def test_two_runs_may_share_a_temporary_folder(place: Path) -> None:
    (place / "spill").mkdir()
    options = ["--temp-directory", str(place / "spill"), "--memory-limit", "32MB"]
    commands = [[sys.executable, "-m", "selective_sales", *evaluate(place, place / f"run{i}"), *options] for i in range(2)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for command in commands]
    said = [process.communicate(timeout=100)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    digests = {re.search(r"digest (\S+)", text).group(1) for text in said}  # type: ignore[union-attr]
    assert len(digests) == 1
    assert list((place / "spill").iterdir()) == []
