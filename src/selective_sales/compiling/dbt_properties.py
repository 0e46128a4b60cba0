"""A checked policy in, what dbt is told of its model and of the tables below out: descriptions in the policy's words, and tests.

The contract's checks become dbt's own tests where dbt has them, else tests that `dbt_macros` writes. Column names are the author's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import assert_never

from ..model.checked import CheckedMetric, CheckedPolicy
from ..model.contract import AnyCheck, Belongs, Clean, Fresh, Given, InRange, Matches, Once, OneOf
from ..model.kind import Kind
from ..model.policy import Decision, Field, Policy, Table
from ..model.sql import quote_name
from ..model.text import Texts
from .contract_checks import broken, contract_checks, text_of
from .dbt_yaml import Jinja, Value
from .decide import DEFAULT, UNDETERMINED, UNKNOWN
from .dialect import Dialect

_SIMPLE = re.compile(r"[\w .,+-]+")
"""Texts that dbt's own test can put between quotes."""
KINDS = {
    Kind.MONEY: "an amount", Kind.NUMBER: "a number", Kind.INTEGER: "a whole number", Kind.TEXT: "a text", Kind.BOOLEAN: "yes or no",
    Kind.DATE: "a date", Kind.DAYS: "days", Kind.MONTHS: "months", Kind.UNKNOWN: "a value",
}  # fmt: skip
RESULTS = {
    "policy_decision": "the same as decision: exceptions are not part of the model",
    "fired": "the rules that fired, in the policy's order",
    "applied": "the rules that are unknown and apply all the same",
    "unknown": "the rules of which nobody knows whether they fire",
    "missing_because": "of an undetermined client: the blanks that stand in the way",
    "possible_decisions": "of an undetermined client: what it could become",
}


def properties(checked: CheckedPolicy, slug: str, dialect: Dialect) -> Mapping[str, Value]:
    """The properties file: the sources with the contract's tests, the model with its columns."""
    policy = checked.policy
    names = Names(slug)
    checks = contract_checks(policy)
    tables = [source_table(policy, table, [c for c in checks if c.table == table.name], names, dialect) for table in policy.tables]
    source: Mapping[str, Value] = {
        "name": slug,
        "description": f"The tables that the policy {policy.id} reads.",
        "schema": Jinja(f"{{{{ var('{slug}_schema', target.schema) }}}}"),
        "tables": tables,
    }
    return {"version": 2, "sources": [source], "models": [model(checked, slug, names, dialect)]}


