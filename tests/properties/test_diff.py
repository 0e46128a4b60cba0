"""For random policies, random clients and random edits: `diff` finds exactly what was edited, its matrix is the oracle's, and whoever is
said to move by an edit alone moves when that edit alone is made in the text."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from selective_sales.model.comparison import Comparison
from selective_sales.pipeline.comparing import Ask, Beside, compare
from selective_sales.pipeline.runs import Limits, Request
from selective_sales.pipeline.sides import OpenSide
from tests.making.choices import Choices, Drawn, Seeded
from tests.making.policies import DECISIONS, MadeClient, Size, client, policy
from tests.making.schema import AS_OF, CLIENTS, ORDERS
from tests.properties.harness import _fill, checked_policy, oracle_decisions

SIZES = (Size(rules=5, metrics=3), Size(rules=4, metrics=2, scores=1, tables=1, dated=True), Size(rules=4, metrics=2, portfolio=True))
PARAMETERS = {
    "p_money": ("{value: 100,", "{value: 150,"),
    "p_number": ("p_number: 0.3", "p_number: 0.45"),
    "p_integer": ("p_integer: 3", "p_integer: 2"),
    "p_days": ("p_days: 30 days", "p_days: 10 days"),
    "p_months": ("p_months: 6 months", "p_months: 9 months"),
    "p_flag": ("p_flag: true", "p_flag: false"),
}


@dataclass(frozen=True)
class Edit:
    """An edit of a policy's text, and the path of what it changes."""

    path: tuple[str, ...]
    before: str
    after: str

    def of(self, text: str) -> str:
        assert self.before in text
        return text.replace(self.before, self.after, 1)


def rules_of(text: str) -> list[str]:
    """Each rule's lines."""
    section = text.split("rules:\n", 1)[1]
    return re.findall(r"  - id: rule-\d+\n(?:    .*\n?)+", section)


def edit(choices: Choices, text: str) -> Edit:
    """One thing changed somewhere."""
    rules = rules_of(text)
    used = [d for d in DECISIONS if f"  {d}: {{title" in text]
    match choices.one(("parameter", "then", "gone", "strategy", "unknown", "default", "then", "parameter")):
        case "then" if rules:
            rule = choices.one(rules)
            name, then = re.search(r"rule-\d+", rule), re.search(r"    then: (\w+)", rule)
            assert name and then
            other = choices.one([d for d in used if d != then[1]])
            return Edit(("rules", name[0], "then"), rule, rule.replace(then[0], f"    then: {other}"))
        case "gone" if len(rules) > 1:
            rule = choices.one(rules)
            name = re.search(r"rule-\d+", rule)
            assert name
            return Edit(("rules", name[0]), rule, "")
        case "strategy":
            now = "first" if "strategy: first" in text else "most_severe"
            return Edit(("strategy",), f"strategy: {now}", f"strategy: {'most_severe' if now == 'first' else 'first'}")
        case "unknown":
            decision = choices.one(used)
            line = re.search(rf"  {decision}: .*\n", text)
            assert line
            now = re.search(r"when_unknown: (\w+)", line[0])
            assert now
            other = choices.one([w for w in ("hold", "apply", "skip") if w != now[1]])
            return Edit(("decisions", decision, "when_unknown"), line[0], line[0].replace(now[0], f"when_unknown: {other}"))
        case "default":
            section = re.search(r"decisions:\n(?:  .*\n)+", text)
            assert section
            lines = section[0].splitlines()[1:]
            plain = [line.replace(", default: true", "") for line in lines]
            others = [i for i, line in enumerate(lines) if "default: true" not in line]
            chosen = choices.one(others)
            plain[chosen] = plain[chosen].replace("}", ", default: true}")
            return Edit(("decisions", "", "default"), section[0], "decisions:\n" + "\n".join(plain) + "\n")
        case _:
            name_ = choices.one(tuple(PARAMETERS))
            return Edit(("parameters", name_, "value"), *PARAMETERS[name_])


def compared(old: str, new: str, clients: Mapping[str, MadeClient]) -> Comparison:
    """The whole road, over Parquet files with the clients."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "old.yaml").write_text(old, encoding="utf-8")
        (folder / "new.yaml").write_text(new, encoding="utf-8")
        with duckdb.connect() as connection:
            _fill(connection, "clients", CLIENTS, [(key, made.row) for key, made in clients.items()])
            _fill(connection, "orders", ORDERS, [(key, row) for key, made in clients.items() for row in made.orders])
            for table in ("clients", "orders"):
                connection.execute(f"COPY {table} TO '{folder / table}.parquet'")
        request = Request({}, AS_OF, limits=Limits(threads=1))
        done = compare(Ask(folder / "old.yaml", folder / "new.yaml", (name,), request, most=None))
        assert done.comparison is not None and done.comparison.movement is not None, done.findings
        return done.comparison


@st.composite
def edited(draw: st.DrawFn, edits: int) -> tuple[str, list[Edit]]:
    choices = Drawn(draw)
    text = policy(choices, choices.one(SIZES))
    found = [edit(choices, text) for _ in range(edits)]
    if len({e.path[:2] for e in found}) < edits or any(a is not b and a.before in b.before for a in found for b in found):
        reject()
    return text, found


def made_clients(seed: int, number: int = 30) -> dict[str, MadeClient]:
    choices = Seeded(seed)
    return {f"c{i:03}": client(choices, rare=False) for i in range(number)}


@settings(max_examples=2 * settings().max_examples)
@given(made=edited(1))
def test_exactly_the_edit_is_found(made: tuple[str, list[Edit]]) -> None:
    text, [one] = made
    old, new = checked_policy(text), checked_policy(one.of(text))
    if old is None or new is None:
        reject()
    found = Beside(OpenSide(Path("old"), old), OpenSide(Path("new"), new)).changes
    assert [change.path for change in found] == [one.path]


@settings(max_examples=max(5, settings().max_examples // 4))
@given(made=edited(2), seed=st.integers(0, 2**32))
def test_who_moves_moves_by_what_is_said(made: tuple[str, list[Edit]], seed: int) -> None:
    text, edits = made
    clients = made_clients(seed)
    texts = [text, edits[0].of(text), edits[1].of(text), edits[1].of(edits[0].of(text))]
    policies = [checked_policy(t) for t in texts]
    if any(p is None for p in policies):
        reject()
    before, first, second, after = (oracle_decisions(p, clients) for p in policies if p is not None)
    comparison = compared(texts[0], texts[3], clients)
    movement = comparison.movement
    assert movement is not None
    expected = Counter((before[key].decision, after[key].decision) for key in clients)
    assert {(p.old, p.new): p.clients for p in movement.passages} == dict(expected)
    moved = {m.client[0]: m for m in movement.moved}
    assert set(moved) == {key for key in clients if before[key].decision != after[key].decision}
    by_path = {comparison.changes[c.change].path: number for number, c in enumerate(comparison.candidates)}
    assert set(by_path) == {e.path for e in edits}
    numbers = [by_path[e.path] for e in edits]
    for key, found in moved.items():
        alone = {(n,) for n, decided in zip(numbers, (first, second), strict=True) if decided[key].decision == after[key].decision}
        assert set(found.cause.sets) == (alone or {tuple(sorted(numbers))}), (key, found, texts[3])
