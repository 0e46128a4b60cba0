"""Counts or moments of a value by group in, how far it tells the groups apart (0..1) out.

For texts and yes or no: Cramer's V with Bergsma's correction (Journal of the Korean Statistical Society 42 (2013), 323-328), without which
a value that hardly two clients share would always look strong. For amounts, numbers and dates: the correlation ratio (Pearson 1905), the
root of the part of the variance that lies between the groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

from ..model.audit import Moments


def cramers_v(clients: int, values: int, groups: int, mean_square: float) -> float | None:
    """V of a table with so many values and groups; `mean_square` is chi-squared by clients. None where one side is constant."""
    if clients < 2 or values < 2 or groups < 2:
        return None
    less = clients - 1
    corrected = max(0.0, mean_square - (values - 1) * (groups - 1) / less)
    sides = (values - (values - 1) ** 2 / less, groups - (groups - 1) ** 2 / less)
    narrow = min(sides) - 1
    return min(1.0, sqrt(corrected / narrow)) if narrow > 0 else None


def ratio_of_correlation(groups: Sequence[Moments]) -> float | None:
    """None where there is one group, or everybody has the same value."""
    filled = [g for g in groups if g.clients]
    clients = sum(g.clients for g in filled)
    if len(filled) < 2:
        return None
    mean = fsum(g.clients * g.mean for g in filled) / clients
    between = fsum(g.clients * (g.mean - mean) ** 2 for g in filled)
    whole = between + fsum(g.clients * g.variance for g in filled)
    return min(1.0, sqrt(between / whole)) if whole > 0 else None
