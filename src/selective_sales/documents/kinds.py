"""The sorts of documents that templates are for: how a finding speaks of one, and by which code.

A memo is for colleagues, a letter for the client.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """The words and codes of findings on a template.

    `withheld` are names that exist but are not for these readers: by whose names they would be, each with why and what
    to do. `filter_blocks` are the
    filters that may stand around a part of the template; `only_texts` refuses to print a yes or no.
    """

    name: str
    called: str
    gone: str
    unreadable: str
    unknown_name: str
    unknown_filter: str
    construct: str
    value: str
    withheld_name: str
    withheld: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    filter_blocks: frozenset[str] = frozenset({"lower", "tidy", "trim", "upper"})
    only_texts: bool = False


MEMO = DocumentKind(
    name="memo",
    called="the memo",
    gone="SS801",
    unreadable="SS802",
    unknown_name="SS803",
    unknown_filter="SS804",
    construct="SS805",
    value="SS806",
    withheld_name="SS803",
)
LETTER = DocumentKind(
    name="letter",
    called="the letter",
    gone="SS960",
    unreadable="SS961",
    unknown_name="SS962",
    unknown_filter="SS964",
    construct="SS964",
    value="SS965",
    withheld_name="SS963",
    # Values are put into a letter when its text is made: a filter around a part of it would see their places only.
    filter_blocks=frozenset({"tidy"}),
    only_texts=True,
)
LETTER_SHELL = replace(LETTER, name="letter shell", called="the shell", filter_blocks=MEMO.filter_blocks)
