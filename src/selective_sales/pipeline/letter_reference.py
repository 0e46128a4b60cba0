"""The number of a letter: what it is about in, a number that people read out on the phone out."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json


def letter_reference(policy: str, client: tuple[str, ...], decision: str, as_of: datetime.date) -> str:
    """The letter's number: sixty bits of a digest, in letters and digits that cannot be mistaken for one another on the phone.

    The same for the same policy, client, decision and as-of date, whatever the run. It tells nobody a client's id.

    >>> letter_reference("services", ("A-1",), "decline", datetime.date(2026, 11, 22))
    'ZGKQ-VAMY-C0E1'
    """
    said = json.dumps([policy, client, decision, as_of.isoformat()], ensure_ascii=False)
    digits = base64.b32encode(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:10]).decode("ascii")[:12]
    spoken = digits.translate(_SPOKEN)
    return f"{spoken[:4]}-{spoken[4:8]}-{spoken[8:]}"


_SPOKEN = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""Crockford's alphabet: without I, L, O and U."""
