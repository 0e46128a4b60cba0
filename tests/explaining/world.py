"""A small policy, built by hand, with the rows that an explain query would give for it."""

from __future__ import annotations

import datetime
from decimal import Decimal

from selective_sales import explaining
from selective_sales.model.checked import CheckedMetric, CheckedPolicy, CheckedRule
from selective_sales.model.exceptions import PolicyException
from selective_sales.model.explanation import Explanation
from selective_sales.model.expression import (
    Aggregate,
    Arithmetic,
    AtLeast,
    Compare,
    Constant,
    Expression,
    FieldValue,
    MetricValue,
    Or,
    ParameterValue,
)
from selective_sales.model.kind import Kind
from selective_sales.model.place import Place
from selective_sales.model.policy import (
    Decision,
    Field,
    Metric,
    Parameter,
    Policy,
    Rule,
    SourceFile,
    Strategy,
    Table,
    WhenUnknown,
)
from selective_sales.model.queries import ExplainQuery, LeafColumns, RuleColumns
from selective_sales.model.text import Placeholder, Template, Texts

AS_OF = datetime.date(2026, 11, 22)
SOURCE = """rules:
  - id: unprofitable
    when: cost_to_serve > revenue
    unless: strategic
  - id: thin-margin
    when: margin   <
      5%
  - id: difficult
    when: {at_least: 2, of: [conflicts >= 3, payment_delay > 60 days]}
"""


def texts(pl: str, en: str) -> Texts:
    return Texts((("pl", template(pl)), ("en", template(en))))


def template(text: str) -> Template:
    """`{name}` and `{name:format}` become placeholders."""
    parts: list[str | Placeholder] = []
    for number, piece in enumerate(text.replace("}", "{").split("{")):
        name, _, format = piece.partition(":")
        parts.append(Placeholder(name, format) if number % 2 else piece)
    return Template(tuple(part for part in parts if part != ""))


def at(line: int, column: int, end_line: int, end_column: int) -> Place:
    return Place("policy.yaml", line, column, end_line, end_column)


MONEY, NUMBER, BOOLEAN, INTEGER, DAYS = Kind.MONEY, Kind.NUMBER, Kind.BOOLEAN, Kind.INTEGER, Kind.DAYS
REVENUE = FieldValue("clients", "revenue", kind=MONEY)
COST = FieldValue("clients", "cost_to_serve", kind=MONEY)
STRATEGIC = FieldValue("clients", "strategic", kind=BOOLEAN, place=at(4, 13, 4, 22))
CONFLICTS = FieldValue("clients", "conflicts", kind=INTEGER)
DELAY = FieldValue("clients", "payment_delay", kind=DAYS)
PROFIT = MetricValue("profit", kind=MONEY)
MARGIN = MetricValue("margin", kind=NUMBER)
FIVE_PERCENT = Constant(Decimal("0.05"), "5%", kind=NUMBER)
ORDERS = Aggregate("sum", "orders", None, FieldValue("orders", "amount", kind=MONEY), kind=MONEY)

COSTS_MORE = Compare(COST, ">", REVENUE, kind=BOOLEAN, place=at(3, 11, 3, 34))
THIN = Compare(MARGIN, "<", FIVE_PERCENT, kind=BOOLEAN, place=at(6, 11, 7, 9))
CONFLICT_LEAF = Compare(CONFLICTS, ">=", ParameterValue("most_conflicts", kind=INTEGER), kind=BOOLEAN)
DELAY_LEAF = Compare(DELAY, ">", Constant(60, "60 days", kind=DAYS), kind=BOOLEAN)
DIFFICULT: Expression = AtLeast(Constant(1, "1", kind=INTEGER), (CONFLICT_LEAF, DELAY_LEAF), kind=BOOLEAN)


