"""Exceptions and a date in, those in force out, with findings on the others. Every command resolves them here."""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..model.exceptions import ExceptionsFile, PolicyException
from ..model.finding import Finding, Severity
from ..model.kind import Kind
from ..model.policy import Policy

SOON = datetime.timedelta(days=30)
WHOLE = re.compile(r"[+-]?[0-9]{1,19}")


def resolve(policy: Policy, file: ExceptionsFile, as_of: datetime.date) -> tuple[tuple[PolicyException, ...], tuple[Finding, ...]]:
    """The exceptions in force, and findings: unknown decisions and keys of the wrong length (errors), expired and soon-expiring ones."""
    entries = [replace(entry, client=cells(policy, entry.client)) for entry in file.entries]
    findings = [finding for entry in entries for finding in entry_findings(policy, entry, as_of)]
    return tuple(entry for entry in entries if entry.holds(as_of)), tuple(findings)


def cells(policy: Policy, client: tuple[str, ...]) -> tuple[str, ...]:
    """The key as the data room reads cells: trimmed, in NFC, whole numbers without leading zeros."""
    kinds = [field.type for name in policy.clients.key if (field := policy.clients.field(name)) is not None]
    if len(kinds) != len(client):
        return client
    trimmed = [unicodedata.normalize("NFC", part.strip()) for part in client]
    return tuple(str(int(p)) if k is Kind.INTEGER and WHOLE.fullmatch(p) else p for p, k in zip(trimmed, kinds, strict=True))


def entry_findings(policy: Policy, entry: PolicyException, as_of: datetime.date) -> Iterable[Finding]:
    client = "|".join(entry.client)
    if policy.decision(entry.decision) is None:
        names = [d.id for d in policy.decisions]
        near = difflib.get_close_matches(entry.decision, names, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"the policy's decisions are {', '.join(names)}"
        yield Finding("SS410", f"the exception for client '{client}' names the unknown decision '{entry.decision}'", entry.place, hint)
    if len(entry.client) != len(policy.clients.key):
        key = ", ".join(policy.clients.key)
        help = f"write a list with one value for each of: {key}" if len(policy.clients.key) > 1 else f"write the value of {key} alone"
        yield Finding(
            "SS411", f"the exception's client '{client}' has {len(entry.client)} key value(s), the policy's key is {key}", entry.place, help
        )
    if entry.expires < as_of:
        message = f"the exception for client '{client}' expired on {entry.expires.isoformat()}"
        yield Finding("SS412", message, entry.place, "remove it, or have it approved again with a new date", Severity.WARNING)
    elif entry.expires - as_of <= SOON and entry.holds(as_of):
        days = (entry.expires - as_of).days
        message = f"the exception for client '{client}' expires in {days} day(s), on {entry.expires.isoformat()}"
        yield Finding("SS413", message, entry.place, "decide in time whether it is still wanted", Severity.NOTE)


def applied(in_force: Sequence[PolicyException], effects: Sequence[tuple[tuple[str, ...], str, str]]) -> tuple[Finding, ...]:
    """What the run showed: exceptions for clients it does not have, and those that change nothing.

    `effects` has (client, the policy's decision, the exception's) of every client whom an exception decided.
    """
    by_client = {client: (policy, final) for client, policy, final in effects}
    findings = []
    for entry in in_force:
        client = "|".join(entry.client)
        if entry.client not in by_client:
            message = f"the exception names client '{client}', whom the data does not have"
            findings.append(Finding("SS414", message, entry.place, "check the client's id, or remove the exception", Severity.WARNING))
        elif by_client[entry.client][0] == entry.decision:
            message = f"the exception for client '{client}' is not needed: the policy decides '{entry.decision}' as well"
            findings.append(Finding("SS415", message, entry.place, "remove it, or keep it on purpose", Severity.NOTE))
    return tuple(findings)
