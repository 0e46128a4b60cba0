"""Rules over a world of columns in, the SQL out that somebody who knows DuckDB would write once, by hand: the yardstick of `evaluate`.

It checks the contract, decides in three values, names the blank cells that hold a decision back, writes the same columns in the order
of the key, and ends with a digest of what it wrote. Seven rules make a mask of fired and a mask of unknown ones; dictionaries in session
variables turn a mask into its ids, its lowest rank, and what it waits for. Only narrow rows are sorted; the lists are made above the
sort. Texts that repeat are ENUMs, which Parquet holds as texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.made_rules import DECISIONS, Rule

WIDTH = 7
"""Rules in a mask: of 4 to 10, what decides fastest."""
LISTS = ("fired", "applied", "unknown", "missing_because", "possible_decisions")
PARQUET = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"


@dataclass(frozen=True, slots=True)
class World:
    """What the rules look at: `values` is a SELECT of the key, every cell and metric; `causes` are the ways in which one may be missing,
    each with its test and what it is called; `below` has the causes under a name (without an entry: the cause of its own name, if any).
    """

    values: str
    facts: str
    contract: tuple[str, ...]
    metrics: tuple[str, ...]
    numbers: tuple[str, ...]
    """Metrics that are doubles."""
    causes: Mapping[str, tuple[str, str]]
    below: Mapping[str, tuple[str, ...]]

    def waits(self, rule: Rule) -> int:
        """The causes that may leave the rule unknown, as bits."""
        read = {cause for leaf in rule.leaves for name in leaf.reads for cause in self.below.get(name, (name,))}
        return sum(1 << i for i, cause in enumerate(self.causes) if cause in read)

    def why(self, mask: int) -> list[str]:
        """What is said of these causes."""
        return sorted({said for i, (_, said) in enumerate(self.causes.values()) if mask >> i & 1})


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to WIDTH rules with their ranks."""

    number: int
    rules: tuple[tuple[Rule, int], ...]

    @property
    def applied(self) -> int:
        return self.bits(lambda rule, _: rule.decision == "flag")

    def bits(self, chosen: Callable[[Rule, int], bool]) -> int:
        return sum(1 << i for i, (rule, rank) in enumerate(self.rules) if chosen(rule, rank))

    def dictionary(self, name: str, entry: Callable[[list[tuple[Rule, int]]], str], kind: str) -> str:
        """A variable with one entry per mask."""
        masks = range(1 << len(self.rules))
        entries = ", ".join(entry([pair for i, pair in enumerate(self.rules) if mask >> i & 1]) for mask in masks)
        return f"SET VARIABLE {name}{self.number} = [{entries}]::{kind}"


def script(rules: tuple[Rule, ...], world: World, *, facts: bool) -> str:
    """All statements; `$decisions`, `$facts` and the tables' names behind a `$` stand for the files."""
    order = sorted(range(len(rules)), key=lambda i: (DECISIONS.index(rules[i].decision), i))
    rank = {i: place for place, i in enumerate(order)}
    ranked = [(rule, rank[i]) for i, rule in enumerate(rules)]
    chunks = [Chunk(n, tuple(ranked[i : i + WIDTH])) for n, i in enumerate(range(0, len(rules), WIDTH))]
    copied = [f"COPY ({world.facts}) TO $facts {PARQUET}"] if facts else []
    by_rank = [rules[i] for i in order]
    columns = ("client_id", "decision", "policy_decision", "decided_by", *LISTS, *world.metrics)
    statements = [*types(by_rank, world), *variables(by_rank, world), *masks(chunks, by_rank, world), *world.contract, *copied]
    return ";\n".join([*statements, decide(chunks, world), twice(), digest(columns, world.numbers)]) + ";\n"


def types(by_rank: Sequence[Rule], world: World) -> list[str]:
    ids = [rule.id for rule in by_rank]
    labels = sorted({said for _, said in world.causes.values()})
    enums = {"decisions": [*DECISIONS, "undetermined"], "ids": ids, "deciders": [*ids, "default", "unknown"], "labels": labels}
    return [f"CREATE TYPE {name} AS ENUM ({', '.join(map(repr, values))})" for name, values in enums.items()]


def variables(by_rank: Sequence[Rule], world: World) -> list[str]:
    """The dictionaries that are one for all rules."""
    decisions = [*(rule.decision for rule in by_rank), DECISIONS[-1]]
    possible = [[d for i, d in enumerate(DECISIONS) if mask >> i & 1] for mask in range(1 << len(DECISIONS))]
    reasons = [world.why(mask) for mask in range(1 << len(world.causes))]
    return [
        f"SET VARIABLE decision = {texts(decisions)}::decisions[]",
        f"SET VARIABLE rule = {texts([*(rule.id for rule in by_rank), 'default'])}::deciders[]",
        f"SET VARIABLE severity = {[1 << DECISIONS.index(d) for d in decisions]}::INTEGER[]",
        f"SET VARIABLE possible = [{', '.join(map(texts, possible))}]::decisions[][]",
        f"SET VARIABLE why = [{', '.join(map(texts, reasons))}]::labels[][]",
    ]


