"""Random scores and decision tables as YAML text, over the names of a scope."""

from __future__ import annotations

from selective_sales.model.kind import Kind
from tests.making.choices import Choices
from tests.making.expressions import Maker, Scope, quoted
from tests.making.schema import CLIENTS, INTEGER, TEXT, Column

MEASURED = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS)
TESTED = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.TEXT, Kind.BOOLEAN, Kind.DATE, Kind.DAYS)
STAGES = ("deal", "cooperation", "partnership")
POLICIES = ("first", "first", "priority", "unique", "any", "collect", "collect sum", "collect min", "collect max", "collect count")


def scalar(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def score(choices: Choices, scope: Scope, name: str) -> str:
    """A score of one to three factors, each a line or points."""
    missing = choices.one(("unknown", "unknown", "reweigh")) if not scope.monotone else "unknown"
    scale = choices.one(("[0, 100]", "[0, 1]", "[-10, 10]"))
    lines = [f"  {name}:", f"    scale: {scale}", f"    missing: {missing}", "    factors:"]
    for number in range(choices.whole(1, 3)):
        weight = choices.one(("40", "1", "0.5", "p_integer", "33.3")) if number == 0 else choices.one(("20", "0", "p_number", "1"))
        lines.append(f"      - {{id: factor-{number}, weight: {weight}, {factor(choices, scope)}}}")
    return "\n".join(lines) + "\n"


def factor(choices: Choices, scope: Scope) -> str:
    maker = Maker(choices, scope)
    blank = choices.one(("", "", ", missing: 0", ", missing: 0.25")) if not scope.monotone else ""
    if choices.often(60):
        kind = choices.one(MEASURED)
        worst, best = choices.one((("0", "100"), ("100", "0"), ("-1", "7"), ("0", "3")))
        if kind is Kind.DAYS:
            worst, best = f"{worst} days", f"{best} days"
        return f"of: {scalar(maker.of(kind, 1))}, worst: {worst}, best: {best}{blank}"
    kind = choices.one(TESTED)
    worths = ("0", "0.25", "0.5", "1")
    points = [f"[{scalar(cell(choices, scope, kind))}, {choices.one(worths)}]" for _ in range(choices.whole(1, 3))]
    return f"of: {scalar(maker.of(kind, 1))}, points: [{', '.join(points)}]{blank}"


def table(choices: Choices, scope: Scope, name: str, number: int) -> tuple[str, list[Column]]:
    """A table of one to three inputs, and the outputs that others may name (a collected list is none of them)."""
    # Rows of `unique` and `any` that compare with other fields may break their promise once a blank is filled.
    policy = choices.one(POLICIES if not scope.monotone else tuple(p for p in POLICIES if p not in ("unique", "any")))
    kinds = [choices.one(TESTED) for _ in range(choices.whole(1, 3))]
    maker = Maker(choices, scope)
    inputs = [_input(choices, maker, kind) for kind in kinds]
    outputs = _outputs(choices, policy, number)
    rows = []
    for _ in range(choices.whole(1, 4)):
        cells = [cell(choices, scope, kind) for kind in kinds]
        rows.append(", ".join([*map(scalar, cells), *(_given(choices, scope, policy, kind, listed) for _, kind, listed in outputs)]))
    lines = [f"  {name}:", f"    hit_policy: {policy}", f"    inputs: [{', '.join(map(scalar, inputs))}]", "    outputs:"]
    stages = f"{{one_of: [{', '.join(STAGES)}]}}"
    lines += [f"      {o}: " + (stages if listed else f"{{type: {kind.value}}}") for o, kind, listed in outputs]
    lines += ["    rows:", *(f"      - [{row}]" for row in rows)]
    if choices.often(50):
        last = [_given(choices, scope, policy, Kind.INTEGER if policy == "collect count" else kind, listed) for _, kind, listed in outputs]
        lines.append(f"    otherwise: [{', '.join(last)}]")
    named = [Column(o, Kind.INTEGER if policy == "collect count" else kind) for o, kind, _ in outputs] if policy != "collect" else []
    return "\n".join(lines) + "\n", named


def _input(choices: Choices, maker: Maker, kind: Kind) -> str:
    """An expression over the client: parameters alone are the same for everybody."""
    text = maker.of(kind, choices.one((0, 0, 1)))
    own = any(c.name in text for c in (*CLIENTS, *maker.scope.names)) or "orders" in text or "calculated" in text
    return text if own else next(c.name for c in CLIENTS if c.kind is kind)


def _outputs(choices: Choices, policy: str, number: int) -> list[tuple[str, Kind, bool]]:
    """Name, kind, and whether its values are listed."""
    if policy.startswith("collect "):
        kinds = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.DAYS)
        return [(f"output_{number}_0", choices.one(kinds), False)]
    found = [(f"output_{number}_0", Kind.TEXT, policy == "priority" or choices.often(50))]
    if choices.often(40):
        found.append((f"output_{number}_1", choices.one((Kind.MONEY, Kind.NUMBER, Kind.DAYS, Kind.INTEGER)), False))
    return found


def _given(choices: Choices, scope: Scope, policy: str, kind: Kind, listed: bool) -> str:
    """An output cell."""
    maker = Maker(choices, scope)
    if kind is Kind.TEXT:
        if not listed and choices.often(20):
            return f"{{is: {scalar(maker.of(kind, 1))}}}"
        if policy != "priority" and choices.often(10):
            return "missing"
        return choices.one(STAGES)
    if choices.often(10):
        return "missing"
    return scalar(maker.literal(kind) if choices.often(70) else maker.of(kind, 1))


def cell(choices: Choices, scope: Scope, kind: Kind) -> str:
    """A cell for an input of that kind."""
    form = choices.one(("test", "test", "test", "-", "not", "list", "and", "missing"))
    if form == "-" or (scope.monotone and form == "missing"):
        return "-"
    match form:
        case "missing":
            return "missing" if choices.often(50) else f"missing, {_test(choices, scope, kind)}"
        case "not":
            return f"not({_test(choices, scope, kind)})"
        case "list":
            return f"{_test(choices, scope, kind)}, {_test(choices, scope, kind)}"
        case "and" if kind is not Kind.BOOLEAN:
            return f"!= {_value(choices, scope, kind)} and {_test(choices, scope, kind, plain=False)}"
        case _:
            return _test(choices, scope, kind)


def _test(choices: Choices, scope: Scope, kind: Kind, *, plain: bool = True) -> str:
    if kind is Kind.BOOLEAN:
        return choices.one(("true", "false"))
    if kind is Kind.TEXT:
        words = ("it", "a b") if plain else ()
        return choices.one((quoted(choices.one(TEXT)), f"= {_value(choices, scope, kind)}", f"!= {_value(choices, scope, kind)}", *words))
    low, high = _value(choices, scope, kind), _value(choices, scope, kind)
    if choices.often(40):
        return choices.one((f"[{low}..{high})", f"({low}..{high}]", f"[{low}..{high}]", f"({low}..{high})"))
    return f"{choices.one(('>=', '<', '=', '!=', '<=', '>', ''))} {low}".strip()


def _value(choices: Choices, scope: Scope, kind: Kind) -> str:
    maker = Maker(choices, scope)
    if kind is Kind.INTEGER and choices.often(70):
        return str(choices.one(INTEGER))
    return maker.literal(kind) if choices.often(80) else maker.name(kind)
