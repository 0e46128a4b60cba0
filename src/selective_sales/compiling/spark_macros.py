r"""The macros in Spark: the same names and rules as macros.py. Spark has them written out in the query, so no function has to be there.

An operation of Spark raises where DuckDB's gives infinity or nothing; and an argument may be computed ahead of the condition it
stands under. So nothing here can fail, whatever it is given. Whole numbers of any size are DECIMAL(38, 0), exact sums of numbers are
counted in billionths; where DuckDB's widest integer goes on to 1.7e38, what a value still means there is written as a case of its own.
"""

from __future__ import annotations

import re

from .postgres_macros import LOWER, SPACES, UPPER

WIDE = "DECIMAL(38, 0)"
_UP = "1180591620717411303424"
_TWO_64 = "18446744073709551616"


def cased(builtin: str, start: int, table: dict[int, int]) -> str:
    """Java changes the case of some letters by those around them, or into two: beyond ASCII each letter stands in a table."""
    ascii_table = {code: code + (32 if start == ord("A") else -32) for code in range(start, start + 26)}
    whole = ascii_table | table
    letters, others = "".join(map(chr, whole)), "".join(map(chr, whole.values()))
    return f"CASE WHEN octet_length(x) = char_length(x) THEN {builtin}(x) ELSE translate(x, '{letters}', '{others}') END"


