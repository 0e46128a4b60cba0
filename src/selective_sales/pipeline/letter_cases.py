"""A finished run in, what the letter to each client may say out: quickly, as only what letters need is asked of the run.

It refuses letters that could not be true or would say nothing: a decision without a letter, one of an exception that differs from the
policy, reasons that name a missing value. Each of these clients is counted in a finding, with what to do.
"""

from __future__ import annotations

import datetime
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .. import compiling
from ..compiling.letters import Wanted, letters_query
from ..engines import duckdb_engine as engine
from ..engines import letters as rows
from ..model.finding import Finding, has_errors
from ..model.letter import COMPLETE_WITHOUT_REASONS, UNDETERMINED, LetterCase
from ..model.letterhead import Letterhead
from ..model.queries import LettersQuery
from .changes import deciding
from .finished import FinishedRun, find_clients
from .letter_changes import Teller, telling, told_ground, too_many
from .letter_findings import (
    date_findings,
    decision_findings,
    language_findings,
    left_out,
    nothing_told,
    written_in_the_first,
    written_languages,
)
from .letter_words import LetterWriter, askable

if TYPE_CHECKING:
    import duckdb

BY_FIELD: Literal["by-field"] = "by-field"
AT_ONCE = 500
"""Clients whose changes are looked for side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersAsked:
    """Which letters of a run are wanted, dated when. `clients` are keys or names (none: all), `decision` None: every one with a letter.

    `without_reasons` are bodies that are complete without a reason, such as a thank-you: whoever knows the templates says which.
    """

    language: Literal["pl", "en", "by-field"]
    date: datetime.date
    letterhead: Letterhead
    clients: tuple[str, ...] = ()
    decision: str | None = None
    without_reasons: frozenset[str] = COMPLETE_WITHOUT_REASONS


def letter_cases(run: FinishedRun, asked: LettersAsked) -> tuple[Iterator[LetterCase], tuple[Finding, ...]]:
    """The cases in the order of the clients' keys, as they are asked for; no case where a finding is an error.

    A client who gets no letter is counted in a warning (SS956, SS958): a batch goes on without, and its exit code says so.
    """
    findings = (
        *date_findings(run, asked.date, asked.letterhead),
        *decision_findings(run, asked.decision),
        *language_findings(run, asked.language),
    )
    keys, unknown = find_clients(run, asked.clients) if asked.clients else (None, ())
    findings = (*findings, *unknown)
    if has_errors(findings):
        return iter(()), findings
    query = _query(run, asked)
    with _opened(run, query, keys) as connection:
        counts = rows.letters_left_out(connection, query)
        field = language_field(run, asked)
        blank = 0 if field is None else rows.letters_without(connection, field)
    findings = (*findings, *written_in_the_first(run, blank))
    tells = frozenset(telling(run.checked))
    telling_letters = _told(counts, tells)
    every = telling_letters if keys is None and asked.decision is None else _told_in_all(run, asked, tells)
    if telling_letters and too_many(run.checked, run.manifest.clients, every):
        findings, tells = (*findings, nothing_told(run, every)), frozenset()
    return _cases(run, asked, query, keys, tells if telling_letters else frozenset()), (*findings, *left_out(run, counts))


def _told(counts: Sequence[tuple[str, str, int, list[str]]], tells: frozenset[str]) -> int:
    return sum(clients for why, decision, clients, _ in counts if not why and decision in tells)


def _told_in_all(run: FinishedRun, asked: LettersAsked, tells: frozenset[str]) -> int:
    """How many letters of the whole run tell changes: a letter says the same whether it is asked for alone or with all others."""
    if not tells or not compiling.looks_at_portfolio(run.checked):
        return 0
    query = _query(run, replace(asked, clients=(), decision=None))
    with _opened(run, query, None) as connection:
        return _told(rows.letters_left_out(connection, query), tells)


def _cases(
    run: FinishedRun, asked: LettersAsked, query: LettersQuery, keys: Sequence[tuple[str, ...]] | None, tells: frozenset[str]
) -> Iterator[LetterCase]:
    writer = LetterWriter(run.checked, query, asked.letterhead, asked.date, run.manifest.as_of)
    with _opened(run, query, keys) as connection:
        found = rows.letter_rows(connection, query, writer.columns)
        if not tells:
            yield from map(writer.case, found)
            return
        ground = told_ground(run.checked)
        with deciding(run, ground) as decider:
            teller = None if decider is None else Teller(run.checked, ground, decider, writer.at, writer.said)
            while part := list(itertools.islice(found, AT_ONCE)):
                yield from _with_changes(writer, teller, part, tells)


def _with_changes(
    writer: LetterWriter, teller: Teller | None, part: list[tuple[object, ...]], tells: frozenset[str]
) -> Iterator[LetterCase]:
    """The cases of some rows; what would have changed the decision is looked for of all of them at once."""
    asked = [(number, *who) for number, row in enumerate(part) if (who := writer.telling(row, tells)) is not None]
    sentences: dict[int, tuple[str, ...]] = {}
    if teller is not None and asked:
        told = teller.told([(client, decision, language, part[number]) for number, client, decision, language in asked])
        sentences = {number: words for (number, *_), words in zip(asked, told, strict=True)}
    for number, row in enumerate(part):
        yield writer.case(row, sentences.get(number, ()))


@contextmanager
def _opened(run: FinishedRun, query: LettersQuery, keys: Sequence[tuple[str, ...]] | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that has the run's `run.letters`, of the clients asked for."""
    folder = run.folder.absolute()
    with (
        tempfile.TemporaryDirectory(prefix="selective-sales-") as temp,
        engine.connected([folder / "facts.parquet", folder / "decisions.parquet"], [], Path(temp), engine.Limits()) as connection,
    ):
        rows.open_letters(connection, query, folder, keys)
        yield connection


def language_field(run: FinishedRun, asked: LettersAsked) -> str | None:
    """The field that holds a client's language, where it is asked for by that."""
    letters = run.checked.policy.letters
    return letters.language.name if asked.language == BY_FIELD and letters is not None and letters.language is not None else None


def _query(run: FinishedRun, asked: LettersAsked) -> LettersQuery:
    """The query for the letters asked for."""
    policy = run.checked.policy
    bodies = {d.id: d.letter for d in policy.decisions if d.letter is not None}
    if policy.letters is not None and policy.letters.undetermined is not None:
        bodies[UNDETERMINED] = policy.letters.undetermined
    decisions = tuple(bodies) if asked.decision is None else (asked.decision,)
    free = {policy.default_decision.id, *(name for name, body in bodies.items() if body in asked.without_reasons)}
    field = language_field(run, asked)
    languages = written_languages(run.checked)
    wanted = Wanted(
        decisions,
        frozenset(free),
        tuple(askable(run.checked)),
        asked.language if field is None else None,
        field,
        languages,
        policy.languages[0] if policy.languages[0] in languages else None,
    )
    return letters_query(run.checked, run.manifest.as_of, wanted)
