"""Slips with forms: `in`, `between`, `if`, brackets, chains, an end too early."""

from __future__ import annotations

from .expression_refusals import if_function
from .expression_tokens import COMPARISONS, Expected, Slip
from .expression_trouble import YAML_CUT, Trouble, begins_value, is_value


def spreadsheet_if(t: Trouble) -> Slip | None:
    """`IF(a; b; c)`, `if(a, b, c)`."""
    opener = t.opener
    if t.here.text not in (";", ",") or opener < 1 or t.tokens[opener - 1].text.lower() != "if":
        return None
    depth, after = 0, opener
    for after in range(opener, len(t.tokens)):
        depth += (t.tokens[after].text == "(") - (t.tokens[after].text == ")")
        if depth == 0:
            break
    return if_function(t.tokens, opener - 1, min(after + 1, len(t.tokens)))


def too_early(t: Trouble) -> Slip | None:
    """The expression ends where something must follow."""
    if t.here.kind != "end":
        return None
    if t.expected is Expected.CLOSE:
        opener = t.tokens[t.opener]
        closer = {"(": ")", "[": "]"}[opener.text]
        help = f"add {closer} where it ends; {YAML_CUT}"
        return Slip("SS154", f"the bracket {opener.text} that opens here is never closed", help, opener.start, opener.end)
    if t.expected is Expected.THEN:
        return t.slip("SS171", "this 'if' has no 'then'", "write if condition then one value else another")
    if t.expected is Expected.ELSE:
        return t.slip("SS171", "this 'if' has no 'else'", f"say what holds otherwise: {t.text.strip()} else missing")
    if t.expected is Expected.BETWEEN_AND:
        return t.slip("SS168", "'between' needs two ends", "write x between 1 and 5")
    message = f"the expression breaks off after '{t.before.text}'"
    wanted = {
        Expected.TARGET: "a list [a, b], an interval [1..5], or the name of a list",
        Expected.IN_WORD: "'in' and a list (x not in [a, b])",
        Expected.IS_WORD: "'missing' or 'present'",
        Expected.NAME: "a name",
        Expected.RANGE: "two dots and the other end: [1..5]",
    }.get(t.expected, "a value")
    return t.slip("SS153", message, f"here {wanted} must follow; {YAML_CUT}")


def brackets(t: Trouble) -> Slip | None:
    """`a)`, `(a]`, `]1..5]`."""
    if t.expected is Expected.TARGET and t.here.text == "]":
        return t.slip(
            "SS184", "an open end is written with a round bracket", "write (1..5] for 'above 1, up to 5', (1..5) for both ends open"
        )
    if t.here.text not in (")", "]") or t.expected is Expected.VALUE:
        return None
    if t.opener < 0:
        return t.slip("SS154", f"the bracket {t.here.text} closes nothing", "leave it out, or open it where the group begins")
    opener = t.tokens[t.opener].text
    if t.expected is Expected.CLOSE or t.expected is Expected.OPERATOR:
        closer = {"(": ")", "[": "]"}[opener]
        return t.slip(
            "SS154", f"the bracket {opener} is closed by {t.here.text}", f"close it with {closer}; brackets close in the order they opened"
        )
    return None


def intervals(t: Trouble) -> Slip | None:
    """Lists and intervals where none can stand, and dots that are not two."""
    if t.here.text == "[" and t.expected is Expected.VALUE:
        if t.before.kind == "=":
            return t.slip("SS185", "'=' compares with one value", t.write("in", -1, -1, "write in instead of ="), -1)
        if t.before.kind == "!=":
            return t.slip("SS185", "'!=' compares with one value", t.write("not in", -1, -1, "write not in instead of !="), -1)
        return t.slip("SS185", "a list or an interval stands only after 'in'", "write x in [a, b] or x in [1..5]")
    if t.here.text == "..":
        return t.slip("SS185", "an interval stands in brackets after 'in'", "write x in [1..5]")
    if t.here.text == "." and t.before.text == "..":
        return t.slip("SS185", "an interval has two dots", t.write("..", -1, 0), -1)
    if t.here.text in (":", "-") and t.opener > 0 and t.tokens[t.opener - 1].kind == "in" and t.before.kind == "number":
        return t.slip("SS185", f"an interval has two dots, not '{t.here.text}'", t.write(".."))
    if t.expected is Expected.RANGE:
        return t.slip(
            "SS185", "inside a list, brackets hold an interval", "write [1..5]; the values of a list stand side by side: [a, b, c]"
        )
    return None


def between(t: Trouble) -> Slip | None:
    """`between 1, 5`, `between 1 to 5`, `between [1..5]`, `x not between 1 and 5`."""
    if t.expected is Expected.IN_WORD and t.here.kind == "between":
        return t.slip("SS167", "'not' stands before the whole comparison", "write not (x between 1 and 5)", -1)
    if t.here.text.lower() in ("from", "od") and is_value(t.before):
        return t.slip("SS168", f"'{t.here.text}' is written 'between' here", "write x between 1 and 5")
    if t.before.kind == "between" and t.here.text in ("[", "{"):
        return t.slip("SS168", "'between' stands without brackets", "write x between 1 and 5, or x in [1..5]")
    opener = t.opener
    if t.here.text in (",", "..", ";") and opener > 0 and t.tokens[opener - 1].kind == "between":
        return t.slip("SS168", "'between' stands without brackets", "write x between 1 and 5, or x in [1..5]", opener - t.index)
    if t.expected is Expected.BETWEEN_AND:
        return t.slip("SS168", "between the two ends of 'between' stands 'and'", t.write("and", otherwise="write x between 1 and 5"))
    return None


