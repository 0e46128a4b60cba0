"""The made policies and clients reach what they are made for: rules that fire, rules that stay unknown, decisions that are held."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.making.choices import Seeded
from tests.making.policies import Size, client, policy
from tests.properties.harness import checked_policy, oracle_decision

POLICIES = 60
CLIENTS = 20


@pytest.fixture(scope="module")
def reached() -> Counter[str]:
    """How many of the made clients met what, by the oracle."""
    found: Counter[str] = Counter()
    for seed in range(POLICIES):
        choices = Seeded(seed)
        checked = checked_policy(policy(choices, Size()))
        if checked is None:
            continue
        for _ in range(CLIENTS):
            decided = oracle_decision(checked, client(choices))
            found["undetermined"] += decided.decision == "undetermined"
            found["default"] += decided.decided_by == "default"
            found["fired"] += bool(decided.fired)
            found["applied"] += bool(decided.applied)
            found["unknown but decided"] += bool(decided.unknown) and decided.decision != "undetermined"
            found["several possible"] += len(decided.possible_decisions) > 2
    return found


@pytest.mark.parametrize(
    ("what", "per_thousand"),
    [("undetermined", 50), ("default", 50), ("fired", 200), ("applied", 20), ("unknown but decided", 50), ("several possible", 2)],
)
def test_clients_that_reach(reached: Counter[str], what: str, per_thousand: int) -> None:
    assert reached[what] >= POLICIES * CLIENTS * per_thousand / 1000
