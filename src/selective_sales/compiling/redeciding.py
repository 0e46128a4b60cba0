"""CheckedPolicy in, out the query that decides a run's clients again on other terms: the deciding query itself, over changed facts.

Fields and metrics change, and all that is calculated from them, portfolio functions too: everybody is still there. What list functions
gave stands in the facts; where one of them looks at what changes, nothing can be decided again from facts alone (`undecidable`).
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate
from ..model.kind import Kind
from ..model.plan import Query
from ..model.policy import Field
from ..model.simulation import TermChange
from ..model.sql import quote_name
from .decide import FACTS, DecideSelect, client_renderer, result_columns
from .facts import FactsSelect, fact_columns, of_facts, replacing
from .macros import macro_statements
from .measuring import looks_at, terms_of
from .plan import found, plan
from .render import DECISION


def redecide_query(checked: CheckedPolicy, as_of: datetime.date, changes: Sequence[TermChange], *, exceptions: bool) -> Query:
    """`facts` reads `run.facts`, which has the column `"#decision"` too; `decide` reads what it yields, as `run.facts`."""
    checked = of_facts(checked)
    clients = checked.policy.clients
    wider = dataclasses.replace(clients, fields=(*clients.fields, Field(DECISION.strip('"'), Kind.TEXT)))
    whole = dataclasses.replace(checked, policy=dataclasses.replace(checked.policy, tables=(wider, *checked.policy.tables[1:])))
    layers = plan(whole)
    terms = terms_of(checked, changes, client_renderer(whole, layers, as_of))
    relation = f"({replacing(terms.delivered, FACTS)})" if terms.delivered else FACTS
    again = [*terms.again, *(c.name for c in layers.portfolios)]
    left_out = f" EXCLUDE ({', '.join(map(quote_name, again))})" if again else ""
    replaced = {**terms.calculated, **terms.metrics}
    facts = FactsSelect(whole, layers, as_of, given=f"(SELECT *{left_out} FROM {relation})", replaced=replaced).build()
    decide = DecideSelect(whole, layers, as_of, exceptions, replaced=terms.metrics)
    select = decide.build()
    return Query((*macro_statements(), *decide.variables), facts, select, fact_columns(whole, layers), result_columns(whole), clients.key)


def undecidable(checked: CheckedPolicy, changes: Sequence[TermChange]) -> tuple[Aggregate, ...]:
    """The list functions that look at what changes."""
    return tuple(w for w in found(checked, Aggregate) if looks_at(checked, w, changes))
