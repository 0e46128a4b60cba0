"""A number of clients and a seed in, their made data out, streamed: `python -m benchmarks.made_clients --clients N --out FILE`.

Fifteen columns, about a twentieth of most of them blank; the rows stand in no order of the key, as an export gives them. The child
table (`--child FILE`) has ten rows a client. A name that ends in `.csv` gives CSV. The same number and seed give the same file (by one
version of DuckDB).
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import duckdb

SEED = 20261122
ROWS_PER_CLIENT = 10
KINDS = ("goods", "service", "rent")
INDUSTRIES = ("it", "retail", "public", "health", "energy", "food", "transport", "media", "law", "crafts")
REGIONS = ("north", "east", "south", "west", "centre", "coast", "islands", "abroad")
BLANK = dict.fromkeys("revenue cost outstanding discount trust fit tickets payment_delay client_since industry".split(), 5)
"""Of a hundred cells, so many are blank."""
MEMORY = "2GB"


def columns(seed: int) -> dict[str, str]:
    """SQL for each column of the client with the number `i`."""

    def chance(stream: int, values: int) -> str:
        return f"(hash(i, {seed + stream}) % {values})"

    def one_of(stream: int, values: tuple[str, ...]) -> str:
        return f"[{', '.join(repr(v) for v in values)}][{chance(stream, len(values))}::INTEGER + 1]"

    made = {
        "client_id": client_id("i"),
        "revenue": f"({chance(1, 9_000_000)} / 100.0)::DECIMAL(12, 2)",
        "cost": f"({chance(2, 6_000_000)} / 100.0)::DECIMAL(12, 2)",
        "outstanding": f"({chance(3, 900_000)} / 100.0)::DECIMAL(12, 2)",
        "discount": f"({chance(4, 400)} / 1000.0)::DOUBLE",
        "trust": f"({chance(5, 101)} / 100.0)::DOUBLE",
        "fit": f"({chance(6, 101)} / 100.0)::DOUBLE",
        "tickets": f"{chance(7, 60)}::INTEGER",
        "referrals": f"{chance(8, 6)}::INTEGER",
        "conflicts": f"{chance(9, 10)}::INTEGER",
        "payment_delay": f"{chance(10, 120)}::INTEGER",
        "client_since": f"DATE '2012-01-01' + {chance(11, 5_300)}::INTEGER",
        "industry": one_of(12, INDUSTRIES),
        "region": one_of(13, REGIONS),
        "strategic": f"{chance(14, 12)} = 0",
    }
    return {name: blanked(sql, BLANK.get(name, 0), seed + 100 + number) for number, (name, sql) in enumerate(made.items())}


def blanked(sql: str, percent: int, seed: int) -> str:
    return f"CASE WHEN hash(i, {seed}) % 100 >= {percent} THEN {sql} END" if percent else sql


def client_id(number: str) -> str:
    return f"printf('C%09d', {number})"


def shuffled(clients: int) -> str:
    """A relation of the numbers from 0, each once, far from any order: a multiplication by a number without a common divisor."""
    factor = int(clients * 0.6180339887) | 1
    while math.gcd(factor, clients) != 1:
        factor += 2
    return f"(SELECT (n * {factor}) % {clients} AS i FROM range({clients}) AS t(n))"


def clients_sql(clients: int, seed: int = SEED) -> str:
    """The SELECT of all clients."""
    listed = ",\n       ".join(f"{sql} AS {name}" for name, sql in columns(seed).items())
    return f"SELECT {listed}\nFROM {shuffled(clients)}"


def orders_sql(clients: int, seed: int = SEED) -> str:
    """The SELECT of ten orders a client, those of one client far from each other."""

    def chance(stream: int, values: int) -> str:
        return f"(hash(i, {seed + 200 + stream}) % {values})"

    made = {
        "client_id": client_id(f"i % {clients}"),
        "ordered_on": f"DATE '2024-01-01' + {chance(1, 1_050)}::INTEGER",
        "quantity": f"{chance(2, 30)}::INTEGER - 3",
        "unit_price": blanked(f"({chance(3, 50_000)} / 100.0)::DECIMAL(12, 2)", 1, seed + 300),
        "kind": f"{list(KINDS)}[{chance(4, len(KINDS))}::INTEGER + 1]",
    }
    listed = ",\n       ".join(f"{sql} AS {name}" for name, sql in made.items())
    return f"SELECT {listed}\nFROM {shuffled(clients * ROWS_PER_CLIENT)}"


def write(select: str, path: Path) -> None:
    """The rows as Parquet or CSV, in bounded memory."""
    form = "FORMAT csv, HEADER" if path.suffix == ".csv" else "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"COPY ({select}) TO '{str(path).replace(chr(39), chr(39) * 2)}' ({form})")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.made_clients", description="Made clients, and their orders.")
    parser.add_argument("--clients", type=int, required=True, help="how many")
    parser.add_argument("--out", type=Path, required=True, help="the clients' file: .parquet or .csv")
    parser.add_argument("--child", type=Path, help=f"also write {ROWS_PER_CLIENT} orders a client into this file")
    parser.add_argument("--seed", type=int, default=SEED, help=f"another seed gives other clients (default: {SEED})")
    given = parser.parse_args()
    write(clients_sql(given.clients, given.seed), given.out)
    if given.child is not None:
        write(orders_sql(given.clients, given.seed), given.child)


if __name__ == "__main__":
    main()
