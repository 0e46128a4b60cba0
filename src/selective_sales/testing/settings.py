"""What a case sets differently: its date, parameters and exceptions. Refuses unknown names and values of another kind."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..model.cases import Case, CaseFile
from ..model.exceptions import PolicyException
from ..model.expression import Scalar
from ..model.finding import Finding
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Parameter, Policy, money
from .close import did_you_mean
from .expectations import whom
from .needs import Needs
from .values import read_wanted

Value = Scalar | tuple[Scalar, ...]
_ANY_DAY = datetime.date(2000, 1, 1)
_DISTINCT = frozenset({Kind.DAYS, Kind.MONTHS, Kind.DATE})
_EXAMPLES = {Kind.DAYS: "90 days", Kind.MONTHS: "12 months", Kind.DATE: '"2026-01-01"', Kind.BOOLEAN: "true", Kind.TEXT: '"a text"'}


def date_of(file: CaseFile, case: Case, needs: Needs, columns: frozenset[str], policy: Policy) -> tuple[datetime.date, tuple[Finding, ...]]:
    """The case's as-of date, or the file's. Without either no case may depend on the date: today would make a test fail tomorrow.

    `policy` has the case's parameters. Where nothing depends on the date, it is one on which the policy is valid.
    """
    as_of = case.as_of or file.as_of
    if as_of is not None:
        return as_of, tuple(_refused_dates(policy, case, as_of))
    if needs.dated(columns) or case.exceptions:
        message = f"case '{case.name}' depends on the date of the run, and no as_of is given"
        help_ = 'write as_of: "2026-11-22" in the case or at the top of the file'
        return _ANY_DAY, (Finding("SS615", message, case.place, help_),)
    starts = (dated.since for parameter in policy.parameters for dated in parameter.dated)
    late_enough = max(policy.valid_from or _ANY_DAY, *starts, _ANY_DAY)
    return min(late_enough, policy.valid_until or late_enough), ()


def _refused_dates(policy: Policy, case: Case, as_of: datetime.date) -> Iterator[Finding]:
    """Why a run on that date would be refused."""
    first, last = policy.valid_from, policy.valid_until
    if (first is not None and as_of < first) or (last is not None and as_of > last):
        span = " ".join(part for part in (first and f"from {first}", last and f"until {last}") if part)
        message = f"as_of {as_of} is outside the time in which policy '{policy.id}' is valid ({span})"
        yield Finding("SS616", message, case.place, "write an as_of within that time")
    for parameter in policy.parameters:
        if parameter.dated and parameter.value_at(as_of) is None:
            message = f"parameter '{parameter.name}' has no value yet as of {as_of}: its first is from {parameter.dated[0].since}"
            yield Finding("SS616", message, case.place, "write a later as_of, or set the parameter in the case")


def with_parameters(policy: Policy, case: Case) -> tuple[Policy, tuple[Finding, ...]]:
    """The policy with the case's parameters in place of its own."""
    changed: dict[str, Parameter] = {}
    findings: list[Finding] = []
    for name, value, place in case.parameters:
        parameter = policy.parameter(name)
        if parameter is None:
            help_ = did_you_mean(name, (p.name for p in policy.parameters), "the policy has no parameters")
            findings.append(Finding("SS613", f"unknown parameter '{name}'", place, help_))
            continue
        suggested = dict(case.parameter_kinds).get(name, parameter.kind)
        new = None if suggested in _DISTINCT and suggested is not parameter.kind else _changed(parameter, value)
        if new is None:
            findings.append(_wrong_kind(parameter, place))
        else:
            changed[name] = new
    parameters = tuple(changed.get(p.name, p) for p in policy.parameters)
    return replace(policy, parameters=parameters), tuple(findings)


def _wrong_kind(parameter: Parameter, place: Place) -> Finding:
    is_list = isinstance(parameter.value, tuple) or any(isinstance(d.value, tuple) for d in parameter.dated)
    what = f"a list of {parameter.kind.family} values" if is_list else f"of kind {parameter.kind.family}"
    example = _EXAMPLES.get(parameter.kind, "12.5")
    help_ = f"write {parameter.name}: {f'[{example}]' if is_list else example}"
    return Finding("SS614", f"parameter '{parameter.name}' is {what}: this value is not", place, help_)


def _changed(parameter: Parameter, value: Value) -> Parameter | None:
    """The parameter with that value; None where the value is not of its kind. A dated one has the value on every date."""
    own = parameter.dated[0].value if parameter.dated else parameter.value
    if isinstance(own, tuple) != isinstance(value, tuple):
        return None
    items = value if isinstance(value, tuple) else (value,)
    kind = _widened(parameter, items)
    converted = tuple(_converted(item, kind) for item in items)
    if not converted:
        return None
    known = tuple(item for item in converted if item is not None)
    if len(known) < len(converted):
        return None
    return replace(parameter, kind=kind, value=known if isinstance(value, tuple) else known[0], dated=())


def _widened(parameter: Parameter, items: tuple[Scalar, ...]) -> Kind:
    """A plain number written without a point may be replaced by one with a point, and the other way round."""
    if parameter.adapts and parameter.kind.family is Kind.NUMBER:
        whole = all(isinstance(item, int) for item in items)
        return Kind.INTEGER if whole else Kind.NUMBER
    return parameter.kind


def _converted(item: Scalar, kind: Kind) -> Scalar | None:
    match kind, item:
        case (Kind.BOOLEAN, bool()):
            return item
        case (_, bool()):
            return None
        case (Kind.MONEY, int() | Decimal()):
            return money(item)
        case (Kind.NUMBER, int() | Decimal()):
            return item
        case (Kind.INTEGER | Kind.DAYS | Kind.MONTHS, int()):
            return item
        case (Kind.DATE, datetime.date()) | (Kind.TEXT, str()):
            return item
        case (Kind.DAYS | Kind.MONTHS | Kind.DATE, str(text)):
            wanted = read_wanted(text, kind)
            return None if wanted is None else wanted.value
        case _:
            return None


def named_exceptions(
    policy: Policy, case: Case, clients: tuple[tuple[str, ...], ...]
) -> tuple[tuple[PolicyException, ...], tuple[Finding, ...]]:
    """The case's exceptions, each with its client named in full, and findings where a decision or a client is unknown."""
    named: list[PolicyException] = []
    findings: list[Finding] = []
    for exception in case.exceptions:
        if policy.decision(exception.decision) is None:
            help_ = did_you_mean(exception.decision, (d.id for d in policy.decisions))
            findings.append(Finding("SS605", f"unknown decision '{exception.decision}' in an exception", exception.place, help_))
        client, finding = whom(policy.clients, exception.client, clients, exception.place)
        findings += () if finding is None else (finding,)
        named.append(replace(exception, client=client))
    return tuple(named), tuple(findings)
