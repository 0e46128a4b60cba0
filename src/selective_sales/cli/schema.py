"""`selective-sales schema`: the JSON Schema of a file that people write, for editors and other tools."""

from __future__ import annotations

import click

from ..resources import resource
from .output import put

_FILES = {
    "policy": "policy.schema.json",
    "exceptions": "exceptions.schema.json",
    "test": "test.schema.json",
    "expect": "expect.schema.json",
    "letterhead": "letterhead.schema.json",
    "approvals": "approvals.schema.json",
}


@click.command()
@click.argument("kind", type=click.Choice(list(_FILES)), default="policy")
def command(kind: str) -> None:
    """Print the JSON Schema of a policy (the default), exceptions, tests, gates for `diff --expect`, a letterhead or approvals."""
    put(resource("schemas", _FILES[kind]).read_text(encoding="utf-8").removesuffix("\n"))
