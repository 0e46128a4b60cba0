"""The reference grammar as an independent reader: text -> tree by lark, with the refusals that the grammar's head names."""

from __future__ import annotations

import datetime
import functools
import re
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, Tree, v_args
from lark.exceptions import UnexpectedInput, VisitError

import selective_sales.reading as reading
from selective_sales.model import expression as nodes
from selective_sales.model.kind import Kind

KEYWORDS = {"if", "and", "or", "not", "in", "is", "between"}


class RefusedError(Exception):
    """The grammar reads it, the language refuses it."""


@functools.cache
def grammar() -> Lark:
    path = Path(reading.__file__).parent / "expression.lark"
    return Lark(path.read_text(encoding="utf-8"), parser="lalr", lexer="basic", propagate_positions=True, maybe_placeholders=False)


def read(text: str) -> nodes.Expression | None:
    """The tree that the grammar gives, or None where it gives none."""
    try:
        tree = grammar().parse(text)
    except UnexpectedInput:
        return None
    for call in tree.find_data("call"):
        keep_backslashes(call)
    try:
        return Build(text).transform(tree)
    except VisitError as error:
        if isinstance(error.orig_exc, RefusedError):
            return None
        raise


def keep_backslashes(call: Tree[Token]) -> None:
    """The pattern of `matches` is the text as it is written."""
    if call.children[0] == "matches" and isinstance(call.children[2], Tree):
        for argument in call.children[2].children[2::2]:
            if isinstance(argument, Tree) and argument.data == "text":
                argument.data = "raw_text"


def _number(text: str) -> int | Decimal:
    digits = text.replace("_", "")
    whole, _, places = digits.partition(".")
    if len(whole.lstrip("0")) > 18 or len(places) > 18:
        raise RefusedError
    return Decimal(digits) if places else int(digits)


def _text(token: str) -> str:
    def undo(match: re.Match[str]) -> str:
        if match[1] not in "\"'\\nt":
            raise RefusedError
        return {"n": "\n", "t": "\t"}.get(match[1], match[1])

    return re.sub(r"\\(.)", undo, token[1:-1], flags=re.DOTALL)


def _iso(text: str) -> nodes.Constant:
    match = re.fullmatch(r"(-?)P((?:\d+Y)?(?:\d+M)?)((?:\d+W)?(?:\d+D)?)", text, re.ASCII)
    if match is None or bool(match[2]) == bool(match[3]):
        raise RefusedError
    factors = {"Y": 12, "M": 1, "W": 7, "D": 1}
    total = 0
    for count, unit in re.findall(r"(\d+)([YMWD])", match[2] + match[3]):
        if int(count) * factors[unit] > 1_000_000:
            raise RefusedError
        total += int(count) * factors[unit]
    return nodes.Constant(-total if match[1] else total, kind=Kind.MONTHS if match[2] else Kind.DAYS)


def _date(text: str) -> nodes.Constant:
    try:
        return nodes.Constant(datetime.date.fromisoformat(text))
    except ValueError:
        raise RefusedError from None


def _without(items: list[Any], *kinds: str) -> list[Any]:
    return [item for item in items if not (isinstance(item, Token) and item.type in kinds)]


