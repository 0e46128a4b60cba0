"""`evaluate` over half a million order lines of a wholesaler, beside a script that decides this one policy by hand.

The data are not part of the project: without them nothing is measured.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import duckdb

from benchmarks.contest import HERE, OWN_START, PROGRAM, START, STARTS
from benchmarks.report import Section, Target, beside
from benchmarks.timing import Contender, measured

ORDERS = "online_retail_uci.parquet"
AS_OF = "2011-12-10"
SCRIPT = HERE / "online_retail.sql"
BY_HAND = "hand-written SQL"
EVALUATE = "`evaluate`"
ALLOWED = 1.5
TITLE = "Real data: 541,909 order lines of 4,372 clients"
WHAT = f"{EVALUATE} of 541,909 order lines, with its start"
REASON = "most of it is fixed cost: a tenth of a second of work is compared"


def section(folder: Path, rounds: int, data: Path | None = None) -> Section:
    orders = (data or Path(os.environ.get("SELECTIVE_SALES_REAL_DATA", HERE.parents[1] / "shared" / "data"))) / ORDERS
    allowed = f"{ALLOWED:g} x by hand + start"
    if not orders.is_file():
        return Section(TITLE, (f"Not measured: {ORDERS} is not here.",), (Target(WHAT, allowed, "", None, "the data are not here"),))
    clients, ours, theirs = folder / "retail.parquet", folder / "retail", folder / "retail_by_hand"
    duckdb.connect().execute(f"COPY (SELECT DISTINCT CustomerID AS client_id FROM '{orders}' WHERE CustomerID IS NOT NULL) TO '{clients}'")
    data_options = ["--data", f"clients={clients}", "--data", f"orders={orders}"]
    evaluate = [*PROGRAM, "evaluate", str(HERE / "online_retail.yaml"), *data_options, "--as-of", AS_OF, "--out", str(ours)]
    tables = [
        part for name, path in (("clients", clients), ("orders", orders)) for part in ("--set", f"{name}={path}", "--hash", str(path))
    ]
    by_hand = [sys.executable, str(HERE / "by_hand.py"), str(SCRIPT), str(theirs), *tables, "--set", f"as_of={AS_OF}"]
    contenders = {name: Contender([sys.executable, "-c", code]) for name, code in STARTS.items()}
    contenders[BY_HAND] = Contender(by_hand, lambda: shutil.rmtree(theirs, ignore_errors=True))
    contenders[EVALUATE] = Contender(evaluate, lambda: shutil.rmtree(ours, ignore_errors=True))
    found = measured(contenders, rounds)
    most = ALLOWED * found[BY_HAND].seconds + found[OWN_START].seconds
    above, below = found[EVALUATE].seconds - found[OWN_START].seconds, found[BY_HAND].seconds - found[START].seconds
    took = found[EVALUATE].seconds
    lines = (
        "The script has the same columns, checks, order and hashes; it writes no facts and has no policy to read.",
        "",
        *beside(found, BY_HAND),
        "",
        f"Without the starts: {above:.2f} s against {below:.2f} s, {above / below:.2f} x.",
    )
    return Section(TITLE, lines, (Target(WHAT, f"{allowed} = {most:.2f} s", f"{took:.2f} s", took <= most, REASON),))
