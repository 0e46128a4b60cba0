"""Slips with signs: those of other languages, of keyboards and word processors, and characters that mean nothing here."""

from __future__ import annotations

import re
import unicodedata

from .expression_tokens import COMPARISONS, Expected, Slip, Token
from .expression_trouble import Trouble, begins_value, is_value, reads, spliced

_COMPARED = {"=>": ">=", "=<": "<=", "==": "=", "===": "=", "!==": "!=", "<>": "!="}
_LOGIC = {"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"}
_TYPESET = {
    **dict.fromkeys("−–—‐‑﹣－", "-"),
    **dict.fromkeys("×·∙⋅•＊", "*"),
    **dict.fromkeys("÷∕⁄／", "/"),
    "≥": ">=",
    "⩾": ">=",
    "≤": "<=",
    "⩽": "<=",
    "≠": "!=",
    "…": "..",
    "＋": "+",
    "＝": "=",
    "＜": "<",
    "＞": ">",
    "（": "(",
    "）": ")",
    "∧": "and",
    "∨": "or",
    "¬": "not",
    "∈": "in",
    "∉": "not in",
    "，": ",",
    "％": "%",
    "［": "[",
    "］": "]",
}
_QUOTES = "„“”‟«»‘’‚‛‹›＂＇"
_QUOTED = re.compile(f"[{_QUOTES}\"']([^{_QUOTES}\"']*)[{_QUOTES}\"']")
_SPLIT = {
    "= >": ">=",
    "= <": "<=",
    "> =": ">=",
    "< =": "<=",
    "= =": "=",
    "! =": "!=",
    "< >": "!=",
    "> <": "!=",
    "= !": "!=",
    "! <": ">=",
    "! >": "<=",
}


def wrong_sign(t: Trouble) -> Slip | None:
    """`==`, `=>`, `&&`, `≥`, `^`: signs with one right form."""
    found = _right_form(t.here)
    if found is None or (t.here.text == "!" and t.after.text in COMPARISONS):
        return None
    code, new = found
    changes = [(token.start, token.end, form[1]) for token in t.tokens if (form := _right_form(token)) is not None]
    whole = spliced(t.text, changes)
    help = f"write: {whole}" if reads(whole) else f"write {new} instead of {t.here.text}"
    return t.slip(code, _MESSAGES[code].format(t.here.text), help)


_MESSAGES = {
    "SS157": "'{}' is not a comparison here",
    "SS158": "'{}' is a programming language's sign: here it is a word",
    "SS172": "'{}' does not belong into an expression",
    "SS173": "'{}' is not the sign for a power",
    "SS174": "'{}' is a typeset sign, not one from the keyboard",
}


def split_sign(t: Trouble) -> Slip | None:
    """`> =`: one comparison, written as two."""
    joined = f"{t.before.text} {t.here.text}"
    if joined in _SPLIT and (t.here.text != "!" or t.touches(0)):
        return t.slip("SS157", f"'{t.text[t.before.start : t.here.end]}' is not one comparison", t.write(_SPLIT[joined], -1), -1)
    if t.here.text == "!" and f"! {t.after.text}" in _SPLIT:
        return t.slip("SS157", f"'!' and '{t.after.text}' stand apart", t.write(_SPLIT[f"! {t.after.text}"], 0, 1), 0, 1)
    return None


def quotes(t: Trouble) -> Slip | None:
    """A text that never ends, and quotes of a word processor."""
    if t.here.kind == "other" and t.here.text in _QUOTES:
        return _typeset_quotes(t, 0)
    unclosed = next((i for i, token in enumerate(t.tokens) if token.kind == "unclosed"), None)
    if unclosed is None:
        return None
    offset = unclosed - t.index
    # Quotes that do not pair up are seen late: what stands between two texts is then read as names, right after a closing quote.
    if offset == 0 or t.before.kind == "text" or (t.here.kind == "text" and t.touches(0)):
        if any(char in t.text for char in _QUOTES):
            return _typeset_quotes(t, offset)
        quote = t.tokens[unclosed].text[0]
        what = "the name in backquotes" if quote == "`" else "the text"
        return Slip("SS155", f"{what} that begins here has no closing {quote}", _closing_help(t, unclosed), *t.tokens[unclosed][2:])
    return None


def _closing_help(t: Trouble, unclosed: int) -> str:
    quote = t.tokens[unclosed].text[0]
    for other in ("”", "“", "’", "''"):
        if other in t.tokens[unclosed].text:
            return f"close it with the same sign it was opened with: {quote}"
    help = f"write a {quote} at its end, or check that the quotes pair up"
    return f'{help}; an apostrophe inside a text needs the other quotes: "client\'s"' if quote == "'" else help


