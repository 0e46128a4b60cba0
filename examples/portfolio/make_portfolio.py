"""Makes the data of this example: seed in, the portfolio at five reviews out, CSV files, the same on every machine.

A company in Poland that keeps machines running for others: ovens, presses, printers, lifts. About 240 companies, looked at on the last day
of five quarters. Most are fine. Some ask for more than they pay for, some think otherwise, some quarrel; most of those become good clients
between one review and the next, a few do not. Twenty are written by hand, so that the README and the tests can name them.

Sex, age and nationality of people are drawn by themselves and touch nothing else, with one exception that the fairness audit is to find:
companies of owners under 35 have more room to grow.

Only `choice`, `choices`, `randint` and `triangular` are used: they need no rounding of the platform's mathematics library.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

SEED = 20260930
REVIEWS = [datetime.date(*day) for day in ((2025, 9, 30), (2025, 12, 31), (2026, 3, 31), (2026, 6, 30), (2026, 9, 30))]
FIRST_DAY = datetime.date(2024, 10, 1)
QUARTERS = 8
CLIENTS, PROSPECTS = 214, 26

KINDS = (
    "Piekarnia|Drukarnia|Stolarnia|Browar|Mleczarnia|Tartak|Odlewnia|Szwalnia|Palarnia Kawy|Zakład Meblarski|Fabryka Okien|Młyn|"
    "Wytwórnia Opakowań|Zakład Mięsny|Garbarnia|Rozlewnia|Cukiernia|Warsztat|Pralnia|Hotel|Przychodnia|Sortownia"
).split("|")
NAMES = (
    "Brzoza Perła Żuraw Łabędź Jantar Kormoran Jodła Sosna Kasztan Wrzos Śnieżka Giewont Bursztyn Sowa Dąbrowa Zorza Kuźnica Źródło Malwa "
    "Wodnik Iskra Lipowa Dzięcioł Borsuk Konwalia Piast Wisła Narew Odra Pilica Tęcza Ważka Sarna Ryś Łoś Mewa Chaber Jemioła Świt Granit"
).split()
REPS = ["Anna Wrona", "Bartosz Gil", "Celina Dudek", "Dawid Szpak", "Elżbieta Czyż"]
CITIES = ["61-001 Poznań", "90-001 Łódź", "50-001 Wrocław", "80-001 Gdańsk", "20-001 Lublin", "35-001 Rzeszów", "85-001 Bydgoszcz"]
STREETS = ["Fabryczna", "Młyńska", "Kolejowa", "Polna", "Składowa", "Warsztatowa", "Ogrodowa"]
WOMEN = {
    "pl": ["Anna Nowicka", "Ewa Sikora", "Maria Lis", "Joanna Bąk", "Zofia Krawiec"],
    "ua": ["Oksana Bondar", "Iryna Koval"],
    "other": ["Sarah Keller"],
}
MEN = {
    "pl": ["Jan Kowal", "Piotr Żak", "Marek Wójt", "Tomasz Ślusarz", "Adam Młynarz"],
    "ua": ["Andrij Melnyk", "Taras Honczar"],
    "other": ["Mark Weber"],
}
NEEDS = ["advice", "made_to_measure", "reliability", "low_cost"]
RHYTHM = {"advice": 30, "made_to_measure": 30, "reliability": 90, "low_cost": 180, "": 90}
CRITERIA = ["szybkość reakcji", "cena", "jakość pracy", "doradztwo", "terminowość"]
NOTES = ["zlecenia poza umową ramową", "praca naszych ludzi w niedziele", "odbiór prac bez protokołu"]
NEEDS_UNMET = ["serwis przez całą dobę", "naprawy za granicą", "wynajem maszyn zastępczych"]


@dataclass(frozen=True)
class Person:
    """Whom we write to."""

    name: str = "Jan Kowal"
    sex: str = "m"
    owner_age: str = ""
    nationality: str = "pl"
    street: str = "Fabryczna 1"
    city: str = CITIES[0]


@dataclass(frozen=True)
class Client:
    """What a client is like. Lists have a value for each review, `orders` and what is asked of us a number for each quarter."""

    number: str
    name: str
    since: datetime.date | None
    """None: a prospect to the end."""
    rep: str = REPS[0]
    price: int = 1_500
    """Of an order."""
    goods: Decimal = Decimal("0.65")
    """Cost of parts and materials, as a part of the revenue."""
    orders: list[int] = field(default_factory=lambda: [2] * QUARTERS)
    tickets: list[int] = field(default_factory=lambda: [6] * QUARTERS)
    revisions: list[int] = field(default_factory=lambda: [0] * QUARTERS)
    visits: list[int] = field(default_factory=lambda: [1] * QUARTERS)
    returns: list[int] = field(default_factory=lambda: [0] * QUARTERS)
    values: list[str] = field(default_factory=lambda: ["0,70"] * len(REVIEWS))
    conflicts: list[int] = field(default_factory=lambda: [0] * len(REVIEWS))
    morale: str = "0,20"
    """Where there are many conflicts."""
    need: str = "reliability"
    silent: list[int] = field(default_factory=lambda: [20] * len(REVIEWS))
    """Days since the last contact."""
    marks: list[int] = field(default_factory=lambda: [4, 4, 4])
    growth: str = "0,30"
    trust: str = "0,50"
    joint_work: int = 0
    payment_delay: int = 5
    acquisition_cost: int = 900
    need_fit: str = "0,80"
    unmet_need: str = ""
    win_probability: str = ""
    potential_profit: int = 0
    expected_revenue: str = ""
    strategic: str = "nie"
    referrals: str = ""
    pioneer: str = "nie"
    ideas: int = 0
    public_reference: str = "nie"
    lessons: int = 0
    new_skills: str = "nie"
    claims: int = 0
    note: str = ""
    waiver: str = ""
    waived_by: str = ""
    person: Person = field(default_factory=lambda: Person())


def polish(value: Decimal | int | str, places: int = 2) -> str:
    """The number as a Polish spreadsheet writes it: with a decimal comma."""
    return str(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)).replace(".", ",")


def part(rng: random.Random, low: float, high: float, most: float) -> Decimal:
    """A part, in whole hundredths."""
    return Decimal(round(rng.triangular(low, high, most) * 100)) / 100


def trouble(rng: random.Random, one_in_a_thousand: int) -> list[bool]:
    """At which reviews a client is in this trouble: for some from a review on, until they are helped out of it; for a few to the end."""
    if rng.randint(1, 1000) > one_in_a_thousand:
        return [False] * len(REVIEWS)
    begins = rng.choice([0, 0, 0, 1, 2, 3, 4])
    ends = len(REVIEWS) if rng.randint(1, 100) <= 8 else begins + rng.choice([1, 1, 2, 2, 3, 4])
    return [begins <= at < ends for at in range(len(REVIEWS))]


def quarters_of(reviews: Sequence[bool]) -> list[bool]:
    """In which quarters the client asks for too much, so that at those reviews its twelve months are full of it."""
    found = [False] * QUARTERS
    for at, bad in enumerate(reviews):
        for quarter in range(at, at + 4):
            found[quarter] = found[quarter] or bad
    return found


def person(rng: random.Random) -> Person:
    """Somebody drawn by themselves, whatever the company is like."""
    sex = rng.choices(["f", "m"], weights=[45, 55])[0]
    nationality = rng.choices(["pl", "ua", "other"], weights=[80, 16, 4])[0]
    name = rng.choice((WOMEN if sex == "f" else MEN)[nationality])
    age = rng.choices(["", "under_35", "from_35_to_54", "from_55"], weights=[25, 20, 33, 22])[0]
    return Person(name, sex, age, nationality, f"{rng.choice(STREETS)} {rng.randint(1, 90)}", rng.choice(CITIES))


def room_to_grow(rng: random.Random, owner_age: str) -> str:
    """The one value that goes with what somebody is: young owners' companies are young, too."""
    low, high, most = {"under_35": (0.3, 1.0, 0.7), "from_55": (0.0, 0.6, 0.2)}.get(owner_age, (0.0, 0.8, 0.35))
    return polish(part(rng, low, high, most))


