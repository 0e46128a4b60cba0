"""Targets that are taken, cannot be written or are full: a clear ending with exit code 2, and nothing left."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.robust.hostile import harmless, run, write_policy

POLICY: dict[str, Any] = {
    "format": 1,
    "policy": {"id": "room", "version": "1", "languages": ["en"], "currency": "PLN"},
    "data": {"clients": {"key": "id", "fields": {"id": "integer", "revenue": "money", "cost": "money"}}},
    "decisions": {"decline": {"title": "decline"}, "keep": {"title": "keep", "default": True}},
    "rules": [{"id": "loss", "when": "revenue < cost", "then": "decline", "reason": "A loss on {revenue}."}],
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_policy(tmp_path / "policy.yaml", POLICY)
    rows = (f"{i},{i * 7919 % 100_003}.{i % 97:02},{i * 104_729 % 100_019}\n" for i in range(40_000))
    (tmp_path / "clients.csv").write_text("id,revenue,cost\n" + "".join(rows), encoding="utf-8")
    return tmp_path


def evaluate(place: Path, out: Path) -> list[str]:
    return [
        "evaluate",
        str(place / "policy.yaml"),
        "--data",
        f"clients={place / 'clients.csv'}",
        "--as-of",
        "2026-11-22",
        "--out",
        str(out),
    ]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


def taken(place: Path, kind: str) -> Path:
    target = place / "target"
    match kind:
        case "a run":
            assert run(*evaluate(place, target)).exit_code == 0
        case "an empty folder":
            target.mkdir()
        case "a file":
            target.write_text("mine")
        case "a link into the void":
            target.symlink_to(place / "void")
        case _:
            (place / "elsewhere").mkdir()
            target.symlink_to(place / "elsewhere")
    return target


@pytest.mark.parametrize("kind", ["a run", "an empty folder", "a file", "a link into the void", "a link to a folder"])
def test_a_target_that_is_there_is_refused(kind: str, place: Path) -> None:
    target = taken(place, kind)
    before = everything(place)
    result = run(*evaluate(place, target))
    assert result.exit_code == 2, result.output
    assert "SS703" in result.output
    assert everything(place) == before


@pytest.mark.parametrize("target", ["/proc/run", "/dev/null/run", "{place}/clients.csv/run", "{place}/" + "x" * 300, "/sys/kernel/run"])
def test_a_target_that_cannot_be_written_is_said(target: str, place: Path) -> None:
    before = everything(place)
    result = run(*evaluate(place, Path(target.format(place=place))))
    assert result.exit_code == 2, result.output
    assert "SS705" in result.output
    assert harmless(result.output)
    assert everything(place) == before


@pytest.mark.parametrize("target", ["/proc/memos", "/dev/null/memos", "{place}/clients.csv/memos", "{place}/clients.csv", "{place}"])
def test_memos_that_cannot_be_written_are_said(target: str, place: Path) -> None:
    assert run(*evaluate(place, place / "run")).exit_code == 0
    before = everything(place)
    arguments = ("--client", "1", "--language", "en", "--to", "md", "--out", target.format(place=place))
    result = run("memo", place / "run", *arguments)
    assert result.exit_code == 2, result.output
    assert everything(place) == before


def limited(arguments: list[str], largest: int, temp: Path) -> subprocess.CompletedProcess[str]:
    """The command in a process that can write no file larger than that: what a full disk is to it."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    environment = os.environ | {"TMPDIR": str(temp), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "selective_sales", *arguments]
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, env=environment, check=False, timeout=120)


@pytest.mark.parametrize("largest", [0, 64, 1_000, 60_000, 200_000])
def test_a_full_disk_is_said_and_leaves_nothing(largest: int, place: Path) -> None:
    (place / "temp").mkdir()
    before = everything(place)
    ended = limited(evaluate(place, place / "run"), largest, place / "temp")
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "SS704" in ended.stderr or "SS705" in ended.stderr
    assert everything(place) == before


@pytest.mark.parametrize("largest", [400_000, 900_000, 1_200_000, 3_000_000])
def test_a_workbook_that_does_not_fit_leaves_no_run(largest: int, place: Path) -> None:
    (place / "temp").mkdir()
    before = everything(place)
    ended = limited([*evaluate(place, place / "run"), "--write", "xlsx"], largest, place / "temp")
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr and "Exception" not in ended.stderr
    assert "SS704" in ended.stderr or "SS705" in ended.stderr
    assert everything(place) == before


@pytest.mark.parametrize("largest", [0, 100, 20_000])
def test_a_worklist_on_a_full_disk_leaves_nothing(largest: int, place: Path) -> None:
    (place / "clients.csv").write_text("id,revenue,cost\n" + "".join(f"{n},{n},\n" for n in range(40_000)), encoding="utf-8")
    assert run(*evaluate(place, place / "run")).exit_code == 0
    (place / "temp").mkdir()
    before = everything(place)
    for form in ("csv", "json"):
        ended = limited(["worklist", str(place / "run"), "--format", form, "--out", str(place / "list")], largest, place / "temp")
        assert ended.returncode == 2, ended.stderr
        assert "Traceback" not in ended.stderr
        assert everything(place) == before


@pytest.mark.parametrize("largest", [0, 100])
def test_memos_on_a_full_disk_leave_nothing(largest: int, place: Path) -> None:
    assert run(*evaluate(place, place / "run")).exit_code == 0
    (place / "temp").mkdir()
    before = everything(place)
    arguments = ["--client", "1", "--client", "2", "--language", "en", "--to", "md", "--out", str(place / "memos")]
    ended = limited(["memo", str(place / "run"), *arguments], largest, place / "temp")
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert everything(place) == before


def test_policy_tests_on_a_full_disk_are_said(place: Path) -> None:
    (place / "temp").mkdir()
    cases = [{"case": "a loss", "client": {"revenue": 1, "cost": 2}, "expect": {"decision": "decline"}}]
    write_policy(place / "room.test.yaml", {"format": 1, "policy": "policy.yaml", "cases": cases})
    before = everything(place)
    ended = limited(["test", str(place)], 0, place / "temp")
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert everything(place) == before
