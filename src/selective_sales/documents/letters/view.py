"""What the body and the shell of a letter may read: words in the letter's language. These classes are the contract of their templates.

Nothing that only colleagues may see is here: no rule, no score, no metric, no other client. `None` means that there is no such thing; a
template must ask (`{% if salutation %}`) before it prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person of the sender's: whom to write to, or who signs."""

    name: str
    role: str | None
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class SenderView:
    """Who writes. `register` is the line that law asks of a company's letters."""

    name: str
    address: tuple[str, ...]
    phone: str | None
    email: str | None
    website: str | None
    register: str | None


@dataclass(frozen=True, slots=True)
class LetterView:
    """What a body may read.

    `client` is the key; `salutation` ends with a comma; `decision` is the decision's title and `decision_id` its name in the policy.
    `reasons` are the sentences that the policy lets the client read, `missing` the facts we ask for, `changes` what alone would have led
    to another decision. `date` is the letter's, `as_of` that of the data. `effective_on` and `reply_by` are days, `notice` and `reply` the
    same as spans ("30 days"). `fields` holds the values that have `tell_client: true`.
    """

    language: str
    client: str
    name: str | None
    salutation: str | None
    address: tuple[str, ...]
    decision: str
    decision_id: str
    approval_needed: bool
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    changes: tuple[str, ...]
    date: str
    as_of: str
    effective_on: str
    reply_by: str
    notice: str
    reply: str
    reference: str
    policy: str
    policy_version: str
    sender: SenderView
    contact: PersonView
    signatory: PersonView
    place: str | None
    fields: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class WordsView:
    """The few words of the shell itself. `draft` stands on every page of a letter that nobody has approved."""

    reference: str
    client: str
    date: str
    as_of: str
    rules: str
    version: str
    contact: str
    phone: str
    email: str
    page: str
    of: str
    draft: str
    draft_note: str


@dataclass(frozen=True, slots=True)
class ShellView:
    """What a shell may read. `body` is the body in the shell's own format, ready to stand on the page; so are `css` and `logo`.

    `logo` is a `data:` URI. `ink` is the accent colour where it can be read on white, else a dark one.
    """

    language: str
    draft: bool
    subject: str
    body: str
    name: str | None
    address: tuple[str, ...]
    client: str
    reference: str
    date: str
    as_of: str
    policy: str
    policy_version: str
    place: str | None
    sender: SenderView
    contact: PersonView
    signatory: PersonView
    words: WordsView
    css: str
    logo: str | None
    accent: str
    ink: str