def policy(*, hold: bool = True) -> Policy:
    fields = (
        Field("client_id", Kind.TEXT),
        Field("revenue", MONEY, label=texts("przychód", "revenue")),
        Field("cost_to_serve", MONEY, label=texts("koszt obsługi", "cost to serve")),
        Field("strategic", BOOLEAN, label=texts("klient strategiczny", "strategic client")),
        Field("conflicts", INTEGER, label=texts("konflikty", "conflicts")),
        Field("payment_delay", DAYS, label=texts("opóźnienie płatności", "payment delay")),
        Field("gender", Kind.TEXT, protected=True),
    )
    when_unknown = WhenUnknown.HOLD if hold else WhenUnknown.APPLY
    return Policy(
        id="services-portfolio",
        version="2026.4",
        title=texts("Portfel klientów", "Client portfolio"),
        owner="sales-director@example.com",
        languages=("pl", "en"),
        currency="PLN",
        strategy=Strategy.MOST_SEVERE,
        tables=(Table("clients", ("client_id",), fields),),
        parameters=(Parameter("most_conflicts", INTEGER, 3, title=texts("dopuszczalna liczba konfliktów", "conflicts allowed")),),
        metrics=(
            Metric("profit", Arithmetic(REVENUE, "-", COST), title=texts("zysk", "profit")),
            Metric("margin", Arithmetic(PROFIT, "/", REVENUE), title=texts("marża", "margin"), format="percent"),
            Metric("ordered", ORDERS),
        ),
        decisions=(
            Decision("decline", title=texts("odmowa", "decline"), approval_required=True, letter="decline"),
            Decision("renegotiate", title=texts("renegocjacja", "renegotiate")),
            Decision("flag", title=texts("do wyjaśnienia", "flag"), when_unknown=when_unknown),
            Decision("keep", title=texts("utrzymanie", "keep"), default=True),
        ),
        rules=(
            Rule(
                "unprofitable",
                COSTS_MORE,
                "decline",
                unless=STRATEGIC,
                title=texts("Nierentowny", "Unprofitable"),
                reason=texts(
                    "Koszt obsługi {cost_to_serve} przekracza przychód {revenue}.",
                    "Serving cost {cost_to_serve}, more than the revenue of {revenue}.",
                ),
                source=texts("Strategy 2026, section 3", "Strategy 2026, section 3"),
            ),
            Rule(
                "thin-margin",
                THIN,
                "renegotiate",
                title=texts("Niska marża", "Thin margin"),
                reason=texts("Marża wynosi {margin}.", "The margin is {margin}."),
            ),
            Rule(
                "difficult",
                DIFFICULT,
                "flag",
                title=texts("Trudna współpraca", "A difficult relationship"),
                reason=texts("Współpraca jest trudna i wymaga rozmowy.", "The relationship is difficult."),
            ),
        ),
        sources=(SourceFile("policy.yaml", "0" * 64, SOURCE),),
    )


def checked(*, hold: bool = True) -> CheckedPolicy:
    made = policy(hold=hold)
    kinds = {"profit": MONEY, "margin": NUMBER, "ordered": MONEY}
    return CheckedPolicy(
        policy=made,
        calculations=(),
        metrics=tuple(CheckedMetric(m.name, kinds[m.name], m.expression, title=m.title, format=m.format) for m in made.metrics),
        metric_order=("ordered", "profit", "margin"),
        rules=tuple(CheckedRule(r.id, r.then, r.when, r.unless) for r in made.rules),
    )


def query() -> ExplainQuery:
    return ExplainQuery(
        prelude=(),
        sql="",
        key=("client_id",),
        fields=(
            ("client_id", Kind.TEXT, "client_id"),
            ("revenue", MONEY, "f1"),
            ("cost_to_serve", MONEY, "f2"),
            ("strategic", BOOLEAN, "f3"),
            ("conflicts", INTEGER, "f4"),
            ("payment_delay", DAYS, "f5"),
        ),
        aggregates=((ORDERS, "a1"),),
        metrics=(("profit", MONEY, "m1"), ("margin", NUMBER, "m2"), ("ordered", MONEY, "a1")),
        rules=(
            RuleColumns(
                "unprofitable",
                "r1",
                (
                    LeafColumns(COSTS_MORE, False, "r1_l1", ((COST, "f2"), (REVENUE, "f1")), "r1_x1"),
                    LeafColumns(STRATEGIC, True, "r1_l2", ((STRATEGIC, "f3"),), "r1_x2"),
                ),
            ),
            RuleColumns("thin-margin", "r2", (LeafColumns(THIN, False, "r2_l1", ((MARGIN, "m2"),), "r2_x1"),)),
            RuleColumns(
                "difficult",
                "r3",
                (
                    LeafColumns(CONFLICT_LEAF, False, "r3_l1", ((CONFLICTS, "f4"),), "r3_x1"),
                    LeafColumns(DELAY_LEAF, False, "r3_l2", ((DELAY, "f5"),), "r3_x2"),
                ),
            ),
        ),
    )


