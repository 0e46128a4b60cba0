"""CheckedPolicy in, the SQL of a dbt model out: one SELECT in which the tables and the as-of date are dbt's to say, and its functions.

Whatever the policy says goes through `inert`: dbt reads Jinja in every file, and a policy's text must not be able to run any.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from ..model.checked import CheckedPolicy
from ..model.kind import Kind
from ..model.policy import Field, Table
from ..model.sql import quote_name, quote_value
from .dialect import Dialect, with_missing
from .facts import FactsSelect
from .macros import macro_statements
from .plan import plan
from .portable import FACTS, SCHEMA, PortableSelect
from .postgres import Postgres, finished, function_statements

MARK = "\ue000"
"""Around what dbt fills in. No literal and no comment of the compiler has this sign in it: it cannot be printed."""
AS_OF = f"DATE '{MARK}'"
_JINJA = re.compile(r"\{(?=[{%#])")
_TABLE = re.compile(f'"{MARK}([^"]*)"')
FAR = datetime.date(1, 1, 1), datetime.date(9999, 12, 31)


class DbtDuckdb(Dialect):
    """DuckDB, over tables that dbt names."""

    __slots__ = ()

    def today(self, as_of: datetime.date) -> str:
        return AS_OF

    def source(self, table: Table) -> str:
        return source(table, self, "")


class DbtPostgres(Postgres):
    """PostgreSQL, over tables that dbt names."""

    __slots__ = ()

    def today(self, as_of: datetime.date) -> str:
        return AS_OF

    def source(self, table: Table) -> str:
        return source(table, self, ' COLLATE "C"')


DIALECTS: dict[str, Dialect] = {"duckdb": DbtDuckdb(), "postgres": DbtPostgres()}


@dataclass(frozen=True, slots=True)
class DbtModel:
    """A model's SELECT and the statements that have to run before it in the same session, both as Jinja; `first` and `last` are the
    as-of dates between which they say what the policy says.
    """

    select: str
    functions: tuple[str, ...]
    first: datetime.date
    last: datetime.date


def dbt_model(checked: CheckedPolicy, as_of: datetime.date, dialect: str, slug: str, schema: str | None) -> DbtModel:
    """The policy as a model named `slug`. `schema`, of PostgreSQL, is where its functions stay; None: in the session."""
    words = DIALECTS[dialect]
    select = in_one_select(checked, as_of, words)
    if dialect == "postgres":
        place = SCHEMA if schema is None else quote_name(schema)
        functions = (*kept_in(schema), *function_statements([select], place))
        select = finished(select, place)
    else:
        functions = macro_statements()
    first, last = same_text(checked, as_of)
    return DbtModel(filled(inert(select), slug), tuple(map(inert, functions)), first, last)


def in_one_select(checked: CheckedPolicy, as_of: datetime.date, dialect: Dialect) -> str:
    """From the tables to the decisions, in the order of the key."""
    layers = plan(checked)
    facts = FactsSelect(checked, layers, as_of, dialect=dialect)
    chosen = facts.build_select()
    decide = PortableSelect(checked, layers, as_of, False, facts=FACTS, dialect=dialect)
    last = decide.layers()
    parts = [*facts.parts, ("facts", chosen + dialect.fence), *decide.parts]
    ctes = ",\n".join(f"{quote_name(name)} AS (\n{sql}\n)" for name, sql in parts)
    columns = ",\n       ".join(decide.result_columns())
    return f"WITH {ctes}\nSELECT {columns}\nFROM {last}\nORDER BY {', '.join(decide.key)}"


def kept_in(schema: str | None) -> tuple[str, ...]:
    """Models that are built at the same time must not put the same functions into a schema at the same time."""
    if schema is None:
        return ()
    return (
        f"-- one model after the other\nSELECT pg_advisory_xact_lock(hashtext({quote_value(f'selective-sales {schema}')}))",
        f"CREATE SCHEMA IF NOT EXISTS {quote_name(schema)}",
    )


def inert(text: str) -> str:
    """The text as Jinja that gives just that text."""
    return _JINJA.sub("{{ '{' }}", text)


def filled(select: str, slug: str) -> str:
    """With the tables and the date as dbt says them."""
    named = _TABLE.sub(lambda found: f"{{{{ source('{slug}', '{found[1]}') }}}}", select)
    return named.replace(AS_OF, f"DATE '{{{{ {slug}_as_of() }}}}'")


def source(table: Table, dialect: Dialect, collation: str) -> str:
    """A table's fields in the language's types, with what the policy says that a blank means."""
    columns = [column(f, dialect, collation) for f in table.fields if f.calculation is None]
    # `evaluate` takes earlier runs only, too.
    earlier = f"\nWHERE {quote_name('as_of')} < {AS_OF}" if table.built_in else ""
    return "SELECT " + ",\n       ".join(columns) + f"\nFROM {quote_name(MARK + table.name)}{earlier}"


def column(field: Field, dialect: Dialect, collation: str) -> str:
    name = quote_name(field.name)
    value = with_missing(f"CAST({name} AS {dialect.types[field.type]})", field, dialect.types)
    return f"{value}{collation if field.type is Kind.TEXT else ''} AS {name}"


def same_text(checked: CheckedPolicy, as_of: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last as-of date around the given one on which everything that the policy dates is the same."""
    policy = checked.policy
    day = datetime.timedelta(days=1)
    starts = [d.since for p in policy.parameters for d in p.dated]
    starts += [rule.valid_from for rule in policy.rules if rule.valid_from is not None]
    ends = [rule.valid_until for rule in policy.rules if rule.valid_until is not None]
    first = [policy.valid_from or FAR[0], *(d for d in starts if d <= as_of), *(d + day for d in ends if d < as_of)]
    last = [policy.valid_until or FAR[1], *(d - day for d in starts if d > as_of), *(d for d in ends if d >= as_of)]
    return max(first), min(last)
