"""A value beside its limit is told with as many decimals as the sentence needs to be true: in letters, previews, explain and memos."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales.model.kind import Kind
from selective_sales.wording.values import value

from .world import POLICY, changed, evaluated, invoke, written

WITH_METRIC = POLICY.replace(
    "metrics:", "metrics:\n  most: {is: 'max(revenue * 0, least)', title: {pl: próg, en: limit}, tell_client: true}"
)
NAMED = WITH_METRIC.replace('en: "Revenue in the period was {revenue}."', 'en: "Revenue was {revenue}, below the limit of {most}."')
LITERAL = POLICY.replace('en: "Revenue in the period was {revenue}."', 'en: "Revenue was {revenue}, below the limit of PLN 1,000.00."')


def said(run: Path) -> str:
    """The letter to A-02 as text, in one line, with plain spaces."""
    shown = invoke("preview", run, "--client", "A-02", "--to", "txt")
    assert shown.exit_code == 0, shown.output
    return " ".join(shown.output.split())


@pytest.mark.parametrize("policy", [LITERAL, NAMED])
def test_below_a_limit_is_not_told_as_the_limit(tmp_path: Path, policy: str) -> None:
    run = evaluated(tmp_path, policy=policy, clients=changed("A-02", revenue="999.9960"))
    assert "Revenue was PLN 999.996, below the limit of PLN 1,000.00." in said(run)
    assert written(run).exit_code == 0
    for told in (invoke("explain", run, "A-02"), invoke("explain", run, "A-02", "--language", "pl")):
        text = told.output.replace("\u00a0", " ")
        assert "999.996" in text or "999,996" in text
        assert "revenue 1,000" not in text.lower()


def test_a_limit_of_more_decimals_than_money_has(tmp_path: Path) -> None:
    policy = NAMED.replace("least: 1000", "least: 999.996")
    run = evaluated(tmp_path, policy=policy, clients=changed("A-02", revenue="999.9959"))
    assert "Revenue was PLN 999.9959, below the limit of PLN 999.996." in said(run)
    above = evaluated(
        tmp_path / "above", policy=policy.replace("revenue < least", "revenue >= least"), clients=changed("A-02", revenue="999.9970")
    )
    assert "Revenue was PLN 999.997, below the limit of PLN 999.996." in said(above)


def test_what_is_far_from_its_limit_has_its_usual_decimals(tmp_path: Path) -> None:
    run = evaluated(tmp_path, policy=LITERAL, clients=changed("A-02", revenue="998.9960"))
    assert "Revenue was PLN 999.00, below the limit" in said(run)


def test_a_memo(tmp_path: Path) -> None:
    run = evaluated(
        tmp_path,
        policy=LITERAL.replace('en: "Revenue {revenue}."', 'en: "Revenue {revenue} is below 1,000."'),
        clients=changed("A-02", revenue="999.9960"),
    )
    done = invoke("memo", run, "--client", "A-02", "--language", "en", "--to", "md", "--out", tmp_path / "memos")
    assert done.exit_code == 0, done.output
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "memos").rglob("*") if path.is_file()).replace("\u00a0", " ")
    assert "999.996 is below 1,000" in text


near = st.decimals(min_value=-2, max_value=2, places=6)


@given(near, near, st.sampled_from(["money", "percent", "integer", "number"]), st.sampled_from(["pl", "en"]))
def test_two_numbers_that_differ_are_told_apart(a: Decimal, b: Decimal, format: str, language: str) -> None:
    def said(one: Decimal, other: Decimal) -> str:
        return value(one, Kind.MONEY if format == "money" else Kind.NUMBER, language, "PLN", format, beside=[other])

    assert (a == b) == (said(a, b) == said(b, a))
    assert said(a, a) == value(a, Kind.MONEY if format == "money" else Kind.NUMBER, language, "PLN", format)
