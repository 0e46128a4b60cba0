"""Texts that have broken other programs, and what may never reach a person's screen."""

from __future__ import annotations

import csv
import json
import signal
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from selective_sales.cli.app import main

HOSTILE = {
    "quotes": """it's "so" `called`""",
    "sql": "'; DROP TABLE clients; --",
    "sql with a double quote": '"; DROP TABLE "clients"; --',
    "sql comment": "x */ OR 1=1 /* --",
    "sql string": "$$ || getenv('HOME') || $$",
    "template": "{{ 12345679 * 9 }}{% include '/etc/passwd' %}",
    "braces": "{revenue} {0} {} %s %(x)s ${HOME}",
    "shell": "$(touch owned) `touch owned` | & ;",
    "newline": "first\nsecond: - [",
    "turned": "abc\u202egnp.exe",
    "isolates": "\u2066a\u2069\u200fb",
    "colour": "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "invisible": "a\u200b\u00adb",
    "html": "<script>alert('1')</script>&amp;",
    "formula": '=HYPERLINK("http://x";"y")',
    "markdown": "# h\\n| a | b | ![x](http://x/y) [c](javascript:1) ***",
    "backslash": "C:\\new\\table\\",
    "yaml": "- !!python/object/apply:os.system ['true']: &a *b # c",
    "path": "../../../../etc/passwd",
    "wide": "名前 😀 ﷽ e\u0301",
    "long": "x" * 1000,
}


def run(*arguments: str | Path) -> Result:
    """A command in this process. An exception that is no SystemExit is a crash, and fails the test at once; so does waiting for ever."""
    with at_most(20):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise AssertionError(f"{arguments}: crashed") from result.exception
    assert "Traceback" not in result.output
    return result


class TookTooLongError(BaseException):
    """No Exception: nothing on the way may catch it."""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    def stop(signum: int, frame: object) -> None:
        raise TookTooLongError(f"still running after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def harmless(text: str) -> bool:
    """No control character but tabs and the line's end, no character that turns the direction of text or hides."""
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in "\n\t" for char in text)


def write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_policy(path: Path, policy: Mapping[str, Any]) -> Path:
    """A policy as JSON, which is YAML: every text quoted, what nobody can see escaped."""
    text = json.dumps(policy, ensure_ascii=False, indent=1)
    path.write_text("".join(f"\\u{ord(c):04x}" if unicodedata.category(c) == "Cf" else c for c in text), encoding="utf-8")
    return path


def literal(text: str) -> str:
    """The text as a literal of the expression language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def braced(text: str) -> str:
    """The text as a part of a text for people, in which a brace is doubled."""
    return text.replace("{", "{{").replace("}", "}}")


def decisions(run_folder: Path) -> list[dict[str, Any]]:
    """decisions.parquet, row by row."""
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(run_folder / "decisions.parquet")])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def files_in(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
