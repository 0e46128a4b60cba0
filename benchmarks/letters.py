"""Letters: a whole batch less a small one gives the pace of one process; the press alone stands beside Jinja with nothing around it."""

from __future__ import annotations

import datetime
import importlib.util
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contest import AS_OF, PROGRAM
from benchmarks.report import Section, Target, table
from benchmarks.timing import ENVIRONMENT, Contender, measured

FEW, MANY = 1_000, 10_000
FEW_PDF, MANY_PDF = 50, 350
BATCH = {"html": 3_000, "pdf": 60}
"""By format, the letters a second that are promised."""
_TEMPLATES = Path(__file__).parents[1] / "templates"
_POLICY = """\
format: 1
policy: {id: letters, version: "1", languages: [en], currency: PLN}
data:
  clients:
    key: client_id
    display: name
    fields: {client_id: text, name: text, street: text, town: text, tickets: {type: integer, tell_client: true}}
letters: {name: name, address: [street, town]}
decisions:
  decline: {title: Decline, letter: decline}
  keep: {title: Keep, default: true}
rules:
  - id: many-tickets
    title: Many tickets
    when: tickets > 20
    then: decline
    reason: "Tickets: {tickets}."
    letter_reason: "Tickets in the last 12 months: {tickets}; the contract covers 20."
"""
_PLAIN = """\
<!doctype html><html><head><style>{{ css }}</style></head><body>
<p>{{ sender.name }}{% for line in sender.address %}<br>{{ line }}{% endfor %}</p>
<p>{{ name }}{% for line in address %}<br>{{ line }}{% endfor %}</p><p>{{ reference }}, {{ date }}</p><h1>{{ subject }}</h1>
{{ body }}<p>{{ signatory.name }}</p></body></html>
"""


@dataclass(frozen=True, slots=True)
class _Pace:
    """Letters a second by the clock, and the processor's milliseconds of one."""

    a_second: float
    processor: float


def section(folder: Path, rounds: int) -> Section:
    policy = folder / "letters.yaml"
    policy.write_text(_POLICY, encoding="utf-8")
    pace = {form: _pace(folder, policy, form, *sizes, rounds) for form, sizes in _sizes().items()}
    targets = tuple(
        Target(
            f"letters a second to {form.upper()}",
            f"at least {least:,}",
            f"{round(pace[form].a_second):,}" if form in pace else "",
            pace[form].a_second >= least if form in pace else None,
            "" if form in pace else "typst is not installed",
        )
        for form, least in BATCH.items()
    )
    rows = [(form.upper(), round(one.a_second), 1000 / one.a_second, one.processor) for form, one in pace.items()]
    heading = (
        f"{MANY:,} letters in HTML, {MANY_PDF} in PDF, made, looked at and published by one process, less what {FEW:,} and {FEW_PDF} take:"
    )
    press = _press(rounds)
    beside = "The same letter a thousand times within one process, without batch and disk, in milliseconds of the processor:"
    lines = (
        heading,
        "",
        *table(("", "a second", "milliseconds each", "of the processor"), rows),
        "",
        beside,
        "",
        *table(("", "milliseconds"), press),
    )
    return Section("Letters", lines, targets)


def _sizes() -> dict[str, tuple[int, int]]:
    sizes = {"html": (FEW, MANY), "pdf": (FEW_PDF, MANY_PDF)}
    return sizes if importlib.util.find_spec("typst") is not None else {"html": sizes["html"]}


def _pace(folder: Path, policy: Path, form: str, few: int, many: int, rounds: int) -> _Pace:
    """How fast a batch is made, without its start."""
    contenders = {}
    for clients in (few, many):
        run, out, data = folder / f"letters_run_{clients}", folder / "letters", folder / f"letters_{clients}.csv"
        rows = (f"C-{n:05},Client {n} & Sons,Long Street {n},00-{n % 1000:03} Town,{21 + n % 50}\n" for n in range(clients))
        data.write_text("client_id,name,street,town,tickets\n" + "".join(rows), encoding="utf-8")
        if not run.exists():
            given = ["--data", f"clients={data}", "--as-of", AS_OF, "--out", str(run)]
            subprocess.run([*PROGRAM, "evaluate", str(policy), *given], check=True, capture_output=True, env=ENVIRONMENT)
        head = _TEMPLATES / "letters" / "letterhead.yaml"
        command = [*PROGRAM, "letters", str(run), "--letterhead", str(head), "--date", AS_OF, "--to", form, "--out", str(out)]
        contenders[f"{form} {clients}"] = Contender(command, lambda out=out: _set_aside(out))
    found = measured(contenders, min(rounds, 3))
    large, small = found[f"{form} {many}"], found[f"{form} {few}"]
    return _Pace((many - few) / (large.seconds - small.seconds), (large.cpu - small.cpu) / (many - few) * 1000)


