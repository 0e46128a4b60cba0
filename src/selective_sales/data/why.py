"""A reason in, the words for it out: the code, why the row is bad, and what to write instead."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.policy import Field, Table
from .evidence import DateForm, Numerals

_WHAT = {
    Kind.MONEY: "an amount of money",
    Kind.NUMBER: "a number",
    Kind.INTEGER: "a whole number",
    Kind.BOOLEAN: "yes or no",
    Kind.DATE: "a date",
    Kind.DAYS: "a number of days",
    Kind.MONTHS: "a number of months",
    Kind.TEXT: "a text",
    Kind.UNKNOWN: "a value",
}

CODES = {
    "shape": "SS520",
    "unreadable": "SS521",
    "size": "SS522",
    "minimum": "SS522",
    "maximum": "SS522",
    "one_of": "SS523",
    "pattern": "SS524",
    "blank": "SS525",
    "duplicate": "SS526",
    "blank_key": "SS527",
    "not_unique": "SS528",
    "no_client": "SS529",
    "blank_client": "SS529",
    "with_client": "SS531",
    "error": "SS990",
    "uncalculated": "SS990",
    "digits": "SS990",
    "dressed": "SS990",
}


@dataclass(frozen=True, slots=True)
class Why:
    """A reason in words."""

    code: str
    why: str
    help: str


def explain(reason: str, table: Table, field: Field, numerals: Numerals, dates: DateForm) -> Why:
    """The words for one reason at one field."""
    if reason == "blank" and table.belongs_to is None and field.name in table.key:
        reason = "blank_key"
    why, help_ = _words(reason, table, field, numerals, dates)
    return Why(CODES[reason], why, help_)


def _words(reason: str, table: Table, field: Field, numerals: Numerals, dates: DateForm) -> tuple[str, str]:
    match reason:
        case "unreadable":
            return f"is not {_WHAT[field.type]}", _how(field, numerals, dates)
        case "error":
            return "is an error of the workbook", "Correct the formula or the cell; a cell that is to be blank has to be empty"
        case "uncalculated":
            return "is a formula that was never calculated", "Open the workbook in Excel or LibreOffice, let it calculate, and save it"
        case "dressed":
            help = "Store it as a text: format the column as text, and write the cell again as it is shown"
            return "is a number that the cell's format shows otherwise, so nobody can say which of the two is meant", help
        case "digits":
            return "is a number of which Excel keeps only the first 15 digits", "Format the column as text, and write the digits again"
        case "size":
            return "is too large", "An amount is below 100,000,000,000,000; a whole number has at most 18 digits"
        case "minimum":
            return f"is below the minimum of {written(field.minimum)}", "Correct the cell, or the field's minimum in the policy"
        case "maximum":
            return f"is above the maximum of {written(field.maximum)}", "Correct the cell, or the field's maximum in the policy"
        case "one_of":
            return (
                f"is not one of {', '.join(written(value) for value in field.one_of)}",
                "Correct the cell, or add it to the field's one_of",
            )
        case "pattern":
            return f"does not match the pattern {field.pattern}", "Correct the cell, or the field's pattern in the policy"
        case "blank":
            return "is blank, but required", "Fill the cell in, or take required: from the field"
        case "blank_key":
            return "is blank, but it names the client", "Fill the key in, or take the row out"
        case "duplicate":
            return "stands in several rows, but each client has one", "Keep one row per client"
        case "not_unique":
            return "stands in several rows, but the field is unique", "Correct the rows, or take unique: from the field"
        case "blank_client":
            return "is blank, so the row belongs to no client", _without_client(table)
        case "no_client":
            return "is no client of the table clients", _without_client(table)
        case _:
            return "is set aside with its client, another of whose rows is bad", "Correct the bad row"


def _how(field: Field, numerals: Numerals, dates: DateForm) -> str:
    """What a readable cell looks like."""
    mark = numerals.decimal or "."
    match field.type:
        case Kind.MONEY:
            return f"Write it like 1234{mark}50"
        case Kind.NUMBER:
            return f"Write it like 0{mark}25 or 25%"
        case Kind.INTEGER:
            return "Write it like 12"
        case Kind.BOOLEAN if field.true_words or field.false_words:
            return f"Write one of {', '.join((*field.true_words, *field.false_words))}"
        case Kind.BOOLEAN:
            return "Write yes or no (also true/false, t/f, 1/0, y/n, tak/nie, prawda/fałsz)"
        case Kind.DATE:
            form = field.format or dates.shown
            return f"Write an existing date like {datetime.date(2026, 12, 31).strftime(form)} (the form is {form})"
        case Kind.DAYS:
            return "Write it like 90 or 90 days"
        case Kind.MONTHS:
            return "Write it like 12 or 12 months"
        case _:
            return "Write a text, not a list, an object, NaN or infinity"


def _without_client(table: Table) -> str:
    return f"Correct the row, or say in the table '{table.name}' what to do with such rows: without_client: set_aside or ignore"


def written(value: Scalar | None) -> str:
    """A value of the contract as an author would write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case _:
            return str(value)
