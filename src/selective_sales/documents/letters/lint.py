"""The templates of letters in, every finding on them out, before a letter is made: what the policy asks for and what a client may read.

What is in a body is held to what a letter has (`LetterView`) and to the fields that the policy lets the client read. The two languages of
a body are compared. A shell is held to `ShellView`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from jinja2 import TemplateNotFound, nodes

from ...model.finding import Finding, Severity, has_errors, in_order
from ...model.place import Place
from ..environment import DocumentEnvironment, Folder, hardened
from ..kinds import LETTER, LETTER_SHELL, DocumentKind
from ..lint import lint
from ..scope import path_of
from ..types import FIELDS, Type
from ..view import MemoView
from .bodies import LETTERS, body_name, no_letters
from .filling import noted
from .paper import TYPST_SHELL
from .shells import CSS, PAGES, Shells, shell_name
from .skeleton import markdown_findings
from .sources import LiteralText, Source, literal_texts, sources
from .view import LetterView, ShellView

_NAMES = frozenset(f.name for f in fields(LetterView))
_FOR_COLLEAGUES = {
    f.name: ("it is for memos, which colleagues read", "leave it out of the letter") for f in fields(MemoView) if f.name not in _NAMES
}
_LANGUAGES = {"pl": "Polish", "en": "English"}


@dataclass(frozen=True, slots=True)
class WantedLetter:
    """A body that a policy asks for, and where. `needs` are names that it must read: a decline without its reasons is no letter."""

    body: str
    language: str
    place: Place
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PolicyNames:
    """The policy's names that a body could ask for: those that the client may be told (`tell_client: true`), and all others."""

    told: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


def lint_letters(templates: Path, own: Path | None, wanted: Iterable[WantedLetter], names: PolicyNames) -> tuple[Finding, ...]:
    """Every finding on the bodies wanted, in the user's `own` folder or else among the shipped `templates`, and on the shells."""
    if own is not None and not (own / LETTERS).is_dir():
        return (no_letters(own),)
    linter = _Linter(Folder(*([own] if own is not None else []), templates), names)
    asked: dict[tuple[str, str], WantedLetter] = {}
    for one in wanted:
        known = asked.setdefault((one.body, one.language), one)
        asked[one.body, one.language] = replace(known, needs=known.needs | one.needs)
    found = [*linter.bodies(asked), *linter.shells()]
    return in_order(found)