def drawn(rng: random.Random, number: str, name: str) -> Client:
    """A client like many: who pays more is served more, one a little more than the other."""
    costly, otherwise, loud = trouble(rng, 90), trouble(rng, 35), trouble(rng, 40)
    days = rng.choices([rng.randint(20, 360), int(rng.triangular(370, 4500, 1200))], weights=[15, 85])[0]
    revenue = rng.choices([rng.randint(40, 130), rng.randint(100, 350), rng.randint(400, 2_200)], weights=[54, 34, 12])[0] * 100
    if any(costly) or any(loud) or any(otherwise):
        revenue = rng.randint(40, 90) * 100
    yearly = rng.choice([1, 2, 3, 4, 6, 8, 10, 12, 16]) if revenue < 35_000 else rng.choice([2, 4, 6, 8, 10, 12])
    hours = [int(revenue * (rng.triangular(7, 10, 8) if bad else rng.triangular(1.0, 1.9, 1.3)) / 1000) for bad in quarters_of(costly)]
    someone = person(rng)
    need = rng.choice(NEEDS)
    fit = part(rng, 0.36, 0.9, 0.5)
    return Client(
        number=number,
        name=name,
        since=REVIEWS[-1] - datetime.timedelta(days=days),
        rep=rng.choices([*REPS[:4], ""], weights=[30, 26, 22, 21, 1])[0] if days < 370 else rng.choice(REPS),
        price=revenue // yearly,
        goods=part(rng, 0.42, 0.7, 0.6),
        orders=spread(rng, yearly),
        tickets=[h * rng.randint(28, 38) // 100 for h in hours],
        revisions=[h * rng.randint(0, 5) // 100 for h in hours],
        visits=[h * rng.randint(2, 6) // 100 for h in hours],
        returns=[h * rng.randint(0, 3) // 100 for h in hours],
        values=[polish(part(rng, 0.1, 0.34, 0.25) if bad else fit) for bad in otherwise],
        conflicts=[rng.randint(4, 7) if bad else max(0, rng.randint(-5, 2)) for bad in loud],
        morale=polish(part(rng, 0.6, 0.95, 0.7)) if any(loud) else "0,20",
        need=need,
        silent=[RHYTHM[need] + rng.randint(20, 120) if rng.randint(1, 100) <= 20 else rng.randint(1, RHYTHM[need]) for _ in REVIEWS],
        marks=[min(5, max(1, round(rng.triangular(2.2, 5.4, 4)))) for _ in range(3)],
        growth=room_to_grow(rng, someone.owner_age),
        trust=polish(part(rng, 0.1, 1, 0.55)),
        joint_work=rng.choices([0, 1, 2, 3, 4], weights=[60, 20, 10, 6, 4])[0],
        payment_delay=rng.choices([0, rng.randint(1, 14), rng.randint(15, 75)], weights=[50, 35, 15])[0],
        acquisition_cost=rng.choice([300, 500, 800, 1_200, 2_500]),
        need_fit=polish(part(rng, 0.4, 1, 0.8)),
        potential_profit=revenue * rng.choice([15, 25, 30, 40, 60]) // 10_000 * 100,
        expected_revenue=str(revenue) if days < 370 else "",
        strategic=rng.choices(["tak", "nie", ""], weights=[3, 89, 8])[0],
        referrals=rng.choices(["", "0", "1", "2", "3"], weights=[45, 42, 8, 3, 2])[0],
        pioneer=rng.choices(["tak", "nie"], weights=[12, 88])[0],
        ideas=rng.choices([0, 1, 2, 4], weights=[70, 18, 9, 3])[0],
        public_reference=rng.choices(["tak", "nie"], weights=[10, 90])[0],
        lessons=rng.choices([0, 1, 2], weights=[80, 17, 3])[0],
        new_skills=rng.choices(["tak", "nie"], weights=[6, 94])[0],
        claims=rng.choices([0, 1, 2, 3], weights=[86, 9, 4, 1])[0],
        note=rng.choice(NOTES) if any(otherwise) and rng.randint(1, 3) < 3 else "",
        person=someone,
    )


def spread(rng: random.Random, yearly: int) -> list[int]:
    """So many orders a year, over the quarters."""
    found = [0] * QUARTERS
    for at in range(2 * yearly):
        found[(at * QUARTERS // (2 * yearly) + rng.randint(0, 1)) % QUARTERS] += 1
    return found


def forgetful(rng: random.Random, client: Client) -> Client:
    """People forget to fill in."""
    match rng.randint(1, 60):
        case 1:
            return replace(client, values=[""] * len(REVIEWS))
        case 2:
            return replace(client, need="")
        case 3:
            return replace(client, trust="")
        case 4:
            return replace(client, pioneer="", ideas=0)
    return client


def prospect(rng: random.Random, number: str, name: str) -> Client:
    """A company that we would like to win."""
    fit = part(rng, 0.1, 1, 0.7)
    return Client(
        number=number,
        name=name,
        since=None,
        rep=rng.choice(REPS[:4]),
        orders=[0] * QUARTERS,
        tickets=[0] * QUARTERS,
        visits=[0] * (QUARTERS - 1) + [rng.randint(0, 2)],
        values=[rng.choice(["", polish(part(rng, 0.4, 1, 0.7))])] * len(REVIEWS),
        need=rng.choice(NEEDS),
        silent=[rng.randint(2, 60) for _ in REVIEWS],
        marks=[],
        growth="1,00",
        need_fit=polish(fit),
        unmet_need=rng.choice(NEEDS_UNMET) if fit < Decimal("0.4") else "",
        win_probability=rng.choice(["0,20", "0,40", "0,60", "0,80"]),
        potential_profit=rng.randint(5, 300) * 100,
        expected_revenue=str(rng.choices([rng.randint(30, 300), rng.randint(400, 1_500)], weights=[80, 20])[0] * 100),
        person=person(rng),
    )


def written_by_hand() -> list[Client]:
    """Clients that texts and tests name. A usual one pays 12,000 a year in eight orders, of which 4,200 are left after parts."""
    day = datetime.date
    many, some, twice, always = [24] * QUARTERS, [4] * QUARTERS, [2] * QUARTERS, len(REVIEWS)
    loss = {"price": 700, "goods": Decimal("0.5"), "tickets": many, "revisions": some, "visits": twice}
    cured = {
        "price": 900,
        "goods": Decimal("0.5"),
        "tickets": [24] * 5 + [2] * 3,
        "revisions": [4] * 5 + [0] * 3,
        "visits": [2] * 5 + [0] * 3,
    }
    old = day(2019, 3, 1)
    large = {
        "price": 15_000,
        "goods": Decimal("0.5"),
        "tickets": [60] * QUARTERS,
        "visits": [8] * QUARTERS,
        "growth": "0,60",
        "need": "advice",
        "values": ["0,90"] * always,
    }
    clients: list[tuple[str, datetime.date | None, dict[str, object]]] = [
        ("Browar Żuraw S.A.", old, {**large, "trust": "0,90", "joint_work": 4, "marks": [5, 4, 5], "referrals": "2"}),
        ("Warsztat Łabędź", old, loss),
        ("Przychodnia Borsuk", old, {**loss, "strategic": "tak"}),
        ("Piekarnia Malwa s.c.", old, cured),
        ("Drukarnia Piast sp. z o.o.", old, {"values": ["0,25"] * always, "note": NOTES[1]}),
        ("Hotel Odra", old, {"conflicts": [4, 4, 5, 5, 6], "morale": "0,80"}),
        (
            "Sortownia Granit sp. z o.o.",
            old,
            {
                "conflicts": [0, 0, 0, 0, 5],
                "morale": "0,90",
                "waiver": "groźby wobec serwisanta, zgłoszone na policję",
                "waived_by": "Ewa Zielińska, dyrektor sprzedaży",
            },
        ),
        ("Pralnia Jemioła", day(2026, 5, 18), {**loss, "expected_revenue": "6000", "acquisition_cost": 100}),
        ("Tartak Narew sp.j.", old, {**loss, "price": 1_200}),
        ("Mleczarnia Chaber", old, {"values": [""] * always}),
        ("Fabryka Okien Sarna S.A.", old, {**large, "marks": [2, 3, 2], "trust": "0,40"}),
        ("Szwalnia Mewa", old, {"price": 2_500, "goods": Decimal("0.5"), "tickets": many, "revisions": twice, "visits": [4] * QUARTERS}),
        ("Odlewnia Giewont S.A.", day(2026, 2, 10), {"price": 96_000, "orders": [0] * 6 + [1, 0], "expected_revenue": "96000"}),
        (
            "Cukiernia Konwalia",
            old,
            {"price": 400, "orders": [3] * QUARTERS, "goods": Decimal("0.2"), "tickets": [15] * QUARTERS, "visits": [0] * QUARTERS},
        ),
        ("Palarnia Kawy Zorza", old, {"referrals": "2", "public_reference": "tak"}),
        (
            "Młyn Wisła sp. z o.o.",
            None,
            {"win_probability": "0,85", "potential_profit": 14_000, "expected_revenue": "32000", "need_fit": "0,90"},
        ),
        (
            "Rozlewnia Źródło",
            None,
            {"need_fit": "0,20", "unmet_need": NEEDS_UNMET[0], "expected_revenue": "9000", "win_probability": "0,30"},
        ),
        ("Garbarnia Wrzos", day(2025, 12, 4), {"acquisition_cost": 9_000, "expected_revenue": "12000"}),
        ("Zakład Meblarski Ryś", old, {"silent": [20, 20, 20, 20, 140]}),
        ("Wytwórnia Opakowań Iskra", old, {"claims": 3}),
    ]
    return [made_by_hand(n + 1, *client) for n, client in enumerate(clients)]


def made_by_hand(n: int, name: str, since: datetime.date | None, other: dict[str, object]) -> Client:
    usual: dict[str, object] = {"rep": REPS[n % 4], "person": Person(WOMEN["pl"][n % 5], "f") if n % 2 else Person(MEN["pl"][n % 5])}
    if since is None:
        usual |= {"orders": [0] * QUARTERS, "tickets": [0] * QUARTERS, "marks": []}
    return Client(f"P-{n:04d}", name, since, **(usual | other))  # type: ignore[arg-type]


def quarter(at: int) -> tuple[datetime.date, datetime.date]:
    """First and last day."""
    month = FIRST_DAY.month - 1 + 3 * at
    first = datetime.date(FIRST_DAY.year + month // 12, month % 12 + 1, 1)
    after = datetime.date(first.year + (first.month + 2) // 12, (first.month + 2) % 12 + 1, 1)
    return first, after - datetime.timedelta(days=1)


def day_in(rng: random.Random, at: int) -> datetime.date:
    first, last = quarter(at)
    return first + datetime.timedelta(days=rng.randint(0, (last - first).days))


@dataclass(frozen=True)
class Order:
    client_id: str
    order_id: str
    ordered_on: datetime.date
    quantity: int
    unit_price: Decimal


def orders_of(rng: random.Random, client: Client) -> list[Order]:
    """Of the days since it is a client."""
    found: list[Order] = []
    for at, number in enumerate(client.orders):
        for _ in range(number):
            day, price = day_in(rng, at), Decimal(client.price * rng.randint(94, 106)) / 100
            if client.since is not None and day >= client.since:
                found.append(Order(client.number, f"{client.number[2:]}-{len(found) + 1:02d}", day, 1, price))
    if client.since is not None and client.since > FIRST_DAY and not found and any(client.orders):
        found.append(Order(client.number, f"{client.number[2:]}-01", client.since, 1, Decimal(client.price)))
    return found


def asked_of(client: Client) -> list[dict[str, object]]:
    """What was counted at the end of each quarter."""
    kinds = {"ticket": client.tickets, "visit": client.visits, "return": client.returns, "revision": client.revisions}
    return [
        {"client_id": client.number, "logged_on": quarter(at)[1], "kind": kind, "number": number}
        for kind, numbers in kinds.items()
        for at, number in enumerate(numbers)
        if number and (kind == "visit" or (client.since is not None and quarter(at)[1] >= client.since))
    ]


def line(client: Client, at: int, orders: Iterable[Order]) -> dict[str, object]:
    """The client at one review."""
    day = REVIEWS[at]
    coming = client.since is None or client.since > day
    year_before = day.replace(year=day.year - 1)
    revenue = sum((o.quantity * o.unit_price for o in orders if year_before < o.ordered_on <= day), Decimal(0))
    since = "" if coming or client.since is None else client.since.isoformat()
    low = client.values[at] not in ("", "1,00") and Decimal(client.values[at].replace(",", ".")) < Decimal("0.35")
    last, person = at == len(REVIEWS) - 1, client.person
    foreign, woman = person.nationality == "other", person.sex == "f"
    before = max(0, (FIRST_DAY - client.since).days // 60) if client.since else 0
    dear = (
        f"Dear {'Ms' if woman else 'Mr'} {person.name.rsplit(' ', 1)[-1]}," if foreign else "Szanowna Pani," if woman else "Szanowny Panie,"
    )
    return {
        "client_id": client.number,
        "name": client.name,
        "rep": client.rep,
        "prospect": "tak" if coming else "nie",
        "cost_of_goods": polish(revenue * client.goods),
        "client_since": since,
        "acquired_on": since,
        "acquisition_cost": "" if coming else client.acquisition_cost,
        "values_fit": client.values[at],
        "values_note": client.note if low else "",
        "conflicts": client.conflicts[at],
        "morale_impact": client.morale if client.conflicts[at] >= 4 else "0,10",
        "claims": client.claims,
        "reputation_harm": "",
        "waiver": client.waiver if last else "",
        "waived_by": client.waived_by if last else "",
        "need": client.need,
        "last_contact_on": (day - datetime.timedelta(days=client.silent[at])).isoformat(),
        "need_fit": client.need_fit,
        "unmet_need": client.unmet_need,
        "win_probability": client.win_probability or ("0,50" if coming else ""),
        "potential_profit": client.potential_profit,
        "expected_revenue": client.expected_revenue,
        "growth_room": client.growth,
        "payment_delay": 0 if coming else client.payment_delay,
        "orders_ever": 0 if coming else before + sum(o.ordered_on <= day for o in orders),
        "trust": client.trust,
        "joint_work": client.joint_work,
        "strategic": client.strategic,
        "referrals": client.referrals,
        "pioneer": client.pioneer,
        "ideas": client.ideas,
        "public_reference": client.public_reference,
        "lessons": client.lessons,
        "new_skills": client.new_skills,
        "contact_person": person.name,
        "salutation": dear,
        "street": person.street,
        "city": person.city,
        "letter_language": "en" if foreign else "pl",
        "contact_sex": person.sex,
        "owner_age": person.owner_age,
        "nationality": person.nationality,
    }


def write(path: Path, rows: Sequence[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def all_clients(rng: random.Random) -> list[Client]:
    clients = written_by_hand()
    taken = {client.name for client in clients}
    while len(clients) < CLIENTS + PROSPECTS:
        name = f"{rng.choice(KINDS)} {rng.choice(NAMES)} {rng.choice(['', '', 'sp. z o.o.', 'sp.j.', 's.c.', 'S.A.'])}".strip()
        if name in taken:
            continue
        taken.add(name)
        number = f"P-{len(clients) + 1:04d}"
        clients.append(forgetful(rng, drawn(rng, number, name)) if len(clients) < CLIENTS else prospect(rng, number, name))
    return clients


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the example's data again.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "data")
    folder: Path = parser.parse_args().folder
    rng = random.Random(SEED)
    clients = all_clients(rng)
    orders = {client.number: orders_of(rng, client) for client in clients}
    for at, review in enumerate(REVIEWS):
        own = folder if review == REVIEWS[-1] else folder / "earlier" / review.isoformat()
        write(own / "clients.csv", [line(client, at, orders[client.number]) for client in clients])
    write(
        folder / "orders.csv",
        [
            {
                "client_id": o.client_id,
                "order_id": o.order_id,
                "ordered_on": o.ordered_on,
                "quantity": o.quantity,
                "unit_price": polish(o.unit_price),
            }
            for found in orders.values()
            for o in found
        ],
    )
    write(folder / "service_log.csv", [row for client in clients for row in asked_of(client)])
    named = [
        (c.number, name, 10 - 3 * n, mark)
        for c in clients
        for n, (name, mark) in enumerate(zip(rng.choices(CRITERIA, k=3), c.marks, strict=False))
    ]
    write(folder / "criteria.csv", [dict(zip(("client_id", "criterion", "weight", "mark"), row, strict=True)) for row in named])


if __name__ == "__main__":
    main()
