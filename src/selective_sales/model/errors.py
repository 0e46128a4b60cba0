"""The errors that a stage may raise: what lies outside of policies and data, such as a full disk. Findings are values, not errors."""

from __future__ import annotations


class EngineError(Exception):
    """The engine could not finish: no memory, no room on the disk, an unreadable file. The message is for a person."""

    @property
    def help(self) -> str:
        """What to do about it: another policy where that is nested deeper than the engine follows, else more room."""
        if "depth limit" in str(self):
            return "the policy builds values on values deeper than the engine follows: split them, or leave some out"
        return "free some room, or give the run more with --memory-limit and --temp-directory"
