"""Two sets of decisions in, who moved between them out: joined by key in SQL, so that only the clients asked for are ever fetched.

Tables of its own: `run.pairs` with every client of either side, `run.moved` with those of both whose decision differs, `run.causes` with
what was found to suffice for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.kind import Kind
from ..model.plan import ResultColumn
from ..model.sql import quote_name, quote_plain, quote_value
from .duckdb_engine import as_cell
from .tallying import Summed

if TYPE_CHECKING:
    import duckdb

NOT_RULES = "('default', 'exception', 'unknown')"


@dataclass(frozen=True, slots=True)
class Decided:
    """One side: its folder with facts.parquet and decisions.parquet, its key, the column with money, the one that names a client."""

    folder: Path
    key: tuple[str, ...]
    money: Summed | None
    display: str | None
    measures: tuple[str, ...] = ()
    """Further columns that are summed; one that a side does not have is nothing there."""


def open_pairs(connection: duckdb.DuckDBPyConnection, old: Decided, new: Decided, *, as_text: bool) -> None:
    """Makes `run.pairs` and `run.moved`. `as_text`: the keys are of different kinds and meet as texts."""
    width = range(len(old.key))
    names = [quote_name(f"key {i}") for i in width]
    on = " AND ".join(f"o.{k} = n.{k}" for k in names)
    keys = ", ".join(f"coalesce(o.{k}, n.{k}) AS {k}" for k in names)
    summed = "".join(
        f', CASE WHEN n.decision IS NULL THEN o."measure {i}" ELSE n."measure {i}" END AS "measure {i}"' for i in range(len(new.measures))
    )
    connection.execute(f"""
        CREATE OR REPLACE TABLE run.pairs AS
        SELECT {keys}{summed}, o.decision AS old, n.decision AS new, o.decided_by AS old_by, n.decided_by AS new_by,
               CASE WHEN n.decision IS NULL THEN o.money ELSE n.money END AS money, coalesce(n.name, o.name) AS name,
               CASE WHEN n.decision = 'undetermined' THEN n.missing ELSE o.missing END AS missing
        FROM ({relation(connection, old, as_text)}) AS o FULL JOIN ({relation(connection, new, as_text)}) AS n ON {on}
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE run.moved AS
        SELECT row_number() OVER (ORDER BY {", ".join(names)}) AS id, * FROM run.pairs WHERE old <> new
    """)
    connection.execute("CREATE OR REPLACE TABLE run.causes (id BIGINT, number INTEGER, rule VARCHAR)")


def column_names(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    return [d[0] for d in connection.execute(f"SELECT * FROM read_parquet({quote_value(str(path))}) LIMIT 0").description or []]


def keep_money(connection: duckdb.DuckDBPyConnection, prelude: Sequence[str], facts: Path, amount: Summed, side: str) -> Summed:
    """A calculated amount of every client as a table: the two sides' facts cannot both be `run.facts`."""
    assert amount.select is not None
    table = f"run.{quote_name(f'money {side}')}"
    for statement in prelude:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE VIEW run.facts AS SELECT * FROM read_parquet({quote_value(str(facts))})")
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS {amount.select}")
    return Summed(amount.column, f"SELECT * FROM {table}")


def relation(connection: duckdb.DuckDBPyConnection, side: Decided, as_text: bool) -> str:
    """A side's clients: key, decision, what decided, what is missing, money, name."""
    decisions, facts = (f"read_parquet({quote_value(str(side.folder / name))})" for name in ("decisions.parquet", "facts.parquet"))
    known = column_names(connection, side.folder / "decisions.parquet")
    keys = [
        (f"CAST(d.{quote_name(k)} AS VARCHAR)" if as_text else f"d.{quote_name(k)}", quote_name(f"key {i}")) for i, k in enumerate(side.key)
    ]
    columns = [*(f"{sql} AS {name}" for sql, name in keys), "d.decision", "d.decided_by", "d.missing_because AS missing"]
    source = f"{decisions} AS d"
    beside = set(column_names(connection, side.folder / "facts.parquet")) - set(known)
    wanted = [(side.display, "name"), *((m, quote_name(f"measure {i}")) for i, m in enumerate(side.measures))]
    for column, name in wanted:
        table = "d." if column in known else "f." if column in beside else None
        columns.append(f"{'NULL' if column is None or table is None else table + quote_name(column)} AS {name}")
    held = "d" if side.money is None or side.money.select is None else "a"
    columns.append("NULL AS money" if side.money is None else f"{held}.{quote_name(side.money.column)} AS money")
    if side.money is not None and side.money.select is not None:
        source += f" JOIN ({side.money.select}) AS a ON " + " AND ".join(f"d.{quote_name(k)} = a.{quote_name(k)}" for k in side.key)
    if any(column in beside for column, _ in wanted):
        source += f" JOIN {facts} AS f ON " + " AND ".join(f"d.{quote_name(k)} = f.{quote_name(k)}" for k in side.key)
    return f"SELECT {', '.join(columns)} FROM {source}"


