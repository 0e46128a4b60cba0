"""A template's failure while it is rendered in, the place in its file out."""

from __future__ import annotations

import traceback
from pathlib import Path

from jinja2 import TemplateError

from ..model.place import Place
from .environment import Folder

FAILURES = (TemplateError, ArithmeticError, TypeError, ValueError, RecursionError, SyntaxError)
"""What rendering a template raises where data or the template are not as they should be."""


def place_of(error: BaseException, name: str, loader: Folder) -> Place:
    """The innermost line of a template in the error's traceback: Jinja maps its code back to templates."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.lineno is not None]
    for frame in reversed(frames):
        for folder, root in loader.folders:
            if Path(frame.filename).is_relative_to(root):
                file, line = str(folder / Path(frame.filename).relative_to(root)), frame.lineno or 1
                return Place(file, line, 1, line, 2)
    return Place(loader.shown(name))
