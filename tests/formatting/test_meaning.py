"""Whatever the layout was, what a policy says stays, every comment stays, and formatting twice changes nothing more."""

from __future__ import annotations

import datetime
import re
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import whole_language
from selective_sales import checking, compiling, formatting, pipeline, reading
from selective_sales.model.finding import has_errors
from selective_sales.model.policy import Policy
from selective_sales.pipeline import Layout
from selective_sales.starting import start
from tests.checking.casefile import cases
from tests.formatting.mangling import Mangler, document
from tests.making.choices import Drawn, Seeded
from tests.making.policies import WHOLE, policy

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(p for folder in ("examples", "policies", "tests/cases/whole", "benchmarks") for p in (ROOT / folder).rglob("*.yaml"))
GOOD = [case for case in cases() if not any(expected.severity == "error" for expected in case.findings)]
EXAMPLES = max(10, settings().max_examples // 4)


def laid_out(name: str, text: str) -> Layout:
    layout = pipeline.lay_out_content(name, text.encode("utf-8"))
    assert layout.findings == (), layout.findings
    return layout


def sql(path: Path, text: str) -> tuple[str, ...]:
    """The policy's query, without the comments that hold places."""
    path.write_text(text, encoding="utf-8")
    policy, findings = reading.read(path)
    assert policy is not None and not has_errors(findings)
    checked, findings = checking.check(policy)
    assert checked is not None and not has_errors(findings)
    query = compiling.compile_policy(checked, datetime.date(2026, 11, 22))
    return tuple(re.sub(r"(?m)^ *-- .*\n", "", part) for part in (*query.prelude, query.facts, query.decide))


def holds(name: str, text: str) -> str:
    """Formats the text and looks at all that was promised; gives the result."""
    layout = laid_out(name, text)
    result = layout.after.decode("utf-8")
    before, after = reading.said(name, text.encode("utf-8")), reading.said(name, layout.after)
    assert formatting.same(before.meaning, after.meaning)
    if isinstance(before.meaning, Policy) and isinstance(after.meaning, Policy):
        # Places take part in what is said to be audited, and nowhere else.
        assert replace(before.meaning, sources=(), fairness=None) == replace(after.meaning, sources=(), fairness=None)
    assert laid_out(name, result).after == layout.after
    assert sorted(formatting.comments(before.text)) == sorted(formatting.comments(result))
    assert result.endswith("\n") and "\r" not in result and "\n\n\n" not in result
    return result


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_files_are_canonical(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == holds(str(path), path.read_text(encoding="utf-8"))


def test_what_init_lays_out_is_canonical(tmp_path: Path) -> None:
    clients = ROOT / "examples/services-agency/data/clients.csv"
    for folder, source in (("sample", None), ("drawn", clients)):
        laid, _ = start(tmp_path / folder, source)
        assert laid is not None
        for path in (p for p in (tmp_path / folder).rglob("*.yaml") if ".github" not in p.parts):
            assert laid_out(str(path), path.read_text(encoding="utf-8")).after == path.read_bytes(), path


POLICIES = [p for p in SHIPPED if not p.name.endswith((".test.yaml", "exceptions.yaml")) and "\npolicy:" in p.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_a_shipped_policy_written_badly_becomes_the_same_query(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for file in (f for kind in ("*.csv", "*.yaml") for f in path.parent.rglob(kind)):  # what it uses lies below its folder
        beside = tmp_path / file.relative_to(path.parent)
        beside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, beside)
    bad = Mangler(Seeded(7), shuffled=True, remarks=20).text(document(text))
    policy = tmp_path / path.name
    result = laid_out(str(policy), bad).after.decode("utf-8")
    assert result != bad
    assert sql(policy, text) == sql(policy, result)


@pytest.mark.parametrize("case", GOOD, ids=[case.name for case in GOOD])
def test_small_policies(case: object) -> None:
    text: str = case.text  # type: ignore[attr-defined]
    if reading.said("policy.yaml", text.encode("utf-8")).findings == ():
        holds("policy.yaml", text)


def test_the_policy_with_all_of_the_language(tmp_path: Path) -> None:
    text = whole_language.policy()
    result = holds("policy.yaml", text)
    assert sql(tmp_path / "policy.yaml", text) == sql(tmp_path / "policy.yaml", result)


NUMBERED = re.compile(r"#[ \t]?c(\d+) (above|behind|loose) ?(\S*)")


def stands_above(lines: list[str], number: int) -> str:
    """The next line that is neither blank nor a comment."""
    return next(line.strip() for line in lines[number + 1 :] if line.strip() and not line.strip().startswith("#"))


def begins_with(line: str, what: str) -> bool:
    key = re.escape(what)
    return line.startswith("-") if what == "-" else re.match(rf"(?:- )*[\"']?{key}[\"']?:", line) is not None


def stands_alone(path: Path) -> bool:
    """Cases, and policies that are whole without another file, which a text alone could not bring in."""
    text = path.read_text(encoding="utf-8")
    return path.name.endswith(".test.yaml") or ("\npolicy:" in text and "\nuses:" not in text)


@st.composite
def mangled(draw: st.DrawFn) -> tuple[str, str, bool, int]:
    """A policy or test file, the same one written badly, whether its keys were moved, and how many comments it was given."""
    choices = Drawn(draw)
    shipped = [p for p in SHIPPED if p.parent.name != "dmn" and stands_alone(p)]
    if choices.often(50):
        path = choices.one(shipped)
        name, text = path.name, path.read_text(encoding="utf-8")
    else:
        name, text = "made.yaml", policy(choices, replace(WHOLE, outcomes=True))
    shuffled = choices.often(50)
    mangler = Mangler(choices, shuffled=shuffled, remarks=choices.one((0, 5, 25)))
    return name, mangler.text(document(text)), shuffled or name == "made.yaml", mangler.count


@settings(max_examples=EXAMPLES)
@given(mangled())
def test_a_policy_written_badly(made: tuple[str, str, bool, int]) -> None:
    name, text, moved, count = made
    result = holds(name, text)
    lines = result.split("\n")
    found = [int(number) for number, _, _ in NUMBERED.findall(result)]
    assert sorted(found) == list(range(1, count + 1))
    if not moved:
        assert found == [int(number) for number, _, _ in NUMBERED.findall(text.replace("\r\n", "\n"))]
    for at, line in enumerate(lines):
        for _, where, what in NUMBERED.findall(line):
            if where == "above" and what != "file":
                assert begins_with(stands_above(lines, at), what), line


TYPED_OTHERWISE = {
    "indented by four": lambda text: re.sub(r"(?m)^( *)(- )?", lambda m: m[1] * 2 + (f"{m[2]}  " if m[2] else ""), text),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "line ends of old": lambda text: text.replace("\n", "\r"),
    "a byte-order mark": lambda text: "\ufeff" + text,
    "blanks at the ends of lines": lambda text: re.sub(r"(?m)$", "  ", text),
    "too many blank lines": lambda text: text.replace("\n\n", "\n\n\n \n") + "\n\n",
    "no last line end": lambda text: text.rstrip("\n"),
    "wide spaces": lambda text: re.sub(r"(?m)^( *(?:- )?\w+:) (?=\S)", r"\1   ", text),
    "letters taken apart": lambda text: unicodedata.normalize("NFD", text),
    "a document's marks": lambda text: f"---\n{text}...\n",
}


@pytest.mark.parametrize("way", TYPED_OTHERWISE)
@pytest.mark.parametrize("name", ["online-retail.yaml", "services-portfolio.yaml", "unique.yaml"])
def test_there_is_one_layout(name: str, way: str) -> None:
    path = next(p for p in SHIPPED if p.name == name)
    text = path.read_text(encoding="utf-8")
    assert laid_out(name, TYPED_OTHERWISE[way](text)).after.decode("utf-8") == text
