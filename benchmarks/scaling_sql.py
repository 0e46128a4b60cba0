"""The made rules as somebody who knows DuckDB would write them once, by hand: the yardstick of `evaluate`.

It checks the contract, decides in three values, names the blank cells that hold a decision back, writes the same columns in the order
of the key, and ends with a digest of what it wrote. Seven rules make a mask of fired and a mask of unknown ones; dictionaries in session
variables turn a mask into its ids, its lowest rank, and what it waits for. Only narrow rows are sorted; the lists are made above the
sort. Texts that repeat are ENUMs, which Parquet holds as texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.made_clients import INDUSTRIES, REGIONS
from benchmarks.scaling_rules import AS_OF, DECISIONS, Rule

WIDTH = 7
"""Rules in a mask: of 4 to 10, what decides fastest."""
FIELDS = ("client_since", "cost", "discount", "fit", "industry", "outstanding", "payment_delay", "revenue", "tickets", "trust")
"""The fields that may be blank."""
NO_MARGIN = "margin: division by zero (revenue = 0)"
LABELS = tuple(sorted((*FIELDS, NO_MARGIN)))
TYPES = {
    "client_id": "VARCHAR", "revenue": "DECIMAL(18, 4)", "cost": "DECIMAL(18, 4)", "outstanding": "DECIMAL(18, 4)", "discount": "DOUBLE",
    "trust": "DOUBLE", "fit": "DOUBLE", "tickets": "BIGINT", "referrals": "BIGINT", "conflicts": "BIGINT", "payment_delay": "BIGINT",
    "client_since": "DATE", "industry": "VARCHAR", "region": "VARCHAR", "strategic": "BOOLEAN",
}  # fmt: skip
METRICS = ("profit", "margin", "net_revenue", "months_as_client")
RESULT = (
    "client_id", "decision", "policy_decision", "decided_by",
    "fired", "applied", "unknown", "missing_because", "possible_decisions", *METRICS,
)  # fmt: skip
LISTS = ("fired", "applied", "unknown", "missing_because", "possible_decisions")
NUMBERS = ("margin",)
PARQUET = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to ten rules with their ranks."""

    number: int
    rules: tuple[tuple[Rule, int], ...]

    @property
    def applied(self) -> int:
        return self.bits(lambda rule, _: rule.decision == "flag")

    def bits(self, chosen: Callable[[Rule, int], bool]) -> int:
        return sum(1 << i for i, (rule, rank) in enumerate(self.rules) if chosen(rule, rank))

    def dictionary(self, name: str, entry: Callable[[int], str]) -> str:
        """A variable with one entry per mask."""
        entries = ", ".join(entry(mask) for mask in range(1 << len(self.rules)))
        return f"SET VARIABLE {name}{self.number} = [{entries}]"

    def within(self, mask: int) -> list[tuple[Rule, int]]:
        return [pair for i, pair in enumerate(self.rules) if mask >> i & 1]


def script(rules: tuple[Rule, ...], *, facts: bool) -> str:
    """All statements; `$clients`, `$decisions` and `$facts` stand for the files."""
    order = sorted(range(len(rules)), key=lambda i: (DECISIONS.index(rules[i].decision), i))
    rank = {i: place for place, i in enumerate(order)}
    ranked = [(rule, rank[i]) for i, rule in enumerate(rules)]
    chunks = [Chunk(n, tuple(ranked[i : i + WIDTH])) for n, i in enumerate(range(0, len(rules), WIDTH))]
    by_rank = [rules[i] for i in order]
    statements = [*variables(chunks, by_rank), contract(), *([facts_copy()] if facts else [])]
    return ";\n".join([*statements, decide(chunks), twice(), digest(RESULT, LISTS, NUMBERS)]) + ";\n"


