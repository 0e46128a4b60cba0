"""Made-up clients: typed values of one client and its rows, and of others beside it where the portfolio counts; cells and values.

A client of the contract comes from the contract alone: plausible values, where nothing is known of the data.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from ..model.cases import Cell, Row
from ..model.checked import CheckedPolicy
from ..model.expression import Expression, Portfolio, Scalar
from ..model.grid import SCALES, is_value, steps_of, value_at
from ..model.kind import Kind
from ..model.policy import Field, Policy, Table
from .boundaries import Interest, add_months, allows
from .patterns import sample_of

CLIENTS = "clients"
Values = Mapping[str, Scalar | None]
Spot = tuple[str, int, str]
"""Where a value stands: table, number of the row (ALL: the same in every row), field."""
ALL = -1
_SPAN = re.compile(r"([-+]?\d{1,15})(?: +(days?|weeks?|months?|years?))?")
_FACTORS = {"week": 7, "year": 12}
_TRUE = ("true", "t", "1", "yes", "y", "tak", "prawda")
_FALSE = ("false", "f", "0", "no", "n", "nie", "fałsz")
_TYPICAL: dict[Kind, Scalar] = {Kind.MONEY: Decimal(1000), Kind.NUMBER: Decimal(1), Kind.INTEGER: 1, Kind.DAYS: 0, Kind.MONTHS: 0}


@dataclass(frozen=True, slots=True)
class World:
    """The client that is looked at: its row under `clients` (one), its child rows under their tables. `others`: clients beside it."""

    rows: Mapping[str, tuple[Values, ...]]
    others: tuple[World, ...] = ()
    templates: Mapping[str, Values] = field(default_factory=dict)
    """What a first row of a table would be."""

    @property
    def client(self) -> Values:
        return self.rows[CLIENTS][0]

    @property
    def identity(self) -> tuple[object, ...]:
        """What two worlds that are the same share, and no other."""
        own = tuple((table, tuple(tuple(row.items()) for row in rows)) for table, rows in sorted(self.rows.items()))
        return (own, *(other.identity for other in self.others))

    def value(self, spot: Spot) -> Scalar | None:
        table, number, name = spot
        return self.rows[table][max(number, 0)].get(name)

    def spots(self, fields: Iterable[tuple[str, str]]) -> list[Spot]:
        """Where values of these fields stand."""
        return [(t, n, f) for t, f in fields for n, row in enumerate(self.rows.get(t, ())) if f in row]

    def moved(self, spot: Spot, value: Scalar | None) -> World:
        """With another value there."""
        table, number, name = spot
        rows = (({**row, name: value} if n == number or number == ALL else row) for n, row in enumerate(self.rows[table]))
        return replace(self, rows={**self.rows, table: tuple(rows)})

    def template(self, table: str) -> Values:
        """A row for the table."""
        rows = self.rows.get(table, ())
        return rows[0] if rows else self.templates.get(table, {})

    def with_rows(self, table: str, rows: Iterable[Values]) -> World:
        return replace(self, rows={**self.rows, table: tuple(rows)})


def from_contract(policy: Policy, fields: Iterable[Interest], as_of: datetime.date) -> World:
    """A plausible client with a row in each child table: whatever the fields, from their contracts."""
    rows: dict[str, dict[str, Scalar | None]] = {CLIENTS: {}}
    for one in fields:
        rows.setdefault(one.table, {})[one.field.name] = plausible(one, as_of)
    return World({table: (row,) for table, row in rows.items()}, templates=rows)


def plausible(one: Interest, as_of: datetime.date) -> Scalar | None:
    """A value in the middle of what the contract allows; the default of a blank, where it has one."""
    field = one.field
    if field.missing is not None:
        return field.missing
    if field.type is Kind.BOOLEAN:
        return False
    if field.one_of:
        return field.one_of[0]
    if field.type is Kind.TEXT:
        return next((v for v in reversed(one.values) if isinstance(v, str) and v not in one.exact), next(iter(one.values), None))
    if field.type is Kind.DATE:
        typical: Scalar = add_months(as_of, -30) if one.table == CLIENTS else add_months(as_of, -1)
    elif field.minimum is not None and field.maximum is not None:
        low, high = steps_of(field.minimum, field.type), steps_of(field.maximum, field.type)
        return value_at(_round_between(low, high, SCALES[field.type]), field.type)
    else:
        typical = _TYPICAL[field.type]
    if allows(field, typical):
        return typical
    return next((v for v in (field.minimum, field.maximum, *one.values) if v is not None and allows(field, v)), None)


def _round_between(low: int, high: int, scale: int) -> int:
    """The middle, as round as can be."""
    middle = (low + high) // 2
    grain = scale if high - low >= 10 * scale else max(1, scale // 10)
    rounded = middle // grain * grain
    return rounded if low <= rounded <= high else middle


def key_values(table: Table, number: int) -> dict[str, Scalar] | None:
    """The key of the number-th client (from 0); None where the contract allows none that can be made up."""
    made: dict[str, Scalar] = {}
    for name in table.key:
        field = table.field(name)
        value = None if field is None else _key_part(field, number)
        if value is None:
            return None
        made[name] = value
    return made


def _key_part(field: Field, number: int) -> Scalar | None:
    if field.one_of:
        return field.one_of[number] if number < len(field.one_of) else None
    letter = chr(ord("A") + number % 26) * (1 + number // 26)
    sample = None if field.pattern is None else sample_of(field.pattern)
    match field.type:
        case Kind.TEXT:
            texts = [letter, letter * 2, letter * 3, f"{letter}1", f"{letter}-1"]
            texts += [] if sample is None else [sample[:-1] + digit for digit in (str(number + 1), letter, letter.lower())]
            texts += [sample] if sample is not None and number == 0 else []
            return next((text for text in texts if allows(field, text)), None)
        case Kind.INTEGER | Kind.NUMBER | Kind.MONEY | Kind.DAYS | Kind.MONTHS:
            least = 1 if field.minimum is None else max(1, -(-steps_of(field.minimum, field.type) // SCALES[field.type]))
            value: Scalar = least + number if field.type is Kind.INTEGER or SCALES[field.type] == 1 else Decimal(least + number)
            return value if allows(field, value) else None
        case Kind.DATE:
            day = datetime.date(2020, 1, 1 + number)
            return day if allows(field, day) else None
        case _:
            return None


def value_of(field: Field, cell: Cell) -> Scalar | None:
    """The cell's value, as far as it is easily told; None for a blank, ValueError where it is not."""
    text = None if cell.text is None else cell.text.strip()
    if text is None or text == "" or text in field.missing_tokens:
        return None
    match field.type:
        case Kind.TEXT | Kind.UNKNOWN:
            return text
        case Kind.BOOLEAN:
            word = text.lower()
            if word in tuple(w.lower() for w in field.true_words or _TRUE):
                return True
            if word in tuple(w.lower() for w in field.false_words or _FALSE):
                return False
            raise ValueError(text)
        case Kind.DATE:
            return datetime.datetime.strptime(text, field.format or "%Y-%m-%d").date()
        case Kind.DAYS | Kind.MONTHS:
            found = _SPAN.fullmatch(text)
            if found is None:
                raise ValueError(text)
            return int(found[1]) * _FACTORS.get((found[2] or "").removesuffix("s"), 1)
        case _:
            return _figure(field, text)


