"""Texts for people: every language there, every placeholder with a value to show, nothing in a letter that is not for the client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..model.checked import CheckedPolicy
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Policy, Rule
from ..model.text import Placeholder, Texts
from .catalog import CLIENTS, Catalog, is_list
from .desk import Desk, declared, did_you_mean
from .words import KIND_WORDS, one_of

EVERY_LANGUAGE = "*"
FORMATS: Mapping[str, frozenset[Kind]] = {
    "percent": frozenset({Kind.NUMBER, Kind.INTEGER}),
    "number": frozenset({Kind.NUMBER, Kind.INTEGER, Kind.MONEY}),
    "integer": frozenset({Kind.NUMBER, Kind.INTEGER, Kind.MONEY}),
    "money": frozenset({Kind.MONEY}),
    "date": frozenset({Kind.DATE}),
    "plain": frozenset(Kind),
}
"""The formats of `{name:format}` and of a metric's `format`, with the kinds that each can show."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with the words for it; one that goes into a letter shows less. Titles and labels are read without placeholders."""

    what: str
    texts: Texts
    for_letter: bool = False


def check_texts(checked: CheckedPolicy, catalog: Catalog, desk: Desk) -> None:
    """Findings about every text of the policy."""
    kinds = {m.name: m.kind for m in checked.metrics}
    for text in _all(checked.policy):
        _languages(text.what, dict(text.texts.by_language), text.texts.place, checked.policy.languages, desk)
        for _, template in text.texts.by_language:
            for placeholder in template.placeholders:
                place = placeholder.place if placeholder.place.line else template.place
                _placeholder(text, placeholder, place, catalog, kinds, desk)
    _labels(checked.policy, desk)
    for metric in checked.results:
        if metric.format:
            _format(metric.name, metric.format, kinds[metric.name], metric.place, desk)
    for parameter in checked.policy.parameters:
        if parameter.format:
            _format(parameter.name, parameter.format, parameter.kind, parameter.place, desk)
    _letters(checked.policy, catalog, desk)


def _all(policy: Policy) -> Iterator[_Text]:
    found: list[tuple[str, Texts | None]] = [("the policy's title", policy.title)]
    found += [(f"the label of '{f.name}'", f.label) for t in policy.tables for f in t.fields]
    found += [(f"the title of the parameter '{p.name}'", p.title) for p in policy.parameters]
    found += [(f"the source of the parameter '{p.name}'", p.source) for p in policy.parameters]
    found += [(f"the title of the metric '{m.name}'", m.title) for m in policy.metrics]
    found += [(f"the title of the score '{s.name}'", s.title) for s in policy.scores]
    found += [(f"the title of the factor '{f.id}'", f.title) for s in policy.scores for f in s.factors]
    found += [(f"the title of the table '{t.name}'", t.title) for t in policy.decision_tables]
    found += [(f"the title of the output '{o.name}'", o.title) for t in policy.decision_tables for o in t.outputs]
    found += [(f"the title of the figure '{f.name}'", f.title) for f in policy.figures]
    found += [(f"the title of the limit '{x.id}'", x.title) for x in policy.limits]
    found += [(f"the source of the limit '{x.id}'", x.source) for x in policy.limits]
    found += [(f"the title of the guarantee '{g.id}'", g.title) for g in policy.guarantees]
    found += [(f"the source of the guarantee '{g.id}'", g.source) for g in policy.guarantees]
    found += [(f"the title of the allocation '{a.name}'", a.title) for a in policy.allocations]
    found += [(f"what the rest of '{a.name}' is for", a.rest) for a in policy.allocations]
    found += [(f"the title of the group '{g.id}'", g.title) for a in policy.allocations for g in a.groups]
    found += [(f"the title of the decision '{d.id}'", d.title) for d in policy.decisions]
    if policy.fairness is not None:
        found += [(f"the title of '{a.id}' in the fairness audit", a.title) for a in (*policy.fairness.across, *policy.fairness.within)]
    for rule in policy.rules:
        found += [(f"the title of the rule '{rule.id}'", rule.title), (f"the reason of the rule '{rule.id}'", rule.reason)]
        found += [(f"the source of the rule '{rule.id}'", rule.source)]
        if (why := rule.justification) is not None:
            parts = (("aim", why.aim), ("appropriate", why.appropriate), ("necessary", why.necessary))
            found += [(f"'{part}' in the justification of the rule '{rule.id}'", texts) for part, texts in parts]
    yield from (_Text(what, texts) for what, texts in found if texts is not None)
    for rule in policy.rules:
        if rule.letter_reason is not None:
            yield _Text(f"the letter_reason of the rule '{rule.id}'", rule.letter_reason, for_letter=True)


