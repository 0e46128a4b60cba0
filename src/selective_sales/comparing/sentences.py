"""Changes in, sentences out that a director understands, in a language. What a policy's author wrote stands apart as Code.

Whoever prints them says how code looks, and escapes both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..model.comparison import Candidate, Cause, Change, Code, Comparison, How, Sentence
from ..model.text import Texts
from .words import JOINED, PARTS, SECTIONS, SENTENCES

ONE_THING = frozenset({"fairness", "report"})
"""Sections that are one thing, not a list of things with names."""
CODE_PARTS = frozenset({"when", "unless", "is", "require", "always", "who", "of", "measure", "factor"})
_PLACE = re.compile(r"\{(\w+)\}")


def plain(sentence: Sentence) -> str:
    """The sentence with code between backquotes."""
    return "".join(f"`{part.text}`" if isinstance(part, Code) else part for part in sentence)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the changes of one comparison in one language (Polish, else English)."""

    comparison: Comparison
    language: str

    @property
    def tongue(self) -> str:
        return "pl" if self.language.split("-")[0] == "pl" else "en"

    def plain(self, sentence: Sentence) -> str:
        """The sentence with code between backquotes."""
        return plain(sentence)

    def title(self, texts: Texts | None) -> str:
        template = None if texts is None else texts.get(self.language)
        return "" if template is None else "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in template.parts)

    def called(self, name: str, texts: Texts | None) -> str:
        """What people call it, its name behind it where that is another word."""
        title = self.title(texts)
        return name if title in ("", name) else f"{title} ({name})"

    def decision(self, name: str) -> str:
        title = self.title(dict(self.comparison.titles).get(name))
        return title or name

    def thing(self, change: Change) -> str:
        """What the change is about: `rule Thin margin (thin-margin)`, `table relationship, row 3`."""
        words = SECTIONS[self.tongue]
        path = list(change.path)
        if path[0] in ONE_THING or path[0] not in words or len(path) == 1:
            return words[path[0] if path[0] in ONE_THING else ""]
        said = []
        while len(path) > 1 and path[0] in words:
            section, name = path[0], path[1]
            last = len(path) <= 3 or path[2] not in words
            if section == "tables" and len(path) > 3 and path[2] == "fields":
                prefix = "" if name == "clients" else f"{name}."
                path = path[2:]
                said.append(f"{words['fields']} {prefix}{self.called(path[1], change.title)}")
            elif section == "parameters":
                said.append(self.called(name, change.title) if self.title(change.title) else name)
            else:
                number = name.removeprefix("+")
                said.append(f"{words[section]} {self.called(number, change.title if last and section != 'rows' else None)}")
            path = path[2:]
        return ", ".join(said)

    def sentence(self, change: Change) -> Sentence:
        """The change in a sentence."""
        part = change.path[-1]
        if change.path == ("decisions", "", "default"):
            return self.say("default", old=self.decision(change.old), new=self.decision(change.new))
        thing = self.thing(change)
        if change.how is How.MOVED:
            return self.say("moved" if change.detail else "moved first", thing=thing, new=change.new)
        if change.edit is not None:
            return self.leaf(change, thing)
        if self.is_whole(change):
            word = "added" if change.how is How.ADDED else "removed"
            return self.say(word, thing=thing, old=Code(change.old), new=Code(change.new))
        if part == "name":
            return self.say("name", thing=thing, old=change.old)
        if part == "then":
            return self.say("then", thing=thing, old=self.decision(change.old), new=self.decision(change.new))
        if change.path[0] == "parameters" and part == "value":
            return self.say("value", thing=thing, old=change.old, new=change.new)
        name = change.detail if change.detail and part.isdigit() else PARTS[self.tongue].get(part, part.replace("_", " "))
        code = part in CODE_PARTS or part.isdigit()
        old, new = (Code(text) if code and text else text for text in (change.old, change.new))
        word = "part added" if not change.old else "part removed" if not change.new else "part"
        return self.say(word, thing=thing, part=name, old=old, new=new)

    def leaf(self, change: Change, thing: str) -> Sentence:
        """An edit of a condition."""
        assert change.edit is not None
        part = change.path[-1]
        if part in ("unless", "is"):
            thing = f"{thing}, {PARTS[self.tongue][part]}"
        if change.edit.count:
            return self.say("at least", thing=thing, old=change.old, new=change.new)
        word = {How.CHANGED: "leaf", How.ADDED: "leaf added", How.REMOVED: "leaf removed"}[change.how]
        joined = JOINED[self.tongue].get(change.edit.joined, "")
        return self.say(word, thing=thing, old=Code(change.old), new=Code(change.new), joined=joined)

    def is_whole(self, change: Change) -> bool:
        """Whether the thing itself came or went, not a part of it."""
        parted = change.path[0] not in ONE_THING and len(change.path) % 2 == 0 and change.path[-2] in SECTIONS["en"]
        return change.how is not How.CHANGED and parted

    def say(self, word: str, **values: str | Code) -> Sentence:
        return filled(SENTENCES[self.tongue][word], values)

    def candidate(self, candidate: Candidate) -> Sentence:
        """A change with those that it needs."""
        changes = self.comparison.changes
        main = self.sentence(changes[candidate.change])
        if not candidate.needs:
            return main
        needs = "; ".join(self.thing(changes[n]) for n in candidate.needs)
        return (*main, f" ({plain(self.say('together', needs=needs))})")

    def cause(self, cause: Cause) -> Sequence[Sequence[Sentence]]:
        """Each set that suffices, as the sentences of its changes."""
        candidates = self.comparison.candidates
        return [[self.candidate(candidates[number]) for number in one] for one in cause.sets]


def filled(template: str, values: Mapping[str, str | Code]) -> Sentence:
    """The template's text and the values in its places; two blanks beside an empty value become one."""
    found: list[str | Code] = []
    for i, piece in enumerate(_PLACE.split(template)):
        value = values[piece] if i % 2 else piece
        if value != "":
            found.append(value)
    joined: list[str | Code] = []
    for value in found:
        if joined and isinstance(value, str) and isinstance(joined[-1], str):
            joined[-1] = (joined[-1] + value).replace("  ", " ")
        else:
            joined.append(value)
    return tuple(joined)