def variables(chunks: Sequence[Chunk], by_rank: Sequence[Rule]) -> list[str]:
    """The dictionaries."""
    none = len(by_rank)
    decisions = [*(rule.decision for rule in by_rank), DECISIONS[-1]]
    ids = [rule.id for rule in by_rank]
    found = [
        enum("decisions", [*DECISIONS, "undetermined"]),
        enum("ids", ids),
        enum("deciders", [*ids, "default", "unknown"]),
        enum("labels", LABELS),
        f"SET VARIABLE decision = {texts(decisions)}::decisions[]",
        f"SET VARIABLE rule = {texts([*ids, 'default'])}::deciders[]",
        f"SET VARIABLE severity = [{', '.join(str(1 << DECISIONS.index(d)) for d in decisions)}]::INTEGER[]",
        f"SET VARIABLE possible = [{', '.join(texts(chosen(DECISIONS, mask)) for mask in range(1 << len(DECISIONS)))}]::decisions[][]",
        f"SET VARIABLE why = [{', '.join(texts(chosen(LABELS, mask)) for mask in range(1 << len(LABELS)))}]::labels[][]",
    ]
    for chunk in chunks:
        within = chunk.within
        found.append(chunk.dictionary("ids", lambda mask, within=within: texts([rule.id for rule, _ in within(mask)])) + "::ids[][]")
        found.append(
            chunk.dictionary("rank", lambda mask, within=within: str(min([rank for _, rank in within(mask)], default=none))) + "::INTEGER[]"
        )
        found.append(chunk.dictionary("waits", lambda mask, within=within: str(waiting(within(mask)))) + "::INTEGER[]")
        held = [
            chunk.bits(lambda rule, rank, at=at: holds(rule) and rank < at and rule.decision != decisions[at]) for at in range(none + 1)
        ]
        found.append(f"SET VARIABLE held{chunk.number} = [{', '.join(map(str, held))}]::INTEGER[]")
    return found


def enum(name: str, values: Sequence[str]) -> str:
    return f"CREATE TYPE {name} AS ENUM ({', '.join(map(repr, values))})"


def holds(rule: Rule) -> bool:
    return rule.decision in ("decline", "renegotiate")


def waiting(rules: Sequence[tuple[Rule, int]]) -> int:
    """What unknown rules wait for, and lead to: a bit per label, above them a bit per decision."""
    bits = 0
    for rule, _ in rules:
        bits |= 1 << len(LABELS) + DECISIONS.index(rule.decision)
        for i, label in enumerate(LABELS):
            bits |= (label in rule.fields or (label == NO_MARGIN and rule.reads_margin)) << i
    return bits


def contract() -> str:
    """Stops where a cell is not as agreed."""
    money = ("revenue", "cost", "outstanding", "tickets", "referrals", "conflicts")
    shares = ("discount", "trust", "fit")
    bad = [
        "client_id IS NULL OR trim(client_id) = ''",
        *(f"{name} < 0" for name in money),
        *(f"NOT isfinite({name}) OR {name} < 0 OR {name} > 1" for name in shares),
        f"industry NOT IN {INDUSTRIES}",
        f"region NOT IN {REGIONS}",
    ]
    return f"SELECT CASE WHEN count_if({' OR '.join(bad)}) > 0 THEN error('a cell is not as agreed') END FROM ({typed()})"


def typed() -> str:
    """The file's columns by their kinds; a blank text is missing."""
    cells = [
        f"nullif(trim({name}), '') AS {name}" if kind == "VARCHAR" else f"CAST({name} AS {kind}) AS {name}" for name, kind in TYPES.items()
    ]
    return f"SELECT {', '.join(cells)} FROM read_parquet($clients)"


def facts_copy() -> str:
    return f"COPY ({typed()}) TO $facts {PARQUET}"


