"""A decided batch of test cases in; out come its results, those that failed with reasons: rules, values, the clients behind a limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import compiling, explaining, testing
from ..engines import duckdb_engine as engine
from ..engines import outcomes as whole_run
from ..model.checked import CheckedPolicy, Made
from ..model.explanation import Explanation
from ..model.expression import Constant, Expression
from ..model.tested import CaseResult, ValueShown
from ..testing.values import written, written_as

if TYPE_CHECKING:
    import duckdb

Client = tuple[str, ...]
_CLIENTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Failed:
    """The batch at hand. `whole` is the policy with the case column, `rows` are the decided clients of all cases."""

    connection: duckdb.DuckDBPyConnection
    whole: CheckedPolicy
    batch: testing.Batch
    folder: Path
    rows: Sequence[Mapping[str, object]]

    def explained(self, results: tuple[CaseResult, ...]) -> tuple[CaseResult, ...]:
        """The results, those that failed with reasons."""
        if all(result.passed for result in results):
            return results
        found = self.explanations(results)
        texts = {m.name: explaining.expression_text(self.whole, m.expression) for m in self.whole.metrics if m.made is Made.METRIC}
        together = self.together(results)
        told = []
        for i, result in enumerate(results):
            result = testing.with_reasons(result, found.get(i, {}))
            result = testing.with_values(result, self.whole, texts, found.get(i, {}))
            told.append(replace(result, values=(*result.values, *together.get(i, ()))))
        return tuple(told)

    def explanations(self, results: tuple[CaseResult, ...]) -> dict[int, dict[Client, Explanation]]:
        """Of the clients that differ, by the number of their case, and within it by client."""
        wanted = {
            (ready.key, *column.client): i
            for i, ready in enumerate(self.batch.cases)
            for column in results[i].columns
            if column.client and not column.matches
        }
        if not wanted:
            return {}
        query = compiling.explain_query(self.whole, self.batch.as_of)
        explainer = explaining.Explainer(self.whole, query, run_id="", as_of=self.batch.as_of)
        found: dict[int, dict[Client, Explanation]] = {}
        for row, decided in engine.client_rows(self.connection, query, self.folder, list(wanted), None):
            explanation = explainer.explain(row, decided)
            found.setdefault(wanted[explanation.client], {})[explanation.client[1:]] = explanation
        return found

    def together(self, results: tuple[CaseResult, ...]) -> dict[int, tuple[ValueShown, ...]]:
        """Of the limits, guarantees and figures that differ, by the number of their case."""
        wrong = {i: [c.name for c in result.columns if not c.client and not c.matches] for i, result in enumerate(results)}
        wrong = {i: names for i, names in wrong.items() if names}
        if not wrong:
            return {}
        query = compiling.results_query(self.whole, self.batch.as_of, partition=self.batch.case_column)
        rows = engine.named_rows(self.connection, query.whole) if query.whole else []
        by_case = {str(row[self.batch.case_column]): row for row in rows}
        sides = {limit.limit: limit.sides for limit in query.limits}
        conditions = {guarantee.guarantee: guarantee.condition for guarantee in query.guarantees}
        found = {}
        for i, names in wrong.items():
            key = self.batch.cases[i].key
            shown = []
            for section, name in ((section, name) for section, _, name in (full.partition(".") for full in names)):
                if section == "limits":
                    shown.append(self.limit(name, sides[name], by_case.get(key, {})))
                elif section == "guarantees":
                    shown.append(self.guarantee(name, conditions[name], key))
            found[i] = (*shown, ValueShown((), "decided", "", notes=tuple(self.decided(key))))
        return found

    def limit(self, name: str, sides: Sequence[tuple[Expression, str]], row: Mapping[str, object]) -> ValueShown:
        """What is required, and what each side of it comes to."""
        require = next(limit.require for limit in self.whole.limits if limit.id == name)
        values = tuple(
            (explaining.expression_text(self.whole, node), written_as(explaining.scalar(row.get(column), node.kind), node.kind))
            for node, column in sides
            if not isinstance(node, Constant)
        )
        return ValueShown((), f"limits.{name}", "", explaining.expression_text(self.whole, require), values)

    def guarantee(self, name: str, condition: str, key: str) -> ValueShown:
        """What is promised, and the clients of the case for whom it does not hold."""
        always = next(g.always for g in self.whole.guarantees if g.id == name)
        _, broken = whole_run.clients_where(self.connection, self.whole.policy.clients.key, f"{condition} IS NOT TRUE")
        ours = ["|".join(client[1:]) for client in broken if client[0] == key]
        note = f"does not hold for {_some(ours)}" if ours else "holds for every client"
        return ValueShown((), f"guarantees.{name}", "", explaining.expression_text(self.whole, always), notes=(note,))

    def decided(self, key: str) -> Iterator[str]:
        """How the clients of the case were decided: limits and figures count that."""
        ours = [row for row in self.rows if str(row[self.batch.case_column]) == key]
        for row in ours[:_CLIENTS_SHOWN]:
            client = "|".join(written(row[name]) for name in self.batch.policy.clients.key)
            yield f"{client}: {row['decision']}, by {row['decided_by']}"
        if len(ours) > _CLIENTS_SHOWN:
            yield f"and {len(ours) - _CLIENTS_SHOWN} more"


def _some(clients: Sequence[str]) -> str:
    more = len(clients) - _CLIENTS_SHOWN
    return ", ".join(clients[:_CLIENTS_SHOWN]) + (f" and {more} more" if more > 0 else "")
