"""Hours as a table for people and as JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..model.text import Texts
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


def as_text(made: Hours, most: int, language: str) -> str:
    """A table: groups with their hours, below each its clients, then the rest."""
    polish = language.split("-")[0] == "pl"

    def say(words: str) -> str:
        return POLISH.get(words, words) if polish else words

    def figure(value: float, places: int = 1) -> str:
        text = f"{value:,.{places}f}"
        return text.replace(",", "\u00a0").replace(".", ",") if polish else text

    def percent(value: float | None) -> str:
        return say("not known") if value is None else f"{figure(value * 100)}%"

    def titled(texts: Texts | None, other: str) -> str:
        template = None if texts is None else texts.get(language)
        return other if template is None else "".join(map(str, template.parts))

    heads = [say("group"), say("clients"), say("share"), say("factor"), say("of the time"), say("hours")]
    rows = []
    for g in made.groups:
        hours = say("not known") if g.hours is None else figure(g.hours)
        group = g.group
        rows.append(
            [titled(group.title, group.id), str(group.clients), percent(group.share), percent(group.factor), percent(group.result), hours]
        )
        for c in g.clients[:most]:
            called = "|".join(c.client) if c.name is None else f"{c.name} ({'|'.join(c.client)})"
            rows.append([f"  {called}", "", "", "", "", figure(c.hours)])
        if len(g.clients) > most:
            rows.append([f"  {say('and more')}: {len(g.clients) - most}", "", "", "", "", ""])
    rest = say("not known") if made.rest is None else figure(made.rest)
    rows.append([titled(made.rest_title, say("rest")), str(made.allocation.others), "", "", percent(made.allocation.rest), rest])
    title = f"{titled(made.allocation.title, made.allocation.name)}: {figure(made.hours, 0)} {say('hours')}"
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
    lines += ["", *(f"{say('clients')}: {number}, {say(words)}" for number, words in notes if number)] if any(n for n, _ in notes) else []
    return "\n".join(harmless(line) for line in lines) + "\n"
