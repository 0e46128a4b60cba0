"""Two groups within the values of a business field in; the ratio of their rates and the test, as if all had the same value, out.

The ratio is that of Mantel and Haenszel for rates (Greenland and Robins, Biometrics 41 (1985), 55-68); the test is that of Cochran (1954),
Mantel and Haenszel (1959), with the continuity correction, as R's `mantelhaen.test`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import erfc, sqrt

from ..model.audit import Cell, Comparison, Explains, GroupName, Rate, Stratified, Stratum, Verdict
from ..model.promises import Fairness

PARTLY, MOSTLY = Fraction(1, 5), Fraction(1, 2)
"""A field that takes the one part of a gap away explains it partly; with the other, and no more than chance left, it explains it."""


def stratified(
    field: str, strata: Sequence[Stratum], raw: Comparison, group: Rate, reference: Rate, fairness: Fairness, *, harmful: bool
) -> Stratified:
    """The comparison of the two groups among clients with the same value."""
    both = [s for s in strata if s.group.clients and s.reference.clients]
    compared = Rate(group.clients + reference.clients, sum(s.group.clients + s.reference.clients for s in both))
    ratio, p = common_ratio(both), cmh(both)
    few = min((sum(r.clients for r in side) for side in ([s.group for s in both], [s.reference for s in both])), default=0)
    if few < fairness.smallest_group or p is None or ratio is None:
        explains = Explains.TOO_FEW
    else:
        explains = what_it_explains(raw, gap(group, reference, harmful), ratio if not harmful else inverse(ratio), p, fairness)
    return Stratified(field, tuple(strata), None if ratio is None else float(ratio), p, compared, explains)


def what_it_explains(raw: Comparison, before: Fraction | None, within: Fraction | None, p: float, fairness: Fairness) -> Explains:
    """`before` and `within` are ratios below 1 where the group is worse off; None: nobody of those better off has what harms."""
    least, significant = Fraction(fairness.minimum_ratio), p < fairness.significance
    below = within is None or within < least
    if raw.verdict in (Verdict.FINE, Verdict.INSUFFICIENT):
        either = below or (within is not None and within * least > 1)
        return Explains.HIDES if either and significant else Explains.NO_GAP
    if within is not None and within > 1:
        return Explains.REVERSED if within * least > 1 and significant else Explains.ALL
    gone = (within - before) / (1 - before) if before is not None and within is not None and before < 1 else Fraction(0)
    if not below and not significant and gone >= MOSTLY:
        return Explains.ALL
    return Explains.PARTLY if gone >= PARTLY else Explains.NOTHING


def gap(group: Rate, reference: Rate, harmful: bool) -> Fraction | None:
    """The ratio of both rates, below 1 where the group is worse off."""
    one, other = group.value, reference.value
    if one is None or other is None:
        return None
    worse, better = (other, one) if harmful else (one, other)
    return worse / better if better else None


def inverse(ratio: Fraction) -> Fraction | None:
    return 1 / ratio if ratio else None


def common_ratio(strata: Sequence[Stratum]) -> Fraction | None:
    """The rate of the first group as a multiple of the second's; None where nobody of the second has the decision."""
    over = sum((Fraction(s.group.decided * s.reference.clients, size(s)) for s in strata), Fraction(0))
    under = sum((Fraction(s.reference.decided * s.group.clients, size(s)) for s in strata), Fraction(0))
    return over / under if under else None


def cmh(strata: Sequence[Stratum]) -> float | None:
    """The p of the hypothesis that within each stratum both groups have the same rate; None where no stratum can tell."""
    apart, variance = Fraction(0), Fraction(0)
    for s in strata:
        n, decided = size(s), s.group.decided + s.reference.decided
        apart += s.group.decided - Fraction(s.group.clients * decided, n)
        if n > 1:
            variance += Fraction(s.group.clients * s.reference.clients * decided * (n - decided), n * n * (n - 1))
    if not variance:
        return None
    corrected = abs(apart) - min(Fraction(1, 2), abs(apart))
    return erfc(sqrt(float(corrected * corrected / variance) / 2))


def size(stratum: Stratum) -> int:
    return stratum.group.clients + stratum.reference.clients


def strata_of(cells: Sequence[Cell], group: GroupName, reference: GroupName, decision: str) -> tuple[Stratum, ...]:
    """The two groups by the values of the field, largest stratum first."""
    counts: dict[GroupName, list[int]] = {}
    for cell in cells:
        if cell.group in (group, reference):
            found = counts.setdefault(cell.stratum, [0, 0, 0, 0])
            side = 0 if cell.group == group else 2
            found[side] += cell.clients
            found[side + 1] += cell.clients if cell.decision == decision else 0
    made = (Stratum(value, Rate(a, b), Rate(c, d)) for value, (a, b, c, d) in counts.items())
    return tuple(sorted(made, key=lambda s: (-size(s), s.value is None, s.value or "")))
