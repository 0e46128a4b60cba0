"""From the command line's arguments to a file per table: names and folders only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from selective_sales.data import inputs_from

from .support import table

CLIENTS = table("clients", {"key": "id", "fields": {"id": "text"}})
ORDERS = table("orders", {"key": "id", "belongs_to": "clients", "fields": {"id": "text"}})
BOTH = (CLIENTS, ORDERS)


def _touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("id\nA\n")


def _codes(arguments: list[str], tables: tuple[object, ...] = BOTH, policy: Path | None = None) -> list[str]:
    return [finding.code for finding in inputs_from(arguments, tables, policy)[1]]  # type: ignore[arg-type]


def test_named_files(tmp_path: Path) -> None:
    _touch(tmp_path / "a=b.csv", tmp_path / "o.parquet")
    found, findings = inputs_from([f"orders={tmp_path}/o.parquet", f"clients={tmp_path}/a=b.csv"], BOTH)
    assert findings == ()
    assert list(found.items()) == [("clients", tmp_path / "a=b.csv"), ("orders", tmp_path / "o.parquet")]


def test_a_folder_and_a_named_file_that_wins(tmp_path: Path) -> None:
    folder = tmp_path / "year=2026"
    _touch(folder / "clients.csv", folder / "orders.jsonl", folder / "notes.txt", tmp_path / "other.tsv")
    found, findings = inputs_from([str(folder), f"orders={tmp_path}/other.tsv"], BOTH)
    assert findings == ()
    assert found == {"clients": folder / "clients.csv", "orders": tmp_path / "other.tsv"}


def test_the_policys_source_is_relative_to_the_policy(tmp_path: Path) -> None:
    _touch(tmp_path / "data" / "c.csv")
    named = replace(CLIENTS, source="./data/c.csv")
    found, findings = inputs_from([], (named,), tmp_path / "policy.yaml")
    assert findings == () and found == {"clients": tmp_path / "data" / "c.csv"}


@pytest.mark.parametrize("source", ["../c.csv", "/etc/passwd", "a/../../c.csv", "..", "a\0.csv"])
def test_a_source_never_leaves_the_policys_folder(tmp_path: Path, source: str) -> None:
    _touch(tmp_path / "c.csv", tmp_path / "policies" / "policy.yaml")
    assert _codes([], (replace(CLIENTS, source=source),), tmp_path / "policies" / "policy.yaml") == ["SS507"]


def test_a_source_never_leaves_the_policys_folder_by_a_link(tmp_path: Path) -> None:
    policy = tmp_path / "policies" / "policy.yaml"
    _touch(tmp_path / "secret" / "out.csv", policy, policy.parent / "data" / "in.csv")
    (policy.parent / "link.csv").symlink_to("../secret/out.csv")
    (policy.parent / "folder").symlink_to(tmp_path / "secret")
    (policy.parent / "inner.csv").symlink_to("data/in.csv")
    (policy.parent / "circle.csv").symlink_to("circle.csv")
    (tmp_path / "alias").symlink_to(policy.parent)
    for source in ("link.csv", "folder/out.csv"):
        assert _codes([], (replace(CLIENTS, source=source),), policy) == ["SS507"]
    for source in ("inner.csv", "data/in.csv"):
        assert _codes([], (replace(CLIENTS, source=source),), policy) == []
        assert _codes([], (replace(CLIENTS, source=source),), tmp_path / "alias" / "policy.yaml") == []
    assert _codes([], (replace(CLIENTS, source="circle.csv"),), policy) == ["SS501"]
    assert _codes([f"clients={policy.parent}/link.csv"], (CLIENTS,)) == []


@pytest.mark.parametrize("mark", ["*", "?", "[a]"])
def test_globs_are_refused(tmp_path: Path, mark: str) -> None:
    _touch(tmp_path / f"c{mark}.csv")
    assert _codes([f"clients={tmp_path}/c{mark}.csv"], (CLIENTS,)) == ["SS503"]


def test_what_cannot_be_a_data_file(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "empty.csv").touch()
    _touch(tmp_path / "c.xls", tmp_path / "noending", tmp_path / "clients.csv")
    for name, code in [("folder.csv", "SS502"), ("empty.csv", "SS508"), ("c.xls", "SS502"), ("noending", "SS502"), ("no.csv", "SS501")]:
        assert _codes([f"clients={tmp_path}/{name}"], (CLIENTS,)) == [code], name
    _, findings = inputs_from([f"clients={tmp_path}/folder.csv"], (CLIENTS,))
    assert findings[0].help.startswith("Name one file: ") and "--engine spark, which reads a folder of part files" in findings[0].help
    _, findings = inputs_from([f"clients={tmp_path}/client.csv"], (CLIENTS,))
    assert findings[0].help == "Did you mean 'clients.csv'?"
    assert _codes(["clients=" + "x" * 5000 + ".csv"], (CLIENTS,)) == ["SS501"]
    assert _codes(["clients=a\0b.csv"], (CLIENTS,)) == ["SS501"]


def test_two_files_for_one_table(tmp_path: Path) -> None:
    _touch(tmp_path / "clients.csv", tmp_path / "clients.parquet", tmp_path / "x" / "clients.csv")
    assert _codes([str(tmp_path)], (CLIENTS,)) == ["SS504"]
    assert _codes([f"clients={tmp_path}/clients.csv", f"clients={tmp_path}/clients.parquet"], (CLIENTS,)) == ["SS504"]
    assert _codes([str(tmp_path / "x"), str(tmp_path / "x")], (CLIENTS,)) == ["SS504"]


def test_unknown_and_missing_tables(tmp_path: Path) -> None:
    _touch(tmp_path / "clients.csv")
    found, findings = inputs_from([f"client={tmp_path}/clients.csv"], BOTH)
    assert found == {} and [(f.code, f.help) for f in findings] == [("SS506", "Did you mean 'clients'?")]
    assert _codes([str(tmp_path)]) == ["SS505"]
    assert _codes([str(tmp_path / "nowhere")]) == ["SS501"]
    assert _codes([]) == ["SS505", "SS505"]
