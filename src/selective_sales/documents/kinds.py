"""The sorts of documents that templates are for: how a finding speaks of one, and by which code.

A memo is for colleagues, a letter for the client.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """The words and codes of findings on a template. `withheld` are names that exist but not for these readers, each with why."""

    name: str
    called: str
    gone: str
    unreadable: str
    unknown_name: str
    unknown_filter: str
    construct: str
    value: str
    withheld_name: str
    withheld: Mapping[str, str] = field(default_factory=dict)


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
