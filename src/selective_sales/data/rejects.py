"""What the reader of a text file could not make a row of. Values only."""

from __future__ import annotations

from dataclasses import dataclass

TOO_LONG = "LINE SIZE OVER MAXIMUM"
UNQUOTED = "UNQUOTED VALUE"


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that the reader could not split: its byte position, the engine's name for the fault, its beginning."""

    position: int
    fault: str
    text: str
