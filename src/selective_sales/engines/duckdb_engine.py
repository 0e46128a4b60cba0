"""DuckDB, locked down: it sees the files it is told of and its own folders, loads no extension, and takes no further settings.

The only statements that run here are those of the compiler and of the data room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..model import steps
from ..model.errors import EngineError as EngineError
from ..model.kind import Kind
from ..model.plan import Query, ResultColumn
from ..model.policy import Table
from ..model.queries import ExplainQuery, SimulationQuery
from ..model.sql import parquet_copy, quote_name, quote_plain, quote_value
from ..model.steps import Step
from .memory import default_limit, given_limit
from .stopped import plain, stopped

if TYPE_CHECKING:
    import duckdb

NO_EXTENSIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
INTERRUPTED = "Query interrupted"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may use: threads (None: all cores) and memory (None: three quarters of what there is; else as in "1GB")."""

    threads: int | None = None
    memory: str | None = None


@contextmanager
def connected(files: Iterable[Path], folders: Iterable[Path], temp: Path | None, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked connection that can read the files, and read and write in the folders (`temp` is for spilling; None: nowhere)."""
    try:
        import duckdb
    except ImportError as error:
        raise EngineError(f"it could not be loaded: {plain(error)}") from error

    files, folders = list(files), list(folders)
    for path in (*files, *folders, *([temp] if temp else [])):
        if any("\udc80" <= character <= "\udcff" for character in str(path)):
            raise EngineError(f"the path {str(path)!r} is not UTF-8: rename it")
    connection = None
    try:
        connection = duckdb.connect(config=dict(NO_EXTENSIONS))
        lock_down(connection, files, folders, temp, limits)
        with steps.working(connection.query_progress):
            yield connection
    except duckdb.Error as error:
        raise stopped(error, limits.threads, limits.memory) from error
    except RuntimeError as error:
        # The engine takes Ctrl-C itself while a query runs, and tells of it in this way.
        if str(error) != INTERRUPTED:
            raise
        raise KeyboardInterrupt from error
    finally:
        if connection is not None:
            connection.close()


def lock_down(
    connection: duckdb.DuckDBPyConnection, files: Iterable[Path], folders: Iterable[Path], temp: Path | None, limits: Limits
) -> None:
    paths = ", ".join(quote_plain(str(f)) for f in files)
    allowed = ", ".join(quote_plain(f"{f}/") for f in (*folders, *([temp] if temp else [])))
    settings = [
        f"SET allowed_paths = [{paths}]",
        f"SET allowed_directories = [{allowed}]",
        f"SET temp_directory = {quote_plain(str(temp or ''))}",
        "SET python_enable_replacements = false",
        # A moment written as a text is the same on every machine.
        "SET TimeZone = 'UTC'",
        *progress_settings(),
        *([f"SET threads = {int(limits.threads)}"] if limits.threads else []),
        f"SET memory_limit = {quote_value(given_limit(limits.memory) if limits.memory else default_limit())}",
        "CREATE SCHEMA run",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ]
    for statement in settings:
        connection.execute(statement)


def progress_settings() -> list[str]:
    """The engine itself prints nothing; it keeps count of how far it is only where somebody wants to know."""
    if not steps.percent_wanted():
        return ["SET enable_progress_bar = false"]
    return ["SET enable_progress_bar = true", "SET enable_progress_bar_print = false", "SET progress_bar_time = 0"]


def create_exceptions(connection: duckdb.DuckDBPyConnection, entries: Sequence[tuple[tuple[str, ...], str]], width: int) -> None:
    """The table `run.exceptions`: the key's columns as texts, and the decision."""
    columns = ", ".join([*(f"{quote_name(f'key {i}')} VARCHAR" for i in range(width)), "decision VARCHAR"])
    connection.execute(f"CREATE OR REPLACE TABLE run.exceptions ({columns})")
    marks = ", ".join("?" * (width + 1))
    for key, decision in entries:
        connection.execute(f"INSERT INTO run.exceptions VALUES ({marks})", [*key, decision])


def decide(connection: duckdb.DuckDBPyConnection, query: Query, folder: Path) -> None:
    """Writes facts.parquet and decisions.parquet into the folder."""
    for statement in query.prelude:
        connection.execute(statement)
    steps.begin(Step.GATHERING)
    write_parquet(connection, query.facts, folder / "facts.parquet")
    open_facts(connection, folder / "facts.parquet")
    steps.begin(Step.DECIDING)
    write_parquet(connection, query.decide, folder / "decisions.parquet")


def write_parquet(connection: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    connection.execute(parquet_copy(select, str(path)))


def open_facts(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    connection.execute(f"CREATE OR REPLACE VIEW run.facts AS SELECT * FROM read_parquet({quote_value(str(path))})")


def keep_tables(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], folder: Path) -> None:
    """Writes every typed table into the folder, so that a run can be replayed without its sources."""
    for number, table in enumerate(tables):
        write_parquet(connection, f"SELECT * FROM {quote_name(table.name)}", folder / f"{number}.parquet")


def restore_tables(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], folder: Path) -> None:
    """Reads what `keep_tables` wrote."""
    for number, table in enumerate(tables):
        path = quote_value(str(folder / f"{number}.parquet"))
        connection.execute(f"CREATE TABLE {quote_name(table.name)} AS SELECT * FROM read_parquet({path})")


def write_csv(connection: duckdb.DuckDBPyConnection, columns: Sequence[ResultColumn], decisions: Path, path: Path) -> None:
    """decisions.parquet as CSV; a list's items are joined by `; `."""
    chosen = [f"{as_cell(c)} AS {quote_name(c.name)}" for c in columns]
    source = quote_value(str(decisions))
    connection.execute(f"COPY (SELECT {', '.join(chosen)} FROM read_parquet({source})) TO {quote_plain(str(path))} (FORMAT csv, HEADER)")


def as_cell(column: ResultColumn) -> str:
    """A column for a spreadsheet: lists joined; a text that a spreadsheet would run as a formula gets an apostrophe before it."""
    name = quote_name(column.name)
    text = f"array_to_string({name}, '; ')" if column.is_list else name
    if column.kind is not Kind.TEXT:
        return text
    return f"CASE WHEN regexp_matches({text}, '^[=+\\-@\\t\\r]') THEN chr(39) || {text} ELSE {text} END"


def column_names(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    return [d[0] for d in connection.execute(f"SELECT * FROM read_parquet({quote_value(str(path))}) LIMIT 0").description or []]


def all_of(path: Path) -> str:
    """A Parquet file as a SELECT."""
    return f"SELECT * FROM read_parquet({quote_value(str(path))})"


def client_rows(
    connection: duckdb.DuckDBPyConnection,
    query: ExplainQuery,
    folder: Path,
    clients: Sequence[tuple[str, ...]] | None,
    decision: str | None,
) -> Iterator[tuple[Mapping[str, object], Mapping[str, object]]]:
    """(row of the explain query, row of the decisions) for the clients asked for (None: all, or all with the decision), in key order."""
    for statement in query.prelude:
        connection.execute(statement)
    open_facts(connection, folder / "facts.parquet")
    wanted = wanted_rows(connection, query.key, folder / "decisions.parquet", clients, decision)
    decided = connection.execute(f"SELECT * FROM run.wanted ORDER BY {', '.join(map(quote_name, query.key))}")
    names = [d[0] for d in decided.description or []]
    rows = decided.fetchall()
    on = " AND ".join(f"e.{quote_name(k)} = w.{quote_name(k)}" for k in query.key)
    order = ", ".join(f"e.{quote_name(k)}" for k in query.key)
    explained = connection.execute(f"SELECT e.* FROM (\n{query.sql}\n) AS e JOIN {wanted} AS w ON {on} ORDER BY {order}")
    columns = [d[0] for d in explained.description or []]
    for row in rows:
        values = explained.fetchone()
        assert values is not None
        yield dict(zip(columns, values, strict=True)), dict(zip(names, row, strict=True))


def asked_rows(connection: duckdb.DuckDBPyConnection, query: Query, asking: ExplainQuery) -> list[dict[str, object]]:
    """The rows of the asking query for every loaded client, in key order; nothing is written."""
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
    return named_rows(connection, f"SELECT * FROM ({asking.sql}) ORDER BY {', '.join(map(quote_name, asking.key))}")


def decided_rows(connection: duckdb.DuckDBPyConnection, query: Query) -> list[dict[str, object]]:
    """The decisions of every loaded client, in key order; nothing is written."""
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
    return named_rows(connection, query.decide)


def wanted_rows(
    connection: duckdb.DuckDBPyConnection,
    key: Sequence[str],
    decisions: Path,
    clients: Sequence[tuple[str, ...]] | None,
    decision: str | None,
) -> str:
    """A table with the decisions' rows that are asked for."""
    tests: list[str] = ["TRUE"]
    values: list[str] = []
    if clients is not None:
        one = "(" + " AND ".join(f"CAST({quote_name(k)} AS VARCHAR) = ?" for k in key) + ")"
        tests.append("(" + (" OR ".join([one] * len(clients)) or "FALSE") + ")")
        values.extend(part for client in clients for part in client)
    if decision is not None:
        tests.append("decision = ?")
        values.append(decision)
    source = f"SELECT * FROM read_parquet({quote_value(str(decisions))}) WHERE {' AND '.join(tests)}"
    connection.execute(f"CREATE OR REPLACE TABLE run.wanted AS {source}", values)
    return "run.wanted"


def all_keys(connection: duckdb.DuckDBPyConnection, key: Sequence[str], decisions: Path) -> list[tuple[str, ...]]:
    """Every client's key as texts, in order: for a did-you-mean."""
    keys = ", ".join(f"CAST({quote_name(k)} AS VARCHAR)" for k in key)
    return [tuple(row) for row in connection.execute(f"SELECT {keys} FROM read_parquet(?)", [str(decisions)]).fetchall()]


def present_keys(
    connection: duckdb.DuckDBPyConnection, key: Sequence[str], decisions: Path, wanted: Sequence[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Those of the wanted keys (as texts) that stand in the decisions."""
    found: set[tuple[str, ...]] = set()
    columns = [f"CAST({quote_name(k)} AS VARCHAR)" for k in key]
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        one = "(" + " AND ".join(f"{column} = ?" for column in columns) + ")"
        sql = f"SELECT {', '.join(columns)} FROM read_parquet(?) WHERE {' OR '.join([one] * len(part))}"
        rows = connection.execute(sql, [str(decisions), *(value for k in part for value in k)]).fetchall()
        found.update(tuple(row) for row in rows)
    return found


def fetch(connection: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[object, ...]]:
    """All rows of a Parquet file, in its order."""
    return connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()


def differing(connection: duckdb.DuckDBPyConnection, key: Sequence[str], then: Path, now: Path) -> tuple[int, list[str]]:
    """How many clients' rows differ between two decisions.parquet (of one policy), and the first five of their keys."""
    sources = [f"SELECT * FROM read_parquet({quote_value(str(path))})" for path in (then, now)]
    keys = " || '|' || ".join(f"CAST({quote_name(k)} AS VARCHAR)" for k in key)
    both = f"({sources[0]} EXCEPT {sources[1]}) UNION ALL ({sources[1]} EXCEPT {sources[0]})"
    rows = connection.execute(f"SELECT DISTINCT {keys} AS client FROM ({both}) ORDER BY client").fetchall()
    return len(rows), [row[0] for row in rows[:5]]


def parquet_rows(path: Path) -> list[dict[str, object]]:
    """Every row of a Parquet file as a dict, in its order."""
    with connected([path.absolute()], [], path.parent, Limits()) as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path.absolute())])
        names = [d[0] for d in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def open_simulation(connection: duckdb.DuckDBPyConnection, query: SimulationQuery, folder: Path) -> None:
    """Makes `run.measured` from the facts and decisions in the folder: a row per client with what it means in money and time."""
    for statement in query.prelude:
        connection.execute(statement)
    for name, file in (("given", "facts.parquet"), ("decisions", "decisions.parquet")):
        connection.execute(f"CREATE OR REPLACE VIEW run.{name} AS {all_of(folder / file)}")
    connection.execute(f"CREATE OR REPLACE VIEW run.facts AS {query.decided}")
    connection.execute(f"CREATE OR REPLACE TABLE run.measured AS {query.measured}")


def decide_again(connection: duckdb.DuckDBPyConnection, query: Query, amount: str) -> list[tuple[str, str, int, object]]:
    """(decision before, decision after, clients, sum of the column) over `run.facts` and `run.measured`, as `open_simulation` left them.

    Who is in no other sum of money is not in these.
    """
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE TABLE run.again AS {query.facts}")
    connection.execute("CREATE OR REPLACE VIEW run.facts AS SELECT * FROM run.again")
    on = " AND ".join(f'"#n".{quote_name(k)} = "#m".{quote_name(k)}' for k in query.key)
    select = f'SELECT "#m"."#decision", "#n".decision, count(*), coalesce(sum("#m".{quote_name(amount)}) FILTER ("#m"."#known"), 0)'
    relations = f'run.measured AS "#m" JOIN ({query.decide}) AS "#n" ON {on}'
    return connection.execute(f"{select} FROM {relations} GROUP BY ALL").fetchall()


def named_rows(connection: duckdb.DuckDBPyConnection, select: str) -> list[dict[str, object]]:
    """The rows of a SELECT of the compiler, by column."""
    found = connection.execute(select)
    names = [d[0] for d in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


HISTORY_TYPES = {Kind.TEXT: "VARCHAR", Kind.INTEGER: "BIGINT", Kind.NUMBER: "DOUBLE", Kind.DATE: "DATE", Kind.MONEY: "DECIMAL(18, 4)"}


def create_history(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    key: Sequence[tuple[str, Kind]],
    runs: Sequence[tuple[Path, object, str, Sequence[str], Sequence[Sequence[str]]]],
) -> None:
    """The table of earlier decisions.

    `runs` has (decisions.parquet, as_of, policy version, decisions that need an approval, approvals); an approval is the client's key as
    texts, and the decision.
    """
    columns = [f"{quote_name(k)} {HISTORY_TYPES.get(kind, 'BIGINT')}" for k, kind in key]
    columns += ["as_of DATE", "decision VARCHAR", "decided_by VARCHAR", "policy_version VARCHAR", "approved BOOLEAN"]
    connection.execute(f"CREATE OR REPLACE TABLE {quote_name(name)} ({', '.join(columns)})")
    keys = ", ".join(quote_name(k) for k, _ in key)
    texts = ", ".join(f"{quote_name(k)}::VARCHAR" for k, _ in key)
    for path, as_of, version, need_approval, approvals in runs:
        approved = f"NOT list_contains(?::VARCHAR[], decision) OR [{texts}, decision] IN (SELECT unnest(?::VARCHAR[][]))"
        connection.execute(
            f"INSERT INTO {quote_name(name)} SELECT {keys}, ?::DATE, decision, decided_by, ?, {approved} FROM read_parquet(?)",
            [as_of, version, list(need_approval), [list(one) for one in approvals], str(path)],
        )


def open_base(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The facts of a finished run as `run.base`; gives the number of clients."""
    connection.execute(f"CREATE OR REPLACE VIEW run.base AS SELECT * FROM read_parquet({quote_value(str(path))})")
    row = connection.execute("SELECT count(*) FROM run.base").fetchone()
    return int(row[0]) if row else 0


def place_among(connection: duckdb.DuckDBPyConnection, query: Query, column: str) -> None:
    """Makes `run.given`, the loaded clients' facts, and `run.scenarios`: `run.base`, those given in the place of those with their keys.

    `column` has the same value for all of them, as they are one portfolio.
    """
    connection.execute(f"CREATE OR REPLACE TABLE run.given AS {query.facts}")
    same = " AND ".join(f"g.{quote_name(k)} = b.{quote_name(k)}" for k in query.key)
    name = quote_name(column)
    others = f"SELECT '' AS {name}, b.* FROM run.base AS b WHERE NOT EXISTS (SELECT 1 FROM run.given AS g WHERE {same})"
    connection.execute(f"CREATE OR REPLACE TABLE run.scenarios AS {others} UNION ALL BY NAME SELECT '' AS {name}, g.* FROM run.given AS g")


def loaded_keys(connection: duckdb.DuckDBPyConnection, table: str, key: Sequence[str]) -> list[tuple[object, ...]]:
    """The keys of a loaded table's rows, in the order in which they stood in its source."""
    return connection.execute(f"SELECT {', '.join(map(quote_name, key))} FROM {quote_name(table)} ORDER BY rowid").fetchall()


def given_keys(connection: duckdb.DuckDBPyConnection, key: Sequence[str]) -> set[tuple[object, ...]]:
    """The keys of the clients in `run.given`."""
    return set(connection.execute(f"SELECT {', '.join(map(quote_name, key))} FROM run.given").fetchall())


def counted(connection: duckdb.DuckDBPyConnection, query: Query, select: str) -> list[tuple[int, object]]:
    """Computes the facts of the loaded tables and counts over them: pairs of clients and amount, one per condition of the select."""
    for statement in query.prelude:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE TABLE run.facts AS {query.facts}")
    row = connection.execute(select).fetchone()
    values = list(row) if row else []
    return [(int(values[i]), values[i + 1]) for i in range(0, len(values), 2)]
