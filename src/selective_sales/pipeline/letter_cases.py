"""A finished run in, what the letter to each client may say out: quickly, as only what letters need is asked of the run.

It refuses letters that could not be true or would say nothing: a decision without a letter, one of an exception that differs from the
policy, reasons that name a missing value. Each of these clients is counted in a finding, with what to do.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..compiling.letters import Wanted, letters_query
from ..engines import duckdb_engine as engine
from ..engines import letters as rows
from ..model.finding import Finding, has_errors
from ..model.letter import COMPLETE_WITHOUT_REASONS, UNDETERMINED, LetterCase
from ..model.letterhead import Letterhead
from ..model.plan import LettersQuery
from .finished import FinishedRun, find_clients
from .letter_findings import decision_findings, language_findings, left_out, written_languages
from .letter_words import LetterWriter, askable

if TYPE_CHECKING:
    import duckdb

BY_FIELD: Literal["by-field"] = "by-field"


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
    findings = (*decision_findings(run, asked.decision), *language_findings(run, asked.language))
    keys, unknown = find_clients(run, asked.clients) if asked.clients else (None, ())
    findings = (*findings, *unknown)
    if has_errors(findings):
        return iter(()), findings
    query = _query(run, asked)
    with _opened(run, query, keys) as connection:
        counts = rows.letters_left_out(connection, query)
    findings = (*findings, *left_out(run, counts))
    return _cases(run, asked, query, keys), findings


def _cases(run: FinishedRun, asked: LettersAsked, query: LettersQuery, keys: Sequence[tuple[str, ...]] | None) -> Iterator[LetterCase]:
    writer = LetterWriter(run.checked, query, asked.letterhead, asked.date, run.manifest.as_of)
    with _opened(run, query, keys) as connection:
        for row in rows.letter_rows(connection, query, writer.columns):
            yield writer.case(row)


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


def _query(run: FinishedRun, asked: LettersAsked) -> LettersQuery:
    """The query for the letters asked for."""
    policy = run.checked.policy
    bodies = {d.id: d.letter for d in policy.decisions if d.letter is not None}
    if policy.letters is not None and policy.letters.undetermined is not None:
        bodies[UNDETERMINED] = policy.letters.undetermined
    decisions = tuple(bodies) if asked.decision is None else (asked.decision,)
    free = {policy.default_decision.id, *(name for name, body in bodies.items() if body in asked.without_reasons)}
    field = None if policy.letters is None else policy.letters.language
    by_field = asked.language == BY_FIELD and field is not None
    languages = written_languages(run.checked)
    wanted = Wanted(
        decisions,
        frozenset(free),
        tuple(askable(run.checked)),
        None if by_field else asked.language,
        field.name if by_field and field is not None else None,
        languages,
        policy.languages[0] if policy.languages[0] in languages else None,
    )
    return letters_query(run.checked, run.manifest.as_of, wanted)
