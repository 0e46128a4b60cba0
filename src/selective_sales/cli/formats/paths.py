"""A file's path in; out, how it is called in the repository: relative to it, with forward slashes, percent-encoded where it is a URI."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Where GitHub and GitLab say that they checked the repository out. A job may work in a folder below."""


def in_repository(file: str) -> str:
    """The path relative to the repository, else to the current folder; as it stands where it lies in neither."""
    whole = os.path.abspath(file)
    for root in (*(os.environ.get(name, "") for name in _ROOTS), os.getcwd()):
        if root and _below(os.getcwd(), root) and _below(whole, root):
            return os.path.relpath(whole, root).replace(os.sep, "/")
    return file.replace(os.sep, "/")


def uri(file: str) -> str:
    """The path as a URI reference: relative to the repository, else an absolute `file:` address."""
    path = in_repository(file)
    if os.path.isabs(path) or path.startswith("../"):
        return Path(os.path.abspath(file)).as_uri()
    # A colon in the first part would be read as a scheme.
    return quote(os.fsencode(path), safe="/-._~")


def _below(path: str, root: str) -> bool:
    top = os.path.abspath(root)
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)
