r"""The macros in PostgreSQL: the same names and rules as macros.py, each a function of the session that leaves no trace in the database.

An operation of PostgreSQL fails where DuckDB's gives infinity or nothing, so each is asked first whether it can fail. Whole numbers of any
size and exact decimals are NUMERIC; where DuckDB's widest integer ends (`huge`), values end here too.
"""

from __future__ import annotations

SPACES = "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
"""What `trim` cuts off."""
_USUAL = "abs(a) BETWEEN 1e-150::FLOAT8 AND 1e150::FLOAT8 AND abs(b) BETWEEN 1e-150::FLOAT8 AND 1e150::FLOAT8"
"""Neither a product nor a quotient of such numbers leaves the range of doubles."""
_ENDS = "DATE '0001-01-01' - d AND DATE '9999-12-31' - d"

_LATER = {*range(0xA7CB, 0xA7D0), *range(0xA7DA, 0xA7DD), 0x1C89, 0x1C8A, *range(0x10D50, 0x10D86), 0x019B, 0x0264}
"""Letters whose other case came with Unicode 16: to DuckDB they have none."""
_CAPITALS = {ord("ß"): 0x1E9E} | {
    code: ord(chr(code).title()) for code in (*range(0x1F80, 0x1FB0), 0x1FB3, 0x1FC3, 0x1FF3) if chr(code).islower()
}


def cases(other: str, more: dict[int, int]) -> dict[int, int]:
    """Every letter that has one letter as its other case."""
    letters = (chr(code) for code in range(0x80, 0x1E944) if not 0xD800 <= code <= 0xDFFF and code not in _LATER)
    pairs = {ord(c): ord(getattr(c, other)()) for c in letters if len(getattr(c, other)()) == 1}
    return {code: found for code, found in sorted((pairs | more).items()) if code != found}


LOWER, UPPER = cases("lower", {0x130: ord("i")}), cases("upper", _CAPITALS)


def cased(function: str, table: dict[int, int]) -> str:
    """Whatever the database's locale is: letters beyond ASCII stand in a table."""
    letters, others = "".join(map(chr, table)), "".join(map(chr, table.values()))
    return (
        f"CASE WHEN x ~ '^[\\u0001-\\u007f]*$' THEN pg_catalog.{function}(x COLLATE \"C\")"
        f" ELSE translate(pg_catalog.{function}(x COLLATE \"C\"), '{letters}', '{others}') END"
    )


FUNCTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("fit(x NUMERIC)", "BIGINT", "a whole number; missing out of range",
     "CASE WHEN x BETWEEN -9223372036854775808 AND 9223372036854775807 THEN x::BIGINT END"),
    ("huge(x NUMERIC)", "NUMERIC", "a whole number; missing where it needs more than 128 bits",
     "CASE WHEN abs(x) <= 170141183460469231731687303715884105727 THEN x END"),
    ("whole_number(x FLOAT8)", "NUMERIC", "the exact value of a whole double; missing where it needs more than 128 bits",
     "CASE WHEN abs(x) < 9.2e18 THEN x::BIGINT::NUMERIC WHEN abs(x) < 1.7014118346046923e38 THEN"
     " trunc(x / 1180591620717411303424)::BIGINT::NUMERIC * 1180591620717411303424"
     " + ((x - trunc(x / 1180591620717411303424) * 1180591620717411303424) / 2048)::BIGINT::NUMERIC * 2048 END"),
    ("money(x NUMERIC)", "NUMERIC", "an amount on its four places, rounded half away from zero; missing out of range",
     "CASE WHEN abs(round(x, 4)) < 100000000000000 THEN round(x, 4) END"),
    ("wide(x NUMERIC)", "NUMERIC", "an amount", "x"),
    ("finite(x FLOAT8)", "FLOAT8", "a calculated number; missing where it overflows (beyond it no grid can hold it)",
     "CASE WHEN abs(x) < 1e299::FLOAT8 THEN x END"),
    ("billionths(x FLOAT8)", "FLOAT8", "how many billionths a number with at most nine decimals has",
     "CASE WHEN abs(x) < 1.79e299::FLOAT8 THEN floor(abs(x) * 1e9::FLOAT8 + 0.5::FLOAT8) ELSE abs(x) * 'Infinity'::FLOAT8 END"),
    ("grid(x FLOAT8)", "FLOAT8", "a calculated number on the grid of nine decimals, on which numbers are compared and written",
     "sign(x) * billionths(x) / 1e9::FLOAT8"),
    ("money_by(m NUMERIC, x NUMERIC)", "NUMERIC", "amount x written number: exact, then rounded half away from zero", "money(m * x)"),
    ("units(m NUMERIC)", "NUMERIC", "an amount in its smallest unit, a ten-thousandth", "m * 10000"),
    ("from_units(u NUMERIC)", "NUMERIC", "an amount from ten-thousandths; missing out of range",
     "CASE WHEN abs(u) < 1000000000000000000 THEN round(u * 0.0001, 4) END"),
    ("near_billion(p NUMERIC)", "NUMERIC", "a positive whole number of billionths, rounded half up",
     "div(huge(p) + 500000000, 1000000000)"),
    ("over_half_up(u NUMERIC, n NUMERIC)", "NUMERIC", "a positive quotient of whole numbers, rounded half up; missing by zero",
     "div(huge(2 * u + n), NULLIF(huge(2 * n), 0))"),
    ("money_times(m NUMERIC, x FLOAT8)", "NUMERIC", "amount x number with at most nine decimals: exact, then rounded half away from zero",
     "from_units(sign(m) * sign(x)::INTEGER * near_billion(abs(units(m)) * whole_number(billionths(x))))"),
    ("money_over(m NUMERIC, x FLOAT8)", "NUMERIC",
     "amount / number with at most nine decimals: exact, then rounded half away from zero; missing by zero",
     "from_units(sign(m) * sign(x)::INTEGER * over_half_up(abs(units(m)) * 1000000000, whole_number(billionths(x))))"),
    ("money_over_whole(m NUMERIC, n NUMERIC)", "NUMERIC", "amount / whole number: exact, then rounded half away from zero; missing by zero",
     "from_units(sign(m) * sign(n) * over_half_up(abs(units(m)), abs(n)))"),
    ("half_up(x FLOAT8)", "FLOAT8", "a calculated number rounded half away from zero", "sign(x) * floor(abs(grid(x)) + 0.5::FLOAT8)"),
    ("money_near(u FLOAT8)", "NUMERIC", "an amount from calculated ten-thousandths", "from_units(whole_number(half_up(u)))"),
    ("ratio(a NUMERIC, b NUMERIC)", "FLOAT8", "amount / amount: the double nearest to the exact quotient; missing by zero",
     "units(a)::FLOAT8 / NULLIF(units(b), 0)::FLOAT8"),
    ("whole(x FLOAT8)", "BIGINT", "a calculated number rounded half away from zero to a whole one", "fit(whole_number(half_up(x)))"),
    # Doubles: PostgreSQL raises an error where a result is too large or too small for one.
    ("plus(a FLOAT8, b FLOAT8)", "FLOAT8", "a + b; infinite where it overflows",
     "CASE WHEN abs(a) < 8e307::FLOAT8 AND abs(b) < 8e307::FLOAT8 THEN a + b ELSE rare_operation(a, '+', b) END"),
    ("minus(a FLOAT8, b FLOAT8)", "FLOAT8", "a - b; infinite where it overflows",
     "CASE WHEN abs(a) < 8e307::FLOAT8 AND abs(b) < 8e307::FLOAT8 THEN a - b ELSE rare_operation(a, '-', b) END"),
    ("times(a FLOAT8, b FLOAT8)", "FLOAT8", "a * b; infinite where it overflows",
     f"CASE WHEN a = 0 OR b = 0 THEN a * b WHEN {_USUAL} THEN a * b"
     " ELSE rare_operation(a, '*', b) END"),
    ("divided(a FLOAT8, b FLOAT8)", "FLOAT8", "a / b; infinite where it overflows, missing by zero",
     f"CASE WHEN b = 0 THEN NULL WHEN a = 0 AND b IS NOT NULL THEN a WHEN {_USUAL} THEN a / b"
     " ELSE rare_operation(a, '/', b) END"),
    ("rounded(x FLOAT8, scale FLOAT8)", "FLOAT8", "a number rounded half away from zero, scale being a power of ten",
     "finite(divided(half_up(times(x, scale)), scale))"),
    ("rounded_to(x FLOAT8, size FLOAT8)", "FLOAT8", "a number rounded half away from zero to a multiple of size, a power of ten",
     "finite(times(half_up(divided(x, size)), size))"),
    ("nearest_whole(x FLOAT8)", "FLOAT8", "rounded half away from zero, as it stands",
     "CASE WHEN abs(x) < 4503599627370496 THEN trunc(x) + CASE WHEN abs(x - trunc(x)) >= 0.5 THEN sign(x) ELSE 0 END ELSE x END"),
    ("exact(x FLOAT8)", "NUMERIC", "a number as an exact decimal of nine places; missing where it is too large",
     "CASE WHEN abs(x) < 1e29::FLOAT8 THEN whole_number(nearest_whole(x * 1e9::FLOAT8)) * 0.000000001 END"),
    ("wide_double(u NUMERIC)", "FLOAT8", "a whole number as a double, in two halves of 64 bits",
     "CASE WHEN u BETWEEN -18446744073709551616 AND -1 THEN -((-u - 1)::FLOAT8) - 1"
     " ELSE (u - floor(u / 18446744073709551616) * 18446744073709551616)::FLOAT8 + floor(u / 18446744073709551616)::FLOAT8 *"
     " 18446744073709551616::FLOAT8 END"),
    ("double_of(u NUMERIC, scale NUMERIC)", "FLOAT8",
     "u / scale as a double: small ones in one division, large ones with their fraction apart",
     "CASE WHEN abs(u) <= 9007199254740992 OR scale = 1 THEN wide_double(u) / scale::FLOAT8"
     " ELSE wide_double(div(u, scale)) + mod(u, scale)::FLOAT8 / scale::FLOAT8 END"),
    ("scale_of(places INTEGER)", "NUMERIC", "ten to the power of 0, 4 or 9",
     "CASE places WHEN 0 THEN 1 WHEN 4 THEN 10000 ELSE 1000000000 END::NUMERIC"),
    ("nearest(x NUMERIC, places INTEGER)", "FLOAT8", "an exact sum with so many places as a double",
     "double_of(trunc(x * scale_of(places)), scale_of(places))"),
    ("month_number(d DATE)", "BIGINT", "months since the year 0", "12 * extract(YEAR FROM d)::BIGINT + extract(MONTH FROM d)::BIGINT"),
    ("year(d DATE)", "BIGINT", "a date's year", "extract(YEAR FROM d)::BIGINT"),
    ("month(d DATE)", "BIGINT", "a date's month", "extract(MONTH FROM d)::BIGINT"),
    ("plus_days(d DATE, n NUMERIC)", "DATE",
     "a date n days later; missing outside the years 1 to 9999", f"CASE WHEN n BETWEEN {_ENDS} THEN d + n::INTEGER END"),
    ("add_months(d DATE, n BIGINT)", "DATE", "a date n months later, at most the month's end",
     "(d + make_interval(months => n::INTEGER))::DATE"),
    ("plus_months(d DATE, n NUMERIC)", "DATE", "a date n months later, at most the month's end; missing outside the years 1 to 9999",
     "CASE WHEN month_number(d) + n BETWEEN 13 AND 120000 THEN add_months(d, n::BIGINT) END"),
    ("months_forward(a DATE, b DATE)", "BIGINT", "the largest n with a + n months <= b, for a <= b",
     "month_number(b) - month_number(a) - CASE WHEN add_months(a, month_number(b) - month_number(a)) > b THEN 1 ELSE 0 END"),
    ("whole_months(a DATE, b DATE)", "BIGINT", "whole months from a to b, negative where b is earlier",
     "CASE WHEN a <= b THEN months_forward(a, b) WHEN b < a THEN -months_forward(b, a) END"),
    ("trim(x TEXT)", "TEXT", "a text without the spaces around it", f"btrim(x, '{SPACES}')"),
    ("length(x TEXT)", "BIGINT", "the number of characters", "pg_catalog.length(x)::BIGINT"),
    ("contains(x TEXT, part TEXT)", "BOOLEAN", "whether a text has the other in it", "strpos(x, part) > 0"),
    ("ends_with(x TEXT, part TEXT)", "BOOLEAN", "whether a text ends with the other", "right(x, pg_catalog.length(part)) = part"),
    ("part_of(x TEXT, s BIGINT, n BIGINT)", "TEXT", "n characters of a text from the s-th (from its end where negative)",
     "CASE WHEN s <> 0 AND n >= 0 AND s BETWEEN -4294967296 AND 4294967295 AND n <= 4294967295"
     " THEN substr(x, least(CASE WHEN s < 0 THEN greatest(pg_catalog.length(x) + s + 1, -1000000000) ELSE s END, 1000000000)::INTEGER,"
     " CASE WHEN s < 0 THEN least(n + least(pg_catalog.length(x) + s + 1000000001, 0), 1000000000) ELSE least(n, 1000000000)"
     " END::INTEGER) END"),
    ("digits_to_number(x TEXT)", "FLOAT8", "a plain number; 0 where it is smaller than any double",
     "CASE WHEN x !~ '^[+-]?[0-9]+([.][0-9]+)?$' THEN NULL WHEN x ~ '^[+-]?0+([.]0{255}0{45}[0-9]*)?$' THEN 0::FLOAT8"
     " WHEN x ~ '^[+-]?0*[0-9]{0,255}[0-9]{0,45}([.][0-9]+)?$' THEN x::FLOAT8 END"),
    ("read_number(x TEXT)", "FLOAT8", "a text as a number; missing where it is none", "grid(finite(digits_to_number(trim(x))))"),
    ("days_of(y INTEGER, m INTEGER)", "INTEGER", "how many days a month has",
     "extract(DAY FROM make_date(y, m, 1) + INTERVAL '1 month - 1 day')::INTEGER"),
    ("date_of(y INTEGER, m INTEGER, d INTEGER)", "DATE", "a date; missing where the calendar has none",
     "CASE WHEN y >= 1 AND m BETWEEN 1 AND 12 AND d >= 1 THEN CASE WHEN d <= days_of(y, m) THEN make_date(y, m, d) END END"),
    ("read_date(x TEXT)", "DATE", "a text as a date; missing where it is none",
     "CASE WHEN trim(x) ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN"
     " date_of(left(trim(x), 4)::INTEGER, substr(trim(x), 6, 2)::INTEGER, right(trim(x), 2)::INTEGER) END"),
    ("wide_units(s NUMERIC)", "NUMERIC", "a sum of amounts in ten-thousandths", "s * 10000"),
    ("half_away(u NUMERIC, n NUMERIC)", "NUMERIC", "a whole number divided by a count, rounded half away from zero",
     "CASE WHEN u < 0 THEN -1 ELSE 1 END * div(2 * abs(u) + n, 2 * NULLIF(n, 0))"),
    ("mean_money(s NUMERIC, n NUMERIC)", "NUMERIC", "the mean of amounts from their exact sum", "from_units(half_away(wide_units(s), n))"),
    ("unit(x FLOAT8)", "FLOAT8", "a number cut to 0..1", "CASE WHEN x < 0 THEN 0::FLOAT8 WHEN x > 1 THEN 1::FLOAT8 ELSE x END"),
    ("at_least(n NUMERIC, trues BIGINT, unknowns BIGINT)", "BOOLEAN", "true if enough conditions hold, false if too few still can",
     "CASE WHEN trues >= n THEN TRUE WHEN trues + unknowns < n THEN FALSE END"),
    ("at_least_of(n NUMERIC, tests BOOLEAN[])", "BOOLEAN", "the same, of a list of conditions",
     "at_least(n, cardinality(array_positions(tests, TRUE))::BIGINT, cardinality(array_positions(tests, NULL))::BIGINT)"),
    ("chosen_of(c BOOLEAN, t ANYELEMENT, e ANYELEMENT)", "ANYELEMENT", "if: unknown where the condition is, unless both branches agree",
     "CASE WHEN c THEN t WHEN NOT c THEN e WHEN t = e THEN t END"),
    ("chosen_number(c BOOLEAN, t FLOAT8, e FLOAT8)", "FLOAT8", "the same, of numbers, which agree on the grid",
     "CASE WHEN c THEN t WHEN NOT c THEN e WHEN grid(t) = grid(e) THEN t END"),
    ("lower(x TEXT)", "TEXT", "a text in small letters", cased("lower", LOWER)),
    ("upper(x TEXT)", "TEXT", "a text in capitals", cased("upper", UPPER)),
    # Lists.
    ("len(xs ANYARRAY)", "BIGINT", "how many items a list has", "cardinality(xs)::BIGINT"),
    ("list_count(xs ANYARRAY)", "BIGINT", "how many items are not missing", "cardinality(array_remove(xs, NULL))::BIGINT"),
    ("list_contains(xs ANYCOMPATIBLEARRAY, x ANYCOMPATIBLE)", "BOOLEAN", "whether an item stands in a list",
     "CASE WHEN x IS NOT NULL THEN array_position(xs, x) IS NOT NULL AND xs IS NOT NULL END"),
    ("list_min(xs ANYARRAY)", "ANYELEMENT", "the least item", "(SELECT v FROM unnest(xs) AS v WHERE v IS NOT NULL ORDER BY v LIMIT 1)"),
    ("list_max(xs ANYARRAY)", "ANYELEMENT", "the greatest item",
     "(SELECT v FROM unnest(xs) AS v WHERE v IS NOT NULL ORDER BY v DESC LIMIT 1)"),
    ("least_of(xs ANYARRAY)", "ANYELEMENT", "the least item; missing where one is",
     "CASE WHEN array_position(xs, NULL) IS NULL THEN list_min(xs) END"),
    ("greatest_of(xs ANYARRAY)", "ANYELEMENT", "the greatest item; missing where one is",
     "CASE WHEN array_position(xs, NULL) IS NULL THEN list_max(xs) END"),
    ("middle(xs ANYARRAY, i INTEGER)", "ANYELEMENT", "the lower (0) or upper (1) of the two middle items of a sorted list",
     "xs[(cardinality(xs) + 1 + i) / 2]"),
    ("deviation(xs FLOAT8[], m FLOAT8)", "FLOAT8", "the sample's standard deviation of sorted numbers with mean m",
     "CASE WHEN cardinality(xs) > 1 THEN finite(sqrt((SELECT sum(times(x - m, x - m) ORDER BY n) FROM unnest(xs) WITH ORDINALITY AS"
     " i(x, n))"
     " / (cardinality(xs) - 1))) END"),
    ("deviation_of_exact(xs NUMERIC[], places INTEGER, m FLOAT8)", "FLOAT8", "the same, of exact values",
     "deviation(ARRAY(SELECT nearest(x, places) FROM unnest(xs) WITH ORDINALITY AS i(x, n) ORDER BY n), m)"),
    ("all_agree(xs ANYARRAY)", "ANYELEMENT", "the one value that all items are, none of them missing; else missing",
     "CASE WHEN cardinality(array_remove(xs, xs[1])) = 0 THEN xs[1] END"),
    ("agreed(xs ANYARRAY)", "ANYELEMENT", "the one value that all items share; missing where they disagree", "all_agree(xs)"),
    ("chosen(cs BOOLEAN[], vs ANYARRAY)", "ANYARRAY", "the values (vs) of the rows whose condition (cs) is true",
     "ARRAY(SELECT v FROM unnest(cs, vs) WITH ORDINALITY AS r(c, v, n) WHERE c IS TRUE ORDER BY n)"),
    ("doubtful(cs BOOLEAN[], vs ANYARRAY)", "ANYARRAY", "the values of the rows whose condition is unknown",
     "ARRAY(SELECT v FROM unnest(cs, vs) WITH ORDINALITY AS r(c, v, n) WHERE c IS NULL ORDER BY n)"),
    ("candidates(cs BOOLEAN[], vs ANYARRAY)", "ANYARRAY", "the values of the rows whose condition is true or unknown",
     "ARRAY(SELECT v FROM unnest(cs, vs) WITH ORDINALITY AS r(c, v, n) WHERE c IS NOT FALSE ORDER BY n)"),
    ("first_certain(cs BOOLEAN[], vs ANYARRAY)", "ANYELEMENT",
     "the value of the first row whose condition is true, if the unknown ones before it agree (the last condition is TRUE)",
     "all_agree(candidates(cs[1:array_position(cs, TRUE)], vs[1:array_position(cs, TRUE)]))"),
    ("newest(ats ANYARRAY, vs ANYCOMPATIBLEARRAY)", "ANYCOMPATIBLE", "the value that all the latest share, of lists with the latest first",
     "agreed(vs[1:cardinality(array_positions(ats, ats[1]))])"),
)  # fmt: skip
"""Head, type, meaning and body. A body may use any other function of the list."""

