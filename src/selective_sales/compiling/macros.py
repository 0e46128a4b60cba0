"""The macros that the generated SQL uses: each rule of the language's arithmetic stands here once, under a name an auditor can read.

Only operations that IEEE 754 or exact integers fix decide anything, so every engine gives the same answer. An operation that can fail has
its TRY or TRY_CAST directly around it: an engine may compute a common part of two expressions once, outside of a TRY further out.
"""

from __future__ import annotations

MACROS: tuple[tuple[str, str, str], ...] = (
    ("money(x)", "an amount on its four places, rounded half away from zero; missing out of range", "TRY_CAST(x AS DECIMAL(18, 4))"),
    ("wide(x)", "an amount with room for the digits of a product", "CAST(x AS DECIMAL(22, 4))"),
    ("finite(x)", "a calculated number; missing where it overflows (beyond it no grid can hold it)", "CASE WHEN abs(x) < 1e299 THEN x END"),
    (
        "grid(x)",
        "a calculated number on the grid of nine decimals, on which numbers are compared and written",
        "sign(x) * floor(abs(x) * 1e9 + 0.5) / 1e9",
    ),
    (
        "money_by(m, x)",
        "amount x written number: exact, then rounded half away from zero; small products need no wide integers",
        "coalesce(TRY_CAST(TRY(m * x) AS DECIMAL(18, 4)), money(wide(m) * x))",
    ),
    (
        "units(m)",
        "an amount in its smallest unit, a ten-thousandth (exact: doubles hold every whole number up to 2^53)",
        "CASE WHEN abs(m) < 200000000000 THEN CAST(CAST(m AS DOUBLE) * 10000 AS BIGINT) ELSE CAST(wide(m) * 10000 AS BIGINT) END",
    ),
    ("from_units(u)", "an amount from ten-thousandths; missing out of range", "TRY(TRY_CAST(u AS DECIMAL(18, 0)) * 0.0001)"),
    ("billionths(x)", "how many billionths a number with at most nine decimals has", "floor(abs(x) * 1e9 + 0.5)"),
    ("signs(a, b)", "the sign of a product or quotient", "CAST(sign(a) AS INTEGER) * CAST(sign(b) AS INTEGER)"),
    ("near_billion(p)", "a positive whole number of billionths, rounded half up", "TRY(p + 500000000) // 1000000000"),
    (
        "over_half_up(u, n)",
        "a positive quotient of whole numbers, rounded half up; missing by zero",
        "TRY(2 * u + n) // NULLIF(TRY(2 * n), 0)",
    ),
    (
        "money_times(m, x)",
        "amount x number with at most nine decimals: exact, then rounded half away from zero",
        "from_units(signs(m, x) * coalesce(near_billion(TRY(abs(units(m)) * TRY_CAST(billionths(x) AS BIGINT))),"
        " near_billion(TRY(CAST(abs(units(m)) AS HUGEINT) * TRY_CAST(billionths(x) AS HUGEINT)))))",
    ),
    (
        "money_over(m, x)",
        "amount / number with at most nine decimals: exact, then rounded half away from zero; missing by zero",
        "from_units(signs(m, x) * over_half_up(CAST(abs(units(m)) AS HUGEINT) * 1000000000, TRY_CAST(billionths(x) AS HUGEINT)))",
    ),
    (
        "money_over_whole(m, n)",
        "amount / whole number: exact, then rounded half away from zero; missing by zero",
        "from_units(signs(m, n) * over_half_up(CAST(abs(units(m)) AS HUGEINT), abs(CAST(n AS HUGEINT))))",
    ),
    ("money_near(u)", "an amount from calculated ten-thousandths", "from_units(sign(u) * floor(abs(grid(u)) + 0.5))"),
    (
        "ratio(a, b)",
        "amount / amount: the double nearest to the exact quotient; missing by zero",
        "CAST(units(a) AS DOUBLE) / NULLIF(units(b), 0)",
    ),
    (
        "whole(x)",
        "a calculated number rounded half away from zero to a whole one",
        "TRY_CAST(sign(x) * floor(abs(grid(x)) + 0.5) AS BIGINT)",
    ),
    (
        "rounded(x, scale)",
        "a number rounded half away from zero, scale being a power of ten",
        "finite(sign(x) * floor(abs(grid(x * scale)) + 0.5) / scale)",
    ),
    (
        "rounded_to(x, size)",
        "a number rounded half away from zero to a multiple of size, a power of ten",
        "finite(sign(x) * floor(abs(grid(x / size)) + 0.5) * size)",
    ),
    (
        "calendar(d)",
        "a date; missing outside the years 1 to 9999",
        "CASE WHEN d BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN d END",
    ),
    ("plus_days(d, n)", "a date n days later", "calendar(TRY(d + TRY_CAST(n AS INTEGER)))"),
    (
        "plus_months(d, n)",
        "a date n months later, at most the month's end",
        "calendar(TRY_CAST(TRY(d + to_months(TRY_CAST(n AS INTEGER))) AS DATE))",
    ),
    ("month_number(d)", "months since the year 0", "12 * year(d) + month(d)"),
    (
        "months_forward(a, b)",
        "the largest n with a + n months <= b, for a <= b",
        "month_number(b) - month_number(a) - CASE WHEN CAST(a + to_months(CAST(month_number(b) - month_number(a) AS INTEGER)) AS DATE) > b"
        " THEN 1 ELSE 0 END",
    ),
    (
        "whole_months(a, b)",
        "whole months from a to b, negative where b is earlier",
        "CASE WHEN a <= b THEN months_forward(a, b) WHEN b < a THEN -months_forward(b, a) END",
    ),
    (
        "part_of(x, s, n)",
        "n characters of a text from the s-th (from its end where negative)",
        "CASE WHEN s <> 0 AND n >= 0 THEN TRY(substring(x, s, n)) END",
    ),
    (
        "read_number(x)",
        "a text as a number; missing where it is none",
        "CASE WHEN regexp_full_match(trim(x), '[+-]?[0-9]+([.][0-9]+)?') THEN grid(finite(TRY_CAST(trim(x) AS DOUBLE))) END",
    ),
    (
        "read_date(x)",
        "a text as a date; missing where it is none",
        "CASE WHEN regexp_full_match(trim(x), '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN calendar(TRY_CAST(trim(x) AS DATE)) END",
    ),
    ("wide_units(s)", "a sum of amounts in ten-thousandths", "TRY_CAST(TRY(CAST(s AS DECIMAL(38, 4)) * 10000) AS HUGEINT)"),
    (
        "half_away(u, n)",
        "a whole number divided by a count, rounded half away from zero",
        "CASE WHEN u < 0 THEN -1 ELSE 1 END * ((2 * abs(u) + n) // (2 * NULLIF(n, 0)))",
    ),
    ("mean_money(s, n)", "the mean of amounts from their exact sum", "from_units(half_away(CAST(wide_units(s) AS HUGEINT), n))"),
    ("middle(xs, i)", "the lower (0) or upper (1) of the two middle items of a sorted list", "xs[(len(xs) + 1 + i) // 2]"),
    (
        "deviation(xs, m)",
        "the sample's standard deviation of sorted numbers with mean m",
        'CASE WHEN len(xs) > 1 THEN finite(sqrt(list_reduce(list_transform(xs, lambda "#x": ("#x" - m) * ("#x" - m)),'
        ' lambda "#s", "#x": "#s" + "#x")'
        " / (len(xs) - 1))) END",
    ),
    (
        "at_least(n, trues, unknowns)",
        "true if enough conditions hold, false if too few still can",
        "CASE WHEN trues >= n THEN TRUE WHEN trues + unknowns < n THEN FALSE END",
    ),
    ("unit(x)", "a number cut to 0..1", "CASE WHEN x < 0 THEN 0e0 WHEN x > 1 THEN 1e0 ELSE x END"),
    (
        "all_agree(xs)",
        "the one value that all items are, none of them missing; else missing",
        "CASE WHEN len(list_distinct(xs)) = 1 AND list_count(xs) = len(xs) THEN xs[1] END",
    ),
    (
        "chosen(rows)",
        "the values (v) of the rows whose condition (c) is true",
        'list_transform(list_filter(rows, lambda "#x": "#x"."c" IS TRUE), lambda "#x": "#x"."v")',
    ),
    (
        "doubtful(rows)",
        "the values of the rows whose condition is unknown",
        'list_transform(list_filter(rows, lambda "#x": "#x"."c" IS NULL), lambda "#x": "#x"."v")',
    ),
    (
        "candidates(rows)",
        "the values of the rows whose condition is true or unknown",
        'list_transform(list_filter(rows, lambda "#x": "#x"."c" IS NOT FALSE), lambda "#x": "#x"."v")',
    ),
    (
        "first_certain(rows)",
        "the value of the first row whose condition is true, if the unknown ones before it agree (the last condition is TRUE)",
        'all_agree(candidates(rows[1:list_position(list_transform(rows, lambda "#x": "#x"."c"), TRUE)]))',
    ),
    (
        "agreed(xs)",
        "the one value that all items share; missing where they disagree",
        "CASE WHEN len(list_distinct(xs)) = 1 THEN xs[1] END",
    ),
)


def macro_statements() -> tuple[str, ...]:
    """One CREATE per macro, each with its comment, in an order in which each comes after all it uses."""
    return tuple(f"-- {meaning}\nCREATE OR REPLACE TEMP MACRO {head} AS {body}" for head, meaning, body in MACROS)
