"""Where the findings of one check are collected, and where a misspelt name gets its suggestion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..model.finding import Finding, Severity
from ..model.place import Place

_SUGGESTIONS = 200
"""Misspelt names that get a suggestion; comparing more of them would make a hostile policy slow, and nobody reads so many."""


@dataclass(slots=True)
class Desk:
    """The findings so far. `meant` holds the names that were suggested: they are not called unused as well."""

    findings: list[Finding] = field(default_factory=list)
    meant: set[str] = field(default_factory=set)
    asked: int = 0

    def error(self, code: str, message: str, place: Place, help: str = "") -> None:
        """Something that stops the policy from running."""
        self.findings.append(Finding(code, message, place, help))

    def warning(self, code: str, message: str, place: Place, help: str = "") -> None:
        """Something that runs, and is hardly what the author meant."""
        self.findings.append(Finding(code, message, place, help, Severity.WARNING))

    def note(self, code: str, message: str, place: Place, help: str = "") -> None:
        """Something worth knowing."""
        self.findings.append(Finding(code, message, place, help, Severity.NOTE))

    def closest(self, name: str, known: Iterable[str]) -> str | None:
        """The known name that looks most like this one, or None."""
        self.asked += 1
        if self.asked > _SUGGESTIONS:
            return None
        from difflib import get_close_matches

        by_fold: dict[str, str] = {}
        for candidate in known:
            by_fold.setdefault(_fold(candidate), candidate)
        near = get_close_matches(_fold(name), by_fold, n=1, cutoff=0.6 if len(name) < 5 else 0.7)
        if not near:
            return None
        self.meant.add(by_fold[near[0]])
        return by_fold[near[0]]


def _fold(name: str) -> str:
    """Capitals, hyphens and spaces are what people mix up first."""
    return name.casefold().replace("-", "_").replace(" ", "_")


def declared(place: Place) -> str:
    """`policies/services.yaml:14`, for "declared at"; the file alone where the line is not known."""
    return f"{place.file}:{place.line}" if place.line else place.file


def did_you_mean(name: str, place: Place) -> str:
    """The help for a misspelt name whose declaration is known."""
    return f"did you mean '{name}'?" + (f" (declared at {declared(place)})" if place.file else "")
