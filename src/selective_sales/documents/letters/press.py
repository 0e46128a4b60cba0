"""A letter's case in, the letter and its bytes in Markdown, HTML, plain text or PDF out.

Refuses a case whose body is not there, prints a blank or something that is no text, or whose address does not fit its window. Holds one
environment per language and per format, and one Typst compiler: they are made once, for all letters.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import html
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from jinja2 import TemplateNotFound
from markupsafe import Markup

from ...model.finding import Finding
from ...model.letter import Letter, LetterCase
from ...model.letterhead import Letterhead
from ...model.markdown import escaped
from ...model.place import Place
from ...model.speaker import Speaker
from ..environment import Folder
from ..failing import FAILURES, place_of
from .bodies import LETTERS, Bodies, Written, body_name, no_letters
from .colours import readable
from .forms import filled_nodes, fold, wrapped
from .paper import TYPST_SHELL, NotPrintedError, Paper, own_fonts, pdf_findings
from .shells import CSS, PAGES, Page, Shells, shell_name
from .view import LetterView, PersonView, SenderView, ShellView, WordsView
from .views import Clean, Head, cleaning, head, letter_view
from .words import WORDS

LetterFormat = Literal["md", "html", "txt", "pdf"]
TEXT_WIDTH = 72
UNDATED = datetime.date(2000, 1, 1)
_ROW = 44
"""Characters that a line of the address field holds, about."""
_MOST_ROWS = 9
"""Lines that the window shows in the smallest type; up to six are set in the usual one."""
_CELLS = "\x1f"
"""Between the parts of what a digest is of: no part holds a control character."""


@dataclass(frozen=True, slots=True)
class PressedLetter(Letter):
    """A letter with what it is printed from."""

    view: LetterView
    written: Written


@dataclass(frozen=True, slots=True)
class _Language:
    """What all letters in one language share. `look` is the digest of the letterhead and the shells."""

    clean: Clean
    bodies: Bodies
    head: Head
    look: str


class LetterPress:
    """Prints letters. Made by `opened`."""

    def __init__(self, loader: Folder, letterhead: Letterhead, speakers: Mapping[str, Speaker], dated: datetime.date) -> None:
        self._loader = loader
        self._letterhead = letterhead
        self._dated = dated
        self._paper: Paper | None = None
        self._shells = Shells(loader)
        self._css = Markup(loader.text(CSS))  # noqa: S704 -- a file of the template folder
        self._logo = _data_uri(letterhead)
        self._ink = readable(letterhead.accent)
        shells = _digest([letterhead.accent, self._logo or "", *self._shells.texts(), loader.text(TYPST_SHELL), *own_fonts(loader)])
        self._languages = {language: self._language(speaker, shells) for language, speaker in speakers.items()}

    @staticmethod
    def opened(
        templates: Path, own: Path | None, letterhead: Letterhead, speakers: Mapping[str, Speaker], dated: datetime.date = UNDATED
    ) -> tuple[LetterPress | None, tuple[Finding, ...]]:
        """The press over the shipped `templates` and, file by file before them, the user's `own` folder.

        `speakers` are by language; each puts in the spaces that do not break and says spans of days. `dated` is the day that a PDF bears.
        """
        if own is not None and not (own / LETTERS).is_dir():
            return None, (no_letters(own),)
        loader = Folder(*([own] if own is not None else []), templates)
        unknown = [language for language in speakers if language not in WORDS]
        if unknown:
            message = f"there are no letters in the language {unknown[0]!r}"
            return None, (Finding("SS960", message, Place(str(templates)), f"the languages are: {', '.join(WORDS)}"),)
        unreadable = tuple(shell_findings(loader))
        if unreadable:
            return None, unreadable
        return LetterPress(loader, letterhead, speakers, dated), ()

    def letter(self, case: LetterCase) -> tuple[Letter | None, tuple[Finding, ...]]:
        """The letter to one client, or why there is none."""
        language = self._languages.get(case.language)
        if language is None:
            message = f"the letter to client {case.key!r} cannot be made: there are no letters in the language {case.language!r}"
            return None, (Finding("SS968", message, self._place(case), f"the languages are: {', '.join(self._languages)}"),)
        view = letter_view(case, language.head, language.clean)
        if len(recipient_rows(view)) > _MOST_ROWS:
            return None, (_does_not_fit(view, self._place(case)),)
        written, finding = language.bodies.written(body_name(case.body, case.language), view)
        if written is None:
            return None, () if finding is None else (finding,)
        subject = written.forms.subject.filled(written.values)
        text = _whole_text(view, subject, written)
        digest = _digest([language.look, view.language, view.reference, *_addressed(view), written.forms.branch, text])
        return PressedLetter(case, subject, text, written.forms.branch, digest, view, written), ()

    def printed(self, letter: Letter, format: LetterFormat, draft: bool) -> bytes:
        """The letter's bytes in that format; with `draft` every page says that it is one.

        Raises NotPrintedError for a letter that its shell cannot print or that cannot be set as PDF (a sign that no font has), and where
        the extra `pdf` is not there.
        """
        pressed = letter if isinstance(letter, PressedLetter) else self.letter(letter.case)[0]
        assert isinstance(pressed, PressedLetter)
        if format == "pdf":
            return self._pdf(pressed, draft)
        try:
            page = self._shells.page(format, self._shell(pressed, _body(pressed.written, format), draft))
        except FAILURES as error:
            raise NotPrintedError(self._failed(error, format, pressed.view)) from None
        if format == "txt":
            page = "\n".join(fold(line, TEXT_WIDTH) if len(line) > TEXT_WIDTH else line for line in page.split("\n"))
        return page.encode("utf-8")

    def _place(self, case: LetterCase) -> Place:
        return Place(self._loader.shown(body_name(case.body, case.language)))

    def _failed(self, error: BaseException, page: Page, view: LetterView) -> Finding:
        message = f"the letter to client {view.client!r} cannot be printed: {str(error) or type(error).__name__}"
        return Finding("SS968", message, place_of(error, shell_name(page), self._loader), "mend the shell, or the data")

    def _pdf(self, letter: PressedLetter, draft: bool) -> bytes:
        if self._paper is None:
            for finding in pdf_findings(Place(self._letterhead.path)):
                raise NotPrintedError(finding)
            self._paper = Paper(self._loader, self._letterhead)
        body = filled_nodes(letter.written.forms.nodes, letter.written.values)
        return self._paper.printed(self._shell(letter, Markup(""), draft), body, recipient_rows(letter.view), self._dated)

    def _shell(self, letter: PressedLetter, body: Markup, draft: bool) -> ShellView:
        view = letter.view
        return ShellView(
            language=view.language,
            draft=draft,
            subject=letter.subject,
            body=body,
            name=view.name,
            address=view.address,
            client=view.client,
            reference=view.reference,
            date=view.date,
            as_of=view.as_of,
            policy=view.policy,
            policy_version=view.policy_version,
            place=view.place,
            sender=view.sender,
            contact=view.contact,
            signatory=view.signatory,
            words=WORDS[view.language],
            css=self._css,
            logo=self._logo,
            accent=self._letterhead.accent,
            ink=self._ink,
        )

    def _language(self, speaker: Speaker, shells: str) -> _Language:
        around = head(self._letterhead, speaker)
        said = (WORDS[speaker.language], around.sender, around.contact, around.signatory)
        look = _digest([shells, around.place or "", *(text for view in said for text in _leaves(view))])
        return _Language(cleaning(speaker), Bodies(self._loader, speaker.tidy), around, look)


def recipient_rows(view: LetterView) -> list[str]:
    """The name and the address in lines that the window's width holds."""
    said = [*([view.name] if view.name else []), *view.address]
    return [row for line in said for row in (textwrap.wrap(line, _ROW) if len(line) > _ROW else [line])]


