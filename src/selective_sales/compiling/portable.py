"""CheckedPolicy in, one SELECT for another engine out, from its tables to the decisions; what cannot be said there is a finding.

The facts and the decision are those of `compile_policy`, in the other engine's words. Dictionaries stand as literals, and rules as columns.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..model.checked import CheckedPolicy
from ..model.expression import Call, Constant, walk
from ..model.finding import Finding
from ..model.kind import Kind
from ..model.plan import PortableQuery, PortableTable
from ..model.policy import Table, WhenUnknown
from ..model.sql import quote_name, quote_value
from .because import OPEN
from .decide import UNDETERMINED, UNKNOWN, result_columns, rule_column
from .facts import FactsSelect
from .masks import RankedRule, ranked
from .plan import Setting, all_expressions, plan
from .postgres import MOST_COLUMNS, POSTGRES, finished, function_statements, known_pattern, unsayable_name
from .prepared import PreparedSelect

FACTS = '"facts"'
SCHEMA = "pg_temp"
"""Functions of the session: nothing is left in the database."""
COUNTS = {WhenUnknown.APPLY: " IS NOT FALSE", WhenUnknown.SKIP: "", WhenUnknown.HOLD: ""}
"""Of a rule's column, when it counts as fired."""


def postgres_query(
    checked: CheckedPolicy, as_of: datetime.date, *, history: bool = True, partition: str | None = None, schema: str | None = None
) -> PortableQuery:
    """The policy as PostgreSQL runs it. `postgres_findings` has to find nothing.

    `schema` (without a $ in its name) is where its functions stay; None: in the session.
    """
    place = SCHEMA if schema is None else quote_name(schema)
    layers = plan(checked, Setting(partition, frozenset() if history else frozenset({"history"})))
    facts = FactsSelect(checked, layers, as_of, dialect=POSTGRES)
    chosen = facts.build_select()
    decide = PortableSelect(checked, layers, as_of, False, facts=FACTS, dialect=POSTGRES)
    last = decide.layers()
    parts = [*facts.parts, ("facts", chosen + POSTGRES.fence), *decide.parts]
    ctes = ",\n".join(f"{quote_name(name)} AS (\n{sql}\n)" for name, sql in parts)
    columns = ",\n       ".join(decide.result_columns())
    order = ", ".join(decide.key)
    select = f"WITH {ctes}\nSELECT {columns}\nFROM {last}\nORDER BY {order}"
    return PortableQuery(
        POSTGRES.name,
        tuple(function_statements([select], place)),
        finished(select, place),
        tuple(portable_table(t) for t in checked.policy.tables if history or not t.built_in),
        result_columns(checked),
        checked.policy.clients.key,
    )


def postgres_findings(checked: CheckedPolicy) -> tuple[Finding, ...]:
    """What PostgreSQL cannot say of the policy, at its place."""
    return (*pattern_findings(checked), *name_findings(checked), *size_findings(checked))


def pattern_findings(checked: CheckedPolicy) -> Iterator[Finding]:
    own = (c.expression for c in checked.calculations)
    for call in dict.fromkeys(node for root in (*own, *all_expressions(checked)) for node in walk(root) if isinstance(node, Call)):
        pattern = call.arguments[1] if call.function == "matches" else None
        if isinstance(pattern, Constant) and isinstance(pattern.value, str) and not known_pattern(pattern.value):
            help = "write it without (?i), \\b, \\p{...}, [:...:] and more than 255 repetitions; lower(...) makes capitals small"
            yield Finding("SS641", f"PostgreSQL has no equal of the pattern {quote_value(pattern.value)}", pattern.place, help)


def name_findings(checked: CheckedPolicy) -> Iterator[Finding]:
    """Names that are columns of the tables or of the result."""
    named = [(f.name, f.place) for t in checked.policy.tables for f in t.fields] + [(m.name, m.place) for m in checked.results]
    for name, place in named:
        problem = unsayable_name(name)
        if problem is not None:
            yield Finding("SS642", f"the name '{name}' {problem}", place, "give it another name; `column:` keeps what the data calls it")


def size_findings(checked: CheckedPolicy) -> Iterator[Finding]:
    count = len(checked.policy.clients.fields) + len(checked.metrics) + len(checked.rules) + len(checked.rules) // 2
    if count > MOST_COLUMNS:
        message = f"fields, metrics and rules are {count} columns; PostgreSQL has room for {MOST_COLUMNS}"
        yield Finding("SS643", message, checked.policy.place, "leave out fields that nothing reads, or part the policy")


def portable_table(table: Table) -> PortableTable:
    return PortableTable(table.name, tuple((f.name, POSTGRES.types[f.type]) for f in table.fields if f.calculation is None))


@dataclass(slots=True)
class PortableSelect(PreparedSelect):
    """The deciding query without masks in its result: rules stand under their names, lists are written out."""

    def narrowed(self, relation: str) -> str:
        """With the words of what the undetermined wait for; sorted is at the very end."""
        words = list(self.because.columns())
        return self.add("because", ["*", *words], relation) if words else relation

    def texts(self, values: list[str]) -> str:
        return f"({self.dialect.array(list(map(quote_value, values)), self.dialect.types[Kind.TEXT])})"

    def integers(self, values: list[int], sql_type: str = "INTEGER") -> str:
        return f"({self.dialect.array(list(map(str, values)), sql_type)})"

    def first_counting(self, outcome: Callable[[RankedRule], str], none: str) -> str:
        """What follows from the first rule that counts, in the order in which they decide."""
        rules = sorted(ranked(self.checked), key=lambda r: r.rank)
        cases = [f"WHEN {rule_column(r.rule.id)}{COUNTS[r.when_unknown]} THEN {outcome(r)}" for r in rules]
        return "CASE " + "\n            ".join([*cases, f"ELSE {none} END"]) if cases else none

    def rank(self) -> str:
        return self.first_counting(lambda r: str(r.rank), str(len(self.checked.rules)))

    def base(self) -> str:
        return self.first_counting(lambda r: self.decided(r.rule.decision), self.decided(self.checked.policy.default_decision.id))

    def result_columns(self) -> list[str]:
        decided = f'CASE WHEN {OPEN} THEN {self.decided(UNDETERMINED)} ELSE "#base" END'
        by = f'CASE WHEN {OPEN} THEN {quote_value(UNKNOWN)} ELSE {self.dictionary("rule_by_rank")}["#rank" + 1] END'
        none = self.dialect.array([], self.dialect.types[Kind.TEXT])
        return [
            *self.key,
            f"{decided} AS decision",
            f"{decided} AS policy_decision",
            f"{by} AS decided_by",
            *(f"{self.decoded(which)} AS {which}" for which in ("fired", "applied", "unknown")),
            f"{self.because.listed()} AS missing_because",
            f"CASE WHEN {OPEN} THEN {self.possible()} ELSE {none} END AS possible_decisions",
            *(quote_name(m.name) for m in self.checked.results),
        ]

    def decoded(self, which: str) -> str:
        test = " IS TRUE" if which == "fired" else " IS NULL"
        chosen = [r for r in ranked(self.checked) if which == "fired" or (r.when_unknown is WhenUnknown.APPLY) is (which == "applied")]
        return self.dialect.present([f"CASE WHEN {rule_column(r.rule.id)}{test} THEN {quote_value(r.rule.id)} END" for r in chosen])
