"""A rule in, the parameters that say where its lines are drawn out: those it compares with, itself or in yes-or-no values and tables.

Not those from which an amount or a number is calculated (minutes, weights, prices): of these the number itself is shown, among the metrics.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..model.checked import CheckedPolicy, CheckedRule
from ..model.explanation import Threshold
from ..model.expression import Expression, MetricValue, ParameterValue, walk
from ..model.kind import Kind
from .values import Sources

_CALCULATED = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The thresholds of a policy's rules; what is worked out for a rule is kept."""

    checked: CheckedPolicy
    sources: Sources
    _known: dict[str, tuple[Threshold, ...]] = field(default_factory=dict)

    def of(self, rule: CheckedRule) -> tuple[Threshold, ...]:
        """Each once, in the order in which a reader of the condition meets them."""
        if rule.id not in self._known:
            names = dict.fromkeys(self._names(rule.condition))
            self._known[rule.id] = tuple(map(self._threshold, names))
        return self._known[rule.id]

    def _threshold(self, name: str) -> Threshold:
        declared = self.checked.policy.parameter(name)
        return Threshold(self.sources.parameters[name], None if declared is None else declared.source)

    def _names(self, expression: Expression) -> Iterator[str]:
        seen: set[str] = set()
        todo = [expression]
        while todo:
            below: list[Expression] = []
            for node in walk(todo.pop()):
                match node:
                    case ParameterValue(name):
                        yield name
                    case MetricValue(name) if name not in seen:
                        seen.add(name)
                        metric = self.checked.metric(name)
                        # What a table asks stands in parts of their own, whatever their kind.
                        if metric.is_part or metric.kind not in _CALCULATED:
                            below.append(metric.expression)
                    case _:
                        pass
            todo.extend(reversed(below))
