"""Makes the data of this example: seed in, one CSV file out, the same on every machine.

A made-up maker of packaging with five sales representatives, 240 companies. Three keep mixed books, one a book of long-standing clients,
one a book made of new clients only. The large ones get less time than they should, and a few small ones take a great deal. The first eight
clients are written by hand, so that texts and tests can name them.

Only `choice`, `choices`, `randint` and `triangular` are used: they need no rounding of the platform's mathematics library.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import random
from pathlib import Path

SEED = 20261123
AS_OF = datetime.date(2026, 11, 22)
CLIENTS = 240

TRADES = "Mleczarnia,Piekarnia,Browar,Przetwórnia,Cukiernia,Olejarnia,Palarnia Kawy,Wytwórnia Kosmetyków,Manufaktura,Pasieka".split(",")
NAMES = (
    "Agat Ametyst Beryl Cyrkon Diament Fluoryt Kalcyt Koral Kwarc Malachit Nefryt Onyks Opal Rubin Szafir Szmaragd Topaz Turkus Brzask "
    "Chabrowa Dolina Grań Hala Jar Kotlina Łąka Moczar Polana Rozlewisko Ścieżka Urwisko Wąwóz Zatoka"
).split()
REPS = {"Grażyna Sikora": 15, "Hubert Pliszka": 15, "Irena Kos": 15, "Jerzy Słowik": 0, "Karolina Bocian": 100}
"""The representatives, and how many of a hundred of their clients are new."""

COLUMNS = "client_id name rep revenue client_since to_be_won expected_revenue sales_hours".split()

Row = dict[str, str]

BY_HAND: list[Row] = [
    {"name": "Mleczarnia Diament", "revenue": "2400000", "sales_hours": "190"},
    {"name": "Browar Szafir", "revenue": "1600000", "sales_hours": "20"},
    {"name": "Przetwórnia Rubin", "revenue": "1100000", "sales_hours": "420"},
    {
        "name": "Olejarnia Topaz",
        "to_be_won": "tak",
        "expected_revenue": "1500000",
        "client_since": "",
        "revenue": "0",
        "sales_hours": "150",
    },
    {"name": "Piekarnia Opal", "client_since": "2026-03-02", "expected_revenue": "900000", "revenue": "310000", "sales_hours": "15"},
    {"name": "Pasieka Jar", "revenue": "9000", "sales_hours": "64"},
    {"name": "Cukiernia Koral", "revenue": "9000", "sales_hours": "3"},
    {"name": "Manufaktura Grań", "to_be_won": "tak", "client_since": "", "revenue": "0", "sales_hours": "12"},
]


def by_hand(number: int, given: Row) -> Row:
    """A client with what is written above, and otherwise like any other."""
    usual = {"rep": "Grażyna Sikora", "client_since": "2017-09-01", "to_be_won": "nie", "expected_revenue": ""}
    return {"client_id": f"P-{number:04d}", **usual, **given}


def drawn(rng: random.Random, number: int) -> Row:
    """A client, drawn: few large ones, many small ones."""
    rep = rng.choice(list(REPS))
    size = rng.choices([(400_000, 1_500_000), (60_000, 300_000), (3_000, 60_000)], weights=[6, 24, 70])[0]
    yearly = round(rng.triangular(*size, size[0]))
    hours = f"{rng.triangular(0, 10 + yearly / 8_000, 2 + yearly / 20_000):.1f}"
    if size[1] == 60_000 and rng.randint(1, 100) <= 6:
        hours = str(rng.randint(30, 90))  # a small client who takes a great deal
    row = {"client_id": f"P-{number:04d}", "name": f"{rng.choice(TRADES)} {rng.choice(NAMES)}", "rep": rep, "to_be_won": "nie"}
    row["sales_hours"] = blank(rng, 2, hours)
    if rng.randint(1, 100) > REPS[rep]:
        return row | {"revenue": str(yearly), "client_since": day(rng, 380, 4_000), "expected_revenue": ""}
    expected = blank(rng, 4, str(yearly))
    if rng.choice([True, False]):
        return row | {"revenue": "0", "client_since": "", "to_be_won": "tak", "expected_revenue": expected}
    age = rng.randint(30, 360)
    since = (AS_OF - datetime.timedelta(days=age)).isoformat()
    return row | {"revenue": str(yearly * age // 400), "client_since": since, "expected_revenue": expected}


def blank(rng: random.Random, percent: int, text: str) -> str:
    """The text, or nothing in so many of a hundred cells: people forget to fill in."""
    return "" if rng.randint(1, 100) <= percent else text


def day(rng: random.Random, least: int, most: int) -> str:
    """A day so many days ago."""
    return (AS_OF - datetime.timedelta(days=rng.randint(least, most))).isoformat()


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the example's data again.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "data")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)
    found = [by_hand(number, given) for number, given in enumerate(BY_HAND, 1)]
    found += [drawn(rng, number) for number in range(len(found) + 1, CLIENTS + 1)]
    with (folder / "clients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


if __name__ == "__main__":
    main()
