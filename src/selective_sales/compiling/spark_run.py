"""CheckedPolicy in, the two SELECTs of a run in Spark out: the facts over typed tables, and the decision over the facts.

The same parts as `spark_query`, which is both in one: a run keeps the facts as evidence, so each is written by itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ..model.checked import CheckedPolicy
from ..model.finding import Finding
from ..model.plan import RunQuery
from ..model.policy import Table
from ..model.sql import quote_name
from .decide import EXCEPTION, result_columns
from .facts import FactsSelect, fact_columns
from .plan import Setting, plan
from .portable import PortableSelect
from .spark import SPARK
from .spark_patterns import spark_pattern
from .spark_text import spark_statements

FACTS, EXCEPTIONS = "#run facts", "#run exceptions"
"""The views of what was written and given; names with # cannot be an author's."""


def spark_run_query(checked: CheckedPolicy, as_of: datetime.date, *, exceptions: bool = False, history: bool = True) -> RunQuery:
    """The policy as Spark runs it in a run on that date. `spark_findings` has to find nothing.

    The statements read views named as in the policy, then `#run facts` and, where `exceptions`, `#run exceptions` with the columns "key 0",
    "key 1", ... (texts) and decision.
    """
    layers = plan(checked, Setting(None, frozenset() if history else frozenset({"history"})))
    facts = FactsSelect(checked, layers, as_of, dialect=SPARK)
    chosen = facts.build_select()
    decide = PortableSelect(checked, layers, as_of, False, facts=quote_name(FACTS), dialect=SPARK)
    last = decide.layers()
    columns = ",\n       ".join(decide.result_columns())
    parts = [*decide.parts]
    select = f"SELECT {columns}\nFROM {last}"
    if exceptions:
        parts.append(("decided", select))
        select = with_exceptions(checked)
    key = checked.policy.clients.key
    facts_views, facts_select = spark_statements(facts.parts, chosen)
    decide_views, decide_select = spark_statements(parts, select)
    return RunQuery(
        facts_views, facts_select, decide_views, decide_select, fact_columns(checked, layers), result_columns(checked), key
    )  # fmt: skip


def with_exceptions(checked: CheckedPolicy) -> str:
    """The decided clients, where there is an exception with its decision."""
    key = checked.policy.clients.key
    other = {
        "decision": "coalesce(e.decision, d.decision)",
        "decided_by": f"CASE WHEN e.decision IS NOT NULL THEN '{EXCEPTION}' ELSE d.decided_by END",
    }
    columns = [f"{other.get(c.name, f'd.{quote_name(c.name)}')} AS {quote_name(c.name)}" for c in result_columns(checked)]
    on = " AND ".join(f"e.{quote_name(f'key {i}')} = CAST(d.{quote_name(k)} AS STRING)" for i, k in enumerate(key))
    return f'SELECT {", ".join(columns)}\nFROM "decided" AS d\nLEFT JOIN {quote_name(EXCEPTIONS)} AS e ON {on}'


def contract_patterns(tables: tuple[Table, ...]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """The patterns of the fields as Java reads them, and those that Java has no equal of."""
    said: dict[str, str] = {}

    def findings() -> Iterator[Finding]:
        for table in tables:
            for field in table.fields:
                if field.pattern is None:
                    continue
                other = spark_pattern(field.pattern)
                if other is None:
                    message = f"{table.name}.{field.name}: Spark has no equal of the pattern '{field.pattern}'"
                    yield Finding("SS667", message, field.place, "write it without (?i), \\b, \\p{...} and [:...:]")
                else:
                    said[field.pattern] = other

    return said, tuple(findings())
