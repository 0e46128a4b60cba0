"""An argument in, the same out where it is text; bytes that are no UTF-8 (a client's id from a file of another encoding) are refused."""

from __future__ import annotations

from typing import TypeVar

import click

from .snippet import visible

Value = TypeVar("Value", str, tuple[str, ...])


def text_only(ctx: click.Context, parameter: click.Parameter, value: Value) -> Value:
    """The value, or a usage error: the system hands what it cannot read over as halves of characters, which no client's id has."""
    for word in (value,) if isinstance(value, str) else value:
        if any("\ud800" <= character <= "\udfff" for character in word):
            raise click.BadParameter(f"'{visible(word, 60)}' is not UTF-8 text")
    return value
