"""Literals take the kind that their place asks for, money or number, also through `if`, `coalesce`, `min`, `max` and signs.

A tree is *loose* while it is made of such literals only; `settle` gives it, and all of it, its kind. `missing` takes any kind.
A `missing` without text stands for an expression that could not be read: it has a finding already.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from enum import Enum

from ..model.expression import Arithmetic, Call, Constant, Expression, If, Negate, ParameterValue, Scalar
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Parameter, money
from .catalog import Scope
from .words import plain

_THROUGH = frozenset({"coalesce", "min", "max", "abs", "round", "floor", "ceiling"})
_MONEY_LIMIT = Decimal(10) ** 14
_INTEGER_LIMIT = 2**63


class Looseness(Enum):
    """How free a tree still is: FIXED has its kind, NUMBER may be money or number, ANY (only `missing`) may be anything."""

    FIXED = 0
    NUMBER = 1
    ANY = 2


def looseness(node: Expression, scope: Scope) -> Looseness:
    """How free the elaborated tree is; one in error (kind unknown) is fixed, so that nothing more is said about it."""
    found = _looseness(node, scope)
    return Looseness.FIXED if found is Looseness.NUMBER and node.kind is Kind.UNKNOWN else found


def _looseness(node: Expression, scope: Scope) -> Looseness:
    match node:
        case Constant(None, ""):
            return Looseness.FIXED
        case Constant(None):
            return Looseness.ANY
        case Constant(value) if is_plain_number(value, node.kind):
            return Looseness.NUMBER
        case ParameterValue(name):
            return Looseness.NUMBER if node.kind is not Kind.MONEY and scope.catalog.parameters[name].adapts else Looseness.FIXED
        case Negate(operand):
            return looseness(operand, scope)
        case Arithmetic(left, op, right) if op != "**":
            return _least(right, left, scope=scope)
        case If(_, then, otherwise):
            return _least(otherwise, then, scope=scope)
        case Call(function, arguments) if function in _THROUGH and arguments:
            return _least(*(arguments[:1] if function == "round" else arguments), scope=scope)
        case _:
            return Looseness.FIXED


def _least(*nodes: Expression, scope: Scope) -> Looseness:
    least = Looseness.ANY
    for node in nodes:
        found = looseness(node, scope)
        if found is Looseness.FIXED:
            return found
        least = found if found is Looseness.NUMBER else least
    return least


def is_plain_number(value: Scalar | None, kind: Kind) -> bool:
    """True for a written number that is neither money yet, nor a duration."""
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool) and kind in (Kind.UNKNOWN, Kind.NUMBER, Kind.INTEGER)


def settle(node: Expression, kind: Kind, scope: Scope) -> Expression:
    """The tree with `kind` given to every loose part of it. A whole literal in a number place stays an integer."""
    match node:
        case Constant(None):
            return replace(node, kind=kind)
        case Constant(value) if is_plain_number(value, node.kind):
            return _constant(node, kind, scope)
        case ParameterValue(name) if node.kind is not kind and kind is Kind.MONEY:
            for value in parameter_values(scope.catalog.parameters[name]):
                if is_plain_number(value, Kind.NUMBER) and isinstance(value, (int, Decimal)):
                    fits(value, Kind.MONEY, node.place, scope)
            return replace(node, kind=Kind.MONEY)
        case Negate(operand):
            return replace(node, operand=settle(operand, kind, scope), kind=_settled(node.kind, kind))
        case Arithmetic(left, "+" | "-", right):
            left, right = settle(left, kind, scope), settle(right, kind, scope)
            return replace(node, left=left, right=right, kind=_settled(node.kind, kind))
        case Arithmetic(left, "*" | "/", _) if kind is Kind.MONEY and looseness(node, scope) is not Looseness.FIXED:
            return replace(node, left=settle(left, kind, scope), kind=kind)
        case If(_, then, otherwise):
            then, otherwise = settle(then, kind, scope), settle(otherwise, kind, scope)
            return replace(node, then=then, otherwise=otherwise, kind=_settled(node.kind, kind))
        case Call(function, arguments) if function in _THROUGH:
            many = arguments[:1] if function == "round" else arguments
            settled = tuple(settle(a, kind, scope) for a in many) + arguments[len(many) :]
            return replace(node, arguments=settled, kind=_settled(node.kind, kind))
        case _:
            return node


def _settled(old: Kind, new: Kind) -> Kind:
    """An integer stays one in a number's place; anything still free takes the place's kind."""
    return old if old is Kind.INTEGER and new is Kind.NUMBER else new


def _constant(node: Constant, kind: Kind, scope: Scope) -> Expression:
    value = node.value
    assert isinstance(value, (int, Decimal))
    if kind is Kind.MONEY:
        if not fits(value, kind, node.place, scope):
            return replace(node, kind=kind)
        return replace(node, value=money(value), kind=kind)
    return node


def written(node: Constant, scope: Scope) -> Expression:
    """A literal number as it stands: an integer or a number, until its place asks for money."""
    value = node.value
    assert isinstance(value, (int, Decimal))
    kind = written_kind(value)
    fits(value, kind, node.place, scope)
    return replace(node, value=int(value) if kind is Kind.INTEGER else value, kind=kind)


def parameter_values(parameter: Parameter) -> tuple[Scalar, ...]:
    """Every value that the parameter ever has, one by one."""
    held = [parameter.value, *(d.value for d in parameter.dated)]
    return tuple(v for item in held if item is not None for v in (item if isinstance(item, tuple) else (item,)))


def written_kind(value: int | Decimal) -> Kind:
    """INTEGER where the literal was written without a decimal point."""
    return Kind.INTEGER if isinstance(value, int) or value.as_tuple().exponent == 0 else Kind.NUMBER


def fits(value: int | Decimal, kind: Kind, place: Place, scope: Scope) -> bool:
    """False, after a finding, where the number is too large or too fine for its kind."""
    exponent = Decimal(value).as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if kind is Kind.MONEY and abs(Decimal(value)) >= _MONEY_LIMIT:
        problem = (f"{plain(value)} is too large for an amount of money", "amounts stay below 100 000 000 000 000 (10 to the 14th)")
    elif kind is Kind.MONEY and places > 4 and Decimal(value) != Decimal(value).quantize(Decimal("0.0001")):
        problem = (f"{plain(value)} is too fine for an amount of money", "amounts have at most 4 decimal places")
    elif kind is Kind.INTEGER and abs(Decimal(value)) >= _INTEGER_LIMIT:
        problem = (f"{plain(value)} is too large for a whole number", "whole numbers stay below 9 223 372 036 854 775 808")
    elif kind is Kind.NUMBER and places > 9:
        problem = (f"{plain(value)} is too fine for a number", "numbers have at most 9 decimal places")
    else:
        return True
    if ("SS225", place) not in scope.reported:
        scope.reported.add(("SS225", place))
        scope.desk.error("SS225", problem[0], place, problem[1])
    return False
