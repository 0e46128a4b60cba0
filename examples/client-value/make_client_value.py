"""Makes the data of this example: seed in, one CSV file out, the same on every machine.

A made-up Polish printing house: 250 companies, their orders and proofs, what serving them takes, and what they are worth beside money.
Few bring most of the revenue; others take most of the hours and cause most of the problems. Nine are written by hand, so that the README
can name them.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import random
from dataclasses import dataclass
from pathlib import Path

SEED = 20261124
AS_OF = datetime.date(2026, 11, 22)
CLIENTS = 250
HOURLY_COST = 130

KINDS = (
    "Wydawnictwo,Teatr,Muzeum,Galeria,Księgarnia,Drogeria,Biuro Rachunkowe,Kancelaria,Fundacja,Szkoła Muzyczna,Hotel,Restauracja,Deweloper,"
    "Klub Sportowy,Wytwórnia Perfum,Salon Meblowy,Dom Kultury,Agencja Eventowa"
).split(",")
NAMES = (
    "Akwarela Bałtyk Ceglana Delta Echo Forteca Grafit Horyzont Inicjał Jaskółka Kropka Latarnia Mozaika Nokturn Orla Parafraza Ratuszowa "
    "Sępia Trójkąt Ulotna Wieża Zefir Ósemka Śródmieście Żagiel Pergamin Kałamarz Winieta Łamana Sygnatura Strofa Fikcja Rubin Szafir"
).split()


@dataclass(frozen=True)
class Sort:
    """How clients of one sort are: so many of a hundred, yearly revenue, goods and service in percent of it, trouble 0 to 10."""

    share: int
    revenue: tuple[int, int]
    goods: tuple[int, int]
    service: tuple[int, int]
    trouble: int


SORTS = [
    Sort(8, (250_000, 1_500_000), (45, 60), (2, 6), 2),
    Sort(30, (25_000, 90_000), (45, 60), (5, 14), 1),
    Sort(42, (3_000, 20_000), (42, 58), (8, 22), 1),
    Sort(20, (8_000, 70_000), (28, 50), (25, 68), 8),
]
COLUMNS = (
    "client_id,name,client_since,revenue,cost_of_goods,cost_to_serve,service_hours,tickets,visits,returned_orders,revisions,conflicts,"
    "morale_impact,claims,reputation_harm,strategic,pioneer,ideas,referrals,public_reference,lessons,new_skills,new_terms_on"
).split(",")
Row = dict[str, str]


def drawn(rng: random.Random, number: str) -> Row:
    """A client of one of the sorts."""
    sort = rng.choices(SORTS, weights=[sort.share for sort in SORTS])[0]
    revenue = round(rng.triangular(*sort.revenue))
    cost = revenue * rng.randint(*sort.service) // 100
    hours = round(cost * rng.triangular(0.7, 1.0) / HOURLY_COST)
    trouble = sort.trouble
    since = AS_OF - datetime.timedelta(days=rng.randint(20, 3600))
    terms = AS_OF - datetime.timedelta(days=rng.randint(10, 600))
    return {
        "client_id": number,
        "name": f"{rng.choice(KINDS)} {rng.choice(NAMES)}",
        "client_since": str(since),
        "revenue": str(revenue),
        "cost_of_goods": str(revenue * rng.randint(*sort.goods) // 100),
        "cost_to_serve": blank(rng, 1, str(cost)),
        "service_hours": str(hours),
        "tickets": str(hours // 8 + rng.randint(0, 2 + 2 * trouble)),
        "visits": str(rng.randint(0, 4)),
        "returned_orders": str(rng.choices([0, 1, 2 + trouble // 3], weights=[80 - 3 * trouble, 15 + trouble, 5 + 2 * trouble])[0]),
        "revisions": str(hours // 15 + rng.randint(0, 1 + 2 * trouble)),
        "conflicts": str(max(0, round(rng.triangular(-3, 1 + trouble * 0.6, -1)))),
        "morale_impact": blank(rng, 2, hundredths(round(rng.triangular(0, 35 + trouble * 6, 10)))),
        "claims": str(max(0, round(rng.triangular(-3, 1 + trouble * 0.4, -1)))),
        "reputation_harm": "tak" if rng.randint(1, 100) <= 1 else "",
        "strategic": rng.choices(["tak", ""], weights=[4, 96])[0],
        "pioneer": blank(rng, 2, rng.choices(["tak", "nie"], weights=[12, 88])[0]),
        "ideas": str(rng.choices([0, 1, 2, 4], weights=[75, 15, 7, 3])[0]),
        "referrals": rng.choices(["", "0", "1", "2", "3"], weights=[40, 42, 12, 4, 2])[0],
        "public_reference": blank(rng, 2, rng.choices(["tak", "nie"], weights=[18, 82])[0]),
        "lessons": blank(rng, 2, str(rng.choices([0, 1, 2], weights=[78, 16, 6])[0])),
        "new_skills": rng.choices(["tak", "nie"], weights=[10, 90])[0],
        "new_terms_on": str(max(since, terms)) if rng.randint(1, 100) <= 10 + 5 * trouble else "",
    }


def hundredths(value: int) -> str:
    """A mark from 0 to 1 as a Polish spreadsheet writes it."""
    return f"{value // 100},{value % 100:02d}"


def blank(rng: random.Random, percent: int, text: str) -> str:
    """The text, or nothing in so many of a hundred cells: people forget to fill in."""
    return "" if rng.randint(1, 100) <= percent else text


def written_by_hand() -> list[Row]:
    """Clients that texts and tests name."""
    usual = {
        "client_since": "2019-05-06",
        "revenue": "40000",
        "cost_of_goods": "20000",
        "cost_to_serve": "5200",
        "service_hours": "38",
        "tickets": "6",
        "visits": "1",
        "returned_orders": "0",
        "revisions": "3",
        "conflicts": "0",
        "morale_impact": "0,10",
        "claims": "0",
        "reputation_harm": "",
        "strategic": "",
        "pioneer": "nie",
        "ideas": "0",
        "referrals": "0",
        "public_reference": "nie",
        "lessons": "0",
        "new_skills": "nie",
        "new_terms_on": "",
    }
    heavy = {
        "revenue": "30000",
        "cost_to_serve": "26000",
        "service_hours": "200",
        "tickets": "40",
        "revisions": "40",
        "conflicts": "5",
        "claims": "3",
    }
    heavy |= {"morale_impact": "0,80", "new_terms_on": "2026-03-02"}
    hand: list[tuple[str, dict[str, str]]] = [
        ("Teatr Latarnia", {"lessons": "2", "new_skills": "tak", "pioneer": "tak"}),
        ("Salon Meblowy Trójkąt", heavy),
        ("Muzeum Wieża", {**heavy, "referrals": "2", "public_reference": "tak"}),
        ("Deweloper Horyzont", {**heavy, "new_terms_on": "2026-10-05"}),
        (
            "Kancelaria Grafit",
            {"revenue": "400000", "cost_of_goods": "210000", "cost_to_serve": "24000", "conflicts": "6", "morale_impact": "0,75"},
        ),
        (
            "Drogeria Zefir",
            {
                "revenue": "6000",
                "cost_of_goods": "2900",
                "cost_to_serve": "2600",
                "service_hours": "150",
                "tickets": "35",
                "revisions": "20",
            },
        ),
        (
            "Wydawnictwo Kałamarz",
            {
                "revenue": "700000",
                "cost_of_goods": "330000",
                "cost_to_serve": "9000",
                "service_hours": "4",
                "tickets": "0",
                "revisions": "0",
            },
        ),
        ("Restauracja Ósemka", {**heavy, "lessons": ""}),
        ("Hotel Żagiel", {**heavy, "client_since": "2026-08-03", "new_terms_on": ""}),
    ]
    return [{"client_id": f"V-{count:03d}", "name": name, **usual, **own} for count, (name, own) in enumerate(hand, 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the example's data again.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "data")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)
    rows = written_by_hand()
    while len(rows) < CLIENTS:
        rows.append(drawn(rng, f"V-{len(rows) + 1:03d}"))
    with (folder / "clients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
