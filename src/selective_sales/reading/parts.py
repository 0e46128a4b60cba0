"""Other files that a policy names: inside its root folder, or not at all."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

from .desk import Desk
from .nodes import Node


def inside(desk: Desk, node: Node, written: str) -> Path | None:
    """The file that a path written in this file means; None with a finding where it is no relative path to a file below the root folder.

    Paths are relative to the file that names them. The root is the main policy's folder; symbolic links do not lead out of it either.
    """
    root, here = Path(desk.root), Path(desk.source.path).parent
    if not written or "\\" in written or PurePosixPath(written).is_absolute() or PureWindowsPath(written).drive:
        help = "write a path that begins at this file's folder, with / between folders: common/costs.yaml"
        desk.error("SS030", f"'{written[:80]}' is not a relative path", node, help)
        return None
    path = Path(os.path.normpath(here / written))
    if not _below(os.path.abspath(path), os.path.abspath(root)) or not _below(os.path.realpath(path), os.path.realpath(root)):
        help = "a policy uses files of its own folder and of folders below: move the file there"
        desk.error("SS031", f"'{written[:80]}' leads out of the policy's folder", node, help)
        return None
    if not path.is_file():
        desk.error("SS032", f"there is no file '{written[:80]}'", node, f"it was looked for at {path}")
        return None
    return path


def _below(path: str, root: str) -> bool:
    return Path(path).is_relative_to(root)
