"""Exit codes of every command."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """0 fine; 1 findings, or a breached audit; 2 usage; 3 policy or template invalid; 4 policy tests failed; 5 data broken.

    130 and 141 are not the command's own: as for any program, 128 and the number of the signal that ended it.
    """

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    INVALID = 3
    TESTS_FAILED = 4
    DATA = 5
    INTERRUPTED = 130
    READER_GONE = 141