def rows(
    revenue: str | None = "10000",
    cost: str | None = "9480",
    *,
    strategic: bool | None = False,
    conflicts: int | None = 1,
    delay: int | None = 14,
    client: str = "C-0017",
    hold: bool = True,
) -> tuple[dict[str, object], dict[str, object]]:
    """The explain row and the decision row of one client: what the compiled query would say, worked out by hand with None as unknown."""
    r, c = (None if x is None else Decimal(x).quantize(Decimal("0.0001")) for x in (revenue, cost))
    profit = None if r is None or c is None else r - c
    margin = None if profit is None or not r else float(round(profit / r, 9))
    more = None if r is None or c is None else c > r
    thin = None if margin is None else margin < 0.05
    fights = None if conflicts is None else conflicts >= 3
    late = None if delay is None else delay > 60
    row: dict[str, object] = {
        "client_id": client, "f1": r, "f2": c, "f3": strategic, "f4": conflicts, "f5": delay, "a1": Decimal("120.5000"),
        "m1": profit, "m2": margin,
        "r1": _and(more, _not(strategic)), "r1_l1": more, "r1_x1": _and(_not(more), _not(strategic)),
        "r1_l2": strategic, "r1_x2": _and(more, strategic),
        "r2": thin, "r2_l1": thin, "r2_x1": _not(thin),
        "r3": _or(fights, late), "r3_l1": fights, "r3_x1": _or(_not(fights), late), "r3_l2": late, "r3_x2": _or(fights, _not(late)),
    }  # fmt: skip
    outcomes = {"unprofitable": row["r1"], "thin-margin": row["r2"], "difficult": row["r3"]}
    return row, _decided(outcomes, hold)


def _decided(outcomes: dict[str, object], hold: bool) -> dict[str, object]:
    then = {"unprofitable": "decline", "thin-margin": "renegotiate", "difficult": "flag"}
    fired = [rule for rule, outcome in outcomes.items() if outcome]
    blank = [rule for rule, outcome in outcomes.items() if outcome is None]
    applied = [rule for rule in blank if rule == "difficult" and not hold]
    unknown = [rule for rule in blank if rule not in applied]
    order = list(then)
    base = min((*fired, *applied), key=order.index, default=None)
    decision, decided_by = ("keep", "default") if base is None else (then[base], base)
    matter = [rule for rule in unknown if base is None or order.index(rule) < order.index(base)]
    possible = [d for d in (*then.values(), "keep") if d == decision or d in {then[rule] for rule in matter}] if matter else []
    if matter:
        decision, decided_by = "undetermined", "unknown"
    return {
        "decision": decision, "policy_decision": decision, "decided_by": decided_by, "fired": fired, "applied": applied,
        "unknown": unknown, "missing_because": ["cost_to_serve"] if matter else None, "possible_decisions": possible or None,
    }  # fmt: skip


def explanation(*, exception: PolicyException | None = None, hold: bool = True, **values: object) -> Explanation:
    row, decision_row = rows(hold=hold, **values)  # type: ignore[arg-type]
    if exception is not None:
        decision_row |= {"decision": exception.decision, "decided_by": "exception"}
    return explaining.explain(checked(hold=hold), query(), row, decision_row, run_id="2026-11-22-3f9a", as_of=AS_OF, exception=exception)


def exception(decision: str = "keep") -> PolicyException:
    return PolicyException(("C-0017",), decision, "Contract in force until the end of the year", "Anna Nowak", datetime.date(2026, 12, 31))


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _or(a: bool | None, b: bool | None) -> bool | None:
    return _not(_and(_not(a), _not(b)))


__all__ = ["Or", "checked", "exception", "explanation", "query", "rows"]
