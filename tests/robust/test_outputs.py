"""Outputs that are closed, full, read by nobody or of an old encoding, and Ctrl-C: an ending that says so, never a traceback."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.robust.hostile import run, write_policy

NAME = "Łódź 😀"
POLICY: dict[str, Any] = {
    "format": 1,
    "policy": {"id": "outputs", "version": "1", "languages": ["en"], "currency": "PLN"},
    "data": {"clients": {"key": "id", "fields": {"id": "text", "revenue": "money", "cost": "money"}}},
    "decisions": {"decline": {"title": "odmowa — ł"}, "keep": {"title": "keep", "default": True}},
    "rules": [{"id": "loss", "when": "revenue < cost", "then": "decline", "reason": "A loss on {revenue}."}],
}
COMMANDS = {
    "check wrong.yaml": 3,
    "check wrong.yaml --format sarif": 3,
    "test policy.test.yaml --format junit": 4,
    "evaluate policy.yaml --data clients=clients.csv": 0,
    "explain run NAME": 0,
    "explain-finding": 0,
    "--help": 0,
    "evaluate --help": 0,
}
"""How each ends where its outputs are in order."""
WRITING = [call for call in COMMANDS if call != "check wrong.yaml"]
"""Those that write to the standard output."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outputs")
    write_policy(folder / "policy.yaml", POLICY)
    write_policy(folder / "wrong.yaml", POLICY | {"rules": [{**POLICY["rules"][0], "when": "revnue < cost", "reason": NAME}]})
    (folder / "clients.csv").write_text(f"id,revenue,cost\n{NAME},1,2\n", encoding="utf-8")
    (folder / "policy.test.yaml").write_text(
        f"format: 1\npolicy: policy.yaml\ncases: [{{case: {NAME}, client: {{revenue: 1, cost: 2}}, expect: {{decision: keep}}}}]\n",
        encoding="utf-8",
    )
    result = run("evaluate", folder / "policy.yaml", "--data", f"clients={folder / 'clients.csv'}", "--out", folder / "run")
    assert result.exit_code == 0, result.output
    return folder


