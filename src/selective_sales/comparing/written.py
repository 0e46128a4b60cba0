"""A part of a policy in, how its author wrote it out: for people who see the old beside the new."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from ..model.decision_tables import Cell, DecisionTable, TableRow
from ..model.expression import And, AtLeast, Constant, Expression, Name, Not, Or
from ..model.kind import Kind
from ..model.policy import (
    CsvDialect,
    Decision,
    Field,
    Given,
    Justification,
    Letters,
    Measure,
    Metric,
    Parameter,
    Policy,
    ReportSection,
    Rule,
    Table,
)
from ..model.promises import Across, Figure, Group, Guarantee, Limit
from ..model.scores import Factor
from ..model.text import Placeholder, Template, Texts
from .structure import parts

LONGEST = 300
ATTRIBUTES: dict[str, dict[type, str]] = {
    "is": {Metric: "expression", Measure: "expression", Figure: "expression", Field: "calculation"},
    "approval": {Decision: "approval_required"},
}


def condition_words(node: Expression, text: Callable[[Expression], str]) -> str:
    """A condition with `and`, `or` and `at least`, its leaves as written."""

    def inner(part: Expression) -> str:
        words = condition_words(part, text)
        return f"({words})" if isinstance(part, And | Or | AtLeast) else words

    match node:
        case And(items):
            return " and ".join(map(inner, items))
        case Or(items):
            return " or ".join(map(inner, items))
        case AtLeast(count, items):
            return f"at least {text(count)} of: {', '.join(map(inner, items))}"
        case Not(operand):
            return f"not {inner(operand)}" if isinstance(operand, And | Or | AtLeast) else text(node)
        case _:
            return text(node)


@dataclass(frozen=True, slots=True)
class Written:
    """Words for the parts of one policy; `text` gives an expression as its author wrote it."""

    policy: Policy
    text: Callable[[Expression], str]

    def part(self, thing: Any, part: str) -> str:
        """A part of a thing; "" where it says nothing."""
        match thing, part:
            case Parameter(), "value":
                return self.parameter(thing)
            case DecisionTable(), "columns":
                inputs = ", ".join(thing.input_texts)
                return f"{inputs} -> {', '.join(o.name for o in thing.outputs)}, {len(thing.rows)} rows"
            case DecisionTable(), "outputs":
                return "; ".join(f"{o.name}: {self.value(o.one_of, o.type) or o.type.value}" for o in thing.outputs)
            case Factor(), "points":
                return "; ".join(f"{cell.text}: {number(points)}" for cell, points in thing.points)
            case ((Rule() | Policy()), ("dates" | "validity")):
                return dates(thing.valid_from, thing.valid_until)
            case Rule(), "letter_reason" if thing.no_letter_reason:
                return "none"
            case Field(), ("minimum" | "maximum" | "missing" | "one_of"):
                return self.scalar(getattr(thing, part), thing.type)
            case Field(), "column":
                return thing.header
        attribute = ATTRIBUTES.get(part, {}).get(type(thing), part)
        attributes = parts(type(thing)).get(part, (attribute,))
        values = [self.value(getattr(thing, a)) for a in ((attribute,) if len(attributes) == 1 else attributes)]
        return ", ".join(v for v in values if v)

    def thing(self, thing: Any) -> str:
        """A thing that came or went, in a line."""
        match thing:
            case Parameter():
                return self.parameter(thing)
            case Metric() | Figure() | Measure():
                return self.value(thing.expression)
            case Rule():
                unless = "" if thing.unless is None else f", unless {condition_words(thing.unless, self.text)}"
                return short(f"{condition_words(thing.when, self.text)}{unless} -> {thing.then}")
            case Limit():
                return self.value(thing.require)
            case Guarantee():
                return self.value(thing.always)
            case Group():
                return f"{self.value(thing.who)}: {self.value(thing.factor)}"
            case Factor():
                return f"{self.value(thing.of)}, weight {self.value(thing.weight)}"
            case Field():
                return thing.type.value if thing.calculation is None else f"{thing.type.value}: {self.value(thing.calculation)}"
            case TableRow():
                return f"{', '.join(map(self.cell, thing.cells))} -> {', '.join(map(self.cell, thing.outputs))}"
            case Table():
                return ", ".join(f.name for f in thing.fields)
            case DecisionTable():
                return self.part(thing, "columns")
            case _:
                return "yes"

    def parameter(self, parameter: Parameter) -> str:
        def said(value: Any) -> str:
            return percent(value) if parameter.format == "percent" else self.scalar(value, parameter.kind)

        if not parameter.dated:
            return said(parameter.value)
        return ", ".join(f"from {d.since.isoformat()} {said(d.value)}" for d in parameter.dated)

    def scalar(self, value: Any, kind: Kind) -> str:
        """A value that an author wrote: here `false` is one."""
        return str(value).lower() if isinstance(value, bool) else self.value(value, kind)

    def cell(self, cell: Cell | Expression) -> str:
        """A condition or an output of a table's row."""
        if isinstance(cell, Cell):
            return cell.text.strip() or "-"
        if isinstance(cell, Constant) and isinstance(cell.value, str):
            return cell.value
        return self.value(cell)

    def value(self, value: Any, kind: Kind = Kind.UNKNOWN) -> str:
        """Anything that may stand in a policy."""
        match value:
            case None | "" | ():
                return ""
            case bool():
                return "yes" if value else ""
            case int() | Decimal():
                return spanned(value, kind)
            case datetime.date():
                return value.isoformat()
            case Enum():
                return str(value.value)
            case str():
                return short(value)
            case Texts():
                return short(" / ".join(template_words(t) for _, t in value.by_language))
            case tuple():
                return short(", ".join(filter(None, (self.value(item, kind) for item in value))))
            case Given(text):
                return text
            case ReportSection():
                return short("; ".join(f"{name} {said}" for name in parts(ReportSection) if (said := self.part(value, name))))
            case Across(id, expression):
                return id if expression == Name(id) else f"{id}: {self.value(expression)}"
            case Justification(aim, appropriate, necessary):
                return short("; ".join(self.value(text) for text in (aim, appropriate, necessary)))
            case Letters():
                return short("; ".join(f"{key}: {said}" for key, said in recipient(value) if said))
            case CsvDialect():
                return ", ".join(
                    f"{n} {getattr(value, n)!r}" for n in ("delimiter", "quote", "decimal", "thousands", "encoding") if getattr(value, n)
                )
            case And() | Or() | AtLeast() | Not():
                return short(condition_words(value, self.text))
            case Name(name):
                return name
            case _ if hasattr(value, "kind"):
                return short(self.text(value))
            case _ if is_dataclass(value):
                return str(getattr(value, "id", None) or getattr(value, "name", None) or "yes")
            case _:
                return short(str(value))


def recipient(letters: Letters) -> list[tuple[str, str]]:
    """The keys of the section `letters` with the fields that they name."""
    single = [(key, named.name) for key in ("name", "salutation", "language") if (named := getattr(letters, key)) is not None]
    return [*single, ("address", ", ".join(line.name for line in letters.address)), ("undetermined", letters.undetermined or "")]


def spanned(value: int | Decimal, kind: Kind) -> str:
    """A number, days and months with their unit."""
    if kind in (Kind.DAYS, Kind.MONTHS):
        return f"{value} {kind.value if value != 1 else kind.value[:-1]}"
    return number(value)


def number(value: int | Decimal) -> str:
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def percent(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(percent, value))
    return f"{number(Decimal(value) * 100)}%"


def dates(since: datetime.date | None, until: datetime.date | None) -> str:
    parts = [f"from {since.isoformat()}" if since else "", f"until {until.isoformat()}" if until else ""]
    return " ".join(filter(None, parts))


def template_words(template: Template) -> str:
    return "".join(f"{{{p.name}}}" if isinstance(p, Placeholder) else p for p in template.parts)


def short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
