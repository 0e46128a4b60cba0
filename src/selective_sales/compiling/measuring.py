"""CheckedPolicy in, out the query for what each client means in money and time, over a run's facts."""

from __future__ import annotations

import datetime

from ..model.checked import CheckedPolicy
from ..model.plan import MeasuresQuery
from ..model.policy import MeasureName
from ..model.sql import quote_name
from .decide import client_renderer, metric_layers
from .macros import macro_statements
from .plan import plan


def measures_query(checked: CheckedPolicy, as_of: datetime.date) -> MeasuresQuery:
    """Over `run.facts`: the key, and a column for each measure that the policy has or that is assumed."""
    layers = plan(checked)
    parts: list[tuple[str, str]] = []
    relation = metric_layers(checked, layers, as_of, parts)
    renderer = client_renderer(checked, layers, as_of)
    columns = [f"{renderer.comparable(m.expression)} AS {quote_name(measure_column(m.name))}" for m in checked.measures]
    text = ",\n       ".join([*map(quote_name, checked.policy.clients.key), *columns])
    ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in parts)
    return MeasuresQuery(
        prelude=macro_statements(),
        sql=(f"WITH {ctes}\n" if ctes else "") + f"SELECT {text}\nFROM {relation}",
        key=checked.policy.clients.key,
        columns=tuple((m.name, measure_column(m.name)) for m in checked.measures),
    )


def measure_column(name: MeasureName) -> str:
    """No author can declare a name with #."""
    return f"#{name}"
