"""Where PostgreSQL by itself would say something else, or stop: the ends of what a type holds, texts, patterns, calendars, names.

Each metric is asked of every client, so that each form meets each value; DuckDB and PostgreSQL must say the same of all of them.
"""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal
from typing import Any

import duckdb
import psycopg
import pytest

from selective_sales import compiling
from selective_sales.compiling.postgres import TYPES, finished, function_statements
from selective_sales.compiling.postgres_macros import LOWER, UPPER
from selective_sales.compiling.postgres_patterns import postgres_pattern
from selective_sales.model.checked import CheckedPolicy
from tests.making.policies import MadeClient
from tests.making.schema import AS_OF, CLIENTS, ORDERS
from tests.postgres.beside import both
from tests.properties.harness import checked_policy, fill_tables
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


def agree(postgres: str, checked: CheckedPolicy, made: dict[str, MadeClient]) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        fill_tables(connection, made)
        found = both(checked, connection, postgres, AS_OF)
    assert len(found.postgres) == len(made)
    differences = found.differences()
    assert not differences, "\n".join(differences[:10])
    return found.postgres


def test_sentences(postgres: str) -> None:
    checked = checked_policy(yaml_text())
    assert checked is not None
    made = MadeClient({c.name: ROW.get(c.name) for c in CLIENTS}, tuple({c.name: row.get(c.name) for c in ORDERS} for row in ORDER_ROWS))
    (row,) = agree(postgres, checked, {"c": made})
    assert list(row[-len(SENTENCES) :]) == [expected for _, expected in SENTENCES]


