"""Test cases in, JUnit's XML out, as GitLab, Jenkins and others read it: what passed, what failed and why, and what could not be run.

`file` and `line` stand at each case: GitLab links them. Text that XML cannot hold (control characters, halves of characters) is shown as
its escape. The XML is ASCII: every other character is a reference, so that no locale can break it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape, quoteattr

from ..snippet import visible
from .paths import in_repository

_LONGEST = 4000


class Ended(StrEnum):
    """What became of a case; the value is the name of its element."""

    PASSED = "passed"
    FAILURE = "failure"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """A case: where it stands (line 0: the whole file), how it ended, in a line why (`message`), and all there is to say (`lines`)."""

    name: str
    file: str
    line: int = 0
    seconds: float = 0.0
    ended: Ended = Ended.PASSED
    type: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one file; `name` is its path, or what else holds them together."""

    name: str
    cases: tuple[Case, ...]
    seconds: float = 0.0
    properties: tuple[tuple[str, str], ...] = ()


def junit(suites: Sequence[Suite]) -> str:
    """The document."""
    every = [case for suite in suites for case in suite.cases]
    head = _tag("testsuites", ("name", "selective-sales"), *_counts(every, skipped=False), ("time", _time(sum(s.seconds for s in suites))))
    body = [f"<{head}>", *(line for suite in suites for line in _suite(suite)), "</testsuites>"]
    text = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *body])
    return text.encode("ascii", errors="xmlcharrefreplace").decode("ascii")


def _suite(suite: Suite) -> list[str]:
    name = in_repository(suite.name)
    head = _tag("testsuite", ("name", name), *_counts(suite.cases), ("time", _time(suite.seconds)))
    properties = [f"      <{_tag('property', ('name', name), ('value', value))}/>" for name, value in suite.properties]
    if properties:
        properties = ["    <properties>", *properties, "    </properties>"]
    return [f"  <{head}>", *properties, *(line for case in suite.cases for line in _case(case)), "  </testsuite>"]


def _case(case: Case) -> list[str]:
    path = in_repository(case.file)
    line = [("line", str(case.line))] if case.line else []
    head = _tag("testcase", ("classname", _classname(path)), ("name", case.name), ("time", _time(case.seconds)), ("file", path), *line)
    said = "\n".join(escape(visible(text, _LONGEST)) for text in case.lines)
    match case.ended:
        case Ended.PASSED:
            return [f"    <{head}>", f"      <system-out>{said}</system-out>", "    </testcase>"] if said else [f"    <{head}/>"]
        case Ended.SKIPPED:
            return [f"    <{head}>", f"      <{_tag('skipped', ('message', case.message))}/>", "    </testcase>"]
        case _:
            inner = _tag(case.ended.value, ("type", case.type), ("message", case.message))
            return [f"    <{head}>", f"      <{inner}>{said}</{case.ended.value}>", "    </testcase>"]


def _classname(path: str) -> str:
    """`policies/agency.test.yaml` as `policies.agency`: dots make the packages of a report."""
    for ending in (".test.yaml", ".test.yml", ".yaml", ".yml"):
        path = path.removesuffix(ending)
    return ".".join(part for part in path.split("/") if part not in ("", ".", "..")) or "."


def _counts(cases: Sequence[Case], skipped: bool = True) -> list[tuple[str, str]]:
    names = {"failures": Ended.FAILURE, "errors": Ended.ERROR} | ({"skipped": Ended.SKIPPED} if skipped else {})
    return [("tests", str(len(cases))), *((name, str(sum(c.ended is ended for c in cases))) for name, ended in names.items())]


def _time(seconds: float) -> str:
    return f"{seconds:.3f}"


def _tag(name: str, *attributes: tuple[str, str]) -> str:
    return " ".join([name, *(f"{key}={quoteattr(visible(value, _LONGEST))}" for key, value in attributes)])