class Names:
    """Names of tests, each given once: dbt shows them, and selects by them."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.given: set[str] = set()

    def new(self, *parts: str) -> str:
        name = start = "_".join((self.slug, *parts))
        number = 1
        while name.lower() in self.given:
            number += 1
            name = f"{start}_{number}"
        self.given.add(name.lower())
        return name


def source_table(policy: Policy, table: Table, checks: Iterable[AnyCheck], names: Names, dialect: Dialect) -> Mapping[str, Value]:
    of_table: list[Value] = []
    of_column: dict[str, list[Value]] = {}
    for check in checks:
        test = data_test(check, names, dialect)
        if test is not None:
            (of_column.setdefault(check.fields[0], []) if on_column(check) else of_table).append(test)
    columns: list[Value] = [column(f.name, field_words(policy, f), of_column.get(f.name)) for f in table.fields if f.calculation is None]
    rows = "One row per client." if table.belongs_to is None else f"Any number of rows per client, by {', '.join(table.key)}."
    if table.built_in:
        rows += " Earlier decisions; later ones than the as-of date are not looked at."
    found: dict[str, Value] = {"name": table.name, "description": rows}
    return found | ({"data_tests": of_table} if of_table else {}) | {"columns": columns}


def on_column(check: AnyCheck) -> bool:
    return not isinstance(check, Once | Belongs | Fresh) or (len(check.fields) == 1 and not isinstance(check, Fresh))


def column(name: str, description: str, tests: list[Value] | None) -> Mapping[str, Value]:
    found: dict[str, Value] = {"name": name, "quote": True, "description": description}
    return found | ({"data_tests": tests} if tests else {})


def data_test(check: AnyCheck, names: Names, dialect: Dialect) -> Value | None:
    """The check as dbt writes tests; None where the engine has no words for it."""
    name = names.slug
    match check:
        case Given():
            return test("not_null", check, names, "given", {})
        case Once(fields=(_,)):
            return test("unique", check, names, "once", {})
        case Once(fields=fields):
            return test(f"{name}_once", check, names, "once", {"columns": list(map(quote_name, fields))})
        case OneOf(values=values):
            return test("accepted_values", check, names, "one_of", accepted(values, dialect))
        case Belongs(clients=clients, key=(key,)):
            to = Jinja(f"source('{name}', '{clients}')")
            return test("relationships", check, names, "client", {"to": to, "field": quote_name(key)})
        case Belongs(fields=fields, clients=clients, key=keys):
            given: dict[str, Value] = {"columns": list(map(quote_name, fields)), "clients": Jinja(f"source('{name}', '{clients}')")}
            return test(f"{name}_belongs", check, names, "client", given | {"their": list(map(quote_name, keys))})
        case InRange():
            return holds(check, names, "range", dialect)
        case Matches():
            return holds(check, names, "pattern", dialect)
        case Clean(blanks=blanks):
            words: Mapping[str, Value] = {"blanks": [text_of(word, dialect) for word in blanks]} if blanks else {}
            return test(f"{name}_text", check, names, "text", words)
        case Fresh(fields=(field,), days=days):
            return test(f"{name}_fresh", check, names, "fresh", {"date": quote_name(field), "days": days})
        case Fresh():
            raise AssertionError("freshness is of one field")
        case _:
            assert_never(check)


def holds(check: AnyCheck, names: Names, what: str, dialect: Dialect) -> Value | None:
    """A condition that no row may fulfil."""
    condition = broken(check, dialect)
    return None if condition is None else test(f"{names.slug}_never", check, names, what, {"condition": condition})


def test(kind: str, check: AnyCheck, names: Names, what: str, arguments: Mapping[str, Value]) -> Value:
    body: dict[str, Value] = {"name": names.new(check.table, *check.fields, what), "description": f"{check.says}."}
    if arguments:
        body["arguments"] = arguments
    if not check.severe:
        body["config"] = {"severity": "warn"}
    return {kind: body}


def accepted(values: Iterable[object], dialect: Dialect) -> Mapping[str, Value]:
    given = list(values)
    texts = [v for v in given if isinstance(v, str) and _SIMPLE.fullmatch(v)]
    if len(texts) == len(given):
        return {"values": list[Value](texts)}
    return {"values": [text_of(value, dialect) for value in given], "quote": False}  # type: ignore[arg-type]  # scalars


def model(checked: CheckedPolicy, slug: str, names: Names, dialect: Dialect) -> Mapping[str, Value]:
    policy = checked.policy
    key = policy.clients.key
    columns: list[Value] = []
    for name in key:
        field = policy.clients.field(name)
        assert field is not None
        tests: list[Value] = [{"not_null": {"name": names.new("result", name, "given")}}]
        if len(key) == 1:
            tests.append({"unique": {"name": names.new("result", name, "once"), "description": "one row per client."}})
        columns.append(column(name, field_words(policy, field), tests))
    columns += [
        decided("decision", decisions(policy), [*(d.id for d in policy.decisions), UNDETERMINED], names),
        column("policy_decision", RESULTS["policy_decision"], None),
        decided("decided_by", "the rule that decided, default or unknown", [*(r.id for r in policy.rules), DEFAULT, UNKNOWN], names),
        *(column(name, words, None) for name, words in RESULTS.items() if name != "policy_decision"),
        *(column(metric.name, metric_words(policy, metric), None) for metric in checked.results),
    ]
    title = words(policy.title, policy.languages[0]) or policy.id
    told = f"{title} (policy {policy.id}, version {policy.version}): one row per client with its decision and why."
    every: Mapping[str, Value] = {
        f"{slug}_every_client": {
            "name": names.new("result", "every_client"),
            "description": "every client is decided once, and nobody else.",
            "arguments": {
                "columns": list(map(quote_name, key)),
                "types": [dialect.types[f.type] for name in key for f in policy.clients.fields if f.name == name],
                "clients": Jinja(f"source('{slug}', 'clients')"),
            },
        }
    }
    return {"name": slug, "description": told, "data_tests": [every], "columns": columns}


def decided(name: str, description: str, values: list[str], names: Names) -> Mapping[str, Value]:
    known: Mapping[str, Value] = {"accepted_values": {"name": names.new("result", name, "one_of"), "arguments": {"values": values}}}
    return column(name, description, [{"not_null": {"name": names.new("result", name, "given")}}, known])


def decisions(policy: Policy) -> str:
    listed = [f"{d.id}{titled(policy, d)}" for d in policy.decisions]
    return f"{'; '.join(listed)}; {UNDETERMINED} (a blank stands in the way)"


def titled(policy: Policy, decision: Decision) -> str:
    title = words(decision.title, policy.languages[0])
    return f" ({title})" if title and title != decision.id else ""


def metric_words(policy: Policy, metric: CheckedMetric) -> str:
    title = words(metric.title, policy.languages[0])
    kind = f"a list of {metric.kind}" if metric.is_list else KINDS[metric.kind]
    return f"{title} ({kind})" if title else kind


def field_words(policy: Policy, field: Field) -> str:
    label = words(field.label, policy.languages[0])
    parts = [part for part in (label, field.description) if part]
    kind = KINDS[field.type] + (f" in {policy.currency}" if field.type is Kind.MONEY else "")
    return f"{': '.join(parts)} ({kind})" if parts else kind


def words(texts: Texts | None, language: str) -> str:
    """The text in that language as its author wrote it."""
    template = texts.get(language) if texts is not None else None
    return template.written.strip() if template is not None else ""