PROCEDURES: tuple[tuple[str, str, str, str], ...] = (
    ("rare_operation(a FLOAT8, sign TEXT, b FLOAT8)", "FLOAT8",
     "an operation near the ends of what a double holds: infinite or zero beyond them",
     "BEGIN\n  RETURN CASE sign WHEN '+' THEN a + b WHEN '-' THEN a - b WHEN '*' THEN a * b ELSE a / b END;\n"
     "EXCEPTION WHEN numeric_value_out_of_range THEN\n"
     "  IF sign IN ('+', '-') THEN RETURN pg_catalog.sign(a) * 'Infinity'::FLOAT8; END IF;\n"
     "  IF ln(abs(a)) + (CASE sign WHEN '*' THEN 1 ELSE -1 END) * ln(abs(b)) < 0 THEN RETURN 0; END IF;\n"
     "  RETURN pg_catalog.sign(a) * pg_catalog.sign(b) * 'Infinity'::FLOAT8;\nEND"),
    ("power_of(a FLOAT8, b FLOAT8)", "FLOAT8", "a power; missing where there is none, or it is too large",
     "BEGIN\n  RETURN a ^ b;\nEXCEPTION\n  WHEN numeric_value_out_of_range THEN\n"
     "    RETURN CASE WHEN (abs(a) > 1) = (b > 0) THEN NULL ELSE 0 END;\n"
     "  WHEN invalid_argument_for_power_function THEN\n    RETURN NULL;\nEND"),
)  # fmt: skip
"""What needs to try an operation first: in PL/pgSQL."""


def names() -> frozenset[str]:
    """The names of all functions."""
    return frozenset(head.partition("(")[0] for head, *_ in (*FUNCTIONS, *PROCEDURES))