def passages(connection: duckdb.DuckDBPyConnection) -> list[tuple[str | None, str | None, int, Decimal | None]]:
    """(old decision, new decision, clients, money) of every pair of decisions that occurs."""
    return connection.execute("SELECT old, new, count(*), sum(money) FROM run.pairs GROUP BY old, new ORDER BY old, new").fetchall()


def sums(connection: duckdb.DuckDBPyConnection, measure: int | None) -> dict[tuple[str | None, str | None], tuple[Decimal, int]]:
    """The sum of a further measure (None: of the money) by old and new decision, and how many clients have no value to sum."""
    column = "money" if measure is None else quote_name(f"measure {int(measure)}")
    counted = f"sum(CAST({column} AS DECIMAL(38, 9))), count(*) FILTER ({column} IS NULL)"
    rows = connection.execute(f"SELECT old, new, {counted} FROM run.pairs GROUP BY old, new").fetchall()
    return {(old, new): (Decimal(total or 0), int(unknown)) for old, new, total, unknown in rows}


def other_reasons(connection: duckdb.DuckDBPyConnection) -> int:
    """How many clients have the same decision for another rule."""
    row = connection.execute("SELECT count(*) FROM run.pairs WHERE old = new AND old_by <> new_by").fetchone()
    return int(row[0]) if row else 0


