"""Every file of tests/cases/read: a broken file, and exactly the findings that it must give, by code, line and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from selective_sales.model.finding import Finding
from selective_sales.reading.cases import cases_of
from selective_sales.reading.exceptions import exceptions_of
from selective_sales.reading.letterhead import letterhead_of
from selective_sales.reading.policy import policy_of
from selective_sales.reading.source import from_bytes

CASES = sorted((Path(__file__).parents[1] / "cases" / "read").glob("*.yaml"))
BASE = Path(__file__).with_name("base.yaml").read_text(encoding="utf-8")
HEAD = """\
format: 1
sender: {name: Firm, address: [Street 1, Town]}
contact: {name: Anna Nowak, email: anna@example.com}
signatory: {name: Jan Lis}
"""
READERS = {"policy": policy_of, "change": policy_of, "bytes": policy_of, "exceptions": exceptions_of, "cases": cases_of,
           "letterhead": letterhead_of, "head": letterhead_of}  # fmt: skip


def content_of(case: dict[str, Any]) -> tuple[str, bytes]:
    """What the case feeds, and to whom: a whole text, the base policy with some lines changed, or bytes in hexadecimal."""
    (kind,) = READERS.keys() & case.keys()
    match kind:
        case "bytes":
            return kind, bytes.fromhex(case[kind])
        case "change":
            text = BASE
            for old, new in case[kind].items():
                assert text.count(old) == 1, f"'{old}' must stand in the base policy once"
                text = text.replace(old, new)
            return kind, text.encode()
        case "head":
            text = HEAD
            for old, new in case[kind].items():
                assert text.count(old) == 1, f"'{old}' must stand in the letterhead once"
                text = text.replace(old, new)
            return kind, text.encode()
        case _:
            return kind, case[kind].encode()


def read(case: dict[str, Any]) -> tuple[object, tuple[Finding, ...]]:
    kind, content = content_of(case)
    source, findings = from_bytes("file.yaml", content)
    return (None, findings) if source is None else READERS[kind](source)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_findings_are_exactly_these(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    built, findings = read(case)
    given = [(finding.code, finding.place.line, finding.place.column) for finding in findings]
    assert given == [(expected["code"], expected["line"], expected["column"]) for expected in case["findings"]]
    for finding, expected in zip(findings, case["findings"], strict=True):
        assert expected.get("says", "") in finding.message
        assert expected.get("help", "") in finding.help
        assert finding.help, "every finding says what to do"
    assert (built is not None) is case["built"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_parser_in_python_finds_the_same_on_the_same_lines(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    _, findings = read(case)
    assert [(finding.code, finding.place.line) for finding in findings] == [
        (expected["code"], expected["line"]) for expected in case["findings"]
    ]


def test_base_policy_has_no_findings() -> None:
    assert read({"policy": BASE})[1] == ()


def test_there_are_enough_bad_cases() -> None:
    assert len(CASES) >= 50
