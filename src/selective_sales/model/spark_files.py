"""A path of this machine in, the address by which Spark reads it out."""

from __future__ import annotations

import re
from pathlib import Path


def file_address(path: Path) -> str:
    """On this machine, whatever file system a cluster takes for its own. Spark takes signs of a name for a pattern: they are escaped."""
    return "file://" + re.sub(r"([*?\[\]{}\\])", r"\\\1", str(path.absolute()))