def _figure(field: Field, text: str) -> Scalar:
    try:
        figure = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        raise ValueError(text) from None
    if not figure.is_finite() or abs(figure.adjusted()) > 30:
        raise ValueError(text)
    figure = figure.scaleb(-2) if text.endswith("%") else figure
    at = steps_of(figure, field.type)
    if not is_value(at, field.type):
        raise ValueError(text)
    return value_at(at, field.type)


def cell_of(field: Field, value: Scalar | None) -> Cell:
    """The value as a data file, and a test case, holds it: a date in the declared format, true and false in the declared words."""
    match value:
        case None:
            return Cell(None)
        case bool():
            words = field.true_words if value else field.false_words
            return Cell(words[0] if words else "true" if value else "false")
        case datetime.date():
            return Cell(_date_text(value, field.format) if field.format else value.isoformat())
        case int() if field.type in (Kind.DAYS, Kind.MONTHS):
            unit = field.type.value
            return Cell(f"{value} {unit.removesuffix('s') if abs(value) == 1 else unit}")
        case int() | Decimal():
            text = format(Decimal(value), "f")
            return Cell(text.rstrip("0").rstrip(".") if "." in text else text)
        case str():
            return Cell(value)


def _date_text(day: datetime.date, format_: str) -> str:
    """By the format; a year before 1000 with its zeros, which not every machine writes."""
    return day.strftime(format_.replace("%Y", f"{day.year:04}").replace("%-d", str(day.day)).replace("%-m", str(day.month)))


