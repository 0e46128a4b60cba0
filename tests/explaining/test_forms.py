"""The two forms of an explanation: text for a terminal, JSON for programs."""

from __future__ import annotations

import json

import pytest

from selective_sales import explaining, wording
from selective_sales.model.explanation import Explanation
from tests.explaining import world


def text(explanation: Explanation, language: str = "en", width: int = 100) -> str:
    speaker = wording.speaker(language, "PLN")
    return explaining.text(explanation, world.checked(), speaker, width).replace("\u00a0", " ")


def test_the_decision_comes_first() -> None:
    lines = text(world.explanation(cost="9700")).splitlines()
    assert lines[:2] == ["Client C-0017", "Decision: renegotiate — decided by the rule “Thin margin”"]
    assert "The margin is 3.0%." in lines[6]


def test_why_not_has_the_distance() -> None:
    assert "margin 5.2% — 0.2 percentage points above the threshold 5%" in text(world.explanation())
    assert "marża 5,2% — o 0,2 punktu procentowego więcej niż próg 5%" in text(world.explanation(), "pl")


def test_polish_is_polish() -> None:
    said = text(world.explanation(cost="10400", exception=world.exception()), "pl")
    assert "Decyzja: utrzymanie (keep) — rozstrzygnął wyjątek" in said
    assert "Decyzja według samej polityki: odmowa (decline)" in said
    assert "Koszt obsługi 10 400,00 zł przekracza przychód 10 000,00 zł." in said
    assert not {"Why", "unless", "Metrics", "Decision"} & set(said.replace(":", " ").split())


def test_what_is_missing_and_what_would_settle_it() -> None:
    said = text(world.explanation(cost=None))
    assert "undetermined — data is missing that could change the decision" in said
    assert "It could be: decline, renegotiate, keep" in said
    assert "Would be settled by: cost to serve" in said
    assert "Cannot be computed: margin (from profit PLN 0.00, revenue PLN 0.00)" in text(world.explanation(revenue="0", cost="0"))


def test_a_reason_is_said_only_of_rules_that_fired() -> None:
    assert "Serving cost" not in text(world.explanation())


def test_a_rule_that_is_called_default_is_a_rule() -> None:
    import dataclasses

    explained = world.explanation(cost="10400")
    renamed = tuple(dataclasses.replace(r, id="default") if r.decides else r for r in explained.rules)
    said = text(dataclasses.replace(explained, rules=renamed, decided_by="default"))
    assert "decided by the rule “Unprofitable”" in said and "no rule fired" not in said


@pytest.mark.parametrize("width", [40, 72, 120])
def test_lines_keep_to_the_width(width: int) -> None:
    lines = text(world.explanation(cost=None), width=width).splitlines()
    assert max(map(len, lines)) <= width + 12  # a value that must not break may stand out
    assert len(lines) > 20


def test_data_cannot_write_on_the_terminal() -> None:
    said = text(world.explanation(client="\x1b[2J\u202eevil\r\nClient X"))
    assert said.splitlines()[0] == "Client [2Jevil  Client X"


def test_json_survives_a_round_trip_and_is_exact() -> None:
    explained = explaining.as_json(world.explanation(revenue="99999999999999.9999", cost="0.0001"))
    again = json.loads(json.dumps(explained, ensure_ascii=False, allow_nan=False))
    assert again == explained
    values = {v["name"]: v for metric in again["metrics"] for v in metric["from"]}
    assert values["revenue"] == {"name": "revenue", "kind": "money", "value": "99999999999999.9999"}
    assert again["as_of"] == "2026-11-22"
    thin = again["rules"][1]["conditions"][0]
    assert (thin["text"], thin["outcome"], thin["place"]) == ("margin < 5%", "false", "policy.yaml:6:11")


def test_json_has_null_for_missing_and_says_what_is_missing() -> None:
    again = explaining.as_json(world.explanation(cost=None))
    metrics = {m["name"]: m["value"] for m in again["metrics"]}  # type: ignore[union-attr, index, call-overload]
    assert metrics["margin"] is None
    assert again["missing_because"] == ["cost_to_serve"]
    assert again["exception"] is None
