"""A small checked policy, made by hand from the vocabulary, and cases for it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from selective_sales.model.cases import Case, CaseFile, Cell, Expected, ExpectedClient, Row
from selective_sales.model.checked import Calculation, CheckedMetric, CheckedPolicy, CheckedRule
from selective_sales.model.expression import Aggregate, Arithmetic, AsOf, Compare, FieldValue, MetricValue, ParameterValue
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.model.policy import CsvDialect, Decision, Field, Metric, Parameter, Policy, Rule, Strategy, Table

revenue = FieldValue("clients", "revenue", kind=Kind.MONEY)
cost = FieldValue("clients", "cost", kind=Kind.MONEY)
strategic = FieldValue("clients", "strategic", kind=Kind.BOOLEAN)
since = FieldValue("clients", "since", kind=Kind.DATE)
amount = FieldValue("orders", "amount", kind=Kind.MONEY)
quantity = FieldValue("orders", "quantity", kind=Kind.INTEGER)
price = FieldValue("orders", "price", kind=Kind.MONEY)

profit = Arithmetic(revenue, "-", cost, kind=Kind.MONEY)
age = Arithmetic(AsOf(kind=Kind.DATE), "-", since, kind=Kind.DAYS)
turnover = Aggregate("sum", "orders", None, amount, kind=Kind.MONEY)
loss = Compare(MetricValue("profit", kind=Kind.MONEY), "<", ParameterValue("least_profit", kind=Kind.MONEY), kind=Kind.BOOLEAN)


def table_clients() -> Table:
    fields = (
        Field("client_id", Kind.TEXT),
        Field("revenue", Kind.MONEY, column="Revenue 12M"),
        Field("cost", Kind.MONEY),
        Field("strategic", Kind.BOOLEAN, missing=False),
        Field("since", Kind.DATE, format="%d.%m.%Y"),
        Field("rep", Kind.TEXT, required=True),
        Field("vat", Kind.TEXT, unique=True),
    )
    return Table("clients", ("client_id",), fields, fresh_within=45, date_field="since", source="clients.csv")


def table_orders() -> Table:
    fields = (
        Field("customer", Kind.TEXT),
        Field("quantity", Kind.INTEGER),
        Field("price", Kind.MONEY),
        Field("amount", Kind.MONEY, calculation=Arithmetic(quantity, "*", price, kind=Kind.MONEY)),
    )
    return Table("orders", ("customer",), fields, belongs_to="clients", csv=CsvDialect(decimal=","))


def small_policy() -> CheckedPolicy:
    policy = Policy(
        id="small",
        version="1",
        languages=("en",),
        currency="PLN",
        strategy=Strategy.MOST_SEVERE,
        tables=(table_clients(), table_orders()),
        parameters=(
            Parameter("least_profit", Kind.MONEY, Decimal("0.0000"), adapts=False),
            Parameter("window", Kind.DAYS, 180),
            Parameter("count", Kind.INTEGER, 3, adapts=True),
            Parameter("industries", Kind.TEXT, ("it", "public")),
        ),
        metrics=(Metric("profit", profit), Metric("age", age), Metric("turnover", turnover)),
        decisions=(Decision("decline"), Decision("keep", default=True)),
        rules=(Rule("unprofitable", loss, "decline", unless=strategic),),
        valid_from=datetime.date(2026, 1, 1),
        valid_until=datetime.date(2026, 12, 31),
    )
    return CheckedPolicy(
        policy=policy,
        calculations=(Calculation("orders", "amount", Kind.MONEY, Arithmetic(quantity, "*", price, kind=Kind.MONEY)),),
        metrics=(
            CheckedMetric("profit", Kind.MONEY, profit),
            CheckedMetric("age", Kind.DAYS, age),
            CheckedMetric("turnover", Kind.MONEY, turnover),
        ),
        metric_order=("profit", "age", "turnover"),
        rules=(CheckedRule("unprofitable", "decline", loss, strategic),),
    )


@pytest.fixture
def checked() -> CheckedPolicy:
    return small_policy()


MakeRow = Callable[..., Row]
MakeExpected = Callable[..., ExpectedClient]


@pytest.fixture
def row() -> MakeRow:
    """A row of cells; None is a blank."""
    return lambda **cells: {name: Cell(text, Place("t.test.yaml", 9, 1)) for name, text in cells.items()}


@pytest.fixture
def expecting() -> MakeExpected:
    """What is expected of the client with that key (none: the only one)."""

    def make(*client: str, **columns: str | tuple[str, ...] | None) -> ExpectedClient:
        expected = (Expected(name, value, Place("t.test.yaml", 10, 1)) for name, value in columns.items())
        return ExpectedClient(client, tuple(expected), Place("t.test.yaml", 10, 1))

    return make


MakeFile = Callable[..., CaseFile]


@pytest.fixture
def make_file() -> MakeFile:
    """A test file of these cases, dated 2026-06-01 unless said otherwise."""

    def make(*cases: Case, as_of: datetime.date | None = datetime.date(2026, 6, 1), defaults: dict[str, Row] | None = None) -> CaseFile:
        return CaseFile("t.test.yaml", "p.yaml", Place("t.test.yaml", 2, 9), as_of, defaults or {}, cases)

    return make


MakeCase = Callable[..., Case]


@pytest.fixture
def make_case() -> MakeCase:
    """A case of these clients with these expectations; child tables by `tables`, anything else by keyword."""

    def make(
        clients: list[Row], *expect: ExpectedClient, name: str = "a case", tables: dict[str, list[Row]] | None = None, **more: Any
    ) -> Case:
        rows = {"clients": tuple(clients)} | {key: tuple(value) for key, value in (tables or {}).items()}
        return Case(name, rows, expect, Place("t.test.yaml", 8, 5), **more)

    return make