def decide(chunks: Sequence[Chunk]) -> str:
    """The query, from the inside out: cells, metrics, rules, masks, rank, who is held, what for; sorted; lists."""
    rules = [pair for chunk in chunks for pair in chunk.rules]
    width = len(LABELS)
    blanks = [(f"CASE WHEN {no_label(label)} THEN {1 << i} ELSE 0 END") for i, label in enumerate(LABELS)]
    metrics = f"""SELECT *, CAST(revenue - cost AS DECIMAL(18, 4)) AS profit,
      CAST(revenue - CAST(revenue * CAST(discount AS DECIMAL(10, 9)) AS DECIMAL(18, 4)) AS DECIMAL(18, 4)) AS net_revenue,
      date_sub('month', client_since, DATE '{AS_OF}') AS months_as_client FROM ({typed()})"""
    margin = f"SELECT *, round(CAST(profit * 10000 AS BIGINT) / nullif(CAST(revenue * 10000 AS BIGINT), 0), 9) AS margin FROM ({metrics})"
    ruled = f"SELECT *, {', '.join(f'({rule.sql}) AS r{i}' for i, (rule, _) in enumerate(rules))} FROM ({margin})"
    masks = []
    for chunk in chunks:
        names = [f"r{WIDTH * chunk.number + i}" for i in range(len(chunk.rules))]
        masks.append(f"{bits(names)} AS f{chunk.number}")
        masks.append(f"{bits([f'{name} IS NULL' for name in names])} AS u{chunk.number}")
    masked = (
        f"SELECT client_id, {', '.join(METRICS)}, ({' | '.join(blanks)})::INTEGER AS blanks,\n{f',{chr(10)}'.join(masks)} FROM ({ruled})"
    )
    lowest = [f"getvariable('rank{c.number}')[(f{c.number} | (u{c.number} & {c.applied})) + 1]" for c in chunks]
    ranks = f"SELECT *, least({', '.join(lowest)}) AS rank FROM ({masked})"
    waits = " | ".join(f"getvariable('waits{c.number}')[(u{c.number} & getvariable('held{c.number}')[rank + 1]) + 1]" for c in chunks)
    held = f"SELECT *, {waits} AS waits FROM ({ranks})"
    listed = ", ".join(name for c in chunks for name in (f"f{c.number}", f"u{c.number}"))
    narrow = f"""SELECT client_id, rank, {listed}, waits & blanks AS why,
      CASE WHEN waits = 0 THEN 0 ELSE (waits >> {width}) | getvariable('severity')[rank + 1] END AS possible, {", ".join(METRICS)}
      FROM ({held}) ORDER BY client_id"""
    decision = "CASE WHEN possible > 0 THEN 'undetermined'::decisions ELSE getvariable('decision')[rank + 1] END"
    return f"""COPY (
SELECT client_id, {decision} AS decision, {decision} AS policy_decision,
  CASE WHEN possible > 0 THEN 'unknown'::deciders ELSE getvariable('rule')[rank + 1] END AS decided_by,
  {ids(chunks, lambda c: f"f{c.number}")} AS fired,
  {ids([c for c in chunks if c.applied], lambda c: f"(u{c.number} & {c.applied})")} AS applied,
  {ids(chunks, lambda c: f"(u{c.number} & {2**WIDTH - 1 - c.applied})")} AS unknown,
  getvariable('why')[why + 1] AS missing_because, getvariable('possible')[possible + 1] AS possible_decisions, {", ".join(METRICS)}
FROM ({narrow})
) TO $decisions {PARQUET}"""


def ids(chunks: Sequence[Chunk], mask: Callable[[Chunk], str]) -> str:
    """A list of ids from the chunks' masks."""
    parts = [f"getvariable('ids{chunk.number}')[{mask(chunk)} + 1]" for chunk in chunks]
    return f"flatten([{', '.join(parts)}])" if parts else "[]::VARCHAR[]"


def no_label(label: str) -> str:
    return "revenue = 0 AND cost IS NOT NULL" if label == NO_MARGIN else f"{label} IS NULL"


def bits(tests: Sequence[str]) -> str:
    return f"({' | '.join(f'CASE WHEN {test} THEN {1 << i} ELSE 0 END' for i, test in enumerate(tests))})::INTEGER"


def twice() -> str:
    """A client must not be there twice: in the order of the key they would stand side by side."""
    neighbours = "SELECT client_id = lag(client_id) OVER () AS same FROM read_parquet($decisions)"
    return f"SELECT CASE WHEN count_if(same) > 0 THEN error('a client stands there twice') END FROM ({neighbours})"


def digest(columns: Sequence[str], lists: Sequence[str], numbers: Sequence[str]) -> str:
    """The content of the decisions as one number, as the program makes it: per row the MD5 of its cells as texts, summed."""
    cells = [f"coalesce({canonical(name, lists, numbers)}, chr(26))" for name in columns]
    row = " || chr(31) || ".join(cells)
    hashed = (
        f"SELECT md5_number_lower(line) AS low, md5_number_upper(line) AS high FROM (SELECT {row} AS line FROM read_parquet($decisions))"
    )
    return f"SELECT count(*), sum(low::HUGEINT), sum(high::HUGEINT) FROM ({hashed})"


def canonical(name: str, lists: Sequence[str], numbers: Sequence[str]) -> str:
    if name in lists:
        return f"array_to_string({name}, chr(30))"
    return f"CAST(CAST({name} AS DECIMAL(38, 9)) AS VARCHAR)" if name in numbers else f"CAST({name} AS VARCHAR)"


def chosen(names: Sequence[str], mask: int) -> list[str]:
    return [name for i, name in enumerate(names) if mask >> i & 1]


def texts(values: Sequence[str]) -> str:
    return f"[{', '.join(map(repr, values))}]" if values else "[]::VARCHAR[]"