def rows_of(policy: Policy, world: World, *, named: bool) -> dict[str, tuple[Row, ...]] | None:
    """The world's rows as cells, every client with its key (and each child row with its client's); None where no key can be made up."""
    found: dict[str, list[Row]] = {table.name: [] for table in policy.tables}
    for number, one in enumerate((world, *world.others)):
        key = key_values(policy.clients, number)
        if key is None:
            return None
        for table in policy.tables:
            own: dict[str, Scalar] = {}
            if named:
                own = {mine: key[theirs] for mine, theirs in zip(table.key, policy.clients.key, strict=True)}
            for row in one.rows.get(table.name, ()):
                whole = {**own, **row}
                found[table.name].append({f.name: cell_of(f, whole[f.name]) for f in table.fields if f.name in whole})
    return {name: tuple(rows) for name, rows in found.items()}


def world_of(policy: Policy, rows: Mapping[str, tuple[Row, ...]], fields: Iterable[Interest], base: World) -> World | None:
    """A case of one client as a world, of these fields alone (what it leaves out is as in the base); None where a cell cannot be told."""
    kept: dict[str, list[Field]] = {CLIENTS: []}
    for one in fields:
        kept.setdefault(one.table, []).append(one.field)
    if len(rows.get(CLIENTS, ())) != 1:
        return None
    made: dict[str, tuple[Values, ...]] = {}
    try:
        for table, own in kept.items():
            template = base.template(table)
            made[table] = tuple(
                {f.name: value_of(f, row[f.name]) if f.name in row else template.get(f.name) for f in own} for row in rows.get(table, ())
            )
    except ValueError:
        return None
    return World(made, templates=base.templates)


def with_defaults(policy: Policy, world: World, defaults: Mapping[str, Row]) -> World:
    """The world with the cells of a test file's defaults, where they can be told."""
    for table, row in defaults.items():
        declared = policy.table(table)
        for name, cell in row.items():
            field = None if declared is None else declared.field(name)
            if field is not None and world.rows.get(table) and name in world.rows[table][0]:
                try:
                    world = world.moved((table, 0, name), value_of(field, cell))
                    world = replace(world, templates={**world.templates, table: world.rows[table][0]})
                except ValueError:
                    continue
    return world


def beside(checked: CheckedPolicy, condition: Expression, base: World, fields: Iterable[Interest]) -> tuple[World, ...]:
    """Other clients where the condition looks at the portfolio: like the base, with figures twice and half as large, and the same."""
    if not any(isinstance(node, Portfolio) for node in checked.reached(condition)):
        return ()
    alone = replace(base, others=())
    return tuple(_scaled(alone, tuple(fields), factor) for factor in (Decimal(2), Decimal(1), Decimal("0.5")))


def _scaled(base: World, fields: tuple[Interest, ...], factor: Decimal) -> World:
    for one in fields:
        if one.field.type in (Kind.MONEY, Kind.NUMBER, Kind.INTEGER):
            for spot in base.spots([(one.table, one.field.name)]):
                value = base.value(spot)
                if isinstance(value, int | Decimal):
                    scaled = value_at(int(steps_of(value, one.field.type) * factor), one.field.type)
                    base = base.moved(spot, scaled) if allows(one.field, scaled) else base
    return base
