"""A run's profile as a person reads it, and as a machine does."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.profile import Cost, Profile, Sort
from ..model.steps import words
from .snippet import nearby, visible

MOST = 15
"""Lines of a table: the dearest; the rest stands in one line."""
WIDEST = 80
TITLES = (
    ("Rules", "clients", (Sort.RULE,)),
    ("Metrics, scores and decision tables", "clients", (Sort.METRIC,)),
    ("Calculated fields", "clients", (Sort.FIELD,)),
    ("List functions", "rows", (Sort.TABLE, Sort.LIST)),
    ("Portfolio functions", "clients", (Sort.PORTFOLIO,)),
    ("Deciding, beyond the single rules", "clients", (Sort.DECIDING,)),
)


def as_text(profile: Profile) -> str:
    return "\n".join([*head(profile), *phases(profile), *measured(profile)]) + "\n"


def head(profile: Profile) -> Iterator[str]:
    memory = "" if profile.peak_memory is None else f", at most {profile.peak_memory / 1_000_000:,.0f} MB of memory"
    yield f"Profile: {profile.total:.2f} s for {profile.clients:,} clients{memory}"
    yield ""


def phases(profile: Profile) -> Iterator[str]:
    yield f"  {'seconds':>9}  {'share':>6}  step"
    steps = [(phase.seconds, visible(words(phase.step, phase.about), WIDEST)) for phase in profile.phases]
    for seconds, text in (*steps, (profile.rest, "start and rest")):
        yield f"  {seconds:>9.2f}  {share(seconds, profile):>6}  {text}"


def measured(profile: Profile) -> Iterator[str]:
    yield ""
    yield from basis(profile)
    for title, rows, sorts in TITLES:
        costs = profile.of(*sorts)
        if costs:
            together = sum(cost.seconds or 0.0 for cost in costs)
            yield ""
            yield f"{title} ({len(costs):,}, together {together:.3f} s):"
            yield f"  {'seconds':>9}  {'share':>6}  {f'per million {rows}':>19}"
            yield from cost_lines(costs, profile)


def basis(profile: Profile) -> Iterator[str]:
    """How the costs below were found."""
    on = "all" if profile.sample == profile.clients else f"{profile.sample:,} of the"
    times = "" if profile.repeated == 1 else f", each taken {profile.repeated:,} times as they are few"
    yield "What the parts of the policy cost, measured one by one when all was decided; nothing of the run was changed by it."
    yield f"That took another {profile.measuring:.1f} s, on {on} {profile.clients:,} clients{times}, and is counted up to all of them."


def cost_lines(costs: tuple[Cost, ...], profile: Profile) -> Iterator[str]:
    names = [visible(shown_name(cost), WIDEST) for cost in costs[:MOST]]
    places = [f"{nearby(cost.place.file)}:{cost.place.line}" if cost.place.line else "" for cost in costs[:MOST]]
    wide, far = max(map(len, names)), max(map(len, places))
    for cost, name, place in zip(costs, names, places, strict=False):
        yield f"{figures(cost, profile)}  {name:{wide}}  {visible(place):{far}}  {visible(cost.text, WIDEST)}".rstrip()
    if len(costs) > MOST:
        rest = sum(cost.seconds or 0.0 for cost in costs[MOST:])
        yield f"  {rest:>9.3f}  {share(rest, profile):>6}  {'':>19}  {len(costs) - MOST:,} more"


def shown_name(cost: Cost) -> str:
    return f"the rows of {cost.name}" if cost.sort is Sort.TABLE else cost.name


def figures(cost: Cost, profile: Profile) -> str:
    if cost.seconds is None:
        return f"  {'not known':>9}  {'':>6}  {'':>19}"
    million = "" if cost.per_million is None else f"{cost.per_million:.3f}"
    return f"  {cost.seconds:>9.3f}  {share(cost.seconds, profile):>6}  {million:>19}"


def share(seconds: float, profile: Profile) -> str:
    return f"{seconds / profile.total:.1%}" if profile.total else ""


def as_object(profile: Profile) -> dict[str, object]:
    """Everything, for a machine: all costs, not only the dearest."""
    return {
        "seconds": round(profile.total, 6),
        "clients": profile.clients,
        "peak_memory_bytes": profile.peak_memory,
        "phases": [
            *({"step": p.step.name.lower(), "about": p.about, "seconds": round(p.seconds, 6)} for p in profile.phases),
            {"step": "rest", "about": "", "seconds": round(profile.rest, 6)},
        ],
        "measured_on": {"clients": profile.sample, "repeated": profile.repeated, "seconds": round(profile.measuring, 6)},
        "costs": [cost_object(cost) for cost in profile.of(*Sort)],
    }


def cost_object(cost: Cost) -> dict[str, object]:
    return {
        "sort": cost.sort.value,
        "name": cost.name,
        "text": cost.text,
        "place": str(cost.place) if cost.place.line else None,
        "seconds": rounded(cost.seconds),
        "seconds_per_million": rounded(cost.per_million),
    }


def rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)