def write_moved(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The keys of all who moved, for other connections; gives their number."""
    connection.execute(f"COPY (SELECT * EXCLUDE (missing, name) FROM run.moved) TO {quote_plain(str(path))} (FORMAT parquet)")
    row = connection.execute("SELECT count(*) FROM run.moved").fetchone()
    return int(row[0]) if row else 0


def add_cause(connection: duckdb.DuckDBPyConnection, number: int, decisions: Path, key: Sequence[str], *, only_open: bool) -> int:
    """Notes the set of changes of that number for all who, by these decisions, come to their new decision; gives how many.

    Never for those of whom another cause than a change is known (a negative number); `only_open`: nor where any is known.
    """
    open_ones = f" AND NOT EXISTS (SELECT 1 FROM run.causes AS c WHERE c.id = m.id{'' if only_open else ' AND c.number < 0'})"
    by = (
        f"CASE WHEN d.decided_by NOT IN {NOT_RULES} THEN d.decided_by WHEN d.decided_by = 'unknown' THEN d.unknown[1] "
        f"WHEN m.old_by NOT IN {NOT_RULES} THEN m.old_by END"
    )
    row = connection.execute(
        f"INSERT INTO run.causes SELECT m.id, {int(number)}, {by} FROM run.moved AS m JOIN read_parquet(?) AS d ON {meeting(key)} "
        f"WHERE d.decision = m.new{open_ones}",
        [str(decisions)],
    ).fetchone()
    return int(row[0]) if row else 0


def meeting(key: Sequence[str]) -> str:
    return " AND ".join(f'CAST(m."key {i}" AS VARCHAR) = CAST(d.{quote_name(k)} AS VARCHAR)' for i, k in enumerate(key))


def open_rest(connection: duckdb.DuckDBPyConnection) -> int:
    """`run.rest`: those who moved and of whom no cause is known, all in group 0; gives their number."""
    connection.execute(
        "CREATE OR REPLACE TABLE run.rest AS SELECT id, 0 AS part FROM run.moved WHERE id NOT IN (SELECT id FROM run.causes)"
    )
    row = connection.execute("SELECT count(*) FROM run.rest").fetchone()
    return int(row[0]) if row else 0


def split_rest(connection: duckdb.DuckDBPyConnection, part: int, other: int, decisions: Path, key: Sequence[str]) -> tuple[int, int]:
    """Puts those of a group who come to their new decision by these decisions into another group; gives how many went and stayed."""
    connection.execute(
        f"UPDATE run.rest SET part = {int(other)} WHERE part = {int(part)} AND id IN "
        f"(SELECT m.id FROM run.moved AS m JOIN read_parquet(?) AS d ON {meeting(key)} WHERE d.decision = m.new)",
        [str(decisions)],
    )
    row = connection.execute("SELECT count_if(part = ?), count_if(part = ?) FROM run.rest", [other, part]).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def close_rest(connection: duckdb.DuckDBPyConnection, part: int, number: int) -> None:
    """Notes the set of changes of that number for a group of the rest."""
    connection.execute(
        f"INSERT INTO run.causes SELECT id, {int(number)}, NULL FROM run.rest "
        f"WHERE part = {int(part)} AND id NOT IN (SELECT id FROM run.causes)"
    )


CAUSED = f"""
    SELECT m.*, coalesce(c.numbers, []::INTEGER[]) AS numbers,
           coalesce(c.rule,
                    CASE WHEN m.new_by NOT IN {NOT_RULES} THEN m.new_by WHEN m.old_by NOT IN {NOT_RULES} THEN m.old_by END, '') AS rule
    FROM run.moved AS m LEFT JOIN (
      SELECT id, list(number ORDER BY number) AS numbers, arg_min(rule, number) AS rule FROM run.causes GROUP BY id
    ) AS c USING (id)
"""
"""Who moved, with the numbers of what suffices for each, and the rule by which the first of these acts."""


def totals(connection: duckdb.DuckDBPyConnection) -> list[tuple[list[int], str, str, str, int, Decimal | None]]:
    """(causes, rule, old, new, clients, money) of those who moved alike."""
    return connection.execute(f"SELECT numbers, rule, old, new, count(*), sum(money) FROM ({CAUSED}) GROUP BY ALL ORDER BY ALL").fetchall()


def moved(connection: duckdb.DuckDBPyConnection, width: int, most: int | None) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
    """(client, (name, old, new, old_by, new_by, money, missing, causes, rule)) of those who moved, largest money first; of each cause at
    most so many."""
    keys = ", ".join(f'CAST("key {i}" AS VARCHAR)' for i in range(width))
    order = ", ".join(f'"key {i}"' for i in range(width))
    some = (
        ""
        if most is None
        else f" QUALIFY row_number() OVER (PARTITION BY numbers, rule, old, new ORDER BY money DESC NULLS LAST, {order}) <= {int(most)}"
    )
    found = connection.execute(
        f"SELECT {keys}, CAST(name AS VARCHAR), old, new, old_by, new_by, money, missing, numbers, rule FROM ({CAUSED}){some} "
        f"ORDER BY money DESC NULLS LAST, {order}"
    )
    while rows := found.fetchmany(10_000):
        for row in rows:
            yield tuple(row[:width]), tuple(row[width:])


def missing_counts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """What newly undetermined clients miss, the most frequent first."""
    return connection.execute(
        "SELECT label, count(*) FROM (SELECT unnest(missing) AS label FROM run.moved WHERE new = 'undetermined') "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()


def examples(
    connection: duckdb.DuckDBPyConnection, width: int, old: str | None, new: str | None, *, moved_only: bool, most: int
) -> list[str]:
    """Keys (values joined by |) of the first clients who went from one decision to another (None: any), largest money first."""
    shown = " || '|' || ".join(f'CAST("key {i}" AS VARCHAR)' for i in range(width))
    order = ", ".join(f'"key {i}"' for i in range(width))
    tests = ["old <> new" if moved_only else "TRUE"]
    tests += [f"{side} = {quote_value(name)}" for side, name in (("old", old), ("new", new)) if name is not None]
    found = connection.execute(
        f"SELECT {shown} FROM run.pairs WHERE {' AND '.join(tests)} ORDER BY money DESC NULLS LAST, {order} LIMIT {int(most)}"
    )
    return [row[0] for row in found.fetchall()]


def write_csv(
    connection: duckdb.DuckDBPyConnection, key: Sequence[str], words: Sequence[tuple[list[int], str]], money: str | None, path: Path
) -> None:
    """All who moved as CSV, and those whom one side does not have; `words` say what each list of causes is."""
    connection.execute("CREATE OR REPLACE TABLE run.words (numbers INTEGER[], words VARCHAR)")
    for numbers, said in words:
        connection.execute("INSERT INTO run.words VALUES (?, ?)", [numbers, said])
    width = range(len(key))
    texts = ["old_decision", "new_decision", "old_decided_by", "new_decided_by", "missing_because", "cause", "rule"]
    one_sided = "SELECT NULL AS id, *, []::INTEGER[] AS numbers, '' AS rule FROM run.pairs WHERE old IS NULL OR new IS NULL"
    source = f"""
        SELECT {", ".join(f'CAST("key {i}" AS VARCHAR) AS "#key {i}"' for i in width)}, CAST(name AS VARCHAR) AS "#name",
               old AS old_decision, new AS new_decision, old_by AS old_decided_by, new_by AS new_decided_by, money AS "#money",
               array_to_string(missing, '; ') AS missing_because, rule,
               CASE WHEN old IS NULL THEN 'only in the new data' WHEN new IS NULL THEN 'only in the old data' ELSE w.words END AS cause
        FROM ({CAUSED} UNION ALL BY NAME {one_sided}) LEFT JOIN run.words AS w USING (numbers)
        ORDER BY money DESC NULLS LAST, {", ".join(f'"key {i}"' for i in width)}
    """
    taken: set[str] = set()
    columns = [
        *((f"#key {i}", k) for i, k in enumerate(key)),
        ("#name", "name"),
        *((t, t) for t in texts[:4]),
        ("#money", money or "money"),
    ]
    cells = []
    for column, wanted in (*columns, *((t, t) for t in texts[4:])):
        heading = wanted
        while heading.lower() in taken:
            heading += "_"
        taken.add(heading.lower())
        cells.append(f"{as_cell(ResultColumn(column, Kind.MONEY if column == '#money' else Kind.TEXT))} AS {quote_name(heading)}")
    connection.execute(f"COPY (SELECT {', '.join(cells)} FROM ({source})) TO {quote_plain(str(path))} (FORMAT csv, HEADER)")
