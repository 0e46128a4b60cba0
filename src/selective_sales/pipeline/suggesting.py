"""A policy in, a file of unreviewed test cases out: what it answers today on, just below and just above each of its thresholds.

load -> questions -> search by trying -> blanks -> cases -> text. Never over a file that exists; nothing where the policy has errors.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import reading, testing
from ..explaining.source import expression_text
from ..model.cases import CaseFile
from ..model.checked import CheckedPolicy
from ..model.expression import NOWHERE, Compare, Constant, Expression, FieldValue, IsMissing, MetricValue, ParameterValue
from ..model.finding import Finding, has_errors
from ..model.kind import Kind
from ..model.place import Place
from ..testing.boundaries import Interest, interests
from ..testing.case_writer import case_file_text
from ..testing.files import ENDING
from ..testing.questions import Question, Sort, questions
from ..testing.row_edges import RowEdge, row_edges
from ..testing.seeking import difference, sign
from ..testing.suggested import Assembled, Block, Results, Suggestion, assembled, needs_fired
from ..testing.worlds import CLIENTS, World, from_contract, key_values, with_defaults, world_of
from .policies import date_findings, load_policy
from .searching import Found, Search
from .trying import Trial, Tried

_MOST_SEEDS = 40


@dataclass(frozen=True, slots=True)
class Suggested:
    """What was suggested: the file's text, how many cases, how many of how many conditions are seen from both sides, what is not."""

    text: str
    cases: int
    conditions: int
    both_sides: int
    missed: tuple[str, ...]
    left_out: int


def suggest(path: Path, as_of: datetime.date, rules: Sequence[str], beside_of: Path) -> tuple[Suggested | None, tuple[Finding, ...]]:
    """The cases for the policy on that date, of the rules named or of all; `beside_of`: the folder in which the file will stand."""
    checked, findings = load_policy(path)
    if checked is None or has_errors(findings):
        return None, findings
    findings = (*findings, *date_findings(checked, as_of), *_unknown_rules(checked, rules, path))
    if has_errors(findings):
        return None, findings
    asked = questions(checked, as_of, frozenset(rules))
    if key_values(checked.policy.clients, 3) is None:
        message = "the key of the clients is held to a contract for which no values can be made up"
        return None, (*findings, Finding("SS653", message, checked.policy.clients.key_place, "write the cases by hand"))
    if not any(question.leaves for question in asked):
        message = "no rule, table or score asks anything of a client: there is no boundary to test"
        return None, (*findings, Finding("SS654", message, checked.policy.place, "add a rule, or give another --as-of"))
    search = _search(checked, path, as_of, asked)
    found = search.run()
    blocks = _blocks(checked, search, found, frozenset(rules))
    relative = os.path.relpath(path.absolute(), beside_of.absolute())
    file = CaseFile("", relative, NOWHERE, as_of, {}, ())
    whole = assembled(checked, Path(relative).as_posix(), file, search.base, blocks)
    missed = tuple(note for block in blocks for note in block.notes)
    both = sum(search.both_sides((f.question, f.leaf), f.worlds) for f in found)
    text = case_file_text(whole.file, header=_header(checked, as_of), before=_comments(whole))
    return Suggested(text, len(whole.file.cases), len(found), both, missed, whole.left_out), findings


def _unknown_rules(checked: CheckedPolicy, rules: Sequence[str], path: Path) -> Iterator[Finding]:
    known = [rule.id for rule in checked.rules]
    for name in rules:
        if name not in known:
            yield Finding("SS652", f"the policy has no rule '{name}'", Place(str(path)), testing.did_you_mean(name, known))


def _search(checked: CheckedPolicy, path: Path, as_of: datetime.date, asked: tuple[Question, ...]) -> Search:
    """The search, with a plausible client to start from: by the contract, and by the tests beside the policy."""
    fields = interests(checked, as_of)
    base = from_contract(checked.policy, fields, as_of)
    seeds: list[World] = []
    for file in _tests_beside(path):
        base = with_defaults(checked.policy, base, file.defaults)
        cases = (case for case in file.cases if not case.parameters and not case.exceptions and not case.unreviewed)
        whole = ({t: tuple({**file.defaults.get(t, {}), **row} for row in rows) for t, rows in case.rows.items()} for case in cases)
        seeds += [world for rows in whole if (world := world_of(checked.policy, rows, fields, base)) is not None]
    return Search(checked, Trial(checked, as_of, asked), fields, base, tuple(seeds[:_MOST_SEEDS]), as_of)


def _tests_beside(path: Path) -> Iterator[CaseFile]:
    """The test files of this policy that stand in its folder and have a reviewed case, in the order of their names.

    Others count for nothing here: cases that were suggested must not change what is suggested next.
    """
    for candidate in sorted(path.absolute().parent.glob(f"*{ENDING}")):
        if candidate.is_file():
            file, findings = reading.read_cases(candidate)
            if file is None or has_errors(findings) or testing.real_path(candidate.parent / file.policy) != testing.real_path(path):
                continue
            if any(not case.unreviewed for case in file.cases):
                yield file


