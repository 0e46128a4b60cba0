"""Findings in, a SARIF 2.1.0 log out: what code scanning and editors read. One run, all findings, whatever their number.

Columns count characters (`unicodeCodePoints`), as the findings do. An artifact is named relative to the repository. A fingerprint is made
of what is found and of the line's own text, so that it survives lines that are added above.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ...model.finding import Finding, Severity, in_order
from ...model.place import Place
from ..exits import Exit
from ..snippet import visible
from .fingerprints import fingerprints, written_column
from .pages import page
from .paths import uri

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "selectiveSales/v1"
_LINK_END = re.compile(r"\](?=\()")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_GRAVEST = list(Severity)


@dataclass(frozen=True, slots=True)
class Result:
    """A finding with what else is known about it: further lines of its message, and related places with their texts."""

    finding: Finding
    details: tuple[str, ...] = ()
    related: tuple[tuple[Place, str], ...] = ()


def results_of(findings: Iterable[Finding]) -> tuple[Result, ...]:
    """A result for each finding, in the order of places."""
    return tuple(Result(finding) for finding in in_order(findings))


def sarif(command: str, results: Sequence[Result], exit: Exit | None) -> str:
    """The log of one run of that command. `exit` is how it ended (None: not known)."""
    codes = list(dict.fromkeys(result.finding.code for result in results))
    marks = fingerprints([result.finding for result in results])
    run = {
        "tool": {"driver": _driver(codes, results)},
        "automationDetails": {"id": f"selective-sales/{command}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(exit)],
        "results": [_result(result, codes, mark) for result, mark in zip(results, marks, strict=True)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _driver(codes: Sequence[str], results: Sequence[Result]) -> dict[str, Any]:
    version = importlib.metadata.version("selective-sales")
    return {
        "name": "selective-sales",
        "version": version,
        "semanticVersion": version,
        "rules": [_rule(code, [r.finding.severity for r in results if r.finding.code == code]) for code in codes],
    }


def _rule(code: str, severities: Sequence[Severity]) -> dict[str, Any]:
    said = page(code)
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", said.title)),
        "shortDescription": {"text": said.title},
        "fullDescription": {"text": said.summary},
        "help": {"text": f"{said.summary}\nMore: selective-sales explain-finding {code}", "markdown": said.markdown},
        "defaultConfiguration": {"level": min(severities, key=_GRAVEST.index).value},
    }


def _invocation(exit: Exit | None) -> dict[str, Any]:
    """Whether the command came to its end: a policy that is wrong is a finding, a call that is wrong is no success."""
    if exit is None:
        return {"executionSuccessful": True}
    return {
        "executionSuccessful": exit is not Exit.USAGE,
        "exitCode": exit.value,
        "exitCodeDescription": exit.name.lower().replace("_", " "),
    }


def _result(result: Result, codes: Sequence[str], mark: str) -> dict[str, Any]:
    finding = result.finding
    lines = (finding.message, *result.details, *([finding.help] if finding.help else []))
    made: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.severity.value,
        "message": {"text": "\n".join(map(_literal, lines))},
        "partialFingerprints": {_FINGERPRINT: mark},
        "suppressions": [],
    }
    if finding.place.file:
        made["locations"] = [{"physicalLocation": _physical(finding.place)}]
    if result.related:
        made["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(place), "message": {"text": _literal(text)}}
            for number, (place, text) in enumerate(result.related, 1)
        ]
    return made


def _literal(text: str) -> str:
    """The text so that no part of it is read as a link or as a place to be filled in."""
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK_END.sub(r"\\]", visible(text)))


def _physical(place: Place) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": uri(place.file), "uriBaseId": "%SRCROOT%"}}
    if where["artifactLocation"]["uri"].startswith("file:"):
        del where["artifactLocation"]["uriBaseId"]
    if place.line:
        where["region"] = _region(place)
    return where


def _region(place: Place) -> dict[str, int]:
    """The span. Both ends count from 1, and the end is the character behind the last one, as in a Place."""
    start = max(place.column, 1)
    end = (place.end_line, max(place.end_column, 1))
    if (place.end_line, place.end_column) <= (place.line, start):
        end = (place.line, start + place.width)
    return {
        "startLine": place.line,
        "startColumn": written_column(place.file, place.line, start),
        "endLine": end[0],
        "endColumn": written_column(place.file, *end),
    }
