"""What the values of a failed case came from in, printed lines or JSON out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model.tested import CaseResult, ValueShown


def lines(case: CaseResult, client: tuple[str, ...]) -> Iterator[str]:
    """`margin = profit / revenue = 0.04 (profit = 40, revenue = 1000)`, the parts of a score or table below it."""
    for value in case.values:
        if value.client == client:
            yield f"  {_head(value)}"
            yield from (f"    {note}" for note in value.notes)


def _head(value: ValueShown) -> str:
    said = " = ".join(filter(None, (value.name, value.text, value.value)))
    if not value.client and value.text:
        said = f"{value.name}: {value.text}"
    inside = ", ".join(f"{name} = {shown}" for name, shown in value.values)
    return said + (f" ({inside})" if inside else "")


def values_json(case: CaseResult) -> list[dict[str, Any]]:
    return [
        {
            "client": list(value.client),
            "name": value.name,
            "value": value.value,
            "is": value.text,
            "from": dict(value.values),
            "notes": list(value.notes),
        }
        for value in case.values
    ]
