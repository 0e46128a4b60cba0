"""Where an engine by itself would say something else, or stop: the ends of what a type holds, texts, patterns, calendars, names.

Each metric is asked of every client, so that each form meets each value; DuckDB and the other engine must say the same of all of them.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from selective_sales.model.checked import CheckedPolicy
from tests.engines.beside import Engine, agree
from tests.making.policies import MadeClient
from tests.making.schema import CLIENTS, ORDERS
from tests.properties.harness import checked_policy
from tests.properties.test_sentences_of_the_language import ORDER_ROWS, ROW, SENTENCES, yaml_text

D = Decimal
NUMBERS = (0.0, 1e-9, -1e-9, 0.1, 1 / 3, 2.5, -2.5, 123456.789, 2.0**53, -(2.0**53) - 2, 1e15, 1e17, 1e20, 1e21, 9.9e37, 1.7e38, 1e39)
HUGE = (1e150, -1e150, 1e200, 1e298, -1e298, 1e-9, 0.0, 3.0, None)
AMOUNTS = (D(0), D("0.0001"), D("-0.0001"), D("0.5"), D("33.3333"), D("99999999999999.9999"), D("-99999999999999.9999"), D("1e13"), None)
WHOLE = (0, 1, -1, 7, 2**53 + 1, 2**63 - 1, -(2**63), 3037000500, None)
DATES = (None, *map(datetime.date.fromisoformat, ("0001-01-01", "9999-12-31", "2024-02-29", "2023-02-28", "2026-01-31", "2026-03-30")))
SPANS = (0, 1, -1, 11, 12, 13, -13, 30, 365, 120_000, 3_652_058, 10**12, -(2**63), None)
TEXTS = (
    "", " ", "a", "A", "Z", "ä", "ß", "İI", "ǅ", "Łódź ŻÓŁW", "ᾳΣς", "x'y\"z\\", "a\nb", "\t", "\u00a0a\u2003",
    "e\u0301", "\U0001f600b", "%_",
    None,
    "12", "+1.50", "-0", "00012.3400", "1e3", ".5", "5.", " 7 ", "0" * 400 + "5", "9" * 400, "0." + "0" * 400 + "1", "0." + "9" * 400,
    "1.7976931348623157", "2026-02-29", "2024-02-29", "0000-01-01", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32", " 2026-01-31 ",
    "$100", "a.b", "[x]", "zzzz", "0123456789" * 30,
)  # fmt: skip
PATTERNS = (
    "^[a-z]+$", "a.b", r"\d{4}-\d{2}", r"^\s*$", "[^a]", "a|b|", "(?:a|b)*c?", "(?P<name>x)y", r"\$\d+", r"[\[\]]",
    "[^-z]", "[a\\-z]", r"\x{41}",
    r"a\.b",
    "^$", "Ł.dź", r"\W", "[\\d.]+", "z{3,}", "a??", r"\Aa\z", "x'y", "[é-ü]", r"\n", "b$", "(a)(b)?", "[^\\n]", r"\t", "[A-Z_]", "%_",
    r"\\",
)  # fmt: skip


def clients(**values: tuple[Any, ...]) -> dict[str, MadeClient]:
    """A client for every combination of the values; the other fields are blank."""
    rows = (dict(zip(values, combination, strict=True)) for combination in itertools.product(*values.values()))
    return {f"c{n:05}": MadeClient({c.name: row.get(c.name) for c in CLIENTS}, ()) for n, row in enumerate(rows)}


def metrics(*expressions: str) -> CheckedPolicy:
    start, _, rest = yaml_text().partition("metrics:\n")
    text = start + "metrics:\n" + "\n".join(f"  s{n}: '{e.replace(chr(39), chr(39) * 2)}'" for n, e in enumerate(expressions))
    found = checked_policy(text + "\n" + rest[rest.index("decisions:") :])
    assert found is not None
    return found


def sentences(engine: Engine) -> None:
    checked = checked_policy(yaml_text())
    assert checked is not None
    made = MadeClient({c.name: ROW.get(c.name) for c in CLIENTS}, tuple({c.name: row.get(c.name) for c in ORDERS} for row in ORDER_ROWS))
    (row,) = agree(engine, checked, {"c": made})
    assert list(row[-len(SENTENCES) :]) == [expected for _, expected in SENTENCES]


def numbers_at_the_ends_of_what_doubles_hold(engine: Engine) -> None:
    forms = [f"n1 {op} n2" for op in engine.operators] + [
        "n1 * n1 * n2",
        "n1 / n2 / n2",
        "-n1",
        "abs(n1)",
        "round(n1)",
        "round(n1, 9)",
    ]
    forms += [
        "floor(n1)",
        "ceiling(n1)",
        "n1 ** 2",
        "n1 * n2 > 0",
        "n1 + 0.1 = n2 + 0.1",
        "min(n1, n2)",
        "max(n1 * 3, n2)",
        "round(n1, -9)",
    ]
    agree(engine, metrics(*forms), clients(n1=HUGE, n2=HUGE))
    agree(
        engine,
        metrics(*forms, "share(n1)", "rank(n1)", "cumulative_share(n1)", "median(n1)", "total(n1)"),
        clients(n1=NUMBERS, n2=(3.0, 0.7)),
    )


def money_and_whole_numbers_at_their_ends(engine: Engine) -> None:
    forms = [f"m1 {op} m2" for op in ("+", "-", "/")] + [
        "m1 * i1",
        "m1 / i1",
        "-m1",
        "abs(m1)",
        "round(m1)",
        "round(m1, -3)",
        "floor(m1)",
        "ceiling(m1)",
    ]
    forms += [f"i1 {op} i2" for op in ("+", "-", "*", "/")] + [
        "-i1",
        "abs(i1)",
        "round(i1, -2)",
        "m1 * 0.3333333",
        "m1 * 0.7",
        "m1 / 0.7",
        "m1 * (i1 / 3)",
    ]
    forms += [
        "m1 / (i1 / 3)",
        "min(m1, m2)",
        "max(i1, i2)",
        "m1 in [m2..100]",
        "if i1 > 0 then m1 + m2 else m2",
        "total(m1)",
        "average(m1)",
        "median(m1)",
    ]
    forms += ["share(m1)", "cumulative_share_before(m1)", "percentile(m1)", "average(i1)", "total(i1)"]
    agree(engine, metrics(*forms), clients(m1=AMOUNTS, m2=AMOUNTS, i1=WHOLE, i2=(3, -1, 2**63 - 1, -(2**63))))


def money_by_numbers_of_any_size(engine: Engine) -> None:
    forms = ("m1 * n1", "m1 / n1", "m1 * (n1 * 1.5)", "m1 / (n1 + 0.1)", "m1 * n1 > m1")
    agree(engine, metrics(*forms), clients(m1=AMOUNTS, n1=(*NUMBERS, *HUGE)))


def dates_and_spans(engine: Engine) -> None:
    forms = [
        "d1 + y1",
        "d1 - y1",
        "d1 + o1",
        "d1 - o1",
        "d1 + 1 month",
        "d1 - 12 months",
        "year(d1)",
        "month(d1)",
        "d1 - d2",
        "days_between(d1, d2)",
    ]
    forms += [
        "months_between(d1, d2)",
        "d1 < d2",
        "min(d1, d2)",
        "y1 + y1",
        "y1 * 3",
        "y1 / 7",
        "-y1",
        "y1 * 0.5",
        "o1 * 2",
        "y1 / 60 days",
        "d1 in (d2..as_of]",
    ]
    agree(engine, metrics(*forms), clients(d1=DATES, d2=DATES, y1=SPANS, o1=(0, 1, -1, 12, 119_987, -(2**63), None)))


def texts(engine: Engine) -> None:
    forms = [
        "lower(t1)",
        "upper(t1)",
        "trim(t1)",
        "length(t1)",
        "contains(t1, t2)",
        "starts_with(t1, t2)",
        "ends_with(t1, t2)",
        "number(t1)",
        "date(t1)",
    ]
    forms += [
        "t1 < t2",
        "t1 = t2",
        "t1 + t2",
        "min(t1, t2)",
        "max(t1, t2)",
        't1 in ["a", "Z"]',
        't1 > "Z"',
        'coalesce(t1, t2) >= "ß"',
        "substring(t1, 2, 3)",
    ]
    forms += ["substring(t1, i1, 2)", "substring(t1, 1, i1)", "substring(t1, i1, i1)", 'if t1 = "a" then t2 else t1']
    agree(engine, metrics(*forms), clients(t1=TEXTS, t2=("a", "", "Z", None), i1=(0, 1, -2, 2**40)))


def patterns(engine: Engine) -> None:
    agree(engine, metrics(*(f'matches(t1, "{pattern}")' for pattern in PATTERNS)), clients(t1=TEXTS))


def long_names(engine: Engine) -> None:
    text = yaml_text()
    long = "never-" + "x" * 90
    checked = checked_policy(
        text.replace("id: never", f"id: {long}a").replace("rules:", f"rules:\n  - {{id: {long}b, when: m1 > 0, then: decline, reason: x}}")
    )
    assert checked is not None
    rows = agree(engine, checked, clients(m1=(D(1), D(-1), None)))
    assert [row[3] for row in rows] == [f"{long}b", f"{long}a", "unknown"]


EDGES: tuple[Callable[[Engine], None], ...] = (
    sentences,
    numbers_at_the_ends_of_what_doubles_hold,
    money_and_whole_numbers_at_their_ends,
    money_by_numbers_of_any_size,
    dates_and_spans,
    texts,
    patterns,
    long_names,
)
