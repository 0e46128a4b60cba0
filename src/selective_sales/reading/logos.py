"""A logo's name in a letterhead -> the picture: a file beside the letterhead, told by its content, safe to show in every letter.

It refuses: a path out of the folder, a link out of it, more than 1 MB, what is no PNG, JPEG or SVG, a PNG or JPEG that is broken off or
has too many pixels, and an SVG that could run, load or hide something: scripts, events, foreign content, styles, references to anything
but its own parts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Literal

from ..model.letterhead import Logo
from .desk import Desk
from .nodes import Node

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 1_000_000
MOST_ELEMENTS = 5_000
MOST_PIXELS = 10_000
"""Of either side."""
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = frozenset(
    "svg g defs path rect circle ellipse line polyline polygon text tspan title desc metadata"
    " linearGradient radialGradient stop clipPath mask pattern".split()
)
"""The elements that draw something, and nothing else. (Not `use`: copies of copies grow without bound.)"""
_EDITORS = (
    "http://www.inkscape.org/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://purl.org/dc/",
)
"""Namespaces of what editors note for themselves: it draws nothing and does nothing."""
_OWN_PART = re.compile(r"#[A-Za-z_][\w.-]*")
_SPACES_AND_QUOTES = re.compile(r"[\s'\"]")
_OUTSIDE = ("javascript:", "data:", "http:", "https:", "file:", "ftp:", "//", "@import", "expression(", "image(", "image-set(", "\\")
_MediaType = Literal["image/png", "image/jpeg", "image/svg+xml"]


def read_logo(desk: Desk, node: Node, written: str) -> Logo | None:
    """The picture of that name; None with a finding."""
    path = _beside(desk, node, written)
    if path is None:
        return None
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        desk.error("SS959", f"the logo cannot be read: {error.strerror}", node, "check whether you may read the file")
        return None
    if len(content) > LARGEST:
        desk.error("SS959", f"the logo '{written[:80]}' is larger than 1 MB", node, "save it smaller: it stands in every letter")
        return None
    media = _media_type(content)
    problem = "it is no PNG, JPEG or SVG, whatever its name says" if media is None else ""
    match media:
        case "image/svg+xml":
            problem = next(_svg_problems(content), "")
        case "image/png":
            problem = _png_problem(content)
        case "image/jpeg":
            problem = _jpeg_problem(content)
    if media is None or problem:
        help = "save it as PNG, or as a plain SVG that only draws: shapes, texts and gradients"
        desk.error("SS959", f"the logo '{written[:80]}' cannot be used: {problem}", node, help)
        return None
    return Logo(path.name, media, content)


def _beside(desk: Desk, node: Node, written: str) -> Path | None:
    """The file in the letterhead's folder or below; None with a finding where it is elsewhere or not there."""
    here = Path(desk.source.path).parent
    if "\\" in written or "\0" in written or PurePosixPath(written).is_absolute() or PureWindowsPath(written).drive:
        desk.error("SS959", f"'{written[:80]}' is not a file beside the letterhead", node, "write its name, such as logo.svg")
        return None
    path = Path(os.path.normpath(here / written))
    root = Path(os.path.realpath(here))
    if not path.absolute().is_relative_to(os.path.normpath(here.absolute())) or not Path(os.path.realpath(path)).is_relative_to(root):
        help = "a logo lies in the letterhead's folder; links do not lead out of it either: copy the file there"
        desk.error("SS959", f"'{written[:80]}' leads out of the letterhead's folder", node, help)
        return None
    if not path.is_file():
        desk.error("SS959", f"there is no file '{written[:80]}'", node, f"it was looked for at {path}")
        return None
    return path


def _media_type(content: bytes) -> _MediaType | None:
    """What the content is, by how it begins (an SVG: by its root, which is looked at again when it is parsed)."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/svg+xml" if b"<svg" in content[:4_000] else None


_BROKEN = "the picture is broken off or damaged"


def _png_problem(content: bytes) -> str:
    """Whether the chunks are whole, from IHDR to IEND, and the picture of a size that can be shown."""
    names, at = [], 8
    while at + 12 <= len(content):
        names.append(content[at + 4 : at + 8])
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        if names[-1] == b"IEND":
            break
    whole = names[:1] == [b"IHDR"] and names[-1] == b"IEND" and b"IDAT" in names and at <= len(content)
    return _size_problem(content[16:20], content[20:24]) if whole else _BROKEN


def _jpeg_problem(content: bytes) -> str:
    """Whether there is a frame with its size, a scan after it, and an end."""
    at, frame = 2, b""
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in _FRAMES:
            frame = content[at + 5 : at + 9]
        if marker == _SCAN:
            whole = len(frame) == 4 and content.find(b"\xff\xd9", at + 2 + length) >= 0
            return _size_problem(frame[2:], frame[:2]) if whole else _BROKEN
        at += 2 + max(length, 2)
    return _BROKEN


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA


def _size_problem(width: bytes, height: bytes) -> str:
    sides = [int.from_bytes(side, "big") for side in (width, height)]
    if 0 in sides:
        return "the picture has no width or no height"
    return f"the picture has more than {MOST_PIXELS:,} pixels on a side" if max(sides) > MOST_PIXELS else ""


def _svg_problems(content: bytes) -> Iterator[str]:
    """What in the SVG is more than a drawing."""
    from xml.etree import ElementTree

    # Entities can grow without bound, and a stylesheet instruction loads a file: neither gets as far as the parser.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<?xml-stylesheet" in content:
        yield "it declares entities or loads a style"
        return
    try:
        root = ElementTree.fromstring(content.decode("utf-8-sig"))  # noqa: S314 - without entities, within 1 MB
    except (UnicodeDecodeError, ElementTree.ParseError, ValueError):
        yield "it is not well-formed XML in UTF-8"
        return
    if root.tag != f"{_SVG}svg":
        yield "its root is not an SVG's"
        return
    elements = list(root.iter())
    if len(elements) > MOST_ELEMENTS:
        yield f"it has more than {MOST_ELEMENTS} parts"
        return
    for element in elements:
        yield from _element_problems(element)


def _element_problems(element: Element) -> Iterator[str]:
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag.startswith((_SVG, *("{" + namespace for namespace in _EDITORS))):
        yield f"it holds '{tag[:60]}', which is no drawing"
    elif tag.startswith(_SVG) and tag.removeprefix(_SVG) not in _DRAWN:
        yield f"it holds '{tag.removeprefix(_SVG)[:60]}', which is more than a drawing"
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2].lower()
        if plain.startswith("on"):
            yield f"it has an event, '{plain[:60]}'"
        elif not name.startswith(tuple("{" + namespace for namespace in _EDITORS)) and _leads_out(plain, value):
            yield f"it refers to something outside: '{value[:60]}'"


def _leads_out(name: str, value: str) -> bool:
    """Whether the value of an attribute names anything but a part of the same picture, or runs something."""
    if name == "href":
        return _OWN_PART.fullmatch(value.strip()) is None
    packed = _SPACES_AND_QUOTES.sub("", value).lower()
    return any(sign in packed for sign in _OUTSIDE) or any(not after.startswith("#") for after in packed.split("url(")[1:])
