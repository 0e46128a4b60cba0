"""What may be compared with what, and what arithmetic gives: the kinds table of the language, with a word for every refusal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..model.expression import Arithmetic, ArithmeticOp, Compare, Constant, Expression, Negate
from ..model.kind import Kind
from ..model.place import Place
from .advice import describe, to_calculate, to_compare
from .catalog import Scope
from .literals import Looseness, looseness, settle
from .words import show


@dataclass(frozen=True, slots=True)
class Unified:
    """Values of one kind, the loose ones settled to it. UNKNOWN: one is in error already, or all are `missing`."""

    kind: Kind
    nodes: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """The first two values that do not go together, in the author's order."""

    first: Expression
    second: Expression


def unify(nodes: tuple[Expression, ...], scope: Scope) -> Unified | Clash:
    """The one kind that several values have, or two of them that differ."""
    degrees = [looseness(node, scope) for node in nodes]
    if any(node.kind is Kind.UNKNOWN and degree is Looseness.FIXED for node, degree in zip(nodes, degrees, strict=True)):
        return Unified(Kind.UNKNOWN, nodes)
    firm = [node for node, degree in zip(nodes, degrees, strict=True) if degree is not Looseness.ANY]
    kinds = {node.kind for node, degree in zip(nodes, degrees, strict=True) if degree is Looseness.FIXED}
    takes_money = kinds == {Kind.MONEY}
    for node in firm[1:]:
        if _family(node, takes_money, scope) is not _family(firm[0], takes_money, scope):
            return Clash(firm[0], node)
    kind = _common([_kind(node, takes_money, scope) for node in firm])
    settled = (n if d is Looseness.FIXED else settle(n, kind, scope) for n, d in zip(nodes, degrees, strict=True))
    return Unified(kind, tuple(settled))


def _kind(node: Expression, takes_money: bool, scope: Scope) -> Kind:
    return Kind.MONEY if takes_money and looseness(node, scope) is Looseness.NUMBER else node.kind


def _family(node: Expression, takes_money: bool, scope: Scope) -> Kind:
    return _kind(node, takes_money, scope).family


def _common(kinds: list[Kind]) -> Kind:
    """The kind itself; NUMBER where whole and other numbers meet."""
    distinct = set(kinds)
    return Kind.NUMBER if len(distinct) > 1 else next(iter(distinct), Kind.UNKNOWN)


def compare(node: Compare, scope: Scope) -> Expression:
    """A comparison of two elaborated sides."""
    left, right = comparable(node.left, node.op, node.right, node.place, scope)
    return replace(node, left=left, right=right, kind=Kind.BOOLEAN)


def comparable(left: Expression, op: str, right: Expression, place: Place, scope: Scope) -> tuple[Expression, Expression]:
    """Both sides, settled to one kind; a finding where they cannot be compared."""
    for side, other in ((left, right), (right, left)):
        if looseness(side, scope) is Looseness.ANY and other.kind is not Kind.UNKNOWN:
            help = f"write {show(other)} is {'present' if op == '!=' else 'missing'}"
            scope.desk.error("SS219", "a comparison with missing is never known", place, help)
            return left, right
    found = unify((left, right), scope)
    if isinstance(found, Clash):
        message = f"these cannot be compared: {describe(left, scope)}, {describe(right, scope)}"
        scope.desk.error("SS210", message, place, to_compare(left, op, right, scope))
        return left, right
    if found.kind is Kind.BOOLEAN and op not in ("=", "!="):
        help = f"write {show(left)} or not {show(left)}, or compare with = or !="
        scope.desk.error("SS214", "true and false have no order", place, help)
    return found.nodes[0], found.nodes[1]


def negate(node: Negate, scope: Scope) -> Expression:
    """A minus sign keeps the kind."""
    kind = node.operand.kind
    if kind is Kind.UNKNOWN:
        return node
    if not kind.is_numeric:
        message = f"a minus sign needs a number: {describe(node.operand, scope)}"
        help = f"write not {show(node.operand)}" if kind is Kind.BOOLEAN else "leave the minus sign out"
        scope.desk.error("SS211", message, node.place, help)
        return node
    return replace(node, kind=kind)


