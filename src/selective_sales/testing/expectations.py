"""What a case expects, against what the policy can say. Refuses unknown columns, decisions, rules and clients, values that a
column cannot have, and a case that expects nothing."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import zip_longest

from ..model.cases import Case, Expected, ExpectedClient, Row
from ..model.finding import Finding
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Field, Policy, Table
from .close import did_you_mean
from .needs import LIST_COLUMNS, Needs
from .values import read_wanted

DECIDERS = ("default", "exception", "unknown")
_EXAMPLES = {
    Kind.MONEY: "an amount, such as 1200.50",
    Kind.NUMBER: "a number, such as 0.33 or 33%",
    Kind.INTEGER: "a number, such as 12",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a date, such as 2026-11-22",
    Kind.DAYS: "a number of days, such as 90 days",
    Kind.MONTHS: "a number of months, such as 12 months",
    Kind.TEXT: "a text",
    Kind.UNKNOWN: "a text",
}


def client_ids(clients: Table, rows: Iterable[Row]) -> tuple[tuple[str, ...], ...]:
    """The clients of the rows, each by its key as the engine will name it."""
    return tuple(canonical(clients, tuple((row[name].text or "") if name in row else "" for name in clients.key)) for row in rows)


def canonical(clients: Table, client: tuple[str, ...]) -> tuple[str, ...]:
    """A client's key as written, as the loader reads it: trimmed, NFC, a number without idle zeros, a date as 2026-11-22."""
    fields = [clients.field(name) for name in clients.key]
    return tuple(_canonical_part(text, field) for text, field in zip_longest(client, fields) if text is not None)


def _canonical_part(text: str, field: Field | None) -> str:
    plain = unicodedata.normalize("NFC", text.strip())
    try:
        if field is not None and field.type.is_numeric:
            return _plain_number(plain)
        if field is not None and field.type is Kind.DATE:
            return datetime.datetime.strptime(plain, field.format or "%Y-%m-%d").date().isoformat()
    except (InvalidOperation, ValueError):
        return plain
    return plain


def _plain_number(text: str) -> str:
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return text
    return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize(), "f")


def name_clients(
    policy: Policy, case: Case, clients: tuple[tuple[str, ...], ...]
) -> tuple[tuple[ExpectedClient, ...], tuple[Finding, ...]]:
    """The expectations with every client named in full, and findings where it is not clear who is meant."""
    expected: list[ExpectedClient] = []
    findings: list[Finding] = []
    for one in case.expect:
        client, finding = whom(policy.clients, one.client, clients, one.place)
        expected.append(replace(one, client=client))
        findings += () if finding is None else (finding,)
    return tuple(expected), tuple(findings)


def whom(
    table: Table, client: tuple[str, ...], clients: tuple[tuple[str, ...], ...], place: Place
) -> tuple[tuple[str, ...], Finding | None]:
    """The client that is meant: the only one where none is named."""
    if not client:
        if len(clients) == 1:
            return clients[0], None
        help_ = f"name the client, as in {'|'.join(clients[0])}: {{...}}" if clients else "write client: {...}"
        return (), Finding("SS611", f"this case has {len(clients)} clients: it does not say which of them is meant", place, help_)
    meant = canonical(table, _parts(client, len(table.key)))
    if meant in clients:
        return meant, None
    named = "|".join(client)
    help_ = did_you_mean(named, ("|".join(one) for one in clients))
    return meant, Finding("SS610", f"client '{named}' is not in this case", place, help_)


def _parts(client: tuple[str, ...], columns: int) -> tuple[str, ...]:
    """A key of several columns is written as one name, its parts joined by `|`."""
    return tuple(client[0].split("|")) if len(client) == 1 and columns > 1 else client


def refused(needs: Needs, case: Case) -> Iterator[Finding]:
    """What is wrong with the expectations themselves."""
    yield from refused_of_the_run(needs, case)
    if case.expect_run and not case.expect:
        return
    if not any(one.columns for one in case.expect):
        yield Finding("SS607", f"case '{case.name}' expects nothing", case.place, "write expect: {decision: ...}")
        return
    for one in case.expect:
        if not one.columns:
            yield Finding(
                "SS607",
                f"nothing is expected of client '{'|'.join(one.client)}'",
                one.place,
                "write {decision: ...}, or leave the client out",
            )
        for column in one.columns:
            yield from _refused_column(needs, column)