@dataclass(slots=True)
class _Linter:
    loader: Folder
    names: PolicyNames
    environment: DocumentEnvironment = field(init=False)
    kind: DocumentKind = field(init=False)

    def __post_init__(self) -> None:
        self.environment = hardened(self.loader, noted, str, autoescape=False)
        told = {name: ("the policy's fields have a name of their own", f"write fields.{name}") for name in self.names.told - _NAMES}
        kept = dict.fromkeys(self.names.kept, ("it has no tell_client: true in the policy", "leave it out, or let the policy tell it"))
        of_letter = {**_FOR_COLLEAGUES, **{name: why for name, why in kept.items() if name not in _NAMES}, **told}
        self.kind = replace(LETTER, withheld={LETTER.called: of_letter, "the policy": kept})

    def bodies(self, asked: Mapping[tuple[str, str], WantedLetter]) -> Iterator[Finding]:
        read: dict[tuple[str, str], frozenset[str]] = {}
        parts: dict[str, Source] = {}
        for (body, language), wanted in asked.items():
            name = body_name(body, language)
            if self.loader.path(name) is None:
                yield self._gone(wanted)
                continue
            found = lint(self.environment, name, LetterView, self.kind, self._fields())
            yield from found
            for source in sources(self.environment, name):
                parts[source.name] = source
            if has_errors(found):
                continue
            read[body, language] = self._paths(name)
            yield from self._needs(wanted, read[body, language])
        whole = {body_name(*one) for one in asked}
        for part in parts.values():
            yield from markdown_findings(self.environment, part, whole=part.name in whole)
        yield from self._differences(read)

    def shells(self) -> Iterator[Finding]:
        """The user's own shells: the shipped ones are held to the same by the project's tests."""
        for page in PAGES:
            if self._is_own(shell_name(page)):
                yield from lint(Shells(self.loader).environment(), shell_name(page), ShellView, LETTER_SHELL)
        if self._is_own(TYPST_SHELL):
            yield from forbidden_in(self.loader, TYPST_SHELL, _IN_TYPST, "it uses no packages and runs no text")
        for name in (CSS, shell_name("html")):
            if self._is_own(name):
                yield from forbidden_in(self.loader, name, _FROM_ELSEWHERE, "a letter holds all it needs and loads nothing")

    def _is_own(self, name: str) -> bool:
        return len(self.loader.folders) > 1 and Folder(self.loader.folders[0][0]).path(name) is not None

    def _fields(self) -> dict[str, dict[str, Type]]:
        return {FIELDS: {name: Type("text", optional=True) for name in self.names.told}}

    def _gone(self, wanted: WantedLetter) -> Finding:
        name = body_name(wanted.body, wanted.language)
        language = _LANGUAGES.get(wanted.language, wanted.language)
        there = sorted(bodies_there(self.loader, wanted.language))
        near = difflib.get_close_matches(wanted.body, there, 1)
        help = f"did you mean {near[0]!r}?" if near else f"write {name}; there are: {', '.join(there)}"
        return Finding("SS960", f"there is no {language} body {wanted.body!r} for this letter", wanted.place, help)

    def _needs(self, wanted: WantedLetter, read: frozenset[str]) -> Iterator[Finding]:
        for name in sorted(wanted.needs - {path.partition(".")[0] for path in read}):
            help = _NEEDED.get(name, f"print {name}").format(language=wanted.language)
            place = Place(self.loader.shown(body_name(wanted.body, wanted.language)))
            yield Finding("SS967", f"the body never prints its {name}: the letter would say nothing", place, help)

    def _paths(self, name: str) -> frozenset[str]:
        """What of the letter the template and its parts read: `contact.phone`, `fields.revenue`, `reasons`."""
        found = set()
        for source in sources(self.environment, name):
            for node in self.environment.parse(source.text, source.name).find_all((nodes.Name, nodes.Getattr, nodes.Getitem)):
                path = path_of(node)
                if path and path[0] in _NAMES:
                    found.add(".".join(path))
        longer = {path for path in found if any(other.startswith(f"{path}.") for other in found)}
        return frozenset(found - longer)

    def _differences(self, read: Mapping[tuple[str, str], frozenset[str]]) -> Iterator[Finding]:
        for body in dict.fromkeys(body for body, _ in read):
            by_language = {language: paths for (of, language), paths in read.items() if of == body}
            for language, paths in by_language.items():
                others = {path: other for other, there in by_language.items() for path in sorted(there - paths)}
                for other in dict.fromkeys(others.values()):
                    more = ", ".join(path for path, of in others.items() if of == other)
                    message = f"the {_LANGUAGES[other]} body reads {more}, and the {_LANGUAGES[language]} one does not"
                    place = Place(self.loader.shown(body_name(body, language)))
                    yield Finding("SS966", message, place, "say the same in both languages", Severity.WARNING)


_NEEDED = {
    "reasons": "print them: {{% for reason in reasons %}}, or {{% include 'letters/parts/reasons.{language}.md.j2' %}}",
    "missing": "print them: {{% for fact in missing %}}",
    "contact": "say whom to write to: {{{{ contact.name }}}}",
}


def bodies_there(loader: Folder, language: str) -> frozenset[str]:
    """The bodies of that language that the folders have."""
    ending = f".{language}.md.j2"
    files = (file for _, root in loader.folders for file in (root / "letters").glob(f"*{ending}"))
    return frozenset(file.name.removesuffix(ending) for file in files)


_IN_TYPST = re.compile(r'\b(?:eval|plugin)\b|\b(?:import|include)\b(?!\s+"[^"@:]*")')
_FROM_ELSEWHERE = re.compile(
    r"""(?i)@import|<(?:script|iframe|object|embed|link)\b|url\(\s*["']?(?!data:)|\bsrc\s*=\s*["']?(?!data:|["']?\{\{)"""
)


def forbidden_in(loader: Folder, name: str, forbidden: re.Pattern[str], why: str) -> Iterator[Finding]:
    """What a shell's file may not hold, at its place."""
    file = loader.shown(name)
    try:
        source = loader.text(name)
    except (TemplateNotFound, UnicodeDecodeError, OSError):
        yield Finding("SS960", "the file cannot be read", Place(file), "it is UTF-8 text of 100 KiB at most")
        return
    for number, line in enumerate(source.split("\n"), 1):
        for match in forbidden.finditer(line):
            place = Place(file, number, match.start() + 1, number, match.end() + 1)
            yield Finding("SS964", f"a shell has no {match.group().strip()!r}: {why}", place, "write what you need into the shell itself")


def literal_texts_of(templates: Path, own: Path | None, body: str, language: str) -> tuple[LiteralText, ...]:
    """What the authors of a body and of the parts that it includes wrote for the client; nothing where there is no such body."""
    loader = Folder(*([own] if own is not None else []), templates)
    return literal_texts(hardened(loader, noted, str, autoescape=False), body_name(body, language))
