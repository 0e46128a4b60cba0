"""A run folder is evidence: it replays identically, and says what differs where the data, the policy or the folder has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selective_sales.cli.app import main

from .small import POLICY, write_exceptions, write_small


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run with an exception, in tmp_path/run."""
    policy, clients = write_small(tmp_path)
    exceptions = write_exceptions(tmp_path, 'client: A, decision: keep, because: x, approved_by: y, expires: "2027-12-31"')
    done = call(
        "evaluate", policy, "--data", f"clients={clients}", "--as-of", "2026-11-22", "--exceptions", exceptions, "--out", tmp_path / "run"
    )
    assert done.exit_code == 0, done.output
    return tmp_path / "run"


def test_a_run_folder_holds_its_evidence(run: Path) -> None:
    names = {str(path.relative_to(run)) for path in run.rglob("*") if path.is_file()}
    assert names == {"manifest.json", "decisions.parquet", "facts.parquet", "policy/policy.yaml", "exceptions/exceptions.yaml"}
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["format"] == 1
    assert manifest["as_of"] == "2026-11-22"
    assert manifest["clients"] == 4
    assert manifest["decisions"] == {"decline": 0, "flag": 1, "keep": 2, "undetermined": 1}
    assert list(run.parent.glob(".run.staging-*")) == []


def test_the_same_evidence_is_identical(run: Path) -> None:
    done = call("replay", run)
    assert (done.exit_code, done.stdout.startswith("identical: small-2026-11-22-")) == (0, True)


def test_the_policy_beside_the_run_may_change_without_harm(run: Path) -> None:
    (run.parent / "policy.yaml").write_text("broken", encoding="utf-8")
    assert call("replay", run).exit_code == 0


def test_changed_data_is_said_with_the_clients_that_differ(run: Path) -> None:
    clients = run.parent / "clients.csv"
    clients.write_text(clients.read_text(encoding="utf-8").replace("B,50,10", "B,500,10"), encoding="utf-8")
    done = call("replay", run)
    assert done.exit_code == 1
    assert "different" in done.stdout
    assert "has changed" in done.stdout
    assert "1 client(s)" in done.stdout
    assert ": B" in done.stdout


def test_data_that_is_gone_is_said(run: Path) -> None:
    (run.parent / "clients.csv").unlink()
    done = call("replay", run)
    assert done.exit_code == 5
    assert "SS713" in done.stderr
    assert "--keep-data" in done.stderr


def test_kept_data_needs_no_sources(tmp_path: Path) -> None:
    policy, clients = write_small(tmp_path)
    out = tmp_path / "run"
    call("evaluate", policy, "--data", f"clients={clients}", "--as-of", "2026-11-22", "--out", out, "--keep-data")
    clients.unlink()
    done = call("replay", out)
    assert (done.exit_code, done.stdout.startswith("identical")) == (0, True)


@pytest.mark.parametrize("name", ["decisions.parquet", "facts.parquet", "policy/policy.yaml"])
def test_a_changed_or_missing_file_of_the_run_is_refused(run: Path, name: str) -> None:
    path = run / name
    path.write_bytes(path.read_bytes() + b" ")
    changed = call("replay", run)
    path.unlink()
    missing = call("replay", run)
    assert (changed.exit_code, missing.exit_code) == (2, 2)
    assert "SS711" in changed.stderr
    assert "was changed" in changed.stderr
    assert "lacks its file" in missing.stderr


NO_MANIFESTS = [None, "{", "[]", '{"format": 2}', '{"format": 1}', '{"format": true}', "[" * 200_000, "9" * 10_000]


@pytest.mark.parametrize("content", NO_MANIFESTS)
def test_a_folder_that_is_no_run_is_said_to_be_none(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    done = call("replay", tmp_path)
    assert done.exit_code == 2
    assert "SS710" in done.stderr


def test_an_existing_folder_is_never_overwritten(run: Path) -> None:
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    policy, clients = run.parent / "policy.yaml", run.parent / "clients.csv"
    done = call("evaluate", policy, "--data", f"clients={clients}", "--as-of", "2026-11-22", "--out", run)
    assert done.exit_code == 2
    assert "SS703" in done.stderr
    assert before == {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}


def test_replay_speaks_json(run: Path) -> None:
    content = json.loads(call("replay", run, "--format", "json").stdout)
    assert content["identical"] is True
    assert content["digest_then"] == content["digest_now"]


DAMAGES = {
    "another date": {"as_of": "9999-12-31"},
    "another digest": {"digest": "4-0"},
    "no policy": {"policy_files": []},
    "a number for a path": {"policy_files": [{"path": "p", "sha256": "0", "copy": 5}]},
    "a policy outside": {"policy_files": [{"path": "p", "sha256": "0", "copy": "../policy.yaml"}]},
    "a number for an id": {"run_id": 5},
    "an id that steers a terminal": {"run_id": "\x1b[31m"},
    "versions in a list": {"versions": [1]},
    "a table without a file": {"tables": [{"source": None}]},
    "no count": {"clients": "4"},
}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("command", [("replay",), ("explain", "A"), ("memo", "--language", "pl", "--to", "md", "--out", "memos")])
def test_a_changed_manifest_is_refused(run: Path, change: dict[str, object], command: tuple[str, ...]) -> None:
    path = run / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    words = [str(run.parent / w) if w == "memos" else w for w in command[1:]]
    done = call(command[0], run, *words)
    assert done.exit_code == 2
    assert "SS710" in done.stderr or "SS711" in done.stderr
    assert "\x1b" not in done.output
    assert not (run.parent / "memos").exists()


def test_a_run_folder_is_for_its_owner_only(run: Path) -> None:
    assert run.stat().st_mode & 0o077 == 0


def test_a_composite_key_is_found_even_where_a_value_holds_the_sign(tmp_path: Path) -> None:
    text = POLICY.replace("key: client_id", "key: [client_id, part]").replace("client_id: text", "client_id: text\n      part: integer")
    policy, clients = write_small(tmp_path, text, "client_id,part,revenue,cost\nx|1,2,10,20\nx,1,10,5\n")
    call("evaluate", policy, "--data", f"clients={clients}", "--as-of", "2026-11-22", "--out", tmp_path / "run")
    assert "decline" in call("explain", tmp_path / "run", "x|1|2", "--language", "en").stdout.splitlines()[1]
    assert "flag" in call("explain", tmp_path / "run", "x|1", "--language", "en").stdout.splitlines()[1]
    missing = call("explain", tmp_path / "run", "x|3")
    assert (missing.exit_code, "SS712" in missing.stderr) == (2, True)
