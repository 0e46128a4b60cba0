"""A letterhead's file in, the letterhead out, held to the decisions of a policy where there is one."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from .. import reading
from ..model.checked import CheckedPolicy
from ..model.finding import Finding, Severity, in_order
from ..model.letter import UNDETERMINED
from ..model.letterhead import Letterhead


def read_letterhead(path: Path, policy: CheckedPolicy | None) -> tuple[Letterhead | None, tuple[Finding, ...]]:
    """The letterhead in that file; None where a finding is an error."""
    letterhead, findings = reading.read_letterhead(path)
    if letterhead is None or policy is None:
        return letterhead, findings
    return letterhead, in_order((*findings, *_strangers(letterhead, policy)))


def check_letterhead(path: Path, policy: CheckedPolicy | None) -> tuple[Finding, ...]:
    """The findings of a letterhead, held to that policy where there is one."""
    return read_letterhead(path, policy)[1]


def _strangers(letterhead: Letterhead, policy: CheckedPolicy) -> Iterator[Finding]:
    """A warning for each decision with a notice that the policy does not have: one letterhead may serve several policies."""
    names = [*(d.id for d in policy.policy.decisions), UNDETERMINED]
    for decision in letterhead.own_notices:
        if decision not in names:
            near = difflib.get_close_matches(decision, names, 1)
            help = f"did you mean '{near[0]}'?" if near else f"its decisions are: {', '.join(names)}"
            message = f"the policy '{policy.policy.id}' has no decision '{decision}' to give notice of"
            yield Finding("SS959", message, letterhead.notice_places[decision], help, Severity.WARNING)
