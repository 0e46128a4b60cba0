"""Conditions on one client in, the query out that counts for whom they hold, and sums an amount over them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ..model.checked import CheckedPolicy
from ..model.expression import Expression
from ..model.sql import quote_name
from .decide import client_renderer, metric_layers
from .plan import plan


def count_query(checked: CheckedPolicy, as_of: datetime.date, conditions: Sequence[Expression], amount: Expression | None) -> str:
    """Over `run.facts`: one row with, for each condition, the number of clients and their amount of money."""
    layers = plan(checked)
    parts: list[tuple[str, str]] = []
    relation = metric_layers(checked, layers, as_of, parts)
    renderer = client_renderer(checked, layers, as_of)
    total = "NULL" if amount is None else renderer.sql(amount)
    columns = []
    for condition in conditions:
        where = f"FILTER (WHERE {renderer.sql(condition)})"
        columns += [f"count(*) {where}", f"sum({total}) {where}" if amount is not None else "NULL"]
    ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in parts)
    return (f"WITH {ctes}\n" if ctes else "") + f"SELECT {', '.join(columns)}\nFROM {relation}"
