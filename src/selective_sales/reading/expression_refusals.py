"""Forms that the grammar allows and the language refuses, because nobody means what they would mean. Each raises `RefusedError`."""

from __future__ import annotations

from .expression_tokens import RefusedError, Slip, Token

_WORDS = {"and": "a and b", "or": "a or b", "not": "not a", "in": "a in [b, c]", "between": "a between b and c", "is": "a is missing"}


def too_deep(start: int, end: int, deepest: int) -> Slip:
    """The slip of brackets (or `if`s) within brackets without end."""
    message = f"more than {deepest} brackets or ifs stand within each other"
    return Slip("SS152", message, "give the inner parts names: make them metrics", start, end)


def refuse_call(tokens: list[Token], first: int, after: int) -> None:
    """`NOT(x)`, `IF(a, b, c)`: keywords used as functions; `duration(x)` of anything but a written text."""
    name = tokens[first].text
    start, end = tokens[first].start, tokens[after - 1].end
    word = name.lower()
    if word == "if":
        raise RefusedError(if_function(tokens, first, after))
    if word in _WORDS:
        raise RefusedError(
            Slip("SS159", f"'{name}' is no function", f"write it small, between or before its sides: {_WORDS[word]}", start, end)
        )
    if name == "duration" and not (after == first + 4 and tokens[first + 2].kind == "text"):
        raise RefusedError(
            Slip("SS180", "duration(...) takes one text in quotes", 'write 90 days, 12 months, or duration("P12M")', start, end)
        )


def if_function(tokens: list[Token], first: int, after: int) -> Slip:
    """The slip of a spreadsheet's IF(a; b; c), whose tokens are first..after."""
    parts = _arguments(tokens, first + 2, after - 1)
    form = "if condition then one value else another"
    if len(parts) == 3 and all(parts):
        form = f"if {parts[0]} then {parts[1]} else {parts[2]}"
    start, end = tokens[first].start, tokens[after - 1].end
    return Slip("SS171", "this is a spreadsheet's IF; here a choice is written in words", f"write: {form}", start, end)


def refuse_tests(tokens: list[Token], opening: int, after: int) -> None:
    """`x in [1-5]`: a list of one number, minus four, where an interval was meant."""
    inner = tokens[opening + 1 : after - 1]
    if [token.kind for token in inner] == ["number", "-", "number"] and inner[0].end == inner[1].start and inner[1].end == inner[2].start:
        low, high = inner[0].text, inner[2].text
        start, end = tokens[opening].start, tokens[after - 1].end
        raise RefusedError(Slip("SS185", f"'{low}-{high}' is a subtraction, not an interval", f"write [{low}..{high}]", start, end))


def _arguments(tokens: list[Token], first: int, after: int) -> list[str]:
    """The texts between the commas or semicolons of one bracket level."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens[first:after]:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if depth == 0 and token.text in (",", ";"):
            parts.append([])
        else:
            parts[-1].append(token)
    return [written(part) for part in parts]


def written(tokens: list[Token]) -> str:
    """The tokens as text again, with a space wherever there was one."""
    pieces: list[str] = []
    for i, token in enumerate(tokens):
        if i and tokens[i - 1].end < token.start:
            pieces.append(" ")
        pieces.append(token.text)
    return "".join(pieces)
