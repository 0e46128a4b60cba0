"""Makes the data of this example: seed in, two CSV files out, the same on every machine.

A made-up Polish maker of packaging: 240 companies that it sells to or wants to, and what those that were asked said of it. A few bring
most of the profit, many bring little, and some take more time than they bring. Ten are written by hand, so that the README can name them.
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

KINDS = (
    "Piekarnia,Mleczarnia,Hurtownia,Browar,Przetwórnia Owoców,Zakład Mięsny,Palarnia Kawy,Ogrodnictwo,Wytwórnia Lodów,Tłocznia Oleju,"
    "Zakład Kosmetyczny,Fabryka Zabawek,Fabryka Świec,Sklep Internetowy,Winnica,Pasieka,Zakład Cukierniczy,Wytwórnia Makaronu"
).split(",")
NAMES = (
    "Jesion Klon Bielik Żubr Makowska Trzmiel Krokus Łąka Świt Źrebak Olszyna Rumianek Gęś Wierzba Sokół Bażant Pszczółka Lawenda Ćwikła "
    "Jarzębina Modrzew Cis Świerk Chabry Łubin Bocian Czapla Wilga Dzwonek Macierzanka Tarnina Głóg Kalina Szyszka Polana Żwirek Stok"
).split()
CRITERIA = ["cena", "terminowość", "doradztwo", "jakość", "nowe pomysły", "elastyczność"]

# For each sort: how many of a hundred, revenue of a year, gross profit and cost to serve in percent of it, and how we are rated (1 to 5).
SORTS: list[tuple[int, tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]] = [
    (8, (400_000, 2_400_000), (24, 32), (6, 12), (30, 48)),
    (34, (30_000, 130_000), (24, 34), (5, 11), (26, 48)),
    (46, (5_000, 45_000), (24, 36), (5, 11), (20, 48)),
    (12, (15_000, 100_000), (16, 26), (14, 34), (16, 40)),
]
HOURLY_COST = 120

CLIENT_COLUMNS = (
    "client_id,name,revenue,cost_of_goods,cost_to_serve,service_hours,client_since,strategic,referrals,values_fit,prospect,win_probability,"
    "potential_profit,growth_room,payment_delay,orders_ever,trust,joint_work"
).split(",")
Row = dict[str, str]


def hundredths(value: int) -> str:
    """A mark from 0 to 1 as a Polish spreadsheet writes it."""
    return f"{value // 100},{value % 100:02d}"


def drawn(rng: random.Random, number: str) -> tuple[Row, list[Row]]:
    """A client, or a prospect in one of thirteen cases, and what it said of us if it was asked."""
    _, revenues, gross, serving, rated = rng.choices(SORTS, weights=[sort[0] for sort in SORTS])[0]
    size = round(rng.triangular(*revenues))
    prospect = rng.randint(1, 13) == 1
    revenue = 0 if prospect else size
    cost = rng.randint(10, 40) * HOURLY_COST if prospect else size * rng.randint(*serving) // 100
    profit = size * (rng.randint(*gross) - rng.randint(*serving)) // 100
    growth = rng.choice([0, 0, 10, 10, 10, 20, 20, 30, 50])
    months = rng.randint(1, 120)
    orders = 0 if prospect else rng.choices([1, rng.randint(2, 60)], weights=[1, 9])[0]
    trust = round(rng.triangular(20, 100, rated[1] * 2 - 20))
    row = {
        "client_id": number,
        "name": f"{rng.choice(KINDS)} {rng.choice(NAMES)}",
        "revenue": str(revenue),
        "cost_of_goods": str(revenue * (100 - rng.randint(*gross)) // 100),
        "cost_to_serve": str(cost),
        "service_hours": str(round(cost * rng.triangular(0.6, 1.1, 0.9) / HOURLY_COST)),
        "client_since": "" if prospect else str(AS_OF - datetime.timedelta(days=30 * months + rng.randint(0, 29))),
        "strategic": rng.choices(["tak", "nie", ""], weights=[3, 70, 27])[0],
        "referrals": rng.choices(["", "0", "1", "2"], weights=[50, 35, 12, 3])[0],
        "values_fit": blank(rng, 1, hundredths(round(rng.triangular(20, 100, 70)))),
        "prospect": "tak" if prospect else "",
        "win_probability": hundredths(rng.choice([10, 20, 30, 50, 70, 80, 90])) if prospect else "",
        "potential_profit": blank(rng, 1, str(max(0, profit) * (100 + growth) // 100)),
        "growth_room": blank(rng, 1, hundredths(growth)),
        "payment_delay": "0" if prospect else blank(rng, 1, str(max(0, round(rng.triangular(-15, 60, 3))))),
        "orders_ever": str(orders),
        "trust": blank(rng, 2, hundredths(trust)),
        "joint_work": str(0 if prospect else rng.choices([0, 1, 2, 3, 5], weights=[60, 20, 10, 6, 4])[0]),
    }
    asked = prospect or rng.randint(1, 100) <= 92
    return row, [answer(rng, number, criterion, rated) for criterion in rng.sample(CRITERIA, rng.randint(2, 4))] if asked else []


def answer(rng: random.Random, number: str, criterion: str, rated: tuple[int, int]) -> Row:
    """What a client said of one thing that matters to it: how much it does, and our mark, to half a point."""
    mark = max(10, min(50, 5 * round(rng.triangular(rated[0] - 6, rated[1] + 8) / 5)))
    return {"client_id": number, "criterion": criterion, "weight": str(rng.randint(1, 10)), "mark": f"{mark // 10},{mark % 10}"}


def blank(rng: random.Random, percent: int, text: str) -> str:
    """The text, or nothing in so many of a hundred cells: people forget to fill in."""
    return "" if rng.randint(1, 100) <= percent else text


def written_by_hand() -> tuple[list[Row], list[Row]]:
    """Clients that texts and tests name."""
    usual = {
        "revenue": "50000",
        "cost_of_goods": "37000",
        "cost_to_serve": "4000",
        "service_hours": "30",
        "client_since": "2018-04-01",
        "strategic": "nie",
        "referrals": "0",
        "values_fit": "0,60",
        "prospect": "",
        "win_probability": "",
        "potential_profit": "10000",
        "growth_room": "0,10",
        "payment_delay": "5",
        "orders_ever": "40",
        "trust": "0,50",
        "joint_work": "0",
    }
    large = {"revenue": "900000", "cost_of_goods": "630000", "cost_to_serve": "60000", "service_hours": "450", "potential_profit": "260000"}
    new = {
        "revenue": "0",
        "cost_of_goods": "0",
        "cost_to_serve": "2400",
        "service_hours": "20",
        "client_since": "",
        "prospect": "tak",
        "orders_ever": "0",
    }
    hand: list[tuple[str, dict[str, str], int | None]] = [
        ("Mleczarnia Bielik", {**large, "growth_room": "0,50", "trust": "0,90", "joint_work": "4", "values_fit": "0,85"}, 45),
        ("Browar Żubr", {**large, "growth_room": "0,50", "values_fit": "0,80"}, 25),
        ("Hurtownia Stok", {**large, "growth_room": "0,00", "values_fit": "0,30", "payment_delay": "55"}, 45),
        ("Fabryka Zabawek Klon", {**large, "growth_room": "0,00", "values_fit": "0,30", "payment_delay": "55"}, 20),
        (
            "Palarnia Kawy Jesion",
            {"growth_room": "0,80", "potential_profit": "400000", "values_fit": "0,90", "trust": "0,70", "joint_work": "1"},
            45,
        ),
        (
            "Sklep Internetowy Wilga",
            {**new, "win_probability": "0,80", "potential_profit": "90000", "growth_room": "0,90", "values_fit": "0,80"},
            40,
        ),
        ("Pasieka Lawenda", {"strategic": "tak", "growth_room": "0,60", "values_fit": "0,90", "referrals": "3"}, 45),
        ("Winnica Tarnina", {**large, "orders_ever": "1", "growth_room": "0,40", "values_fit": "0,80"}, 45),
        ("Piekarnia Świt", {"cost_to_serve": "12500", "service_hours": "100"}, 35),
        ("Ogrodnictwo Cis", {**large}, None),
    ]
    rows, answers = [], []
    for count, (name, own, mark) in enumerate(hand, 1):
        number = f"K-{count:03d}"
        rows.append({"client_id": number, "name": name, **usual, **own})
        if mark is not None:
            for criterion, weight in (("jakość", "6"), ("terminowość", "4")):
                answers.append({"client_id": number, "criterion": criterion, "weight": weight, "mark": f"{mark // 10},{mark % 10}"})
    return rows, answers


def write(path: Path, columns: list[str], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the example's data again.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "data")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)
    rows, answers = written_by_hand()
    while len(rows) < CLIENTS:
        row, said = drawn(rng, f"K-{len(rows) + 1:03d}")
        rows.append(row)
        answers += said
    write(folder / "clients.csv", CLIENT_COLUMNS, rows)
    write(folder / "criteria.csv", ["client_id", "criterion", "weight", "mark"], answers)


if __name__ == "__main__":
    main()
