"""The smallest expressions: written values, names and paths, calls, whatever stands in parentheses."""

from __future__ import annotations

import datetime
from decimal import Decimal

from ..model.expression import AsOf, Call, Constant, Expression, Member, Name, Rows
from ..model.kind import Kind
from ..model.place import Place
from . import expression_literals as literals
from .expression_cursor import Cursor
from .expression_refusals import refuse_call
from .expression_tokens import Expected, Token


class Atoms(Cursor):
    """Reads one atom; for what stands inside brackets it asks the parser built upon it."""

    __slots__ = ()

    def expression(self, level: int = 0) -> Expression:
        """An expression whose operators all bind at least as tightly as `level`."""
        raise NotImplementedError

    def atom(self) -> Expression:
        """A literal, a path, a call, or an expression in parentheses."""
        kind = self.kind
        if kind == "name":
            if self.tokens[self.index + 1].kind == "(":
                return self.call()
            return self.path()
        if kind == "(":
            closer, outer = self.open()
            inner = self.expression()
            self.close(closer, outer)
            return inner
        return self.path() if kind == "quoted" else self.literal(kind)

    def literal(self, kind: str) -> Expression:
        """A written value."""
        token = self.tokens[self.index]
        match kind:
            case "number":
                return self.constant(literals.number(token))
            case "text":
                return self.constant(literals.text(token))
            case "percent":
                return self.constant(literals.percent(token))
            case "duration":
                return self.constant(*literals.duration(token))
            case "date":
                return self.constant(literals.date(token, token.text))
            case "true" | "false":
                return self.constant(kind == "true")
            case "missing" | "null":
                return self.constant(None)
            case "@":
                self.advance()
                if self.kind != "text":
                    raise self.unexpected(Expected.AT_TEXT)
                value, value_kind = literals.at_literal(self.tokens[self.index])
                return self.constant(value, value_kind, token.start)
            case _:
                raise self.unexpected(Expected.VALUE)

    def constant(self, value: Decimal | int | str | bool | datetime.date | None, kind: Kind = Kind.UNKNOWN, start: int = -1) -> Constant:
        """The constant whose last token stands here."""
        token = self.advance()
        written = token.text if start < 0 else "@" + token.text
        return Constant(value, written, kind=kind, place=self.locate(token.start if start < 0 else start, token.end))

    def name(self) -> Name:
        """A name, bare or in backquotes."""
        if self.kind not in ("name", "quoted"):
            raise self.unexpected(Expected.NAME)
        token = self.advance()
        return Name(_unquoted(token), place=self.locate(token.start, token.end))

    def path(self) -> Expression:
        """`name`, `owner.name`, `table[condition]`, `table[condition].column`."""
        token = self.tokens[self.index]
        owner = self.name()
        if self.kind == ".":
            self.advance()
            member = self.name()
            return Member(owner.name, member.name, place=self.span(token.start))
        if self.kind != "[":
            return AsOf(place=owner.place) if token.text == "as_of" else owner
        closer, outer = self.open()
        condition = self.expression()
        self.close(closer, outer)
        if self.kind != ".":
            return Rows(owner.name, condition, table_place=owner.place, place=self.span(token.start))
        self.advance()
        column = self.name()
        return Rows(owner.name, condition, column.name, owner.place, column.place, place=self.span(token.start))

    def call(self) -> Expression:
        """`function(a, b within x, y)`, `latest(a by b)`, `duration("P12M")`."""
        function = self.advance()
        opening = self.index
        closer, outer = self.open()
        arguments: list[Expression] = []
        within: tuple[Name, ...] = ()
        by: Name | None = None
        if self.kind != ")":
            arguments.append(self.expression())
            while self.kind == ",":
                self.advance()
                arguments.append(self.pattern() if function.text == "matches" else self.expression())
            if self.kind == "within":
                within = self.within()
            elif self.kind == "by":
                self.advance()
                by = self.name()
        self.close(closer, outer)
        refuse_call(self.tokens, opening - 1, self.index)
        place = self.span(function.start)
        if function.text == "duration":
            return self.feel_duration(opening, place)
        function_place = self.locate(function.start, function.end)
        return Call(function.text, tuple(arguments), within, by, function_place, place=place)

    def pattern(self) -> Expression:
        """The pattern of `matches`: a written text in which a backslash is itself."""
        if self.kind != "text" or self.tokens[self.index + 1].kind not in (")", ","):
            return self.expression()
        return self.constant(self.tokens[self.index].text[1:-1])

    def within(self) -> tuple[Name, ...]:
        """`within rep, region`."""
        self.advance()
        names = [self.name()]
        while self.kind == ",":
            self.advance()
            names.append(self.name())
        return tuple(names)

    def feel_duration(self, opening: int, place: Place) -> Constant:
        """`duration("P12M")`, whose bracket stands at `opening`: a constant, not a call."""
        value, kind = literals.feel_duration(self.tokens[opening + 1])
        written = "".join(token.text for token in self.tokens[opening - 1 : self.index])
        return Constant(value, written, kind=kind, place=place)


def _unquoted(token: Token) -> str:
    return token.text[1:-1] if token.kind == "quoted" else token.text
