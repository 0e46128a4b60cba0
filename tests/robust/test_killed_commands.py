"""Every command that is killed at any moment, whatever it writes beside the run, leaves nothing half-written; the next one works."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.robust.hostile import run, write_policy
from tests.robust.test_killed import POLICY, evaluate, place, staging_of, start

__all__ = ["place"]
TIMES = 4
EVERYTHING = ["--quarantine", "--write", "csv", "--keep-data", "--memory-limit", "40MB", "--threads", "1"]
CHANCE = random.Random(20261126)


@pytest.fixture
def broken(place: Path) -> Path:
    """The clients with a bad row, so that there is something to set aside."""
    path = place / "broken.csv"
    path.write_text((place / "clients.csv").read_text(encoding="utf-8") + "many,1,1\n", encoding="utf-8")
    return path


def kill_while_it_writes(arguments: list[str], target: Path, lasts: float) -> None:
    process = start(arguments)
    while not staging_of(target) and process.poll() is None:
        time.sleep(0.001)
    time.sleep(CHANCE.uniform(0, lasts))
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_killed_run_with_everything_beside_it_is_whole_or_not_there(broken: Path, place: Path, tmp_path: Path) -> None:
    def arguments(out: Path) -> list[str]:
        return [*evaluate(place, out, "broken.csv"), *EVERYTHING]

    began = time.monotonic()
    assert start(arguments(tmp_path / "first")).wait() == 0
    lasts = time.monotonic() - began
    whole = {path.name for path in (tmp_path / "first").iterdir()}
    assert {"quarantine.csv", "decisions.csv", "data", "manifest.json"} <= whole
    target = tmp_path / "run"
    left = 0
    for _ in range(TIMES):
        kill_while_it_writes(arguments(target), target, lasts / 2)
        left += len(staging_of(target))
        if target.exists():
            assert {path.name for path in target.iterdir()} - {".lock"} == whole
            target.rename(tmp_path / f"finished{left}-{time.monotonic_ns()}")
    assert left, "no run was killed while it wrote: this shows nothing"
    assert run(*arguments(target)).exit_code == 0, "the next run into the same folder works"
    assert {path.name for path in target.iterdir()} == whole
    assert staging_of(target) == [], "and clears away what the killed ones left"


def diff(place: Path, tmp_path: Path) -> list[str]:
    write_policy(place / "other.yaml", POLICY | {"metrics": {"profit": "revenue - cost - 1", "margin": "profit / revenue"}})
    data = ["--data", f"clients={place / 'clients.csv'}", "--as-of", "2026-11-22", "--out", str(tmp_path / "moves.csv")]
    return ["diff", str(place / "policy.yaml"), str(place / "other.yaml"), *data]


def simulate(place: Path, tmp_path: Path) -> list[str]:
    if not (place / "kept").exists():
        assert run(*evaluate(place, place / "kept")).exit_code == 0
    return ["simulate", str(place / "kept"), "--change", "revenue=-10%", "--decide-again"]


def test_cases(place: Path, tmp_path: Path) -> list[str]:
    cases = [{"case": "a loss", "client": {"revenue": 1, "cost": 2}, "expect": {"decision": "decline"}}]
    write_policy(place / "some.test.yaml", {"format": 1, "policy": "policy.yaml", "cases": cases})
    return ["test", str(place / "some.test.yaml")]


test_cases.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", [diff, simulate, test_cases], ids=["diff", "simulate", "test"])
def test_a_killed_command_writes_nothing_half(command: Callable[[Path, Path], list[str]], place: Path, tmp_path: Path) -> None:
    arguments = command(place, tmp_path)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    began = time.monotonic()
    assert start(arguments).wait() == 0
    lasts = time.monotonic() - began
    whole = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for _ in range(TIMES):
        for path in tmp_path.iterdir():
            path.unlink()
        process = start(arguments)
        time.sleep(CHANCE.uniform(lasts / 4, lasts))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.startswith(".")} in ({}, whole)
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_of_two_runs_into_one_folder_the_other_says_so(place: Path, tmp_path: Path) -> None:
    """One run with its own data each: what is published is of one alone."""
    import subprocess
    import sys

    target = tmp_path / "run"
    commands = [[sys.executable, "-m", "selective_sales", *evaluate(place, target, data)] for data in ("clients.csv", "few.csv")]
    running = [subprocess.Popen(c, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for c in commands]
    said = [process.communicate(timeout=60)[0] for process in running]
    assert sorted(process.returncode for process in running) == [0, 2], said
    loser = next(text for text, process in zip(said, running, strict=True) if process.returncode == 2)
    assert "SS703" in loser
    assert "Traceback" not in loser
    assert run("replay", target).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