def masks(chunks: Sequence[Chunk], by_rank: Sequence[Rule], world: World) -> list[str]:
    """The dictionaries of each mask: ids, lowest rank, what its unknown rules wait for and lead to; and per rank who holds it back."""
    none = len(by_rank)
    decisions = [*(rule.decision for rule in by_rank), DECISIONS[-1]]

    def waits(rules: list[tuple[Rule, int]]) -> str:
        bits = 0
        for rule, _ in rules:
            bits |= world.waits(rule) | 1 << len(world.causes) + DECISIONS.index(rule.decision)
        return str(bits)

    found = []
    for chunk in chunks:
        found.append(chunk.dictionary("ids", lambda rules: texts([rule.id for rule, _ in rules]), "ids[][]"))
        found.append(chunk.dictionary("rank", lambda rules: str(min([rank for _, rank in rules], default=none)), "INTEGER[]"))
        found.append(chunk.dictionary("waits", waits, "INTEGER[]"))
        held = [
            chunk.bits(lambda rule, rank, at=at: holds(rule) and rank < at and rule.decision != decisions[at]) for at in range(none + 1)
        ]
        found.append(f"SET VARIABLE held{chunk.number} = {held}::INTEGER[]")
    return found


def holds(rule: Rule) -> bool:
    return rule.decision in ("decline", "renegotiate")


def decide(chunks: Sequence[Chunk], world: World) -> str:
    """The query, from the inside out: values, rules, masks, rank, who is held, what for; sorted; lists."""
    rules = [rule for chunk in chunks for rule, _ in chunk.rules]
    metrics = ", ".join(world.metrics)
    ruled = f"SELECT *, {', '.join(f'({rule.sql}) AS r{i}' for i, rule in enumerate(rules))} FROM ({world.values})"
    made = [f"{bits([test for test, _ in world.causes.values()])} AS missing"]
    for chunk in chunks:
        names = [f"r{WIDTH * chunk.number + i}" for i in range(len(chunk.rules))]
        made += [f"{bits(names)} AS f{chunk.number}", f"{bits([f'{name} IS NULL' for name in names])} AS u{chunk.number}"]
    masked = f"SELECT client_id, {metrics},\n{f',{chr(10)}'.join(made)} FROM ({ruled})"
    lowest = [f"getvariable('rank{c.number}')[(f{c.number} | (u{c.number} & {c.applied})) + 1]" for c in chunks]
    ranks = f"SELECT *, least({', '.join(lowest)}) AS rank FROM ({masked})"
    waits = " | ".join(f"getvariable('waits{c.number}')[(u{c.number} & getvariable('held{c.number}')[rank + 1]) + 1]" for c in chunks)
    held = f"SELECT *, {waits} AS waits FROM ({ranks})"
    listed = ", ".join(name for c in chunks for name in (f"f{c.number}", f"u{c.number}"))
    narrow = f"""SELECT client_id, rank, {listed}, waits & missing AS why,
      CASE WHEN waits = 0 THEN 0 ELSE (waits >> {len(world.causes)}) | getvariable('severity')[rank + 1] END AS possible, {metrics}
      FROM ({held}) ORDER BY client_id"""
    decision = "CASE WHEN possible > 0 THEN 'undetermined'::decisions ELSE getvariable('decision')[rank + 1] END"
    return f"""COPY (
SELECT client_id, {decision} AS decision, {decision} AS policy_decision,
  CASE WHEN possible > 0 THEN 'unknown'::deciders ELSE getvariable('rule')[rank + 1] END AS decided_by,
  {ids(chunks, lambda c: f"f{c.number}")} AS fired,
  {ids([c for c in chunks if c.applied], lambda c: f"(u{c.number} & {c.applied})")} AS applied,
  {ids(chunks, lambda c: f"(u{c.number} & {2**WIDTH - 1 - c.applied})")} AS unknown,
  getvariable('why')[why + 1] AS missing_because, getvariable('possible')[possible + 1] AS possible_decisions, {metrics}
FROM ({narrow})
) TO $decisions {PARQUET}"""


def ids(chunks: Sequence[Chunk], mask: Callable[[Chunk], str]) -> str:
    """A list of ids from the chunks' masks."""
    parts = [f"getvariable('ids{chunk.number}')[{mask(chunk)} + 1]" for chunk in chunks]
    return f"flatten([{', '.join(parts)}])" if parts else "[]::VARCHAR[]"


def bits(tests: Sequence[str]) -> str:
    return f"({' | '.join(f'CASE WHEN {test} THEN {1 << i} ELSE 0 END' for i, test in enumerate(tests))})::INTEGER"


def twice() -> str:
    """A client must not be there twice: in the order of the key they would stand side by side."""
    neighbours = "SELECT client_id = lag(client_id) OVER () AS same FROM read_parquet($decisions)"
    return f"SELECT CASE WHEN count_if(same) > 0 THEN error('a client stands there twice') END FROM ({neighbours})"


def digest(columns: Sequence[str], numbers: Sequence[str]) -> str:
    """The content of the decisions as one number, the one that the program gives: the rows' MD5s, joined by exclusive or."""
    row = ", ".join(f"coalesce({canonical(name, numbers)}, chr(26))" for name in columns)
    return f"SELECT count(*), bit_xor(md5_number(concat_ws(chr(31), {row}))) FROM read_parquet($decisions)"


def canonical(name: str, numbers: Sequence[str]) -> str:
    """A cell as text; a double by its billionths."""
    if name in LISTS:
        return f"array_to_string({name}, chr(30))"
    return f"CAST(CAST(round({name} * 1e9) AS BIGINT) AS VARCHAR)" if name in numbers else f"CAST({name} AS VARCHAR)"


def texts(values: Sequence[str]) -> str:
    return f"[{', '.join(map(repr, values))}]" if values else "[]::VARCHAR[]"
