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
from .decide import RANK, UNDETERMINED, UNKNOWN, result_columns, rule_column
from .dialect import Dialect
from .facts import FactsSelect
from .masks import RankedRule, ranked
from .plan import Setting, all_expressions, plan
from .postgres import LONGEST_NAME, MOST_COLUMNS, POSTGRES, finished, function_statements, unsayable_name
from .postgres_patterns import postgres_pattern
from .prepared import PreparedSelect
from .spark import SPARK
from .spark_patterns import spark_pattern
from .spark_text import spark_statements

FACTS = '"facts"'
SCHEMA = "pg_temp"
"""Functions of the session: nothing is left in the database."""
COUNTS = {WhenUnknown.APPLY: " IS NOT FALSE", WhenUnknown.SKIP: "", WhenUnknown.HOLD: ""}
"""Of a rule's column, when it counts as fired."""


@dataclass(frozen=True, slots=True)
class Built:
    """The query before it is one text: common table expressions in order, and the SELECT over them without its WITH."""

    parts: tuple[tuple[str, str], ...]
    select: str

    def text(self) -> str:
        ctes = ",\n".join(f"{quote_name(name)} AS (\n{sql}\n)" for name, sql in self.parts)
        return f"WITH {ctes}\n{self.select}"


@dataclass(frozen=True, slots=True)
class Engine:
    """What differs between engines in what cannot be said: names and codes, a pattern's equal, and what to write instead."""

    name: str
    code: str
    pattern: Callable[[str], str | None]
    help: str


ON_POSTGRES = Engine(
    "PostgreSQL",
    "SS641",
    postgres_pattern,
    "write it without (?i), \\b, \\p{...}, [:...:] and more than 255 repetitions; lower(...) makes capitals small",
)
ON_SPARK = Engine("Spark", "SS669", spark_pattern, "write it without (?i), \\b, \\p{...} and [:...:]; lower(...) makes capitals small")


def postgres_query(
    checked: CheckedPolicy, as_of: datetime.date, *, history: bool = True, partition: str | None = None, schema: str | None = None
) -> PortableQuery:
    """The policy as PostgreSQL runs it. `postgres_findings` has to find nothing.

    `schema` (without a $ in its name) is where its functions stay; None: in the session.
    """
    place = SCHEMA if schema is None else quote_name(schema)
    select = built(checked, as_of, POSTGRES, history, partition).text()
    return described(checked, POSTGRES, tuple(function_statements([select], place)), finished(select, place), history)


def spark_query(checked: CheckedPolicy, as_of: datetime.date, *, history: bool = True, partition: str | None = None) -> PortableQuery:
    """The policy as Spark runs it: views of the session, and a SELECT over the last of them. `spark_findings` has to find nothing."""
    query = built(checked, as_of, SPARK, history, partition)
    return described(checked, SPARK, *spark_statements(query.parts, query.select), history)


def built(checked: CheckedPolicy, as_of: datetime.date, dialect: Dialect, history: bool, partition: str | None) -> Built:
    """The facts and the decision in the dialect's words."""
    layers = plan(checked, Setting(partition, frozenset() if history else frozenset({"history"})))
    facts = FactsSelect(checked, layers, as_of, dialect=dialect)
    chosen = facts.build_select()
    decide = PortableSelect(checked, layers, as_of, False, facts=FACTS, dialect=dialect)
    last = decide.layers()
    columns = ",\n       ".join(decide.result_columns())
    parts = (*facts.parts, ("facts", chosen + dialect.fence), *decide.parts)
    return Built(parts, f"SELECT {columns}\nFROM {last}\nORDER BY {', '.join(decide.key)}")


def described(checked: CheckedPolicy, dialect: Dialect, prelude: tuple[str, ...], select: str, history: bool) -> PortableQuery:
    return PortableQuery(
        dialect.name,
        prelude,
        select,
        tuple(portable_table(t, dialect) for t in checked.policy.tables if history or not t.built_in),
        result_columns(checked),
        checked.policy.clients.key,
    )


def postgres_findings(checked: CheckedPolicy) -> tuple[Finding, ...]:
    """What PostgreSQL cannot say of the policy, at its place."""
    return (*pattern_findings(checked, ON_POSTGRES), *name_findings(checked), *size_findings(checked))


def spark_findings(checked: CheckedPolicy) -> tuple[Finding, ...]:
    """What Spark cannot say of the policy, at its place."""
    return tuple(pattern_findings(checked, ON_SPARK))


def pattern_findings(checked: CheckedPolicy, engine: Engine) -> Iterator[Finding]:
    own = (c.expression for c in checked.calculations)
    for call in dict.fromkeys(node for root in (*own, *all_expressions(checked)) for node in walk(root) if isinstance(node, Call)):
        pattern = call.arguments[1] if call.function == "matches" else None
        if isinstance(pattern, Constant) and isinstance(pattern.value, str) and engine.pattern(pattern.value) is None:
            yield Finding(
                engine.code, f"{engine.name} has no equal of the pattern {quote_value(pattern.value)}", pattern.place, engine.help
            )


def name_findings(checked: CheckedPolicy) -> Iterator[Finding]:
    """Names that are tables, or columns of them or of the result."""
    for table in checked.policy.tables:
        if len(table.name.encode()) > LONGEST_NAME:
            message = f"the name '{table.name}' is longer than {LONGEST_NAME} bytes"
            yield Finding("SS642", message, table.place, "give the table a shorter name; that of its file may stay")
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


def portable_table(table: Table, dialect: Dialect) -> PortableTable:
    return PortableTable(table.name, tuple((f.name, dialect.types[f.type]) for f in table.fields if f.calculation is None))


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
        by = f"CASE WHEN {OPEN} THEN {quote_value(UNKNOWN)} ELSE {self.dialect.item(self.dictionary('rule_by_rank'), RANK)} END"
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