def test_numbers_at_the_ends_of_what_doubles_hold(postgres: str) -> None:
    forms = [f"n1 {op} n2" for op in OPERATIONS] + [
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
    agree(postgres, metrics(*forms), clients(n1=HUGE, n2=HUGE))
    agree(
        postgres,
        metrics(*forms, "share(n1)", "rank(n1)", "cumulative_share(n1)", "median(n1)", "total(n1)"),
        clients(n1=NUMBERS, n2=(3.0, 0.7)),
    )


def test_money_and_whole_numbers_at_their_ends(postgres: str) -> None:
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
    agree(postgres, metrics(*forms), clients(m1=AMOUNTS, m2=AMOUNTS, i1=WHOLE, i2=(3, -1, 2**63 - 1, -(2**63))))


def test_money_by_numbers_of_any_size(postgres: str) -> None:
    forms = ("m1 * n1", "m1 / n1", "m1 * (n1 * 1.5)", "m1 / (n1 + 0.1)", "m1 * n1 > m1")
    agree(postgres, metrics(*forms), clients(m1=AMOUNTS, n1=(*NUMBERS, *HUGE)))


def test_dates_and_spans(postgres: str) -> None:
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
    agree(postgres, metrics(*forms), clients(d1=DATES, d2=DATES, y1=SPANS, o1=(0, 1, -1, 12, 119_987, -(2**63), None)))


def test_texts(postgres: str) -> None:
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
    agree(postgres, metrics(*forms), clients(t1=TEXTS, t2=("a", "", "Z", None), i1=(0, 1, -2, 2**40)))


OPERATIONS = ("+", "-", "*", "/", "**")
PATTERNS = (
    "^[a-z]+$", "a.b", r"\d{4}-\d{2}", r"^\s*$", "[^a]", "a|b|", "(?:a|b)*c?", "(?P<name>x)y", r"\$\d+", r"[\[\]]",
    "[^-z]", "[a\\-z]", r"\x{41}",
    r"a\.b",
    "^$", "Ł.dź", r"\W", "[\\d.]+", "z{3,}", "a??", r"\Aa\z", "x'y", "[é-ü]", r"\n", "b$", "(a)(b)?", "[^\\n]", r"\t", "[A-Z_]", "%_",
    r"\\",
)  # fmt: skip


def test_patterns(postgres: str) -> None:
    agree(postgres, metrics(*(f'matches(t1, "{pattern}")' for pattern in PATTERNS)), clients(t1=TEXTS))


@pytest.mark.parametrize("pattern", ["(?i)a", r"\bword", r"\p{L}", "[[:alpha:]]", "a{300}", "(?s).", r"\Qa.b\E", "^*"])
def test_patterns_without_an_equal_are_findings(pattern: str) -> None:
    assert postgres_pattern(pattern) is None
    (finding,) = compiling.postgres_findings(metrics("n1 + 1", f'matches(t1, "{pattern}")'))
    assert finding.code == "SS641" and finding.place.line > 1 and pattern in finding.message


def test_every_letter_has_the_same_cases(postgres: str) -> None:
    letters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    cased = "SELECT lower(x), upper(x) FROM (SELECT unnest(?) AS x)"
    # Beyond the first two planes nothing has a case, and the server's tables have nothing: it need not look at a million signs.
    beyond = [letter for letter in letters if ord(letter) > 0x1FFFF]
    other = "SELECT count(*) FROM (SELECT unnest(?) AS x) WHERE lower(x) <> x OR upper(x) <> x"
    assert duckdb.execute(other, [beyond]).fetchall() == [(0,)]
    assert max(*LOWER, *LOWER.values(), *UPPER, *UPPER.values()) <= 0x1FFFF
    letters = letters[: -len(beyond)]
    expected = duckdb.execute(cased, [letters]).fetchall()
    with psycopg.connect(postgres) as server:
        for statement in function_statements(["lower(x) upper(x)"], "pg_temp"):
            server.execute(statement)  # type: ignore[call-overload]
        found = server.execute(
            "SELECT pg_temp.lower(x), pg_temp.upper(x) FROM unnest(%s::text[]) WITH ORDINALITY AS l(x, n) ORDER BY n", [letters]
        )
        differing = [(x, a, b) for x, a, b in zip(letters, expected, found.fetchall(), strict=True) if a != b]
    assert differing == []


def test_texts_mean_the_same_where_a_backslash_starts_an_escape(postgres: str) -> None:
    """A setting of old servers: there `'\\'` would open the text to whatever follows."""
    forms = [f"t1 = {text}" for text in (r'"x\'y\"z\\"', r'"\\"', r'"a\nb"')] + [
        r'matches(t1, "^\d+$")',
        "upper(t1)",
        "number(t1)",
        "date(t1)",
    ]
    agree(f"{postgres} options='-c standard_conforming_strings=off'", metrics(*forms), clients(t1=TEXTS))


def test_names_longer_than_postgres_takes(postgres: str) -> None:
    text = yaml_text()
    long = "never-" + "x" * 90
    checked = checked_policy(
        text.replace("id: never", f"id: {long}a").replace("rules:", f"rules:\n  - {{id: {long}b, when: m1 > 0, then: decline, reason: x}}")
    )
    assert checked is not None
    rows = agree(postgres, checked, clients(m1=(D(1), D(-1), None)))
    assert [row[3] for row in rows] == [f"{long}b", f"{long}a", "unknown"]


@pytest.mark.parametrize("name", ["xmin", "ctid", "m" * 64, "ł" * 32])
def test_names_that_no_column_can_have_are_findings(name: str) -> None:
    start, _, rest = yaml_text().partition("metrics:\n")
    checked = checked_policy(start.replace("m2: money", f"{name}: money", 1) + "metrics:\n  s0: m1\n" + rest[rest.index("decisions:") :])
    assert checked is not None
    (finding,) = compiling.postgres_findings(checked)
    assert finding.code == "SS642" and name in finding.message


def test_a_table_whose_name_is_cut_off_is_a_finding() -> None:
    name = "ł" * 32
    found = checked_policy(yaml_text().replace("orders", name))
    assert found is not None
    (finding,) = compiling.postgres_findings(found)
    assert finding.code == "SS642" and name in finding.message


def test_only_names_of_functions_get_a_schema() -> None:
    text = """SELECT grid("grid(x)"), 'it''s money(1)', x -- unit(x)\nFROM t WHERE t.grid(x) AND sum(y) OVER (z)"""
    assert finished(text, "s") == text.replace("SELECT grid(", "SELECT s.grid(")
    assert set(TYPES) and list(function_statements(["SELECT 1"], "s")) == []
