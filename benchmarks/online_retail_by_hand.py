"""The yardstick: what a careful person would write once for this one policy. Clients, orders and the run date in, decisions.parquet out.

It does what the program does for this data: checks the contract, decides in three values with reasons' rule ids, sorts by the key, hashes
the data files and the result. It has no policy to read, and serves nothing else.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import duckdb

SCRIPT = Path(__file__).with_name("online_retail.sql")


def main(clients: str, orders: str, as_of: str, out: str) -> None:
    """Runs the SQL script over the two files and prints the hashes."""
    folder = Path(out)
    folder.mkdir(parents=True)
    values = {"$clients": clients, "$orders": orders, "$as_of": as_of, "$decisions": str(folder / "decisions.parquet")}
    text = SCRIPT.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(name, "'" + value.replace("'", "''") + "'")
    with duckdb.connect() as connection:
        digest = connection.execute(text).fetchall()
    hashes = {name: hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in (clients, orders, values["$decisions"])}
    sys.stdout.write(f"{digest}\n{hashes}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
