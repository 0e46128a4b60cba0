"""What a run came to in, Markdown out, for whoever answers for the result: counts and money per decision, promises, figures.

No client is named in it: a summary is read by more people than may see who is declined. So findings of a run that decided are counted by
their codes; where nothing was decided they are told in full, as they must be mended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, assert_never

from ...model.finding import in_order
from ...model.results import GuaranteeResult, Kept, LimitResult
from ..summary import Words
from .markdown import MARKS, findings_table, word
from .pages import page

if TYPE_CHECKING:
    from ...model.finding import Finding
    from ...pipeline.runs import Outcome
    from ...pipeline.summary import Count

_MARKS = {Kept.HELD: "✅", Kept.BREACHED: "❌", Kept.UNKNOWN: "❔"}


def of_run(outcome: Outcome, findings: Sequence[Finding], language: str | None) -> list[str]:
    """The run's result, and every finding that it gave."""
    summary = outcome.summary
    if summary is None:
        return ["### ❌ Nothing was decided", "", *findings_table(findings)]
    words = Words(language or summary.languages[0], summary)
    pieces = [f"### {'❌' if summary.whole.failed else '✅'} {word(words.heading())}", ""]
    pieces += _decisions(words)
    pieces += _promises(words)
    pieces += _listing(words, "Undetermined because of", summary.missing_because, words.name)
    pieces += _listing(words, "Decided by", summary.decided_by, words.title)
    pieces += _section(words.figures())
    pieces += _section(words.allocations())
    if summary.exceptions:
        pieces += [f"**{word(words.say('Exceptions decided'))}:** {len(summary.exceptions)}", ""]
    pieces += _section(words.tables())
    return [*pieces, *_counted(findings)]


def _decisions(words: Words) -> list[str]:
    summary = words.summary
    money = word(words.title(summary.amount)) if summary.amount else ""
    rows = [f"| {words.say('decision')} | {words.say('clients')} | {words.say('share')} | {money} |\n|---|---:|---:|---:|"]
    for count in summary.decisions:
        cells = (word(words.name(count.name)), words.number(count.clients), words.share(count.clients), word(words.amount(count)))
        rows.append(f"| {' | '.join(cells)} |")
    return [*rows, ""]


def _promises(words: Words) -> list[str]:
    """A row for each limit and guarantee, the broken ones first, with what it came to."""
    promises = sorted(words.summary.whole.promises, key=lambda promise: promise.kept is Kept.HELD)
    if not promises:
        return []
    rows = [f"| {words.say('Limits and guarantees')} | | {words.say('came to')} | {words.say('required')} |\n|---|---|---|---|"]
    kept = {Kept.HELD: "held", Kept.BREACHED: "BREACHED", Kept.UNKNOWN: "not judged: data missing"}
    for promise in promises:
        state = f"{_MARKS[promise.kept]} {words.say(kept[promise.kept])}"
        rows.append(f"| {word(words.title(promise.id))} | {state} | {word(_came_to(words, promise))} | {word(promise.text)} |")
    return [*rows, ""]


def _came_to(words: Words, promise: LimitResult | GuaranteeResult) -> str:
    """The values that a limit compares, from left to right; for how many clients a guarantee does not hold."""
    match promise:
        case LimitResult():
            return ", ".join(words.value(side.value, side.kind) for side in promise.sides if not side.literal)
        case GuaranteeResult():
            counts = [(promise.breached, words.say("BREACHED")), (promise.unknown, words.say("unknown"))]
            return ", ".join(f"{name}: {words.number(count)}" for count, name in counts if count)
        case _:
            assert_never(promise)


def _counted(findings: Sequence[Finding]) -> list[str]:
    """A row for each code: how grave, what the code stands for, how many."""
    if not findings:
        return []
    counts = Counter((finding.code, finding.severity) for finding in in_order(findings))
    rows = [f"| {MARKS[severity]} | {code} | {word(page(code).title)} | {count} |" for (code, severity), count in counts.items()]
    return ["| | code | what | findings |\n|---|---|---|---:|", *rows, ""]


def _listing(words: Words, title: str, counts: Sequence[Count], called: Callable[[str], str]) -> list[str]:
    if not counts:
        return []
    rows = [f"| {words.say(title)} | {words.say('clients')} |\n|---|---:|"]
    return [*rows, *(f"| {word(called(c.name))} | {words.number(c.clients)} |" for c in counts), ""]


def _section(lines: Sequence[str]) -> list[str]:
    """A title and indented lines as a title and a list."""
    said = [line for line in lines if line.strip()]
    if not said:
        return []
    items = [f"{' ' * (len(line) - len(line.lstrip()) - 2)}- {word(line.strip())}" for line in said[1:]]
    return [f"**{word(said[0])}**", "", *items, ""]
