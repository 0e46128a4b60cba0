"""A run's summary as a person reads it, and as a machine does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ..model.expression import Scalar
from ..model.kind import Kind
from ..model.results import Kept
from ..pipeline.summary import Count
from .snippet import nearby
from .speech import Speech

if TYPE_CHECKING:
    from ..model.profile import Profile
    from ..pipeline.runs import Outcome
    from ..pipeline.summary import Summary

BAR = 24
SETTLED = ("encoding", "delimiter", "decimal comma", "decimal point", "dates", "sheet")
"""How notes on the way in which a file was read begin."""
HIDDEN_ROWS = re.compile(r"([0-9]+) hidden rows? read like the others")


def as_json(outcome: Outcome, profile: Profile | None = None) -> str:
    """The summary as one JSON object; money as text, exact."""
    from ..pipeline.results_json import results_json

    summary = outcome.summary
    assert summary is not None
    content = {
        "policy": {"id": summary.policy_id, "version": summary.policy_version},
        "run_id": summary.run_id,
        "run_folder": str(outcome.folder) if outcome.folder else None,
        "as_of": summary.as_of.isoformat(),
        "digest": summary.digest,
        "clients": summary.clients,
        "amount": summary.amount,
        "currency": summary.currency,
        "decisions": list(map(count_json, summary.decisions)),
        "decided_by": list(map(count_json, summary.decided_by)),
        "missing_because": [{"name": c.name, "clients": c.clients} for c in summary.missing_because],
        "exceptions": [
            {"client": list(e.client), "policy_decision": e.policy_decision, "decision": e.decision} for e in summary.exceptions
        ],
        "tables": [
            {
                "name": t.name,
                "source": t.source,
                "rows_read": t.rows_read,
                "rows_used": t.rows_used,
                "rows_set_aside": t.rows_set_aside,
                "rows_ignored": t.rows_ignored,
                "settled": list(t.settled),
            }
            for t in summary.loaded.tables
        ],
        "results": results_json(summary.whole),
        "breaches": list(summary.whole.breaches),
        "bad_rows": summary.loaded.bad_count,
        "findings": [{"code": f.code, "severity": str(f.severity), "message": f.message, "place": str(f.place)} for f in outcome.findings],
    }
    if profile is not None:
        from .profile_text import as_object

        content["profile"] = as_object(profile)
    return json.dumps(content, ensure_ascii=False, indent=2)


def count_json(count: Count) -> dict[str, object]:
    return {"name": count.name, "clients": count.clients, "amount": None if count.amount is None else str(count.amount)}


def as_text(outcome: Outcome, language: str | None) -> str:
    """The summary for a terminal: decisions with bars, what decided, what is missing, exceptions, data."""
    summary = outcome.summary
    assert summary is not None
    words = Words(language or summary.languages[0], summary)
    lines = [words.heading(), ""]
    lines += words.decisions()
    lines += words.listing(words.say("Decided by"), summary.decided_by, words.title)
    lines += words.listing(words.say("Undetermined because of"), summary.missing_because, words.name)
    lines += words.figures()
    lines += words.promises()
    lines += words.allocations()
    lines += words.exceptions()
    lines += words.tables()
    lines += ["", f"{words.say('Run')} {summary.run_id}, {words.say('digest')} {summary.digest}"]
    if outcome.folder is not None:
        lines += [f"{words.say('Written to')} {outcome.folder}"]
    return "\n".join(harmless(line) for line in lines) + "\n"


POLISH = {
    "encoding": "kodowanie",
    "delimiter": "separator",
    "decimal comma": "przecinek dziesiętny",
    "decimal point": "kropka dziesiętna",
    "dates": "daty",
    "as of": "stan na",
    "client": "klient",
    "decision": "decyzja",
    "share": "udział",
    "came to": "wynik",
    "required": "wymagane",
    "clients": "klienci",
    "decided": "rozstrzygnięci",
    "No clients.": "Nie ma klientów.",
    "undetermined": "nierozstrzygnięte",
    "Decided by": "Co rozstrzygnęło",
    "default": "decyzja domyślna",
    "exception": "wyjątek",
    "Figures": "Wskaźniki",
    "Limits and guarantees": "Limity i gwarancje",
    "held": "dotrzymane",
    "BREACHED": "NARUSZONE",
    "not judged: data missing": "nie wiadomo: brak danych",
    "rest": "pozostali",
    "missing": "brak danych",
    "yes": "tak",
    "no": "nie",
    "unknown": "brak danych",
    "Undetermined because of": "Nierozstrzygnięte z powodu",
    "Exceptions decided": "Wyjątki rozstrzygnęły o klientach",
    "and more": "i dalsze",
    "Data": "Dane",
    "sheet": "arkusz",
    "dates from 1904": "daty liczone od 1904",
    "line ends of several kinds": "różne końce wierszy",
    "timestamps with a time zone are read as UTC": "chwile ze strefą czasową czytane są w UTC",
    "from": "z pliku",
    "Run": "Przebieg",
    "digest": "skrót",
    "Written to": "Zapisano w",
}


@dataclass(frozen=True)
class Words(Speech):
    """A summary in a language: the policy's own titles, the program's words in Polish or else English."""

    summary: Summary
    words = POLISH

    def name(self, name: str) -> str:
        """What the policy calls it in this language, its id behind it where that is another word."""
        title = self.title(name)
        return title if title in (name, POLISH.get(name)) else f"{title} ({name})"

    def title(self, name: str) -> str:
        texts = dict(self.summary.titles).get(name)
        template = None if texts is None else texts.get(self.language)
        return "".join(map(str, template.parts)) if template is not None else self.say(name)

    def amount(self, count: Count) -> str:
        if count.amount is None:
            return ""
        return f"{self.number(count.amount, 2)} {self.summary.currency}"

    def share(self, clients: int) -> str:
        return self.percent(Fraction(clients, self.summary.clients)) if self.summary.clients else ""

    def heading(self) -> str:
        s = self.summary
        clients = f"{self.number(s.clients)} {self.say('client' if s.clients == 1 else 'clients')}"
        if self.polish:
            return f"{s.policy_id} {s.policy_version}, stan na {s.as_of.isoformat()}, liczba klientów: {self.number(s.clients)}"
        return f"{s.policy_id} {s.policy_version}, as of {s.as_of.isoformat()}: {clients} decided"

    def decisions(self) -> list[str]:
        s = self.summary
        if not s.clients:
            return [self.say("No clients.")]
        names = [self.name(c.name) for c in s.decisions]
        width = max(map(len, names))
        amounts = [self.amount(c) for c in s.decisions]
        title = self.title(s.amount) if s.amount else ""
        wide = max(*map(len, amounts), len(title))
        lines = [f"{'':{width}}  {self.say('clients'):>9}  {'':>6}  {title:>{wide}}".rstrip()]
        for name, count, money in zip(names, s.decisions, amounts, strict=True):
            bar = "█" * round(count.clients / s.clients * BAR)
            share = self.share(count.clients)
            lines.append(f"{name:{width}}  {self.number(count.clients):>9}  {share:>6}  {money:>{wide}}  {bar}".rstrip())
        return lines

    def listing(self, title: str, counts: Sequence[Count], called: Callable[[str], str]) -> list[str]:
        if not counts:
            return []
        names = [called(c.name) for c in counts]
        width = max(map(len, names))
        lines = (f"  {name:{width}}  {self.number(c.clients):>9}" for name, c in zip(names, counts, strict=True))
        return ["", f"{title}:", *lines]

    def value(self, value: Scalar | None, kind: Kind, format: str = "") -> str:
        """A figure's value: money with its currency, a number with at most four places."""
        match value:
            case None:
                return self.say("missing")
            case bool():
                return self.say("yes" if value else "no")
            case Decimal() | int() | float() if kind is Kind.MONEY:
                return self.amount(Count("", 0, Decimal(value)))
            case Decimal() | float() if format == "percent":
                text = f"{value:.1%}"
            case Decimal() | float():
                text = f"{value:,.4f}".rstrip("0").rstrip(".")
            case _:
                return str(value)
        return self.localized(text)

    def group(self, value: Scalar | None, by: str, kind: Kind) -> str:
        """A value by which a figure is split, by the policy's word for it."""
        if by == "decision" and isinstance(value, str):
            return self.title(value)
        labels = dict(dict(self.summary.labels).get(by, ()))
        named = dict(labels.get(self.language) or labels.get("*") or ())
        return named.get(value) or self.value(value, kind) if isinstance(value, str) else self.value(value, kind)

    def figures(self) -> list[str]:
        found = self.summary.whole.figures
        if not found:
            return []
        lines = ["", f"{self.say('Figures')}:"]
        for figure in found:
            name = self.title(figure.name)
            if not figure.by:
                lines.append(f"  {name}: {self.value(figure.rows[0].value, figure.kind, figure.format)}")
                continue
            lines.append(f"  {name}:")
            for row in figure.rows:
                group = ", ".join(self.group(v, by, kind) for v, (by, kind) in zip(row.by, figure.by, strict=True))
                lines.append(f"    {group}: {self.value(row.value, figure.kind, figure.format)}")
        return lines

    def promises(self) -> list[str]:
        found = self.summary.whole.promises
        words = {Kept.HELD: "held", Kept.BREACHED: "BREACHED", Kept.UNKNOWN: "not judged: data missing"}
        lines = [f"  {self.title(p.id)}: {self.say(words[p.kept])}" for p in found]
        return ["", f"{self.say('Limits and guarantees')}:", *lines] if lines else []

    def allocations(self) -> list[str]:
        lines: list[str] = []
        for allocation in self.summary.whole.allocations:
            lines += ["", f"{self.title(allocation.name)}:"]
            parts = [(g.id, g.title, g.result) for g in allocation.groups]
            for name, title, part in [*parts, (self.say("rest"), allocation.rest_title, allocation.rest)]:
                template = None if title is None else title.get(self.language)
                called = name if template is None else "".join(map(str, template.parts))
                shown = None if part is None else Decimal(repr(part))
                lines.append(f"  {called}: {self.value(shown, Kind.NUMBER, 'percent')}")
        return lines

    def exceptions(self) -> list[str]:
        effects = self.summary.exceptions
        if not effects:
            return []
        shown = [f"  {'|'.join(e.client)}: {self.name(e.policy_decision)} → {self.name(e.decision)}" for e in effects[:10]]
        more = [f"  {self.say('and more')}: {len(effects) - len(shown)}"] if len(effects) > len(shown) else []
        return ["", f"{self.say('Exceptions decided')}: {len(effects)}", *shown, *more]

    def tables(self) -> list[str]:
        lines = ["", f"{self.say('Data')}:"]
        for table in self.summary.loaded.tables:
            counts = [self.counted(table.rows_read, ("row", "rows"), ("wiersz", "wiersze", "wierszy"))]
            kinds = (
                (table.rows_set_aside, "set aside", ("odłożony", "odłożone", "odłożonych")),
                (table.rows_ignored, "ignored", ("pominięty", "pominięte", "pominiętych")),
            )
            counts += [self.counted(n, (word, word), polish) for n, word, polish in kinds if n]
            settled = f" ({', '.join(map(self.settled, table.settled))})" if table.settled else ""
            lines.append(f"  {table.name}: {', '.join(counts)} {self.say('from')} {nearby(table.source)}{settled}")
        return lines

    def settled(self, words: str) -> str:
        """`decimal comma (revenue)`, `delimiter ';'`: the longest beginning that has a translation, translated."""
        if words in self.words or not self.polish:
            return self.say(words)
        if hidden := HIDDEN_ROWS.fullmatch(words):
            ends = ("ukryty wiersz czytany", "ukryte wiersze czytane", "ukrytych wierszy czytanych")
            return f"{self.counted(int(hidden[1]), ('', ''), ends)} jak inne"
        start = next((s for s in SETTLED if words.startswith(f"{s} ")), "")
        rest = words.removeprefix(start)
        if start == "sheet":
            rest = rest.removesuffix(" (hidden)") + " (ukryty)" * rest.endswith("' (hidden)")
        return self.say(start) + {" tab": " tabulator"}.get(rest, rest)


def harmless(line: str) -> str:
    """What comes from files cannot steer a terminal: control and bidirectional characters are shown as escapes."""
    return "".join(c if c.isprintable() or c == "\u00a0" else f"\\u{ord(c):04x}" for c in line)
