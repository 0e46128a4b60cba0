"""A checked policy in, the query that says what a batch of test cases shows of it out: aggregates over the production query's own columns.

It reads `run.facts`, `run.decisions` (in the order of the run) and `run.shown`, which has the clients that count: "#row", the client's
place among the decisions, and per group of marks how much is expected of the client: 2 where something that depends on them is, else 1.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from ..model.checked import CheckedFactor, CheckedPolicy, CheckedRule, CheckedTable
from ..model.coverage import OTHERWISE, Mark, Part, Way
from ..model.expression import Expression, Hit, HitPolicy, If, IsMissing, MetricValue, leaves, walk
from ..model.queries import CoverageQuery
from ..model.sql import quote_name
from .decide import client_renderer, metric_layers
from .macros import macro_statements
from .plan import plan
from .render import Renderer

SHOWN = "run.shown"
ROW = '"#row"'
OUTCOMES = '"#outcomes"'
RULES = ""
"""The group of all marks of rules; each table and each score with points is a group of its own, under its name."""
TESTS = ((Way.TRUE, "{}"), (Way.FALSE, "(NOT {})"), (Way.UNKNOWN, "({} IS NULL)"))


def coverage_query(checked: CheckedPolicy, as_of: datetime.date) -> CoverageQuery:
    """The aggregates over all clients of a batch: per mark the most that is expected where it is seen, NULL where it is not."""
    layers = plan(checked)
    parts: list[tuple[str, str]] = []
    relation = metric_layers(checked, layers, as_of, parts)
    made = Outcomes(client_renderer(checked, layers, as_of))
    made.add(checked, as_of)
    key = ", ".join(map(quote_name, checked.policy.clients.key))
    ctes = "".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n),\n" for name, sql in parts)
    numbered = f'(SELECT {key}, policy_decision, row_number() OVER () AS {ROW} FROM run.decisions) AS "#decided"'
    columns = ",\n       ".join([key, *made.columns])
    totals = ",\n       ".join(made.totals) or "count(*)"
    return CoverageQuery(
        prelude=macro_statements(),
        groups=tuple(made.groups.items()),
        marks=f"WITH {ctes}{OUTCOMES} AS (\nSELECT {columns}\nFROM {relation}\n)\n"
        f"SELECT {totals}\nFROM {OUTCOMES} JOIN {numbered} USING ({key}) JOIN {SHOWN} USING ({ROW})",
        decisions=f"SELECT policy_decision, max({made.group(RULES)}) AS seen\n"
        f"FROM {numbered} JOIN {SHOWN} USING ({ROW})\nGROUP BY policy_decision",
        columns=tuple(made.marks),
        hits=tuple(made.lists),
    )


@dataclass(slots=True)
class Outcomes:
    """Collects a column per rule, condition and table, and the aggregates over them."""

    renderer: Renderer
    groups: dict[str, str] = field(default_factory=lambda: {RULES: "#g0"})
    columns: list[str] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)
    marks: list[tuple[Mark, str]] = field(default_factory=list)
    lists: list[tuple[Part, str, str]] = field(default_factory=list)

    def group(self, name: str) -> str:
        """The column of `run.shown` for that group."""
        return quote_name(self.groups.setdefault(name, f"#g{len(self.groups)}"))

    def column(self, sql: str) -> str:
        name = quote_name(f"#c{len(self.columns)}")
        self.columns.append(f"{sql} AS {name}")
        return name

    def mark(self, mark: Mark, test: str) -> None:
        name = f"#m{len(self.marks)}"
        self.totals.append(f"max(CASE WHEN {test} THEN {self.group(RULES)} END) AS {quote_name(name)}")
        self.marks.append((mark, name))

    def add(self, checked: CheckedPolicy, as_of: datetime.date) -> None:
        """Everything that the policy has; a rule outside of its dates shows nothing."""
        for rule in checked.rules:
            if rule.in_force(as_of):
                self.rule(rule)
        for table in checked.tables:
            self.table(table, row_order(checked, table))
        for score in checked.scores:
            for factor in score.factors:
                self.points(score.name, factor, checked.metric(factor.part).expression)

    def rule(self, rule: CheckedRule) -> None:
        conditions = [*leaves(rule.when), *(() if rule.unless is None else leaves(rule.unless))]
        outcomes = [(Part.RULE, 0, rule.condition), *((Part.CONDITION, i, leaf) for i, leaf in enumerate(conditions, 1))]
        for part, number, condition in outcomes:
            column = self.column(self.renderer.sql(condition))
            for way, test in TESTS:
                self.mark(Mark(part, rule.id, way, number), test.format(column))

    def hits(self, part: Part, of: str, rows: list[str], group: str) -> None:
        """Per client the numbers of the rows that are hit: one aggregate for all, as a table may have many rows."""
        column = self.column(f"[{', '.join(rows)}]")
        name = f"#h{len(self.lists)}"
        self.totals.append(f"list(DISTINCT {{'rows': {column}, 'seen': {self.group(group)}}}) AS {quote_name(name)}")
        self.lists.append((part, of, name))

    def table(self, table: CheckedTable, order: list[int]) -> None:
        """A row is hit where it is true; where the first one decides, only the first that is. `otherwise`: where all rows are false."""
        rows = {row.number: quote_name(row.part) for row in table.rows}
        if table.hit_policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
            hits = [first_true([(number, rows[number]) for number in order])]
        else:
            hits = [first_true([(number, row)]) for number, row in rows.items()]
        if table.otherwise is not None:
            hits.append(first_true([(OTHERWISE, f"(NOT ({' OR '.join(rows.values())}))")]))
        self.hits(Part.ROW, table.name, hits, table.name)

    def points(self, score: str, factor: CheckedFactor, worth: Expression) -> None:
        """The first points that are true; before them what a blank is worth, where the factor says so."""
        found = next((node for node in walk(worth) if isinstance(node, Hit)), None)
        if found is None:
            return
        rows = [(number, self.renderer.sql(row.condition)) for number, row in enumerate(found.rows, 1)]
        if isinstance(worth, If) and isinstance(worth.condition, IsMissing):
            rows.insert(0, (OTHERWISE, self.renderer.sql(worth.condition)))
        self.hits(Part.POINTS, f"{score}.{factor.id}", [first_true(rows)], score)


def row_order(checked: CheckedPolicy, table: CheckedTable) -> list[int]:
    """The numbers of the rows as the hit policy looks at them: by the outputs' rank where it is `priority`."""
    output = checked.metric(table.outputs[0]).expression
    numbers = {row.part: row.number for row in table.rows}
    assert isinstance(output, Hit)
    return [numbers[row.condition.name] for row in output.rows if isinstance(row.condition, MetricValue)]


def first_true(rows: list[tuple[int, str]]) -> str:
    """The number of the first row that is true; NULL where none is."""
    return "CASE " + " ".join(f"WHEN {condition} THEN {number}" for number, condition in rows) + " END"
