"""A policy that was read, and what Python asks of it: to decide one client or a few, and to say why.

Findings are values: a bad policy is told in `findings`. Where nothing can be decided NotDecided is raised, with the findings.
"""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .model.checked import CheckedPolicy
from .model.decision import Decision
from .model.finding import Finding
from .model.policy import Table

if TYPE_CHECKING:
    from .pipeline.deciding import Asked, Decider
    from .pipeline.explained import Told
    from .pipeline.runs import Ending


class NotDecided(Exception):  # noqa: N818 - it says what happened, as users of the API read it
    """Nothing was decided. `findings` say why, each with its place."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        shown = [f"{f.place}: {f.code} {f.message}" for f in findings if f.severity == "error"]
        super().__init__("\n".join(shown[:5]) + (f"\nand {len(shown) - 5} more" if len(shown) > 5 else ""))


class InvalidPolicy(NotDecided):
    """The policy, the exceptions or the date do not allow a run."""


class BrokenData(NotDecided):
    """The data breaks its contract."""


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy as read from `path`. `checked` is None where an error makes it unusable; `findings` has errors, warnings and notes.

    `decide` prepares the policy for a date when it is first asked for it, and keeps what it prepared until `close`; the policy can be used
    in a `with` statement. Threads may share it: one statement runs at a time, behind a lock.
    """

    path: Path
    checked: CheckedPolicy | None = field(repr=False)
    findings: tuple[Finding, ...]
    _use: _Use = field(default_factory=lambda: _Use(), init=False, repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """True where the policy can be used."""
        return self.checked is not None

    def decide(
        self,
        client: Mapping[str, Any],
        /,
        *,
        as_of: datetime.date | None = None,
        portfolio: str | os.PathLike[str] | None = None,
        exceptions: str | os.PathLike[str] | None = None,
        history: str | os.PathLike[str] | None = None,
        **child_rows: Iterable[Mapping[str, Any]],
    ) -> Decision:
        """Decides one client, given as a mapping from field to value, as `evaluate` would.

        `child_rows` has a list of mappings per child table of the policy: `orders=[{...}, {...}]`, `orders=[]` for none; a row may leave
        out the client's key. A value is a text, a number, a bool, a date, or None; a field left out is blank. `as_of` is today where it
        is not given. A policy that looks at the portfolio needs `portfolio`, the folder of a run of the same policy: the client takes the
        place of the run's client with its key, or joins them. Raises InvalidPolicy or BrokenData (both NotDecided) with the findings.
        """
        (decision,) = self._decide([client], child_rows, as_of, portfolio, exceptions, history, alone=True)
        return decision

    def decide_many(
        self,
        clients: Iterable[Mapping[str, Any]],
        /,
        *,
        as_of: datetime.date | None = None,
        portfolio: str | os.PathLike[str] | None = None,
        exceptions: str | os.PathLike[str] | None = None,
        history: str | os.PathLike[str] | None = None,
        **child_rows: Iterable[Mapping[str, Any]],
    ) -> tuple[Decision, ...]:
        """Decides a few clients at once, in the order given. As `decide`, but that each child row names its client."""
        return self._decide(clients, child_rows, as_of, portfolio, exceptions, history, alone=False)

    def explain(
        self,
        client: Mapping[str, Any],
        /,
        *,
        as_of: datetime.date | None = None,
        exceptions: str | os.PathLike[str] | None = None,
        history: str | os.PathLike[str] | None = None,
        **child_rows: Iterable[Mapping[str, Any]],
    ) -> Explanation:
        """Why `decide` decides the client so, why no other rule did, and what would have to change: for whoever asks.

        Takes what `decide` takes, and about a second, as it decides many changed copies of the client. A policy that looks at the
        portfolio cannot be explained so: use `evaluate`, and `selective-sales explain`.
        """
        from .pipeline.explained import explain

        checked, asked = self._asked([client], child_rows, as_of, None, exceptions, history, alone=True)
        told = explain(checked, asked)
        if told.explanation is None:
            raise refusal(told.ending)(told.findings)
        return Explanation(told)

    def _decide(
        self,
        clients: Iterable[Mapping[str, Any]],
        child_rows: Mapping[str, Any],
        as_of: datetime.date | None,
        portfolio: str | os.PathLike[str] | None,
        exceptions: str | os.PathLike[str] | None,
        history: str | os.PathLike[str] | None,
        *,
        alone: bool,
    ) -> tuple[Decision, ...]:
        checked, asked = self._asked(clients, child_rows, as_of, portfolio, exceptions, history, alone=alone)
        answer = self._use.of(checked).decide(asked)
        if answer.decisions is None:
            raise refusal(answer.ending)(answer.findings)
        return answer.decisions

    def _asked(
        self,
        clients: Iterable[Mapping[str, Any]],
        child_rows: Mapping[str, Any],
        as_of: datetime.date | None,
        portfolio: str | os.PathLike[str] | None,
        exceptions: str | os.PathLike[str] | None,
        history: str | os.PathLike[str] | None,
        *,
        alone: bool,
    ) -> tuple[CheckedPolicy, Asked]:
        from .pipeline.deciding import Asked

        if isinstance(clients, Mapping | str | bytes) or not isinstance(clients, Iterable):
            raise TypeError(f"decide_many takes a list of clients, not {type(clients).__name__}: decide_many([{{...}}, {{...}}])")
        if as_of is not None and (not isinstance(as_of, datetime.date) or isinstance(as_of, datetime.datetime)):
            raise TypeError(f"as_of is a datetime.date, not {type(as_of).__name__}")
        if self.checked is None:
            raise InvalidPolicy(self.findings)
        taken = [table for table in self.checked.policy.delivered if table.name in ARGUMENTS]
        if taken:
            raise InvalidPolicy(tuple(map(_taken, taken)))
        folders = [None if path is None else Path(path) for path in (portfolio, exceptions, history)]
        return self.checked, Asked(list(clients), child_rows, as_of or datetime.date.today(), alone, *folders)

    def close(self) -> None:
        """Gives back what `decide` prepared. The policy decides no more clients; `evaluate` still takes it."""
        self._use.close()

    def __enter__(self) -> LoadedPolicy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


ARGUMENTS = ("portfolio", "exceptions")
"""Arguments of `decide` that could be a table's name: the language has the others for itself."""


def _taken(table: Table) -> Finding:
    message = f"decide cannot be given rows of the table '{table.name}': that is the name of an argument of its own"
    return Finding("SS894", message, table.place, "Give the table another name, or use evaluate")


class _Use:
    """What a policy was prepared for: made when it first decides, gone when it is closed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.decider: Decider | None = None
        self.closed = False

    def of(self, checked: CheckedPolicy) -> Decider:
        from .pipeline.deciding import Decider

        with self.lock:
            if self.closed:
                raise ValueError("the policy is closed: read it again")
            if self.decider is None:
                self.decider = Decider(checked)
            return self.decider

    def close(self) -> None:
        with self.lock:
            self.closed = True
            if self.decider is not None:
                self.decider.close()


def refusal(ending: Ending) -> type[NotDecided]:
    """The exception for the side on which an error lies."""
    from .pipeline.runs import Ending

    return {Ending.BROKEN_DATA: BrokenData, Ending.INVALID_POLICY: InvalidPolicy}.get(ending, NotDecided)


class Explanation:
    """Why a client is decided so: as text for people, or as plain values for programs."""

    def __init__(self, told: Told) -> None:
        self._told = told

    def text(self, language: str | None = None, width: int = 100) -> str:
        """What `selective-sales explain` prints, in `pl` or `en` (the policy's first where none is given), in lines of that width."""
        languages = [known for known in self._languages if known in ("pl", "en")]
        spoken = language or (languages[0] if languages else "en")
        if spoken not in ("pl", "en"):
            raise ValueError(f"explanations are in 'pl' or 'en', not in {spoken!r}")
        return self._told.text(spoken, width)

    def json(self) -> dict[str, Any]:
        """What `selective-sales explain --format json` prints, as what `json.dumps` takes."""
        return self._told.json()

    @property
    def _languages(self) -> tuple[str, ...]:
        return () if self._told.run is None else self._told.run.checked.policy.languages

    def __repr__(self) -> str:
        found = self.json()
        return f"<Explanation of {'|'.join(found['client'])}: {found['decision']} by {found['decided_by']}, as of {found['as_of']}>"