def _blocks(checked: CheckedPolicy, search: Search, found: Sequence[Found], rules: frozenset[str]) -> tuple[Block, ...]:
    """The cases of every question, each with its result from one last run of the whole query."""
    blanks = _blanks(search, found)
    edges = tuple(row_edges(checked, search.as_of, search.base, search.interests, rules))
    drafts = [_draft(checked, search, q, [f for f in found if f.question == q], blanks) for q in range(len(search.asked))]
    worlds = {t.world.identity: t.world for _, shown, _ in drafts for _, t in shown}
    worlds |= {world.identity: world for edge in edges for home in edge.homes for world in home}
    results = dict(zip(worlds, search.trial.results(list(worlds.values())), strict=True))
    answered = (_block(asked, *draft, results) for asked, draft in zip(search.asked, drafts, strict=True))
    return (*answered, *(_edge_block(checked, edge, results) for edge in edges))


def _edge_block(checked: CheckedPolicy, edge: RowEdge, results: Mapping[tuple[object, ...], Results | None]) -> Block:
    """A row on either side of an edge: of the clients at hand the one for whom the result differs most."""
    heading = f"which rows count: {edge.owner} ({_where(edge.place)})"
    text = expression_text(checked, edge.threshold)
    offers = []
    for home in edge.homes:
        decided = [(stands, world, result) for stands, world in zip(edge.stands, home, strict=True) if (result := results[world.identity])]
        offers.append((len({str(result[edge.column]) for *_, result in decided}), decided))
    kinds, best = max(offers, key=lambda offer: offer[0], default=(0, []))
    if kinds < 2:
        note = f"not suggested: {_label(edge.field)} against {text} ({_where(edge.threshold.place)}): no row was found for which it matters"
        return Block(heading, (), (note,))
    answer = "decision" if edge.column == "fired" else edge.column
    made = (Suggestion(f"{edge.owner}, {_label(edge.field)} {s} {text}", w, r, (edge.column,), answer) for s, w, r in best)
    return Block(heading, tuple(made))


Draft = tuple[str, list[tuple[str, Tried]], list[str]]
"""A heading, what is shown by whom, and what is not suggested."""


def _draft(checked: CheckedPolicy, search: Search, number: int, found: Sequence[Found], blanks: Sequence[tuple[int, str, Tried]]) -> Draft:
    """The cases of one question: of each leaf, then a blank for each field that a rule reads."""
    asked = search.asked[number]
    shown: list[tuple[str, Tried]] = []
    notes: list[str] = []
    for one in found:
        leaf = asked.leaves[one.leaf]
        shown += [(_shows(checked, asked, leaf, one, tried), tried) for tried in one.worlds]
        if not search.both_sides((number, one.leaf), one.worlds):
            notes.append(f"not suggested: {_leaf_text(checked, asked, leaf)} ({_where(leaf.place)}): {_why(search, leaf, one)}")
    shown += [(said, tried) for q, said, tried in blanks if q == number]
    what = {Sort.RULE: "rule", Sort.ROW: "table", Sort.POINT: "score", Sort.IF: "metric"}[asked.sort]
    return f"{what} {asked.name} ({_where(asked.place)})", shown, list(dict.fromkeys(notes))


def _why(search: Search, leaf: Expression, found: Found) -> str:
    if not search.reached(leaf):
        return "it reads nothing that a case could change"
    other = " on the other side" if found.worlds else ""
    return f"no client was found{other} for whom it alone decides"


def _block(
    asked: Question, heading: str, shown: list[tuple[str, Tried]], notes: list[str], results: Mapping[tuple[object, ...], Results | None]
) -> Block:
    decided = [(said, t.world, result) for said, t in shown if (result := results[t.world.identity]) is not None]
    fired = ("fired",) if asked.sort is Sort.RULE and needs_fired([result for *_, result in decided]) else ()
    answer = "decision" if asked.sort is Sort.RULE else asked.columns[0]
    made = tuple(Suggestion(said, world, result, (*fired, *asked.columns), answer) for said, world, result in decided)
    return Block(heading, made, tuple(notes))


