"""Where Spark would read something else than what is named: nothing is passed over in silence, and no key is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from selective_sales.data.spark.places import place_of


@pytest.mark.parametrize("name", ["_clients.csv", ".clients.csv", "_clients.parquet"])
def test_a_file_that_spark_passes_over(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("id\na\n", encoding="utf-8")
    place, finding = place_of(str(tmp_path / name))
    assert place is None and finding is not None and finding.code == "SS660" and name in finding.message


def test_a_pattern_that_finds_a_file_that_spark_passes_over(tmp_path: Path) -> None:
    for name in ("_a.csv", "b.csv"):
        (tmp_path / name).write_text("id\na\n", encoding="utf-8")
    place, finding = place_of(f"{tmp_path}/*.csv")
    assert place is None and finding is not None and finding.code == "SS662" and "_a.csv" in finding.message


@pytest.mark.parametrize(
    ("inner", "code"), [("2026", "SS662"), ("year=2026/2026", "SS662"), ("year=2026/month=1", None), ("_year=2026", None)]
)
def test_folders_within_a_folder(inner: str, code: str | None, tmp_path: Path) -> None:
    (tmp_path / inner).mkdir(parents=True)
    (tmp_path / inner / "a.csv").write_text("id\na\n", encoding="utf-8")
    place, finding = place_of(str(tmp_path))
    assert (finding.code if finding is not None else None) == code
    assert place is None or place.files == (tmp_path / inner / "a.csv",)


def test_signs_of_a_path_that_are_no_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's folder is none, and braces are none where the files are looked for."""
    folder = tmp_path / "[2026] {a,b}"
    folder.mkdir()
    (folder / "x{1}.csv").write_text("id\na\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    place, _ = place_of("x{1}*.csv")
    assert place is not None and place.location == f"file://{tmp_path}/\\[2026\\] \\{{a,b\\}}/x\\{{1\\}}*.csv"


@pytest.mark.parametrize(
    "address",
    [
        "s3a://KEY:SECRET@bucket/clients",
        "s3a://KEY:SEC/RET@bucket/clients",
        "s3a://KEY:S/SECRET@bucket/clients",
        "wasbs://c@a.blob.core.windows.net/clients?sv=1&sig=SECRET",
        "abfss://c@a.dfs.core.windows.net/clients?access_token=SECRET",
    ],
)
def test_keys_in_an_address(address: str) -> None:
    place, finding = place_of(address)
    assert (
        place is None
        and finding is not None
        and finding.code == "SS661"
        and "SECRET" not in f"{finding.message}{finding.help}{finding.place}"
    )


@pytest.mark.parametrize("address", ["hdfs://host:8020/clients", "s3a://bucket/part-?.csv", "abfss://c@a.dfs.core.windows.net/clients"])
def test_addresses_without_keys(address: str) -> None:
    place, finding = place_of(address)
    assert finding is None and place is not None and place.location == address