def _set_aside(out: Path) -> None:
    """The batch of the round before stays on the disk: for half a minute ext4 passes over the place of each file that was deleted, and a
    new file beside ten thousand of them costs twenty times as much as it does where nobody deletes.
    """
    if out.exists():
        out.rename(out.with_name(f"{out.name}_{time.time_ns()}"))


def _press(rounds: int) -> list[tuple[str, float]]:
    """Milliseconds of the processor for a letter, by what makes it; each in its turn, the median of the rounds."""
    makers = _makers()
    taken: dict[str, list[float]] = {name: [] for name in makers}
    for _ in range(rounds + 1):
        for name, (make, times) in makers.items():
            begun = time.process_time()
            for number in range(times):
                make(number)
            taken[name].append((time.process_time() - begun) / times * 1000)
    return [(name, statistics.median(several[1:])) for name, several in taken.items()]


def _makers() -> dict[str, tuple[Callable[[int], object], int]]:
    from jinja2 import Environment
    from markdown_it import MarkdownIt

    from selective_sales import wording
    from selective_sales.documents.letters import LetterPress
    from selective_sales.model.letter import LetterCase, LetterReason
    from selective_sales.pipeline.letterheads import read_letterhead

    letterhead, _ = read_letterhead(_TEMPLATES / "letters" / "letterhead.yaml", None)
    assert letterhead is not None
    speakers = {"en": wording.speaker("en", "PLN")}
    press, _ = LetterPress.opened(_TEMPLATES, None, letterhead, speakers, datetime.date(2026, 1, 1))
    assert press is not None

    def case(number: int) -> LetterCase:
        reason = LetterReason("many-tickets", f"Tickets in the last 12 months: {number}; the contract covers 20.")
        return LetterCase(
            client=(f"C-{number:05}",), language="en", body="decline", reference=f"L-{number}", decision_id="decline", decision="Decline",
            decided_by="many-tickets", approval_needed=True, name=f"Client {number} & Sons", salutation=None,
            address=(f"Long Street {number}", "00-950 Town"), reasons=(reason,), missing=(), changes=(), date="1 January 2026",
            as_of="31 December 2025", effective_on="31 January 2026", reply_by="15 January 2026", policy="Letters", policy_version="1",
        )  # fmt: skip

    letter, _ = press.letter(case(0))
    assert letter is not None
    view = letter.view  # type: ignore[attr-defined]
    css = (_TEMPLATES / "letters" / "shell.css").read_text(encoding="utf-8")
    page = Environment(autoescape=True).from_string(_PLAIN)
    words = Environment(autoescape=False).from_string(press.printed(letter, "md", False).decode("utf-8").partition("\n# ")[2])
    markdown = MarkdownIt("commonmark")
    ready = markdown.render(words.render())

    def plain(number: int) -> str:
        return page.render(css=css, sender=view.sender, name=f"Client {number}", address=view.address, reference=view.reference,
                           date=view.date, subject=letter.subject, body=ready, signatory=view.signatory)  # fmt: skip

    def printed(number: int, form: str) -> bytes:
        made, _ = press.letter(case(number))
        assert made is not None
        return press.printed(made, form, True)  # type: ignore[arg-type]

    makers: dict[str, tuple[Callable[[int], object], int]] = {
        "plain Jinja, an HTML page around a body that is ready": (plain, 1000),
        "Markdown to HTML by markdown-it, once for each letter": (lambda number: markdown.render(words.render()), 200),
        "the press, HTML: body, checks, digest and shell": (lambda number: printed(number, "html"), 1000),
        "the press, plain text": (lambda number: printed(number, "txt"), 300),
    }
    if importlib.util.find_spec("typst") is not None:
        makers["the press, PDF: PDF/UA-1 and PDF/A-2a"] = (lambda number: printed(number, "pdf"), 40)
    return makers
