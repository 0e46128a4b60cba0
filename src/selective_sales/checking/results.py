"""The sections about decided clients -> typed: figures, limits, guarantees, allocations, fairness."""

from __future__ import annotations

from ..model.checked import CheckedAllocation, CheckedFairness, CheckedFigure, CheckedGuarantee, CheckedLimit
from ..model.policy import Policy
from ..model.promises import Guarantee, Limit
from .allocations import check_allocation
from .catalog import Catalog, Scope
from .conditions import condition
from .fairness import check_fairness as check_audit
from .figures import Figures, ScopeFor, looks_at_no_client
from .kinds import elaborate_condition
from .ranges import check_values


def check_figures(policy: Policy, catalog: Catalog, scope_for: ScopeFor) -> tuple[tuple[CheckedFigure, ...], tuple[CheckedLimit, ...]]:
    """The figures and the limits, which may use them."""
    figures = Figures.begin(catalog, scope_for)
    checked = tuple(map(figures.check, policy.figures))
    return checked, tuple(_limit(limit, figures) for limit in policy.limits)


def _limit(limit: Limit, figures: Figures) -> CheckedLimit:
    scope = figures.scope
    tree = condition(figures.expression(limit.require), scope)
    before = len(scope.desk.findings)
    check_values(tree, scope)
    if looks_at_no_client(tree) and len(scope.desk.findings) == before:
        help = "a limit compares lists of clients: count(clients[...]) <= 100"
        scope.desk.warning("SS285", f"the limit '{limit.id}' looks at no client", limit.place, help)
    return CheckedLimit(limit.id, tree, limit.on_breach, limit.place, limit.title)


def check_guarantees(policy: Policy, scope_for: ScopeFor) -> tuple[CheckedGuarantee, ...]:
    """The guarantees, each a condition of one decided client."""
    scope = scope_for("guarantee")
    return tuple(_guarantee(guarantee, scope) for guarantee in policy.guarantees)


def _guarantee(guarantee: Guarantee, scope: Scope) -> CheckedGuarantee:
    tree = elaborate_condition(guarantee.always, scope)
    check_values(tree, scope)
    return CheckedGuarantee(guarantee.id, tree, guarantee.on_breach, guarantee.place, guarantee.title)


def check_allocations(policy: Policy, scope_for: ScopeFor) -> tuple[CheckedAllocation, ...]:
    """The allocations, their groups in order."""
    scope = scope_for("guarantee")
    return tuple(check_allocation(allocation, scope) for allocation in policy.allocations)


def check_fairness(policy: Policy, scope_for: ScopeFor) -> CheckedFairness | None:
    """What the fairness audit will compare."""
    return None if policy.fairness is None else check_audit(policy.fairness, scope_for("audit"))
