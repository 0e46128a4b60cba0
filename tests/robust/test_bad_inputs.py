"""Every command with every kind of wrong input: the right exit code, something said, never a traceback, nothing written."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from tests.robust.hostile import harmless, run, write_policy

POLICY: dict[str, Any] = {
    "format": 1,
    "policy": {"id": "inputs", "version": "1", "languages": ["en"], "currency": "PLN"},
    "data": {"clients": {"key": "id", "fields": {"id": "text", "revenue": "money"}}},
    "decisions": {"decline": {"title": "decline"}, "keep": {"title": "keep", "default": True}},
    "rules": [{"id": "small", "when": "revenue < 5", "then": "decline", "reason": "Only {revenue}."}],
}
EXCEPTIONS = {
    "format": 1,
    "exceptions": [{"client": "a", "decision": "keep", "because": "x", "approved_by": "y", "expires": "2030-01-01"}],
}

BAD_FILES = (
    "missing",
    "folder",
    "empty",
    "blank",
    "binary",
    "nul",
    "utf16",
    "latin",
    "deep",
    "long line",
    "void link",
    "loop",
    "pipe",
    "endless",
)


def bad_file(kind: str, folder: Path) -> Path:
    """A file of that kind; its name ends as the good one's does, where there is one."""
    path = folder / f"{kind.replace(' ', '-')}.test.yaml"
    match kind:
        case "missing":
            pass
        case "folder":
            path.mkdir()
        case "empty":
            path.write_bytes(b"")
        case "blank":
            path.write_bytes(b" \n\t\n# only a remark\n")
        case "binary":
            path.write_bytes(random.Random(7).randbytes(5000))
        case "nul":
            path.write_bytes(b"format: 1\n\0\0\0")
        case "utf16":
            path.write_bytes("format: 1\npolicy: ż".encode("utf-16"))
        case "latin":
            path.write_bytes("format: 1\npolicy: ż".encode("cp1250"))
        case "deep":
            path.write_bytes(b"[" * 100_000)
        case "long line":
            path.write_bytes(b"a" * 1_000_000)
        case "void link":
            path.symlink_to(folder / "void")
        case "loop":
            path.symlink_to(path)
        case "pipe":
            os.mkfifo(path)
        case _:
            return Path("/dev/zero")
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    folder = tmp_path / "good"
    folder.mkdir()
    write_policy(folder / "policy.yaml", POLICY)
    write_policy(folder / "exceptions.yaml", EXCEPTIONS)
    (folder / "clients.csv").write_text("id,revenue\na,1\nb,9\n")
    cases = [{"case": "small", "client": {"revenue": 1}, "expect": {"decision": "decline"}}]
    write_policy(folder / "good.test.yaml", {"format": 1, "policy": "policy.yaml", "cases": cases})
    return folder


@pytest.fixture
def finished(good: Path) -> Path:
    sources = ("--data", f"clients={good / 'clients.csv'}", "--as-of", "2026-11-22")
    assert run("evaluate", good / "policy.yaml", *sources, "--out", good / "run").exit_code == 0
    return good / "run"


def names_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


USAGE, INVALID, DATA = 2, 3, 5
NOT_FILES = ("missing", "folder", "void link", "loop")


