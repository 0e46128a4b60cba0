"""A batch of letters and the approvals of its letters: what was written to whom, made of what, and who has said that it may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .expression import NOWHERE
from .place import Place

Client = tuple[str, ...]
Said = Mapping[str, str]
"""What a letter has from the client's data, the policy and its date, in its own words, by what it is: `fields.revenue`, `reasons.late`."""


class Status(StrEnum):
    """What a letter of a batch is: marked as a draft; without the mark, fit to be sent; no longer for anybody."""

    DRAFT = "draft"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Origins:
    """What a letter was made of, each as sha256 in hex.

    `policy` is of the run's policy files, `data` of its tables (with exceptions and history), `template` of the letter's body and the
    shell, `letterhead` of the letterhead and its logo, `values` of all that this client's letter has from them.
    """

    policy: str
    data: str
    template: str
    letterhead: str
    values: str

    def changed(self, now: Origins) -> tuple[str, ...]:
        """Why a letter of these origins says something else than one of those: `policy`, `data`, `template`, `letterhead`; maybe several.

        Policy and data are named only where what the letter has from them is another.
        """
        said = self.values != now.values
        found = [name for name in ("policy", "data") if said and getattr(self, name) != getattr(now, name)]
        return (*found, *(name for name in ("template", "letterhead") if getattr(self, name) != getattr(now, name)))


@dataclass(frozen=True, slots=True)
class Approval:
    """A named person's word that this letter may go to this client. It holds for exactly this client, decision and letter digest.

    `run` is the run whose letter it was; `approved_at` is in UTC (`2026-11-26T16:40:12Z`).
    """

    client: Client
    decision: str
    letter: str
    run: str
    approved_by: str
    approved_at: str
    note: str
    policy: str
    data: str
    template: str
    letterhead: str
    values: str
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def origins(self) -> Origins:
        return Origins(self.policy, self.data, self.template, self.letterhead, self.values)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A named person takes back every earlier approval of this letter. `not_sent`: though it was final, it has not left the house."""

    client: Client
    decision: str
    letter: str
    run: str
    withdrawn_by: str
    withdrawn_at: str
    note: str
    not_sent: bool = False
    place: Place = field(default=NOWHERE, compare=False)


Act = Approval | Withdrawal


@dataclass(frozen=True, slots=True)
class ApprovalsFile:
    """approvals.yaml as read, in its order; an empty one where there is no such file (then `sha256` is None)."""

    path: str
    sha256: str | None
    entries: tuple[Act, ...]

    @property
    def holding(self) -> tuple[Approval, ...]:
        """The approvals that nobody has withdrawn since."""
        found: dict[tuple[Client, str, str], list[Approval]] = {}
        for act in self.entries:
            of = (act.client, act.decision, act.letter)
            if isinstance(act, Approval):
                found.setdefault(of, []).append(act)
            else:
                found.pop(of, None)
        held = {id(approval) for approvals in found.values() for approval in approvals}
        return tuple(act for act in self.entries if isinstance(act, Approval) and id(act) in held)

    @property
    def withdrawn(self) -> Mapping[tuple[Client, str, str], Withdrawal]:
        """The last withdrawal of each letter that nobody has approved since."""
        last = {(act.client, act.decision, act.letter): act for act in self.entries}
        return {of: act for of, act in last.items() if isinstance(act, Withdrawal)}


@dataclass(frozen=True, slots=True)
class BatchLetter:
    """One letter of a batch. `letter` is the digest of what it says and how it looks, `sha256` of its file's bytes.

    `file` is None where a draft was withdrawn. `reasons` are the ids of the rules whose reasons it gives. `stale` says what changed since
    it was approved, where it is final and the run would now say something else. `approved_by` and `approved_at` are None where nobody has
    to approve it, or has not yet. `said` is None in an index of an earlier version; `approved_said` is what an approved letter said that
    this draft has taken the place of; `differs` are sentences on what the run says otherwise than what was approved.
    """

    client: Client
    name: str | None
    reference: str
    decision: str
    language: str
    body: str
    branch: str
    status: Status
    approval_needed: bool
    file: str | None
    sha256: str | None
    letter: str
    run: str
    origins: Origins
    reasons: tuple[str, ...] = ()
    approved_by: str | None = None
    approved_at: str | None = None
    stale: tuple[str, ...] = ()
    said: Said | None = None
    approved_said: Said | None = None
    differs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return "|".join(self.client)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch folder's manifest. `date` is written on its letters, `to` is their format; `program` made them, from `run` the last time."""

    policy: str
    policy_version: str
    run: str
    date: str
    language: str
    to: str
    program: str
    letterhead: str
    templates: str | None
    sample: bool
    """Whether it holds examples only: drafts, whoever may get them."""
    letters: tuple[BatchLetter, ...]
