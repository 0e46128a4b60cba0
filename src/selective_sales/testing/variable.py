"""A free operand: out of what it is compared with, and of its contract, the values that stand for all that it may have."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from ..model.expression import Scalar
from ..model.grid import is_value, steps_of, value_at
from ..model.kind import Kind

OTHER_TEXTS = ("#one", "#other")


@dataclass(slots=True)
class Variable:
    """An operand: its kind, what it is compared with, what the contract says of it. `only`: no other values."""

    name: str
    kind: Kind
    low: Scalar | None = None
    high: Scalar | None = None
    blank: bool = True
    only: tuple[Scalar, ...] = ()
    thresholds: set[Scalar] = field(default_factory=set)

    def values(self) -> list[Scalar | None]:
        blank: list[Scalar | None] = [None] if self.blank else []
        if self.only:
            return [*self.only, *blank]
        match self.kind:
            case Kind.BOOLEAN:
                return [True, False, *blank]
            case Kind.TEXT:
                return [*sorted(str(t) for t in self.thresholds), *OTHER_TEXTS, *blank]
            case _:
                return [*self.figures(), *blank]

    def figures(self) -> list[Scalar]:
        """Each threshold with the nearest values on either side; two values where there is none."""
        steps: set[int] = set()
        known = {t for t in self.thresholds if isinstance(t, int | Decimal | datetime.date) and not isinstance(t, bool)}
        for threshold in known or {self.typical()}:
            at = steps_of(threshold, self.kind)
            apart = max(1, abs(at) >> 50)
            steps |= {at - apart, at, at + apart}
        low = None if self.low is None else steps_of(self.low, self.kind)
        high = None if self.high is None else steps_of(self.high, self.kind)
        steps |= {end for end in (low, high) if end is not None}
        inside = (n for n in steps if is_value(n, self.kind) and (low is None or n >= low) and (high is None or n <= high))
        return [value_at(n, self.kind) for n in sorted(inside)]

    def typical(self) -> int | Decimal | datetime.date:
        return datetime.date(2000, 1, 1) if self.kind is Kind.DATE else 0
