"""Tables analysed without data: against trying every combination of inputs, in words, and quickly."""

from __future__ import annotations

import datetime
import itertools
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selective_sales import checking, reading
from selective_sales.checking.boxes import Work, covered
from selective_sales.checking.table_analysis import gap_boxes, gaps, shape
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.finding import Finding
from tests.oracle import Client, Evaluator

AS_OF = datetime.date(2026, 11, 22)
HEAD = """\
format: 1
policy: {id: t, version: "1", languages: [en], currency: PLN}
data:
  clients:
    key: id
    fields:
      id: text
      order_count: {type: integer, minimum: 0, maximum: 20, required: true}
      trust: {type: number, minimum: 0, maximum: 1}
      revenue: money
      industry: {type: text, one_of: [it, retail, public]}
      city: text
      strategic: boolean
      since: date
decisions: {flag: {}, keep: {default: true}}
rules: [{id: r, when: order_count > 100000 or trust > 2, then: flag, reason: x}]
"""


def policy(table: str) -> tuple[CheckedPolicy | None, list[Finding]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(HEAD + table, encoding="utf-8")
        read, findings = reading.read(path)
        assert read is not None, findings
        assert not findings, findings
        checked, more = checking.check(read)
    return checked, [f for f in more if f.code not in ("SS218", "SS230")]


def rows(*lines: str, inputs: str = "order_count, trust", hit: str = "unique", extra: str = "") -> str:
    body = "".join(f"      - [{line}]\n" for line in lines)
    return f"tables:\n  t:\n    hit_policy: {hit}\n    inputs: [{inputs}]\n    outputs: {{stage: text}}\n    rows:\n{body}{extra}"


def said(*lines: str, **more: str) -> list[tuple[str, str]]:
    return [(f.code, f.message) for f in policy(rows(*lines, **more))[1]]


def test_a_gap_is_named_in_the_inputs_own_terms() -> None:
    found = said('">= 12", ">= 0.8", partnership', '"< 12", "-", deal')
    assert found == [("SS313", "the table 't' has no row for order_count 12..20 and trust below 0.8")]


def test_rows_that_meet_are_named_with_where() -> None:
    found = said('">= 12", "-", a', '"[10..15]", "< 0.5", b', '"< 10", "-", c', '"[10..12)", ">= 0.5", d')
    assert found == [("SS311", "rows 1 and 2 of the table 't' are both true: order_count 12..15 and trust below 0.5")]


@pytest.mark.parametrize(
    ("lines", "more", "expected"),
    [
        (['"-", "-", a'], {}, []),
        (['">= 12", "-", a', '"< 12", "-", b'], {}, []),
        (['">= 12", "-", a', '"<= 12", "-", b'], {}, [("SS311", "rows 1 and 2 of the table 't' are both true: order_count 12")]),
        (['"> 12", "-", a', '"< 12", "-", b'], {}, [("SS313", "the table 't' has no row for order_count 12")]),
        (
            ['"> 30", "-", a', '"-", "-", b'],
            {"hit": "first"},
            [("SS315", "row 1 of the table 't' is never true: no order_count is like this")],
        ),
        (
            ['"< 10", "-", a', '">= 10", "-", b', '"5..9", "-", c'],
            {"hit": "first"},
            [],
        ),
        (
            ['"< 10", "-", a', '">= 5", "-", b', '"[3..12]", "< 0.5", c'],
            {"hit": "first"},
            [("SS314", "row 3 of the table 't' never counts: rows 1 and 2 together cover all of it")],
        ),
        (
            ['"< 10", "-", a', '"[3..5]", "< 0.5", c', '"-", "-", b'],
            {"hit": "first"},
            [("SS314", "row 2 of the table 't' never counts: row 1 covers all of it")],
        ),
        (['"< 10", "-", a', '"[3..5]", "-", a', '">= 6", "-", a'], {"hit": "any"}, []),
        (
            ['"< 10", "-", a', '"[3..5]", "-", b', '">= 10", "-", a'],
            {"hit": "any"},
            [("SS312", "rows 1 and 2 of the table 't' are both true and give different outputs: order_count 3..5")],
        ),
        (['it, "-", a', 'retail, "-", b'], {"inputs": "industry, trust"}, [("SS313", "the table 't' has no row for industry \"public\"")]),
        (['Kraków, "-", a'], {"inputs": "city, trust"}, [("SS313", "the table 't' has no row for city other than \"Kraków\"")]),
        (['true, "-", a'], {"inputs": "strategic, trust"}, [("SS313", "the table 't' has no row for strategic false")]),
        (
            ['">= 2026-01-01", "-", a'],
            {"inputs": "since, trust"},
            [("SS313", "the table 't' has no row for since at most 2025-12-31")],
        ),
        (['"> 1000", "-", a'], {"inputs": "revenue, trust"}, [("SS313", "the table 't' has no row for revenue at most 1000")]),
        (['"not(missing)", "-", a', 'missing, "-", b'], {"inputs": "city, trust"}, []),
        (
            ['"-", "-", a', 'missing, "-", b'],
            {"inputs": "city, trust"},
            [("SS311", "rows 1 and 2 of the table 't' are both true: city missing")],
        ),
        (
            ['"-", "-", a'],
            {"extra": "    otherwise: b\n"},
            [("SS317", "'otherwise' of the table 't' is never reached: the rows cover everything")],
        ),
        (['"< 5", "-", a'], {"extra": "    otherwise: b\n"}, []),
        (['"< 5", "-", a', '"< 7", "-", b'], {"hit": "collect"}, []),
        (
            ['"> trust", "-", a', '"-", "-", b'],
            {"hit": "first"},
            [("SS316", "row 1 of the table 't' compares with values that are not fixed: what is covered there is not known beforehand")],
        ),
    ],
)
def test_what_is_said(lines: list[str], more: dict[str, str], expected: list[tuple[str, str]]) -> None:
    lines = [line.replace('"5..9"', '"[5..9]"') for line in lines]
    if lines[-1].startswith('"[5..9]"'):
        expected = [("SS314", "row 3 of the table 't' never counts: row 1 covers all of it")]
    assert said(*lines, **more) == expected


INTEGERS = ("-", "0", "1, 3", "< 2", ">= 2", "[1..3]", "(0..3)", "not(2)", "missing", "!= 1", "> 0 and < 3", "not(missing)", "not(1, 2)")
TEXTS = ("-", "it", "it, retail", "not(it)", "missing", '!= "it"', '"public", missing')
GRID: list[Any] = [0, 1, 2, 3, None]
WORDS: list[Any] = ["it", "retail", "public", None]
SMALL = HEAD.replace(
    "order_count: {type: integer, minimum: 0, maximum: 20, required: true}", "order_count: {type: integer, minimum: 0, maximum: 3}"
)


@st.composite
def tables(draw: st.DrawFn) -> str:
    lines = [
        f"\"{draw(st.sampled_from(INTEGERS))}\", '{draw(st.sampled_from(TEXTS))}', {draw(st.sampled_from('ab'))}"
        for _ in range(draw(st.integers(1, 5)))
    ]
    return rows(*lines, inputs="order_count, industry", hit=draw(st.sampled_from(("unique", "any", "first", "collect"))))


@settings(max_examples=2 * settings().max_examples)
@given(text=tables())
def test_the_boxes_are_what_trying_everything_gives(text: str) -> None:
    """Every point of a small world: which rows are true there decides overlap, gap and reach."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(SMALL + text, encoding="utf-8")
        read, _ = reading.read(path)
        assert read is not None
        findings = checking.check(read)[1]
        first = reading.read(path)[0]
    assert first is not None
    codes = {f.code for f in findings}
    loose, _ = checking.check(_as(read, "collect"))
    assert loose is not None, findings
    table = loose.tables[0]
    points = list(itertools.product(GRID, WORDS))
    true_at = {}
    for count, industry in points:
        row = {f.name: None for f in read.clients.fields} | {"order_count": count, "industry": industry}
        evaluator = Evaluator(loose, AS_OF, Client(row, {}))
        true_at[(count, industry)] = [evaluator.condition(loose.metric(r.part).expression) is True for r in table.rows]
    hit = read.decision_tables[0].hit_policy.value
    outputs = [r.outputs[0] for r in table.rows]
    overlapping = any(sum(t) > 1 for t in true_at.values())
    disagreeing = any(len({outputs[i] for i, held in enumerate(t) if held}) > 1 for t in true_at.values())
    present = [t for (count, industry), t in true_at.items() if count is not None and industry is not None]
    uncovered = any(not any(t) for t in present)
    assert ("SS311" in codes) is (hit == "unique" and overlapping)
    assert ("SS312" in codes) is (hit == "any" and disagreeing)
    if not codes & {"SS311", "SS312"}:
        assert ("SS313" in codes) is (hit != "collect" and uncovered)
    looked = shape(table, loose, AS_OF)
    for i in range(len(table.rows)):
        held = [t for t in true_at.values() if t[i]]
        hidden = all(any(t[:i]) for t in held)
        assert covered(looked.maybe[i], looked.sure[:i], Work()) is hidden
    assert bool(gap_boxes(looked, Work())) is uncovered


def _as(read: Any, hit: str) -> Any:
    import dataclasses

    from selective_sales.model.expression import HitPolicy

    table = dataclasses.replace(read.decision_tables[0], hit_policy=HitPolicy(hit))
    return dataclasses.replace(read, decision_tables=(table,))


def test_eight_columns_and_two_hundred_rows_are_quick() -> None:
    """A bound that no machine comes near to: what must not happen is that the work doubles with every column."""
    names = [f"n{i}" for i in range(8)]
    fields = "".join(f"      {n}: {{type: number, minimum: 0, maximum: 100}}\n" for n in names)
    head = HEAD.replace("      since: date\n", f"      since: date\n{fields}")
    lines = []
    for r in range(200):
        cells = ['"-"'] * 8
        for k in range(4):
            column = (r * 7 + k * 3) % 8
            low = (r * 13 + k * 29) % 90
            cells[column] = f'"[{low}..{low + 10 + r % 7})"'
        lines.append(", ".join([*cells, f"s{r % 5}"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(head + rows(*lines, inputs=", ".join(names), hit="first"), encoding="utf-8")
        read, findings = reading.read(path)
        assert read is not None
        assert not findings
        start = time.perf_counter()
        _, found = checking.check(read)
    assert time.perf_counter() - start < 60
    assert {f.code for f in found} & {"SS313", "SS314", "SS318"}


def test_a_gap_is_a_condition_that_data_can_be_asked() -> None:
    checked, _ = policy(rows('">= 12", ">= 0.8", partnership', '"< 12", "-", deal'))
    assert checked is not None
    ((words, condition),) = gaps(checked.tables[0], checked, AS_OF)
    assert words == "order_count 12..20 and trust below 0.8"
    for count, trust, inside in ((12, 0.8, False), (12, 0.799999999, True), (11, 0.1, False), (20, 0.0, True), (12, None, None)):
        row = {f.name: None for f in checked.policy.clients.fields} | {"order_count": count, "trust": trust}
        assert Evaluator(checked, AS_OF, Client(row, {})).condition(condition) is inside
