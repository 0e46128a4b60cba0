"""Two groups' counts in, Fisher's exact test out; the p of many tests in, Holm's adjusted p out.

Fisher, Statistical Methods for Research Workers (1934), section 21.02; two-sided as in R and SciPy: the probability of all tables with the
same margins that are no likelier than the one seen. Holm, Scandinavian Journal of Statistics 6 (1979), 65-70.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum

AS_LIKELY = 1 + 1e-7
"""Tables are as likely where only rounding tells them apart."""
NOTHING = 1e-300
"""Relative to the likeliest table: the sum of all that is less changes no digit of a p that anybody reads."""


@dataclass(frozen=True, slots=True)
class Fisher:
    """`p` of the table seen, and the least `p` that any table with the same margins could have had."""

    p: float
    least: float


def fisher(decided: int, clients: int, other_decided: int, other_clients: int) -> Fisher:
    """The test that two groups have the same rate.

    Weights relative to the likeliest table, from there outwards by the quotient of neighbours: no factorial, so that millions of clients
    cost no accuracy, and no weight is asked for beyond the one that is nothing. A p below 1e-300 comes out as 0.
    """
    drawn, total = decided + other_decided, clients + other_clients
    low, high = max(0, drawn - other_clients), min(drawn, clients)
    likeliest = min(max((drawn + 1) * (clients + 1) // (total + 2), low), high)

    def onwards(table: int) -> float:
        return (clients - table) * (drawn - table) / ((table + 1) * (other_clients - drawn + table + 1))

    above = outwards(high - likeliest, lambda step: onwards(likeliest + step))
    below = outwards(likeliest - low, lambda step: 1 / onwards(likeliest - step - 1))
    weights = [*reversed(below), 1.0, *above]
    first = likeliest - len(below)

    def weight(table: int) -> float:
        return weights[table - first] if 0 <= table - first < len(weights) else 0.0

    def no_likelier(seen: float) -> float:
        return min(1.0, fsum(w for w in weights if w <= seen * AS_LIKELY) / whole)

    whole = fsum(weights)
    return Fisher(no_likelier(weight(decided)), no_likelier(min(weight(low), weight(high))))


def outwards(steps: int, quotient: Callable[[int], float]) -> list[float]:
    """The weights from the likeliest table's neighbour on, as long as they are something."""
    weights: list[float] = []
    weight = 1.0
    for step in range(steps):
        weight *= quotient(step)
        if weight < NOTHING:
            break
        weights.append(weight)
    return weights


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """Each p as it is to be held against the significance: the smallest times the number of tests, the next times one less, and so on."""
    adjusted = [1.0] * len(ps)
    highest = 0.0
    for rank, at in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        highest = max(highest, min(1.0, ps[at] * (len(ps) - rank)))
        adjusted[at] = highest
    return tuple(adjusted)