def _does_not_fit(view: LetterView, place: Place) -> Finding:
    message = f"the letter to client {view.client!r} cannot be made: name and address take {len(recipient_rows(view))} lines"
    return Finding("SS968", message, place, f"a window envelope shows {_MOST_ROWS} at most: shorten the name or the address in the data")


def shell_findings(loader: Folder) -> Iterator[Finding]:
    """The files of shells that are not there or cannot be read."""
    for name in (CSS, TYPST_SHELL, *map(shell_name, PAGES)):
        try:
            loader.text(name)
        except (TemplateNotFound, UnicodeDecodeError, OSError) as error:
            message = f"the shell's file {name!r} cannot be read: {error}"
            yield Finding("SS960", message, Place(loader.shown(name)), "it is UTF-8 text of 100 KiB at most")


def _body(written: Written, page: Page) -> Markup:
    """The body in the shell's format: its values escaped, so that the shell takes it as it is."""
    match page:
        case "html":
            body = written.forms.html.filled([html.escape(value) for value in written.values])
        case "md":
            body = written.forms.markdown.filled([escaped(value) for value in written.values])
        case "txt":
            body = wrapped(written.forms.lines, written.values, TEXT_WIDTH)
    return Markup(body)  # noqa: S704 -- its values have been escaped for this format


def _whole_text(view: LetterView, subject: str, written: Written) -> str:
    """All that the letter says, a paragraph a line: what can be searched."""
    sender, signatory, contact = view.sender, view.signatory, view.contact
    parts = [
        sender.name,
        *sender.address,
        view.name,
        *view.address,
        view.reference,
        view.client,
        view.place,
        view.date,
        view.policy,
        view.policy_version,
        subject,
        written.forms.text.filled(written.values),
        signatory.name,
        signatory.role,
        contact.name,
        contact.role,
        contact.phone,
        contact.email,
        sender.phone,
        sender.email,
        sender.website,
        sender.register,
    ]
    return "\n".join(filter(None, parts)) + "\n"


def _addressed(view: LetterView) -> list[str]:
    return [view.name or "", str(len(view.address)), *view.address, view.client, view.date, view.as_of, view.policy, view.policy_version]


def _leaves(view: SenderView | PersonView | WordsView) -> list[str]:
    """The texts of a view of the letterhead, one after the other."""
    values = [getattr(view, field.name) for field in fields(view)]
    return ["\n".join(value) if isinstance(value, tuple) else value or "" for value in values]


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256(_CELLS.join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _data_uri(letterhead: Letterhead) -> str | None:
    logo = letterhead.logo
    return None if logo is None else f"data:{logo.media_type};base64,{base64.b64encode(logo.content).decode('ascii')}"
