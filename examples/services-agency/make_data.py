"""Makes the data of this example: seed in, four CSV files out, the same on every machine.

An agency for marketing and IT services in Poland: about 400 companies, fifteen months of invoices, working hours and tickets. Few
clients bring most of the profit, and some eat it up again: the cumulated profit peaks above 100% and comes down. Thirteen clients are
written by hand, so that the README and the tests can name them: they stand on, or just beside, the policy's thresholds.

Only `choice`, `randint` and `triangular` are used: they need no rounding of the platform's mathematics library.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

SEED = 20261122
AS_OF = datetime.date(2026, 11, 22)
CLIENTS = 400
MONTHS = 15
COST_PER_HOUR = Decimal(150)
"""What an hour costs the agency; the policy's parameter `hourly_cost` says the same."""

TRADES = {
    "produkcja": ["Zakład Meblarski", "Fabryka Okien", "Odlewnia", "Tartak", "Wytwórnia Opakowań", "Młyn"],
    "handel": ["Hurtownia", "Sklep Ogrodniczy", "Dom Handlowy", "Księgarnia", "Salon Rowerowy", "Delikatesy"],
    "zdrowie": ["Przychodnia", "Klinika Stomatologiczna", "Apteka", "Gabinet Rehabilitacji", "Laboratorium"],
    "it": ["Studio Programistyczne", "Serwerownia", "Biuro Projektowe", "Pracownia Aplikacji"],
    "edukacja": ["Szkoła Językowa", "Przedszkole", "Akademia Tańca", "Ośrodek Szkoleń"],
    "turystyka": ["Pensjonat", "Hotel", "Biuro Podróży", "Przystań Żeglarska"],
}
NAMES = (
    "Brzoza Perła Żuraw Łabędź Jantar Kormoran Jodła Sosna Kasztan Wrzos Śnieżka Giewont Bursztyn Ćma Sowa Dąbrowa Zorza Kuźnica Źródło "
    "Malwa Przylądek Rzeka Wodnik Iskra Lipowa Dzięcioł Borsuk Konwalia Piast Wisła Narew Bug Odra Pilica Tęcza Ważka Sarna Ryś Łoś Mewa"
).split()
MANAGERS = ["Anna Zielińska", "Marek Wójcik", "Ewa Kaczmarek", "Piotr Lis", "Zofia Król"]
SERVICES = ["kampania", "pozycjonowanie", "strona www", "utrzymanie", "analityka", "treści"]
STEPS = ["brak", "rozmowa", "renegocjacja"]
STREETS = "Długa Dworcowa Jodłowa Kościuszki Lipowa Łąkowa Młyńska Ogrodowa Polna Rzeczna Słoneczna Szeroka Wąska Wrzosowa Źródlana".split()
TOWNS = ["00-950 Warszawa", "31-014 Kraków", "50-106 Wrocław", "61-772 Poznań", "80-831 Gdańsk", "87-100 Toruń", "90-001 Łódź"]
ABROAD = [("Prinsengracht", "1015 DV Amsterdam", "Niderlandy"), ("Invalidenstraße", "10115 Berlin", "Niemcy")]
SALUTATIONS = {
    "pl": ["", "", "Szanowna Pani Prezes,", "Szanowny Panie Dyrektorze,", "Szanowna Pani Dyrektor,"],
    "en": ["", "Dear Ms de Vries,", "Dear Mr Brandt,"],
}


@dataclass(frozen=True)
class Character:
    """How clients of one sort behave: share of clients in percent, monthly revenue, cost for every zloty earned, trouble 0..10."""

    share: int
    monthly_revenue: tuple[int, int]
    cost_ratio: tuple[float, float]
    trouble: int


CHARACTERS = [
    Character(6, (22_000, 60_000), (0.45, 0.75), 1),
    Character(40, (4_500, 16_000), (0.50, 0.90), 2),
    Character(38, (900, 5_000), (0.55, 1.05), 3),
    Character(16, (2_500, 14_000), (0.95, 1.70), 8),
]


@dataclass
class Client:
    """A client with all the rows that belong to it, as they will be written."""

    number: str
    name: str
    trade: str
    manager: str
    since: datetime.date | None
    values_fit: str
    strategic: str
    conflicts: str
    claims: str
    payment_delay: str
    potential: str
    referrals: str
    step: str
    salutation: str = ""
    street: str = ""
    town: str = ""
    country: str = ""
    language: str = "pl"
    invoices: list[tuple[datetime.date, str, Decimal, Decimal]] = field(default_factory=list)
    hours: list[tuple[datetime.date, Decimal]] = field(default_factory=list)
    tickets: list[tuple[datetime.date, str, int]] = field(default_factory=list)


