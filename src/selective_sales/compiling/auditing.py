"""CheckedPolicy in, the queries of a fairness audit out: every client's decision with its groups, counted; and the policy without a rule.

A run's facts hold nothing protected: what divides the clients is read from their typed table, which the audit loads again. All else comes
from the run's own facts and decisions. Without a rule the clients are decided by the deciding query itself, over the same facts.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..model.checked import CheckedPolicy
from ..model.expression import Aggregate, Expression, FieldValue
from ..model.kind import Kind
from ..model.plan import Query
from ..model.policy import Field
from ..model.queries import AssociationQuery, AuditQuery
from ..model.sql import quote_name
from .decide import UNDETERMINED, UNKNOWN, DecideSelect, client_renderer, metric_layers, result_columns
from .facts import FactsSelect, fact_columns
from .macros import macro_statements
from .plan import plan
from .render import DECISION
from .results import DECISIONS

AUDIT, WITHOUT = "run.audit", "run.without"
KNOWN = '"#known"'
EPOCH = "DATE '1970-01-01'"


def audit_query(checked: CheckedPolicy, as_of: datetime.date, values: Sequence[FieldValue | Aggregate]) -> AuditQuery:
    """The audit of a run of the policy on that date; `values` are those whose association with the groups is asked for."""
    assert checked.fairness is not None, "asked only of policies that compare"
    return Auditing(checked, as_of, values).build()


def without_rule_query(checked: CheckedPolicy, as_of: datetime.date, rule: str, *, exceptions: bool) -> Query:
    """The deciding query of the policy without the rule, over the facts of a run of the whole policy (`facts` is empty)."""
    layers = plan(checked)
    policy = replace(checked.policy, rules=tuple(r for r in checked.policy.rules if r.id != rule))
    less = replace(checked, policy=policy, rules=tuple(r for r in checked.rules if r.id != rule))
    decide = DecideSelect(less, layers, as_of, exceptions, reasons=False)
    select = decide.build()
    prelude = (*macro_statements(), *decide.variables)
    return Query(prelude, "", select, fact_columns(less, layers), result_columns(less), policy.clients.key)


@dataclass(frozen=True, slots=True)
class Auditing:
    """Builds the queries; groups are `#g 1`, ..., business fields `#w 1`, ..., protected fields `#f 1`, ..., values `#x 1`, ..."""

    checked: CheckedPolicy
    as_of: datetime.date
    values: Sequence[FieldValue | Aggregate]

    def build(self) -> AuditQuery:
        fairness = self.checked.fairness
        assert fairness is not None
        groups = [numbered("g", i) for i, _ in enumerate(fairness.across)]
        strata = [numbered("w", i) for i, _ in enumerate(fairness.within)]
        protected = self.protected()
        sides = [*groups, *(numbered("f", i) for i, _ in enumerate(protected))]
        pairs = [(g, v) for g, _ in enumerate(sides) for v, _ in enumerate(self.values)]
        smallest = fairness.declared.smallest_group
        return AuditQuery(
            prelude=macro_statements(),
            relation=self.relation(),
            sizes=sizes([*groups, *strata, *sides[len(groups) :]]),
            counts=tuple(f"SELECT {g}, {DECISION}, count(*)\nFROM {AUDIT}\nGROUP BY ALL" for g in groups),
            strata=tuple(tuple(f"SELECT {g}, {DECISION}, count(*), {w}\nFROM {AUDIT}\nGROUP BY ALL" for w in strata) for g in groups),
            associations=tuple(self.association(g, v, sides[g], smallest) for g, v in pairs),
            protected=tuple((f.name, is_number(f.type)) for f in protected),
            moving=self.moving(),
            without=tuple(f'SELECT {g}, "#n".decision, count(*)\nFROM {self.beside()}\nGROUP BY ALL' for g in groups),
            moved=f'SELECT count(*)\nFROM {self.beside()}\nWHERE "#a".{DECISION} <> "#n".decision',
        )

    def protected(self) -> list[Field]:
        """The protected fields that are no division themselves: their association with what rules use is asked for too."""
        fairness = self.checked.fairness
        assert fairness is not None
        divisions = {name for d in fairness.across for name in (d.id, d.expression.name if isinstance(d.expression, FieldValue) else "")}
        return [f for f in self.checked.policy.clients.fields if f.protected and f.name not in divisions]

    def association(self, groups: int, value: int, group: str, smallest: int) -> AssociationQuery:
        of_texts = not is_number(self.values[value].kind)
        sql = text_counts if of_texts else moments
        return AssociationQuery(groups, value, of_texts, sql(group, numbered("x", value), smallest))

    def relation(self) -> str:
        """A row per decided client: decision, groups, business fields, values."""
        fairness, clients = self.checked.fairness, self.checked.policy.clients
        assert fairness is not None
        layers = plan(self.checked)
        given = FactsSelect(self.checked, layers, self.as_of)
        source = given.calculated(quote_name(clients.name), clients, given.client_renderer(), "clients")
        parts = given.parts
        last = metric_layers(self.checked, layers, self.as_of, parts)
        protected = [quote_name(f.name) for f in clients.fields if f.protected]
        parts.append(("#protected", f"SELECT {', '.join([*self.renamed_key(), *protected])}\nFROM {source}"))
        decided = f"CAST(decision AS VARCHAR) AS {DECISION}"
        parts.append(("#decided", f"SELECT {', '.join([*self.renamed_key(), decided])}\nFROM {DECISIONS}"))
        renderer = client_renderer(self.checked, layers, self.as_of)
        chosen = [f'"#c".{quote_name(k)}' for k in clients.key]
        chosen += [DECISION, f'"#p".{quote_name(f"#key {clients.key[0]}")} IS NOT NULL AS {KNOWN}']
        chosen += [f"CAST({renderer.sql(d.expression)} AS VARCHAR) AS {numbered('g', i)}" for i, d in enumerate(fairness.across)]
        chosen += [f"CAST({renderer.sql(d.expression)} AS VARCHAR) AS {numbered('w', i)}" for i, d in enumerate(fairness.within)]
        chosen += [f"{as_group(f)} AS {numbered('f', i)}" for i, f in enumerate(self.protected())]
        chosen += [f"{as_value(renderer.sql(v), v)} AS {numbered('x', i)}" for i, v in enumerate(self.values)]
        ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in parts)
        text = ",\n       ".join(chosen)
        joined = f'{last} AS "#c"\nJOIN "#decided" AS "#d" ON {self.meets("#d")}\nLEFT JOIN "#protected" AS "#p" ON {self.meets("#p")}'
        return f"WITH {ctes}\nSELECT {text}\nFROM {joined}"

    def renamed_key(self) -> list[str]:
        """The key under names that are no author's: beside the client's own columns each name is to mean one."""
        return [f"{quote_name(k)} AS {quote_name(f'#key {k}')}" for k in self.checked.policy.clients.key]

    def meets(self, other: str) -> str:
        return " AND ".join(
            f'"#c".{quote_name(k)} = {quote_name(other)}.{quote_name(f"#key {k}")}' for k in self.checked.policy.clients.key
        )

    def beside(self) -> str:
        """Every client as decided, and as decided without a rule."""
        on = " AND ".join(f'"#a".{quote_name(k)} = "#n".{quote_name(k)}' for k in self.checked.policy.clients.key)
        return f'{AUDIT} AS "#a"\nJOIN {WITHOUT} AS "#n" ON {on}'

    def moving(self) -> str:
        """The rules that decided somebody, or are unknown for somebody undetermined: without any other rule everybody is decided as now."""
        decided = f"SELECT CAST(decided_by AS VARCHAR) AS rule\nFROM {DECISIONS}"
        held = f"SELECT CAST(unnest(unknown) AS VARCHAR)\nFROM {DECISIONS}\nWHERE decision = '{UNDETERMINED}' AND decided_by = '{UNKNOWN}'"
        return f"{decided}\nUNION\n{held}"


def numbered(mark: str, number: int) -> str:
    return quote_name(f"#{mark} {number + 1}")


def is_number(kind: Kind) -> bool:
    """Whether such values have a mean."""
    return kind.is_numeric or kind is Kind.DATE


def as_group(field: Field) -> str:
    """A protected field as groups: by its values; numbers and dates in fifths of those who have one (equal values stay together)."""
    name = quote_name(field.name)
    if not is_number(field.type):
        return f"CAST({name} AS VARCHAR)"
    rank = f"percent_rank() OVER (PARTITION BY {name} IS NULL ORDER BY {name})"
    return f"CASE WHEN {name} IS NOT NULL THEN CAST(CAST(least(floor({rank} * 5), 4) AS INTEGER) AS VARCHAR) END"


def as_value(sql: str, node: Expression) -> str:
    """Texts and yes or no as texts; all else as doubles (dates by their day)."""
    if node.kind is Kind.DATE:
        return f"CAST({sql} - {EPOCH} AS DOUBLE)"
    return f"CAST({sql} AS {'DOUBLE' if is_number(node.kind) else 'VARCHAR'})"


def sizes(columns: Sequence[str]) -> str:
    counted = [f"count(DISTINCT {c}) + CAST(coalesce(bool_or({c} IS NULL), FALSE) AS INTEGER)" for c in columns]
    return f"SELECT {', '.join(['count(*)', f'count(*) FILTER (NOT {KNOWN})', *counted])}\nFROM {AUDIT}"


def large(group: str, value: str, smallest: int) -> str:
    """The clients of the groups that are large enough."""
    counted = f"SELECT {group} AS g, {value} AS x, count(*) OVER (PARTITION BY {group}) AS n\nFROM {AUDIT}"
    return f"(SELECT g, x FROM ({counted}) WHERE n >= {int(smallest)})"


def text_counts(group: str, value: str, smallest: int) -> str:
    """A blank is a value of its own."""
    pairs = f"SELECT g, x, count(*) AS n FROM {large(group, value, smallest)} GROUP BY ALL"
    sides = f"SELECT *, sum(n) OVER (PARTITION BY x) AS of_x, sum(n) OVER (PARTITION BY g) AS of_g FROM ({pairs})"
    chi = "sum(n::DOUBLE * n / (of_x::DOUBLE * of_g)) - 1"
    kinds = ", ".join(f"count(DISTINCT {c}) + CAST(bool_or({c} IS NULL) AS INTEGER)" for c in ("x", "g"))
    return f"SELECT coalesce(sum(n), 0), {kinds}, {chi}\nFROM ({sides})"


def moments(group: str, value: str, smallest: int) -> str:
    return f"SELECT count(x), avg(x), var_pop(x)\nFROM {large(group, value, smallest)}\nWHERE x IS NOT NULL\nGROUP BY g"
