"""An inferred contract in, a policy test as YAML out: a whole client for every case, so that rules added later find every field.

The values are those of one row, so that they belong together. The key and free texts (names, addresses) are made up: a test is kept
where the policy is, and the clients themselves need not be known there.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from ..model.quoting import key, quoted
from .contract import names_of
from .first_rule import FirstRule, first_rule, plain
from .inferred import Contract, Inferred
from .profile import TRUE_WORDS, is_missing
from .readings import read_number


def test_text(contract: Contract, policy_file: str) -> str:
    """The policy's test: a client that the first rule flags, and one that it lets pass."""
    names = names_of(contract)
    rule = first_rule(contract, names)
    cells = [f"{key(names[field.column.header])}: {_cell(contract, field, rule)}" for field in contract.fields]
    lines = [
        "# yaml-language-server: $schema=../schemas/test.schema.json",
        "format: 1",
        f"policy: {policy_file}",
        f'as_of: "{datetime.date.today().isoformat()}"',
        "# What a case does not say of its client. The values are those of one row; the key and free texts are made up.",
        "defaults:",
        "  clients:",
        *(f"    {cell}" for cell in cells),
        "",
        "cases:",
    ]
    if rule.field not in contract.keys:
        lines += _case("a client that is flagged", f"{key(rule.name)}: {rule.flagged}", "flag")
    kept = "" if rule.kept is None else f"{key(rule.name)}: {rule.kept}"
    return "\n".join([*lines, *_case("a client that is kept", kept, "keep")]) + "\n"


def _case(case: str, client: str, decision: str) -> list[str]:
    return [f"  - case: {case}", f"    client: {{{client}}}", f"    expect: {{decision: {decision}}}"]


def _cell(contract: Contract, field: Inferred, rule: FirstRule) -> str:
    """The field's cell in YAML: the row's, else one of the column's, else a blank (a value where the first rule needs one)."""
    column = field.column
    if field in contract.keys:
        return "1" if field.type == "integer" else quoted("A")
    if field.type == "text" and (column.many_words or column.values <= 2 * len(column.words)):
        return quoted("x")
    cell = contract.sampled.example[contract.sampled.columns.index(column)]
    if is_missing(cell) and (field.type != "text" or not cell):
        cell = column.some_value or ""
    if not cell:
        return quoted("x") if field is rule.field else "missing"
    match field.type:
        case "boolean":
            return str(cell.casefold() in TRUE_WORDS).lower()
        case "integer" | "number" | "money":
            number = read_number(cell, contract.decimal or ".")
            return "missing" if number is None else plain(_within(number))
        case "text" | "date" | "days" | "months":
            return quoted(cell)


def _within(number: Decimal) -> Decimal:
    """At most nine places: what a cell may have."""
    return round(number, 9)
