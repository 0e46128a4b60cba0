"""Slips with words: capitals, other languages' words, spoken comparisons, names with spaces."""

from __future__ import annotations

from .expression_tokens import KEYWORDS, Expected, Slip, tokenize
from .expression_trouble import Trouble, begins_value, reads, spliced

_BLANK = frozenset("null missing none blank empty nothing unknown nil na puste brak undefined".split())
_POLISH = {
    **dict.fromkeys("i oraz".split(), "and"),
    **dict.fromkeys("lub albo".split(), "or"),
    **dict.fromkeys("nie".split(), "not"),
    **dict.fromkeys("jeśli jeżeli gdy".split(), "if"),
    **dict.fromkeys("to wtedy".split(), "then"),
    **dict.fromkeys("inaczej".split(), "else"),
    **dict.fromkeys("w".split(), "in"),
}
_COMPARED = {
    ">": "more than|greater than|larger than|bigger than|higher than|above|over|exceeds|later than|after|gt"
    "|greater then|bigger then|more then|higher then|greater|bigger|more|higher|larger"
    "|większe niż|większy niż|powyżej|ponad",
    "<": "less than|fewer than|smaller than|lower than|below|under|earlier than|before|lt"
    "|less then|smaller then|less|smaller|lower|mniejsze niż|mniejszy niż|poniżej",
    ">=": "at least|no less than|not less than|not below|greater than or equal to|more than or equal to|greater or equal|gte|ge"
    "|co najmniej|nie mniej niż",
    "<=": "at most|no more than|not more than|not above|less than or equal to|less or equal|up to|lte|le|co najwyżej|nie więcej niż",
    "=": "equals|equal to|equal|the same as|eq|equals to|wynosi|równe|równa się",
    "!=": "not equal to|not equal|different from|other than|ne|różne od|inne niż",
}
_PHRASES = sorted(((phrase.split(), op) for op, all_ in _COMPARED.items() for phrase in all_.split("|")), key=lambda p: -len(p[0]))
_OTHER_CASE = frozenset(KEYWORDS) - {"missing", "present", "null", "true", "false"}


def spoken_comparison(t: Trouble) -> Slip | None:
    """`revenue is more than 5`, `x equals 5`, `x is at least 3`."""
    if t.expected not in (
        Expected.OPERATOR,
        Expected.CLOSE,
        Expected.IS_WORD,
        Expected.IN_WORD,
        Expected.THEN,
        Expected.ELSE,
        Expected.CHAIN_END,
    ):
        return None
    first = 0
    while t.at(first - 1).text.lower() in ("is", "not", "jest", "are") and t.at(first - 1).kind in ("is", "not", "name"):
        first -= 1
    words = [token.text.lower() for token in t.tokens[t.index + first :][:8]]
    if words[:2] == ["older", "than"] or words[:3] == ["is", "older", "than"]:
        help = f"count from the run's date: as_of - {t.at(first - 1).text} > 90 days"
        return t.slip("SS176", "'older than' is said with a calculation here", help, first, first + words.index("than"))
    skipped = 1 if words and words[0] in ("is", "jest", "are") else 0
    for phrase, op in _PHRASES:
        if words[skipped : skipped + len(phrase)] == phrase:
            last = first + skipped + len(phrase) - 1
            said = t.text[t.at(first).start : t.at(last).end]
            return t.slip("SS176", f"'{said}' is said with a sign here", t.write(op, first, last), first, last)
    return None


def blank_test(t: Trouble) -> Slip | None:
    """`x is null`, `x is not missing`, `x not missing`, `x is empty`."""
    if t.expected is Expected.IS_WORD:
        if t.here.text.lower() in _BLANK:
            return t.slip("SS165", f"'is {t.here.text}' is written 'is missing' here", t.write("missing"), -1)
        if t.here.text.lower() == "not" and t.after.text.lower() in _BLANK:
            said = f"is {t.here.text} {t.after.text}"
            return t.slip("SS165", f"'{said}' is written 'is present' here", t.write("present", 0, 1), -1, 1)
        if t.here.text.lower() == "not" and t.after.text.lower() == "present":
            return t.slip("SS165", "'is not present' is written 'is missing' here", t.write("missing", 0, 1), -1, 1)
    if t.expected is Expected.IN_WORD and t.here.text.lower() in _BLANK:
        return t.slip("SS165", f"'not {t.here.text}' is written 'is present' here", t.write("is present", -1), -1)
    if t.expected is Expected.OPERATOR and t.here.text.lower() in ("isnull", "notnull", "exists"):
        new = "is missing" if t.here.text.lower() == "isnull" else "is present"
        return t.slip("SS165", f"'{t.here.text}' is written '{new}' here", t.write(new))
    return None


