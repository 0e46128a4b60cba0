"""SQL with macros in, Spark's SQL out: each macro written out, and each of its arguments computed once.

An argument that a macro reads more than once gets a column of its own (`#h1`, `#h2`, ...) in a SELECT below. Then names stand between
backticks and texts in Spark's own escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..model.sql import quote_name
from .spark_macros import BODIES

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|[A-Za-z_]\w*|[0-9][\w.]*|\s+|.""", re.DOTALL)
_FINISHED = re.compile(rf"\bchr\(\d+\)|{_TOKEN.pattern}", re.DOTALL)
_ATOM = re.compile(r"""\(?(?:"(?:[^"]|"")*"(?:\."(?:[^"]|"")*")*|-?[0-9][\w.]*|'(?:[^']|'')*'|TRUE|FALSE|NULL|DATE '[^']*')\)?""")
_AHEAD = re.compile(r'"#h\d+"')
_AFTER = frozenset(("WHERE", "GROUP", "ORDER", "WINDOW"))
_QUALIFIED = re.compile(r'("(?:[^"]|"")*")\.("(?:[^"]|"")*")')
_STAR = re.compile(r'"(?:[^"]|"")*"\.\*')
_BARE_STAR = re.compile(r"^\s*\*")
DEEPEST = 10
"""SELECTs of parts in one view."""
MOST_TWICE = 120
"""So many characters more of an argument are written again rather than put below: each level of columns costs planning."""
_SIGN = re.compile(r"chr\((\d+)\)")
_CLOSED = re.compile(r"\w+\([^()]*\)")


class Final(str):
    """A word that is written out already."""

    __slots__ = ()


@dataclass(slots=True)
class Scope:
    """A SELECT: the columns that it needs below it (SQL -> name), and how deep each stands."""

    below: dict[str, str] = field(default_factory=dict)
    depth: dict[str, int] = field(default_factory=dict)

    def level_of(self, sql: str) -> int:
        return max((self.depth[name] for name in _AHEAD.findall(sql) if name in self.depth), default=0)

    def levels(self) -> Iterator[list[str]]:
        """The columns, level by level from below."""
        for level in range(1, max(self.depth.values()) + 1):
            yield [f"{sql} AS {name}" for sql, name in self.below.items() if self.depth[name] == level]


@dataclass(slots=True)
class Clauses:
    """A SELECT as it is read: its words, and where its FROM and what follows the relations stand among them."""

    out: list[str]
    start: int
    relations: int = 0
    rest: int = 0
    joined: bool = False

    def note(self, word: str) -> None:
        if word == "FROM" and not self.relations:
            self.relations = len(self.out)
        elif word in _AFTER and self.relations and not self.rest:
            self.rest = len(self.out)
        elif word == "JOIN":
            self.joined = True

    def text(self, scope: Scope) -> str:
        """The SELECT, with what it needs below it."""
        if not scope.below:
            return "".join(self.out)
        end = self.rest or len(self.out)
        items, relations = "".join(self.out[self.start : self.relations]), "".join(self.out[self.relations + 1 : end]).strip()
        rest = "".join(self.out[end:])
        hidden = list(scope.below.values())
        levels = list(scope.levels())
        if self.joined:
            items, levels, own = unqualified(items, levels)
            hidden += own.values()
            star = _STAR.search("".join(self.out[self.start : self.relations]))
            assert star is not None and not rest.strip(), "a join brings all columns of one side"
            columns = ", ".join([star[0], *(f"{name} AS {column}" for name, column in own.items())])
            relations = f"(SELECT {columns}\nFROM {relations})"
        for columns_of_level in levels:
            listed = ",\n       ".join(columns_of_level)
            relations = f"(SELECT *,\n       {listed}\nFROM {relations})"
        items = _BARE_STAR.sub(f" * EXCEPT ({', '.join(hidden)})", items, count=1)
        return f"{''.join(self.out[: self.start])}{items.rstrip()}\nFROM {relations}{' ' if rest else ''}{rest}"


