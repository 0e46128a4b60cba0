"""Random expressions as an author would type them: a kind in, a text out that has this kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from selective_sales.model.kind import Kind
from tests.making.choices import Choices
from tests.making.schema import CLIENTS, DATE, DAYS, INTEGER, MONEY, MONTHS, NUMBER, ORDERS, TEXT, Column

COMPARISONS = ("<", ">=", "=", "!=", "<=", ">")


@dataclass(frozen=True)
class Scope:
    """What may be named here. `inside` is True in the brackets of a child list; `lists` allows child lists.

    `monotone` leaves out what may answer differently when a blank is filled in: `is missing` and `coalesce`.
    """

    columns: tuple[Column, ...] = CLIENTS
    names: tuple[Column, ...] = ()
    parameters: tuple[Column, ...] = field(default=())
    rows: tuple[Column, ...] = ORDERS
    inside: bool = False
    lists: bool = True
    monotone: bool = False
    portfolio: bool = False
    """Whether functions over all clients may stand here."""

    def within(self) -> Scope:
        """The scope inside `orders[...]`: the row's own fields, and the client's that no field of the row hides."""
        return replace(self, columns=self.rows, inside=True, lists=False, portfolio=False)


@dataclass(frozen=True)
class Maker:
    """Makes texts for one scope."""

    choices: Choices
    scope: Scope

    def of(self, kind: Kind, depth: int) -> str:
        """An expression of the kind, a bare name at depth 0."""
        if depth <= 0 or self.choices.often(30):
            return self.name(kind)
        match kind:
            case Kind.BOOLEAN:
                return f"({self.condition(depth)})"
            case Kind.MONEY:
                return self._one_of(kind, depth, self._money)
            case Kind.NUMBER | Kind.INTEGER:
                return self._one_of(kind, depth, self._number)
            case Kind.TEXT:
                return self._one_of(kind, depth, self._text)
            case Kind.DATE:
                return self._one_of(kind, depth, self._date)
            case _:
                return self._one_of(kind, depth, self._span)

    def name(self, kind: Kind) -> str:
        """Something named: a field, a parameter, a metric; inside brackets sometimes the client's field by its full name."""
        named = [c.name for c in (*self.scope.columns, *self.scope.names) if c.kind is kind]
        if kind is Kind.NUMBER:
            named += [c.name for c in self.scope.columns if c.kind is Kind.INTEGER]
        if self.scope.inside:
            named += [f"client.{c.name}" for c in CLIENTS if c.kind is kind]
        if not named or self.choices.often(15):
            named = [c.name for c in self.scope.parameters if c.kind is kind]
            named += ["as_of"] * (kind is Kind.DATE)
        return self.choices.one(named)

    def literal(self, kind: Kind) -> str:
        """A written value of the kind."""
        choices = self.choices
        match kind:
            case Kind.MONEY:
                return choices.one(MONEY)
            case Kind.NUMBER:
                return choices.one((*NUMBER, "5%", "33.3%", "1_000"))
            case Kind.INTEGER:
                return str(choices.one(INTEGER))
            case Kind.TEXT:
                return quoted(choices.one(TEXT))
            case Kind.BOOLEAN:
                return choices.one(("true", "false"))
            case Kind.DATE:
                return choices.one(DATE)
            case Kind.DAYS:
                return f"{choices.one(DAYS)} days"
            case _:
                return f"{choices.one(MONTHS)} months"

    def value(self, kind: Kind, depth: int) -> str:
        """An expression of the kind or a literal: for places that tell a literal its kind."""
        return self.literal(kind) if self.choices.often(35) else self.of(kind, depth)

    def divisor(self, kind: Kind, depth: int) -> str:
        """A value that is not written as zero."""
        value = self.value(kind, depth)
        return "2" if value == "0" else value

    def _one_of(self, kind: Kind, depth: int, own: Callable[[Kind, int], str]) -> str:
        if self.choices.often(30):
            return self._any_kind(kind, depth - 1)
        return own(kind, depth - 1)

    def _portfolio(self, kind: Kind, depth: int) -> str:
        """A portfolio function of the kind, sometimes within groups."""
        choices = self.choices
        if kind is Kind.INTEGER:
            function, of = "rank", choices.one((Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DATE, Kind.DAYS))
        elif kind is Kind.MONEY or choices.often(25):
            function, of = choices.one(("total", "average", "median")), kind
        else:
            function = choices.one(("share", "percentile", "cumulative_share", "cumulative_share_before"))
            of = choices.one((Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS))
        groups = [c.name for c in (*self.scope.columns, *self.scope.names) if c.kind in (Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER)]
        within = f" within {choices.one(groups)}" if groups and choices.often(40) else ""
        return f"{function}({self.of(of, depth)}{within})"

    def _any_kind(self, kind: Kind, depth: int) -> str:
        forms = ["if", "extreme"]
        if not self.scope.monotone:
            forms.append("coalesce")
        if self.scope.lists:
            forms.append("list")
        if self.scope.portfolio and kind in (Kind.MONEY, Kind.NUMBER, Kind.INTEGER):
            forms += ["portfolio", "portfolio"]
        match self.choices.one(forms):
            case "if":
                other = "missing" if self.choices.often(10) else self.value(kind, depth)
                return f"(if {self.condition(depth)} then {self.of(kind, depth)} else {other})"
            case "coalesce":
                return f"coalesce({self.of(kind, depth)}, {self.value(kind, depth)})"
            case "list":
                return self._list(kind, depth)
            case "portfolio":
                return self._portfolio(kind, depth)
            case _ if kind is Kind.TEXT:
                return f"lower({self.of(kind, depth)})"
            case _:
                return f"{self.choices.one(('min', 'max'))}({self.of(kind, depth)}, {self.value(kind, depth)})"

    def _list(self, kind: Kind, depth: int) -> str:
        rows = "orders"
        if self.choices.often(60):
            rows += f"[{Maker(self.choices, self.scope.within()).condition(min(depth, 1))}]"
        columns = [c.name for c in self.scope.rows if c.kind is kind]
        if kind is Kind.NUMBER and self.choices.often(30):
            return f"{self.choices.one(('mean', 'median'))}({rows}.quantity)"
        if kind in (Kind.NUMBER, Kind.INTEGER) and self.choices.often(50):
            return self.choices.one((f"count({rows})", f"distinct_count({rows}.status)", f"distinct_count({rows}.price)"))
        if not columns:
            return self.name(kind)
        column = self.choices.one(columns)
        functions = {
            Kind.MONEY: ("sum", "mean", "min", "max", "median"),
            Kind.NUMBER: ("sum", "mean", "min", "max", "median"),
            Kind.INTEGER: ("sum", "min", "max"),
            Kind.DAYS: ("sum", "min", "max", "mean", "median"),
            Kind.DATE: ("min", "max"),
        }.get(kind, ("latest",))
        function = self.choices.one((*functions, "latest"))
        return f"latest({rows}.{column} by ordered_on)" if function == "latest" else f"{function}({rows}.{column})"

    def _money(self, kind: Kind, depth: int) -> str:
        m = self.of(kind, depth)
        match self.choices.whole(0, 6):
            case 0:
                return f"({m} + {self.value(kind, depth)})"
            case 1:
                return f"({m} - {self.value(kind, depth)})"
            case 2:
                return f"({m} * {self.value(Kind.NUMBER, depth)})"
            case 3:
                return f"({self.of(Kind.NUMBER, depth)} * {m})"
            case 4:
                return f"({m} / {self.divisor(Kind.NUMBER, depth)})"
            case 5:
                return f"-{m}" if not m.startswith("-") else m
            case _:
                return self.choices.one((f"abs({m})", f"round({m}, 2)", f"round({m})", f"floor({m})", f"ceiling({m})"))

    def _number(self, kind: Kind, depth: int) -> str:
        x = self.of(kind, depth)
        match self.choices.whole(0, 7 if kind is Kind.NUMBER else 3):
            case 0:
                return f"({x} + {self.value(kind, depth)})"
            case 1:
                return f"({x} - {self.value(kind, depth)})"
            case 2:
                return f"({x} * {self.value(kind, depth)})"
            case 3:
                return self._counted(depth) if kind is Kind.INTEGER else f"({x} / {self.divisor(kind, depth)})"
            case 4:
                return f"({self.of(Kind.MONEY, depth)} / {self.of(Kind.MONEY, depth)})"
            case 5:
                return f"({self.of(Kind.INTEGER, depth)} / {self.of(Kind.INTEGER, depth)})"
            case 6:
                return f"({self.of(Kind.DAYS, depth)} / {self.of(Kind.DAYS, depth)})"
            case _:
                return self.choices.one(
                    (f"abs({x})", f"round({x}, 2)", f"round({x})", f"floor({x})", f"ceiling({x})", f"-{self.name(kind)}")
                )

    def _counted(self, depth: int) -> str:
        day, other = self.of(Kind.DATE, depth), self.value(Kind.DATE, depth)
        text = self.of(Kind.TEXT, depth)
        dates = f"{day}, {other}"
        return self.choices.one((f"months_between({dates})", f"days_between({dates})", f"year({day})", f"month({day})", f"length({text})"))

    def _text(self, kind: Kind, depth: int) -> str:
        t = self.of(kind, depth)
        start, length = self.choices.whole(1, 3), self.choices.whole(1, 3)
        joined = f"({t} + {self.value(kind, depth)})"
        return self.choices.one((f"lower({t})", f"upper({t})", f"trim({t})", f"substring({t}, {start}, {length})", joined))

    def _date(self, kind: Kind, depth: int) -> str:
        d = self.of(kind, depth)
        match self.choices.whole(0, 4):
            case 0:
                return f"({d} + {self.value(Kind.DAYS, 0)})"
            case 4:
                return f"date({self.of(Kind.TEXT, 0)})"
            case 1:
                return f"({d} - {self.value(Kind.DAYS, 0)})"
            case 2:
                return f"({d} + {self.value(Kind.MONTHS, 0)})"
            case _:
                return f"({d} - {self.value(Kind.MONTHS, 0)})"

    def _span(self, kind: Kind, depth: int) -> str:
        s = self.of(kind, depth)
        match self.choices.whole(0, 3):
            case 0:
                return f"({s} + {self.value(kind, depth)})"
            case 1:
                return f"({s} * {self.value(Kind.INTEGER, depth)})"
            case 2 if kind is Kind.DAYS:
                return f"({self.of(Kind.DATE, depth)} - {self.of(Kind.DATE, depth)})"
            case 3 if kind is Kind.DAYS:
                return f"({s} * {self.value(Kind.NUMBER, depth)})"
            case _:
                return f"({s} - {self.value(kind, depth)})"

    def condition(self, depth: int) -> str:
        """A boolean expression, without parentheses of its own."""
        if depth > 0 and self.choices.often(35):
            return self._joined(depth - 1)
        form = self.choices.one(("compare", "compare", "compare", "in", "between", "boolean", "text", "missing"))
        if form == "missing" and self.scope.monotone:
            form = "compare"
        kind = self.choices.one((Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.TEXT, Kind.DATE, Kind.DAYS))
        match form:
            case "compare":
                return f"{self.of(kind, depth)} {self.choices.one(COMPARISONS)} {self.value(kind, depth)}"
            case "in":
                return self._in(kind, depth)
            case "between":
                return f"{self.of(kind, depth)} between {self.literal(kind)} and {self.value(kind, 0)}"
            case "boolean":
                flag = self.of(Kind.BOOLEAN, 0)
                return self.choices.one((flag, f"{flag} = {self.literal(Kind.BOOLEAN)}", f"{flag} != {self.name(Kind.BOOLEAN)}"))
            case "text":
                return self._text_condition(depth)
            case _:
                return f"{self.of(kind, depth)} is {self.choices.one(('missing', 'present'))}"

    def _joined(self, depth: int) -> str:
        left, right = self.condition(depth), self.condition(depth)
        match self.choices.whole(0, 3):
            case 0:
                return f"({left}) and ({right})"
            case 1:
                return f"({left}) or ({right})"
            case 2:
                return f"not ({left})"
            case _:
                return f"(if {left} then {self.of(Kind.BOOLEAN, 0)} else ({right}))"

    def _in(self, kind: Kind, depth: int) -> str:
        x, word = self.of(kind, depth), self.choices.one(("in", "not in"))
        match self.choices.whole(0, 3):
            case 0:
                return f"{x} {word} [{self.literal(kind)}, {self.value(kind, 0)}, {self.literal(kind)}]"
            case 1:
                ends = self.choices.one(("[]", "[)", "(]", "()"))
                return f"{x} {word} {ends[0]}{self.literal(kind)}..{self.value(kind, 0)}{ends[1]}"
            case 2:
                below, interval = f"{self.choices.one(COMPARISONS)} {self.value(kind, 0)}", f"[{self.literal(kind)}..{self.name(kind)})"
                return f"{x} {word} ({self.literal(kind)}, {below}, {interval})"
            case _ if kind in (Kind.TEXT, Kind.INTEGER, Kind.MONEY):
                return f"{x} {word} p_{kind.value}_list"
            case _:
                return f"{x} {word} [{self.literal(kind)}]"

    def _text_condition(self, depth: int) -> str:
        t, part = self.of(Kind.TEXT, depth), self.value(Kind.TEXT, 0)
        pattern = self.choices.one(('"^[a-z]+$"', '"o"', r'"\\d{2}"', '"ó|x"'))
        return self.choices.one(
            (f"contains({t}, {part})", f"starts_with({t}, {part})", f"ends_with({t}, {part})", f"matches({t}, {pattern})")
        )


def quoted(text: str) -> str:
    """The text as a literal of the language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
