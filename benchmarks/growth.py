"""How the cost grows with clients and with rules: points in, growth.svg out.

Both axes are logarithmic. Lines differ in colour (two that the colour-blind tell apart), in dash and in marker, and are named beside their
ends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from benchmarks import scaling
from benchmarks.contest import BY_HAND, EVALUATE, HERE, OWN_START, Found, race
from benchmarks.report import Section, table

PICTURE = HERE / "growth.svg"
CLIENTS = (10_000, 100_000, 1_000_000)
RULES = (20, 50, 100, 200)
BASE = (100_000, 20)
WIDTH, HEIGHT, LEFT, TOP, GAP = 420, 300, 62, 58, 120
STYLES = {
    EVALUATE: ("#0072B2", "", "circle"),
    BY_HAND: ("#D55E00", "7 4", "square"),
    OWN_START: ("#595959", "2 4", "none"),
}
"""Colour, dash, marker."""
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart: lines by name over an axis."""

    title: str
    axis: str
    lines: Mapping[str, Line]
    across: tuple[float, float]
    up: tuple[float, float]
    marks: Sequence[float]

    def place(self, x: float, y: float) -> tuple[float, float]:
        """The point in pixels."""
        across, up = (math.log(v / low) / math.log(high / low) for v, (low, high) in ((x, self.across), (y, self.up)))
        return WIDTH * across, HEIGHT * (1 - up)


def section(folder: Path, rounds: int, found: Mapping[tuple[int, int], Found]) -> Section:
    """Takes the points that are not taken yet, draws the picture, and lists them."""
    points = dict(found)
    wanted = [(clients, BASE[1]) for clients in CLIENTS] + [(BASE[0], rules) for rules in RULES]
    for clients, rules in wanted:
        if (clients, rules) not in points:
            points[clients, rules] = race(scaling.contest(folder, clients, rules), min(rounds, 3))
    large = [entry for entry in scaling.recorded().values() if entry["rules"] == BASE[1] and entry["memory"] in (None, "1GB")]
    points |= {(entry["clients"], entry["rules"]): scaling.of_record(entry) for entry in large}
    PICTURE.write_text(svg(panels(points)), encoding="utf-8")
    return Section("Growth", rows(points))


def rows(points: Mapping[tuple[int, int], Found]) -> tuple[str, ...]:
    cells = [
        (
            f"{clients:,}",
            rules,
            found.measured[BY_HAND].seconds if BY_HAND in found.measured else None,
            found.measured[EVALUATE].seconds,
            per_client(found, clients),
            found.ratio() if BY_HAND in found.measured else None,
        )
        for (clients, rules), found in sorted(points.items())
    ]
    return table(("clients", "rules", BY_HAND, EVALUATE, "µs per client", "x by hand, without starts"), cells)


def per_client(found: Found, clients: int) -> float:
    return found.net(EVALUATE) / clients * 1e6


def panels(points: Mapping[tuple[int, int], Found]) -> tuple[Panel, Panel]:
    by_clients = sorted((clients, found) for (clients, rules), found in points.items() if rules == BASE[1])
    by_rules = sorted((rules, found) for (clients, rules), found in points.items() if clients == BASE[0])
    return (
        panel(f"by clients ({BASE[1]} rules)", "clients", by_clients),
        panel(f"by rules ({BASE[0]:,} clients)", "rules", by_rules),
    )


def panel(title: str, axis: str, found: Sequence[tuple[int, Found]]) -> Panel:
    names = (EVALUATE, BY_HAND, OWN_START)
    lines = {name: [(float(x), one.measured[name].seconds) for x, one in found if name in one.measured] for name in names}
    seconds = [y for line in lines.values() for _, y in line]
    up = (10 ** math.floor(math.log10(min(seconds))), 10 ** math.ceil(math.log10(max(seconds))))
    marks = [float(x) for x, _ in found]
    return Panel(title, axis, lines, (marks[0], marks[-1]), up, marks)


def svg(drawn: Sequence[Panel]) -> str:
    """The picture, with a title and a description for those who cannot see it."""
    width = LEFT + len(drawn) * (WIDTH + GAP)
    told = ". ".join(f"Seconds {panel.title}: {', '.join(map(spoken, panel.lines.items()))}" for panel in drawn)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {TOP + HEIGHT + 62}" role="img" aria-labelledby="title desc"'
        ' font-family="sans-serif" font-size="13" fill="#222">',
        '<title id="title">Seconds of a whole command, by clients and by rules</title>',
        f'<desc id="desc">{escape(told)}.</desc>',
        f'<rect width="{width}" height="{TOP + HEIGHT + 62}" fill="#fff"/>',
    ]
    for number, one in enumerate(drawn):
        parts.append(f'<g transform="translate({LEFT + number * (WIDTH + GAP)} {TOP})">')
        parts += [*frame(one), *(mark for name, line in one.lines.items() for mark in drawn_line(one, name, line)), *names(one), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def spoken(named: tuple[str, Line]) -> str:
    name, line = named
    return f"{name} from {line[0][1]:.2g} to {line[-1][1]:.2g}"


def frame(one: Panel) -> list[str]:
    """Title, axes, grid."""
    parts = [f'<text x="0" y="-34" font-size="15" font-weight="bold">Seconds {escape(one.title)}</text>']
    low, high = (round(math.log10(end)) for end in one.up)
    for exponent in range(low, high + 1):
        y = one.place(one.across[0], 10.0**exponent)[1]
        parts.append(f'<path d="M0 {y:.1f}H{WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="-8" y="{y + 4:.1f}" text-anchor="end">{10.0**exponent:g}</text>')
    for x in one.marks:
        at = one.place(x, one.up[0])[0]
        parts.append(f'<path d="M{at:.1f} {HEIGHT}v5" stroke="#222"/>')
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT + 21}" text-anchor="middle">{x:,.0f}</text>')
    parts.append(f'<path d="M0 0V{HEIGHT}H{WIDTH}" stroke="#222" fill="none"/>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT + 44}" text-anchor="middle">{escape(one.axis)} (both axes logarithmic)</text>')
    return parts


def drawn_line(one: Panel, name: str, line: Line) -> list[str]:
    colour, dash, marker = STYLES[name]
    points = [one.place(x, y) for x, y in line]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts = [f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>']
    for x, y in points:
        if marker == "circle":
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>')
        elif marker == "square":
            parts.append(f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}"/>')
    return parts


def names(one: Panel) -> list[str]:
    """Each line's name beside its end, none upon another."""
    ends = sorted((one.place(*line[-1])[1], name) for name, line in one.lines.items())
    parts, lowest = [], -math.inf
    for y, name in ends:
        lowest = max(y + 4, lowest + 15)
        words = {OWN_START: "start", BY_HAND: "by hand"}.get(name, name)
        parts.append(f'<text x="{WIDTH + 10}" y="{lowest:.1f}" fill="{STYLES[name][0]}">{escape(words)}</text>')
    return parts