def unqualified(items: str, levels: list[list[str]]) -> tuple[str, list[list[str]], dict[str, str]]:
    """The columns of a join under names of their own; those of the side that brings all its columns under theirs."""
    star = _STAR.search(items)
    assert star is not None
    side = star[0].removesuffix(".*")
    own: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        if found[1] == side:
            return found[2]
        if found[1] == '"#x"':
            return found[0]
        return own.setdefault(found[0], quote_name(f"{found[1][1:-1]}.{found[2][1:-1].replace(chr(34) * 2, chr(34))}"))

    items = _QUALIFIED.sub(name, items.replace(star[0], "*", 1))
    return items, [[_QUALIFIED.sub(name, column) for column in level] for level in levels], own


@dataclass(slots=True)
class WrittenOut:
    """Writes out the macros of one query; the columns below are counted through."""

    count: int = 0

    def group(self, tokens: list[str], scope: Scope | None, ends: str = "") -> str:
        """The text up to one of `ends` (which is left)."""
        out: list[str] = []
        own: Clauses | None = None
        while tokens and not (tokens[-1] in ends and ends):
            word = tokens.pop()
            if isinstance(word, Final):
                out.append(word)
            elif word == "SELECT":
                out.append(word)
                scope, own = Scope(), Clauses(out, len(out))
            elif word in BODIES and tokens and tokens[-1] == "(":
                assert scope is not None, "a macro stands in a SELECT"
                out.append(self.applied(word, list(self.arguments(tokens, scope)), scope))
            elif word == "(":
                out.append(f"({self.group(tokens, scope, ')')})")
                tokens.pop()
            else:
                if own is not None:
                    own.note(word)
                out.append(word)
        return "".join(out) if own is None or scope is None else own.text(scope)

    def arguments(self, tokens: list[str], scope: Scope) -> Iterator[str]:
        closed = "("
        tokens.pop()
        while closed != ")":
            yield self.group(tokens, scope, ",)").strip()
            closed = tokens.pop()

    def applied(self, name: str, given: list[str], scope: Scope) -> str:
        """The macro's body with the arguments in it, in parentheses."""
        parameters, body = BODIES[name]
        assert len(parameters) == len(given), f"{name} takes {len(parameters)} arguments"
        tokens = _TOKEN.findall(body)
        put = {}
        for parameter, text in zip(parameters, given, strict=True):
            atom = _ATOM.fullmatch(text) is not None
            if not atom and (tokens.count(parameter) - 1) * len(text) > MOST_TWICE:
                text = self.column(text, scope)
            put[parameter] = Final(text if atom or text.startswith('"') or _CLOSED.fullmatch(text) else f"({text})")
        text = self.group([put.get(word, word) for word in reversed(tokens)], scope)
        return text if _CLOSED.fullmatch(text) else f"({text})"

    def column(self, sql: str, scope: Scope) -> str:
        assert "->" in sql or '"#x"' not in sql, "what a lambda is given has no column"
        if sql not in scope.below:
            self.count += 1
            name = scope.below[sql] = quote_name(f"#h{self.count}")
            scope.depth[name] = scope.level_of(sql) + 1
        return scope.below[sql]


@dataclass(slots=True)
class Part:
    """A relation of the query: its name, its text, and the relations of the query that it reads."""

    name: str
    sql: str
    reads: list[str]


def spark_statements(parts: Sequence[tuple[str, str]], select: str) -> tuple[tuple[str, ...], str]:
    """Views of the session, one above the other, and the SELECT over the last of them.

    Spark goes through a whole query again for each of its levels, and gives up after a hundred of them; of views it sees one at a time.
    """
    written, known = WrittenOut(), dict[str, str]()
    found: list[Part] = []
    for name, sql in [*parts, ("", select)]:
        tokens = _TOKEN.findall(sql)
        reads = list(renamed(tokens, known))
        found.append(Part(f"#{name}", written.group(tokens[::-1], None), reads))
        known[quote_name(name)] = f"#{name}"
    last = found.pop()
    views = (
        finished(f"CREATE OR REPLACE TEMPORARY VIEW {quote_name(group[-1].name)} AS\n{together(group, found)}") for group in views_of(found)
    )
    return tuple(views), finished(last.sql)


def renamed(tokens: list[str], known: Mapping[str, str]) -> Iterator[str]:
    """Puts `#` before the names of the query's own relations, which might be those of tables; gives those names."""
    words = [place for place, word in enumerate(tokens) if not word.isspace()]
    for before, place in pairwise(words):
        if tokens[before] in ("FROM", "JOIN") and tokens[place] in known:
            yield known[tokens[place]]
            tokens[place] = quote_name(known[tokens[place]])


