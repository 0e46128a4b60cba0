"""A run or a batch of memos that is killed at any moment leaves nothing half-written, and the next one clears away what it left."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.robust.hostile import run, write_policy

CLIENTS = 4_000
MEMOS = 150
TIMES = 15
POLICY: dict[str, Any] = {
    "format": 1,
    "policy": {"id": "killed", "version": "1", "languages": ["en"], "currency": "PLN"},
    "data": {"clients": {"key": "id", "fields": {"id": "integer", "revenue": "money", "cost": "money"}}},
    "metrics": {"profit": "revenue - cost", "margin": "profit / revenue"},
    "decisions": {"decline": {"title": "decline"}, "keep": {"title": "keep", "default": True}},
    "rules": [{"id": "loss", "when": "profit < 0", "then": "decline", "reason": "A loss of {profit}."}],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    write_policy(folder / "policy.yaml", POLICY)
    for name, count in (("clients.csv", CLIENTS), ("few.csv", MEMOS)):
        rows = (f"{i},{1000 + i % 97},{1000 + i % 89}\n" for i in range(count))
        (folder / name).write_text("id,revenue,cost\n" + "".join(rows), encoding="utf-8")
    return folder


def evaluate(place: Path, out: Path, data: str = "clients.csv") -> list[str]:
    return ["evaluate", str(place / "policy.yaml"), "--data", f"clients={place / data}", "--as-of", "2026-11-22", "--out", str(out)]


def memo(finished: Path, out: Path) -> list[str]:
    return ["memo", str(finished), "--language", "en", "--to", "md", "--out", str(out)]


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "selective_sales", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def staging_of(target: Path) -> list[Path]:
    return list(target.parent.glob(f".{target.name}.staging-*"))


def kill_at_random(arguments: Callable[[Path], list[str]], folder: Path, whole: Callable[[Path], bool]) -> tuple[int, int]:
    """Kills the command at moments from its start to after its end, most of them while it writes.

    Gives the number of targets that were finished, and of stagings that were left.
    """
    began = time.monotonic()
    assert start(arguments(folder / "first")).wait() == 0
    lasts = time.monotonic() - began
    chance = random.Random(20261122)
    finished = left = 0
    for number in range(TIMES):
        target = folder / f"run{number}"
        process = start(arguments(target))
        if number % 3:
            while not staging_of(target) and process.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, lasts / 2))
        else:
            time.sleep(chance.uniform(0, lasts * 1.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        left += len(staging_of(target))
        if target.exists():
            assert whole(target), f"{target} is there and not whole"
            finished += 1
        strangers = [path.name for path in folder.iterdir() if not path.name.startswith((".run", "run", "first"))]
        assert strangers == []
    return finished, left


def replays(target: Path) -> bool:
    return run("replay", target).exit_code == 0


def test_a_killed_run_is_whole_or_not_there(place: Path, tmp_path: Path) -> None:
    finished, left = kill_at_random(lambda out: evaluate(place, out), tmp_path, replays)
    assert finished < TIMES, "every run was over before it was killed: this shows nothing"
    assert left, "no run was killed while it wrote: this shows nothing"
    for staging in tmp_path.glob(".*.staging-*"):
        target = tmp_path / staging.name.removeprefix(".").split(".staging-")[0]
        if not target.exists():
            assert run(*evaluate(place, target)).exit_code == 0
            assert replays(target)
        assert staging_of(target) == [], "the next run clears away what a killed one left"


def is_whole_batch(target: Path) -> bool:
    """The index is there, and every memo that it lists, byte by byte."""
    index = json.loads((target / "memos.json").read_text(encoding="utf-8"))
    listed = {entry["file"]: entry["sha256"] for entry in index["memos"]}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in target.iterdir() if path.name != "memos.json"}
    return len(listed) == MEMOS and listed == found


def test_killed_memos_are_whole_or_not_there(place: Path, tmp_path: Path) -> None:
    finished_run = tmp_path / "first-run"
    assert run(*evaluate(place, finished_run, "few.csv")).exit_code == 0
    finished, left = kill_at_random(lambda out: memo(finished_run, out), tmp_path, is_whole_batch)
    assert finished < TIMES, "every batch was over before it was killed: this shows nothing"
    assert left, "no batch was killed while it wrote: this shows nothing"


def test_staging_of_memos_that_nobody_writes_any_more_is_cleared_away(place: Path, tmp_path: Path) -> None:
    finished_run = tmp_path / "run"
    assert run(*evaluate(place, finished_run, "few.csv")).exit_code == 0
    old = tmp_path / ".memos.staging-left"
    old.mkdir()
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    assert run(*memo(finished_run, tmp_path / "memos"), "--client", "1").exit_code == 0
    assert not old.exists()


def test_a_run_that_is_being_written_is_left_alone(place: Path, tmp_path: Path) -> None:
    """Two runs for one folder at the same time: neither clears away the other's staging; one gets the folder."""
    target = tmp_path / "run"
    processes = [start(evaluate(place, target)) for _ in range(3)]
    codes = sorted(process.wait() for process in processes)
    assert codes[0] == 0
    assert set(codes[1:]) <= {0, 2}
    assert codes.count(0) == 1
    assert replays(target)
    assert staging_of(target) == []
