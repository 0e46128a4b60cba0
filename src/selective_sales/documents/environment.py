"""One hardened Jinja environment per output format, made once and used for every document.

A template reads a declared view and nothing else: no call, no attribute that is not a view's field, no import, no file outside its
folder, no filter that is not listed here, no text without end. Client data is never a template.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from ..model.markdown import escaped
from .steps import COUNTED, CountingContext, count_loops, counted, size

Format = Literal["md", "html"]
Tidy = Callable[[str], str]
"""The text with its non-breaking spaces."""

MAX_TEMPLATE_BYTES = 100 * 1024
MAX_TEXT = 100_000
"""Characters of any one text that a template makes on its way."""
MAX_OUTPUT = 1_000_000
"""Characters of one document."""

MAX_PLACES = 15
"""Digits before or after the point to which `round` rounds."""

_KEPT_FILTERS = ("abs", "first", "last", "length", "count")
_WORD_FILTERS = ("capitalize", "lower", "title", "trim", "upper")
TEXT_FILTERS = frozenset({*_WORD_FILTERS, "tidy"})
"""What takes a text and gives one."""
FILTERS = frozenset({*_KEPT_FILTERS, *TEXT_FILTERS, "join", "round"})
"""None that marks a text as safe (`e` and `safe` do): what a template prints is escaped once, at the end."""
TESTS = frozenset(
    {"defined", "undefined", "none", "even", "odd", "divisibleby", "in", "eq", "ne", "lt", "le", "gt", "ge", "string", "number"}
)
LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0"})
"""What a template may read of `loop`."""


class Folder(BaseLoader):
    """Templates from one folder, or from the first of several that has the file.

    A name that leads out of a folder, by `..` or by a symbolic link, does not exist in it.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = tuple((folder, folder.resolve()) for folder in folders)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        return self.text(template), str(self.path(template)), lambda: True

    def text(self, template: str) -> str:
        """The file's text. Raises TemplateNotFound where it is not there or too large, UnicodeDecodeError, OSError."""
        path = self.path(template)
        if path is None:
            raise TemplateNotFound(template)
        with path.open("rb") as file:
            content = file.read(MAX_TEMPLATE_BYTES + 1)
        if len(content) > MAX_TEMPLATE_BYTES:
            raise TemplateNotFound(template, f"the template {template} is larger than {MAX_TEMPLATE_BYTES // 1024} KiB")
        return content.decode("utf-8-sig").replace("\r\n", "\n")

    def path(self, template: str) -> Path | None:
        """The file of that name inside the folder."""
        return next((path for _, path in self._found(template)), None)

    def shown(self, template: str) -> str:
        """The file as a finding names it: by the folder's name that the user gave."""
        folder = next((folder for folder, _ in self._found(template)), self.folders[0][0])
        return str(folder / template)

    def _found(self, template: str) -> Iterator[tuple[Path, Path]]:
        if "\0" in template or "\\" in template:
            return
        for folder, root in self.folders:
            path = (root / template).resolve()
            if path.is_relative_to(root) and path.is_file():
                yield folder, path


class DocumentEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox narrowed further: views instead of objects, no calls, arithmetic on numbers only."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    context_class = CountingContext
    sizes: dict[str | None, int]
    """By template that has been compiled, the number of its parts."""

    def _generate(self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False) -> str:
        """Jinja's own hook before a template becomes a program."""
        self.sizes[name] = size(source)
        count_loops(source, self)
        return super()._generate(source, name, filename, defer_init)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self._read(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str):
            return self._read(obj, argument)
        if isinstance(obj, tuple | list) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(obj=obj, name=str(argument))
        return self.undefined(obj=obj, name=str(argument))

    def _read(self, obj: Any, name: str) -> Any:
        """A view's field, a mapping's key, a loop's number; a method is as undefined as a name that nobody knows."""
        kind: type = type(obj)
        if name in _fields(kind):
            return getattr(obj, name)
        if isinstance(obj, Undefined):
            return self.undefined(obj=obj, name=name)
        if isinstance(obj, Mapping) and name in obj:
            return obj[name]
        if isinstance(obj, LoopContext) and name in LOOP:
            return getattr(obj, name)
        return self.undefined(obj=obj, name=name)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        raise SecurityError("a template calls nothing")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not all(isinstance(side, int | float | Decimal) for side in (left, right)):
            raise SecurityError(f"'{operator}' works on numbers only, and '**' not at all; put texts side by side: {{{{ a }}}}{{{{ b }}}}")
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, int) and result.bit_length() > 128:
            raise SecurityError("a number grew too large")
        return result


