"""One scalar -> how it is written: the same value always. A text keeps its author's quotes, an expression has them where it needs them."""

from __future__ import annotations

import re

from .tree import Alias, Scalar

_FIRST = re.compile(r"-?(?:\w|[(])")
"""What an expression without quotes may begin with."""
_LIKE_A_VALUE = re.compile(r"[-+]?\.?[0-9]\S*|true|false|null|missing|none", re.IGNORECASE)
"""What would, or might, be something else than a text without quotes."""
_NAME = re.compile(r"[^\W\d_][\w-]*")
_WORDS_OF_YAML = frozenset("true false null yes no on off y n".split())
"""Keys that other programs would not take for texts."""
_HEADER = re.compile(r"([|>])([-+0-9]*)")


def anchored(anchor: str, text: str) -> str:
    return text if not anchor else f"&{anchor} {text}".rstrip()


def on_one_line(scalar: Scalar | Alias, *, flow: bool, expression: bool) -> str | None:
    """The scalar on one line; None where it needs several. `flow`: it stands inside braces or brackets."""
    if isinstance(scalar, Alias):
        return f"*{scalar.name}"
    text = _folded(scalar)
    if text is None:
        return None
    if expression and scalar.style in ("'", '"') and "\n" not in scalar.value:
        text = _quoted_where_needed(scalar.value, text, flow)
    return anchored(scalar.anchor, text)


def key_text(key: Scalar) -> str:
    """A key as it is written: a name without quotes."""
    if key.style in ("'", '"') and _NAME.fullmatch(key.value) and key.value.lower() not in _WORDS_OF_YAML:
        return anchored(key.anchor, key.value)
    return anchored(key.anchor, _folded(key) or key.raw)


def _folded(scalar: Scalar) -> str | None:
    if "\n" not in scalar.raw and scalar.style not in ("|", ">"):
        return scalar.raw
    if scalar.style in ("|", ">") or "\n\n" in re.sub(r"[ \t]", "", scalar.raw) or "\\\n" in scalar.raw:
        return None
    first, *others = scalar.raw.split("\n")
    return " ".join([first.rstrip(" \t"), *(line.strip(" \t") for line in others[:-1]), *(line.lstrip(" \t") for line in others[-1:])])


def _quoted_where_needed(value: str, written: str, flow: bool) -> str:
    if stands_alone(value, flow):
        return value
    if written[0] == "'" or not value.isprintable() or ("'" in value and '"' not in value and "\\" not in value):
        return written
    return "'" + value.replace("'", "''") + "'"


def stands_alone(value: str, flow: bool) -> bool:
    """True where an expression needs no quotes."""
    if not value or value != value.strip() or not value.isprintable() or _FIRST.match(value) is None:
        return False
    if _LIKE_A_VALUE.fullmatch(value) or ": " in value or value.endswith(":") or " #" in value:
        return False
    return not (flow and re.search(r"[,:\[\]{}?#]", value))


def on_lines(scalar: Scalar, indent: int) -> list[str]:
    """The scalar on several lines: the first as it follows the key, the others indented so far."""
    if scalar.style in ("|", ">"):
        return _block(scalar, indent)
    first, *others = scalar.raw.split("\n")
    lines = [_bare_end(first, scalar.style)]
    for line in others:
        bare = _bare_end(line.lstrip(" \t"), scalar.style)
        lines.append(" " * indent + bare if bare else "")
    return [anchored(scalar.anchor, lines[0]), *lines[1:]]


def _bare_end(line: str, style: str) -> str:
    """Without white space at its end, unless a backslash makes that a part of the text."""
    bare = line.rstrip(" \t")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return f"{bare} " if style == '"' and backslashes % 2 and bare != line else bare


def _block(scalar: Scalar, indent: int) -> list[str]:
    """A literal (|) or folded (>) scalar. The lines of its content keep what they have beyond their common indentation."""
    header, *content = scalar.raw.split("\n")
    found = _HEADER.match(header)
    assert found is not None
    lines = [line[scalar.content_indent :] for line in content]
    chomping = next((sign for sign in found.group(2) if sign in "+-"), "")
    if chomping == "+" and lines and not lines[-1]:
        lines.pop()  # what follows the last line break
    if chomping == "+" and (not lines or lines[-1]):
        chomping = ""  # nothing to keep
    filled = next((line for line in lines if line.strip(" ")), "")
    deeper = filled.startswith(" ") or any(line.startswith(" ") for line in lines[: lines.index(filled) if filled else len(lines)])
    digit = "2" if deeper else ""
    return [
        anchored(scalar.anchor, f"{found.group(1)}{digit}{chomping}"),
        *(" " * indent + line if line else "" for line in lines),
    ]
