"""Shipped files are found in the checkout; the wheel's own folder is tested with the wheel."""

from __future__ import annotations

import pytest

from selective_sales import resources


@pytest.mark.parametrize("name", ["policy", "test", "exceptions"])
def test_schemas_are_found(name: str) -> None:
    assert resources.resource("schemas", f"{name}.schema.json").is_file()


def test_findings_are_found() -> None:
    assert resources.resource("findings", "SS101.md").is_file()


def test_without_a_checkout_the_wheels_folder_is_meant(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    installed = tmp_path_factory.mktemp("site") / "selective_sales"
    monkeypatch.setattr(resources, "_PACKAGE", installed)
    assert resources.folder("schemas") == installed / "_resources" / "schemas"
    assert resources.folder("init") == installed / "_resources" / "templates" / "init"