def polish(value: Decimal | float, places: int = 2, thousands: bool = False) -> str:
    """The number as a Polish spreadsheet writes it: decimal comma, and a space between thousands where asked for."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,}" if thousands else f"{rounded}"
    return text.replace(",", " ").replace(".", ",")


def date_text(day: datetime.date | None) -> str:
    return "" if day is None else day.strftime("%d.%m.%Y")


def months_back(count: int) -> list[datetime.date]:
    """The first days of the last `count` months before the as-of date's, oldest first."""
    found, year, month = [], AS_OF.year, AS_OF.month
    for _ in range(count):
        month -= 1
        if month == 0:
            year, month = year - 1, 12
        found.append(datetime.date(year, month, 1))
    return found[::-1]


def portfolio(rng: random.Random) -> list[Client]:
    """Every client: the hand-written ones first, then the rest by their characters."""
    clients = written_by_hand()
    while len(clients) < CLIENTS:
        number = f"A-{len(clients) + 1:04d}"
        character = rng.choices(CHARACTERS, weights=[c.share for c in CHARACTERS])[0]
        clients.append(drawn(rng, number, character))
    return clients


def drawn(rng: random.Random, number: str, character: Character) -> Client:
    """A client of the given character."""
    age = int(rng.triangular(2, 110, 30))
    since = AS_OF - datetime.timedelta(days=age * 30 + rng.randint(0, 29))
    trade = rng.choice(list(TRADES))
    trouble = character.trouble
    monthly = round(rng.triangular(*character.monthly_revenue))
    client = Client(
        number=number,
        name=f"{rng.choice(TRADES[trade])} {rng.choice(NAMES)}",
        trade=trade,
        manager=rng.choice(MANAGERS),
        since=since,
        values_fit=blank(rng, 3, polish(rng.triangular(0.2, 1.0, 0.9 - trouble * 0.05))),
        strategic=rng.choices(["tak", "nie", ""], weights=[5, 85, 10])[0],
        conflicts=str(max(0, int(rng.triangular(-2, 2 + trouble * 0.6, 0)))),
        claims=str(max(0, int(rng.triangular(-2, 1 + trouble * 0.4, 0)))),
        payment_delay=blank(rng, 3, str(max(0, int(rng.triangular(-10, 20 + trouble * 8, 2))))),
        potential=blank(rng, 12, polish(monthly * 12 * rng.choice([1, 1, 1, 2, 2, 3]), thousands=True)),
        referrals=rng.choices(["", "0", "1", "2", "3"], weights=[30, 48, 14, 6, 2])[0],
        step=rng.choices(STEPS, weights=[80 - trouble * 3, 12 + trouble, 8 + trouble * 2])[0],
    )
    add_rows(rng, client, since, monthly, rng.triangular(*character.cost_ratio), trouble)
    return client


def add_addresses(rng: random.Random, clients: list[Client]) -> None:
    """Where letters go: no two clients share a house. A few are abroad and read English; a home address has no country."""
    taken: set[tuple[str, str]] = set()
    for client in clients:
        street, town, client.country = (rng.choice(STREETS), rng.choice(TOWNS), "")
        if rng.randint(1, 100) <= 5:
            street, town, client.country = rng.choice(ABROAD)
            client.language = "en"
        house = next(n for n in iter(lambda: rng.randint(1, 120), 0) if (f"{street} {n}", town) not in taken)
        client.street, client.town = f"{street} {house}" if client.country else f"ul. {street} {house}", town
        taken.add((f"{street} {house}", town))
        client.salutation = rng.choice(SALUTATIONS[client.language])


def blank(rng: random.Random, percent: int, text: str) -> str:
    """The text, or nothing in so many of a hundred cells: people forget to fill in."""
    return "" if rng.randint(1, 100) <= percent else text