def expected(kind: str, otherwise: int) -> set[int]:
    """No such file is a matter of usage; a file that is not what it should be is a matter of the policy or of the data."""
    if kind in NOT_FILES:
        return {USAGE, otherwise}
    return {otherwise} if kind not in ("pipe", "endless") else {USAGE, otherwise}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_policy(kind: str, good: Path, tmp_path: Path) -> None:
    bad = bad_file(kind, tmp_path)
    data = f"clients={good / 'clients.csv'}"
    before = names_in(tmp_path)
    for arguments in (
        ("check", bad),
        ("compile", bad),
        ("evaluate", bad, "--data", data, "--as-of", "2026-11-22", "--out", tmp_path / "run"),
    ):
        result = run(*arguments)
        assert result.exit_code in expected(kind, INVALID), (arguments, result.output[-500:])
        assert result.output.strip()
        assert len(result.output) < 40_000
        assert harmless(result.output)
    assert names_in(tmp_path) == before


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_test_file(kind: str, tmp_path: Path) -> None:
    bad = bad_file(kind, tmp_path)
    result = run("test", bad)
    assert result.exit_code in {USAGE, 4}, result.output[-500:]
    assert result.exit_code == USAGE or kind not in NOT_FILES
    assert result.output.strip()
    assert harmless(result.output)


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_test_of_a_bad_policy(kind: str, good: Path, tmp_path: Path) -> None:
    bad = bad_file(kind, tmp_path)
    cases = [{"case": "small", "client": {"revenue": 1}, "expect": {"decision": "decline"}}]
    write_policy(good / "bad.test.yaml", {"format": 1, "policy": str(bad), "cases": cases})
    result = run("test", good / "bad.test.yaml")
    assert result.exit_code == INVALID, result.output[-500:]
    assert harmless(result.output)
    assert "1 file not run" in result.output


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_exceptions(kind: str, good: Path, tmp_path: Path) -> None:
    bad = bad_file(kind, tmp_path)
    before = names_in(tmp_path)
    sources = ("--data", f"clients={good / 'clients.csv'}", "--as-of", "2026-11-22", "--exceptions", bad)
    result = run("evaluate", good / "policy.yaml", *sources, "--out", tmp_path / "run")
    assert result.exit_code in expected(kind, INVALID), result.output[-500:]
    assert harmless(result.output)
    assert names_in(tmp_path) == before


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".parquet", ".jsonl", ".xlsx", ".duckdb", ".txt", ""])
@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_data(kind: str, ending: str, good: Path, tmp_path: Path) -> None:
    bad = bad_file(kind, tmp_path)
    if kind == "endless":
        named = bad
    else:
        named = tmp_path / f"data{ending}"
        if bad.exists() or bad.is_symlink():
            bad.rename(named)
    before = names_in(tmp_path)
    sources = ("--data", f"clients={named}", "--as-of", "2026-11-22", "--quarantine")
    result = run("evaluate", good / "policy.yaml", *sources, "--out", tmp_path / "run")
    assert result.exit_code in {USAGE, DATA}, result.output[-500:]
    assert result.output.strip()
    assert len(result.output) < 40_000
    assert harmless(result.output)
    assert names_in(tmp_path) == before


@pytest.mark.parametrize(
    "kind", ["missing", "a file", "empty", "no manifest", "bad manifest", "no decisions", "other facts", "other policy"]
)
def test_a_bad_run(kind: str, finished: Path, tmp_path: Path) -> None:
    target = break_run(kind, finished, tmp_path)
    before = names_in(tmp_path)
    for arguments in (
        ("replay", target),
        ("explain", target, "a"),
        ("memo", target, "--language", "en", "--to", "md", "--out", tmp_path / "memos"),
        ("report", target, "--language", "en", "--out", tmp_path / "report.html"),
    ):
        result = run(*arguments)
        assert result.exit_code in {USAGE, INVALID, DATA}, (arguments, result.output[-500:])
        assert result.output.strip()
        assert harmless(result.output)
    assert names_in(tmp_path) == before


def break_run(kind: str, finished: Path, folder: Path) -> Path:
    match kind:
        case "missing":
            return folder / "none"
        case "a file":
            return finished / "manifest.json"
        case "empty":
            (folder / "empty").mkdir()
            return folder / "empty"
        case "no manifest":
            (finished / "manifest.json").unlink()
        case "bad manifest":
            (finished / "manifest.json").write_text('{"format": 1, "policy_files": [[[[')
        case "no decisions":
            (finished / "decisions.parquet").unlink()
        case "other facts":
            (finished / "facts.parquet").write_bytes(b"PAR1 nothing PAR1")
        case _:
            (finished / "policy" / "policy.yaml").write_text("format: 1")
    return finished


