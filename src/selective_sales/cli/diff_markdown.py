"""A comparison as a comment on a pull request: a sentence, the gates, the matrix, who moves by which change; details folded.

Names and texts from data and policies are hostile until escaped: nothing of them is Markdown, HTML, a mention or a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model.comparison import Cause, CauseTotal, Comparison, Sentence
from .diff_words import Words, by_effect, matrix
from .summary import harmless

if TYPE_CHECKING:
    from ..pipeline.comparing import Teller

MOST_CAUSES = 8
MOST_SETS = 5
MOST_CHANGES = 40
"""Of each sort: a comment has a greatest length."""
MARKER = "<!-- selective-sales diff -->"
"""By which a workflow finds its own comment again."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]#+!|~$^])")
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|www)(?=[:.])")
"""What a page makes a link of by itself."""


def as_markdown(comparison: Comparison, language: str) -> str:
    """The comment."""
    from ..pipeline.comparing import Teller

    page = Page(language, comparison, Teller(comparison, language))
    return "\n".join(page.lines()) + "\n"


def escaped(text: str) -> str:
    """The text, with nothing in it that Markdown or HTML would read, on one line."""
    text = harmless(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")
    return _LINK.sub(lambda m: f"{m[1][0]}\u200b{m[1][1:]}", _SPECIAL.sub(r"\\\1", text))


def code(text: str) -> str:
    """A piece of a policy as code: the fence is longer than any run of backquotes in it."""
    text = harmless(text)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text.replace('|', chr(92) + '|')}{pad}{fence}"


@dataclass(frozen=True)
class Page(Words):
    """The lines, one block after the other."""

    teller: Teller

    def sentence(self, sentence: Sentence) -> str:
        return "".join(escaped(part) if isinstance(part, str) else code(part.text) for part in sentence)

    def lines(self) -> Iterator[str]:
        found = self.comparison.movement
        yield from (MARKER, f"### {escaped(self.versions() + self.dated())}", "", f"**{escaped(self.headline())}**")
        if self.comparison.same_data is False:
            yield from ("", self.say("The two runs are not over the same data."))
        if found is not None:
            yield from self.gates()
            yield from self.promises()
            yield from self.matrix()
            yield from self.causes()
            yield from self.others()
        yield from self.changes()

    def gates(self) -> Iterator[str]:
        results = self.comparison.gates
        if not results:
            return
        yield from ("", f"**{self.say('Gates')}**", "")
        for result in results:
            who = (
                f" ({', '.join(map(escaped, result.examples))}{', …' if result.clients > len(result.examples) else ''})"
                if result.examples
                else ""
            )
            mark = "✅" if result.kept else "❌"
            yield f"- {mark} {code(result.gate.name)}: {escaped(self.gate(result))}{who}"

    def promises(self) -> Iterator[str]:
        found = [p for p in self.movement.promises if p.is_new_breach or p.is_healed]
        if found:
            yield from ("", f"**{self.say('Limits and guarantees')}**", "")
            for promise in found:
                word = "healed" if promise.is_healed else "newly breached" if promise.new == "breached" else "newly not judged"
                yield f"- {'✅' if promise.is_healed else '❌'} {escaped(self.title(promise.id))}: {self.say(word)}"

    def matrix(self) -> Iterator[str]:
        if not self.movement.clients:
            return
        rows, columns, cells = matrix(self.movement)
        yield from ("", f"**{self.say('Before (rows) and after (columns)')}**", "")
        yield f"| | {' | '.join(escaped(self.title(c)) for c in columns)} |"
        yield f"|---|{'---:|' * len(columns)}"
        for row in rows:
            yield f"| {escaped(self.title(row))} | {' | '.join(self.cell(cells.get((row, c)), row == c) for c in columns)} |"

    def cell(self, cell: tuple[int, object] | None, stayed: bool) -> str:
        """Clients, and of those who moved the money too."""
        if cell is None:
            return "·"
        count, money = cell
        said = self.number(count)
        amount = self.money(money) if money is not None else ""  # type: ignore[arg-type]
        return said if stayed or not amount else f"**{said}**<br>{amount}"

    def causes(self) -> Iterator[str]:
        groups = list(self.groups())
        if not groups:
            return
        yield from ("", f"**{self.say('Who moves, and why')}**")
        for cause, ways in groups[:MOST_CAUSES]:
            yield from ("", *self.cause(cause), "")
            for total in ways:
                yield from self.way(total)
        if len(groups) > MOST_CAUSES:
            rest = sum(t.clients for _, ways in groups[MOST_CAUSES:] for t in ways)
            yield from ("", f"{self.say('and more')}: {self.people(rest)}")

    def cause(self, cause: Cause) -> Iterator[str]:
        through = f", {self.say('through the rule')} {code(cause.through)}" if cause.through else ""
        sets: Sequence[Sequence[Sentence]] = self.teller.cause(cause)
        if not sets:
            yield f"{self.why(cause)}{through}"
        elif len(sets) == 1:
            together = f"{self.say('only together')}: " if len(sets[0]) > 1 else ""
            yield f"{together}{' + '.join(map(self.sentence, sets[0]))}{through}"
        else:
            told = "; ".join(" + ".join(map(self.sentence, one)) for one in sets[:MOST_SETS])
            rest = f"; {self.say('and others')}: {len(sets) - MOST_SETS}" if len(sets) > MOST_SETS else ""
            yield f"{self.say('any of these alone')}: {told}{rest}{through}"

    def way(self, total: CauseTotal) -> Iterator[str]:
        money = f", {self.money(total.money)}" if self.money(total.money) else ""
        said = f"{escaped(self.title(total.old))} → {escaped(self.title(total.new))}: {self.people(total.clients)}{money}"
        named = self.of(total)
        if not named:
            yield f"- {said}"
            return
        yield f"- <details><summary>{said}</summary>"
        yield ""
        for moved in named:
            amount = f", {self.money(moved.money)}" if self.money(moved.money) else ""
            missing = f" ({escaped(', '.join(moved.missing))})" if moved.missing else ""
            yield f"  - {escaped(self.who(moved))}{amount}: {escaped(self.by(moved))}{missing}"
        if len(named) < total.clients:
            yield f"  - {self.say('and more')}: {self.number(total.clients - len(named))}"
        yield from ("", "  </details>")

    def others(self) -> Iterator[str]:
        lines = list(self.rest())
        if lines:
            yield from ("", *(f"- {escaped(line)}" for line in lines))

    def changes(self) -> Iterator[str]:
        changes = self.comparison.changes
        told = [self.teller.sentence(change) for change in changes]
        for heading, found in by_effect(changes, told):
            opened = " open" if self.comparison.movement is None else ""
            yield from ("", f"<details{opened}><summary>{self.say(heading)}: {len(found)}</summary>", "")
            yield from (f"{number}. {self.sentence(sentence)}" for number, sentence in found[:MOST_CHANGES])
            if len(found) > MOST_CHANGES:
                yield from ("", f"{self.say('and more')}: {len(found) - MOST_CHANGES}")
            yield from ("", "</details>")
