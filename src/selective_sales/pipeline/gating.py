"""A file of gates in, which were kept out: held against the decided sides, each breach a finding with the clients behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from .. import reading
from ..comparing.gates import Known, judge, resolve
from ..engines import moves
from ..model.checked import CheckedPolicy
from ..model.comparison import Gate, GateResult, Movement
from ..model.finding import Finding, has_errors, in_order
from .summary import amount_of

if TYPE_CHECKING:
    import duckdb

EXAMPLES = 5
UNDETERMINED = "undetermined"


def known_to(old: CheckedPolicy, new: CheckedPolicy) -> Known:
    """What gates on a comparison of these two may name."""
    decisions = dict.fromkeys([d.id for d in (*new.policy.decisions, *old.policy.decisions)])
    amount = amount_of(new)
    money = None if amount is None else amount.name
    names = dict.fromkeys((*measures(new), *measures(old), *([] if money is None else [money])))
    return Known((*decisions, UNDETERMINED), tuple(names), money)


def measures(checked: CheckedPolicy) -> Iterator[str]:
    """The fields and calculated values of a client that can be summed."""
    yield from (f.name for f in checked.policy.clients.fields if f.type.is_numeric and not f.protected)
    yield from (m.name for m in checked.results if m.kind.is_numeric and not m.is_list)


def read_gates(path: Path | None, old: CheckedPolicy, new: CheckedPolicy) -> tuple[tuple[Gate, ...], tuple[Finding, ...]]:
    """The gates of the file, held to both policies."""
    if path is None:
        return (), ()
    file, findings = reading.read_expect(path)
    if file is None or has_errors(findings):
        return (), findings
    gates, told = resolve(file.lines, known_to(old, new))
    return gates, in_order((*findings, *told))


def check_expect(path: Path, policy: CheckedPolicy | None) -> tuple[Finding, ...]:
    """The findings of a file of gates, held to that policy where there is one."""
    file, findings = reading.read_expect(path)
    if file is None or policy is None:
        return findings
    return in_order((*findings, *resolve(file.lines, known_to(policy, policy))[1]))


def judged(
    connection: duckdb.DuckDBPyConnection, gates: Sequence[Gate], movement: Movement, width: int, *, most: int | None
) -> tuple[GateResult, ...]:
    """Each gate held against what happened, with the first clients behind it where it was not kept (`most` 0: nobody is named)."""
    columns = {name: number for number, name in enumerate(measured(gates))}
    results = []
    for gate in gates:
        sums = {} if gate.money is None else moves.sums(connection, None if gate.money == movement.money else columns[gate.money])
        result = judge(gate, movement, sums)
        if most != 0 and not result.kept and gate.subject != "new_breaches":
            result = replace(result, examples=tuple(examples(connection, gate, width)))
        results.append(result)
    return tuple(results)


def measured(gates: Sequence[Gate]) -> tuple[str, ...]:
    """The measures that some gate counts, each once."""
    return tuple(dict.fromkeys(gate.money for gate in gates if gate.money is not None))


def examples(connection: duckdb.DuckDBPyConnection, gate: Gate, width: int) -> list[str]:
    new = gate.new if gate.subject == "moves" else None if gate.subject == "changed" else UNDETERMINED
    return moves.examples(connection, width, gate.old, new, moved_only=gate.subject != "undetermined", most=EXAMPLES)


def gate_findings(results: Sequence[GateResult], currency: str) -> Iterator[Finding]:
    """A finding for each gate that was not kept."""
    for result in results:
        if result.kept:
            continue
        gate = result.gate
        unit = f" {currency}" if gate.money is not None and not gate.is_share else ""
        share = "" if result.share is None else f" ({percent(result.share)})"
        actual = f"{result.actual:.2f} {currency} of {gate.money}" if gate.money is not None else f"{int(result.actual)}"
        unknown = "" if not result.unknown else f", and not known of {result.unknown} client{'s' if result.unknown > 1 else ''}"
        shown = ", ".join(result.examples) + (", ..." if result.examples and result.clients > len(result.examples) else "")
        message = f"the gate '{gate.name}' is breached: at most {gate.text}{unit}, it is {actual}{share}{unknown}" + (
            f": {shown}" if shown else ""
        )
        help = "diff --out FILE names every client who moves" if result.clients > len(result.examples) else ""
        yield Finding("SS842", message, gate.place, help)


def percent(share: Decimal) -> str:
    text = f"{share * 100:.3f}".rstrip("0").rstrip(".")
    return f"{text}%"
