"""A name in; out, whether it is a person's first and last name, who could be asked later. An account or a program is none."""

from __future__ import annotations

import re
import unicodedata

_NOBODY = frozenset(
    "admin administrator anonymous auto automatic automation bot ci cron daemon default github actions gitlab guest jenkins me none nobody"
    " root robot runner script selective sales service somebody system test the user username".split()
)
"""Words that say of nobody who they are; a name of such words only is nobody's."""
LONGEST_NAME = 200


def tidy_name(name: str) -> str:
    """The name in NFKC, without characters that cannot be seen, every white space one blank."""
    plain = unicodedata.normalize("NFKC", name)
    return " ".join("".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Co", "Cn")).split())


def is_person(name: str) -> bool:
    """Whether it is a person's name. One word is an account, or one of several Annas: two years on, nobody could be asked."""
    if len(name) > LONGEST_NAME or any(ord(character) < 32 for character in name):
        return False
    plain = tidy_name(name)
    if "@" in plain or sum(character.isalpha() for character in plain) < 2 or len(plain.split()) < 2:
        return False
    return not all(word in _NOBODY for word in re.findall(r"[^\W_]+", plain.casefold()))
