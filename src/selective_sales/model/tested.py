"""What came of policy tests: case by case, expected against actual, and why the policy decided as it did."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from .coverage import PolicyCoverage
from .explanation import Outcome
from .finding import Finding, has_errors
from .place import Place


@dataclass(frozen=True, slots=True)
class ColumnResult:
    """One expected column of one client, both values as a person writes them (a list as `[a, b]`, a blank as `missing`)."""

    client: tuple[str, ...]
    name: str
    expected: str
    actual: str
    matches: bool
    place: Place


@dataclass(frozen=True, slots=True)
class ConditionShown:
    """A leaf condition of a rule with the values it met: `cost_to_serve > revenue`, false, cost_to_serve = 900, revenue = 1000."""

    text: str
    outcome: Outcome
    of_unless: bool
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule that says why a client was decided otherwise than expected: the deciding one, or one that was expected to fire."""

    client: tuple[str, ...]
    id: str
    decision: str
    outcome: Outcome
    decides: bool
    conditions: tuple[ConditionShown, ...]


@dataclass(frozen=True, slots=True)
class ValueShown:
    """What a calculated value came from: `margin`, 0.04, `profit / revenue`, profit = 40, revenue = 1000.

    `client` is () for what the clients come to together (`limits.not-too-many`). `text` is the expression as written, "" where `notes`
    tell it: the factors of a score, the rows of a table that are true or unknown, the clients behind a limit.
    """

    client: tuple[str, ...]
    name: str
    value: str
    text: str = ""
    values: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case. `findings` say why it could not be decided as written; a case with an error among them has failed.

    `decided_by` has, for each client on whom the rules came to something else, what decided: a rule's id, `default`, `exception` or
    `unknown`. (Where only a metric differs, fields that the rules read may have been left out, and what they say means nothing.)
    `seconds` is the time of the run in which the case was decided, together with the other cases of that run. An `unreviewed` case shows
    what nobody has agreed with yet: whether it passed says only whether the answer is still the one that was suggested.
    """

    name: str
    place: Place
    passed: bool
    as_of: datetime.date | None = None
    columns: tuple[ColumnResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    decided_by: tuple[tuple[tuple[str, ...], str], ...] = ()
    rules: tuple[RuleShown, ...] = ()
    seconds: float = 0.0
    values: tuple[ValueShown, ...] = ()
    """Where the case failed: what the values that differ, and those under the conditions of `rules`, came from."""
    unreviewed: bool = False


@dataclass(frozen=True, slots=True)
class FileResult:
    """A test file. `findings` are of the file as a whole or of its policy; an error among them is a failure of its own.

    `policy_invalid` is True where the policy could not be used at all: then no case was run.
    """

    path: str
    policy: str
    cases: tuple[CaseResult, ...]
    findings: tuple[Finding, ...]
    policy_invalid: bool
    seconds: float
    left_out: int = 0
    """Cases that were not looked at, because the run stopped at the first failure."""

    @property
    def failed(self) -> bool:
        """True where a case failed, or the file or its policy has errors."""
        return has_errors(self.findings) or not all(case.passed or case.unreviewed for case in self.cases)

    @property
    def not_run(self) -> bool:
        """True where no case was run, as the file or its policy has errors."""
        return not self.cases and has_errors(self.findings)


@dataclass(frozen=True, slots=True)
class TestReport:
    """All files of one `test` command, in the order in which they were run."""

    __test__ = False

    files: tuple[FileResult, ...]
    findings: tuple[Finding, ...] = ()
    coverage: tuple[PolicyCoverage, ...] | None = None
    """Of each policy, where it was measured."""
    left_out: tuple[str, ...] = ()
    """Files that were not run, because the run stopped at the first failure."""
    unmet: tuple[Finding, ...] = ()
    """What was asked of the run beside its cases and is not met, such as a minimum of coverage: each a failure."""

    @property
    def stopped(self) -> bool:
        """True where something was left out after the first failure."""
        return bool(self.left_out) or any(file.left_out for file in self.files)

    @property
    def passed(self) -> int:
        return sum(case.passed and not case.unreviewed for file in self.files for case in file.cases)

    @property
    def failed(self) -> int:
        return sum(not case.passed and not case.unreviewed for file in self.files for case in file.cases)

    @property
    def unreviewed(self) -> int:
        return sum(case.unreviewed for file in self.files for case in file.cases)