def membership(t: Trouble) -> Slip | None:
    """`x in <= 10`, `x in 5`, `x not = 5`."""
    negated = t.at(-2).kind == "not"
    if t.expected is Expected.TARGET:
        first = -2 if negated else -1
        if t.here.text in COMPARISONS:
            opposite = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
            op = opposite[t.here.text] if negated else t.here.text
            return t.slip("SS166", f"'{t.here.text}' needs no 'in'", t.write(op, first), first)
        if t.here.kind == "text" and (t.after.text == "," or "," in t.here.text):
            return t.slip("SS166", "after 'in' stands a list in brackets", 'write in ["a", "b"], each text in its own quotes')
        if begins_value(t.here) or t.here.kind == "-":
            new = "!=" if negated else "="
            help = t.write(new, first, -1, f"write {new} for one value, [a, b] for a list, [1..5] for an interval")
            return t.slip("SS166", "after 'in' stands a list, an interval, or the name of a list", help)
        return t.slip("SS166", "after 'in' stands a list, an interval, or the name of a list", "write x in [a, b] or x in [1..5]")
    if t.here.text == "," and t.at(-2).kind == "in" and t.opener < 0:
        help = f"write in [{t.before.text}, ...]; a text needs quotes"
        return t.slip("SS166", "after 'in' stands a list in brackets", help, -1)
    if t.here.text == "(" and t.before.kind == "name" and t.at(-2).kind == "in":
        return t.slip(
            "SS166",
            "after 'in' stands a list, an interval, or the name of a list",
            "put calculated values into a list: x in [f(a), f(b)]",
            -1,
        )
    if t.expected is Expected.IN_WORD:
        if t.here.text in ("=", "<", ">", "<=", ">="):
            opposite = {"=": "!=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
            return t.slip("SS167", f"'not {t.here.text}' is one sign", t.write(opposite[t.here.text], -1), -1)
        return t.slip("SS167", "'not' stands before a condition, or in 'not in'", "write not (condition), x not in [a, b], or x != y", -1)
    return None


def without_branch(t: Trouble) -> Slip | None:
    """`if a b else c`: no `then` comes any more, so its absence is the slip."""
    wanted = {Expected.THEN: "then", Expected.ELSE: "else"}.get(t.expected)
    if wanted is None or t.here.kind in ("end", ";", ",") or any(token.text.lower() == wanted for token in t.tokens[t.index :]):
        return None
    return choice(t)


def choice(t: Trouble) -> Slip | None:
    """`if` as an operand; `then` and `else` on their own."""
    if t.here.kind == "if" and t.expected is not Expected.VALUE:
        return t.slip("SS171", "a choice begins with 'if'", "write if condition then one value else another")
    if t.here.kind == "if":
        return t.slip("SS181", "an 'if' inside a calculation needs parentheses", "write a + (if b then c else d)")
    if t.here.kind == "not" and t.expected is Expected.VALUE:
        return t.slip("SS167", "'not' turns a whole condition and needs parentheses here", "write a = (not b), or a != b")
    if t.expected is Expected.THEN:
        return t.slip(
            "SS171", f"after the condition of 'if' stands 'then', not '{t.here.text}'", "write if condition then one value else another"
        )
    if t.expected is Expected.ELSE:
        message = f"after 'then' and its value stands 'else', not '{t.here.text}'"
        return t.slip("SS171", message, "write if condition then one value else another; else missing where there is none")
    if t.here.kind in ("then", "else") and t.expected in (Expected.OPERATOR, Expected.CLOSE):
        return t.slip("SS171", f"this '{t.here.text}' belongs to no 'if'", "write if condition then one value else another")
    return None


def chain(t: Trouble) -> Slip | None:
    """`a < b < c`, `x in [a] + 1`."""
    if t.expected is not Expected.CHAIN_END:
        return None
    if t.here.kind in ("=", "!=") and t.after.kind in ("true", "false"):
        wanted = (t.here.kind == "=") == (t.after.kind == "true")
        help = t.write("", 0, 1) if wanted else "put not and parentheses around the condition: not (a in [b, c])"
        return t.slip("SS175", "a condition is true or false by itself", help, 0, 1)
    if t.here.kind in COMPARISONS and (middle := _shared(t)):
        return t.slip(
            "SS175", "two comparisons cannot share a value", t.write(f"and {middle} {t.here.text}", otherwise="write a < b and b < c")
        )
    if t.here.kind in ("in", "is", "between", "not", *COMPARISONS):
        return t.slip(
            "SS175", f"'{t.here.text}' cannot follow a comparison", "join two conditions with and, or; put one of them in parentheses"
        )
    return t.slip("SS175", f"'{t.here.text}' cannot follow a comparison", "put the calculation in parentheses, or before the comparison")


def _shared(t: Trouble) -> str:
    """What stands between the comparison before and the one here; empty where the one before is another form."""
    depth = 0
    for token in reversed(t.tokens[: t.index]):
        depth += (token.text in (")", "]")) - (token.text in ("(", "["))
        if depth == 0 and token.kind in COMPARISONS:
            return t.text[token.end : t.here.start].strip()
        if depth < 0 or (depth == 0 and token.kind in ("in", "is", "between")):
            break
    return ""
