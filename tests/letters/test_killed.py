"""A batch of letters killed at any moment is the old one or the new one, whole; the next run completes it without doubles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.robust.hostile import run as command

from .killing import kill_at_random
from .world import changed, evaluated, is_whole, seen, written


def test_killed_at_random_moments(tmp_path: Path) -> None:
    found = kill_at_random(tmp_path, 300, 6)
    assert found.wrong == []
    assert found.before_the_end >= 3, "most batches were over before they were killed: this shows nothing"


def test_a_disk_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system refuses at any of the calls that write: the old batch stays, whole."""
    import os

    run = evaluated(tmp_path)
    written(run)
    folder = tmp_path / "letters"
    before = seen(folder)
    later = evaluated(tmp_path, "later", clients=changed("A-07", street="ul. Nowa 1"))
    write, calls, limit = os.write, 0, 1

    def refusing(handle: int, content: bytes) -> int:
        nonlocal calls
        calls += 1
        if calls == limit:
            raise OSError(28, "No space left on device")
        return write(handle, content)

    for number in (1, 2, 3):
        calls, limit = 0, number
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", refusing)
            done = written(later)
        assert done.exit_code == 2 and "SS970" in done.stderr and "No space left" in done.stderr
        assert seen(folder) == before and not list(tmp_path.glob(".letters*"))
    assert written(later).exit_code == 0 and is_whole(folder)


def test_nothing_can_be_written_beside_it(tmp_path: Path) -> None:
    run = evaluated(tmp_path / "in")
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    done = command("letters", run, "--out", tmp_path / "file" / "letters")
    assert done.exit_code == 2 and "SS970" in done.stderr
