"""What the templates of a report read: words, counts and pictures. A section that is None says in `why` what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from .views_of_clients import CurveView, DecisionsView, DivisionView, HeadView, MatrixView, OverlapView, UndeterminedView, WhoView
from .views_of_outcomes import AllocationView, ChangesView, FairnessView, PromisesView, WhatIfView


@dataclass(frozen=True, slots=True)
class PageView:
    """A report. `why` has, for each section that is None, the word for what is missing; `detail` what a person should read about it."""

    language: str
    head: HeadView
    decisions: DecisionsView
    who: WhoView
    whale: CurveView | None
    pareto: CurveView | None
    burden: CurveView | None
    overlap: OverlapView | None
    matrix: MatrixView | None
    divisions: tuple[DivisionView, ...]
    divisions_assumed: bool
    undetermined: UndeterminedView | None
    promises: PromisesView | None
    fairness: FairnessView | None
    changes: ChangesView | None
    allocations: tuple[AllocationView, ...]
    what_if: WhatIfView | None
    why: dict[str, str]
    detail: dict[str, str]
    sorts: tuple[tuple[str, str], ...]
    """Every decision's fill."""
    style: str
    script: str
    policy_for_content: str
    """What the page may load: nothing but its own style and script, by their hashes."""
