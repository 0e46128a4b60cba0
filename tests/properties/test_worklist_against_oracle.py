"""What the worklist promises, against every way in which the blanks could be filled in, by the oracle.

Together with all that it waits for, a client is decided however that is filled in; and (where each fact is asked for by one rule) not one
of these facts could be left out.
"""

from __future__ import annotations

import datetime
import itertools
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import selective_sales as ss
from selective_sales.model.checked import CheckedPolicy
from selective_sales.pipeline.finished import open_run
from selective_sales.pipeline.worklist import worklist
from tests.oracle import Client, decide
from tests.properties.harness import checked_policy

AS_OF = datetime.date(2026, 1, 1)
DECISIONS = ("decline", "flag", "keep")
Cells = Mapping[str, bool | None]


@st.composite
def policies(draw: st.DrawFn, *, apart: bool) -> tuple[str, int]:
    """Rules over fields that are true or false; `apart`: each reads a field of its own."""
    count = draw(st.integers(2, 4))
    names = [f"x{i}" for i in range(1, count + 1)]
    fields = st.sampled_from(names)
    conditions = (
        names
        if apart
        else draw(
            st.lists(st.one_of(fields, fields.map("not {}".format), st.tuples(fields, fields).map(" and ".join)), min_size=2, max_size=5)
        )
    )
    unknown = {d: draw(st.sampled_from(["hold", "hold", "apply", "skip"])) for d in DECISIONS}
    decisions = "\n".join(f"  {d}: {{when_unknown: {unknown[d]}{', default: true' if d == 'keep' else ''}}}" for d in DECISIONS)
    rules = "\n".join(
        f"  - {{id: r{i}, when: {c}, then: {draw(st.sampled_from(DECISIONS))}, reason: because}}" for i, c in enumerate(conditions, 1)
    )
    return (
        f"""format: 1
policy: {{id: made, version: "1", languages: [en], currency: EUR, strategy: {draw(st.sampled_from(["most_severe", "first"]))}}}
data: {{clients: {{key: id, fields: {{id: text, {", ".join(f"{name}: boolean" for name in names)}}}}}}}
decisions:
{decisions}
rules:
{rules}
""",
        count,
    )


def every_client(count: int) -> dict[str, dict[str, bool | None]]:
    """A client for each way in which the fields can be true, false or blank."""
    cells: list[bool | None] = [True, False, None]
    return {
        "".join("-" if x is None else "TF"[not x] for x in row): {f"x{i}": x for i, x in enumerate(row, 1)}
        for row in itertools.product(cells, repeat=count)
    }


def waits_for(text: str, clients: Mapping[str, Cells]) -> dict[str, set[str]]:
    """The undetermined clients, each with what it lacks."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "policy.yaml").write_text(text, encoding="utf-8")
        header = ["id", *next(iter(clients.values()))]
        rows = [",".join([key, *("" if x is None else str(x).lower() for x in row.values())]) for key, row in clients.items()]
        (folder / "clients.csv").write_text("\n".join([",".join(header), *rows]) + "\n", encoding="utf-8")
        policy = ss.read(folder / "policy.yaml")
        with ss.evaluate(policy, {"clients": folder / "clients.csv"}, as_of=AS_OF, out=folder / "run"):
            pass
        run, findings = open_run(folder / "run")
        assert run is not None, findings
        return {one.client[0]: {lack.label for lack in one.lacks} for one in worklist(run, None).clients}


def decision(checked: CheckedPolicy, cells: Cells) -> str:
    return decide(checked, AS_OF, Client({"id": "x", **cells}, {})).decision


def completions(cells: Cells, facts: set[str]) -> Iterator[dict[str, bool | None]]:
    """The client with the facts filled in, in every way."""
    names = sorted(facts)
    for values in itertools.product((True, False), repeat=len(names)):
        yield {**cells, **dict(zip(names, values, strict=True))}


@settings(max_examples=60)
@given(made=st.booleans().flatmap(lambda apart: policies(apart=apart)))
def test_what_a_client_waits_for_settles_it_however_it_is_filled_in(made: tuple[str, int]) -> None:
    text, count = made
    checked = checked_policy(text)
    if checked is None:
        return
    clients = every_client(count)
    waiting = waits_for(text, clients)
    assert set(waiting) == {key for key, cells in clients.items() if decision(checked, cells) == "undetermined"}
    for key, facts in waiting.items():
        for filled in completions(clients[key], facts):
            assert decision(checked, filled) != "undetermined", f"{key} waits for {facts}, and is open as {filled}\n{text}"


@settings(max_examples=60)
@given(made=policies(apart=True))
def test_no_fact_that_a_client_waits_for_could_be_left_out(made: tuple[str, int]) -> None:
    text, count = made
    checked = checked_policy(text)
    assert checked is not None
    clients = every_client(count)
    for key, facts in waits_for(text, clients).items():
        for fact in facts:
            without = (decision(checked, filled) for filled in completions(clients[key], facts - {fact}))
            assert "undetermined" in without, f"{key} does not wait for {fact}\n{text}"
