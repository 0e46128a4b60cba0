"""Every function of the language with its signature: what it takes, what it gives, and the words for messages.

Row functions work on one client's (or one row's) values. `abs`, `round`, `floor` and `ceiling` keep the kind of their argument: of
money they give money, of a number a number (an integer stays an integer). `length`, `year`, `month`, `days_between` and
`months_between` are whole numbers. List functions work on the rows of a child table that belong to the client. Portfolio functions see
one value of the client among those of all clients.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..model.kind import Kind

_AMOUNTS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER})
_SUMMED = _AMOUNTS | {Kind.DAYS, Kind.MONTHS}
_ORDERED = _SUMMED | {Kind.DATE, Kind.TEXT}
_ANY = frozenset(Kind) - {Kind.UNKNOWN}
_TEXT = frozenset({Kind.TEXT})
_WHOLE = frozenset({Kind.INTEGER})
_DATE = frozenset({Kind.DATE})


class Gives(Enum):
    """How the result's kind follows from the arguments where it is not always the same."""

    SAME = "the kind of the argument"
    MEAN = "the kind of the argument, and a number for integers"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: the kinds it takes, and its words in a message."""

    kinds: frozenset[Kind]
    words: str


@dataclass(frozen=True, slots=True)
class RowFunction:
    """`arguments` in order; the last `optional` ones may be left out; `many`: the first repeats, twice or more, in one kind."""

    name: str
    usage: str
    arguments: tuple[Argument, ...]
    gives: Kind | Gives
    optional: int = 0
    many: bool = False

    @property
    def least(self) -> int:
        return 2 if self.many else len(self.arguments) - self.optional

    @property
    def most(self) -> int | None:
        return None if self.many else len(self.arguments)


@dataclass(frozen=True, slots=True)
class ListFunction:
    """A function over `table[condition].column`. `column` is None for `count`, which counts rows; `by`: it needs `by column`."""

    name: str
    usage: str
    does: str
    column: Argument | None
    gives: Kind | Gives
    by: Argument | None = None


_amount = Argument(_AMOUNTS, "an amount of money or a number")
_summed = Argument(_SUMMED, "an amount of money, a number or a span of time")
_ordered = Argument(_ORDERED, "an amount of money, a number, a date, a span of time or text")
_any = Argument(_ANY, "any value")
_text = Argument(_TEXT, "text")
_whole = Argument(_WHOLE, "a whole number")
_date = Argument(_DATE, "a date")
_moment = Argument(_DATE | {Kind.INTEGER, Kind.NUMBER}, "a date or a number")

ROW_FUNCTIONS = {
    f.name: f
    for f in (
        RowFunction("abs", "abs(x)", (_summed,), Gives.SAME),
        RowFunction("round", "round(x) or round(x, digits)", (_amount, _whole), Gives.SAME, optional=1),
        RowFunction("floor", "floor(x)", (_amount,), Gives.SAME),
        RowFunction("ceiling", "ceiling(x)", (_amount,), Gives.SAME),
        RowFunction("min", "min(a, b)", (_ordered,), Gives.SAME, many=True),
        RowFunction("max", "max(a, b)", (_ordered,), Gives.SAME, many=True),
        RowFunction("coalesce", "coalesce(x, value_if_missing)", (_any,), Gives.SAME, many=True),
        RowFunction("lower", "lower(x)", (_text,), Kind.TEXT),
        RowFunction("upper", "upper(x)", (_text,), Kind.TEXT),
        RowFunction("trim", "trim(x)", (_text,), Kind.TEXT),
        RowFunction("length", "length(x)", (_text,), Kind.INTEGER),
        RowFunction("contains", 'contains(x, "part")', (_text, _text), Kind.BOOLEAN),
        RowFunction("starts_with", 'starts_with(x, "start")', (_text, _text), Kind.BOOLEAN),
        RowFunction("ends_with", 'ends_with(x, "end")', (_text, _text), Kind.BOOLEAN),
        RowFunction("substring", "substring(x, start, length)", (_text, _whole, _whole), Kind.TEXT),
        RowFunction("matches", 'matches(x, "pattern")', (_text, _text), Kind.BOOLEAN),
        RowFunction("number", "number(x)", (_text,), Kind.NUMBER),
        RowFunction("date", "date(x)", (_text,), Kind.DATE),
        RowFunction("year", "year(d)", (_date,), Kind.INTEGER),
        RowFunction("month", "month(d)", (_date,), Kind.INTEGER),
        RowFunction("days_between", "days_between(a, b)", (_date, _date), Kind.INTEGER),
        RowFunction("months_between", "months_between(a, b)", (_date, _date), Kind.INTEGER),
    )
}

LIST_FUNCTIONS = {
    f.name: f
    for f in (
        ListFunction("sum", "sum({t}[condition].{c})", "adds up", _summed, Gives.SAME),
        ListFunction("mean", "mean({t}[condition].{c})", "averages", _summed, Gives.MEAN),
        ListFunction("median", "median({t}[condition].{c})", "takes the middle of", _summed, Gives.MEAN),
        ListFunction("min", "min({t}[condition].{c})", "takes the smallest of", _ordered, Gives.SAME),
        ListFunction("max", "max({t}[condition].{c})", "takes the largest of", _ordered, Gives.SAME),
        ListFunction("stddev", "stddev({t}[condition].{c})", "measures the spread of", _amount, Gives.MEAN),
        ListFunction("count", "count({t}[condition])", "counts", None, Kind.INTEGER),
        ListFunction("distinct_count", "distinct_count({t}[condition].{c})", "counts the different values of", _any, Kind.INTEGER),
        ListFunction("latest", "latest({t}[condition].{c} by date_column)", "takes the last of", _any, Gives.SAME, by=_moment),
    )
}


@dataclass(frozen=True, slots=True)
class PortfolioFunction:
    """A function of one value of each client, seen among all clients of the run."""

    name: str
    does: str
    argument: Argument
    gives: Kind | Gives


_placed = Argument(_SUMMED | _DATE, "an amount of money, a number, a date or a span of time")

PORTFOLIO_FUNCTIONS = {
    f.name: f
    for f in (
        PortfolioFunction("total", "adds up", _summed, Gives.SAME),
        PortfolioFunction("average", "averages", _summed, Gives.MEAN),
        PortfolioFunction("median", "takes the middle of", _summed, Gives.MEAN),
        PortfolioFunction("share", "divides by the total of", _summed, Kind.NUMBER),
        PortfolioFunction("rank", "ranks by", _placed, Kind.INTEGER),
        PortfolioFunction("percentile", "ranks by", _placed, Kind.NUMBER),
        PortfolioFunction("cumulative_share", "adds up, the largest first,", _summed, Kind.NUMBER),
        PortfolioFunction("cumulative_share_before", "adds up, the largest first,", _summed, Kind.NUMBER),
    )
}

OTHER_WORDS = {
    "average": "mean({t}.{c})",
    "avg": "mean({t}.{c})",
    "running_total": "cumulative_share(x)",
    "cumsum": "cumulative_share(x)",
    "percent_of_total": "share(x)",
    "ratio_to_report": "share(x)",
    "percent_rank": "percentile(x)",
    "percentrank": "percentile(x)",
    "quantile": "percentile(x) <= 25%",
    "ntile": "percentile(x) <= 25%",
    "row_number": "rank(x)",
    "dense_rank": "rank(x)",
    "stdev": "stddev({t}.{c})",
    "distinct": "distinct_count({t}.{c})",
    "countif": "count({t}[condition])",
    "sumif": "sum({t}[condition].{c})",
    "last": "latest({t}.{c} by date_column)",
    "ceil": "ceiling(x)",
    "int": "floor(x)",
    "trunc": "floor(x)",
    "len": "length(x)",
    "substr": "substring(x, start, length)",
    "mid": "substring(x, start, length)",
    "lowercase": "lower(x)",
    "uppercase": "upper(x)",
    "lcase": "lower(x)",
    "ucase": "upper(x)",
    "regexp_matches": 'matches(x, "pattern")',
    "like": 'contains(x, "part")',
    "nvl": "coalesce(x, value_if_missing)",
    "ifnull": "coalesce(x, value_if_missing)",
    "iferror": "coalesce(x, value_if_missing)",
    "isnull": "x is missing",
    "isblank": "x is missing",
    "is_missing": "x is missing",
    "today": "as_of, the date of the run",
    "now": "as_of, the date of the run",
    "datediff": "days_between(a, b), or a - b",
    "datedif": "months_between(a, b)",
    "day": "a duration is written 1 day",
    "days": "a duration is written 90 days",
    "months": "a duration is written 12 months",
    "years": "a duration is written 2 years",
    "iif": "if condition then a else b",
    "sqrt": "x ** 0.5",
    "power": "x ** y",
    "pow": "x ** y",
}
"""What other languages and spreadsheets call these things; `{t}` and `{c}` are a table and a column of the policy."""


def result(gives: Kind | Gives, of: Kind) -> Kind:
    """The kind of the result for an argument of kind `of`."""
    match gives:
        case Gives.SAME:
            return of
        case Gives.MEAN:
            return Kind.NUMBER if of is Kind.INTEGER else of
        case Kind():
            return gives