def readers(name: str, parts: Sequence[Part]) -> list[int]:
    return [place for place, part in enumerate(parts) for read in part.reads if read == name]


def is_table(part: Part) -> bool:
    """A table as it is read: Spark may read it as often as it likes."""
    return not part.reads


def views_of(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """The parts of each view: a table by itself, as several may read it."""
    rest = []
    for part in parts:
        if is_table(part):
            yield [part]
        else:
            rest.append(part)
    yield from gathered(grouped(rest), rest)


def gathered(groups: Iterator[list[Part]], parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Several groups in one view, until it is deep, or its last part is to be computed once; only that one may be read further on.

    Each view keeps a copy of all below it, so there are few.
    """
    found: list[Part] = []
    for group in groups:
        found += group
        inner, later = {part.name for part in found[:-1]}, parts[parts.index(found[-1]) + 1 :]
        enough = len(readers(found[-1].name, parts)) > 1 or sum(part.sql.count("SELECT") for part in found) > DEEPEST
        if enough and not any(inner.intersection(part.reads) for part in later):
            yield found
            found = []
    if found:
        yield found


def grouped(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Each part by itself; but from the first to the last that read one and the same part, as it is to be computed once."""
    start = 0
    while start < len(parts):
        end = start
        for part in [p for p in parts[:start] if not is_table(p)]:
            places = readers(part.name, parts)
            if len(places) > 1 and places[0] <= start <= places[-1]:
                end = max(end, places[-1])
        while (more := max((max(readers(p.name, parts), default=0) for p in parts[start:end]), default=end)) > end:
            end = more
        yield list(parts[start : end + 1])
        start = end + 1


def together(group: Sequence[Part], parts: Sequence[Part]) -> str:
    """One view of several parts. What they read more than once cannot be made twice alike, or Spark would compute it in each place."""
    if len(group) == 1:
        return group[0].sql
    own = [part.name for part in group]
    outside = dict.fromkeys(read for part in group for read in part.reads if read not in own)
    ctes, names = [], {}
    for read in outside:
        if sum(part.reads.count(read) for part in group) > 1 and not is_table(next(p for p in parts if p.name == read)):
            names[quote_name(read)] = quote_name(f"{read} kept")
            ctes.append((f"{read} kept", once(f"SELECT *\nFROM {quote_name(read)}", read)))
    for part in group[:-1]:
        text = reading(part.sql, names)
        ctes.append((part.name, once(text, part.name) if len(readers(part.name, group)) > 1 else text))
    listed = ",\n".join(f"{quote_name(name)} AS (\n{sql}\n)" for name, sql in ctes)
    return f"WITH {listed}\n{reading(group[-1].sql, names)}"


def reading(sql: str, names: Mapping[str, str]) -> str:
    tokens = _TOKEN.findall(sql)
    return "".join(names.get(word, word) for word in tokens)


def once(sql: str, name: str) -> str:
    mark = f"SELECT *, monotonically_increasing_id() AS {quote_name(f'#once {name}')}"
    return f"{mark}\nFROM (\n{sql}\n)"


def finished(sql: str) -> str:
    """Names between backticks, texts in Spark's escapes, signs that cannot be printed as escapes."""
    return "".join(map(_finished, _FINISHED.findall(sql)))


def _finished(word: str) -> str:
    if word.startswith('"'):
        return "`" + word[1:-1].replace('""', '"').replace("`", "``") + "`"
    if word.startswith("'"):
        return text_literal(word[1:-1].replace("''", "'"))
    if found := _SIGN.fullmatch(word):
        return text_literal(chr(int(found[1])))
    if word.startswith("--"):
        # A shell of Spark puts values in for ${...}, in comments too.
        return re.sub(r"[$;'\"`]|[^\x00-\x7f]", "?", word)
    return word


def text_literal(text: str) -> str:
    return "'" + "".join(map(sign, text)) + "'"


def sign(character: str) -> str:
    """A sign as it stands in a literal: what Spark or its shell would take for something else as an escape.

    A shell reads a script in the encoding of its locale: what is not ASCII would become question marks there, and match nothing.
    """
    if character not in "'\"\\$;`" and character.isascii() and character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