def add_rows(rng: random.Random, client: Client, since: datetime.date, monthly: int, cost_ratio: float, trouble: int) -> None:
    """Fifteen months of work at most: an invoice in most months, the hours behind it, and tickets."""
    months = [m for m in months_back(MONTHS) if m >= since.replace(day=1)]
    if rng.randint(1, 100) <= 6:
        months = months[: len(months) // 2]  # the client fell silent
    for month in months:
        if rng.randint(1, 100) <= 12:
            continue
        price = Decimal(round(monthly * rng.triangular(0.6, 1.4)))
        discount = Decimal(rng.choice([0, 0, 0, 5, 10])) * price / 100
        client.invoices.append((month + datetime.timedelta(days=rng.randint(0, 27)), rng.choice(SERVICES), price, discount))
        cost = (price - discount) * Decimal(str(round(cost_ratio * rng.triangular(0.85, 1.15), 4)))
        tickets = rng.randint(0, 1 + trouble // 2)
        minutes = [rng.randint(2, 12) * 10 for _ in range(tickets)]
        for spent in minutes:
            kind = rng.choices(["pytanie", "poprawka", "awaria", "reklamacja"], weights=[40, 20 + 5 * trouble, 15, 2 + 2 * trouble])[0]
            client.tickets.append((month + datetime.timedelta(days=rng.randint(0, 27)), kind, spent))
        work = cost / COST_PER_HOUR - Decimal(sum(minutes)) / 60
        client.hours.append((month, max(Decimal("0.5"), half_hours(work))))


def half_hours(hours: Decimal) -> Decimal:
    """Rounded to half hours, as people book them."""
    return (hours * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2


def written_by_hand() -> list[Client]:
    """Clients that texts and tests name; each figure is what it says."""
    clients = [
        by_hand("Studio Programistyczne Iskra", 240_000, 640, potential="480 000,00", values="0,95", referrals="2"),
        by_hand("Hotel Jantar", 180_000, 700, values="0,80"),
        by_hand("Księgarnia Sowa", 36_000, 150, values="0,70"),
        by_hand("Przychodnia Malwa", 75_000, 460, values="0,75"),
        by_hand("Apteka Wrzos", 75_000, 461, values="0,75"),
        by_hand("Fabryka Okien Borsuk", 60_000, 430, values="0,60", strategic="tak", step="renegocjacja"),
        by_hand("Hurtownia Łabędź", 48_000, 450, values="0,45", conflicts="5", claims="3", delay="52", step="renegocjacja"),
        by_hand("Szkoła Językowa Zorza", 18_000, 160, values="0,85", since=datetime.date(2026, 7, 1)),
        by_hand("Pensjonat Mewa", 54_000, 210, values="", conflicts="2"),
        by_hand("Młyn Odra", 66_000, 250, values="0,70", delay="45"),
        by_hand("Tartak Dąbrowa", 66_000, 250, values="0,70", delay="46"),
        by_hand("Biuro Podróży Piast", 90_000, 820, values="0,65", step="renegocjacja"),
        by_hand("Biuro Projektowe Ryś", 120_000, 500, values="", conflicts="3", since=None),
    ]
    for count, client in enumerate(clients, 1):
        client.number = f"A-{count:04d}"
    return clients


def by_hand(
    name: str,
    revenue: int,
    hours: int,
    *,
    values: str,
    potential: str = "60 000,00",
    referrals: str = "0",
    strategic: str = "nie",
    conflicts: str = "0",
    claims: str = "0",
    delay: str = "5",
    step: str = "brak",
    since: datetime.date | None = datetime.date(2019, 3, 1),
) -> Client:
    """A client with this revenue and these hours in the last twelve months, in three invoices."""
    trade = next(trade for trade, kinds in TRADES.items() if any(name.startswith(kind) for kind in kinds))
    client = Client("", name, trade, MANAGERS[0], since, values, strategic, conflicts, claims, delay, potential, referrals, step)
    for month in (datetime.date(2026, 8, 3), datetime.date(2026, 9, 2), datetime.date(2026, 10, 5)):
        client.invoices.append((month, "utrzymanie", Decimal(revenue) / 3, Decimal(0)))
    client.hours.append((datetime.date(2026, 8, 1), Decimal(hours)))
    return client


def write(folder: Path, clients: list[Client], rng: random.Random) -> None:
    """The four files. The agency's own hours have no client: the policy says to ignore them."""
    folder.mkdir(parents=True, exist_ok=True)
    head = (
        "Nr klienta;Nazwa;Branża;Opiekun;Klient od;Dopasowanie wartości;Strategiczny;Konflikty 12M;Nieuzasadnione roszczenia 12M;"
        "Opóźnienie płatności;Potencjał roczny;Polecenia;Ostatni krok;Zwrot;Ulica;Miejscowość;Kraj;Język listów"
    ).split(";")
    write_file(
        folder / "clients.csv",
        head,
        [
            [
                *(c.number, c.name, c.trade, c.manager, date_text(c.since), c.values_fit, c.strategic, c.conflicts, c.claims),
                *(c.payment_delay, c.potential, c.referrals, c.step),
                *(c.salutation, c.street, c.town, c.country, c.language),
            ]
            for c in clients
        ],
    )
    invoices = sorted((day, c.number, service, price, discount) for c in clients for day, service, price, discount in c.invoices)
    write_file(
        folder / "orders.csv",
        ["Nr faktury", "Nr klienta", "Data", "Usługa", "Cena", "Rabat"],
        [[f"F/{n:05d}", who, date_text(day), what, polish(p), polish(d)] for n, (day, who, what, p, d) in enumerate(invoices, 1)],
    )
    hours = sorted((day, c.number, spent) for c in clients for day, spent in c.hours)
    hours += [(month, "", Decimal(rng.randint(40, 90))) for month in months_back(MONTHS)]
    write_file(folder / "hours.csv", ["Nr klienta", "Miesiąc", "Godziny"], [[who, date_text(day), polish(h, 1)] for day, who, h in hours])
    tickets = sorted((day, c.number, kind, spent) for c in clients for day, kind, spent in c.tickets)
    write_file(
        folder / "tickets.csv",
        ["Nr klienta", "Zgłoszono", "Rodzaj", "Minuty"],
        [[who, date_text(day), kind, str(spent)] for day, who, kind, spent in tickets],
    )


def write_file(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the example's data again.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "data")
    folder: Path = parser.parse_args().folder
    rng = random.Random(SEED)
    clients = portfolio(rng)
    add_addresses(random.Random(SEED + 1), clients)
    write(folder, clients, rng)


if __name__ == "__main__":
    main()