def arithmetic(node: Arithmetic, scope: Scope) -> Expression:
    """Arithmetic on two elaborated sides."""
    left, op, right = node.left, node.op, node.right
    degrees = looseness(left, scope), looseness(right, scope)
    if Looseness.ANY in degrees:
        if Kind.UNKNOWN not in [n.kind for n, d in zip((left, right), degrees, strict=True) if d is not Looseness.ANY]:
            scope.desk.error(
                "SS219", "a calculation with missing is always missing", node.place, "write missing on its own, or use coalesce(x, ...)"
            )
        return node
    if Kind.UNKNOWN in (left.kind, right.kind):
        return node
    if op in ("+", "-"):
        left, right = _settle_sum(left, right, scope)
    if op == "/" and isinstance(right, Constant) and right.value == 0 and right.kind.family is Kind.NUMBER:
        scope.desk.error("SS219", "a division by zero is always missing", node.place, "divide by a number that is not 0")
        return node
    kind = result_kind(left.kind, op, right.kind)
    if kind is Kind.UNKNOWN:
        message = f"{_deed(op)}: {describe(left, scope)}, {describe(right, scope)}"
        scope.desk.error("SS211", message, node.place, to_calculate(left, op, right, scope))
    return replace(node, left=left, right=right, kind=kind)


def _settle_sum(left: Expression, right: Expression, scope: Scope) -> tuple[Expression, Expression]:
    """In a sum with money, a loose number is money."""
    if left.kind is Kind.MONEY and looseness(right, scope) is Looseness.NUMBER:
        return left, settle(right, Kind.MONEY, scope)
    if right.kind is Kind.MONEY and looseness(left, scope) is Looseness.NUMBER:
        return settle(left, Kind.MONEY, scope), right
    return left, right


def result_kind(left: Kind, op: ArithmeticOp, right: Kind) -> Kind:
    """The kind that `left op right` has; UNKNOWN where there is none."""
    match op:
        case "+" | "-":
            return _sum_kind(left, op, right)
        case "*":
            return _product_kind(left, right)
        case "/":
            return _quotient_kind(left, right)
        case "**":
            return Kind.NUMBER if left.family is right.family is Kind.NUMBER else Kind.UNKNOWN


def _sum_kind(left: Kind, op: str, right: Kind) -> Kind:
    match left, right:
        case Kind.MONEY, Kind.MONEY:
            return Kind.MONEY
        case Kind.INTEGER, Kind.INTEGER:
            return Kind.INTEGER
        case ((Kind.NUMBER | Kind.INTEGER), (Kind.NUMBER | Kind.INTEGER)):
            return Kind.NUMBER
        case Kind.DATE, Kind.DAYS | Kind.MONTHS:
            return Kind.DATE
        case Kind.DATE, Kind.DATE if op == "-":
            return Kind.DAYS
        case ((Kind.DAYS | Kind.MONTHS), Kind.DATE) if op == "+":
            return Kind.DATE
        case (Kind.DAYS, Kind.DAYS) | (Kind.MONTHS, Kind.MONTHS):
            return left
        case Kind.TEXT, Kind.TEXT if op == "+":
            return Kind.TEXT
        case _:
            return Kind.UNKNOWN


def _product_kind(left: Kind, right: Kind) -> Kind:
    if right.family is not Kind.NUMBER:
        left, right = right, left
    if right.family is not Kind.NUMBER or not left.is_numeric:
        return Kind.UNKNOWN
    if left.family is Kind.NUMBER:
        return Kind.INTEGER if left is right is Kind.INTEGER else Kind.NUMBER
    return left


def _quotient_kind(left: Kind, right: Kind) -> Kind:
    if right.family is Kind.NUMBER and left.is_numeric:
        return Kind.NUMBER if left.family is Kind.NUMBER else left
    return Kind.NUMBER if left is right and left.is_numeric else Kind.UNKNOWN


def _deed(op: ArithmeticOp) -> str:
    match op:
        case "+":
            return "these cannot be added"
        case "-":
            return "these cannot be subtracted"
        case "*":
            return "these cannot be multiplied"
        case "/":
            return "these cannot be divided"
        case "**":
            return "these cannot be raised to a power"
