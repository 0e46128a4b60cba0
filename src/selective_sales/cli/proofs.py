"""The report of `check --proofs`: for people as lines, for programs as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.proofs import Answer, Proof, Proofs, RuleProof
from .snippet import visible

_WORDS = {Answer.NEVER: "never", Answer.EXAMPLE: "yes", Answer.OPEN: "open", Answer.UNKNOWN: "not known"}
_MOST_LINES = 40
"""Of one list; the JSON has all."""
_MOST_NAMES = 6
_LEGEND = (
    "never: proved. yes: proved by an example of fields that do not depend on each other.",
    "open: nothing speaks against it, but what is named may depend on each other. not known: it was given up, see below.",
)


def lines(proofs: Proofs) -> Iterator[str]:
    """The report for people."""
    yield f"What is proved of the rules of '{proofs.policy}', for every client that the data contract allows:"
    if len(proofs.dates) > 1:
        yield f"(over {len(proofs.dates)} periods, which begin on {', '.join(proofs.dates)})"
    if proofs.rules:
        yield ""
        yield from _table(proofs.rules)
        yield from _LEGEND
    yield from _section("Whenever a rule fires, others fire too", _together(proofs.rules))
    yield from _section("Pairs that can never both fire", [f"{one} and {other}" for one, other in proofs.excluding])
    yield from _section(
        "For example, a rule may decide where", [f"{r.rule}: {r.decides.example}" for r in proofs.rules if r.decides.example]
    )
    yield from _section("Values that rules compare with, and the limits of what is compared", list(_thresholds(proofs)))
    yield from _section("Taken to be free: how these depend on each other, or on fields, was not looked at", proofs.free)
    yield from _section("Not looked at", proofs.not_looked_at)


def _table(rules: Sequence[RuleProof]) -> Iterator[str]:
    rows = [("rule", "decision", "can fire", "can decide", "can fire alone")]
    rows += [(rule.rule, rule.decision, _answer(rule.fires), _answer(rule.decides), _answer(rule.alone)) for rule in rules]
    widths = [max(len(visible(row[i])) for row in rows) for i in range(4)]
    for row in rows:
        cells = [visible(cell).ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([" ", *cells, visible(row[-1])]).rstrip()
    yield ""


def _answer(proof: Proof) -> str:
    if not proof.because_of:
        return _WORDS[proof.answer]
    return f"never ({_names(proof.because_of)})"


def _names(ids: Sequence[str]) -> str:
    more = len(ids) - _MOST_NAMES
    return ", ".join([*ids[:_MOST_NAMES], *([f"{more} more"] if more > 0 else [])])


def _together(rules: Sequence[RuleProof]) -> list[str]:
    return [f"{rule.rule}: {_names(rule.implies)}" for rule in rules if rule.implies]


def _thresholds(proofs: Proofs) -> Iterator[str]:
    for found in proofs.thresholds:
        limits = f" ({found.limits})" if found.limits else " (no limits)"
        beyond = f"; beyond the limits: {', '.join(found.outside)}" if found.outside else ""
        yield f"{found.text}: {', '.join(found.values)}{limits}{beyond}"


def _section(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield ""
        yield f"{title}:"
        for item in items[:_MOST_LINES]:
            yield f"  {visible(item)}"
        if len(items) > _MOST_LINES:
            yield f"  and {len(items) - _MOST_LINES} more (--format json has all)"


def as_json(proofs: Proofs) -> dict[str, object]:
    """The report for programs: answers are never, example, open, unknown."""
    return {
        "policy": proofs.policy,
        "periods": list(proofs.dates),
        "rules": [
            {
                "rule": rule.rule,
                "decision": rule.decision,
                "fires": _proof_json(rule.fires),
                "decides": _proof_json(rule.decides),
                "alone": _proof_json(rule.alone),
                "implies": list(rule.implies),
            }
            for rule in proofs.rules
        ],
        "never_both": [list(pair) for pair in proofs.excluding],
        "thresholds": [{"of": t.text, "values": list(t.values), "limits": t.limits, "beyond": list(t.outside)} for t in proofs.thresholds],
        "taken_to_be_free": list(proofs.free),
        "not_looked_at": list(proofs.not_looked_at),
    }


def _proof_json(proof: Proof) -> dict[str, object]:
    return {"answer": proof.answer.value, "example": proof.example, "because_of": list(proof.because_of)}
