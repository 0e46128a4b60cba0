"""Progress: one line on a terminal that says what is done, gone at the end; nothing of it anywhere else."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from selective_sales.cli import progress
from selective_sales.engines import duckdb_engine as engine
from selective_sales.model import steps
from selective_sales.model.steps import Step
from tests.pipeline.small import write_small

ERASE = b"\r\x1b[K"
STARTED = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from selective_sales.cli import progress
progress.PATIENCE, progress.EVERY = float(sys.argv.pop(1)), 0.005
from selective_sales.cli.app import main
main()
"""
"""The program with another patience: no test waits for a second to pass, nor counts on one."""
AT_ONCE, NEVER = "0", "100000"


def on_a_terminal(patience: str, *call: str, interrupt_at: bytes = b"", **more: str) -> tuple[int, bytes, bytes]:
    """Exit code, what the standard output had, and what the terminal got on the standard error."""
    reader, writer = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "CI"} | {"TERM": "xterm", "COLUMNS": "80"} | more
    command = [sys.executable, "-c", STARTED, patience, *call]
    started = subprocess.Popen(command, stdin=writer, stdout=subprocess.PIPE, stderr=writer, env=environment)
    os.close(writer)
    told = b""
    with contextlib.suppress(OSError):  # the end of a terminal is an error on Linux
        while part := os.read(reader, 4096):
            told += part
            if interrupt_at and interrupt_at in told:
                started.send_signal(signal.SIGINT)
                interrupt_at = b""
    os.close(reader)
    out, _ = started.communicate(timeout=60)
    return started.returncode, out, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small policy with half a million clients, a test of it and a run."""
    folder = tmp_path_factory.mktemp("progress")
    rows = (f"{i},{i * 7919 % 100_003},{i * 104_729 % 100_019}\n" for i in range(500_000))
    write_small(folder, clients="client_id,revenue,cost\n" + "".join(rows))
    case = "{case: a, client: {revenue: 1, cost: 2}, expect: {decision: decline}}"
    text = f'format: 1\npolicy: policy.yaml\nas_of: "2026-11-22"\ncases: [{case}]\n'
    (folder / "small.test.yaml").write_text(text, encoding="utf-8")
    return folder


def evaluate(folder: Path) -> tuple[str, ...]:
    return ("evaluate", str(folder / "policy.yaml"), "--data", f"clients={folder}/clients.csv", "--as-of", "2026-11-22")


def lines(told: bytes) -> list[str]:
    """What stood in the line, one after the other."""
    return [part.decode() for part in told.split(ERASE) if part]


def test_the_line_says_what_is_done_how_far_and_for_how_long(folder: Path) -> None:
    code, out, told = on_a_terminal(AT_ONCE, *evaluate(folder))
    assert code == 0 and b"small 1, " in out
    said = lines(told.partition(b"SS518")[0])
    assert any(re.fullmatch(r"reading clients(  \d{1,2}%)?  \d+:\d\d", line) for line in said)
    assert any(line.startswith("deciding, sorting and writing") for line in said)
    assert any(re.search(r"  [1-9]\d?%  \d+:\d\d$", line) for line in said)


def test_the_line_is_erased_before_anything_else_is_said(folder: Path) -> None:
    _, _, told = on_a_terminal(AT_ONCE, *evaluate(folder))
    last = told.rfind(b"\x1b[K")
    assert b"\x1b[K" in told and not re.search(rb"\d:\d\d", told[last:])


def test_a_quick_run_shows_nothing(folder: Path) -> None:
    _, _, told = on_a_terminal(NEVER, *evaluate(folder))
    assert b"\x1b[K" not in told and b"reading clients" not in told


@pytest.mark.parametrize("more", [{"CI": "true"}, {"TERM": "dumb"}])
def test_nothing_on_a_build_server_or_a_dumb_terminal(folder: Path, more: dict[str, str]) -> None:
    assert b"\x1b[K" not in on_a_terminal(AT_ONCE, *evaluate(folder), **more)[2]


def test_nothing_where_quiet_is_asked_for(folder: Path) -> None:
    assert b"\x1b[K" not in on_a_terminal(AT_ONCE, *evaluate(folder), "--quiet")[2]


def test_nothing_into_a_pipe(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", STARTED, AT_ONCE, *evaluate(folder)], capture_output=True, check=True)
    assert b"\x1b" not in done.stderr + done.stdout and b"reading clients" not in done.stderr


@pytest.mark.parametrize("at", [b"reading clients", b"deciding, sorting"])
def test_ctrl_c_erases_the_line_and_leaves_nothing(folder: Path, tmp_path: Path, at: bytes) -> None:
    code, out, told = on_a_terminal(AT_ONCE, *evaluate(folder), "--out", str(tmp_path / "run"), interrupt_at=at)
    assert (code, out) == (130, b"")
    assert told.rpartition(ERASE)[2].strip() == b"interrupted" and b"Traceback" not in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("test", "small.test.yaml"), "running the cases of small.test.yaml"),
        (("test", "small.test.yaml", "--mutants"), "looking for faults that no case notices"),
        (("diff", "policy.yaml", "other.yaml", "--data", "clients=clients.csv", "--as-of", "2026-11-22"), "trying which change moves whom"),
        (("simulate", "run"), "calculating the portfolio"),
    ],
)
def test_other_commands_that_run_long(folder: Path, monkeypatch: pytest.MonkeyPatch, call: tuple[str, ...], said: str) -> None:
    monkeypatch.chdir(folder)
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    Path("other.yaml").write_text(text.replace("revenue < 100", "revenue < 5000"), encoding="utf-8")
    if call[0] == "simulate" and not Path("run").exists():
        assert on_a_terminal(NEVER, *evaluate(folder), "--out", "run")[0] == 0
    _, _, told = on_a_terminal(AT_ONCE, *call)
    assert any(line.startswith(said) for line in lines(told))
    assert b"\x1b[K" not in on_a_terminal(AT_ONCE, *call, "--quiet")[2]


class Heard:
    """A listener that writes down what it hears."""

    wants_percent = False

    def __init__(self) -> None:
        self.told: list[str] = []
        self.engines: list[Callable[[], float]] = []

    def begin(self, step: Step, about: str) -> None:
        self.told.append(steps.words(step, about))

    def attach(self, percent: Callable[[], float]) -> None:
        self.engines.append(percent)

    def detach(self, percent: Callable[[], float]) -> None:
        self.engines.remove(percent)


def test_what_happens_within_a_whole_step_is_not_told() -> None:
    heard = Heard()
    with steps.told_to(heard):
        with steps.as_a_whole(Step.TESTING, "a.test.yaml"):
            steps.begin(Step.DECIDING)
        steps.begin(Step.DIGEST)
    steps.begin(Step.COUNTING)
    assert heard.told == ["running the cases of a.test.yaml", "taking the digest"]


def test_an_engine_that_is_closed_is_never_asked(tmp_path: Path) -> None:
    heard = Heard()
    with steps.told_to(heard), contextlib.suppress(ValueError), engine.connected([], [tmp_path], tmp_path, engine.Limits()):
        assert len(heard.engines) == 1 and isinstance(heard.engines[0](), float)
        raise ValueError
    assert heard.engines == []


def test_the_engine_keeps_count_only_where_somebody_wants_it(tmp_path: Path) -> None:
    def counts() -> object:
        with engine.connected([], [tmp_path], tmp_path, engine.Limits()) as connection:
            return connection.execute("SELECT current_setting('enable_progress_bar')").fetchone()

    heard = Heard()
    with steps.told_to(heard):
        assert counts() == (False,)
        heard.wants_percent = True
        assert counts() == (True,)


def test_words_that_would_steer_the_terminal_do_not() -> None:
    line = progress.Line(sys.stderr)
    line.begin(Step.TESTING, "a\x1b[2J\nb" + "c" * 500)
    assert "\x1b" not in line.text() and "\n" not in line.text() and len(line.text()) < 80
