"""Texts for people -> `Texts`: titles as they stand, reasons with their placeholders.

A placeholder is `{name}` or `{name:format}`; `{{` and `}}` are braces. Found here: braces that do not match, and placeholders that hold
more than a name. Whether the name exists, and whether every language is there, is the checker's to ask.
"""

from __future__ import annotations

import re

from ..model.text import Placeholder, Template, Texts
from . import typeset
from .desk import Desk, entries, text
from .names import is_name
from .nodes import MappingNode, Node, ScalarNode
from .positions import Locate, locator

LONGEST = 10_000
"""Characters; the schema finds longer ones."""

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\{|\}")
_FORMAT = re.compile(r"[a-z_]+")


def texts(desk: Desk, node: Node | None, with_names: bool = False) -> Texts | None:
    """The text, for all languages or by language. With `with_names`, braces hold names."""
    match node:
        case ScalarNode():
            template = _template(desk, node, with_names)
            return None if template is None else Texts((("*", template),), desk.place(node))
        case MappingNode():
            found = [(entry.key.value, _template(desk, entry.value, with_names)) for entry in entries(node)]
            by_language = tuple((language, template) for language, template in found if template is not None)
            return Texts(by_language, desk.place(node)) if by_language else None
        case _:
            return None


def _template(desk: Desk, node: Node, with_names: bool) -> Template | None:
    written = text(node)
    if written is None or not isinstance(node, ScalarNode) or len(written) > LONGEST:
        return None
    if node.plain:
        _quotes(desk, node)
    if not with_names or ("{" not in written and "}" not in written):
        return Template((written,), desk.place(node), written)
    return Template(_parts(desk, written, locator(desk.source, node)), desk.place(node), written)


def _quotes(desk: Desk, node: ScalarNode) -> None:
    """Warns of quotes that YAML took for a part of the text."""
    typeset_quotes = typeset.around(desk.source, node)
    if typeset_quotes is not None:
        desk.findings.append(typeset_quotes)
    if node.value.endswith('"') and node.value.count('"') % 2:
        whole = f'"{node.value}' if node.value.count('"') == 1 else f"'{node.value}'"
        help = f"write {whole[:100]} if it was to open at the beginning; else delete it"
        end = node.span.end
        desk.warning("SS131", "this quote closes nothing: it becomes a part of the text", desk.source.span(end - 1, end), help)


def _parts(desk: Desk, written: str, locate: Locate) -> tuple[str | Placeholder, ...]:
    parts: list[str | Placeholder] = []
    plain = ""
    at = 0
    for piece in _PIECE.finditer(written):
        plain += written[at : piece.start()]
        at = piece.end()
        if piece.group() in ("{{", "}}"):
            plain += piece.group()[0]
        elif piece.group(1) is None:
            message = "this brace has no partner"
            desk.error("SS122", message, locate(*piece.span()), f"a placeholder is {{name}}; for a brace itself write {piece.group() * 2}")
        else:
            placeholder = _placeholder(desk, piece, locate)
            if placeholder is not None:
                parts.extend([plain, placeholder] if plain else [placeholder])
                plain = ""
    plain += written[at:]
    return (*parts, plain) if plain or not parts else tuple(parts)


def _placeholder(desk: Desk, piece: re.Match[str], locate: Locate) -> Placeholder | None:
    name, colon, format = (part.strip() for part in piece.group(1).partition(":"))
    place = locate(*piece.span())
    if not all(is_name(part) for part in name.split(".", 1)):
        shown = piece.group(1)[:40]
        message = f"'{{{shown}}}' is not a name" if shown.strip() else "there is no name between these braces"
        desk.error(
            "SS123", message, place, "only the name of a field, parameter or metric can stand here; make a calculation a metric first"
        )
        return None
    if colon and _FORMAT.fullmatch(format) is None:
        desk.error("SS123", f"'{format[:40]}' is not a format", place, "write {name} or {name:percent}")
        return None
    return Placeholder(name, format, place)
