"""What `test --mutants` prints: each fault that no case notices, as a change of the policy's text, with a case that would notice it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .exits import Exit
from .snippet import visible

if TYPE_CHECKING:
    from ..model.finding import Finding
    from ..model.mutant import Judged, JudgedPolicy
    from ..pipeline.cases import Watcher
    from ..pipeline.mutants import Planter

_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What came of the mutants of every policy; nothing where none were planted."""

    policies: tuple[JudgedPolicy, ...] | None

    def exit(self, of_tests: Exit) -> Exit:
        """A fault that no case notices is a failure of the tests."""
        from ..model.mutant import Fate

        alive = any(policy.of(Fate.SURVIVED) for policy in self.policies or ())
        return Exit.TESTS_FAILED if of_tests is Exit.FINE and alive else of_tests

    def lines(self) -> Iterator[str]:
        for policy in self.policies or ():
            yield from (visible(line, _LONGEST) for line in _policy(policy))

    def sums(self) -> Iterator[str]:
        """A line for each policy."""
        yield from (visible(f"{policy.policy}: {_summary(policy)}") for policy in self.policies or ())

    def survivors(self) -> tuple[Finding, ...]:
        """A finding for each fault that no case notices, at the line that it changes: for forms that are made of findings."""
        from ..model.mutant import Fate

        return tuple(_unnoticed(judged) for policy in self.policies or () for judged in policy.of(Fate.SURVIVED))

    def as_json(self) -> dict[str, Any]:
        return {} if self.policies is None else {"mutants": [_policy_json(policy) for policy in self.policies]}


@dataclass(frozen=True, slots=True)
class Planted:
    """The mutants of a run, where they were asked for."""

    planter: Planter | None

    @classmethod
    def chosen(cls, mutants: bool) -> Planted:
        if not mutants:
            return cls(None)
        from ..pipeline.mutants import Planter

        return cls(Planter())

    @property
    def watchers(self) -> list[Watcher]:
        return [] if self.planter is None else [self.planter]

    def judged(self) -> Verdicts:
        return Verdicts(None if self.planter is None else self.planter.judged())


def _policy(policy: JudgedPolicy) -> Iterator[str]:
    from ..model.mutant import Fate

    survived, equivalent = policy.of(Fate.SURVIVED), policy.of(Fate.EQUIVALENT)
    shown: dict[str, str] = {}
    for judged in survived:
        yield ""
        yield from _survivor(judged, shown)
    for judged in equivalent:
        yield ""
        yield f"EQUIVALENT {_headline(judged)}"
        yield from _change(judged)
        yield "  no client can tell: whatever the data, the answer is the same"
    yield ""
    yield f"{policy.policy}: {_summary(policy)}"


def _summary(policy: JudgedPolicy) -> str:
    """`282 mutants: 270 killed, 10 survived, 2 equivalent; 96% of those that can be noticed are`."""
    from ..model.mutant import Fate

    killed, survived, equivalent = (len(policy.of(fate)) for fate in Fate)
    counts = f"{killed} killed, {survived} survived, {equivalent} equivalent"
    score = f"; {100 * killed // (killed + survived)}% noticed" if killed + survived else ""
    return f"{len(policy.mutants)} mutants: {counts}{score}"


def _unnoticed(judged: Judged) -> Finding:
    from ..model.finding import Finding

    mutant = judged.mutant
    change = f": {' '.join(line.strip() for line in judged.after)}" if judged.before != judged.after else ""
    message = f"no case notices a fault planted into {mutant.of} {mutant.name}: {mutant.fault}{change}"
    help = "a case would that `selective-sales test --mutants` prints, ready to paste" if judged.case else "write a case for it"
    return Finding("SS640", message, mutant.place, help)


def _headline(judged: Judged) -> str:
    mutant = judged.mutant
    return f"{mutant.place}: {mutant.of} {mutant.name}: {mutant.fault}"


def _survivor(judged: Judged, shown: dict[str, str]) -> Iterator[str]:
    """The fault, with a case for it; one that was shown before is named."""
    yield f"SURVIVED {_headline(judged)}"
    yield from _change(judged)
    if judged.case in shown:
        yield f"  no case notices; the one above would, for {shown[judged.case]}"
    elif judged.case:
        shown[judged.case] = str(judged.mutant.place)
        yield "  no case notices; this one would:"
        yield ""
        yield from judged.case.splitlines()
    elif judged.looked_for:
        yield "  no case notices; no client was found that would show it, and it is not proved that there is none"
    else:
        yield "  no case notices; no client was looked for"


def _change(judged: Judged) -> Iterator[str]:
    """What an author would have typed; where that cannot be shown, the line that it is about."""
    if judged.before == judged.after:
        yield from (f"    {line.strip()}" for line in judged.before)
        return
    yield from (f"  - {line.strip()}" if len(judged.before) == 1 else f"  - {line}" for line in judged.before)
    yield from (f"  + {line.strip()}" if len(judged.after) == 1 else f"  + {line}" for line in judged.after)


def _policy_json(policy: JudgedPolicy) -> dict[str, Any]:
    from ..model.mutant import Fate

    killed, survived, equivalent = (len(policy.of(fate)) for fate in Fate)
    return {
        "policy": policy.policy,
        "killed": killed,
        "survived": survived,
        "equivalent": equivalent,
        "score": round(killed / (killed + survived), 4) if killed + survived else None,
        "mutants": [_mutant_json(judged) for judged in policy.mutants],
    }


def _mutant_json(judged: Judged) -> dict[str, Any]:
    place = judged.mutant.place
    return {
        "fault": judged.mutant.fault,
        "of": judged.mutant.of.value,
        "name": judged.mutant.name,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "before": list(judged.before),
        "after": list(judged.after),
        "fate": judged.fate.value,
        "killed_by": judged.killed_by or None,
        "case": judged.case or None,
    }
