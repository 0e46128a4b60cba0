"""Every case of tests/cases/simulate: a portfolio, what is asked, and what must come of it, through the command and as JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from selective_sales.cli.app import main
from selective_sales.model.finding import Severity, has_errors
from selective_sales.pipeline.simulating import simulate
from tests.pipeline.small import write_exceptions

from .portfolio import FIELDS, MEASURES, policy, run

FOLDER = Path(__file__).parents[1] / "cases" / "simulate"
CASES = [(path.stem, case) for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
CLIENTS = "id,verdict,revenue,cost,hours,conflicts\na,keep,1,1,1,1\n"
KEYS = {
    *("case", "fields", "measures", "sections", "approval", "exceptions", "clients"),
    *("without", "changes", "language", "expect", "findings", "says", "never_says"),
}


def reached(content: Any, path: str) -> Any:
    """`decisions.keep.after` within the JSON."""
    for part in path.split("."):
        if isinstance(content, list):
            content = next(item for item in content if item["decision"] == part)
        else:
            content = content[part]
    return content


def agree(found: Any, expected: Any, path: str) -> None:
    if isinstance(expected, dict):
        for key, value in expected.items():
            agree(found[key], value, f"{path}.{key}")
    elif isinstance(found, str) and isinstance(expected, int | float):
        assert Decimal(found) == Decimal(str(expected)), path
    else:
        assert found == expected, path


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[f"{stem}: {case['case']}" for stem, case in CASES])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    assert set(case) <= KEYS, set(case) - KEYS
    text = policy(case.get("fields", FIELDS), case.get("measures", MEASURES), case.get("sections", ""), case.get("approval", ""))
    exceptions = write_exceptions(tmp_path, *case["exceptions"]) if "exceptions" in case else None
    made = run(tmp_path, case.get("clients", CLIENTS), text, exceptions)
    _, findings = simulate(made, case.get("without"), case.get("changes", []))
    expected = case.get("findings", [])
    assert [f.code for f in findings] == [f["code"] for f in expected], findings
    for finding, wanted in zip(findings, expected, strict=True):
        assert wanted.get("message", "") in finding.message
        assert wanted.get("help", "") in finding.help and finding.help
        assert finding.severity is Severity(wanted.get("severity", "error"))
    arguments = ["simulate", str(made.folder), "--language", case.get("language", "en")]
    arguments += [f"--without={w}" for w in case.get("without", [])] + [f"--change={c}" for c in case.get("changes", [])]
    printed = CliRunner().invoke(main, [*arguments, "--format", "json"], catch_exceptions=False)
    assert printed.exit_code == (2 if has_errors(findings) else 0), printed.stderr
    if has_errors(findings):
        assert printed.stdout == ""
        return
    content = json.loads(printed.stdout)
    for path, value in case.get("expect", {}).items():
        agree(reached(content, path), value, path)
    shown = CliRunner().invoke(main, arguments, catch_exceptions=False).stdout.replace("\u00a0", " ")
    assert [words for words in case.get("says", []) if words not in shown] == [], shown
    assert [words for words in case.get("never_says", []) if words in shown] == [], shown
