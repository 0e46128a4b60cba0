"""A policy file -> Policy, with every finding of the file, its structure, its values and its expressions' syntax.

What is broken in one place keeps nothing else from being read: an unreadable expression stands as `conditions.UNREADABLE`, so that a later
stage can still look at the names around it. None comes back only where there is no table `clients` to speak about.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from ..model.finding import Finding, in_order
from ..model.place import Place
from ..model.policy import Decision, Justification, Metric, Policy, Rule, SourceFile, Strategy, WhenUnknown
from . import source as files
from .conditions import condition, expression
from .currencies import check_codes
from .decision_tables import read_decision_tables
from .desk import Desk, choice, entries, items, member, text, texts_of, truth
from .letters import read_letters
from .measures import read_measures
from .names import RESERVED_DECISIONS, RESERVED_RULES, check_identifier, check_name
from .nodes import Entry, MappingNode, Node
from .outcomes import read_allocations, read_fairness, read_figures, read_guarantees, read_limits
from .parameters import read_parameters
from .report import read_report
from .scores import read_scores
from .sorts import Sort, mistaken
from .source import Source
from .structure import validate
from .tables import CLIENTS, read_tables
from .texts import texts
from .values import date_of, has_date_form
from .yaml_events import compose


def read_policy(path: Path) -> tuple[Policy | None, tuple[Finding, ...]]:
    """The policy in the file at that path."""
    source, findings = files.load(path)
    return (None, findings) if source is None else policy_of(source)


def policy_of(source: Source) -> tuple[Policy | None, tuple[Finding, ...]]:
    """The policy in that source."""
    root, findings = compose(source)
    if root is None:
        return None, in_order(findings)
    other = mistaken(source, root, Sort.POLICY)
    if other is not None:
        return None, in_order((*findings, other))
    if isinstance(root, MappingNode) and is_part(root):
        help = "check the policy that uses it: selective-sales check policy.yaml"
        first = next(iter(root.entries.values())).key
        place = first.span.place(source.path)
        return None, in_order((*findings, Finding("SS038", "this file is a part of a policy: it has no section 'policy'", place, help)))
    if not isinstance(root, MappingNode) or "uses" not in root.entries:
        desk = Desk(source, [*findings, *validate(source, root, "policy")])
        policy = sections_of(desk, root)
        return (policy if policy.tables and policy.tables[0].name == CLIENTS else None), in_order(desk.findings)
    desk = Desk(source, [*findings, *validate(source, root, "policy", part=True)])
    policy = _with_used(desk, root)
    return (policy if policy.tables and policy.tables[0].name == CLIENTS else None), in_order(desk.findings)


def is_part(root: MappingNode) -> bool:
    """True for a file that only another one can use: it does not say what it is called, nor what is decided."""
    own = {"format", "data", "parameters", "metrics", "scores", "tables", "rules", "figures", "limits", "guarantees", "allocations"}
    own |= {"measures", "letters", "report", "uses"}
    return "format" in root.entries and "decisions" not in root.entries and len(root.entries) > 1 and set(root.entries) <= own


def _with_used(desk: Desk, root: MappingNode) -> Policy:
    """The policy with what the files have that it uses."""
    from . import uses  # most policies are one file

    gathering = uses.Gathering(desk, sections_of, lambda source, node: validate(source, node, "policy", part=True))
    gathering.gather(desk, root)
    main = sections_of(desk, root)
    uses.once(root, desk, gathering.tops)
    uses.keys_agree(desk, [*gathering.parts, main])
    uses.settings_agree(desk, [*gathering.parts, main])
    policy = uses.merged(main, gathering.parts)
    uses.lacking(desk, policy, policy.place)
    return policy


def sections_of(desk: Desk, root: Node) -> Policy:
    """What one file says."""
    head = member(root, "policy")
    tables = read_tables(desk, member(root, "data"))
    valid_from, valid_until = _validity(desk, head, "the policy")
    check_codes(desk, head)
    return Policy(
        id=text(member(head, "id")) or "",
        version=text(member(head, "version")) or "",
        languages=texts_of(member(head, "languages")),
        currency=text(member(head, "currency")) or "",
        strategy=choice(member(head, "strategy"), Strategy.MOST_SEVERE),
        tables=tables,
        parameters=read_parameters(desk, member(root, "parameters")),
        metrics=tuple(_metric(desk, entry) for entry in entries(member(root, "metrics"))),
        decisions=tuple(_decision(desk, entry) for entry in entries(member(root, "decisions"))),
        rules=tuple(rule for item in items(member(root, "rules")) if (rule := _rule(desk, item)) is not None),
        place=_place(desk, root),
        title=texts(desk, member(head, "title")),
        owner=text(member(head, "owner")) or "",
        valid_from=valid_from,
        valid_until=valid_until,
        scores=read_scores(desk, member(root, "scores")),
        decision_tables=read_decision_tables(desk, member(root, "tables")),
        figures=read_figures(desk, member(root, "figures")),
        limits=read_limits(desk, member(root, "limits")),
        guarantees=read_guarantees(desk, member(root, "guarantees")),
        allocations=read_allocations(desk, member(root, "allocations")),
        fairness=read_fairness(desk, root),
        measures=read_measures(desk, member(root, "measures")),
        letters=read_letters(desk, root),
        report=read_report(desk, root),
        sources=(SourceFile(desk.source.path, desk.source.sha256, desk.source.text), *desk.files),
    )


def _validity(desk: Desk, node: Node | None, what: str) -> tuple[datetime.date | None, datetime.date | None]:
    """`valid_from` and `valid_until` of the policy or a rule."""
    valid_from, valid_until = date_of(desk, _dated(node, "valid_from")), date_of(desk, _dated(node, "valid_until"))
    if valid_from is not None and valid_until is not None and valid_until < valid_from and isinstance(node, MappingNode):
        desk.error("SS126", f"{what} ends before it begins", node.entries["valid_until"].value, "exchange the two dates, or mend the year")
    return valid_from, valid_until


def _place(desk: Desk, root: Node) -> Place:
    """Where the policy is named: its id, else the section, else the file."""
    head = member(root, "policy")
    if isinstance(root, MappingNode) and head is not None:
        return desk.place(member(head, "id") or root.entries["policy"].key)
    return Place(desk.source.path)


def _dated(head: Node | None, key: str) -> Node | None:
    """A date's node; nothing where it has not even a date's form, which the schema has said."""
    node = member(head, key)
    return node if has_date_form(node) else None


def _metric(desk: Desk, entry: Entry) -> Metric:
    name, node, place = entry.key.value, entry.value, desk.place(entry.key)
    check_name(desk, entry.key, name, "a metric")
    if not isinstance(node, MappingNode):
        return Metric(name, expression(desk, node), place)
    return Metric(
        name,
        expression(desk, node.get("is")),
        place,
        title=texts(desk, node.get("title")),
        format=text(node.get("format")) or "",
        tell_client=truth(node.get("tell_client")),
    )


def _decision(desk: Desk, entry: Entry) -> Decision:
    node = entry.value
    check_identifier(desk, entry.key, entry.key.value, "a decision", RESERVED_DECISIONS)
    return Decision(
        entry.key.value,
        desk.place(entry.key),
        title=texts(desk, member(node, "title")),
        when_unknown=choice(member(node, "when_unknown"), WhenUnknown.HOLD),
        approval_required=text(member(node, "approval")) == "required",
        letter=text(member(node, "letter")),
        default=truth(member(node, "default")),
        tell_change=truth(member(node, "tell_change")),
    )


def _rule(desk: Desk, node: Node) -> Rule | None:
    if not isinstance(node, MappingNode):
        return None
    id_node, then_node = node.get("id"), node.get("then")
    id = text(id_node)
    if id_node is not None and id is not None:
        check_identifier(desk, id_node, id, "a rule", RESERVED_RULES)
    place = desk.place(id_node or node)
    letter_reason = node.get("letter_reason")
    no_letter_reason = text(letter_reason) == "none"
    valid_from, valid_until = _validity(desk, node, "the rule")
    return Rule(
        id or "",
        condition(desk, node.get("when")),
        text(then_node) or "",
        place,
        then_place=place if then_node is None else desk.place(then_node),
        unless=condition(desk, node.get("unless")) if "unless" in node.entries else None,
        title=texts(desk, node.get("title")),
        reason=texts(desk, node.get("reason"), with_names=True),
        letter_reason=None if no_letter_reason else texts(desk, letter_reason, with_names=True),
        no_letter_reason=no_letter_reason,
        source=texts(desk, node.get("source")),
        valid_from=valid_from,
        valid_until=valid_until,
        justification=_justification(desk, node.get("justification")),
    )


def _justification(desk: Desk, node: Node | None) -> Justification | None:
    """All three parts of it; the schema has found one that is not there."""
    aim, appropriate, necessary = (texts(desk, member(node, part)) for part in ("aim", "appropriate", "necessary"))
    if node is None or aim is None or appropriate is None or necessary is None:
        return None
    return Justification(aim, appropriate, necessary, desk.place(node))