def _blanks(search: Search, found: Sequence[Found]) -> list[tuple[int, str, Tried]]:
    """For each field that a rule reads, a client for whom it is blank, and matters where it is not; of rows, once in the file."""
    wanted: list[tuple[int, Interest, list[World]]] = []
    done: set[tuple[str, str]] = set()
    for number, asked in enumerate(search.asked):
        homes = [(f.leaf, tried) for f in found if f.question == number for tried in f.worlds[:1]]
        for one in search.fields(number) if asked.sort is Sort.RULE else ():
            pair = (one.table, one.field.name)
            readers = [tried for leaf, tried in homes if pair in search.checked.reads(asked.leaves[leaf])] or [tried for _, tried in homes]
            worlds = [tried.world.moved(spot, None) for tried in readers[:3] for spot in tried.world.spots([pair])[:1]]
            if worlds and not one.field.required and (one.table == CLIENTS or pair not in done):
                done.add(pair)
                wanted.append((number, one, worlds))
    search.trial.of([world for *_, worlds in wanted for world in worlds])
    firsts = ((number, one, next((t for t in search.trial.of(worlds) if t is not None), None)) for number, one, worlds in wanted)
    return [(number, f"{search.asked[number].name}, {_label(one)} blank", tried) for number, one, tried in firsts if tried is not None]


def _label(one: Interest) -> str:
    return one.field.name if one.table == CLIENTS else f"{one.table}.{one.field.name}"


def _shows(checked: CheckedPolicy, asked: Question, leaf: Expression, found: Found, tried: Tried) -> str:
    """What the client shows of the leaf: where it stands against the threshold, or whether it holds."""
    known = tried.leaves[found.question][found.leaf]
    apart = difference(known.operands)
    if isinstance(leaf, Compare) and apart is not None and found.near:
        left, right, side = leaf.left, leaf.right, sign(apart)
        if isinstance(left, Constant | ParameterValue) and not isinstance(right, Constant | ParameterValue):
            left, right, side = right, left, -side
        dated = left.kind is Kind.DATE
        stands = {-1: "just before" if dated else "just below", 0: "on" if dated else "exactly", 1: "just after" if dated else "just above"}
        words = asked.said or (expression_text(checked, left), expression_text(checked, right))
        return f"{asked.name}, {words[0]} {stands[side]} {words[1]}"
    if isinstance(leaf, Compare) and leaf.left.kind is Kind.TEXT and isinstance(known.operands[0], str):
        return f'{asked.name}, {expression_text(checked, leaf.left)} is "{known.operands[0]}"'
    if isinstance(leaf, IsMissing):
        blank = known.outcome is not leaf.negated
        return f"{asked.name}, {expression_text(checked, leaf.operand)} {'missing' if blank else 'present'}"
    text = _leaf_text(checked, asked, leaf)
    if isinstance(leaf, FieldValue | MetricValue):
        return f"{asked.name}, {text} is {'true' if known.outcome else 'false'}"
    return f"{asked.name}, {text} {'holds' if known.outcome else 'does not hold'}"


def _leaf_text(checked: CheckedPolicy, asked: Question, leaf: Expression) -> str:
    match leaf:
        case Compare(left, op, right):
            words = asked.said or (expression_text(checked, left), expression_text(checked, right))
            return f"{words[0]} {op} {words[1]}"
        case _:
            return expression_text(checked, leaf)


def _where(place: Place) -> str:
    """Where it stands in the policy: without the folder, which is another on every machine."""
    return f"{Path(place.file).name}:{place.line}"


def _header(checked: CheckedPolicy, as_of: datetime.date) -> tuple[str, ...]:
    policy = checked.policy
    return (
        f"Suggested by selective-sales suggest-tests: what {policy.id}, version {policy.version}, answers as of {as_of.isoformat()}.",
        "Whether it should answer so, only you can say. Read each case, and delete its line `unreviewed: true` where you agree;",
        "where you do not, correct the policy. Until then the case counts neither as passed nor as coverage.",
    )


def _comments(whole: Assembled) -> dict[int, tuple[str, ...]]:
    if not whole.left_out:
        return whole.comments
    end = len(whole.file.cases)
    said = f"not suggested: {whole.left_out} more cases, for which a file has no room: name some rules with --rule"
    return {**whole.comments, end: (*whole.comments.get(end, ()), said)}


def refused(target: Path) -> tuple[Finding, ...]:
    """Why the cases cannot go there."""
    if not target.name.endswith(ENDING):
        message, help_ = f"'{target.name}' is no name for a test file", f"the name of a test file ends in {ENDING}"
    elif target.exists() or target.is_symlink():
        message, help_ = (
            f"'{target}' exists already",
            "nothing was written: give another --out, or move the file away",
        )
    elif not target.parent.is_dir():
        message, help_ = f"there is no folder '{target.parent}'", "make the folder first, or give another --out"
    else:
        return ()
    return (Finding("SS655", message, Place(str(target)), help_),)


def write(target: Path, text: str) -> tuple[Finding, ...]:
    """Writes the file, whole or not at all, never over another."""
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            try:
                file.write(text)
                file.flush()
            except OSError:
                target.unlink()
                raise
    except FileExistsError:
        return refused(target)
    return ()
