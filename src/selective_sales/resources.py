"""Where the files are that come with the program: schemas, templates, pages of findings, ready policies, examples, what `init` lays down.

In an installed wheel they lie in `selective_sales/_resources/`, in a checkout at the folders where people edit them.
The checkout wins where both exist: a copy beside an editable install would be a stale snapshot.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

ResourceKind = Literal["schemas", "templates", "findings", "policies", "examples", "init"]

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent
_IN_CHECKOUT: dict[ResourceKind, str] = {
    "schemas": "schemas",
    "templates": "templates",
    "findings": "docs/findings",
    "policies": "policies",
    "examples": "examples",
    "init": "templates/init",
}
_IN_WHEEL: dict[ResourceKind, str] = {
    "schemas": "schemas",
    "templates": "templates",
    "findings": "findings",
    "policies": "policies",
    "examples": "examples",
    "init": "templates/init",
}


def folder(kind: ResourceKind) -> Path:
    """The folder of that kind: in the checkout where this package lies in one, else in the wheel."""
    if (_CHECKOUT / "pyproject.toml").is_file() and _PACKAGE.parent.name == "src":
        return _CHECKOUT / _IN_CHECKOUT[kind]
    return _PACKAGE / "_resources" / _IN_WHEEL[kind]


def resource(kind: ResourceKind, name: str) -> Path:
    """The file `name` of that kind. Whether it exists is for the caller to see (a page of an unknown code does not)."""
    return folder(kind) / name
