"""An output of a decision table in, SQL out: the quick way where no row is unknown, and the careful one where some are.

Every form keeps the promise that an output is missing only where the unknown rows could have changed it (docs/language.md, "Decision
tables").
"""

from __future__ import annotations

from collections.abc import Callable

from ..model.expression import Expression, Hit, HitPolicy
from ..model.kind import Kind
from ..model.sql import balanced
from .sql_types import SQL_TYPES

Sql = Callable[[Expression], str]


def hit(node: Hit, condition: Sql, value: Sql) -> str:
    """The output as SQL; `condition` renders a row's condition, `value` an output in the node's kind."""
    conditions = [condition(row.condition) for row in node.rows]
    values = [value(row.value) for row in node.rows]
    last = f"NULL::{SQL_TYPES[node.kind]}" if node.otherwise is None else value(node.otherwise)
    match node.policy:
        case HitPolicy.FIRST:
            return first(conditions, values, last)
        case HitPolicy.UNIQUE:
            return single(conditions, values, last, agreed="NULL")
        case HitPolicy.ANY:
            return single(conditions, values, last, agreed=f"all_agree(chosen({rows_of(conditions, values)}))")
        case HitPolicy.PRIORITY:
            raise AssertionError("the checker sorts the rows of a priority table")
        case HitPolicy.COLLECT:
            return collected(conditions, values, last if node.otherwise is not None else None, node.kind)
        case HitPolicy.COUNT:
            none = last if node.otherwise is not None else "0"
            return f"(CASE WHEN {unknown(conditions)} THEN NULL WHEN {none_true(conditions)} THEN {none} ELSE {trues(conditions)} END)"
        case HitPolicy.SUM:
            return summed(conditions, values, last if node.otherwise is not None else None, node.kind)
        case HitPolicy.MIN | HitPolicy.MAX:
            return extreme(conditions, values, last, node.policy)


def rows_of(conditions: list[str], values: list[str]) -> str:
    """A list of structs: each row with its condition (c) and its value (v)."""
    return "[" + ", ".join(f"{{'c': {c}, 'v': {v}}}" for c, v in zip(conditions, values, strict=True)) + "]"


def unknown(conditions: list[str]) -> str:
    """Some row is unknown."""
    return "(" + " OR ".join(f"{c} IS NULL" for c in conditions) + ")"


def trues(conditions: list[str]) -> str:
    """How many rows are true."""
    return f"({balanced([f'({c} IS TRUE)::INTEGER' for c in conditions], '+')})::BIGINT"


def none_true(conditions: list[str]) -> str:
    return f"coalesce(({' OR '.join(conditions)}), FALSE) IS FALSE"


def cases(conditions: list[str], values: list[str], last: str) -> str:
    """The first row that is true, where none is unknown."""
    return "CASE " + " ".join(f"WHEN {c} THEN {v}" for c, v in zip(conditions, values, strict=True)) + f" ELSE {last} END"


def first(conditions: list[str], values: list[str], last: str) -> str:
    careful = f"first_certain({rows_of([*conditions, 'TRUE'], [*values, last])})"
    return f"(CASE WHEN {unknown(conditions)} THEN {careful} ELSE {cases(conditions, values, last)} END)"


def single(conditions: list[str], values: list[str], last: str, *, agreed: str) -> str:
    """`unique` and `any`: a true row decides; `agreed` where more than one is true."""
    careful = f"all_agree(candidates({rows_of([*conditions, 'TRUE'], [*values, last])}))"
    none = f"CASE WHEN {unknown(conditions)} THEN {careful} ELSE {last} END"
    one = cases(conditions, values, "NULL")
    return f"(CASE {trues(conditions)} WHEN 0 THEN {none} WHEN 1 THEN {one} ELSE {agreed} END)"


def collected(conditions: list[str], values: list[str], last: str | None, kind: Kind) -> str:
    """The values of the true rows; missing where a row is unknown or a value of a true row is missing."""
    none = f"[]::{SQL_TYPES[kind]}[]" if last is None else f"[{last}]"
    found = f"chosen({rows_of(conditions, values)})"
    whole = f"CASE WHEN list_count({found}) = len({found}) THEN {found} END"
    return f"(CASE WHEN {unknown(conditions)} THEN NULL WHEN {none_true(conditions)} THEN {none} ELSE {whole} END)"


def summed(conditions: list[str], values: list[str], last: str | None, kind: Kind) -> str:
    """The sum of the true rows: an unknown row whose value is zero cannot change it (but it may be the only one, beside `otherwise`)."""
    pairs = list(zip(conditions, values, strict=True))
    spoilt = " OR ".join(f"({c} IS NOT FALSE AND {v} IS NULL) OR ({c} IS NULL AND {v} <> 0)" for c, v in pairs)
    terms = balanced([f"CASE WHEN {c} THEN {wide(v, kind)} ELSE 0 END" for c, v in pairs], "+")
    total = {Kind.MONEY: f"money({terms})", Kind.NUMBER: f"finite(CAST({terms} AS DOUBLE))"}.get(kind, f"TRY_CAST({terms} AS BIGINT)")
    if last is None:
        return f"(CASE WHEN {spoilt} THEN NULL ELSE {total} END)"
    none = f"CASE WHEN {unknown(conditions)} THEN CASE WHEN {last} = 0 THEN {last} END ELSE {last} END"
    return f"(CASE WHEN {spoilt} THEN NULL WHEN {none_true(conditions)} THEN {none} ELSE {total} END)"


def wide(value: str, kind: Kind) -> str:
    """A summand with room for a sum of many."""
    return f"CAST({value} AS {'DECIMAL(38, 9)' if kind is Kind.NUMBER else 'DECIMAL(38, 4)' if kind is Kind.MONEY else 'HUGEINT'})"


def extreme(conditions: list[str], values: list[str], last: str, policy: HitPolicy) -> str:
    """The least or greatest value of the true rows, where no unknown row could beat it."""
    function, beats = ("list_min", "<") if policy is HitPolicy.MIN else ("list_max", ">")
    rows = rows_of(conditions, values)
    best = f"{function}(chosen({rows}))"
    spoilt = " OR ".join(f"({c} IS NOT FALSE AND {v} IS NULL)" for c, v in zip(conditions, values, strict=True))
    # Only the best of the unknown rows is compared: the rows stand a fixed number of times in the text, however many they are.
    beaten = f"{unknown(conditions)} AND {function}(doubtful({rows})) {beats} {best}"
    careful = f"all_agree(candidates({rows_of([*conditions, 'TRUE'], [*values, last])}))"
    none = f"CASE WHEN {unknown(conditions)} THEN {careful} ELSE {last} END"
    return f"(CASE WHEN {none_true(conditions)} THEN {none} WHEN {spoilt} THEN NULL WHEN {beaten} THEN NULL ELSE {best} END)"