def refused_of_the_run(needs: Needs, case: Case) -> Iterator[Finding]:
    """Limits, guarantees and figures that the policy does not have, and a split figure without its groups."""
    checked = needs.checked
    known = {
        "limits": [limit.id for limit in checked.limits],
        "guarantees": [guarantee.id for guarantee in checked.guarantees],
        "figures": [figure.name for figure in checked.figures],
    }
    split = {figure.name: bool(figure.by) for figure in checked.figures}
    for one in case.expect_run:
        names = known.get(one.section, [])
        if one.name not in names:
            yield Finding("SS619", f"the policy has no '{one.name}' among its {one.section}", one.place, did_you_mean(one.name, names))
        elif one.section == "figures" and split[one.name] is not bool(one.group):
            help_ = f"write {one.name}: {{group: value}}" if split[one.name] else f"write {one.name}: value"
            message = f"the figure '{one.name}' is {'split: it has a value for each group' if split[one.name] else 'one value'}"
            yield Finding("SS619", message, one.place, help_)


def _refused_column(needs: Needs, expected: Expected) -> Iterator[Finding]:
    policy = needs.checked.policy
    name = expected.name
    if name not in needs.kinds:
        yield _unknown_column(needs, expected)
    elif name in needs.lists and not isinstance(expected.value, tuple) and not (expected.value is None and name not in LIST_COLUMNS):
        yield Finding("SS612", f"'{name}' is a list", expected.place, f"write {name}: [{expected.value or ''}]")
    elif name not in needs.lists and isinstance(expected.value, tuple):
        yield Finding(
            "SS612", f"'{name}' is one value, not a list", expected.place, f"write {name}: {expected.value[0] if expected.value else '...'}"
        )
    else:
        match name:
            case "decision" | "policy_decision" | "possible_decisions":
                yield from _unknown_among(expected, (*(d.id for d in policy.decisions), "undetermined"), "SS605", "decision")
            case "decided_by":
                yield from _unknown_among(expected, (*(r.id for r in policy.rules), *DECIDERS), "SS606", "rule")
            case "fired" | "applied" | "unknown":
                yield from _unknown_among(expected, tuple(r.id for r in policy.rules), "SS606", "rule")
            case "missing_because":
                yield from _unknown_labels(policy, expected)
            case _ if name in needs.lists:
                return
            case _:
                yield from _unreadable(expected, needs.kinds[name])


def _unknown_column(needs: Needs, expected: Expected) -> Finding:
    policy = needs.checked.policy
    if policy.clients.field(expected.name) is not None:
        help_ = "a field of the data is not a result: expect a decision, a rule, a list or a metric"
    elif any(rule.id == expected.name for rule in policy.rules):
        help_ = f"to expect that the rule fires, write decided_by: {expected.name} or fired: [{expected.name}]"
    else:
        help_ = did_you_mean(expected.name, needs.kinds)
    return Finding("SS604", f"'{expected.name}' is not a column of the result", expected.place, help_)


def _texts(expected: Expected) -> tuple[str, ...]:
    return expected.value if isinstance(expected.value, tuple) else () if expected.value is None else (expected.value,)


def _unknown_among(expected: Expected, known: tuple[str, ...], code: str, what: str) -> Iterator[Finding]:
    if expected.value is None:
        yield Finding("SS612", f"'{expected.name}' is never missing", expected.place, did_you_mean("", known))
    for text in _texts(expected):
        if text not in known:
            yield Finding(code, f"unknown {what} '{text}' in '{expected.name}'", expected.place, did_you_mean(text, known))


def _unknown_labels(policy: Policy, expected: Expected) -> Iterator[Finding]:
    """A label that is only a name must be a field of the clients, or `table.field`; causes and conditions are free text."""
    fields = [f.name if t.belongs_to is None else f"{t.name}.{f.name}" for t in policy.tables for f in t.fields]
    for label in _texts(expected):
        if label not in fields and _is_name(label):
            yield Finding("SS602", f"unknown field '{label}' in '{expected.name}'", expected.place, did_you_mean(label, fields))


def _is_name(label: str) -> bool:
    return all(part.isidentifier() for part in label.split("."))


def _unreadable(expected: Expected, kind: Kind) -> Iterator[Finding]:
    if isinstance(expected.value, str) and read_wanted(expected.value, kind) is None:
        message = f"'{expected.value}' cannot be the value of '{expected.name}'"
        yield Finding("SS612", message, expected.place, f"write {_EXAMPLES[kind]}, or missing")
