"""Reads the case files of tests/cases/check: small policies with what must be found in them, and exactly where.

A case adds its blocks (`metrics:`, `rules:`, `fields:` ...) to `_base.yaml` after the comment line of that name; `when:` adds a rule with
that condition; `policy:` is a whole policy instead. The signs « and » mark where a finding must point: from the line and column of the
first sign to those of the second. They are taken out before the policy is read. Findings are listed in the order of their marks, which
is the order of their places; `at: 0` is the first mark again, `at: file` the file as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "cases" / "check"
_BASE = (FOLDER / "_base.yaml").read_text(encoding="utf-8")
_RULE = "- id: tried\n  when: {}\n  then: flag\n  reason: tried\n"
_WORDS = ("case", "when", "policy", "findings")

Span = tuple[int, int, int, int]
"""Line and column of the start, line and column after the end, from 1."""


@dataclass(frozen=True)
class Expected:
    """One finding that must be there. `message` and `help` are parts of the real ones."""

    code: str
    span: Span
    severity: str
    message: str
    help: str


@dataclass(frozen=True)
class Case:
    """One case, with the policy's text as it will be read."""

    name: str
    text: str
    findings: tuple[Expected, ...]


def cases() -> list[Case]:
    """All cases of the folder."""
    return [_case(path.stem, raw) for path in sorted(FOLDER.glob("[!_]*.yaml")) for raw in yaml.safe_load(path.read_text(encoding="utf-8"))]


def _case(stem: str, raw: dict[str, Any]) -> Case:
    text, spans = _unmark(raw["policy"] if "policy" in raw else _added(raw))
    expected: list[Expected] = []
    for number, item in enumerate(raw["findings"]):
        at = item.get("at", number)
        span = (0, 0, 0, 0) if at == "file" else spans[at]
        expected.append(Expected(item["code"], span, item.get("severity", "error"), item.get("message", ""), item.get("help", "")))
    name = f"{stem}: {raw['case']}"
    unused = set(spans) - {e.span for e in expected}
    assert not unused, f"{name}: a mark without a finding"
    return Case(name, text, tuple(expected))


def _added(raw: dict[str, Any]) -> str:
    blocks = {key: value for key, value in raw.items() if key not in _WORDS}
    if "when" in raw:
        blocks["rules"] = _RULE.format(raw["when"]) + blocks.get("rules", "")
    text = _BASE
    for key, block in blocks.items():
        found = re.search(rf"^( *)# {key}\n", text, re.MULTILINE)
        assert found, f"no place for {key}"
        lines = "".join(f"{found.group(1)}{line}\n" for line in block.rstrip("\n").split("\n"))
        text = text[: found.start()] + lines + text[found.start() :]
    return text


def _unmark(marked: str) -> tuple[str, list[Span]]:
    text, spans, open_at = "", [], (0, 0)
    for sign in marked:
        here = (text.count("\n") + 1, len(text) - text.rfind("\n"))
        if sign == "«":
            open_at = here
        elif sign == "»":
            spans.append((*open_at, *here))
        else:
            text += sign
    return text, spans