OWN = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""As users have it: what is written to a file or a pipe is buffered."""


def program(place: Path, call: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**OWN, **more.pop("env", {})}
    return subprocess.run(words(call), cwd=place, env=environment, check=False, timeout=60, **{"stderr": subprocess.PIPE, **more})


def words(call: str) -> list[str]:
    return [sys.executable, "-m", "selective_sales", *(NAME if word == "NAME" else word for word in call.split())]


def shell(place: Path, call: str, redirections: str) -> subprocess.CompletedProcess[bytes]:
    """Through a shell, which can close what Python would open."""
    command = ["bash", "-c", f'"$0" "$@" {redirections}', *words(call)]
    return subprocess.run(command, cwd=place, env=OWN, check=False, timeout=60, capture_output=True)


@pytest.mark.parametrize("call", WRITING)
def test_a_reader_that_is_gone_is_no_traceback(place: Path, call: str) -> None:
    """The pipe is closed before anything is written: as with `| head`, without the luck."""
    reader, writer = os.pipe()
    os.close(reader)
    result = program(place, call, stdout=writer)
    os.close(writer)
    assert b"Traceback" not in result.stderr and b"Exception ignored" not in result.stderr
    assert result.returncode == 141


def test_nobody_reads_either_output(place: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    assert program(place, "check wrong.yaml", stdout=writer, stderr=writer).returncode == 141
    os.close(writer)


@pytest.mark.parametrize("redirections", ["2>&-", ">&- 2>&-"])
@pytest.mark.parametrize("call", COMMANDS)
def test_a_closed_output_changes_nothing_about_the_ending(place: Path, call: str, redirections: str) -> None:
    closed = shell(place, call, redirections)
    assert closed.returncode == COMMANDS[call]
    assert b"Traceback" not in closed.stderr + closed.stdout


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("call", WRITING)
def test_a_full_output_is_a_finding(place: Path, call: str, unbuffered: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "wb") as full:
        result = program(place, call, stdout=full, env={"PYTHONUNBUFFERED": unbuffered})
    assert result.returncode == 2
    assert b"standard output: SS705" in result.stderr and b"No space left on device" in result.stderr
    assert b"Traceback" not in result.stderr and b"Exception ignored" not in result.stderr


LOCALES = {
    "C": {"LC_ALL": "C"},
    "ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("call", [call for call in COMMANDS if "NAME" not in call])
def test_a_locale_without_the_letters_stops_nothing(place: Path, call: str, locale: str) -> None:
    result = program(place, call, stdout=subprocess.PIPE, env=LOCALES[locale])
    assert result.returncode == COMMANDS[call]
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("locale", ["ASCII", "Latin-1"])
def test_what_programs_read_is_utf_8_in_every_locale(place: Path, locale: str) -> None:
    def read(call: str) -> str:
        return program(place, call, stdout=subprocess.PIPE, env=LOCALES[locale]).stdout.decode()

    (run,) = json.loads(read("check wrong.yaml --format sarif"))["runs"]
    assert run["results"][0]["message"]["text"].startswith("unknown field 'revnue'")
    (file,) = json.loads(read("test policy.test.yaml --format json"))["files"]
    assert file["cases"][0]["case"] == NAME
    assert json.loads(read("evaluate policy.yaml --data clients=clients.csv --format json"))["clients"] == 1
    assert f"**{NAME}**" in read("test policy.test.yaml --format markdown")


def test_an_argument_that_is_no_text_is_told(place: Path) -> None:
    call = [sys.executable.encode(), b"-m", b"selective_sales", b"explain", b"run", b"\xff\xfe"]
    result = subprocess.run(call, cwd=place, capture_output=True, check=False)
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"is not UTF-8 text" in result.stderr and b"Traceback" not in result.stderr


def on_a_terminal(place: Path, call: str, **more: str) -> bytes:
    """What the program writes to a terminal of its own."""
    reader, terminal = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"} | more
    started = subprocess.Popen(words(call), cwd=place, env=environment, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    written = b""
    with contextlib.suppress(OSError):  # the end of a terminal is an error on Linux
        while part := os.read(reader, 4096):
            written += part
    os.close(reader)
    started.wait(timeout=60)
    return written


@pytest.mark.parametrize("call", ["check wrong.yaml", "explain run NAME"])
def test_no_color_switches_colours_off(place: Path, call: str) -> None:
    assert b"\x1b[" in on_a_terminal(place, call)
    assert b"\x1b" not in on_a_terminal(place, call, NO_COLOR="1")
    assert b"\x1b" not in on_a_terminal(place, call, TERM="dumb")


@pytest.mark.parametrize("seconds", [0.05, 0.3, 0.7, 1.2])
def test_ctrl_c_ends_with_130_and_leaves_nothing_half_written(place: Path, tmp_path: Path, seconds: float) -> None:
    rows = (f"{i},{i * 7919 % 100_003},{i * 104_729 % 100_019}\n" for i in range(400_000))
    (tmp_path / "many.csv").write_text("id,revenue,cost\n" + "".join(rows), encoding="utf-8")
    call = ["evaluate", str(place / "policy.yaml"), "--data", f"clients={tmp_path}/many.csv", "--out", str(tmp_path / "run")]
    started = subprocess.Popen([sys.executable, "-c", HEEDING_CTRL_C, *call], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until_it_runs(started.pid)
    time.sleep(seconds)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    if started.returncode == 0:
        assert (tmp_path / "run/manifest.json").is_file()
    else:
        assert (started.returncode, out) == (130, b"")
        assert err.strip().endswith(b"interrupted") and b"Traceback" not in err
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"many.csv", "run"} and ("run" in left) == (started.returncode == 0)


AT_THE_END = """
import os, signal, sys
from selective_sales.cli import app
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["selective-sales", "--version"]
try:
    app.run()
finally:
    os.kill(os.getpid(), signal.SIGINT)
"""


def test_ctrl_c_after_the_end_changes_nothing() -> None:
    """While Python clears up, a run is whole: its end must not read as if it had been broken off."""
    done = subprocess.run([sys.executable, "-c", AT_THE_END], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"") and done.stdout.startswith(b"selective-sales, version")


HEEDING_CTRL_C = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("selective_sales", run_name="__main__", alter_sys=True)
"""
"""A program that is started in the background by a shell ignores it otherwise."""


def wait_until_it_runs(pid: int) -> None:
    """Until the command's own module is loaded: before that Python itself is interrupted, and says so in its own way."""
    for _ in range(500):
        try:
            if "duckdb" in Path(f"/proc/{pid}/maps").read_text():
                return
        except OSError:
            return
        time.sleep(0.01)
