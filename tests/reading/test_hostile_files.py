"""Whatever the bytes are: findings, no crash, and within a second or two."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selective_sales import reading
from selective_sales.reading.cases import cases_of
from selective_sales.reading.exceptions import exceptions_of
from selective_sales.reading.policy import policy_of
from selective_sales.reading.source import from_bytes

from .test_cases_read import BASE

MILLION = 1_000_000
HOSTILE = {
    "brackets": "a: " + "[" * MILLION,
    "braces": "a: " + "{" * MILLION,
    "dashes": "- " * 500_000,
    "question marks": "? " * 500_000,
    "nested keys": "\n".join(" " * i + "a:" for i in range(1000)),
    "one long text": "a: " + "x " * 500_000,
    "one long quoted text": 'a: "' + "x " * 500_000 + '"',
    "one long name": "a" * 900_000 + ": 1",
    "long number": "format: " + "9" * 900_000,
    "huge exponent": "format: 1e999999999",
    "open quote": "a: '" + "x\n" * 500_000,
    "many keys": "\n".join(f"k{i}: {i}" for i in range(60_000)),
    "same key": "a: 1\n" * 200_000,
    "tags": "%TAG !a! b:\n" * 80_000 + "--- a",
    "tags after a document": "a: 1\n...\n" + "%TAG !a! b:\n" * 80_000,
    "anchors": "\n".join(f"k{i}: &a{i} x" for i in range(40_000)),
    "accents": "a: " + "e" + "\u0301\u0323" * 250_000,
    "tabs": "\t" * MILLION,
    "line breaks": "\n" * MILLION,
    "aliases of a long text": "a: &a " + "x" * 2_000_000 + "\n" + "".join(f"k{i}: *a\n" for i in range(50_000)),
    "a list of aliases of a long text": "a: &a [" + "x" * 100_000 + "]\nb: &b [" + "*a, " * 40 + "]\nc: [" + "*b, " * 900 + "]",
    "aliases": "a: &a [" + "x," * 99 + "x]\n" + "".join(f"k{i}: *a\n" for i in range(50_000)),
    "comments": "#\n" * 500_000,
    "block of blanks": "a: |\n" + "".join(" " * (i % 900) + "\n" for i in range(2000)),
}


def read_text(text: str) -> None:
    source, findings = from_bytes("file.yaml", text.encode())
    if source is None:
        assert findings
        return
    for reader in (policy_of, cases_of, exceptions_of):
        built, findings = reader(source)
        assert built is not None or findings


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_findings_within_two_seconds(name: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(HOSTILE[name][: 4 * 1024 * 1024 - 5], encoding="utf-8")
    start = time.process_time()
    policy, findings = reading.read(path)
    assert time.process_time() - start < 2
    assert findings
    assert policy is None


@pytest.mark.parametrize(
    "change",
    [
        ("when: cost > revenue", "when: " + "(" * 400_000),
        ("when: cost > revenue", "when: " + "not " * 100_000 + "a"),
        ("when: cost > revenue", "when: >\n" + "      cost > 1 and\n" * 40_000 + "      cost > 2"),
        ('reason: "Cost {cost}."', 'reason: "' + "{" * 9_999 + '"'),
        ('reason: "Cost {cost}."', "reason: >\n" + "      {cost} {\n" * 700),
        ('reason: "Cost {cost}."', "reason: >\n" + "      {cost} {\n" * 40_000),
        ("one_of: [it, retail]", "one_of: [" + ",".join(f"a{i}" for i in range(9000)) + "]"),
        ("one_of: [it, retail]", 'pattern: "' + "(" * 900 + '"'),
        ("when: cost > revenue", "when: {all: [" + "f(a, " * 4000 + "]}"),
        ("least_fit: 0.4", "least_fit: " + "1_" * 200_000 + "1"),
    ],
    ids=range(10),
)
def test_hostile_values_are_findings_within_a_second(change: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(BASE.replace(*change), encoding="utf-8")
    start = time.process_time()
    policy, findings = reading.read(path)
    assert time.process_time() - start < 1
    assert policy is None or findings or "one_of" in change[0]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    source, findings = from_bytes("file.yaml", content)
    assert (source is None) == bool(findings)
    if source is not None:
        read_text(source.text)


@given(st.text(alphabet=st.sampled_from(list("ab:,[]{}'\"|>&*!#%@`-? \n\t0159.\\e=<")), max_size=60))
def test_any_text_of_yaml_signs_is_read_or_refused(text: str) -> None:
    read_text(text)


@given(st.data())
def test_a_policy_with_any_stretch_replaced_is_read_or_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(BASE)))
    end = data.draw(st.integers(start, min(len(BASE), start + 30)))
    put = data.draw(st.text(alphabet=st.sampled_from(list("ab:,[]{}'\"|>&*!#%@`-? \n0159.\\")), max_size=12))
    read_text(BASE[:start] + put + BASE[end:])


def test_a_missing_file_and_a_folder_are_findings(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path, Path("a\0b")):
        policy, findings = reading.read(path)
        assert policy is None
        assert [finding.code for finding in findings] == ["SS001"]


def test_a_file_beyond_four_mebibytes_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    assert [finding.code for finding in reading.read(path)[1]] == ["SS002"]


def test_a_mistake_at_the_deepest_level_is_one_finding() -> None:
    when = "when: " + "{any: [" * 22 + "{al: 1}" + "]}" * 22
    source, _ = from_bytes("file.yaml", BASE.replace("when: cost > revenue", when).encode())
    assert source is not None
    _, findings = policy_of(source)
    assert [(finding.code, finding.place.column) for finding in findings] == [("SS101", 11 + 22 * 7 + 1)]
