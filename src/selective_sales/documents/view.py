"""What a memo's template may read: all of it words already, in the memo's language. These classes are the contract of templates.

Nothing else reaches a template: no object with methods, no raw data, no protected field. `None` means that there is no such thing for
this client; a template must ask (`{% if exception %}`) before it reads further.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value in words. `name` is how the policy names it, `title` how people do; `missing` where there is no value."""

    name: str
    title: str
    value: str
    missing: bool


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One condition of a rule. `text` is as its author wrote it; exactly one of `holds`, `fails`, `unknown` is true.

    `distance` says how far the value is from its threshold; `enough` is true where the other outcome of this condition alone would have
    changed the rule's.
    """

    text: str
    holds: bool
    fails: bool
    unknown: bool
    of_unless: bool
    enough: bool
    values: tuple[ValueView, ...]
    distance: str | None


@dataclass(frozen=True, slots=True)
class ThresholdView:
    """A parameter that the deciding rule compares with. `source` is where its value comes from, None where nobody wrote it down."""

    title: str
    value: str
    source: str | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A rule's conditions line by line, as they are nested: a heading ("at least 2 of 3 (1 holds):"), or a condition below one.

    `depth` counts the headings above, `indent` is a sign for each of them; exactly one of `holds`, `fails`, `unknown` is true;
    `condition` is None for a heading. `of_unless` stands on the outermost line only.
    """

    text: str
    depth: int
    indent: str
    holds: bool
    fails: bool
    unknown: bool
    of_unless: bool
    condition: ConditionView | None


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule. `decision` is the title of the decision it argues for; `missing` names the data that an unknown rule waits for.

    `reason` is the policy's sentence with this client's numbers (None where the rule has none, or did not fire, or only counts as fired
    because data is missing); `nearest` says how near the nearest condition came; `held_back_by` are the conditions of its `unless` but for
    which it would have fired. `lines` are the conditions as they are nested: of the deciding rule, and of any other only where there is
    nesting to show.
    """

    id: str
    title: str
    decision: str
    reason: str | None
    nearest: str | None
    source: str | None
    place: str
    applied: bool
    matters: bool
    missing: tuple[str, ...]
    conditions: tuple[ConditionView, ...]
    lines: tuple[LineView, ...]
    held_back_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetricView:
    """A metric with the values it came from; `formula` is its expression where it comes from one thing only (a child table's rows)."""

    name: str
    title: str
    value: str
    missing: bool
    origin: tuple[ValueView, ...]
    formula: str | None


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """A named person's exception from the policy."""

    because: str
    approved_by: str
    valid_from: str | None
    expires: str


@dataclass(frozen=True, slots=True)
class MemoView:
    """One client's memo. `client` is its key, `name` what people call it, `called` both.

    `deciding` is None where no rule decided; `policy_decision` is what the policy alone says.

    Exactly one of `by_rule`, `by_default`, `by_exception`, `undetermined` is true. `near_misses` come nearest first.
    """

    language: str
    client: str
    name: str | None
    called: str
    decision: str
    decision_id: str
    policy_decision: str
    by_rule: bool
    by_default: bool
    by_exception: bool
    undetermined: bool
    approval_needed: bool
    deciding: RuleView | None
    fired: tuple[RuleView, ...]
    applied: tuple[RuleView, ...]
    unknown: tuple[RuleView, ...]
    near_misses: tuple[RuleView, ...]
    not_fired: tuple[RuleView, ...]
    metrics: tuple[MetricView, ...]
    thresholds: tuple[ThresholdView, ...]
    values: tuple[ValueView, ...]
    missing: tuple[str, ...]
    possible_decisions: tuple[str, ...]
    exception: ExceptionView | None
    policy: str
    policy_id: str
    policy_version: str
    policy_owner: str | None
    run: str
    as_of: str
