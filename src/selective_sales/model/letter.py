"""A letter to a client, before and after it is put into words on paper: what it may say, and what came of it.

Everything here is words already, in the letter's language. A client's data is data: no body or shell of a letter is ever made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_REASONS = 4
"""A good notice says its principal reasons, and at most four of them (12 CFR 1002.9, Supplement I, comment 9(b)(2)-1)."""
MOST_ADDRESS_LINES = 6
"""Lines in the address block of a window envelope (DIN 5008), the recipient's name among them."""
UNDETERMINED = "undetermined"
COMPLETE_WITHOUT_REASONS = frozenset({"thank-you"})
"""Bodies that say all they have to say without a reason."""


@dataclass(frozen=True, slots=True)
class LetterReason:
    """A rule that decided or fired for the letter's decision, and its `letter_reason` with this client's values."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class LetterCase:
    """What the letter to one client may say: the names that a body reads, and nothing that only colleagues may see.

    `decision_id` is the decision's id, `undetermined` where data is missing. `body` names the body's template without language and ending
    (`decline`). `reference` is the letter's number: the same whenever the same client, decision and date are written to. `address` are the
    lines below the name. `missing` are the facts we ask for (of an undetermined client). `changes` are sentences that say what alone would
    have led to another decision, verified by deciding the client anew; empty where the policy does not tell. `fields` are the values that
    have `tell_client: true`, by the policy's name of them, None where there is none. `effective_on` and `reply_by` follow from the date and
    the letterhead's notice periods.
    """

    client: tuple[str, ...]
    language: str
    body: str
    reference: str
    decision_id: str
    decision: str
    decided_by: str
    approval_needed: bool
    name: str | None
    salutation: str | None
    address: tuple[str, ...]
    reasons: tuple[LetterReason, ...]
    missing: tuple[str, ...]
    changes: tuple[str, ...]
    date: str
    as_of: str
    effective_on: str
    reply_by: str
    policy: str
    policy_version: str
    fields: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return "|".join(self.client)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in words. `branch` names the way that its body took (the same for all letters that differ by values only).

    `text` is the whole letter as plain text, its address and letterhead with it. `digest` is the sha256 in hex of all that the letter
    says and of how it looks (body, values, letterhead, shell), whatever the format; the mark of a draft is not part of it. An approval
    holds for exactly one digest.
    """

    case: LetterCase
    subject: str
    text: str
    branch: str
    digest: str
