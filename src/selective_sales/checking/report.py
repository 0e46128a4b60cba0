"""The section `report`: names -> values of a client that a page can show, each of the kind that its place asks for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from ..model.checked import CheckedMeasure, CheckedReport, Level
from ..model.expression import FieldValue, MetricValue
from ..model.kind import Kind
from ..model.policy import Given, MeasureName, ReportSection
from .catalog import CLIENTS, Scope, is_list
from .desk import did_you_mean
from .words import KIND_WORDS, name_text

SEGMENT_KINDS = (Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER)
MOST_SEGMENTS = 8


def check_report(section: ReportSection | None, measures: Iterable[CheckedMeasure], scope: Scope) -> CheckedReport:
    """What the report will show; what it cannot is a finding."""
    if section is None:
        return CheckedReport()
    return ReportChecker(scope, frozenset(m.name for m in measures)).checked(section)


class ReportChecker:
    """Looks the names up."""

    def __init__(self, scope: Scope, measures: frozenset[MeasureName]) -> None:
        self.scope, self.desk, self.measures = scope, scope.desk, measures

    def checked(self, section: ReportSection) -> CheckedReport:
        self.counted(section)
        segments = tuple(found for given in section.segments if (found := self.segment(given)) is not None)
        ours, theirs = self.mark(section.ours), self.mark(section.theirs)
        return CheckedReport(
            self.burden(section.burden), segments, ours, self.level(section.ours_from), theirs, self.level(section.theirs_from)
        )

    def counted(self, section: ReportSection) -> None:
        """Marks come in twos, a level belongs to a mark, a segment stands once."""
        for one, other, name in ((section.ours, section.theirs, "theirs"), (section.theirs, section.ours, "ours")):
            if one is not None and other is None:
                message = f"a matrix of attractiveness needs both marks, and '{name}' is not there"
                self.desk.error("SS984", message, one.place, f"add {name}: the mark of the other side; or leave both out")
        for level, mark, name in ((section.ours_from, section.ours, "ours"), (section.theirs_from, section.theirs, "theirs")):
            if level is not None and mark is None:
                self.desk.error(
                    "SS984", f"'{name}_from' says from where '{name}' is attractive, and '{name}' is not there", level.place, f"add {name}"
                )
        seen: set[str] = set()
        for given in section.segments:
            if given.text in seen:
                self.desk.error("SS201", f"the segment '{given.text}' is named twice", given.place, "name it once")
            seen.add(given.text)
        if len(section.segments) > MOST_SEGMENTS:
            message = f"{len(section.segments)} segments: a reader follows at most {MOST_SEGMENTS}"
            self.desk.error("SS984", message, section.segments[MOST_SEGMENTS].place, "keep those that matter most")

    def value(self, given: Given) -> FieldValue | MetricValue | None:
        """The field or calculated value of that name; None, after a finding, where there is none, or nobody may see it."""
        catalog, name = self.scope.catalog, given.text
        field = catalog.field(CLIENTS, name)
        if field is not None:
            if field.protected:
                help = "name a value that says nothing of what the law protects; groups of people are compared under fairness:"
                self.desk.error("SS983", f"the report would show the protected field '{name}'", given.place, help)
                return None
            return FieldValue(CLIENTS, name, kind=field.type, place=given.place)
        if name in catalog.metrics:
            if name in self.scope.lists:
                message = f"'{name}' is a list of values, and a client has one place in a report"
                self.desk.error("SS982", message, given.place, "name a metric such as  first_ground: if count(grounds) > 0 then ...")
                return None
            return MetricValue(name, kind=self.scope.kinds.get(name, Kind.UNKNOWN), place=given.place)
        self.unknown(given, [*catalog.fields.get(CLIENTS, {}), *catalog.metrics])
        return None

    def unknown(self, given: Given, known: Iterable[str], more: str = "") -> None:
        names = list(known)
        near = self.desk.closest(given.text, names)
        place = None if near is None else self.scope.catalog.place_of(near, CLIENTS)
        if near is not None:
            help = f"did you mean '{near}'?" if place is None else did_you_mean(near, place)
        else:
            help = f"name a field of the clients, a metric, a score or an output of a table{more}"
        self.desk.error("SS203", f"unknown value '{given.text}'", given.place, help)

    def burden(self, given: Given | None) -> FieldValue | MetricValue | MeasureName | None:
        """A field or metric of that name comes before a measure, as in `simulate`."""
        if given is None:
            return None
        catalog = self.scope.catalog
        if given.text in self.measures and catalog.field(CLIENTS, given.text) is None and given.text not in catalog.metrics:
            return MeasureName(given.text)
        if catalog.field(CLIENTS, given.text) is None and given.text not in catalog.metrics:
            self.unknown(
                given, [*catalog.fields.get(CLIENTS, {}), *catalog.metrics, *self.measures], ", or a measure such as service_hours"
            )
            return None
        found = self.value(given)
        if found is not None and found.kind not in (Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.UNKNOWN):
            self.wrong(given, "burden", found.kind, "an amount of money or a number, such as service_hours")
        return found

    def segment(self, given: Given) -> FieldValue | MetricValue | None:
        found = self.value(given)
        if found is not None and found.kind not in (*SEGMENT_KINDS, Kind.UNKNOWN):
            self.wrong(given, "segments", found.kind, "a text, a yes or no, or a whole number; of amounts make classes in a table")
        return found

    def mark(self, given: Given | None) -> FieldValue | MetricValue | None:
        found = None if given is None else self.value(given)
        if given is not None and found is not None and found.kind not in (Kind.NUMBER, Kind.INTEGER, Kind.UNKNOWN):
            self.wrong(given, "ours and theirs", found.kind, "a number, such as a score")
        return found

    def level(self, given: Given | None) -> Level | None:
        """A number as written, or a parameter that is one."""
        if given is None:
            return None
        number = number_in(given.text)
        if number is not None:
            return Level(number)
        parameter = self.scope.catalog.parameters.get(given.text)
        if parameter is None:
            near = self.desk.closest(given.text, self.scope.catalog.parameters)
            help = "name a parameter, or write a number" if near is None else did_you_mean(near, self.scope.catalog.parameters[near].place)
            self.desk.error("SS203", f"unknown parameter '{given.text}'", given.place, help)
            return None
        if parameter.kind not in (Kind.NUMBER, Kind.INTEGER) or is_list(parameter):
            self.wrong(given, "a level", parameter.kind, "a number, as the mark is")
        return Level(parameter=parameter.name)

    def wrong(self, given: Given, what: str, kind: Kind, wanted: str) -> None:
        message = f"'{name_text(given.text)}' cannot stand there: it is {KIND_WORDS[kind]}"
        self.desk.error("SS982", message, given.place, f"{what}: name {wanted}")


def number_in(text: str) -> Decimal | None:
    """A number as YAML or a policy writes it, `60%` too."""
    percent = text.endswith("%")
    try:
        found = Decimal(text.removesuffix("%").strip().replace("_", ""))
    except InvalidOperation:
        return None
    return (found / 100 if percent else found) if found.is_finite() and abs(found) < Decimal(10) ** 15 else None
