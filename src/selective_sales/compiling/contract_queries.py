"""A policy in, one SELECT per check of its data contract out, for tables that are named, and have columns, as in the policy.

Each gives the rows that break the check: their client and the field; of what no single row breaks, the values or the newest date.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from ..model.contract import AnyCheck, Belongs, Clean, Fresh, Given, InRange, Matches, Once, OneOf
from ..model.finding import Finding, Severity
from ..model.policy import Policy
from ..model.sql import quote_name, quote_value
from .contract_checks import broken, contract_checks
from .dialect import DUCKDB, Dialect
from .postgres import POSTGRES

DIALECTS: dict[str, Dialect] = {"duckdb": DUCKDB, "postgres": POSTGRES}


@dataclass(frozen=True, slots=True)
class CheckQuery:
    """A check with the SELECT of what breaks it."""

    check: AnyCheck
    sql: str


def check_queries(policy: Policy, as_of: datetime.date, dialect: str) -> Iterator[CheckQuery]:
    """Every check that the engine has words for."""
    words = DIALECTS[dialect]
    for check in contract_checks(policy):
        sql = query(policy, check, as_of, words)
        if sql is not None:
            yield CheckQuery(check, sql)


def check_findings(policy: Policy, dialect: str) -> Iterator[Finding]:
    """Checks that it has no words for."""
    for check in contract_checks(policy):
        if isinstance(check, Matches) and broken(check, DIALECTS[dialect]) is None:
            message = f"nothing checks that {check.table}.{check.says}: PostgreSQL has no equal of the pattern"
            help = "write it without (?i), \\b, \\p{...}, [:...:] and more than 255 repetitions, or check it by hand"
            yield Finding("SS681", message, check.place, help, Severity.WARNING)


def query(policy: Policy, check: AnyCheck, as_of: datetime.date, dialect: Dialect) -> str | None:
    table = policy.table(check.table)
    assert table is not None
    shown = ", ".join(map(quote_name, dict.fromkeys((*table.key, *check.fields))))
    fields = ", ".join(map(quote_name, check.fields))
    present = " AND ".join(f"{quote_name(name)} IS NOT NULL" for name in check.fields)
    source = quote_name(check.table)
    match check:
        case Given() | OneOf() | InRange() | Matches() | Clean():
            condition = broken(check, dialect)
            return None if condition is None else f"SELECT {shown}\nFROM {source}\nWHERE {condition}"
        case Once():
            return f"SELECT {fields}, count(*) AS number_of_rows\nFROM {source}\nWHERE {present}\nGROUP BY {fields}\nHAVING count(*) > 1"
        case Belongs(clients=clients, key=key):
            pairs = zip(check.fields, key, strict=True)
            same = " AND ".join(f'"#row".{quote_name(own)} = "#client".{quote_name(theirs)}' for own, theirs in pairs)
            lost = f'NOT EXISTS (SELECT 1 FROM {quote_name(clients)} AS "#client" WHERE {same})'
            return f'SELECT {shown}\nFROM {source} AS "#row"\nWHERE {present} AND {lost}'
        case Fresh(days=days):
            newest = f"max({fields})"
            old = f"{newest} IS NULL OR CAST({newest} AS DATE) < {quote_value(as_of)} - {days}"
            return f"SELECT {newest} AS newest\nFROM {source}\nHAVING {old}"
        case _:
            assert_never(check)
