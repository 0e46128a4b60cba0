"""The repository keeps its own promises: dependencies, rooms, make, the data of examples."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = sorted((ROOT / "src/selective_sales").rglob("*.py"))
MODULE_OF = {"jinja2": "jinja2", "markdown-it-py": "markdown_it", "pyyaml": "yaml", "ruamel.yaml": "ruamel"}


def imported(path: Path) -> set[str]:
    """Top-level names of what a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_every_dependency_is_used_and_every_import_declared() -> None:
    declared = {re.split(r"[><=~! ]", item)[0] for item in PROJECT["project"]["dependencies"]}
    modules = {MODULE_OF.get(name, name) for name in declared}
    used = set().union(*(imported(path) for path in SOURCES))
    foreign = {name for name in used if name not in sys.stdlib_module_names and name != "selective_sales"}
    optional = {"pyarrow", "pandas", "polars", "py4j"}  # data that a caller already holds in them; what pyspark brings
    extras = {
        re.split(r"[><=~! ]", item)[0].replace("-", "_") for extra in PROJECT["project"]["optional-dependencies"].values() for item in extra
    }
    assert (modules | extras) - foreign == set()
    assert foreign - modules - extras - optional == set()


def test_lower_bounds_are_not_above_what_is_tested() -> None:
    from importlib.metadata import version

    extras = [item for extra in PROJECT["project"]["optional-dependencies"].values() for item in extra]
    assert set(extras) <= set(PROJECT["dependency-groups"]["dev"])
    for requirement in [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]:
        name, bound = requirement.split(">=")
        have = tuple(int(x) for x in re.findall(r"\d+", version(name))[:3])
        assert have >= tuple(int(x) for x in bound.split(".")), requirement


def test_every_room_is_in_the_contracts() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = {name.strip() for layer in contracts[0]["layers"] for name in layer.split("|")}
    here = {p.parent.name for p in (ROOT / "src/selective_sales").glob("*/__init__.py")} | {
        "api",
        "loaded",
        "resources",
        "staging",
        "swapping",
    }
    assert layers == here
    rooms = here - {"cli", "api", "loaded", "pipeline", "model", "resources", "staging", "swapping"}
    assert {name.removeprefix("selective_sales.") for name in contracts[1]["forbidden_modules"]} == rooms


def test_help_imports_nothing_heavy() -> None:
    heavy = "duckdb jinja2 jsonschema babel yaml lark pyarrow pandas polars markdown_it".split()
    call = "from selective_sales.cli.app import main; main(['--help'], standalone_mode=False)"
    probe = f"import sys; {call}; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert out.rstrip().endswith("[]")


def test_a_run_loads_nothing_of_another_engine() -> None:
    probe = "import sys, selective_sales.pipeline.runs; print([m for m in sys.modules if 'postgres' in m or 'portable' in m])"
    out = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src/selective_sales")))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_data_of_the_agency_are_what_the_script_makes(tmp_path: Path) -> None:
    example = ROOT / "examples/services-agency"
    subprocess.run([sys.executable, str(example / "make_data.py"), str(tmp_path)], check=True)
    made = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert made == {p.name: p.read_bytes() for p in (example / "data").iterdir()}
    assert set(made) == {"clients.csv", "orders.csv", "hours.csv", "tickets.csv"}


def test_json_files_for_editors_are_json() -> None:
    for name in ("settings.json", "extensions.json"):
        assert json.loads((ROOT / "templates/init" / name).read_text(encoding="utf-8"))


def make(target: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    options = [f"{name}={value}" for name, value in variables.items()]
    return subprocess.run(["make", "-C", str(folder), target, *options], capture_output=True, text=True, check=False, env=dict(os.environ))


def test_without_the_venv_module_make_says_what_to_install_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    result = make("demo", folder, PYTHON=str(python))
    assert result.returncode != 0
    said = [line for line in result.stderr.splitlines() if not line.startswith("make")]
    assert said == ["Python's venv module is missing: apt install python3-venv, then run make again"]
    assert not (folder / ".venv").exists()


def test_make_test_runs_what_contributing_says() -> None:
    dry = subprocess.run(["make", "-n", "-C", str(ROOT), "test"], capture_output=True, text=True, check=True).stdout
    for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports", "pytest"):
        assert tool in dry


def test_the_script_of_the_integration_is_executable_and_strict() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_the_public_package_is_typed_and_light() -> None:
    assert (ROOT / "src/selective_sales/py.typed").is_file()
    assert importlib.import_module("selective_sales").__doc__
