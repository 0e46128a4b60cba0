"""The wheel holds the program and what comes with it, and nothing else; its resources are found in it and in the checkout alike."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from selective_sales import resources

ROOT = Path(__file__).resolve().parent.parent.parent
CARRIED = {"schemas": "schemas", "templates": "templates", "docs/findings": "findings", "policies": "policies", "examples": "examples"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with what is installed: nothing is fetched."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


def tracked(folder: Path) -> set[str]:
    """Files below the folder, without what Python leaves behind."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts}


def test_the_wheel_holds_exactly_what_it_should(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        meta = {name.split("/", 1)[1] for name in archive.namelist() if ".dist-info/" in name}
    expected = {f"selective_sales/{name}" for name in tracked(ROOT / "src/selective_sales")}
    for source, target in CARRIED.items():
        expected |= {f"selective_sales/_resources/{target}/{name}" for name in tracked(ROOT / source)}
    assert names == expected
    assert meta == {"METADATA", "WHEEL", "entry_points.txt", "RECORD", "licenses/LICENSE"}


def test_the_metadata_are_complete(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(next(n for n in archive.namelist() if n.endswith("METADATA"))).decode()
    for line in (
        "Name: selective-sales",
        "License-Expression: Apache-2.0",
        "Requires-Python: >=3.11",
        "Description-Content-Type: text/markdown",
    ):
        assert line in text


PROBE = """
import sys
from selective_sales import resources
assert resources.__file__.startswith(sys.argv[1]), resources.__file__
for kind in ("schemas", "templates", "findings", "policies", "examples", "init"):
    for path in sorted(resources.folder(kind).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            print(kind, path.relative_to(resources.folder(kind)).as_posix(), path.stat().st_size)
"""


def seen(package_root: Path) -> str:
    """What the program sees of its resources when it runs from there."""
    command = [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, sys.argv[1]){PROBE}", str(package_root)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_wheel_and_checkout_find_the_same_resources(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    in_wheel, in_checkout = seen(tmp_path), seen(ROOT / "src")
    assert in_wheel == in_checkout
    assert {line.split()[0] for line in in_wheel.splitlines()} == {"schemas", "templates", "findings", "policies", "examples", "init"}


def test_the_checkout_finds_the_files_that_people_edit() -> None:
    assert resources.folder("schemas") == ROOT / "schemas"
    assert resources.resource("findings", "SS750.md").read_text(encoding="utf-8").startswith("# SS750")


def test_an_installed_wheel_lists_and_copies_the_ready_policies(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}
    for arguments in ("policies", "policies copy common/payback --to mine", "check mine", "test mine"):
        command = [sys.executable, "-m", "selective_sales", *arguments.split()]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
    where = [sys.executable, "-c", "import selective_sales; print(selective_sales.__file__)"]
    assert str(tmp_path) in subprocess.run(where, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment).stdout
