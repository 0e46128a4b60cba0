"""A template is read before anything is rendered: every name, filter, test and construct against what the document has.

All findings at once, each with its line and column. What passes here can still fail while it is rendered only where data is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from jinja2 import TemplateNotFound, TemplateSyntaxError, nodes

from ..model.finding import Finding, in_order
from ..model.place import Place
from .environment import FILTERS, MAX_TEMPLATE_BYTES, DocumentEnvironment, Folder
from .expressions import Expressions, Findings
from .kinds import MEMO, DocumentKind
from .positions import Positions, positions
from .scope import Path_, Scope, asks, asks_not
from .steps import walk
from .types import ANYTHING, BOOLEAN, Type, views

_MOST_TEMPLATES = 300
_DEEPEST_INCLUDE = 10
_DEEPEST_LOOP = 3
_DEEPEST_BLOCK = 12
_DEEPEST = 100
"""Parts of a template within each other. Whatever reads a tree from here on may do so by recursion, Jinja's own compiler too."""
_MOST_PARTS = 50_000
"""Parts of all templates together, an included one as often as it is included."""


def lint(
    environment: DocumentEnvironment,
    name: str,
    root: type,
    kind: DocumentKind = MEMO,
    more: Mapping[str, dict[str, Type]] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """The findings on the template of that name and on all it includes.

    `root` is the view that it may read; `more` are further views by name, for what only the policy knows.
    """
    known = {**views(root), **more}
    loader = environment.loader
    assert isinstance(loader, Folder)
    linter = _Linter(environment, loader, Findings(known, kind))
    linter.template(name, Scope(dict(known[root.__name__])), (), Place(loader.shown(name)))
    return in_order(linter.findings.found)


@dataclass(slots=True)
class _Linter:
    environment: DocumentEnvironment
    loader: Folder
    findings: Findings
    templates: int = 0
    parts: int = 0
    endless: bool = False

    @property
    def kind(self) -> DocumentKind:
        return self.findings.kind

    def template(self, name: str, scope: Scope, open_: tuple[str, ...], asked_at: Place) -> None:
        self.templates += 1
        if name in open_ or len(open_) > _DEEPEST_INCLUDE or self.templates > _MOST_TEMPLATES or self.parts > _MOST_PARTS:
            if self.endless:
                return
            self.endless = True
            self.findings.say(
                self.kind.construct,
                f"the template {name!r} includes itself, or too many are included",
                asked_at,
                "include each part where it is shown, once",
            )
            return
        read = self._parsed(name, asked_at)
        if read is not None:
            tree, where = read
            if self._can_be_followed(tree, where):
                _Statements(self, Expressions(self.findings, where), (*open_, name)).body(tree.body, scope)

    def _can_be_followed(self, tree: nodes.Template, where: Positions) -> bool:
        """Whether the tree is neither too deep nor too large; and no text in it is half a character."""
        for node, depth in walk(tree):
            self.parts += 1
            if depth > _DEEPEST:
                self._refuse(where, node.lineno, "this is nested too deeply, or too long", "split it up with {% set name = value %}")
                return False
            match node:
                case nodes.Const(value=str(text)) if any("\ud800" <= sign <= "\udfff" for sign in text):
                    self._refuse(where, node.lineno, "this text holds half a character (\\ud800 to \\udfff)", "write the character itself")
                    return False
                case _:
                    pass
        return True

    def _refuse(self, where: Positions, line: int, message: str, help: str) -> None:
        self.findings.say(self.kind.construct, message, Place(where.file, line, 1, line, 2), help)

    def _parsed(self, name: str, asked_at: Place) -> tuple[nodes.Template, Positions] | None:
        file = self.loader.shown(name)
        try:
            source, _, _ = self.loader.get_source(self.environment, name)
        except (TemplateNotFound, UnicodeDecodeError, OSError) as error:
            why = _unreadable(error)
            self.findings.say(
                self.kind.gone, f"the template {name!r} {why}", asked_at, "templates are UTF-8 files inside the template folder"
            )
            return None
        try:
            return self.environment.parse(source, name), positions(self.environment, source, file)
        except TemplateSyntaxError as error:
            line, message, help = error.lineno, str(error.message), "see Jinja's own documentation on the form"
            unclosed = _unclosed(self.environment, source) if message.startswith("Unexpected end of template") else None
            if unclosed is not None:
                line, word = unclosed
                message, help = f"{{% {word} %}} in line {line} has no {{% end{word} %}}", f"write {{% end{word} %}} where it ends"
            self.findings.say(self.kind.unreadable, f"the template cannot be read: {message}", Place(file, line, 1, line, 2), help)
        except (RecursionError, ValueError):
            self.findings.say(
                self.kind.unreadable,
                "the template cannot be read: too deeply nested, or with too large a number",
                Place(file),
                "make it simpler",
            )
        return None


_BLOCKS = frozenset(("if", "for", "filter", "with", "macro", "call", "block", "autoescape"))


def _unclosed(environment: DocumentEnvironment, source: str) -> tuple[int, str] | None:
    """The line and the word of the innermost block that nothing closes."""
    open_: list[tuple[int, str]] = []
    begins = False
    for line, kind, text in environment.lex(source):
        if begins and kind == "name":
            if text in _BLOCKS:
                open_.append((line, text))
            elif text.startswith("end") and open_ and open_[-1][1] == text.removeprefix("end"):
                open_.pop()
        if kind != "whitespace":
            begins = kind == "block_begin"
    return open_[-1] if open_ else None


def _unreadable(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "is not UTF-8 text"
        case TemplateNotFound(message=str(message)) if "larger" in message:
            return f"is larger than {MAX_TEMPLATE_BYTES // 1024} KiB"
        case TemplateNotFound():
            return "does not exist in the template folder"
        case _:
            return "cannot be read"


@dataclass(frozen=True, slots=True)
class _Statements:
    """The statements of one template. `open_` are the templates that are being included, outermost first."""

    linter: _Linter
    expressions: Expressions
    open_: tuple[str, ...]

    @property
    def where(self) -> Positions:
        return self.expressions.where

    def body(self, statements: Iterable[nodes.Node], scope: Scope) -> None:
        for statement in statements:
            self.statement(statement, scope)

    def statement(self, node: nodes.Node, scope: Scope) -> None:
        if scope.blocks > _DEEPEST_BLOCK:
            self.expressions.refuse(node, "blocks are nested too deeply", "split the template with {% include %}")
            return
        match node:
            case nodes.Output():
                for part in node.nodes:
                    self._output(part, scope)
            case nodes.If():
                self._if(node, scope)
            case nodes.For():
                self._for(node, scope)
            case nodes.Include():
                self._include(node, scope)
            case nodes.Assign(target=nodes.Name(name=name), node=value):
                self.where.take(node.lineno, name)
                scope.define(name, self.expressions.type_of(value, scope))
            case nodes.Scope():
                self.body(node.body, scope)
            case nodes.FilterBlock():
                self.expressions.type_of(node.filter, scope)
                allowed = self.linter.kind.filter_blocks
                if node.filter.name in FILTERS - allowed:
                    self.expressions.refuse(
                        node, f"{{% filter {node.filter.name} %}} is not allowed", f"these are: {', '.join(sorted(allowed))}"
                    )
                self.body(node.body, scope.inner())
            case _:
                self.expressions.refuse(node)

    def _output(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        type = self.expressions.type_of(node, scope)
        if type.optional and not self.expressions.asked(node, scope):
            self.expressions.may_be_absent(node)
        elif type.what in ("list", "view", "loop"):
            help = "print its items: {% for x in ... %}, or |join(', ')" if type.what == "list" else "print one of its parts"
            self.linter.findings.say(self.linter.kind.value, f"{type.shown} cannot be printed", self.expressions.place(node), help)
        elif type.what == BOOLEAN.what and self.linter.kind.only_texts:
            place = self.expressions.place(node)
            self.linter.findings.say(
                self.linter.kind.value, "a yes or no cannot be printed", place, "ask for it: {% if ... %}words{% endif %}"
            )

    def _if(self, node: nodes.If, scope: Scope) -> None:
        self.expressions.type_of(node.test, scope)
        self._branch(node.body, scope, asks(node.test))
        otherwise = scope.inner(asked=asks_not(node.test))
        for other in node.elif_:
            self.expressions.type_of(other.test, otherwise)
            self._branch(other.body, otherwise, asks(other.test))
            otherwise = otherwise.inner(asked=asks_not(other.test))
            otherwise.blocks -= 1
        self._branch(node.else_, otherwise, ())
        scope.names.update({name: type for name, type in otherwise.names.items() if name not in scope.names})

    def _branch(self, body: Iterable[nodes.Node], scope: Scope, asked: Iterable[Path_]) -> None:
        inside = scope.inner(asked=asked)
        self.body(body, inside)
        # A name that is set inside `if` lives on after it.
        scope.names.update({name: type for name, type in inside.names.items() if name not in scope.names})

    def _for(self, node: nodes.For, scope: Scope) -> None:
        inside = scope.inner(loops=1)
        if not isinstance(node.target, nodes.Name) or node.recursive:
            self.expressions.refuse(node, "this form of {% for %} is not allowed", "write {% for x in list %}")
            return
        if inside.loops > _DEEPEST_LOOP:
            self.expressions.refuse(node, "loops are nested too deeply", f"at most {_DEEPEST_LOOP}")
            return
        self.where.take(node.lineno, node.target.name)
        of = self.expressions.type_of(node.iter, scope)
        if of.what not in ("list", "anything"):
            self.linter.findings.say(
                self.linter.kind.value,
                f"{of.shown} is not a list: it has no items to go through",
                self.expressions.place(node.iter),
                "use {% if ... %} to ask for it",
            )
        inside.define(node.target.name, of.item or ANYTHING)
        inside.define("loop", Type("loop"))
        if node.test is not None:
            self.expressions.type_of(node.test, inside)
            inside.asked |= frozenset(asks(node.test))
        self.body(node.body, inside)
        self.body(node.else_, scope.inner())

    def _include(self, node: nodes.Include, scope: Scope) -> None:
        match node.template:
            case nodes.Const(value=str(name)):
                self.linter.template(name, scope.inner(), self.open_, Place(self.where.file, node.lineno, 1, node.lineno, 2))
            case _:
                self.expressions.refuse(node, "{% include %} takes the name of one file", "write {% include 'part.j2' %}")
