"""Data that change while a run reads them: the run says so, and nothing is published, whatever was read by then."""

from __future__ import annotations

import ctypes
import itertools
import os
import select
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.robust.hostile import harmless, run, write_policy

ROWS = 60_000
POLICY: dict[str, Any] = {
    "format": 1,
    "policy": {"id": "changing", "version": "1", "languages": ["en"], "currency": "PLN"},
    "data": {"clients": {"key": "id", "fields": {"id": "integer", "revenue": "money", "name": "text"}}},
    "decisions": {"decline": {"title": "decline"}, "keep": {"title": "keep", "default": True}},
    "rules": [{"id": "small", "when": "revenue < 500", "then": "decline", "reason": "Only {revenue}."}],
}
HEADER = "id,revenue,name\n"
COUNTER = itertools.count(1)
IN_OPEN = 0x20
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="is told by the kernel when a file is opened")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import duckdb

    folder = tmp_path_factory.mktemp("changing")
    write_policy(folder / "policy.yaml", POLICY)
    (folder / "clients.csv").write_text(HEADER + "".join(f"{i},{i % 1000},client {i}\n" for i in range(ROWS)), encoding="utf-8")
    with duckdb.connect() as connection:
        source = f"read_csv('{folder / 'clients.csv'}')"
        connection.execute(f"COPY (SELECT * FROM {source}) TO '{folder / 'clients.parquet'}' (ROW_GROUP_SIZE 2048)")
        connection.execute(f"COPY (SELECT * FROM {source}) TO '{folder / 'clients.jsonl'}' (FORMAT json)")
    two_hours_ago = time.time() - 7200
    for path in folder.iterdir():
        os.utime(path, (two_hours_ago, two_hours_ago))
    return folder


@pytest.fixture
def place(sources: Path, tmp_path: Path) -> Path:
    for path in sources.iterdir():
        shutil.copy2(path, tmp_path)
    return tmp_path


@contextmanager
def at_each_opening(file: Path, change: Callable[[Path], object]) -> Iterator[list[bool]]:
    """Changes the file each time it is opened; the list tells whether it did. The system tells of an opening as it happens."""
    done: list[bool] = []
    over = threading.Event()
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0001)  # the reader is done in some milliseconds: the watcher must not wait for its turn so long
    libc = ctypes.CDLL(None, use_errno=True)
    events = libc.inotify_init1(os.O_NONBLOCK)
    assert events >= 0 and libc.inotify_add_watch(events, os.fsencode(file), IN_OPEN) >= 0

    def watch() -> None:
        while not over.is_set():
            if select.select([events], [], [], 0.01)[0] and file.exists():
                os.read(events, 65536)
                change(file)
                done.append(True)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()
        os.close(events)
        sys.setswitchinterval(before)


def append(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b"900001,1,more\n")


def rewrite_under_an_old_date(file: Path) -> None:
    """Another digit in a name each time, the same size, and the date set back."""
    before = file.stat()
    content = file.read_bytes()
    digit = content.rindex(b"client ") + len("client ")
    with file.open("r+b") as stream:
        stream.seek(digit)
        stream.write(f"{next(COUNTER) % 10_000:04}".encode())
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(file: Path) -> None:
    new = file.with_name("new")
    new.write_bytes(file.read_bytes().replace(b"client 1", b"client 2"))
    os.replace(new, file)


CHANGES: dict[str, Callable[[Path], object]] = {
    "appended to": append,
    "cut short": lambda file: os.truncate(file, file.stat().st_size // 2),
    "emptied": lambda file: os.truncate(file, 0),
    "rewritten under an old date": rewrite_under_an_old_date,
    "replaced": replace,
    "removed": lambda file: file.unlink(),
}


def names_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("kind", ["clients.csv", "clients.parquet", "clients.jsonl"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_stops_the_run(change: str, kind: str, place: Path) -> None:
    file = place / kind
    before = names_in(place)
    with at_each_opening(file, CHANGES[change]) as done:
        result = run(
            "evaluate", place / "policy.yaml", "--data", f"clients={file}", "--as-of", "2026-11-22", "--quarantine", "--out", place / "run"
        )
    assert done, "the file did not change: this shows nothing"
    assert result.exit_code == 2, result.output
    assert "SS706" in result.output
    assert f"the file {'was removed' if change == 'removed' else 'changed'} while the run read it" in result.output
    assert result.output.count("error") == 1, "what else was found in a file that changes says nothing"
    assert harmless(result.output)
    assert names_in(place) == before - ({kind} if change == "removed" else set())


def test_a_file_that_is_written_all_the_while_stops_the_run(place: Path) -> None:
    file = place / "clients.csv"
    over = threading.Event()

    def write() -> None:
        number = 10**6
        with file.open("a", encoding="utf-8") as stream:
            while not over.is_set():
                stream.write(f"{number},1,more\n")
                stream.flush()
                number += 1
                time.sleep(0.0005)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        result = run("evaluate", place / "policy.yaml", "--data", f"clients={file}", "--as-of", "2026-11-22", "--out", place / "run")
    finally:
        over.set()
        thread.join()
    assert (result.exit_code, "SS706" in result.output) == (2, True), result.output
    assert not (place / "run").exists()


@pytest.mark.parametrize("command", ["check", "diff"])
def test_other_commands_say_it_too(command: str, place: Path) -> None:
    file = place / "clients.csv"
    (place / "other").mkdir()
    other = POLICY | {"rules": [POLICY["rules"][0] | {"when": "revenue < 600"}]}
    write_policy(place / "other" / "policy.yaml", other)
    arguments = (
        (place / "policy.yaml",)
        if command == "check"
        else (place / "policy.yaml", place / "other" / "policy.yaml", "--as-of", "2026-11-22")
    )
    with at_each_opening(file, append) as done:
        result = run(command, *arguments, "--data", f"clients={file}")
    assert done
    assert (result.exit_code, "SS706" in result.output) == (2, True), result.output


def test_a_file_whose_date_alone_changes_is_the_same(place: Path) -> None:
    """Another name for it, other rights, a backup's link: no byte is another."""
    file = place / "clients.csv"

    def back_up(path: Path) -> None:
        (place / "backup.csv").unlink(missing_ok=True)
        os.link(path, place / "backup.csv")

    with at_each_opening(file, back_up) as done:
        result = run("evaluate", place / "policy.yaml", "--data", f"clients={file}", "--as-of", "2026-11-22", "--out", place / "run")
    assert done
    assert result.exit_code == 0, result.output