def _languages(what: str, given: Mapping[str, object], place: Place, languages: tuple[str, ...], desk: Desk) -> None:
    if EVERY_LANGUAGE in given or not languages:
        return  # a policy whose languages cannot be read is told so once
    lacking = [language for language in languages if language not in given]
    extra = [language for language in given if language not in languages]
    if lacking:
        desk.error(
            "SS301",
            f"{what}: no text in {one_of(lacking, 'and')}",
            place,
            f"add {lacking[0]}: ..., or write one text for all languages",
        )
    for language in extra:
        help = f"add {language} to the policy's languages, or leave the text out"
        desk.warning("SS302", f"{what} has a text in '{language}', which is no language of this policy", place, help)


def _labels(policy: Policy, desk: Desk) -> None:
    for table in policy.tables:
        for found in table.fields:
            if not found.labels:
                continue
            _languages(f"the labels of '{found.name}'", dict(found.labels), found.place, policy.languages, desk)
    for output in (o for t in policy.decision_tables for o in t.outputs if o.labels):
        _languages(f"the labels of '{output.name}'", dict(output.labels), output.place, policy.languages, desk)


def _placeholder(text: _Text, placeholder: Placeholder, place: Place, catalog: Catalog, kinds: Mapping[str, Kind], desk: Desk) -> None:
    name = placeholder.name
    found = catalog.field(CLIENTS, name)
    parameter, metric = catalog.parameters.get(name), catalog.metrics.get(name)
    if found is not None:
        if found.protected:
            path = f"{text.what.removeprefix('the ')} -> field '{name}'"
            desk.error("SS260", f"{text.what} shows a protected field: {path}", place, "protected fields are for the fairness audit only")
            return
        kind = found.type
    elif parameter is not None:
        if is_list(parameter):
            desk.error("SS304", f"'{name}' is a list of values, and a text shows one", place, "write the values out in the text")
            return
        kind = parameter.kind
    elif metric is not None:
        kind = kinds.get(name, Kind.UNKNOWN)
    else:
        _unknown(name, place, catalog, desk)
        return
    if text.for_letter:
        _for_client(name, place, catalog, desk)
    if placeholder.format:
        _format(name, placeholder.format, kind, place, desk)


def _unknown(name: str, place: Place, catalog: Catalog, desk: Desk) -> None:
    children = catalog.children_with(name)
    if children:
        help = f"make it a metric first, for example sum({children[0].name}.{name})"
        desk.error("SS304", f"'{name}' is a field of {children[0].name}, which has many rows per client", place, help)
        return
    if name in catalog.tables or name in catalog.decisions or name in catalog.rules or name in ("as_of", "decision"):
        desk.error("SS304", f"a text cannot show '{name}'", place, "it shows fields of the client, parameters and metrics")
        return
    near = desk.closest(name, [*catalog.fields.get(CLIENTS, {}), *catalog.parameters, *catalog.metrics])
    known = catalog.place_of(near, None) if near is not None else None
    help = (
        did_you_mean(near, known)
        if near is not None and known is not None
        else "a text shows fields of the client, parameters and metrics by name"
    )
    desk.error("SS303", f"nothing is called '{name}'", place, help)


def _for_client(name: str, place: Place, catalog: Catalog, desk: Desk) -> None:
    """A letter shows what was declared as being for the client's eyes, and nothing else."""
    thing = catalog.field(CLIENTS, name) or catalog.metrics.get(name)
    if thing is None:
        desk.error("SS306", f"a letter cannot show the parameter '{name}'", place, "it shows fields and metrics with tell_client: true")
    elif not thing.tell_client:
        help = f"add tell_client: true to '{name}' (declared at {declared(thing.place)}), or leave it out of the letter"
        desk.error("SS306", f"'{name}' is not for the client's eyes", place, help)


def _format(name: str, format: str, kind: Kind, place: Place, desk: Desk) -> None:
    if format not in FORMATS:
        near = desk.closest(format, FORMATS)
        help = f"did you mean '{near}'?" if near is not None else f"the formats are {one_of(FORMATS, 'and')}"
        desk.error("SS305", f"unknown format '{format}'", place, help)
    elif kind is not Kind.UNKNOWN and kind not in FORMATS[format]:
        fitting = one_of(f for f, kinds in FORMATS.items() if kind in kinds)
        desk.error(
            "SS305", f"'{name}' is {KIND_WORDS[kind]}, which the format '{format}' cannot show", place, f"write {fitting}, or no format"
        )


def _letters(policy: Policy, catalog: Catalog, desk: Desk) -> None:
    for rule in policy.rules:
        decision = catalog.decisions.get(rule.then)
        if decision is not None and decision.letter and _says_nothing(rule):
            help = "add letter_reason, in words for the client; or write letter_reason: none, if the letter needs no reason from this rule"
            desk.error(
                "SS307", f"the decision '{rule.then}' sends a letter, and the rule '{rule.id}' has no reason for it", rule.place, help
            )


def _says_nothing(rule: Rule) -> bool:
    return rule.letter_reason is None and not rule.no_letter_reason
