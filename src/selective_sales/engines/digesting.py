"""decisions.parquet in, the digest of its content out: the same whatever the engine, the order of rows and the number of threads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.kind import Kind
from ..model.plan import ResultColumn
from ..model.sql import quote_name

if TYPE_CHECKING:
    import duckdb


def digest(connection: duckdb.DuckDBPyConnection, columns: Sequence[ResultColumn], decisions: Path) -> str:
    """The content of decisions.parquet as one hexadecimal number: all rows' MD5s joined by exclusive or, so that no order matters (no two
    rows are the same, as each client is in one).

    A row's text has its columns in order, each by its kind (numbers on the nine-decimal grid), so that no engine or version shows in it.
    """
    row = ", ".join(canonical(c) for c in columns)
    select = f"SELECT count(*), bit_xor(md5_number(concat_ws(chr(31), {row}))) FROM read_parquet(?)"
    found = connection.execute(select, [str(decisions)]).fetchone()
    assert found is not None
    return f"{found[0]}-{int(found[1] or 0):032x}"


def canonical(column: ResultColumn) -> str:
    """A column's value as text, NULL as the sign SUB; a text cannot hold the sign that stands between columns."""
    name = quote_name(column.name)
    if column.is_list:
        text = f"array_to_string({name}, chr(30))"
    elif column.kind is Kind.NUMBER:
        text = (
            f"CASE WHEN abs({name}) < 9e6 THEN CAST(CAST(floor(abs({name}) * 1e9 + 0.5) * sign({name}) AS BIGINT) AS VARCHAR)"
            f" ELSE coalesce(CAST(TRY_CAST({name} AS DECIMAL(38, 9)) AS VARCHAR), CAST({name} AS VARCHAR)) END"
        )
    elif column.kind is Kind.TEXT:
        escaped = f"replace(replace({name}, chr(27), chr(27) || 'e'), chr(31), chr(27) || 's')"
        text = f"CASE WHEN contains({name}, chr(31)) OR contains({name}, chr(27)) THEN {escaped} ELSE {name} END"
    else:
        text = f"CAST({name} AS VARCHAR)"
    return f"coalesce({text}, chr(26))"
