"""The errors that a stage may raise: what lies outside of policies and data, such as a full disk. Findings are values, not errors."""

from __future__ import annotations


class EngineError(Exception):
    """The engine could not finish: no memory, no room on the disk, an unreadable file. The message is for a person, and so is `help`."""

    def __init__(self, message: str, help: str = "free some room, or give the run more with --memory-limit and --temp-directory") -> None:
        super().__init__(message)
        self.help = help