def _typeset_quotes(t: Trouble, offset: int) -> Slip:
    whole = _QUOTED.sub(r'"\1"', t.text)
    help = f"write: {whole}" if reads(whole) else "use the straight quotes of the keyboard: \"text\" or 'text'"
    return t.slip("SS156", "these are a word processor's quotes", help, offset, offset)


def percent_sign(t: Trouble) -> Slip | None:
    """`5 %`, `a % b`, `x %`."""
    if t.here.text != "%":
        return None
    if t.before.kind == "number" and not begins_value(t.after):
        return t.slip("SS160", "a percentage is written without a space", t.write(f"{t.before.text}%", -1), -1)
    if begins_value(t.after) and is_value(t.before):
        help = "a remainder (modulo) cannot be calculated here; a percentage is a number with % right after it: 5%"
        return t.slip("SS160", "'%' stands only right after a number", help)
    return t.slip(
        "SS160", "'%' stands only right after a number", "write 5% for 0.05; to turn a share into per cent points multiply by 100"
    )


def braces(t: Trouble) -> Slip | None:
    """`{a, b}`, `{name}`, `{{ name }}`."""
    if t.here.text not in ("{", "}"):
        return None
    inside = re.compile(r"\{+\s*([^{}]*?)\s*\}+")
    if t.before.kind == "in":
        whole = inside.sub(r"[\1]", t.text)
        help = f"write: {whole}" if reads(whole) else "write in [a, b]"
        return t.slip("SS169", "a list stands in square brackets, not in braces", help)
    whole = inside.sub(r"\1", t.text)
    help = (
        f"write: {whole}"
        if reads(whole)
        else "braces are for texts; in an expression a name stands alone, a list in square brackets: in [a, b]"
    )
    return t.slip("SS169", f"'{t.here.text}' does not belong into an expression", help)


def decorated_name(t: Trouble) -> Slip | None:
    """`$revenue`, `@revenue`, `:revenue`."""
    if t.here.text in ("$", ":", "#") and t.expected is Expected.VALUE and t.after.kind == "name" and t.touches(1):
        return t.slip("SS189", f"a name stands alone, without '{t.here.text}'", t.write(t.after.text, 0, 1), 0, 1)
    if t.expected is Expected.AT_TEXT:
        help = f"write: {t.here.text}" if t.here.kind == "name" else '@ stands only before a date or duration in quotes: @"2026-11-22"'
        return t.slip("SS189", "'@' stands only before a date or duration in quotes", t.write(t.here.text, -1, 0, help), -1)
    return None


def strange_character(t: Trouble) -> Slip | None:
    """Whatever is no token at all, and was not understood as something else."""
    char = t.here.text
    if t.here.kind not in ("other", "wrong"):
        return None
    if char == ";" and t.opener >= 0:
        return t.slip("SS172", "values are set apart with commas", t.write(",", otherwise="write a comma instead of ;"))
    if char == ";":
        return t.slip(
            "SS172",
            "';' does not belong into an expression",
            "an expression is one thing without an end sign; join conditions with and, or",
        )
    if char == "#":
        return t.slip(
            "SS183",
            "a comment cannot stand inside an expression",
            "put it on a line of its own, or after the closing quote, as YAML's ' # ...'",
        )
    if char in (":", "?", "\\", "~", "$") or t.here.kind == "wrong":
        return t.slip("SS172", f"'{char}' does not belong into an expression", _SIGN_HELP.get(char, "leave it out"))
    if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
        name = unicodedata.name(char, "a control character")
        return t.slip("SS182", f"an invisible character stands here (U+{ord(char):04X}, {name})", "delete it and type the spot again")
    if char.isdigit():
        return t.slip("SS161", f"the digit '{char}' is not one of 0 to 9", t.write(str(unicodedata.digit(char))))
    return t.slip(
        "SS182",
        f"the character '{char}' has no meaning in an expression",
        "delete it, or put a name that has it in backquotes, a text in quotes",
    )


_SIGN_HELP = {
    "?": "a choice is written: if condition then one value else another",
    ":": "write a comparison with =, a choice with if ... then ... else, an interval with two dots: in [1..5]",
    "\\": "a backslash stands only inside a text in quotes",
    "~": "to look into a text write contains(x, y) or matches(x, y)",
    "->": "an expression only asks; what follows stands under then:",
}


def _right_form(token: Token) -> tuple[str, str] | None:
    if token.kind not in ("wrong", "other"):
        return None
    if token.text in _COMPARED:
        return "SS157", _COMPARED[token.text]
    if token.text in _LOGIC:
        return "SS158", _LOGIC[token.text]
    if token.text in _TYPESET:
        return "SS174", _TYPESET[token.text]
    return {"^": ("SS173", "**"), ":=": ("SS172", "=")}.get(token.text)
