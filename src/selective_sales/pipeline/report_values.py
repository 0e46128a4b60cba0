"""A checked policy in; which of a client's values a report shows, and what people call them, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..model.checked import CheckedPolicy
from ..model.expression import FieldValue, MetricValue
from ..model.policy import MeasureName
from ..model.report import Called, Labels
from .summary import amount_of

Source = FieldValue | MetricValue | MeasureName
BURDENS = (MeasureName.SERVICE_HOURS, MeasureName.COST_TO_SERVE, MeasureName.CONFLICTS)
"""What stands for the burden where the policy's section `report` does not say: the first that it has."""


@dataclass(frozen=True, slots=True)
class Values:
    """Finds the values of a policy."""

    checked: CheckedPolicy

    def money(self) -> Source | None:
        """The money that a summary shows beside counts, too."""
        if self.checked.measure(MeasureName.REVENUE) is not None:
            return MeasureName.REVENUE
        found = amount_of(self.checked)
        return found.expression if found is not None and isinstance(found.expression, FieldValue | MetricValue) else None

    def profit(self) -> Source | None:
        return None if self.checked.measure(MeasureName.PROFIT) is None else MeasureName.PROFIT

    def burden(self) -> Source | None:
        declared = self.checked.report.burden
        return declared or next((name for name in BURDENS if self.checked.measure(name) is not None), None)

    def called(self, source: Source | None) -> Called | None:
        """What it is called: a measure that is simply a field or metric with a title, by that title, else by its own meaning."""
        match source:
            case None:
                return None
            case MeasureName():
                measure = self.checked.measure(source)
                assert measure is not None
                of = measure.expression
                known = self.called(of) if isinstance(of, FieldValue | MetricValue) else None
                return known if known is not None and known.title is not None else Called(f"measures.{source}", measure.kind)
            case FieldValue(_, name):
                field = self.checked.policy.clients.field(name)
                assert field is not None
                words = tuple(map(str, field.one_of)), field.labels
                return Called(name, field.type, field.label, "", tuple((c, tuple(zip(words[0], w, strict=False))) for c, w in words[1]))
            case MetricValue(name):
                metric = self.checked.metric(name)
                return Called(name, metric.kind, metric.title, metric.format, metric.labels)

    def labels(self) -> Iterator[tuple[str, Labels]]:
        """The words for listed values, by field or output."""
        sources: list[Source] = [FieldValue("clients", f.name, kind=f.type) for f in self.checked.policy.clients.fields if not f.protected]
        for source in (*sources, *(MetricValue(m.name, kind=m.kind) for m in self.checked.results)):
            called = self.called(source)
            if called is not None and called.labels:
                yield called.name, called.labels
