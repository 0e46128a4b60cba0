"""Gates as written and what happened in, which gates were kept out.

A gate that names no decision, measure or gate that there is becomes a finding with the nearest that there is. Parts are of all clients
that both sides have, or of all their money.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ..model.comparison import Gate, GateLine, GateResult, Movement
from ..model.finding import Finding
from ..model.place import Place

ENDING = "_at_most"
TO = "_to_"
MONEY = "money"
Subject = Literal["changed", "undetermined", "newly_undetermined", "new_breaches"]
SUBJECTS: tuple[Subject, ...] = ("changed", "undetermined", "newly_undetermined", "new_breaches")


@dataclass(frozen=True, slots=True)
class Known:
    """What gates may name: decisions (undetermined among them), measures, and the measure that `money` stands for (None: there is none)."""

    decisions: Sequence[str]
    measures: Collection[str]
    money: str | None


def resolve(lines: Sequence[GateLine], known: Known) -> tuple[tuple[Gate, ...], tuple[Finding, ...]]:
    """The gates, and a finding for each line that is none."""
    gates, findings = [], []
    for line in lines:
        found = named(line, known) if line.name else structured(line, known)
        if isinstance(found, Gate):
            findings += list(unit(found))
            gates.append(found)
        else:
            findings += found
    return tuple(gates), tuple(findings)


def named(line: GateLine, known: Known) -> Gate | list[Finding]:
    """`changed_at_most`, `keep_to_decline_at_most`, `revenue_decline_at_most`."""
    stem = line.name.removesuffix(ENDING)
    for subject in SUBJECTS:
        if stem == subject:
            return Gate(line.name, subject, line.at_most, line.is_share, line.text, line.place)
    for at in places(stem, TO):
        old, new = stem[:at], stem[at + len(TO) :]
        if old in known.decisions and new in known.decisions:
            return Gate(line.name, "moves", line.at_most, line.is_share, line.text, line.place, old, new)
    for name in known.decisions:
        for form in (name, f"{name}d", f"{name}ed"):
            if stem.endswith(f"_{form}"):
                measure = measured(stem.removesuffix(f"_{form}"), line.place, known)
                if isinstance(measure, Finding):
                    return [unknown_gate(line, stem, known) if TO in stem else measure]
                return Gate(line.name, "moves", line.at_most, line.is_share, line.text, line.place, None, name, measure)
    return [unknown_gate(line, stem, known)]


def places(text: str, piece: str) -> Iterator[int]:
    """Everywhere the piece stands in the text."""
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


def unknown_gate(line: GateLine, stem: str, known: Known) -> Finding:
    """Which of the two decisions is not one, or what the gate nearly is."""
    for at in places(stem, TO):
        old, new = stem[:at], stem[at + len(TO) :]
        wrong = [name for name in (old, new) if name not in known.decisions]
        if len(wrong) == 1 or (wrong and stem.count(TO) == 1):
            return unknown_decision(wrong[0], line.place, known)
    pairs = [f"{a}{TO}{b}" for a in known.decisions for b in known.decisions if a != b]
    sums = [f"{m}_{d}" for m in (MONEY, *known.measures) for d in known.decisions]
    near = difflib.get_close_matches(stem[:80], [*SUBJECTS, *pairs, *sums], 1, 0.6)
    example = f"{pairs[-1]}{ENDING}" if pairs else f"{MONEY}_...{ENDING}"
    help = (
        f"did you mean '{near[0]}{ENDING}'?"
        if near
        else f"gates are {', '.join(s + ENDING for s in SUBJECTS)}, or of decisions, such as {example}"
    )
    return Finding("SS843", f"there is no gate '{line.name[:80]}'", line.place, help)


def structured(line: GateLine, known: Known) -> Gate | list[Finding]:
    """An entry of `moves`."""
    findings = [unknown_decision(end[0], end[1], known) for end in (line.old, line.new) if end and end[0] not in known.decisions]
    measure = None if line.of is None else measured(line.of[0], line.of[1], known)
    if isinstance(measure, Finding):
        findings.append(measure)
    if findings or isinstance(measure, Finding):
        return findings
    old, new = (None if end is None else end[0] for end in (line.old, line.new))
    name = f"{old or 'any'} to {new or 'any'}" + (f", {measure}" if measure else "")
    return Gate(name, "moves", line.at_most, line.is_share, line.text, line.place, old, new, measure)


def measured(name: str, place: Place, known: Known) -> str | Finding:
    """The measure of that name; `money` is the one that the comparison shows."""
    if name == MONEY and MONEY not in known.measures and known.money is not None:
        return known.money
    if name in known.measures:
        return name
    near = difflib.get_close_matches(name[:80], [MONEY, *known.measures], 1)
    help = (
        f"did you mean '{near[0]}'?" if near else f"write money, or one of {', '.join(list(known.measures)[:10])}" if known.measures else ""
    )
    return Finding("SS844", f"there is no measure '{name[:80]}'", place, help)


def unknown_decision(name: str, place: Place, known: Known) -> Finding:
    near = difflib.get_close_matches(name[:80], known.decisions, 1)
    help = f"did you mean '{near[0]}'?" if near else f"the decisions are {', '.join(known.decisions)}"
    return Finding("SS844", f"there is no decision '{name[:80]}'", place, help)


def unit(gate: Gate) -> Iterator[Finding]:
    """Clients are whole; what breaches may be, the schema says."""
    if not gate.is_share and gate.money is None and gate.at_most != gate.at_most.to_integral_value():
        yield Finding("SS846", f"'{gate.name}' counts clients, and {gate.text} is not a whole number", gate.place, "write 2, or 2%")


Sum = tuple[Decimal, int]
"""What is known of a measure together, and of how many clients it is not known."""
NOTHING: Sum = (Decimal(0), 0)


def judge(gate: Gate, movement: Movement, sums: dict[tuple[str | None, str | None], Sum]) -> GateResult:
    """Whether the gate was kept. `sums` is the gate's measure by old and new decision (empty where it counts clients).

    A client whose measure is missing counts as no amount, and not as 0: as a limit that is unknown, the gate is then breached.
    """
    if gate.subject == "new_breaches":
        broken = [p.id for p in movement.promises if p.is_new_breach]
        return GateResult(gate, len(broken) <= gate.at_most, Decimal(len(broken)), None, 0, tuple(broken[:5]))
    ways = [p for p in movement.passages if p.old is not None and p.new is not None and concerns(gate, p.old, p.new)]
    clients, unknown = sum(p.clients for p in ways), 0
    if gate.money is None:
        actual, whole = Decimal(clients), Decimal(movement.both)
    else:
        found = [sums.get((p.old, p.new), NOTHING) for p in ways]
        actual, unknown = sum((known for known, _ in found), Decimal(0)), sum(n for _, n in found)
        whole = sum((known for (old, new), (known, _) in sums.items() if old is not None and new is not None), Decimal(0))
    share = actual / whole if whole > 0 else None
    kept = (clients == 0 if share is None else share <= gate.at_most) if gate.is_share else actual <= gate.at_most
    return GateResult(gate, kept and unknown == 0, actual, share, clients, unknown=unknown)


def concerns(gate: Gate, old: str, new: str) -> bool:
    """Whether a client who went that way counts."""
    match gate.subject:
        case "changed":
            return old != new
        case "undetermined":
            return new == "undetermined"
        case "newly_undetermined":
            return new == "undetermined" and old != new
        case _:
            return old != new and gate.old in (None, old) and gate.new in (None, new)