def is_something(t: Trouble) -> Slip | None:
    """`x is 5`, `x is not 5`, `x is in [..]`: only `is missing` and `is present` exist."""
    if t.expected is not Expected.IS_WORD:
        return None
    if t.here.kind in ("in", "between", "=", "!=", "<", "<=", ">", ">=") or (t.here.kind == "not" and t.after.kind == "in"):
        return t.slip("SS176", f"'is {t.here.text}' is written without 'is'", t.write("", -1, -1, f"write only {t.here.text}"), -1)
    if t.here.kind == "not" and t.after.kind not in ("end", "not"):
        return t.slip("SS176", "'is not' is written '!='", t.write("!=", -1), -1)
    if begins_value(t.here) or t.here.kind == "-":
        return t.slip("SS176", "'is' asks only for 'missing' and 'present'", t.write("=", -1, -1), -1)
    return t.slip(
        "SS150", "after 'is' stands 'missing' or 'present'", "write x is missing, or x is present; a comparison is written with ="
    )


def other_case(t: Trouble) -> Slip | None:
    """`AND`, `Or`, `NOT x`, `IF a THEN`; `i`, `oraz`, `lub`."""
    for offset in (0, -1):
        token = t.at(offset)
        if token.kind != "name":
            continue
        word = token.text.lower()
        right = word if word in _OTHER_CASE else _POLISH.get(word)
        if right is None or (offset == -1 and right not in ("not", "if")) or (offset == 0 and right in ("not", "if")):
            continue
        changes = _all_small(t.text)
        if word in _POLISH and not changes:
            continue  # a name that only looks like one: cost to serve
        message = f"'{token.text}' is written '{right}' here"
        help = changes if changes else f"write {right}: the words of the language are small and English"
        return t.slip("SS159", message, help, offset, offset)
    return None


def _all_small(text: str) -> str:
    """`write: ...` with every keyword small and English, where that reads."""
    changes = []
    for token in tokenize(text):
        word = token.text.lower()
        if token.kind == "name" and (word in KEYWORDS or word in _POLISH):
            changes.append((token.start, token.end, word if word in KEYWORDS else _POLISH[word]))
    whole = spliced(text, changes)
    return f"write: {whole}" if reads(whole) else ""


def spaced_name(t: Trouble) -> Slip | None:
    """`cost to serve`: one name in several words."""
    if t.here.kind != "name" or t.before.kind != "name" or t.touches(0):
        return None
    if t.here.text.lower() in ("notin", "nin"):
        return t.slip("SS159", f"'{t.here.text}' is two words here", t.write("not in"))
    first, last = -1, 0
    while t.at(first - 1).kind == "name":
        first -= 1
    while t.at(last + 1).kind == "name":
        last += 1
    words = [t.at(i).text for i in range(first, last + 1)]
    joined, spaced = "_".join(words), " ".join(words)
    if len(words) == 2 and "_" in spaced and t.opener < 0:
        help = f"write {words[0]} < {words[1]}, or another operator; a name with a space stands in backquotes: `{spaced}`"
        return t.slip("SS150", f"an operator is missing between '{words[0]}' and '{words[1]}'", help, first, last)
    also = ", or a comma between two values" if t.opener >= 0 else ""
    also += "; or an operator such as < is missing between them" if len(words) == 2 else ""
    help = f"{t.write(joined, first, last)} (or `{spaced}` in backquotes, if that is its name{also})"
    return t.slip("SS170", f"'{spaced}' is {len(words)} words where one name can stand", help, first, last)


def else_if(t: Trouble) -> Slip | None:
    """`elif`, `elseif`, `elsif`."""
    if t.here.text.lower() in ("elif", "elseif", "elsif"):
        return t.slip("SS171", f"'{t.here.text}' is two words here", t.write("else if", otherwise="write else if"))
    return None
