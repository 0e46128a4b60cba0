"""A folder renewed at once: the old one whole, or the new one whole, for whoever looks and whoever comes after a process that died."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from selective_sales import swapping
from selective_sales.staging import FolderTakenError
from selective_sales.swapping import BusyError, held, keep, put_right, renewed


def fill(folder: Path, text: str, count: int = 3) -> None:
    for number in range(count):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")


def content(folder: Path) -> set[str]:
    return {path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture(params=["at once", "by renames"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of changing places: systems without the first one must do with the second."""
    if request.param == "by renames":
        monkeypatch.setattr(swapping, "_exchanged_at_once", lambda one, other: False)
    return str(request.param)


def test_this_system_can_do_it_at_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        fill(tmp_path / name, name)
    if sys.platform.startswith("linux"):
        assert swapping._exchanged_at_once(tmp_path / "a", tmp_path / "b")
        assert content(tmp_path / "a") == {"b"} and content(tmp_path / "b") == {"a"}


def test_new_and_renewed(tmp_path: Path, either_way: str) -> None:
    target = tmp_path / "out"
    with renewed(target) as staging:
        fill(staging, "one")
    assert content(target) == {"one"} and target.stat().st_mode & 0o777 == 0o700
    target.chmod(0o750)
    kept = (target / "0.txt").stat()
    with renewed(target) as staging:
        keep(target / "0.txt", staging)
        (staging / "9.txt").write_text("two", encoding="utf-8")
    assert sorted(os.listdir(target)) == ["0.txt", "9.txt"] and target.stat().st_mode & 0o777 == 0o700
    assert (target / "0.txt").stat().st_ino == kept.st_ino and (target / "0.txt").stat().st_mtime_ns == kept.st_mtime_ns
    assert os.listdir(tmp_path) == ["out"]


def test_an_error_leaves_the_old_one(tmp_path: Path, either_way: str) -> None:
    target = tmp_path / "out"
    with renewed(target) as staging:
        fill(staging, "one")

    def stopped() -> None:
        with renewed(target) as staging:
            fill(staging, "two")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        stopped()
    assert content(target) == {"one"} and os.listdir(tmp_path) == ["out"]


def test_two_at_once(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with renewed(target) as staging:
        fill(staging, "one")
    with held(target), pytest.raises(BusyError), renewed(target):
        pass

    def slower() -> None:
        with renewed(tmp_path / "new") as staging:
            fill(staging, "mine")
            with renewed(tmp_path / "new") as other:
                fill(other, "theirs")

    with pytest.raises(FolderTakenError):
        slower()
    assert content(tmp_path / "new") == {"theirs"} and sorted(os.listdir(tmp_path)) == ["new", "out"]


def test_who_looks_sees_one_or_the_other(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with renewed(target) as staging:
        fill(staging, "0")
    seen: list[set[str]] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            handle = os.open(target, os.O_RDONLY)
            found = set()
            with contextlib.suppress(FileNotFoundError):  # the old folder, while it is cleared away
                for name in os.listdir(handle):
                    with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=handle)) as file:
                        found.add(file.read())
            os.close(handle)
            seen.append(found)
            time.sleep(0.001)

    watcher = threading.Thread(target=look)
    watcher.start()
    for number in range(1, 30):
        with renewed(target) as staging:
            fill(staging, str(number))
    stop.set()
    watcher.join()
    assert all(len(one) <= 1 for one in seen) and len(seen) > 3


def test_what_a_killed_process_left(tmp_path: Path) -> None:
    target = tmp_path / "out"
    (tmp_path / ".out.renewing-abc").mkdir()
    fill(tmp_path / ".out.renewing-abc", "half")
    (tmp_path / ".other.renewing-abc").mkdir()
    with renewed(target) as staging:
        fill(staging, "one")
    assert sorted(os.listdir(tmp_path)) == [".other.renewing-abc", "out"]
    os.rename(target, tmp_path / ".out.before-abc")  # killed between two renames
    put_right(target)
    assert content(target) == {"one"} and sorted(os.listdir(tmp_path)) == [".other.renewing-abc", "out"]
    os.mkdir(tmp_path / ".out.before-abc")  # killed after them
    put_right(target)
    assert content(target) == {"one"} and sorted(os.listdir(tmp_path)) == [".other.renewing-abc", "out"]


def test_what_a_living_process_holds_is_left_alone(tmp_path: Path) -> None:
    code = "import sys, time; from pathlib import Path; from selective_sales.swapping import renewed\n"
    code += "with renewed(Path(sys.argv[1])): time.sleep(60)"
    other = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "out")])
    try:
        deadline = time.monotonic() + 20
        while not list(tmp_path.glob(".out.renewing-*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.2)
        put_right(tmp_path / "out")
        assert len(list(tmp_path.glob(".out.renewing-*"))) == 1
    finally:
        other.kill()
        other.wait()
    put_right(tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_a_file_put_there_in_the_last_moment_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, either_way: str) -> None:
    target = tmp_path / "out"
    with renewed(target) as staging:
        fill(staging, "one")
    exchange = swapping.exchange

    def late(new: Path, target: Path) -> Path:
        (target / "late.txt").write_text("late", encoding="utf-8")
        return exchange(new, target)

    monkeypatch.setattr(swapping, "exchange", late)
    with renewed(target) as staging:
        fill(staging, "two")
    assert content(target) == {"two", "late"}
