"""Tokens in, one tree out: a precedence-climbing parser of the language in expression.lark.

It stops at the first token that cannot stand where it stands (`UnexpectedError`) and at forms that read well and mean nothing
(`RefusedError`). Chains of operators are read in loops: only brackets, and the branches of `if`, use Python's stack.
"""

from __future__ import annotations

from typing import cast

from ..model.expression import (
    And,
    Arithmetic,
    ArithmeticOp,
    Between,
    Compare,
    CompareOp,
    Constant,
    Expression,
    If,
    In,
    IsMissing,
    Negate,
    Not,
    OpTest,
    Or,
    RangeTest,
    Test,
    ValueTest,
)
from ..model.place import Place
from .expression_atoms import Atoms
from .expression_cursor import CLOSERS
from .expression_refusals import refuse_tests
from .expression_tokens import COMPARISONS, Expected

# How tightly an operator binds. Operands of a level are read at the next one.
_OR, _AND, _NOT, _COMPARE, _SUM, _UNARY = 1, 2, 3, 4, 5, 8
_LEVELS = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys((*COMPARISONS, "in", "not", "is", "between"), _COMPARE),
    "+": _SUM,
    "-": _SUM,
    "*": 6,
    "/": 6,
    "**": 7,
}


class Parser(Atoms):
    """Reads one whole expression."""

    __slots__ = ()

    def whole(self) -> Expression:
        """The expression that all tokens are."""
        tree = self.expression()
        if self.kind != "end":
            raise self.unexpected(Expected.OPERATOR)
        return tree

    def whole_cell(self) -> tuple[Test, ...]:
        """The tests, joined by `and`, that all tokens are: an item of a decision table's cell."""
        tests = [self.test()]
        while self.kind == "and":
            self.advance()
            tests.append(self.test())
        if self.kind != "end":
            raise self.unexpected(Expected.OPERATOR)
        return tuple(tests)

    def expression(self, level: int = 0) -> Expression:
        """An expression whose operators all bind at least as tightly as `level`."""
        if self.kind == "if" and level == 0:
            return self.conditional()
        start = self.tokens[self.index].start
        if self.kind == "not" and level <= _NOT:
            return self.rest(self.negation(), start, level, _AND)
        return self.rest(self.unary(), start, level)

    def rest(self, left: Expression, start: int, level: int, limit: int = _UNARY) -> Expression:
        """What goes on after `left` (which began at `start`). Operators above `limit` cannot follow any more: `a < b < c`."""
        while (found := _LEVELS.get(self.kind, -1)) >= level and found > 0:
            if found > limit:
                raise self.unexpected(Expected.CHAIN_END)
            if found == _COMPARE:
                left, limit = self.comparison(left, start), _NOT
            elif found > _COMPARE:
                op = cast(ArithmeticOp, self.advance().kind)
                right = self.expression(found + 1)
                left, limit = Arithmetic(left, op, right, place=self.span(start)), found
            else:
                left, limit = self.junction(left, start, found), found
        return left

    def junction(self, first: Expression, start: int, level: int) -> Expression:
        """`a and b and c`: one node for the whole chain."""
        word = self.kind
        items = [first]
        while self.kind == word:
            self.advance()
            items.append(self.expression(level + 1))
        place = self.span(start)
        return And(tuple(items), place=place) if level == _AND else Or(tuple(items), place=place)

    def negation(self) -> Expression:
        """`not x`, however often."""
        starts = []
        while self.kind == "not":
            starts.append(self.advance().start)
        tree = self.expression(_COMPARE)
        for start in reversed(starts):
            tree = Not(tree, place=self.span(start))
        return tree

    def unary(self) -> Expression:
        """An atom, with its minus signs."""
        if self.kind != "-":
            return self.atom()
        starts = []
        while self.kind == "-":
            starts.append(self.advance().start)
        tree = self.atom()
        for start in reversed(starts):
            tree = Negate(tree, place=self.span(start))
        return tree

    def conditional(self) -> Expression:
        """`if a then b else if c then d else e`; the chain of `else if` is read in a loop."""
        self.deeper(self.tokens[self.index])
        branches: list[tuple[int, Expression, Expression]] = []
        while self.kind == "if":
            start = self.advance().start
            condition = self.expression()
            self.take("then", Expected.THEN)
            then = self.expression()
            self.take("else", Expected.ELSE)
            branches.append((start, condition, then))
        tree = self.expression()
        self.depth -= 1
        for start, condition, then in reversed(branches):
            tree = If(condition, then, tree, place=self.span(start))
        return tree

    # -- comparisons ----------------------------------------------------------------------------------------------------

    def comparison(self, left: Expression, start: int) -> Expression:
        """What stands after `left`: `< b`, `is missing`, `between a and b`, `in [...]`."""
        match self.kind:
            case "is":
                self.advance()
                if self.kind not in ("missing", "present"):
                    raise self.unexpected(Expected.IS_WORD)
                negated = self.advance().kind == "present"
                return IsMissing(left, negated, place=self.span(start))
            case "between":
                self.advance()
                low = self.expression(_SUM)
                self.take("and", Expected.BETWEEN_AND)
                high = self.expression(_SUM)
                return Between(left, low, high, place=self.span(start))
            case "in":
                self.advance()
                tests = self.target()
                return In(left, tests, place=self.span(start))
            case "not":
                self.advance()
                self.take("in", Expected.IN_WORD)
                tests = self.target()
                return In(left, tests, negated=True, place=self.span(start))
            case _:
                op = cast(CompareOp, self.advance().kind)
                return _compared(left, op, self.expression(_SUM), self.span(start))

    def target(self) -> tuple[Test, ...]:
        """What stands after `in`: a list, an interval, or a name."""
        if self.kind in ("name", "quoted"):
            return (ValueTest(self.path()),)
        if self.kind not in CLOSERS:
            raise self.unexpected(Expected.TARGET)
        opening = self.index
        closer, outer = self.open()
        tests = [self.test()]
        if self.kind == ".." and isinstance(tests[0], ValueTest):
            return (self.interval(tests[0].value, opening, outer),)
        while self.kind == ",":
            self.advance()
            tests.append(self.test())
        self.close(closer, outer)
        if len(tests) == 1:
            refuse_tests(self.tokens, opening, self.index)
        return tuple(tests)

    def interval(self, low: Expression, opening: int, outer: int) -> RangeTest:
        """The rest of `[low..high)`, from the dots on; either bracket may close it."""
        self.take("..", Expected.RANGE)
        high = self.expression(_SUM)
        if self.kind not in (")", "]"):
            raise self.unexpected(Expected.CLOSE)
        high_closed = self.kind == "]"
        self.close(self.kind, outer)
        return RangeTest(low, high, self.tokens[opening].kind == "[", high_closed)

    def test(self) -> Test:
        """One item of a list: a value, `< value`, or an interval."""
        if self.kind in COMPARISONS:
            op = cast(CompareOp, self.advance().kind)
            return OpTest(op, self.expression(_SUM))
        opening = self.index
        if self.kind == "[":
            _, outer = self.open()
            return self.interval(self.expression(_SUM), opening, outer)
        if self.kind == "(":
            return self.bracketed_test(opening)
        return ValueTest(self.expression(_SUM))

    def bracketed_test(self, opening: int) -> Test:
        """`(1..5]` or a value that begins with a bracket: `(a + b) * 2`. The dots tell, after the first sum."""
        start = self.tokens[opening].start
        closer, outer = self.open()
        if self.kind in ("if", "not"):
            inner = self.expression()
        else:
            inner_start = self.tokens[self.index].start
            inner = self.expression(_SUM)
            if self.kind == "..":
                return self.interval(inner, opening, outer)
            inner = self.rest(inner, inner_start, 0)
        self.close(closer, outer)
        return ValueTest(self.rest(inner, start, _SUM))


def _compared(left: Expression, op: CompareOp, right: Expression, place: Place) -> Expression:
    """A comparison; one with the literal `missing` on either side asks whether the other side is missing."""
    if op in ("=", "!="):
        for literal, other in ((right, left), (left, right)):
            if isinstance(literal, Constant) and literal.value is None:
                return IsMissing(other, op == "!=", place=place)
    return Compare(left, op, right, place=place)
