"""Every case of tests/cases/data: files with faults, and exactly the bad rows and findings they must give."""

from __future__ import annotations

import base64
import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from .support import AS_OF, load, table

FOLDER = Path(__file__).parents[1] / "cases" / "data"
PER_ROW = {"SS520", "SS521", "SS522", "SS523", "SS524", "SS525", "SS526", "SS527", "SS528", "SS529"}


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            found.append(pytest.param(case, id=f"{path.stem}: {case['case']}"))
    return found


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    inputs = {}
    for file, content in case["files"].items():
        path = tmp_path / file
        path.write_bytes(_bytes(content))
        inputs[path.stem] = path
    tables = tuple(table(name, contract) for name, contract in case["tables"].items())
    quarantine = tmp_path / "quarantine.csv" if case.get("quarantine") else None
    connection, loaded = load(tables, inputs, tmp_path, quarantine=quarantine, as_of=case.get("as_of", AS_OF))
    expected = case["expect"]

    bad = [[row.code, Path(row.place.file).name, row.place.line, row.column, row.value] for row in loaded.bad_rows]
    assert bad == [list(row[:5]) for row in expected.get("bad", [])]
    for row, wanted in zip(loaded.bad_rows, expected.get("bad", []), strict=True):
        assert wanted[5] in row.why
    assert loaded.bad_count == expected.get("count", len(bad))

    findings = [f for f in loaded.findings if f.code not in PER_ROW]
    assert sorted(f"{f.code} {f.severity}" for f in findings) == sorted(f["code"] for f in expected.get("findings", []))
    for wanted in expected.get("findings", []):
        assert any(
            wanted["code"].startswith(f.code) and wanted.get("says", "") in f.message and wanted.get("help", "") in f.help for f in findings
        ), (wanted, findings)
    assert len([f for f in loaded.findings if f.code in PER_ROW]) == len(bad)

    for name, rows in expected.get("rows", {}).items():
        got = connection.execute(f'SELECT columns(*)::VARCHAR FROM "{name}" ORDER BY rowid').fetchall()
        assert [list(row) for row in got] == [[None if cell is None else str(cell) for cell in row] for row in rows]
    for name, counts in expected.get("counts", {}).items():
        one = next(t for t in loaded.tables if t.name == name)
        assert [one.rows_read, one.rows_used, one.rows_set_aside, one.rows_ignored] == counts
        assert one.rows_read == one.rows_used + one.rows_set_aside + one.rows_ignored
    if "quarantined_values" in expected:
        assert quarantine is not None
        with quarantine.open(encoding="utf-8", newline="") as file:
            assert [row["value"] for row in csv.DictReader(file)] == expected["quarantined_values"]
    if "quarantined" in expected:
        assert quarantine is not None
        lines = quarantine.read_text(encoding="utf-8").splitlines()[1:]
        assert [line.split(",", 1)[0] + ":" + line.split(",")[2] for line in lines] == expected["quarantined"]


def _bytes(content: Any) -> bytes:
    match content:
        case str():
            return content.encode("utf-8")
        case {"hex": text}:
            return bytes.fromhex(text)
        case {"base64": text}:
            return base64.b64decode(text)
        case {"text": text, "encoding": encoding}:
            return text.encode(encoding)
        case {"repeat": text, "times": times, "head": head}:
            rows = "".join(text.replace("#", str(number)) for number in range(times))
            return f"{head}{rows}{content.get('tail', '')}".encode()
    raise AssertionError(f"a file's content cannot be {content!r}")
