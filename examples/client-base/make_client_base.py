"""Makes the data of this example: seed in, one CSV file out, the same on every machine.

A made-up wholesaler of building materials with six sales representatives: 220 clients and 40 prospects. One representative has stopped
looking for new clients. Some records are old, some have blanks, as people leave them. The first ten clients are written by hand, so that
texts and tests can name them.

Only `choice`, `choices`, `randint` and `triangular` are used: they need no rounding of the platform's mathematics library.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import random
from pathlib import Path

SEED = 20261122
AS_OF = datetime.date(2026, 11, 22)
CLIENTS = 220
PROSPECTS = 40

KINDS = "Firma Budowlana,Skład Drewna,Zakład Dekarski,Pracownia Wnętrz,Usługi Remontowe,Deweloper,Betoniarnia,Stolarnia".split(",")
NAMES = (
    "Bielik Czapla Jaskółka Żubr Wydra Kuna Lin Sandacz Jesion Modrzew Cis Olcha Tarnina Szałwia Macierzanka Piołun Granit Bazalt Marmur "
    "Piaskowiec Krzemień Rudawa Soła Skawa Raba Wieprz Noteć Barycz Kwisa Bóbr Świder Łyna"
).split()
REPS = ["Anna Wrona", "Bartosz Gil", "Celina Dudek", "Dawid Szpak", "Elżbieta Czyż", "Filip Drozd"]
ROUTINE = "Filip Drozd"
"""The representative who has stopped looking for new clients."""

NEEDS = [
    "dostawy z rozładunkiem na budowie w nocy",
    "prefabrykaty na wymiar",
    "magazyn depozytowy u klienta",
    "wynajem rusztowań",
    "dostawy poza granice kraju",
    "doradztwo konstruktora",
]

COLUMNS = (
    "client_id name rep prospect revenue cost_of_goods cost_to_serve order_count last_order_on client_since acquired_on acquisition_cost "
    "need_fit unmet_need checked_on"
).split()

Row = dict[str, str]

BY_HAND: list[Row] = [
    {"name": "Deweloper Bielik", "revenue": "1900000", "cost_of_goods": "1100000", "cost_to_serve": "60000", "order_count": "48"},
    {"name": "Deweloper Żubr", "revenue": "1500000", "cost_of_goods": "1050000", "cost_to_serve": "90000", "order_count": "1"},
    {"name": "Stolarnia Cis", "revenue": "64000", "cost_of_goods": "35000", "cost_to_serve": "3000", "order_count": "24"},
    {"name": "Betoniarnia Granit", "prospect": "tak", "need_fit": "0.9"},
    {"name": "Usługi Remontowe Kuna", "prospect": "tak", "need_fit": "0.2", "unmet_need": "wynajem rusztowań"},
    {"name": "Pracownia Wnętrz Szałwia", "prospect": "tak", "need_fit": "0.3"},
    {"name": "Zakład Dekarski Raba", "order_count": "3", "need_fit": "", "unmet_need": "doradztwo konstruktora"},
    {"name": "Skład Drewna Olcha", "checked_on": "2025-11-21"},
    {
        "name": "Firma Budowlana Lin",
        "revenue": "30000",
        "cost_of_goods": "26000",
        "cost_to_serve": "2500",
        "client_since": "2025-05-10",
        "acquired_on": "2025-05-10",
        "acquisition_cost": "9000",
    },
    {
        "name": "Firma Budowlana Skawa",
        "revenue": "0",
        "cost_of_goods": "0",
        "cost_to_serve": "0",
        "order_count": "0",
        "last_order_on": "2025-06-30",
    },
]


def by_hand(number: int, given: Row) -> Row:
    """A client with what is written above, and otherwise like any other."""
    usual = {
        "rep": REPS[0],
        "prospect": "nie",
        "revenue": "40000",
        "cost_of_goods": "24000",
        "cost_to_serve": "4000",
        "order_count": "10",
        "last_order_on": "2026-10-30",
        "client_since": "2018-04-01",
        "acquired_on": "2018-04-01",
        "acquisition_cost": "3000",
        "need_fit": "0.8",
        "unmet_need": "",
        "checked_on": "2026-09-15",
    }
    if given.get("prospect") == "tak":
        usual |= never_bought()
    return {"client_id": f"B-{number:04d}", **usual, **given}


def never_bought() -> Row:
    """What the columns of a prospect say of business: there was none."""
    none = dict.fromkeys(["revenue", "cost_of_goods", "cost_to_serve", "order_count"], "0")
    return none | dict.fromkeys(["last_order_on", "client_since", "acquired_on", "acquisition_cost"], "")


def drawn(rng: random.Random, number: int, *, prospect: bool) -> Row:
    """A client or a prospect, drawn."""
    fit = rng.triangular(0.1, 1, 0.6) if prospect else rng.triangular(0.25, 1, 0.85)
    row = {
        "client_id": f"B-{number:04d}",
        "name": f"{rng.choice(KINDS)} {rng.choice(NAMES)}",
        "rep": blank(rng, 1, rng.choice(REPS)),
        "prospect": "tak" if prospect else rng.choice(["nie", ""]),
        "need_fit": blank(rng, 4 if prospect else 2, f"{fit:.2f}"),
        "unmet_need": blank(rng, 20, rng.choice(NEEDS)) if fit < 0.5 else "",
        "checked_on": blank(rng, 1, day(rng, 20, 330 if rng.randint(1, 100) <= 92 else 700)),
    }
    return row | (never_bought() if prospect else business(rng, row["rep"]))


def business(rng: random.Random, rep: str) -> Row:
    """A year of business: few large clients, many small ones; some came lately, but none of them to the representative of routine."""
    size = rng.choices([(300_000, 1_400_000), (40_000, 250_000), (2_000, 40_000)], weights=[6, 30, 64])[0]
    revenue = round(rng.triangular(*size, size[0]))
    goods = round(revenue * rng.triangular(0.5, 0.85, 0.65))
    serving = round(revenue * rng.triangular(0.02, 0.25, 0.08))
    lately = rep != ROUTINE and rng.randint(1, 100) <= 24
    age = rng.randint(20, 350) if lately else rng.randint(400, 3_600)
    won = AS_OF - datetime.timedelta(days=age)
    since = won.isoformat()
    orders = max(1, round(rng.triangular(0, 30, 4)))
    if rng.randint(1, 100) <= 4 and not lately:
        revenue = goods = serving = orders = 0
    last = day(rng, 370, 700) if orders == 0 else day(rng, 1, min(age, 300))
    cost = rng.randint(1, 30) * 100 + revenue // 50
    return {
        "revenue": str(revenue),
        "cost_of_goods": str(goods),
        "cost_to_serve": str(serving),
        "order_count": str(orders),
        "last_order_on": last,
        "client_since": since,
        "acquired_on": since,
        "acquisition_cost": blank(rng, 60, str(cost)) if age > 1_200 else str(cost),
    }


def blank(rng: random.Random, percent: int, text: str) -> str:
    """The text, or nothing in so many of a hundred cells: people forget to fill in."""
    return "" if rng.randint(1, 100) <= percent else text


def day(rng: random.Random, least: int, most: int) -> str:
    """A day so many days ago."""
    return (AS_OF - datetime.timedelta(days=rng.randint(least, most))).isoformat()


def rows(rng: random.Random) -> list[Row]:
    found = [by_hand(number, given) for number, given in enumerate(BY_HAND, 1)]
    clients = sum(row["prospect"] != "tak" for row in found)
    found += [drawn(rng, len(found) + n, prospect=False) for n in range(1, CLIENTS - clients + 1)]
    prospects = sum(row["prospect"] == "tak" for row in found)
    found += [drawn(rng, len(found) + n, prospect=True) for n in range(1, PROSPECTS - prospects + 1)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the example's data again.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "data")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "clients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(random.Random(SEED)))


if __name__ == "__main__":
    main()