MACROS: tuple[tuple[str, str, str], ...] = (
    ("NULLIF(x, y)", "x, missing where it is y", "CASE WHEN x <> y THEN x END"),
    ("fit(x)", "a whole number; missing out of range", "try_cast(x AS BIGINT)"),
    ("fit_double(x)", "a whole double as a whole number; missing out of range",
     "CASE WHEN x >= -9223372036854775808e0 AND x < 9223372036854775808e0 THEN CAST(x AS BIGINT) END"),
    ("whole_number(x)", "the exact value of a whole double; missing where it has more than 38 digits",
     f"CASE WHEN abs(x) < 9.2e18 THEN CAST(CAST(x AS BIGINT) AS {WIDE}) WHEN abs(x) < 1e38 THEN"
     f" try_add(try_multiply(CAST(CAST(x / {_UP}e0 AS BIGINT) AS {WIDE}), CAST({_UP} AS {WIDE})),"
     f" CAST(CAST((x - CAST(CAST(x / {_UP}e0 AS BIGINT) AS DOUBLE) * {_UP}e0) / 2048e0 AS BIGINT) * CAST(2048 AS DECIMAL(4, 0)) AS"
     f" {WIDE})) END"),
    ("money(x)", "an amount on its four places, rounded half away from zero; missing out of range", "try_cast(x AS DECIMAL(18, 4))"),
    ("wide(x)", "an amount with room for the digits of a sum", "CAST(x AS DECIMAL(22, 4))"),
    ("finite(x)", "a calculated number; missing where it overflows (beyond it no grid can hold it)", "CASE WHEN abs(x) < 1e299 THEN x END"),
    ("floor_of(x)", "the whole part of a number that is not negative",
     "CASE WHEN x < 9e15 THEN CAST(CAST(x AS BIGINT) AS DOUBLE) ELSE x END"),
    ("whole_below(x)", "the greatest whole number that is not above", "CASE WHEN abs(x) < 9e15 THEN CAST(floor(x) AS DOUBLE) ELSE x END"),
    ("whole_above(x)", "the least whole number that is not below", "CASE WHEN abs(x) < 9e15 THEN CAST(ceil(x) AS DOUBLE) ELSE x END"),
    ("signum(x)", "-1, 0 or 1", "CASE WHEN x < 0 THEN -1 WHEN x > 0 THEN 1 WHEN x = 0 THEN 0 END"),
    ("billionths(x)", "how many billionths a number with at most nine decimals has",
     "CASE WHEN abs(x) < 9e6 THEN CAST(CAST(abs(x) * 1e9 + 5e-1 AS BIGINT) AS DOUBLE) ELSE floor_of(abs(x) * 1e9 + 5e-1) END"),
    ("grid(x)", "a calculated number on the grid of nine decimals, on which numbers are compared and written",
     "signum(x) * CASE WHEN abs(x) < 9e6 THEN CAST(CAST(abs(x) * 1e9 + 5e-1 AS BIGINT) AS DOUBLE) WHEN abs(x) * 1e9 < 9e15 THEN"
     " CAST(CAST(abs(x) * 1e9 + 5e-1 AS BIGINT) AS DOUBLE) ELSE abs(x) * 1e9 + 5e-1 END / 1e9"),
    ("money_by(m, x)", "amount x written number: exact, then rounded half away from zero", "try_cast(m * x AS DECIMAL(18, 4))"),
    ("units(m)", "an amount in its smallest unit, a ten-thousandth", "CAST(m * 10000 AS BIGINT)"),
    ("from_units(u)", "an amount from ten-thousandths; missing out of range",
     "try_cast(try_cast(u AS DECIMAL(18, 0)) * 0.0001 AS DECIMAL(18, 4))"),
    ("signs(a, b)", "the sign of a product or quotient", "signum(a) * signum(b)"),
    ("near_billion(u, b)", "a whole number times billionths, rounded half up; missing where it needs more than 128 bits",
     "CASE WHEN u = 0 AND b < 170141183460469231731687303715884105728e0 THEN 0 WHEN CAST(u AS DOUBLE) * b < 9e27 THEN"
     f" CAST((CAST(try_multiply(CAST(u AS {WIDE}), whole_number(b)) AS {WIDE}) + 500000000) DIV 1000000000 AS {WIDE}) END"),
    ("divided_half_up(u, n)", "a positive quotient of whole numbers, rounded half up; missing by zero or out of range",
     "CASE WHEN n = 0 THEN NULL WHEN n > 1e28 THEN 0 WHEN CAST(u AS DOUBLE) / CAST(n AS DOUBLE) < 2e18 THEN"
     " (2 * CAST(u AS DECIMAL(30, 0)) + CAST(n AS DECIMAL(30, 0))) DIV (2 * CAST(n AS DECIMAL(30, 0))) END"),
    ("money_times(m, x)", "amount x number with at most nine decimals: exact, then rounded half away from zero",
     "from_units(signs(m, x) * near_billion(abs(units(m)), billionths(x)))"),
    ("over_billionths(u, b)", "a positive whole number by billionths, rounded half up; missing by zero, or past 128 bits",
     "CASE WHEN b < 8507059173023461e22 THEN"
     " CASE WHEN b < 1e28 THEN divided_half_up(u * CAST(1000000000 AS DECIMAL(10, 0)), whole_number(b)) ELSE 0 END END"),
    ("money_over(m, x)", "amount / number with at most nine decimals: exact, then rounded half away from zero; missing by zero",
     "from_units(signs(m, x) * over_billionths(abs(units(m)), billionths(x)))"),
    ("money_over_whole(m, n)", "amount / whole number: exact, then rounded half away from zero; missing by zero",
     f"from_units(signs(m, n) * divided_half_up(abs(units(m)), abs(CAST(n AS {WIDE}))))"),
    ("half_up(x)", "a calculated number rounded half away from zero", "signum(x) * floor_of(abs(grid(x)) + 5e-1)"),
    ("money_near(u)", "an amount from calculated ten-thousandths", "from_units(fit_double(half_up(u)))"),
    ("ratio(a, b)", "amount / amount: the double nearest to the exact quotient; missing by zero",
     "try_divide(CAST(units(a) AS DOUBLE), CAST(units(b) AS DOUBLE))"),
    ("whole(x)", "a calculated number rounded half away from zero to a whole one", "fit_double(half_up(x))"),
    ("rounded(x, scale)", "a number rounded half away from zero, scale being a power of ten", "finite(half_up(x * scale) / scale)"),
    ("rounded_to(x, size)", "a number rounded half away from zero to a multiple of size, a power of ten",
     "finite(half_up(x / size) * size)"),
    ("nearest_whole(x)", "rounded half away from zero, as it stands",
     "CASE WHEN abs(x) < 4503599627370496e0 THEN CAST(CAST(x AS BIGINT) + CASE WHEN abs(x - CAST(CAST(x AS BIGINT) AS DOUBLE)) >= 5e-1"
     " THEN signum(x) ELSE 0 END AS DOUBLE) ELSE x END"),
    ("exact(x)", "a number in billionths; missing where it is too large",
     "CASE WHEN abs(x) < 1e29 THEN whole_number(nearest_whole(x * 1e9)) END"),
    ("wide_double(u)", "a whole number as a double, in two halves of 64 bits",
     f"CASE WHEN abs(u) < {_TWO_64} THEN CAST(u AS DOUBLE) WHEN u > 0 THEN CAST(u % {_TWO_64} AS DOUBLE) + CAST(u DIV {_TWO_64} AS DOUBLE)"
     f" * {_TWO_64}e0 WHEN u % {_TWO_64} = 0 THEN CAST(u DIV {_TWO_64} AS DOUBLE) * {_TWO_64}e0"
     f" ELSE CAST(u % {_TWO_64} + {_TWO_64} AS DOUBLE) + CAST(u DIV {_TWO_64} - 1 AS DOUBLE) * {_TWO_64}e0 END"),
    ("double_of(u, scale)", "u / scale as a double: small ones in one division, large ones with their fraction apart",
     "CASE WHEN abs(u) <= 9007199254740992 THEN CAST(u AS DOUBLE) / scale"
     f" ELSE wide_double(CAST((u - u % CAST(scale AS {WIDE})) / CAST(scale AS {WIDE}) AS {WIDE})) + CAST(u % CAST(scale AS {WIDE}) AS"
     f" DOUBLE)"
     " / scale END"),
    ("calendar(d)", "a date; missing outside the years 1 to 9999",
     "CASE WHEN d BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN d END"),
    ("year(d)", "a date's year", "CAST(extract(YEAR FROM d) AS BIGINT)"),
    ("month(d)", "a date's month", "CAST(extract(MONTH FROM d) AS BIGINT)"),
    ("month_number(d)", "months since the year 0", "CAST(12 * extract(YEAR FROM d) + extract(MONTH FROM d) AS BIGINT)"),
    ("plus_days(d, n)", "a date n days later; missing outside the years 1 to 9999",
     "CASE WHEN n >= datediff(DATE '0001-01-01', d) AND n <= datediff(DATE '9999-12-31', d) THEN date_add(d, try_cast(n AS INT)) END"),
    ("plus_months(d, n)", "a date n months later, at most the month's end; missing outside the years 1 to 9999",
     "CASE WHEN n >= 13 - month_number(d) AND n <= 120000 - month_number(d) THEN add_months(d, try_cast(n AS INT)) END"),
    ("months_forward(a, b)", "the largest n with a + n months <= b, for a <= b",
     "month_number(b) - month_number(a) - CASE WHEN add_months(a, CAST(month_number(b) - month_number(a) AS INT)) > b THEN 1 ELSE 0 END"),
    ("whole_months(a, b)", "whole months from a to b, negative where b is earlier",
     "CASE WHEN a <= b THEN months_forward(a, b) WHEN b < a THEN -months_forward(b, a) END"),
    ("trim(x)", "a text without the spaces around it", f"btrim(x, '{SPACES}')"),
    ("length(x)", "the number of characters", "CAST(char_length(x) AS BIGINT)"),
    ("starts_with(x, part)", "whether a text begins with the other", "startswith(x, part)"),
    ("ends_with(x, part)", "whether a text ends with the other", "endswith(x, part)"),
    ("cut(x, low, high)", "the characters of a text from one place to another, counted from 0",
     "substring(x, CAST(least(greatest(low, 0), 1000000000) + 1 AS INT),"
     " CAST(greatest(least(high, 1000000000) - least(greatest(low, 0), 1000000000), 0) AS INT))"),
    ("part_of(x, s, n)", "n characters of a text from the s-th (from its end where negative)",
     "CASE WHEN s <> 0 AND n >= 0 AND s BETWEEN -4294967296 AND 4294967295 AND n <= 4294967295 THEN CASE WHEN s > 0"
     " THEN cut(x, try_subtract(s, 1), try_add(try_subtract(s, 1), n)) ELSE cut(x, try_add(char_length(x), s),"
     " try_add(try_add(char_length(x), s), n))"
     " END END"),
    ("read_number(x)", "a text as a number; missing where it is none",
     r"grid(finite(CASE WHEN trim(x) RLIKE '\A[+-]?[0-9]+([.][0-9]+)?\z' THEN try_cast(trim(x) AS DOUBLE) END))"),
    ("read_date(x)", "a text as a date; missing where it is none",
     r"calendar(CASE WHEN trim(x) RLIKE '\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z' THEN try_cast(trim(x) AS DATE) END)"),
    ("wide_units(s)", "a sum of amounts in ten-thousandths", f"CAST(CAST(s AS DECIMAL(32, 4)) * 10000 AS {WIDE})"),
    ("half_away(u, n)", "a whole number divided by a count, rounded half away from zero",
     f"CASE WHEN abs(CAST(u AS DOUBLE)) < 1e37 AND try_divide(abs(CAST(u AS DOUBLE)), CAST(n AS DOUBLE)) < 1e20 THEN signum(u) *"
     f" ((2 * abs(CAST(u AS {WIDE})) + n) - (2 * abs(CAST(u AS {WIDE})) + n) % (2 * n)) / (2 * n) END"),
    ("mean_money(s, n)", "the mean of amounts from their exact sum", "from_units(half_away(wide_units(s), n))"),
    ("middle(xs, i)", "the lower (0) or upper (1) of the two middle items of a sorted list",
     "get(xs, CAST((size(xs) - 1 + i) DIV 2 AS INT))"),
    ("deviation(xs, m)", "the sample's standard deviation of sorted numbers with mean m",
     'finite(CASE WHEN size(xs) > 1 THEN sqrt(aggregate(xs, 0e0, ("#s", "#x") -> "#s" + ("#x" - m) * ("#x" - m)) / (size(xs) - 1)) END)'),
    ("at_least(n, trues, unknowns)", "true if enough conditions hold, false if too few still can",
     "CASE WHEN trues >= n THEN TRUE WHEN trues + unknowns < n THEN FALSE END"),
    ("at_least_of(n, s, many)", "the same, of a sum in which a true condition counts many and an unknown one 1",
     "CASE WHEN s DIV many >= n THEN TRUE WHEN s DIV many + s % many < n THEN FALSE END"),
    ("unit(x)", "a number cut to 0..1", "CASE WHEN x < 0 THEN 0e0 WHEN x > 1 THEN 1e0 ELSE x END"),
    ("absolute_of(x)", "a whole number without its sign; missing out of range", "CASE WHEN x < 0 THEN try_subtract(0, x) ELSE x END"),
    ("chosen_of(c, t, e)", "if: unknown where the condition is, unless both branches agree",
     "CASE WHEN c THEN t WHEN NOT c THEN e WHEN t = e THEN t END"),
    ("chosen_number(c, t, e)", "the same, of numbers, which agree on the grid",
     "CASE WHEN c THEN t WHEN NOT c THEN e WHEN grid(t) = grid(e) THEN t END"),
    ("least_of(a, b)", "the lesser of two; missing where one is", "CASE WHEN a <= b THEN a WHEN b < a THEN b END"),
    ("greatest_of(a, b)", "the greater of two; missing where one is", "CASE WHEN a >= b THEN a WHEN b > a THEN b END"),
    ("lower(x)", "a text in small letters", cased("lcase", ord("A"), LOWER)),
    ("upper(x)", "a text in capitals", cased("ucase", ord("a"), UPPER)),
    # Lists.
    ("len(xs)", "how many items a list has", "CAST(size(xs) AS BIGINT)"),
    ("list_count(xs)", "how many items are not missing", 'CAST(size(filter(xs, "#x" -> "#x" IS NOT NULL)) AS BIGINT)'),
    ("list_contains(xs, x)", "whether an item stands in a list", "CASE WHEN x IS NOT NULL THEN coalesce(array_contains(xs, x), FALSE) END"),
    ("list_min(xs)", "the least item", "array_min(xs)"),
    ("list_max(xs)", "the greatest item", "array_max(xs)"),
    ("all_agree(xs)", "the one value that all items are, none of them missing; else missing",
     'CASE WHEN forall(xs, "#x" -> "#x" = get(xs, 0)) THEN get(xs, 0) END'),
    ("agreed(xs)", "the one value that all items share; missing where they disagree", "all_agree(xs)"),
    ("chosen(rs)", "the values (v) of the rows whose condition (c) is true",
     'transform(filter(rs, "#x" -> "#x"."c" IS TRUE), "#x" -> "#x"."v")'),
    ("doubtful(rs)", "the values of the rows whose condition is unknown",
     'transform(filter(rs, "#x" -> "#x"."c" IS NULL), "#x" -> "#x"."v")'),
    ("candidates(rs)", "the values of the rows whose condition is true or unknown",
     'transform(filter(rs, "#x" -> "#x"."c" IS NOT FALSE), "#x" -> "#x"."v")'),
    ("first_certain(rs)", "the value of the first row whose condition is true, if the unknown ones before it agree (the last is TRUE)",
     'all_agree(candidates(slice(rs, 1, CAST(array_position(transform(rs, "#x" -> "#x"."c"), TRUE) AS INT))))'),
    ("dated(rs, d)", "the values (v) of a date (c)", 'transform(filter(rs, "#x" -> "#x"."c" = d), "#x" -> "#x"."v")'),
    ("newest(rs)", "the value that all the latest share", 'agreed(dated(rs, array_max(transform(rs, "#x" -> "#x"."c"))))'),
)  # fmt: skip
"""Head, meaning and body. A body may use any other macro of the list; no macro has the name of a function of Spark that a body uses."""

BODIES: dict[str, tuple[tuple[str, ...], str]] = {
    head.partition("(")[0]: (tuple(re.findall(r"\w+", head.partition("(")[2])), body) for head, _, body in MACROS
}
"""Name -> parameters and body."""
