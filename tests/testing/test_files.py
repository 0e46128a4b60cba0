"""Test files are found in folders and below, each once, in an order that does not change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from selective_sales.testing import find


def test_files_and_folders(tmp_path: Path) -> None:
    for name in (
        "b.test.yaml",
        "a/z.test.yaml",
        "a/a.test.yaml",
        ".hidden/x.test.yaml",
        ".venv/x.test.yaml",
        "policy.yaml",
        ".x.test.yaml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    files, findings = find((tmp_path, tmp_path / "b.test.yaml"))
    assert [str(file.relative_to(tmp_path)) for file in files] == ["b.test.yaml", "a/a.test.yaml", "a/z.test.yaml"]
    assert findings == ()


def test_paths_without_tests_are_findings(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").touch()
    (tmp_path / "empty").mkdir()
    files, findings = find((tmp_path / "none", tmp_path / "empty", tmp_path / "policy.yaml"))
    assert files == ()
    assert [(f.code, f.message) for f in findings] == [
        ("SS600", f"there is no file or folder '{tmp_path / 'none'}'"),
        ("SS600", f"no policy tests in '{tmp_path / 'empty'}'"),
        ("SS600", "'policy.yaml' is not a file of policy tests"),
    ]


def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.test.yaml")
    (tmp_path / "a.test.yaml").touch()
    files, findings = find((tmp_path,))
    assert [file.name for file in files] == ["a.test.yaml"]
    assert [(f.code, f.place.file) for f in findings] == [("SS600", str(tmp_path / "pipe.test.yaml"))]
    assert [f.code for f in find((tmp_path / "pipe.test.yaml",))[1]] == ["SS600"]


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.test.yaml").touch()
    (tmp_path / "closed").mkdir()
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)  # the mode of a folder does not hold for every user
    files, findings = find((tmp_path,))
    assert len(files) == 1
    assert [(f.code, f.severity, f.place.file) for f in findings] == [("SS622", "warning", str(tmp_path / "closed"))]
