"""Makes the data of this example: seed in, the clients at five reviews out, a CSV file each, the same on every machine.

A wholesaler of packaging and workshop supplies in Poland: about 300 companies, looked at on the last day of five quarters. Most are fine. Some
cost more than they bring, some think otherwise, some quarrel; of those, most become good clients between one review and the next, and a few
do not. Twelve clients are written by hand, so that the README and the tests can name them.

Only `choice`, `choices`, `randint` and `triangular` are used: they need no rounding of the platform's mathematics library.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import random
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

SEED = 20260930
REVIEWS = [datetime.date(*day) for day in ((2025, 9, 30), (2025, 12, 31), (2026, 3, 31), (2026, 6, 30), (2026, 9, 30))]
CLIENTS = 300
COST_PER_HOUR = 110

KINDS = (
    "Hurtownia|Zakład Meblarski|Fabryka Okien|Drukarnia|Piekarnia|Cukiernia|Mleczarnia|Browar|Tartak|Odlewnia|Warsztat|Szwalnia|Palarnia Kawy|"
    "Wytwórnia Opakowań|Zakład Mięsny|Sklep Ogrodniczy|Dom Handlowy|Delikatesy|Ciepłownia|Stolarnia|Garbarnia|Młyn|Rozlewnia|Sortownia"
).split("|")
NAMES = (
    "Brzoza Perła Żuraw Łabędź Jantar Kormoran Jodła Sosna Kasztan Wrzos Śnieżka Giewont Bursztyn Sowa Dąbrowa Zorza Kuźnica Źródło Malwa "
    "Wodnik Iskra Lipowa Dzięcioł Borsuk Konwalia Piast Wisła Narew Odra Pilica Tęcza Ważka Sarna Ryś Łoś Mewa Chaber Jemioła Świt Granit"
).split()
FORMS = ["sp. z o.o.", "sp. z o.o.", "sp.j.", "s.c.", "S.A.", ""]
NEEDS = ["advice", "made_to_measure", "reliability", "low_cost"]
RHYTHM = {"advice": 40, "made_to_measure": 40, "reliability": 85, "low_cost": 170, "": 90}
NOTES = [
    "zamówienia poza umową ramową",
    "praca naszych ludzi w niedziele",
    "zmiany ustaleń po dostawie",
    "odbiór towaru bez protokołu",
]


@dataclass(frozen=True)
class Row:
    """A client at one review: a line of the file. The names are those of the policy."""

    client_id: str
    name: str
    period_end: str
    revenue: str
    cost_of_goods: str
    cost_to_serve: str
    service_hours: str
    order_count: str
    last_order_on: str
    client_since: str
    values_fit: str
    values_note: str
    conflicts: str
    morale_impact: str
    strategic: str
    referrals: str
    lessons: str
    need: str
    last_contact_on: str
    waiver: str
    waived_by: str


@dataclass
class Client:
    """What a client is like, from review to review."""

    number: str
    name: str
    since: datetime.date
    revenue: int
    goods: Decimal
    """Cost of goods, as a part of the revenue."""
    serving: list[Decimal]
    """Cost to serve at each review, as a part of the gross profit."""
    values: list[str]
    conflicts: list[int]
    morale: list[str]
    need: str
    orders: str
    days_silent: int
    note: str = ""
    strategic: str = "nie"
    referrals: str = ""
    lessons: str = ""
    waiver: str = ""
    waived_by: str = ""
    last_contact: list[str] = field(default_factory=list)
    swing: list[int] = field(default_factory=list)
    """Revenue at each review, in percent of the usual."""


def polish(value: Decimal | int | str, places: int = 2) -> str:
    """The number as a Polish spreadsheet writes it: with a decimal comma."""
    return str(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)).replace(".", ",")


def part(rng: random.Random, low: float, high: float, most: float) -> Decimal:
    """A part, in whole hundredths."""
    return Decimal(round(rng.triangular(low, high, most) * 100)) / 100


def trouble(rng: random.Random, one_in_a_hundred: int) -> list[bool]:
    """At which reviews a client is in this trouble: for some from a review on, until they are helped out of it; for a few to the end."""
    if rng.randint(1, 100) > one_in_a_hundred:
        return [False] * len(REVIEWS)
    begins = rng.choice([0, 0, 0, 1, 2, 3, 4])
    stubborn = rng.randint(1, 100) <= 16
    ends = len(REVIEWS) if stubborn else begins + rng.choice([1, 1, 2, 2, 3, 4])
    return [begins <= at < ends for at in range(len(REVIEWS))]


def drawn(rng: random.Random, number: str, taken: set[str]) -> Client:
    """A client like many, with a name that nobody has yet."""
    costly, otherwise, loud = trouble(rng, 15), trouble(rng, 4), trouble(rng, 6)
    usual = part(rng, 0.2, 0.95, 0.45)
    fit = part(rng, 0.4, 1, 0.75)
    revenue = rng.choice([rng.randint(8_000, 40_000), rng.randint(20_000, 120_000), rng.randint(60_000, 300_000)])
    if any(costly) or any(loud) or any(otherwise):
        revenue = rng.randint(6_000, 60_000)
    need = rng.choice(NEEDS)
    while (name := f"{rng.choice(KINDS)} {rng.choice(NAMES)}") in taken:
        pass
    taken.add(name)
    client = Client(
        number=number,
        name=f"{name} {rng.choice(FORMS)}".strip(),
        since=REVIEWS[-1] - datetime.timedelta(days=int(rng.triangular(40, 4000, 900))),
        revenue=revenue,
        goods=part(rng, 0.45, 0.75, 0.6),
        serving=[part(rng, 1.05, 2.6, 1.7) if bad else usual for bad in costly],
        values=[polish(part(rng, 0.1, 0.34, 0.25) if bad else fit) for bad in otherwise],
        conflicts=[rng.randint(4, 8) if bad else max(0, rng.randint(-4, 3)) for bad in loud],
        morale=[],
        need=need,
        orders=str(max(1, int(rng.triangular(1, 30, 7)))),
        days_silent=rng.randint(3, 80),
        note=rng.choice(NOTES) if any(otherwise) else "",
        strategic=rng.choices(["tak", "nie", ""], weights=[4, 86, 10])[0],
        referrals=rng.choices(["", "0", "1", "2", "3"], weights=[40, 40, 13, 5, 2])[0],
        lessons=rng.choices(["", "0", "1", "2"], weights=[60, 28, 9, 3])[0],
    )
    # The team is asked where there was a conflict.
    client.morale = [polish(part(rng, 0.6, 0.95, 0.7) if n >= 4 else part(rng, 0, 0.5, 0.2)) if n else "" for n in client.conflicts]
    for review in REVIEWS:
        late = rng.randint(1, 100) <= 18
        days = RHYTHM[need] + rng.randint(30, 150) if late else rng.randint(1, RHYTHM[need] * 7 // 10)
        client.last_contact.append((review - datetime.timedelta(days=days)).isoformat())
        client.swing.append(rng.randint(94, 106))
    forget(rng, client)
    return client


def kind_and_name(name: str) -> str:
    """Without the form of the company."""
    return next(f"{kind} {short}" for kind in KINDS for short in NAMES if name.startswith(f"{kind} {short}"))


def forget(rng: random.Random, client: Client) -> None:
    """People forget to fill in, at the last review as well."""
    match rng.randint(1, 100):
        case 1:
            client.values = [""] * len(REVIEWS)
        case 2:
            client.need = ""
        case 3:
            client.orders = ""
        case 4 | 5:
            client.last_contact = [""] * len(REVIEWS)


def by_hand(
    number: int, name: str, *, serving: str = "0,45 " * 5, values: str = "0,80 " * 5, conflicts: str = "0 " * 5, **other: str
) -> Client:
    """A client of 40,000 a year with a gross profit of 16,000, of which serving takes the part that `serving` says, review by review."""
    numbers = [int(n) for n in conflicts.split()]
    return Client(
        number=f"S-{number:04d}",
        name=name,
        since=datetime.date.fromisoformat(other.get("since", "2019-03-01")),
        revenue=40_000,
        goods=Decimal("0.6"),
        serving=[Decimal(s.replace(",", ".")) for s in serving.split()],
        values=["" if v == "-" else v for v in values.split()],
        conflicts=numbers,
        morale=["0,80" if n >= 4 else "" for n in numbers],
        need=other.get("need", "reliability"),
        orders="12",
        days_silent=9,
        note=other.get("note", ""),
        strategic=other.get("strategic", "nie"),
        waiver=other.get("waiver", ""),
        waived_by=other.get("waived_by", ""),
        last_contact=["" if other.get("contact") == "-" else (day - datetime.timedelta(days=20)).isoformat() for day in REVIEWS],
        swing=[100] * len(REVIEWS),
    )


def written_by_hand() -> list[Client]:
    """Clients that texts and tests name."""
    loss = "1,80 1,80 1,90 1,90 2,00"
    apart = "0,30 0,30 0,30 0,30 0,30"
    quarrel = "4 4 5 5 6"
    return [
        by_hand(1, "Palarnia Kawy Zorza sp. z o.o.", serving="0,10 " * 5, values="1,00 " * 5),
        by_hand(2, "Hurtownia Łabędź sp.j.", serving=loss),
        by_hand(3, "Fabryka Okien Borsuk S.A.", serving=loss, strategic="tak"),
        by_hand(4, "Piekarnia Malwa s.c.", serving="1,30 1,30 1,20 0,80 0,70"),
        by_hand(5, "Drukarnia Piast sp. z o.o.", values=apart, note=NOTES[2]),
        by_hand(6, "Stolarnia Iskra", values=apart),
        by_hand(7, "Dom Handlowy Odra S.A.", conflicts=quarrel),
        by_hand(
            8,
            "Sortownia Granit sp. z o.o.",
            conflicts="0 0 0 0 5",
            waiver="groźby wobec kierowcy, zgłoszone na policję",
            waived_by="Ewa Zielińska, dyrektor sprzedaży",
        ),
        by_hand(9, "Browar Jemioła sp. z o.o.", serving=loss, since="2026-05-18"),
        by_hand(10, "Tartak Narew sp.j.", serving="1,10 1,10 1,20 1,20 1,20"),
        by_hand(11, "Mleczarnia Chaber", values="- - - - -"),
        by_hand(12, "Ciepłownia Świt S.A.", contact="-"),
    ]


def line(client: Client, at: int) -> Row:
    """The client at one review."""
    revenue = Decimal(client.revenue * client.swing[at]) / 100
    goods = revenue * client.goods
    serving = (revenue - goods) * client.serving[at]
    day = REVIEWS[at]
    low = client.values[at] not in ("", "1,00") and Decimal(client.values[at].replace(",", ".")) < Decimal("0.35")
    last = at == len(REVIEWS) - 1
    return Row(
        client_id=client.number,
        name=client.name,
        period_end=day.isoformat(),
        revenue=polish(revenue),
        cost_of_goods=polish(goods),
        cost_to_serve=polish(serving),
        service_hours=polish(serving / COST_PER_HOUR, 1),
        order_count=client.orders,
        last_order_on=(day - datetime.timedelta(days=client.days_silent)).isoformat(),
        client_since=client.since.isoformat(),
        values_fit=client.values[at],
        values_note=client.note if low else "",
        conflicts=str(client.conflicts[at]),
        morale_impact=client.morale[at],
        strategic=client.strategic,
        referrals=client.referrals,
        lessons=client.lessons,
        need=client.need,
        last_contact_on=client.last_contact[at],
        waiver=client.waiver if last else "",
        waived_by=client.waived_by if last else "",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the example's data again.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "data")
    folder: Path = parser.parse_args().folder
    rng = random.Random(SEED)
    clients = written_by_hand()
    taken = {kind_and_name(client.name) for client in clients}
    while len(clients) < CLIENTS:
        clients.append(drawn(rng, f"S-{len(clients) + 1:04d}", taken))
    for at, review in enumerate(REVIEWS):
        own = folder if review == REVIEWS[-1] else folder / "earlier" / review.isoformat()
        path = own / "clients.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [line(client, at) for client in clients if client.since <= review]
        names = [f.name for f in fields(Row)]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            writer.writerow(names)
            writer.writerows([getattr(row, name) for name in names] for row in rows)


if __name__ == "__main__":
    main()
