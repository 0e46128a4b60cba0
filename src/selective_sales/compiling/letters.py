"""A checked policy in, the query for letters out: to whom, which rules' reasons may be told, and how far each client is past them.

Which rules fired stands in the run's decisions. Nothing is decided here: the conditions are rendered as the deciding query has them, to
measure how far the values are from their thresholds. Refuses nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ..model.checked import CheckedPolicy, CheckedRule
from ..model.expression import And, AtLeast, Expression, Not, Or, ParameterValue, measured_sides
from ..model.kind import Kind
from ..model.letter import UNDETERMINED
from ..model.plan import ResultColumn
from ..model.policy import Rule
from ..model.queries import LETTER_COLUMNS, LettersQuery, reason_column
from ..model.sql import quote_name, quote_value
from .decide import client_renderer, metric_layers
from .facts import fact_columns
from .macros import macro_statements
from .plan import plan
from .render import Renderer, bare

EXCEPTION, NO_VALUE, KEPT, NOT_FIRED, NOTHING_TO_ASK, NO_LANGUAGE = "exception", "value", "kept", "fired", "ask", "language"
"""Why a client gets no letter: an exception decided otherwise than the policy; a reason names a value that is missing; the rules keep their
reasons to themselves; no rule fired (it was applied for want of data); what is missing is not the client's to give; no language."""
MEASURED = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS, Kind.MONTHS})

