"""Random policies as YAML text, and random clients with their rows for them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from selective_sales.model.kind import Kind
from tests.making.choices import Choices
from tests.making.expressions import Maker, Scope
from tests.making.schema import CLIENTS, ORDERS, Column, Value, cell
from tests.making.whole import score, table

PARAMETERS = """\
parameters:
  p_money: {value: 100, kind: money}
  p_number: 0.3
  p_integer: 3
  p_text: it
  p_date: "2026-01-31"
  p_days: 30 days
  p_months: 6 months
  p_flag: true
  p_dated: {values: {"2025-01-01": 60 days, "2026-11-22": 90 days, "2026-11-23": 1 day}}
  p_text_list: [it, public, "12"]
  p_integer_list: [1, 2, 3]
  p_money_list: {value: [100, 0.01, 1000], kind: money}
"""
NAMED_PARAMETERS = (
    Column("p_money", Kind.MONEY),
    Column("p_number", Kind.NUMBER),
    Column("p_integer", Kind.INTEGER),
    Column("p_text", Kind.TEXT),
    Column("p_date", Kind.DATE),
    Column("p_days", Kind.DAYS),
    Column("p_dated", Kind.DAYS),
    Column("p_months", Kind.MONTHS),
    Column("p_flag", Kind.BOOLEAN),
)
METRIC_KINDS = (Kind.NUMBER, Kind.MONEY, Kind.INTEGER, Kind.BOOLEAN, Kind.DATE, Kind.DAYS, Kind.TEXT)
DECISIONS = ("decline", "renegotiate", "flag", "keep", "develop")


@dataclass(frozen=True)
class Size:
    """How large a policy may get."""

    rules: int = 6
    metrics: int = 4
    depth: int = 2
    scores: int = 0
    tables: int = 0
    portfolio: bool = False
    dated: bool = False
    """Whether rules may have dates."""
    outcomes: bool = False
    """Whether there are figures, limits and guarantees."""


WHOLE = Size(scores=2, tables=2, portfolio=True, dated=True)
"""Everything that the language has."""


def policy(choices: Choices, size: Size, *, monotone: bool = False) -> str:
    """The YAML text of a policy that the checker accepts. Where `monotone`, no blank is ever given a meaning of its own."""
    calculated, total = _calculations(choices, monotone)
    home = Scope((*CLIENTS, calculated), (), NAMED_PARAMETERS, rows=(*ORDERS, total), monotone=monotone, portfolio=size.portfolio)
    metrics = _metrics(choices, size, home)
    scope = replace(home, names=tuple(Column(name, kind) for name, kind, _ in metrics))
    scores, tables, scope = _values(choices, size, scope)
    decisions = DECISIONS[: choices.whole(2, len(DECISIONS))]
    rules = [_rule(choices, scope, number, size, decisions) for number in range(choices.whole(1, size.rules))]
    strategy = choices.one(("most_severe", "first"))
    return "\n".join(
        [
            "format: 1",
            f"policy: {{id: made, version: '1', title: Made, languages: [en], currency: PLN, strategy: {strategy}}}",
            _tables(calculated, total),
            PARAMETERS + _metrics_section(choices, metrics) + scores + tables + _decisions(choices, decisions, monotone) + "rules:",
            *rules,
            *(_outcomes(choices, scope, decisions) if size.outcomes else ()),
            "",
        ]
    )


def _values(choices: Choices, size: Size, scope: Scope) -> tuple[str, str, Scope]:
    """The sections of scores and tables, each of which may use those before it; and the scope that has them too."""
    scores, tables = "", ""
    for number in range(choices.whole(0, size.scores)):
        scores += score(choices, scope, f"score_{number}")
        scope = replace(scope, names=(*scope.names, Column(f"score_{number}", Kind.NUMBER)))
    for number in range(choices.whole(0, size.tables)):
        text, outputs = table(choices, scope, f"table_{number}", number)
        tables += text
        scope = replace(scope, names=(*scope.names, *outputs))
    return f"scores:\n{scores}" if scores else "", f"tables:\n{tables}" if tables else "", scope


def _calculations(choices: Choices, monotone: bool) -> tuple[Column, Column]:
    """A calculated field of the clients and one of the orders."""
    client = Scope(parameters=NAMED_PARAMETERS, lists=False, monotone=monotone)
    order = replace(client, columns=ORDERS)
    kind = choices.one((Kind.MONEY, Kind.NUMBER))
    return (
        Column("calculated", kind, Maker(choices, client).of(kind, 1)),
        Column("total", Kind.MONEY, Maker(choices, order).of(Kind.MONEY, 1)),
    )


def _tables(calculated: Column, total: Column) -> str:
    lines = ["data:", "  clients:", "    key: id", "    fields:", "      id: text"]
    lines += [_column(c) for c in (*CLIENTS, calculated)]
    lines += ["  orders:", "    belongs_to: clients", "    key: id", "    fields:", "      id: text"]
    return "\n".join(lines + [_column(c) for c in (*ORDERS, total)])


def _column(column: Column) -> str:
    if not column.calculation:
        return f"      {column.name}: {column.kind.value}"
    return f"      {column.name}: {{type: {column.kind.value}, is: {scalar(column.calculation)}}}"


def _metrics(choices: Choices, size: Size, scope: Scope) -> list[tuple[str, Kind, str]]:
    made: list[tuple[str, Kind, str]] = []
    for number in range(choices.whole(0, size.metrics)):
        kind = choices.one(METRIC_KINDS)
        names = tuple(Column(name, k) for name, k, _ in made)
        here = replace(scope, names=names)
        made.append((f"metric_{number}", kind, Maker(choices, here).of(kind, size.depth)))
    return made


def _metrics_section(choices: Choices, metrics: list[tuple[str, Kind, str]]) -> str:
    if not metrics:
        return ""
    ordered = list(reversed(metrics)) if choices.often(50) else metrics
    return "metrics:\n" + "".join(f"  {name}: {scalar(text)}\n" for name, _, text in ordered)


def _decisions(choices: Choices, used: tuple[str, ...], monotone: bool) -> str:
    default = choices.one(used)
    lines = ["decisions:"]
    for name in used:
        unknown = choices.one(("hold", "hold", "apply", "skip")) if not monotone else "hold"
        mark = ", default: true" if name == default else ""
        lines.append(f"  {name}: {{title: {name}, when_unknown: {unknown}{mark}}}")
    return "\n".join(lines) + "\n"


def _rule(choices: Choices, scope: Scope, number: int, size: Size, decisions: tuple[str, ...]) -> str:
    maker, depth = Maker(choices, scope), size.depth
    lines = [f"  - id: rule-{number}", "    when: " + _nested(choices, maker, depth)]
    if choices.often(30):
        lines.append("    unless: " + _nested(choices, maker, depth - 1))
    if size.dated and choices.often(25):
        lines.append(choices.one(('    valid_from: "2026-11-23"', '    valid_from: "2026-11-22"', '    valid_until: "2026-11-21"')))
    return "\n".join([*lines, f"    then: {choices.one(decisions)}", "    reason: Because."])


def _outcomes(choices: Choices, scope: Scope, decisions: tuple[str, ...]) -> list[str]:
    """Figures over lists of clients, limits over those, guarantees."""
    inside = replace(scope, lists=False, portfolio=False)
    plain = replace(inside, columns=(), names=(), parameters=NAMED_PARAMETERS)

    def rows() -> str:
        condition = Maker(choices, inside).condition(1)
        tests = (f'decision = "{choices.one(decisions)}"', condition, f'decision != "undetermined" and {condition}')
        return f"clients[{choices.one(tests)}]" if choices.often(80) else "clients"

    lines = ["figures:"]
    for number in range(choices.whole(1, 4)):
        kind = choices.one((Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS))
        named = [c.name for c in (*inside.columns, *inside.names) if c.kind is kind]
        function = choices.one(("count", "sum", "mean", "median", "min", "max", "distinct_count"))
        value = f"count({rows()})" if function == "count" else f"{function}({rows()}.{choices.one(named)})"
        lines.append(f"  figure_{number}: {scalar(value)}")
    part = f"count({rows()}) <= {choices.one(('5%', '50%', 'p_number'))} * count(clients)"
    limit = f"count({rows()}) > {Maker(choices, plain).literal(Kind.INTEGER)} or {part}"
    lines += ["limits:", f"  - {{id: limit-0, require: {scalar(part)}}}", f"  - {{id: limit-1, require: {scalar(limit)}}}"]
    always = f'decision = "{choices.one(decisions)}" or {Maker(choices, inside).condition(1)}'
    return [*lines, "guarantees:", f"  - {{id: guarantee-0, always: {scalar(always)}}}"]


def _nested(choices: Choices, maker: Maker, depth: int) -> str:
    """A condition as one expression or as a nesting of all, any, none, at_least."""
    form = choices.one(("leaf", "leaf", "all", "any", "none", "at_least")) if depth > 0 else "leaf"
    if form == "leaf":
        return scalar(maker.condition(depth))
    items = [_nested(choices, maker, depth - 1) for _ in range(choices.whole(1, 3))]
    if form == "at_least":
        return f"{{at_least: {choices.whole(1, len(items))}, of: [{', '.join(items)}]}}"
    return f"{{{form}: [{', '.join(items)}]}}"


def scalar(text: str) -> str:
    """The text in YAML's single quotes."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class MadeClient:
    """One client's typed cells, its orders' cells; both without the key."""

    row: dict[str, Value]
    orders: tuple[dict[str, Value], ...]


def client(choices: Choices, *, rare: bool = True) -> MadeClient:
    """A client with up to four orders; some clients have no blanks, some many, and some (where `rare`) extreme values."""
    blanks, extremes = choices.one((0, 10, 40)), choices.one((0, 0, 15)) if rare else 0
    row = {c.name: cell(choices, c.kind, blanks=blanks, rare=extremes) for c in CLIENTS}
    orders = [{c.name: cell(choices, c.kind, blanks=blanks // 4, rare=extremes) for c in ORDERS} for _ in range(choices.whole(0, 4))]
    return MadeClient(row, tuple(orders))
