"""How the search measures and moves: costs of conditions, thresholds closed in on, worlds made simpler."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from selective_sales.model.checked import CheckedRule
from selective_sales.model.expression import And, AtLeast, Constant, Expression, Not, Or
from selective_sales.model.kind import Kind
from selective_sales.model.policy import Field
from selective_sales.testing.seeking import Closing, Lever, cost, difference, differences, resets
from selective_sales.testing.worlds import ALL, World, cell_of, value_of

A, B, C = (Constant(True, name, kind=Kind.BOOLEAN) for name in "abc")
TWO = Constant(2, "2", kind=Kind.INTEGER)
TRUE, FALSE, UNKNOWN = (True, ()), (False, ()), (None, ())
PRICE = Field("price", Kind.MONEY, minimum=Decimal(0))


def far(condition: Expression, leaf: int, side: bool, *known: tuple[bool | None, tuple[object, ...]]) -> float:
    return cost(CheckedRule("r", "flag", condition, None), (leaf, side), known, {TWO: 2})


@pytest.mark.parametrize(
    ("condition", "near", "off"),
    [
        (And((A, B, C)), (TRUE, TRUE, TRUE), (TRUE, FALSE, TRUE)),
        (Or((A, B, C)), (TRUE, FALSE, FALSE), (TRUE, TRUE, FALSE)),
        (And((A, Or((B, C)))), (TRUE, FALSE, TRUE), (TRUE, FALSE, FALSE)),
        (And((A, Not(Or((B, C))))), (TRUE, FALSE, FALSE), (TRUE, TRUE, FALSE)),
        (AtLeast(TWO, (A, B, C)), (TRUE, TRUE, FALSE), (TRUE, TRUE, TRUE)),
        (And((A, B, C)), (TRUE, TRUE, TRUE), (TRUE, TRUE, UNKNOWN)),
    ],
)
def test_the_first_leaf_decides_where_the_cost_is_nothing(condition: Expression, near: tuple[object, ...], off: tuple[object, ...]) -> None:
    assert far(condition, 0, True, *near) == 0  # type: ignore[arg-type]
    assert far(condition, 0, True, *off) > 0  # type: ignore[arg-type]
    assert far(condition, 0, False, *near) > 0  # type: ignore[arg-type]


def test_the_nearer_the_values_the_lower_the_cost() -> None:
    costs = [far(And((A, B)), 0, True, TRUE, (False, (Decimal(value), 100))) for value in (0, 50, 99)]
    assert costs == sorted(costs, reverse=True) and len(set(costs)) == 3


def test_unless_has_to_be_false() -> None:
    rule = CheckedRule("r", "flag", A, B)
    assert cost(rule, (0, True), (TRUE, FALSE), {}) == 0 < cost(rule, (0, True), (TRUE, TRUE), {})


def closed(values: dict[int, str], unit: int) -> tuple[int, ...]:
    world = World({"clients": ({"price": Decimal(0)},)})
    return Closing(world, Lever("clients", 0, PRICE), unit, {n: Decimal(v) for n, v in values.items()}).boundary()


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ({0: "-1", 1: "0", 2: "1"}, (0, 1, 2)),
        ({0: "1", 1: "0", 2: "-1"}, (2, 1, 0)),
        ({0: "-1", 1: "1"}, (0, 1)),
        ({0: "1", 1: "-1"}, (1, 0)),
        ({0: "-1", 1: "0", 2: "0", 3: "1"}, (0, 1, 3)),
        ({0: "-1", 5: "1"}, ()),
        ({0: "1", 1: "2"}, ()),
    ],
)
def test_a_boundary_is_below_on_and_above(points: dict[int, str], expected: tuple[int, ...]) -> None:
    assert closed(points, 1) == expected


def test_closing_in_finds_the_root_of_a_line_and_of_a_curve() -> None:
    for root, value in ((123_456_789, lambda n: Decimal(n - 123_456_789)), (50_000, lambda n: Decimal(n * n - 2_500_000_000))):
        world = World({"clients": ({"price": Decimal(1)},)})
        closing = Closing(world, Lever("clients", 0, PRICE), 1, {n: value(n) for n in (1, 10**12)})
        for _ in range(30):
            closing.points |= {n: value(n) for n in closing.next_positions()}
        assert closing.boundary() == (root - 1, root, root + 1)


def test_a_lever_keeps_to_the_contract() -> None:
    world = World({"clients": ({"price": Decimal(5)},)})
    lever = Lever("clients", 0, PRICE)
    assert lever.position(world) == 50_000
    assert lever.at(world, -1) is None and lever.at(world, 10**19) is None
    moved = lever.at(world, 1)
    assert moved is not None and moved.client == {"price": Decimal("0.0001")}


def test_rows_are_added_and_taken_away() -> None:
    world = World({"clients": ({},), "orders": ({"note": "other", "amount": 1},)})
    lever = Lever("orders")
    more, none = lever.at(world, 3), lever.at(world, 0)
    assert more is not None and [row["note"] for row in more.rows["orders"]] == ["other", "other2", "other3"]
    assert none is not None and none.rows["orders"] == ()
    assert lever.at(world, 61) is None and lever.at(world, -1) is None


def test_every_row_moves_at_once() -> None:
    world = World({"clients": ({},), "orders": ({"amount": 1}, {"amount": 2})})
    assert world.moved(("orders", ALL, "amount"), 7).rows["orders"] == ({"amount": 7}, {"amount": 7})


def test_undoing_all_differences_one_by_one_leads_back() -> None:
    base = World({"clients": ({"a": 1, "b": 2},), "orders": ({"x": 1},)})
    world = World({"clients": ({"a": 9, "b": 8},), "orders": ({"x": 5}, {"x": 6})})
    while differences(world, base):
        world = min(resets(world, base), key=lambda one: differences(one, base))
    assert world.identity == base.identity


@pytest.mark.parametrize(
    ("operands", "expected"),
    [((Decimal("1.5"), 1), Decimal("0.5")), ((0.1, Decimal("0.1")), Decimal(0)), ((float("nan"), 1), None),
     ((None, 1), None), (("a", "b"), None),
     ((datetime.date(2026, 1, 2), datetime.date(2026, 1, 1)), Decimal(1)), ((True, False), None), ((1,), None)],
)  # fmt: skip
def test_differences_are_of_figures_and_dates(operands: tuple[object, ...], expected: Decimal | None) -> None:
    assert difference(operands) == expected


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (Field("f", Kind.MONEY), Decimal("1000.5000"), "1000.5"), (Field("f", Kind.NUMBER), Decimal("1E+3"), "1000"),
        (Field("f", Kind.DATE, format="%d.%m.%Y"), datetime.date(2026, 3, 1), "01.03.2026"),
        (Field("f", Kind.DATE), datetime.date(1, 1, 1), "0001-01-01"),
        (Field("f", Kind.DATE, format="%d/%m/%Y"), datetime.date(7, 1, 1), "01/01/0007"), (Field("f", Kind.DAYS), 1, "1 day"),
        (Field("f", Kind.DAYS), -30, "-30 days"), (Field("f", Kind.MONTHS), 12, "12 months"), (Field("f", Kind.BOOLEAN), True, "true"),
        (Field("f", Kind.BOOLEAN, true_words=("tak",), false_words=("nie",)), False, "nie"), (Field("f", Kind.TEXT), "żółw", "żółw"),
        (Field("f", Kind.INTEGER), -(2**63) + 1, str(-(2**63) + 1)), (Field("f", Kind.TEXT), None, None),
    ],
)  # fmt: skip
def test_a_value_is_written_as_its_contract_reads_it(field: Field, value: object, text: str | None) -> None:
    cell = cell_of(field, value)  # type: ignore[arg-type]
    assert cell.text == text
    assert value_of(field, cell) == value
