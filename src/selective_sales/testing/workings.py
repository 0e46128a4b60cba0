"""A failed case and the explanations of its clients in; out comes what its values were calculated from, so that nobody has to guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..model.checked import CheckedMetric, CheckedPolicy, Made
from ..model.explanation import Explanation, FactorShown, NamedValue, ScoreShown, TableShown
from ..model.kind import Kind
from ..model.tested import CaseResult, ValueShown
from .values import written_as

_SHOWN = 12
"""Values per client: what is deeper down the reader finds in the policy."""
Client = tuple[str, ...]


def with_values(
    result: CaseResult, checked: CheckedPolicy, texts: Mapping[str, str], explanations: Mapping[Client, Explanation]
) -> CaseResult:
    """The result with, for each client that differs, the workings of the values that differ and of those that the shown rules look at.

    `texts` has the expression of every metric, as written.
    """
    wrong = {c.client: [one.name for one in result.columns if one.client == c.client and not one.matches] for c in result.columns}
    found: list[ValueShown] = []
    for client, columns in wrong.items():
        explanation = explanations.get(client)
        if columns and explanation is not None:
            read = [name for rule in result.rules if rule.client == client for c in rule.conditions for name, _ in c.values]
            found += Workings(client, checked, texts, explanation).of([*columns, *read])
    return replace(result, values=(*result.values, *found))


@dataclass(slots=True)
class Workings:
    """The workings of one client's values."""

    client: Client
    checked: CheckedPolicy
    texts: Mapping[str, str]
    explanation: Explanation

    def of(self, names: Iterable[str]) -> list[ValueShown]:
        """The named values that the policy calculates, then those that they came from, each once, a table once for all its outputs."""
        known = {value.text: value for value in self.explanation.metrics}
        found: dict[str, ValueShown] = {}
        todo = list(dict.fromkeys(names))
        for name in todo:
            if name not in known or len(found) >= _SHOWN:
                continue
            made = self.checked.metric(name)
            found.setdefault(made.of or name, self.shown(made, known[name]))
            todo += [part.text for part in self.parts(made, known[name]) if part.text not in todo]
        return list(found.values())

    def parts(self, made: CheckedMetric, value: NamedValue) -> list[NamedValue]:
        """What the value came from; of a metric that is one list or portfolio function, what that function looks at."""
        whole = self.texts.get(made.name, "")
        return [below for part in value.from_ for below in (part.from_ if part.text == whole else (part,))]

    def shown(self, made: CheckedMetric, value: NamedValue) -> ValueShown:
        match made.made:
            case Made.SCORE:
                score = next(s for s in self.explanation.scores if s.value.text == made.name)
                return ValueShown(self.client, made.name, _value(value), notes=tuple(self.factors(score)))
            case Made.OUTPUT:
                table = next(t for t in self.explanation.tables if t.name == made.of)
                return ValueShown(
                    self.client, f"table {table.name}", "", values=_values(value.from_), notes=tuple(_rows(table, self.otherwise(made.of)))
                )
            case _:
                return ValueShown(self.client, made.name, _value(value), self.texts[made.name], _values(self.parts(made, value)))

    def factors(self, score: ScoreShown) -> Iterator[str]:
        """In the policy's order."""
        shown = {factor.id: factor for factor in score.factors}
        for declared in next(s for s in self.checked.scores if s.name == score.value.text).factors:
            yield f"{declared.id}: {_points(shown[declared.id])}{_in_brackets(_values(shown[declared.id].of))}"

    def otherwise(self, table: str) -> bool:
        return next(t.otherwise for t in self.checked.tables if t.name == table) is not None


def _points(factor: FactorShown) -> str:
    if factor.points is None or factor.lost is None:
        return "missing"
    most = written_as(factor.points + factor.lost, Kind.NUMBER)  # type: ignore[operator]
    return f"{written_as(factor.points, Kind.NUMBER)} of {most} points"


def _rows(table: TableShown, otherwise: bool) -> Iterator[str]:
    for number, cells in table.true:
        yield f"row {number} is true: {cells}"
    for number, cells in table.unknown:
        yield f"row {number} is unknown: {cells}"
    if not table.true and not table.unknown:
        yield "no row is true: 'otherwise' counts" if otherwise else "no row is true"


def _values(parts: Sequence[NamedValue]) -> tuple[tuple[str, str], ...]:
    return tuple((part.text, _value(part)) for part in parts if not part.literal)


def _value(value: NamedValue) -> str:
    return written_as(value.value, value.kind)


def _in_brackets(values: tuple[tuple[str, str], ...]) -> str:
    return f" ({', '.join(f'{name} = {value}' for name, value in values)})" if values else ""
