"""What follows from the rules' outcomes when only the ranking is another: the order of rules or decisions, what an unknown rule does.

The outcomes are computed once, by the policy's own conditions; each ranking is then the deciding query over a policy whose rules have those
outcomes for conditions.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from ..model.checked import CheckedPolicy, CheckedRule
from ..model.expression import FieldValue
from ..model.kind import Kind
from ..model.plan import Query
from ..model.policy import Field, Policy
from ..model.sql import quote_name
from .decide import DecideSelect, client_renderer, metric_layers, result_columns, rule_column
from .plan import plan


def outcomes_query(checked: CheckedPolicy, as_of: datetime.date) -> str:
    """Over `run.facts`: the key, and every rule's outcome on that date in a column of its own."""
    layers = plan(checked)
    parts: list[tuple[str, str]] = []
    relation = metric_layers(checked, layers, as_of, parts)
    renderer = client_renderer(checked, layers, as_of)
    columns = [quote_name(k) for k in checked.policy.clients.key]
    columns += [f"{renderer.sql(rule.counting(as_of))} AS {rule_column(rule.id)}" for rule in checked.rules]
    ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in parts)
    return (f"WITH {ctes}\n" if ctes else "") + f"SELECT {', '.join(columns)}\nFROM {relation}"


def ranking_query(checked: CheckedPolicy, policy: Policy, as_of: datetime.date, *, exceptions: bool) -> Query:
    """Decides by the ranking of `policy`, which has the rules of `checked` in some order; `run.facts` is what `outcomes_query` gave."""
    clients = checked.policy.clients
    keys = tuple(found for found in clients.fields if found.name in clients.key)
    names = {rule.id: f"#rule {rule.id}" for rule in checked.rules}
    fields = (*keys, *(Field(name, Kind.BOOLEAN) for name in names.values()))
    rules = tuple(CheckedRule(r.id, r.then, FieldValue("clients", names[r.id], kind=Kind.BOOLEAN), None) for r in policy.rules)
    tables = (replace(clients, fields=fields),)
    ranked = CheckedPolicy(replace(policy, tables=tables), (), (), (), rules)
    decide = DecideSelect(ranked, plan(ranked), as_of, exceptions, reasons=False)
    select = decide.build()
    return Query(tuple(decide.variables), "", select, (), result_columns(ranked), clients.key)