class Build(Transformer):  # type: ignore[type-arg]
    """Rule by rule into the nodes of the model. Places and texts take no part in equality, so they are left out."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def number(self, items: list[Any]) -> nodes.Expression:
        return nodes.Constant(_number(items[0]))

    def percent(self, items: list[Any]) -> nodes.Expression:
        with localcontext() as context:
            context.prec = 60
            return nodes.Constant(Decimal(_number(items[0][:-1])) / 100)

    def duration(self, items: list[Any]) -> nodes.Expression:
        count, unit = items[0].split()
        if "." in count:
            raise RefusedError
        kind, factor = {"d": (Kind.DAYS, 1), "w": (Kind.DAYS, 7), "m": (Kind.MONTHS, 1), "y": (Kind.MONTHS, 12)}[unit[0]]
        value = int(count.replace("_", "")) * factor
        if value > 1_000_000:
            raise RefusedError
        return nodes.Constant(value, kind=kind)

    def date(self, items: list[Any]) -> nodes.Expression:
        return _date(items[0])

    def text(self, items: list[Any]) -> nodes.Expression:
        return nodes.Constant(_text(items[0]))

    def raw_text(self, items: list[Any]) -> nodes.Expression:
        return nodes.Constant(str(items[0][1:-1]))

    def at(self, items: list[Any]) -> nodes.Expression:
        written = _text(items[1])
        return _date(written) if re.fullmatch(r"\d{4}-\d\d-\d\d", written, re.ASCII) else _iso(written)

    def true(self, items: list[Any]) -> nodes.Expression:
        return nodes.Constant(True)

    def false(self, items: list[Any]) -> nodes.Expression:
        return nodes.Constant(False)

    def missing(self, items: list[Any]) -> nodes.Expression:
        return nodes.Constant(None)

    def group(self, items: list[Any]) -> nodes.Expression:
        return items[1]  # type: ignore[no-any-return]

    def name(self, items: list[Any]) -> nodes.Expression:
        if items[0] == "as_of":
            return nodes.AsOf()
        return _plain(items[0])

    def member(self, items: list[Any]) -> nodes.Expression:
        return nodes.Member(_said(items[0]), _said(items[2]))

    def rows(self, items: list[Any]) -> nodes.Expression:
        return nodes.Rows(_said(items[0]), items[2])

    def column(self, items: list[Any]) -> nodes.Expression:
        return nodes.Rows(_said(items[0]), items[2], _said(items[5]))

    def within(self, items: list[Any]) -> tuple[str, list[Any]]:
        return "within", [nodes.Name(_said(item)) for item in _without(items, "WITHIN", "COMMA")]

    def by(self, items: list[Any]) -> tuple[str, list[Any]]:
        return "by", [nodes.Name(_said(items[1]))]

    def arguments(self, items: list[Any]) -> list[Any]:
        return _without(items, "COMMA")

    @v_args(meta=True)
    def call(self, meta: Any, items: Any) -> nodes.Expression:
        function = str(items[0])
        given = items[2] if isinstance(items[2], list) else []
        if function.lower() in KEYWORDS:
            raise RefusedError
        after = dict(item for item in given if isinstance(item, tuple))
        arguments = tuple(item for item in given if not isinstance(item, tuple))
        if function == "duration":
            written = self.source[meta.start_pos : meta.end_pos]
            if re.fullmatch(r"""duration\s*\(\s*("[^"]*"|'[^']*')\s*\)""", written) is None:
                raise RefusedError
            return _iso(arguments[0].value)
        return nodes.Call(function, arguments, tuple(after.get("within", ())), *after.get("by", ()))

    def negate(self, items: list[Any]) -> nodes.Expression:
        return nodes.Negate(items[1])

    def arithmetic(self, items: list[Any]) -> nodes.Expression:
        return nodes.Arithmetic(items[0], str(items[1]), items[2])  # type: ignore[arg-type]

    def compare(self, items: list[Any]) -> nodes.Expression:
        left, op, right = items[0], str(items[1]), items[2]
        if op in ("=", "!="):
            for literal, other in ((right, left), (left, right)):
                if isinstance(literal, nodes.Constant) and literal.value is None:
                    return nodes.IsMissing(other, op == "!=")
        return nodes.Compare(left, op, right)  # type: ignore[arg-type]

    def between(self, items: list[Any]) -> nodes.Expression:
        return nodes.Between(items[0], items[2], items[4])

    def in_(self, items: list[Any]) -> nodes.Expression:
        return nodes.In(items[0], _tests(items[2]))

    def not_in(self, items: list[Any]) -> nodes.Expression:
        return nodes.In(items[0], _tests(items[3]), negated=True)

    def is_missing(self, items: list[Any]) -> nodes.Expression:
        return nodes.IsMissing(items[0])

    def is_present(self, items: list[Any]) -> nodes.Expression:
        return nodes.IsMissing(items[0], negated=True)

    def not_(self, items: list[Any]) -> nodes.Expression:
        return nodes.Not(items[1])

    def and_(self, items: list[Any]) -> nodes.Expression:
        return nodes.And(tuple(_without(items, "AND")))

    def or_(self, items: list[Any]) -> nodes.Expression:
        return nodes.Or(tuple(_without(items, "OR")))

    def if_(self, items: list[Any]) -> nodes.Expression:
        return nodes.If(items[1], items[3], items[5])

    def value_test(self, items: list[Any]) -> nodes.Test:
        return nodes.ValueTest(items[0])

    def operator_test(self, items: list[Any]) -> nodes.Test:
        return nodes.OpTest(str(items[0]), items[1])  # type: ignore[arg-type]

    def interval(self, items: list[Any]) -> nodes.Test:
        return nodes.RangeTest(items[1], items[3], items[0] == "[", items[4] == "]")

    def tests(self, items: list[Any]) -> tuple[Any, ...]:
        return tuple(_without(items, "COMMA"))

    @v_args(meta=True)
    def list(self, meta: Any, items: Any) -> tuple[Any, ...]:
        tests: tuple[Any, ...] = items[1]
        match tests:
            case [nodes.ValueTest(nodes.Arithmetic(nodes.Constant(), "-", nodes.Constant()))] if self.touching(meta):
                raise RefusedError
        return tests

    def touching(self, meta: Any) -> bool:
        inner = self.source[meta.start_pos + 1 : meta.end_pos - 1].strip()
        return re.fullmatch(r"[0-9][0-9_.]*-[0-9][0-9_.]*", inner) is not None


def _plain(token: Token) -> nodes.Name:
    return nodes.Name(str(token)[1:-1] if token.type == "QUOTED" else str(token))


def _said(name: nodes.Expression) -> str:
    return "as_of" if isinstance(name, nodes.AsOf) else name.name  # type: ignore[union-attr]


def _tests(target: Any) -> tuple[nodes.Test, ...]:
    match target:
        case tuple():
            return target
        case nodes.RangeTest():
            return (target,)
        case _:
            return (nodes.ValueTest(target),)
