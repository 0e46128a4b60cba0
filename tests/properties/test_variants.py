"""Mutants decided side by side by one query are decided as each would be alone: the promise that mutation testing stands on."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from selective_sales import checking, compiling, testing
from selective_sales.compiling.render import VARIANT
from selective_sales.engines import duckdb_engine, variants
from selective_sales.model.checked import CheckedPolicy
from selective_sales.model.mutant import Mutant, Part, Retyped
from tests.making.choices import Choices, Drawn, Seeded
from tests.making.policies import WHOLE, MadeClient, Size, client, policy
from tests.making.schema import AS_OF
from tests.properties.harness import checked_policy, engine_rows, fill_tables, same

COLUMN = "case:"
MOST = 5
"""Mutants of one policy that are compiled alone."""
RULE_COLUMNS = ("decision", "policy_decision", "decided_by", "fired", "applied", "unknown", "possible_decisions")
ASIDE = frozenset({"missing_because"})


@st.composite
def policies(draw: st.DrawFn) -> str:
    return policy(Drawn(draw), draw(st.sampled_from((Size(), WHOLE))))


@settings(max_examples=max(1, settings().max_examples // 2))
@given(text=policies(), seed=st.integers(0, 2**32), clients=st.sampled_from((8, 1, 20)))
def test_every_mutant_is_decided_as_if_it_stood_alone(text: str, seed: int, clients: int) -> None:
    checked = checked_policy(text)
    if checked is None:
        reject()
    choices = Seeded(seed)
    made = {f"c{number:03}": client(choices) for number in range(clients)}
    chosen = some_mutants(checked, choices)
    together = decided_together(checked, chosen, made)
    for number, (mutant, _) in chosen.items():
        alone, findings = checking.check(mutant.policy)
        assert alone is not None, [f.message for f in findings]
        rows = engine_rows(alone, made)
        for key, row in rows.items():
            found = together[(number, key)]
            differing = {n: (found[n], row[n]) for n in row if n in found and n not in ASIDE and not same(found[n], row[n])}
            assert not differing, f"{mutant.fault} in {mutant.of} {mutant.name}, client {key}: (together, alone) {differing}\n{text}"


def some_mutants(checked: CheckedPolicy, choices: Choices) -> dict[int, tuple[Mutant, Retyped]]:
    """A few mutants, at random, of those that the checker lets pass."""
    again = checking.Again.of(checked)
    found = [
        (m, parts) for m in testing.mutants(checked) if (parts := again.retyped(m)) is not None and m.of not in (Part.FIGURE, Part.LIMIT)
    ]
    kept = {}
    for number in range(1, MOST + 1):
        mutant, parts = choices.one(found)
        if checking.check(mutant.policy)[0] is not None:
            kept[number] = (mutant, parts)
    return kept


def decided_together(
    checked: CheckedPolicy, chosen: Mapping[int, tuple[Mutant, Retyped]], made: Mapping[str, MadeClient]
) -> dict[tuple[int, str], dict[str, Any]]:
    """Each mutant's rows by number and client, as mutation testing decides them: from the variants' query, or from the rules' outcomes."""
    own = testing.with_case_column(checked, COLUMN)
    found: dict[tuple[int, str], dict[str, Any]] = {}
    of_rows = [
        compiling.Variant(n, parts, m.policy.parameter(m.name) if m.of is Part.PARAMETER else None)
        for n, (m, parts) in chosen.items()
        if m.of is not Part.RANKING
    ]
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as folder:
        fill_tables(connection, made)
        for table in ("clients", "orders"):
            connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT '1' AS \"{COLUMN}\", * FROM {table}")
        connection.execute("CREATE SCHEMA run")
        duckdb_engine.create_exceptions(connection, [], 2)
        duckdb_engine.decide(connection, compiling.compile_policy(own, AS_OF, partition=COLUMN), Path(folder))
        whole = compiling.varied(own, of_rows)
        query = compiling.compile_policy(whole, AS_OF, partition=COLUMN, reasons=False)
        copies = variants.Copies([variant.number for variant in of_rows], COLUMN, VARIANT)
        with variants.copied(connection, whole.policy.tables, copies, Path(folder)):
            variants.decide_variants(connection, query)
            for row in duckdb_engine.named_rows(connection, f"SELECT * FROM {variants.DECISIONS}"):
                found[(int(row[COLUMN].split(":")[1]), row["id"])] = row  # type: ignore[attr-defined]
        select = compiling.outcomes_query(own, AS_OF)
        with variants.outcomes(connection, compiling.macro_statements(), select, Path(folder)):
            known: set[str] = set()
            for n, (mutant, _) in chosen.items():
                if mutant.of is Part.RANKING:
                    variants.rank_again(
                        connection, compiling.ranking_query(own, mutant.policy, AS_OF, exceptions=False), RULE_COLUMNS, known
                    )
                    for row in duckdb_engine.named_rows(connection, f"SELECT * FROM {variants.DECISIONS}"):
                        found[(n, row["id"])] = row  # type: ignore[index]
    return found
