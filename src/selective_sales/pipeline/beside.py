"""Two opened sides in, their changes and the checked policies between them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .. import checking, explaining
from ..comparing.changes import changes
from ..comparing.grouping import candidates
from ..comparing.hybrid import hybrid
from ..comparing.renaming import renamed
from ..model.checked import CheckedPolicy
from ..model.comparison import Candidate
from ..model.expression import Expression
from .sides import OpenSide


class Beside:
    """The changes between two sides, and the policies between them; each is checked once."""

    def __init__(self, old: OpenSide, new: OpenSide) -> None:
        self.new = new.checked.policy
        self.old, names = renamed(old.checked.policy, self.new)
        self.changes = (*names, *changes(self.old, self.new, text_of(old.checked), text_of(new.checked)))
        self.made: dict[frozenset[int], CheckedPolicy | None] = {}
        self.found: tuple[Candidate, ...] | None = None

    def make(self, numbers: frozenset[int]) -> CheckedPolicy | None:
        """The old policy with these changes, without what is only said of the whole; None where the checker refuses it."""
        if numbers not in self.made:
            self.made[numbers] = self.checked(numbers)
        return self.made[numbers]

    def checked(self, numbers: frozenset[int]) -> CheckedPolicy | None:
        policy = hybrid(self.old, self.new, [self.changes[n] for n in numbers])
        if policy is None:
            return None
        deciding = replace(
            policy, tables=policy.delivered, figures=(), limits=(), guarantees=(), allocations=(), measures=(), fairness=None
        )
        return checking.check(deciding)[0]

    def candidates(self) -> tuple[Candidate, ...]:
        if self.found is None:
            self.found = candidates(self.old, self.new, self.changes, lambda numbers: self.make(numbers) is not None)
        return self.found


def text_of(checked: CheckedPolicy) -> Callable[[Expression], str]:
    """An expression as the policy's author wrote it."""
    return lambda node: explaining.expression_text(checked, node)
