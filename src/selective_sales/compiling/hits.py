"""An output of a decision table in, SQL out: the quick way where no row is unknown, and the careful one where some are.

Every form keeps the promise that an output is missing only where the unknown rows could have changed it (docs/language.md, "Decision
tables").
"""

from __future__ import annotations

from collections.abc import Callable

from ..model.expression import Expression, Hit, HitPolicy
from ..model.kind import Kind
from ..model.sql import balanced
from .dialect import DUCKDB, Dialect

Sql = Callable[[Expression], str]


def hit(node: Hit, condition: Sql, value: Sql, dialect: Dialect) -> str:
    """The output as SQL; `condition` renders a row's condition, `value` an output in the node's kind."""
    conditions = [condition(row.condition) for row in node.rows]
    values = [value(row.value) for row in node.rows]
    kind = node.kind
    last = f"NULL::{dialect.types[kind]}" if node.otherwise is None else value(node.otherwise)
    match node.policy:
        case HitPolicy.FIRST:
            return first(conditions, values, last, kind, dialect)
        case HitPolicy.UNIQUE:
            return single(conditions, values, last, kind, dialect, agreed="NULL")
        case HitPolicy.ANY:
            agreed = f"all_agree(chosen({dialect.rows(conditions, values, kind)}))"
            return single(conditions, values, last, kind, dialect, agreed=agreed)
        case HitPolicy.PRIORITY:
            raise AssertionError("the checker sorts the rows of a priority table")
        case HitPolicy.COLLECT:
            return collected(conditions, values, last if node.otherwise is not None else None, kind, dialect)
        case HitPolicy.COUNT:
            none = last if node.otherwise is not None else "0"
            return f"(CASE WHEN {unknown(conditions)} THEN NULL WHEN {none_true(conditions)} THEN {none} ELSE {trues(conditions)} END)"
        case HitPolicy.SUM:
            return summed(conditions, values, last if node.otherwise is not None else None, kind, dialect)
        case HitPolicy.MIN | HitPolicy.MAX:
            return extreme(conditions, values, last, node, dialect)


def rows_of(conditions: list[str], values: list[str], kind: Kind = Kind.INTEGER) -> str:
    """DuckDB's list of rows, each with its condition and its value."""
    return DUCKDB.rows(conditions, values, kind)


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


def first(conditions: list[str], values: list[str], last: str, kind: Kind, dialect: Dialect) -> str:
    careful = f"first_certain({dialect.rows([*conditions, 'TRUE'], [*values, last], kind)})"
    return f"(CASE WHEN {unknown(conditions)} THEN {careful} ELSE {cases(conditions, values, last)} END)"


def single(conditions: list[str], values: list[str], last: str, kind: Kind, dialect: Dialect, *, agreed: str) -> str:
    """`unique` and `any`: a true row decides; `agreed` where more than one is true."""
    careful = f"all_agree(candidates({dialect.rows([*conditions, 'TRUE'], [*values, last], kind)}))"
    none = f"CASE WHEN {unknown(conditions)} THEN {careful} ELSE {last} END"
    one = cases(conditions, values, "NULL")
    return f"(CASE {trues(conditions)} WHEN 0 THEN {none} WHEN 1 THEN {one} ELSE {agreed} END)"


def collected(conditions: list[str], values: list[str], last: str | None, kind: Kind, dialect: Dialect) -> str:
    """The values of the true rows; missing where a row is unknown or a value of a true row is missing."""
    none = dialect.array([], dialect.types[kind]) if last is None else dialect.array([last])
    found = f"chosen({dialect.rows(conditions, values, kind)})"
    whole = f"CASE WHEN list_count({found}) = len({found}) THEN {found} END"
    return f"(CASE WHEN {unknown(conditions)} THEN NULL WHEN {none_true(conditions)} THEN {none} ELSE {whole} END)"


def summed(conditions: list[str], values: list[str], last: str | None, kind: Kind, dialect: Dialect) -> str:
    """The sum of the true rows: an unknown row whose value is zero cannot change it (but it may be the only one, beside `otherwise`)."""
    pairs = list(zip(conditions, values, strict=True))
    spoilt = " OR ".join(f"({c} IS NOT FALSE AND {v} IS NULL) OR ({c} IS NULL AND {v} <> 0)" for c, v in pairs)
    terms = balanced([f"CASE WHEN {c} THEN {dialect.wide(v, kind)} ELSE 0 END" for c, v in pairs], "+")
    total = {Kind.MONEY: f"money({terms})", Kind.NUMBER: f"finite({dialect.nearest(terms, 9)})"}.get(kind, dialect.fit(terms))
    if last is None:
        return f"(CASE WHEN {spoilt} THEN NULL ELSE {total} END)"
    none = f"CASE WHEN {unknown(conditions)} THEN CASE WHEN {last} = 0 THEN {last} END ELSE {last} END"
    return f"(CASE WHEN {spoilt} THEN NULL WHEN {none_true(conditions)} THEN {none} ELSE {total} END)"


def extreme(conditions: list[str], values: list[str], last: str, node: Hit, dialect: Dialect) -> str:
    """The least or greatest value of the true rows, where no unknown row could beat it."""
    function, beats = ("list_min", "<") if node.policy is HitPolicy.MIN else ("list_max", ">")
    rows = dialect.rows(conditions, values, node.kind)
    best = f"{function}(chosen({rows}))"
    spoilt = " OR ".join(f"({c} IS NOT FALSE AND {v} IS NULL)" for c, v in zip(conditions, values, strict=True))
    # Only the best of the unknown rows is compared: the rows stand a fixed number of times in the text, however many they are.
    beaten = f"{unknown(conditions)} AND {function}(doubtful({rows})) {beats} {best}"
    careful = f"all_agree(candidates({dialect.rows([*conditions, 'TRUE'], [*values, last], node.kind)}))"
    none = f"CASE WHEN {unknown(conditions)} THEN {careful} ELSE {last} END"
    return f"(CASE WHEN {none_true(conditions)} THEN {none} WHEN {spoilt} THEN NULL WHEN {beaten} THEN NULL ELSE {best} END)"
