"""A letter's view in, a PDF out: set by Typst from the template `letters/shell.typ`. Needs the extra `pdf`.

One compiler sets all letters. It sees a folder of its own with the shell and the logo, the fonts that it brings (and those in
`letters/fonts` of the user's templates), and a letter as data; it opens no other file and no connection. A warning is an error: a font
that is not there would only be warned of. The bytes are the same for the same letter.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...model.finding import Finding
from ...model.letterhead import Letterhead
from ...model.place import Place
from ..environment import Folder
from .forms import Node
from .view import ShellView

if TYPE_CHECKING:
    pass

TYPST_SHELL = "letters/shell.typ"
FONTS = "letters/fonts"
_FONT = "Libertinus Serif"
_STANDARDS: list[Any] = ["ua-1", "a-2a"]
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
_NOT_IN_DATA = ("css", "body", "logo")


class NotPrintedError(Exception):
    """A letter that cannot be put on paper; says why by its finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def pdf_findings(place: Place) -> tuple[Finding, ...]:
    """Why no PDF can be made here at all."""
    if find_spec("typst") is not None:
        return ()
    message = "letters in PDF need the extra 'pdf', which is not installed"
    return (Finding("SS969", message, place, "pip install 'selective-sales[pdf]', or take --to html"),)


def own_fonts(loader: Folder) -> Iterator[str]:
    """The fonts in the folders of templates: each by its name and the digest of its content."""
    for _, root in loader.folders:
        for file in sorted((root / FONTS).glob("*")):
            if file.is_file():
                yield f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}"


class Paper:
    """The compiler with its folder, which goes when the object goes."""

    def __init__(self, loader: Folder, letterhead: Letterhead) -> None:
        import typst

        self._shell = loader.shown(TYPST_SHELL)
        folder = Path(tempfile.mkdtemp(prefix="selective-sales-letters-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._logo = None
        if letterhead.logo is not None:
            self._logo = f"logo.{_ENDINGS[letterhead.logo.media_type]}"
            (folder / self._logo).write_bytes(letterhead.logo.content)
        main = folder / "shell.typ"
        main.write_text(loader.text(TYPST_SHELL), encoding="utf-8")
        own = [root / FONTS for _, root in loader.folders if (root / FONTS).is_dir()]
        fonts = typst.Fonts(include_system_fonts=False, font_paths=own)
        bundled = typst.Fonts(include_system_fonts=False).families()
        self._fonts = [_FONT, *sorted(set(fonts.families()) - set(bundled))]
        self._compiler = typst.Compiler(
            main, root=folder, font_paths=fonts, package_path=folder / "none", package_cache_path=folder / "none"
        )

    def printed(self, view: ShellView, body: list[Node], recipient: list[str], date: datetime.date) -> bytes:
        """The letter's PDF. Raises NotPrintedError where Typst finds anything to say."""
        import typst

        data = {
            **{name: value for name, value in asdict(view).items() if name not in _NOT_IN_DATA},
            "body": body,
            "recipient": recipient,
            "logo": self._logo,
            "fonts": self._fonts,
        }
        stamp = datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
        inputs = {"letter": json.dumps(data, ensure_ascii=False)}
        try:
            pdf, warnings = self._compiler.compile_with_warnings(format="pdf", sys_inputs=inputs, pdf_standards=_STANDARDS, timestamp=stamp)
        except typst.TypstError as error:
            raise NotPrintedError(self._finding(error.message, error.hints, view)) from None
        if warnings:
            raise NotPrintedError(self._finding(warnings[0].message, warnings[0].hints, view))
        assert isinstance(pdf, bytes)
        return pdf

    def _finding(self, message: str, hints: list[str], view: ShellView) -> Finding:
        help = "; ".join(hints) or "mend the shell"
        if "could not be displayed" in message:
            help = f"put a font that has these signs into the folder {FONTS} of your templates, or mend the data"
        return Finding("SS968", f"the letter to client {view.client!r} cannot be set: {message}", Place(self._shell), help)