EXACT = MEASURED - {Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What letters are asked of a policy: `decisions` that send one (`undetermined` may be among them), those of them whose letter is
    complete without a reason, what an undetermined client can be asked for (as `missing_because` has it), and the language: its code, or
    the name of the field that has it, with the codes that it may have and what a blank means.
    """

    decisions: tuple[str, ...]
    without_reasons: frozenset[str]
    askable: tuple[str, ...]
    language: str | None
    language_field: str | None
    languages: tuple[str, ...]
    otherwise: str | None


def letters_query(checked: CheckedPolicy, as_of: datetime.date, wanted: Wanted) -> LettersQuery:
    """The query for these letters."""
    layers = plan(checked)
    parts: list[tuple[str, str]] = []
    relation = metric_layers(checked, layers, as_of, parts)
    renderer = client_renderer(checked, layers, as_of)
    telling = [rule for rule in checked.policy.rules if rule.then in wanted.decisions and rule.letter_reason is not None]
    trees = {rule.id: rule for rule in checked.rules}
    columns = fact_columns(checked, layers)
    values = tuple(_values(checked, columns))
    facts = [quote_name(name) for name in dict.fromkeys([*checked.policy.clients.key, *(name for name, _ in values)])]
    facts += [f"{_distance(trees[rule.id], renderer)} AS {quote_name(f'#far {n}')}" for n, rule in enumerate(telling)]
    parts.append(("#values", f"SELECT {_lines(facts)}\nFROM {relation}"))
    kinds = dict(values)
    parts.append(("#told", _told(checked, wanted, telling, kinds)))
    ctes = ",\n".join(f"{quote_name(name)} AS NOT MATERIALIZED (\n{sql}\n)" for name, sql in parts)
    text = f'WITH {ctes}\nSELECT *, {_why(checked, wanted, telling)} AS {quote_name(LETTER_COLUMNS[-1])}\nFROM "#told"'
    return LettersQuery(macro_statements(), text, checked.policy.clients.key, values, tuple(rule.id for rule in telling))


def _values(checked: CheckedPolicy, columns: Sequence[ResultColumn]) -> Iterator[tuple[str, Kind]]:
    """What letters may show, and what stands on the envelope: fields as the facts hold them (never a protected one), then metrics."""
    policy = checked.policy
    letters = policy.letters
    recipient = {named.name for named in letters.fields} if letters is not None else set()
    recipient |= {policy.clients.display} if policy.clients.display is not None else set()
    told = {field.name for field in policy.clients.fields if field.tell_client}
    yield from ((c.name, c.kind) for c in columns if c.name in told | recipient)
    # What a table collects is a list of values: shown as a text.
    yield from ((metric.name, Kind.TEXT if metric.is_list else metric.kind) for metric in checked.results if metric.tell_client)


def _told(checked: CheckedPolicy, wanted: Wanted, telling: Sequence[Rule], kinds: dict[str, Kind]) -> str:
    """The values joined with the decisions, and per rule whether its reason may be told."""
    key = list(map(quote_name, checked.policy.clients.key))
    decision, by, fired, missing, language, _ = map(quote_name, LETTER_COLUMNS)
    columns = ['"#v".*', f'"#d".decision AS {decision}', f'"#d".decided_by AS {by}', '"#d".policy_decision AS "#policy_decision"']
    columns += [f'"#d".fired AS {fired}', f'"#d".missing_because AS {missing}', f"{_language(wanted)} AS {language}"]
    for n, rule in enumerate(telling):
        holds = ['"#d".policy_decision = "#d".decision', f'"#d".decision = {quote_value(rule.then)}', _contains("fired", rule.id)]
        holds += [_present(checked, name, kinds[name]) for name in _named(rule)]
        columns.append(f'CASE WHEN {" AND ".join(holds)} THEN coalesce("#far {n}", -1e0) END AS {quote_name(reason_column(n))}')
    on = " AND ".join(f'"#v".{name} = "#d".{name}' for name in key)
    listed = ", ".join(map(quote_value, wanted.decisions)) or "NULL"
    return f'SELECT {_lines(columns)}\nFROM "#values" AS "#v" JOIN run.decisions AS "#d" ON {on}\nWHERE "#d".decision IN ({listed})'


def _named(rule: Rule) -> list[str]:
    """The values that the reason names, in any language: a letter in one must not say what one in another could not."""
    assert rule.letter_reason is not None
    return list(dict.fromkeys(p.name for _, template in rule.letter_reason.by_language for p in template.placeholders))


def _present(checked: CheckedPolicy, name: str, kind: Kind) -> str:
    """A value that a sentence can show: there is one, and of a list at least one item."""
    column = f'"#v".{quote_name(name)}'
    if name in checked.by_name and checked.metric(name).is_list:
        return f"coalesce(len({column}) > 0, FALSE)"
    return f"coalesce(isfinite({column}), FALSE)" if kind is Kind.NUMBER else f"{column} IS NOT NULL"


def _contains(column: str, item: str) -> str:
    return f'list_contains("#d".{column}, {quote_value(item)})'


def _language(wanted: Wanted) -> str:
    if wanted.language_field is None:
        return "NULL::VARCHAR" if wanted.language is None else quote_value(wanted.language)
    column = f'lower("#v".{quote_name(wanted.language_field)})'
    codes = ", ".join(map(quote_value, wanted.languages)) or "NULL"
    otherwise = "NULL" if wanted.otherwise is None else quote_value(wanted.otherwise)
    return f"CASE WHEN {column} IN ({codes}) THEN {column} WHEN {column} IS NULL THEN {otherwise} END"


def _why(checked: CheckedPolicy, wanted: Wanted, telling: Sequence[Rule]) -> str:
    """Why the client gets no letter, the first cause that holds; "" where nothing is in the way."""
    decision, _, fired, missing, language, _ = map(quote_name, LETTER_COLUMNS)
    cases = [f"WHEN {language} IS NULL THEN {quote_value(NO_LANGUAGE)}"]
    for name in wanted.decisions:
        here = f"{decision} = {quote_value(name)}"
        if name == UNDETERMINED:
            cases.append(f"WHEN {here} AND NOT list_has_any({missing}, {_list(wanted.askable)}) THEN {quote_value(NOTHING_TO_ASK)}")
        elif name not in wanted.without_reasons:
            own = [n for n, rule in enumerate(telling) if rule.then == name]
            told = " AND ".join(f"{quote_name(reason_column(n))} IS NULL" for n in own) or "TRUE"
            cases.append(f'WHEN {here} AND "#policy_decision" <> {decision} THEN {quote_value(EXCEPTION)}')
            lacks = f"list_has_any({fired}, {_list([telling[n].id for n in own])})"
            kept = f"list_has_any({fired}, {_list([rule.id for rule in checked.policy.rules if rule.then == name])})"
            causes = f"WHEN {lacks} THEN {quote_value(NO_VALUE)} WHEN {kept} THEN {quote_value(KEPT)} ELSE {quote_value(NOT_FIRED)}"
            cases.append(f"WHEN {here} AND {told} THEN CASE {causes} END")
    return f"CASE {' '.join(cases)} ELSE '' END"


def _list(texts: Collection[str]) -> str:
    return f"[{', '.join(map(quote_value, texts))}]::VARCHAR[]"


def _distance(rule: CheckedRule, renderer: Renderer) -> str:
    """How far the farthest of the rule's conditions that hold is past its threshold, in parts of the threshold; NULL where none has one."""
    found = [distance for leaf, holds in _polar(rule.when, True) if (distance := _of_leaf(leaf, holds, renderer)) is not None]
    return f"greatest({', '.join(found)})" if len(found) > 1 else found[0] if found else "NULL::DOUBLE"


def _polar(node: Expression, holds: bool) -> Iterator[tuple[Expression, bool]]:
    """The conditions one by one, each with the outcome by which it helps the rule to fire."""
    match node:
        case And(items) | Or(items) | AtLeast(_, items):
            for item in items:
                yield from _polar(item, holds)
        case Not(operand):
            yield from _polar(operand, not holds)
        case _:
            yield node, holds


def _of_leaf(leaf: Expression, holds: bool, renderer: Renderer) -> str | None:
    """The distance of one condition from its nearest threshold, where it holds; None where it has none to measure."""
    sides = measured_sides(leaf)
    if sides is None or sides[0].kind not in MEASURED:
        return None
    value, thresholds = sides
    exact = all(side.kind in EXACT for side in (value, *thresholds))
    sql_type = "DECIMAL(38, 4)" if exact else "DOUBLE"
    written = [f"CAST({text} AS {sql_type})" for threshold in thresholds for text in _threshold(threshold, renderer)]
    if not written:
        return None
    measured = f"CAST({renderer.comparable(value)} AS {sql_type})"
    relative = _relative(measured, written[0]) if len(written) == 1 else _nearest(measured, written, exact)
    condition = renderer.sql(leaf)
    return f"CASE WHEN {condition if holds else f'NOT {condition}'} THEN {relative} END"


def _relative(measured: str, threshold: str) -> str:
    """NULL where the threshold is zero, as any distance is endlessly many times as far; what grew out of range has none either."""
    distance = f"CAST(abs({measured} - {threshold}) AS DOUBLE) / nullif(CAST(abs({threshold}) AS DOUBLE), 0e0)"
    return f"nullif(least({distance}, 1e300), 1e300)"


def _nearest(measured: str, thresholds: Sequence[str], exact: bool) -> str:
    """The distance from the nearest of several thresholds, the first of equally near ones. Nothing is written twice: they may be many."""
    item, number, known = '"#t"', '"#i"', '"#b"'
    listed = f"list_filter([{', '.join(thresholds)}], lambda {item}: {item} IS NOT NULL)"
    distance = f"abs({known}.v - {item})"
    # Near as decimals see it: a double may be nearer to one of two that are equally far.
    measures = f"{{'a': {distance if exact else f'grid({distance})'}, 'i': {number}, 't': {item}}}"
    nearest = f"list_min(list_transform({known}.l, lambda {item}, {number}: {measures})).t"
    return f"list_transform([{{'v': {measured}, 'l': {listed}}}], lambda {known}: {_relative(f'{known}.v', nearest)})[1]"


def _threshold(node: Expression, renderer: Renderer) -> list[str]:
    """One threshold; of a parameter that is a list, each of its items."""
    if node.kind not in MEASURED:
        return []
    listed = renderer.parameter_value(node.name) if isinstance(node, ParameterValue) else None
    if isinstance(listed, tuple):
        return [bare(item, node.kind) for item in listed]
    return [renderer.comparable(node)]


def _lines(columns: Sequence[str]) -> str:
    return ",\n       ".join(columns)
