"""Hours as a table for people and as JSON for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..model.text import Texts
from .speech import Speech
from .summary import harmless

if TYPE_CHECKING:
    from ..pipeline.allocating import ClientHours, Hours

POLISH = {
    "group": "grupa",
    "clients": "klienci",
    "share": "udział",
    "factor": "mnożnik",
    "of the time": "czas",
    "hours": "godz.",
    "rest": "pozostali",
    "not known": "brak danych",
    "fit more than one group: the first took them": "pasują do więcej niż jednej grupy: wzięła ich pierwsza",
    "cannot be put into a group and get no share": "nie można przypisać do grupy: nie dostają udziału",
    "and more": "i dalsze",
}


def as_json(made: Hours) -> dict[str, Any]:
    """Everything, every client of every group."""
    return {
        "allocation": made.allocation.name,
        "hours": made.hours,
        "groups": [
            {
                "id": g.group.id,
                "clients": g.group.clients,
                "measure": None if g.group.measure is None else str(g.group.measure),
                "share": g.group.share,
                "factor": g.group.factor,
                "result": g.group.result,
                "hours": g.hours,
                "by_client": [client_json(c) for c in g.clients],
            }
            for g in made.groups
        ],
        "rest": made.allocation.rest,
        "rest_hours": made.rest,
        "others": made.allocation.others,
        "unallocated": made.allocation.unallocated,
        "fit_two": made.allocation.fit_two,
    }


def client_json(client: ClientHours) -> dict[str, Any]:
    measure = None if client.measure is None else str(client.measure)
    return {"client": list(client.client), "name": client.name, "measure": measure, "hours": client.hours}


@dataclass(frozen=True)
class Words(Speech):
    words = POLISH

    def figure(self, value: float, places: int = 1) -> str:
        return self.number(value, places)

    def share(self, value: float | None) -> str:
        return self.say("not known") if value is None else f"{self.figure(value * 100)}%"

    def titled(self, texts: Texts | None, other: str) -> str:
        template = None if texts is None else texts.get(self.language)
        return other if template is None else "".join(map(str, template.parts))


def as_text(made: Hours, most: int, language: str) -> str:
    """A table: groups with their hours, below each its clients, then the rest."""
    s = Words(language)
    heads = [
        s.say("group"),
        s.say("clients"),
        s.say("share"),
        s.say("factor"),
        s.say("of the time"),
        s.say("hours"),
    ]
    rows = []
    for g in made.groups:
        hours = s.say("not known") if g.hours is None else s.figure(g.hours)
        group = g.group
        rows.append(
            [
                s.titled(group.title, group.id),
                str(group.clients),
                s.share(group.share),
                s.share(group.factor),
                s.share(group.result),
                hours,
            ]
        )
        for c in g.clients[:most]:
            called = "|".join(c.client) if c.name is None else f"{c.name} ({'|'.join(c.client)})"
            rows.append([f"  {called}", "", "", "", "", s.figure(c.hours)])
        if len(g.clients) > most:
            rows.append([f"  {s.say('and more')}: {len(g.clients) - most}", "", "", "", "", ""])
    rest = s.say("not known") if made.rest is None else s.figure(made.rest)
    rows.append([s.titled(made.rest_title, s.say("rest")), str(made.allocation.others), "", "", s.share(made.allocation.rest), rest])
    title = f"{s.titled(made.allocation.title, made.allocation.name)}: {s.figure(made.hours, 0)} {s.say('hours')}"
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = [title, ""]
    lines += [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]).rstrip()
        for row in [heads, *rows]
    ]
    notes = (
        (made.allocation.fit_two, "fit more than one group: the first took them"),
        (made.allocation.unallocated, "cannot be put into a group and get no share"),
    )
    lines += (
        ["", *(f"{s.say('clients')}: {number}, {s.say(words)}" for number, words in notes if number)] if any(n for n, _ in notes) else []
    )
    return "\n".join(harmless(line) for line in lines) + "\n"