@cache
def _fields(kind: type) -> frozenset[str]:
    """The names that a view of that class lets a template read; none of any other object."""
    return frozenset(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else frozenset()


def environment(folder: Path, format: Format, tidy: Tidy) -> DocumentEnvironment:
    """The environment of one format over one folder. HTML is escaped by Jinja, Markdown by `model.markdown.escaped`."""
    html = format == "html"
    return hardened(Folder(folder), printable if html else _printable_markdown, tidy, autoescape=html)


def hardened(loader: Folder, finalize: Callable[..., Any], tidy: Tidy, *, autoescape: bool) -> DocumentEnvironment:
    """An environment over these templates. `finalize` makes of a value what is printed of it, and refuses what cannot be."""
    made = DocumentEnvironment(
        loader=loader,
        autoescape=autoescape,
        undefined=StrictUndefined,
        finalize=finalize,
        auto_reload=False,
        cache_size=200,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.sizes = {}
    known = {name: made.filters[name] for name in _KEPT_FILTERS}
    words = {name: _of_text(name, made.filters[name]) for name in _WORD_FILTERS}
    rounded = _rounding(made.filters["round"])
    made.globals.clear()
    made.filters.clear()
    made.filters.update({**known, **words, "join": _join, "round": rounded, "tidy": _of_text("tidy", _tidying(tidy)), COUNTED: counted})
    for name in set(made.tests) - TESTS:
        # Operators such as `==` are tests under their sign; only words can be written by an author.
        if name.isidentifier():
            del made.tests[name]
    return made


def printable(value: Any) -> Any:
    """What may be printed: words and numbers. Anything else would show a blank or a program's inside."""
    match value:
        case Undefined() | Markup() | str() | bool() | int() | Decimal():
            return value
        case float() if math.isfinite(value):
            return value
        case None:
            raise TemplateRuntimeError("there is no value to print here (it is None): ask first with {% if ... %}")
        case float():
            raise TemplateRuntimeError("a number that is not finite cannot be printed")
        case tuple() | list():
            raise TemplateRuntimeError("a list cannot be printed: print its items with {% for ... %} or |join(', ')")
        case _:
            raise TemplateRuntimeError(f"a {type(value).__name__} cannot be printed: print one of its parts")


def _printable_markdown(value: Any) -> Any:
    value = printable(value)
    return escaped(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _join(items: Any, separator: str = "") -> str:
    """The texts of a list, with the separator between them."""
    if not isinstance(items, tuple | list) or not all(isinstance(item, str | int) for item in items):
        raise TemplateRuntimeError("|join works on a list of texts")
    words = [str(item) for item in items]
    if sum(map(len, words)) + len(words) * len(separator) > MAX_TEXT:
        raise SecurityError(f"a text grew beyond {MAX_TEXT} characters")
    return str(separator).join(words)


def _of_text(name: str, filter: Callable[..., Any]) -> Callable[..., Any]:
    """The filter for texts only: of anything else it would make a program's words."""

    def filtered(text: Any, *arguments: Any) -> Any:
        if not isinstance(text, str):
            raise TemplateRuntimeError(f"|{name} works on a text")
        return filter(text, *arguments)

    return filtered


def _rounding(filter: Callable[..., Any]) -> Callable[..., Any]:
    def rounded(number: Any, precision: Any = 0, method: str = "common") -> Any:
        """Without the bound, rounding to minus a billion places would count up to a number of a billion digits."""
        if not isinstance(number, int | float | Decimal) or not isinstance(precision, int) or abs(precision) > MAX_PLACES:
            raise TemplateRuntimeError(f"|round works on a number, to at most {MAX_PLACES} places")
        return filter(number, precision, method)

    return rounded


def _tidying(tidy: Tidy) -> Callable[[Any], Any]:
    def tidied(text: Any) -> Any:
        words = tidy(str(text))
        return Markup(words) if isinstance(text, Markup) else words  # noqa: S704 -- only spaces changed in what was safe before

    return tidied
