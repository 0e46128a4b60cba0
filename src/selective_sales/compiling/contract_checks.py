"""A policy in, the checks of its data contract out, for tables that stand in a database; and each check's condition in an engine's words.

What a field's type says (an amount, a date) the database's own type says. Left out: calculated fields, and the built-in `history`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from ..model.contract import SPACES, AnyCheck, Belongs, Clean, Fresh, Given, InRange, Matches, Once, OneOf
from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.policy import Field, Policy, Table, WithoutClient
from ..model.sql import for_postgres, quote_name, quote_value
from .dialect import Dialect
from .postgres_patterns import postgres_pattern

LITERAL = re.compile(r"'(?:[^']|'')*'")
UNITS = {Kind.DAYS: " days", Kind.MONTHS: " months"}


def contract_checks(policy: Policy) -> tuple[AnyCheck, ...]:
    """What must hold of the tables, table by table, field by field."""
    return tuple(check for table in policy.delivered for check in of_table(policy, table))


def of_table(policy: Policy, table: Table) -> Iterator[AnyCheck]:
    yield from of_key(policy, table)
    for field in table.fields:
        if field.calculation is None:
            yield from of_field(table, field)
    dated = table.field(table.date_field) if table.date_field is not None else None
    if table.fresh_within is not None and dated is not None:
        says = f"the newest {dated.name} is at most {table.fresh_within} days before the as-of date"
        yield Fresh(table.name, (dated.name,), says, table.when_stale == "fail", table.freshness_place, days=table.fresh_within)


def of_key(policy: Policy, table: Table) -> Iterator[AnyCheck]:
    """Every client once; every row of a child table some client's."""
    clients, joined = policy.clients, ", ".join(table.key)
    severe = table.belongs_to is None or table.without_client is WithoutClient.STOP
    for name in table.key:
        yield Given(table.name, (name,), f"{name} names the client in every row", severe, table.key_place)
    if table.belongs_to is None:
        yield Once(table.name, table.key, f"each {joined} stands in one row", True, table.key_place)
        return
    says = f"{joined} is a client of {clients.name}"
    yield Belongs(table.name, table.key, says, severe, table.key_place, clients=clients.name, key=clients.key)


def of_field(table: Table, field: Field) -> Iterator[AnyCheck]:
    at = (table.name, (field.name,))
    if field.required and field.name not in table.key:
        yield Given(*at, f"{field.name} is in every row", True, field.place)
    if field.unique and (table.belongs_to is not None or table.key != (field.name,)):
        yield Once(*at, f"no two rows have the same {field.name}", True, field.place)
    if field.type is Kind.TEXT:
        blanks = tuple(dict.fromkeys((*table.missing_tokens, *field.missing_tokens)))
        yield Clean(*at, f"{field.name} has no spaces around it, and a blank is NULL", True, field.place, blanks=blanks)
    if field.one_of:
        yield OneOf(*at, f"{field.name} is one of {', '.join(map(shown, field.one_of))}", True, field.place, values=field.one_of)
    if field.type in (Kind.MONEY, Kind.NUMBER) or field.minimum is not None or field.maximum is not None:
        yield in_range(table, field)
    if field.pattern is not None:
        yield Matches(*at, f"{field.name} matches {field.pattern}", True, field.place, pattern=field.pattern)


def in_range(table: Table, field: Field) -> InRange:
    low, high = field.minimum, field.maximum
    unit = UNITS.get(field.type, "")
    ends = [*([f"at least {shown(low)}{unit}"] if low is not None else []), *([f"at most {shown(high)}{unit}"] if high is not None else [])]
    says = f"{field.name} is {' and '.join(ends) or 'a number'}"
    return InRange(table.name, (field.name,), says, True, field.place, kind=field.type, minimum=low, maximum=high)


def shown(value: Scalar) -> str:
    """A value of the contract in words."""
    return value if isinstance(value, str) else quote_value(value).removeprefix("DATE ").strip("'").lower()


def broken(check: AnyCheck, dialect: Dialect, alias: str = "") -> str | None:
    """The condition under which a row breaks the check; None for what one row alone cannot break, and what the engine cannot say."""
    name = f"{alias}{quote_name(check.fields[0])}"
    match check:
        case Given():
            return f"{name} IS NULL"
        case OneOf(values=values):
            return f"{name} NOT IN ({', '.join(text_of(value, dialect) for value in values)})"
        case InRange():
            return out_of_range(check, name, dialect)
        case Matches(pattern=pattern):
            return no_match(as_text(name), pattern, dialect)
        case Clean(blanks=blanks):
            return unclean(as_text(name), blanks, dialect)
        case Once() | Belongs() | Fresh():
            return None
        case _:
            assert_never(check)


def text_of(value: Scalar, dialect: Dialect) -> str:
    """The value as a literal of the dialect."""
    text = quote_value(value)
    return LITERAL.sub(lambda found: for_postgres(found[0]), text) if dialect.name == "postgres" else text


def out_of_range(check: InRange, name: str, dialect: Dialect) -> str:
    ends = [f"{name} < {quote_value(check.minimum)}"] if check.minimum is not None else []
    ends += [f"{name} > {quote_value(check.maximum)}"] if check.maximum is not None else []
    if check.kind in (Kind.MONEY, Kind.NUMBER):
        no_number = f"{name}::FLOAT8 IN ('NaN', 'Infinity', '-Infinity')" if dialect.name == "postgres" else f"NOT isfinite({name})"
        ends.append(no_number)
    return " OR ".join(ends)


def as_text(name: str) -> str:
    """What the policy calls a text may be a number to the database, as keys often are."""
    return f"CAST({name} AS TEXT)"


def no_match(name: str, pattern: str, dialect: Dialect) -> str | None:
    if dialect.name == "duckdb":
        return f"NOT regexp_full_match({name}, {quote_value(pattern)})"
    known = postgres_pattern(f"^(?:{pattern})$")
    return None if known is None else f"{name} !~ {text_of(known, dialect)}"


def unclean(name: str, blanks: tuple[str, ...], dialect: Dialect) -> str:
    words = ", ".join(text_of(word, dialect) for word in ("", *blanks))
    return f"{name} IN ({words}) OR {untidy(name, dialect)}"


def untidy(name: str, dialect: Dialect) -> str:
    """Spaces around a text, or letters in another form than NFC."""
    spaces = quote_value(SPACES)
    if dialect.name == "postgres":
        return f"{name} <> btrim({name}, {spaces}) OR {name} <> normalize({name}, NFC)"
    return f"{name} <> trim({name}, {spaces}) OR {name} <> nfc_normalize({name})"
