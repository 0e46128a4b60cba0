"""CheckedPolicy in, out the query that decides changed copies of clients: what explanations try, to say what would have to change.

A scenario is a copy of the portfolio (or, where nothing looks at the portfolio, of the one client) in which one field of one client
differs. The copies come from a run's facts: fields and the results of list functions are given, all else is calculated again.
"""

from __future__ import annotations

import dataclasses
import datetime

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Expression, MetricValue, Portfolio, children, walk
from ..model.kind import Kind
from ..model.plan import Query
from ..model.policy import Field
from ..model.sql import quote_name
from .decide import DecideSelect, result_columns
from .facts import FactsSelect, fact_columns, of_facts
from .macros import macro_statements
from .plan import Setting, found, plan

SCENARIOS = "run.scenarios"


def scenario_query(checked: CheckedPolicy, as_of: datetime.date, column: str, *, exceptions: bool = False, reasons: bool = True) -> Query:
    """Decides the rows of `run.scenarios`: the facts' columns and, first in the key, `column` with the scenario.

    Without `reasons` what an undetermined client waits for is not asked: of a large policy that is more than half of the text.
    `facts` reads `run.scenarios`, `decide` what `facts` gives as `run.facts`, and `run.exceptions` with the scenario as "key 0".
    """
    checked = of_facts(checked)
    layers = plan(checked, Setting(column))
    clients = checked.policy.clients
    wider = dataclasses.replace(clients, key=(column, *clients.key), fields=(Field(column, Kind.TEXT), *clients.fields))
    policy = dataclasses.replace(checked.policy, tables=(wider, *checked.policy.tables[1:]))
    whole = dataclasses.replace(checked, policy=policy)
    again = [c.field for c in checked.calculations if c.table == "clients"] + [c.name for c in layers.portfolios]
    left_out = f" EXCLUDE ({', '.join(map(quote_name, dict.fromkeys(again)))})" if again else ""
    facts = FactsSelect(whole, layers, as_of, given=f"(SELECT *{left_out} FROM {SCENARIOS})").build()
    decide = DecideSelect(whole, layers, as_of, exceptions, reasons=reasons)
    select = decide.build()
    return Query((*macro_statements(), *decide.variables), facts, select, fact_columns(whole, layers), result_columns(whole), wider.key)


def looks_at_portfolio(checked: CheckedPolicy) -> bool:
    """Whether another client's values can change this client's decision."""
    return bool(found(checked, Portfolio))


def fields_in_lists(checked: CheckedPolicy) -> frozenset[str]:
    """The clients' fields that some list function looks at within its brackets: a run's facts cannot tell what it would give."""
    reads = (checked.reads(part) for node in found(checked, Aggregate) for part in children(node))
    calculated = (checked.reads(c.expression) for c in checked.calculations if c.table != "clients")
    return frozenset(name for pairs in (*reads, *calculated) for table, name in pairs if table == "clients")


def lists_look_around(checked: CheckedPolicy) -> bool:
    """Whether some list function reads, within its brackets or by a calculated field, what looks at the portfolio."""
    todo: list[Expression] = [child for node in found(checked, Aggregate) for child in children(node)]
    todo += [c.expression for c in checked.calculations if c.table != "clients"]
    seen: set[str] = set()
    while todo:
        for node in walk(todo.pop()):
            if isinstance(node, Portfolio):
                return True
            if isinstance(node, MetricValue) and node.name not in seen:
                seen.add(node.name)
                todo.append(checked.metric(node.name).expression)
    return False
