"""Runs a hand-written SQL script as a process of its own: `by_hand.py SCRIPT OUT [--set NAME=FILE] [--hash FILE]`.

`$NAME` in the script stands for the file; `$decisions` and `$facts` for the files that it writes into the folder OUT. The last statement's
row (a digest) and the sha256 of the files read and written are printed. It imports nothing but DuckDB, and reads no policy.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import duckdb


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("script", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", action="append", default=[], dest="given")
    parser.add_argument("--hash", action="append", default=[], type=Path, dest="hashed")
    parser.add_argument("--threads")
    parser.add_argument("--memory-limit")
    given = parser.parse_args()
    given.out.mkdir(parents=True)
    written = {name: given.out / f"{name}.parquet" for name in ("decisions", "facts")}
    text = given.script.read_text(encoding="utf-8")
    for name, value in (*(pair.split("=", 1) for pair in given.given), *((name, str(path)) for name, path in written.items())):
        text = text.replace(f"${name}", "'" + value.replace("'", "''") + "'")
    with duckdb.connect() as connection:
        connection.execute(f"SET temp_directory = '{given.out / 'scratch'}'")
        if given.threads:
            connection.execute(f"SET threads = {int(given.threads)}")
        if given.memory_limit:
            connection.execute("SET memory_limit = ?", [given.memory_limit])
        digest = connection.execute(text).fetchall()
    hashes = [sha256(path) for path in (*given.hashed, *written.values()) if path.exists()]
    sys.stdout.write(f"{digest}\n{hashes}\n")


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