@pytest.mark.parametrize(
    "manifest",
    [
        "null",
        "[]",
        "1",
        '"text"',
        "{}",
        '{"format": 2}',
        '{"format": 1}',
        '{"format": 1, "as_of": 5}',
        '{"format": 1, "policy_files": [{"path": "x", "sha256": "y", "copy": "../../policy.yaml"}]}',
    ],
)
def test_a_manifest_of_somebody_elses_making(manifest: str, finished: Path, tmp_path: Path) -> None:
    (finished / "manifest.json").write_text(manifest)
    for arguments in (
        ("replay", finished),
        ("explain", finished, "a"),
        ("memo", finished, "--language", "en", "--to", "md", "--out", tmp_path / "m"),
        ("report", finished, "--language", "en", "--out", tmp_path / "r.html"),
    ):
        result = run(*arguments)
        assert result.exit_code == USAGE, (arguments, result.output[-500:])
        assert harmless(result.output)


WRONG = [
    ("evaluate",),
    ("evaluate", "{good}/policy.yaml"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients"),
    ("evaluate", "{good}/policy.yaml", "--data", "=x.csv"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients="),
    ("evaluate", "{good}/policy.yaml", "--data", "client={good}/clients.csv"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--data", "clients={good}/clients.csv"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--as-of", "22.11.2026"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--as-of", "2026-02-30"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--as-of", "99999-01-01"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--threads", "0"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--threads", "-3"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--memory-limit", "much"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--memory-limit", "1GB'; SELECT 1; --"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--temp-directory", "{good}/none"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--write", "csv"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--keep-data"),
    ("evaluate", "{good}/policy.yaml", "--data", "clients={good}/clients.csv", "--format", "yaml"),
    ("evaluate", "{good}/policy.yaml", "--nonsense"),
    ("evaluate", "{good}/policy.yaml", "{good}/policy.yaml"),
    ("check",),
    ("check", "{good}/policy.yaml", "--format", "x"),
    ("check", "{good}/policy.yaml", "--data", "clients"),
    ("compile",),
    ("compile", "{good}/policy.yaml", "--as-of", "yesterday"),
    ("test", "{good}/policy.yaml"),
    ("test", "{good}/none"),
    ("test", "{good}", "--filter", "nothing of that name"),
    ("test", "{good}", "--format", "x"),
    ("replay",),
    ("replay", "{good}"),
    ("explain",),
    ("explain", "{good}/run"),
    ("explain", "{good}/run", "nobody"),
    ("explain", "{good}/run", ""),
    ("explain", "{good}/run", "a", "--language", "xx"),
    ("report",),
    ("report", "{good}/run"),
    ("report", "{good}/run", "--language", "en"),
    ("report", "{good}/run", "--language", "xx", "--out", "{good}/r.html"),
    ("report", "{good}/run", "--language", "en", "--out", "{good}/run/r.html"),
    ("report", "{good}/run", "--language", "en", "--out", "{good}/none/r.html"),
    ("report", "{good}/run", "--language", "en", "--out", "{good}/policy.yaml"),
    ("report", "{good}/run", "--language", "en", "--out", "{good}/r.html", "--compare", "{good}/clients.csv"),
    ("memo",),
    ("memo", "{good}/run"),
    ("memo", "{good}/run", "--language", "xx", "--to", "md", "--out", "{good}/memos"),
    ("memo", "{good}/run", "--language", "en", "--to", "pdf", "--out", "{good}/memos"),
    ("memo", "{good}/run", "--language", "en", "--to", "md", "--out", "{good}/memos", "--client", "nobody"),
    ("memo", "{good}/run", "--language", "en", "--to", "md", "--out", "{good}/memos", "--decision", "nothing"),
    ("memo", "{good}/run", "--language", "en", "--to", "md", "--out", "{good}/memos", "--template", "{good}/none"),
    ("schema", "nothing"),
    ("explain-finding", "SS000"),
    ("explain-finding", "../../../etc/passwd"),
    ("explain-finding", "SS001\x1b[31m"),
    ("init", "{good}", "--nonsense"),
    ("nothing",),
    ("--nothing",),
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_arguments(arguments: tuple[str, ...], finished: Path) -> None:
    good = finished.parent
    before = names_in(good)
    result = run(*(argument.replace("{good}", str(good)) for argument in arguments))
    assert result.exit_code == USAGE, result.output[-500:]
    assert result.output.strip()
    assert harmless(result.output)
    assert names_in(good) == before
