"""`uses`: the sections of other policy files, brought in before the file's own.

Each file is read once, however often it is used; a file that uses itself, through others, is a finding with the way. What the files define
is put side by side: a name that is defined twice is found by the checker, at both places.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..model.finding import Finding
from ..model.place import Place
from ..model.policy import Policy, Table
from . import source as files
from .desk import Desk, items, member, text
from .nodes import MappingNode, Node
from .parts import inside
from .source import Source
from .yaml_events import compose

MOST_FILES = 50
_SILENT = Table("", (), ())
_SETTINGS = {
    "belongs_to": ("belongs_to",),
    "without_client": ("without_client",),
    "missing_tokens": ("missing_tokens",),
    "csv": ("csv",),
    "source": ("source", "source_place"),
    "fresh_within": ("fresh_within", "date_field", "when_stale", "freshness_place"),
    "display": ("display", "display_place"),
}
"""What stands beside a table's key and fields: by its name, with all that comes with it."""
Sections = Callable[[Desk, Node], Policy]
Check = Callable[[Source, Node], tuple[Finding, ...]]


class Gathering:
    """Reads the files that a policy uses. `sections` makes what a file says a Policy, `check` finds what is wrong with its structure."""

    def __init__(self, main: Desk, sections: Sections, check: Check) -> None:
        self.main = main
        self.sections = sections
        self.check = check
        self.parts: list[Policy] = []
        """In the order in which they are brought in: used files first."""
        self.tops: list[tuple[Desk, MappingNode]] = []
        """The document of every used file, to find what may stand in one file only."""
        self._done: set[Path] = set()
        self._open: list[Path] = [Path(main.source.path).resolve()]

    def gather(self, desk: Desk, root: Node) -> None:
        """Brings in what the document uses."""
        for node in items(member(root, "uses")):
            path = inside(desk, node, text(node) or "")
            if path is not None:
                self._use(desk, node, path)

    def _use(self, desk: Desk, node: Node, path: Path) -> None:
        real = path.resolve()
        if real in self._open:
            way = " -> ".join(p.name for p in [*self._open[self._open.index(real) :], real])
            desk.error("SS033", f"the files use each other: {way}", node, "one of them must do without the others")
            return
        if real in self._done:
            return
        if len(self._done) >= MOST_FILES:
            desk.error("SS034", f"the policy uses more than {MOST_FILES} files", node, "put what belongs together into one file")
            return
        self._done.add(real)
        source, findings = files.load(path)
        desk.findings.extend(findings)
        if source is None:
            return
        root, told = compose(source)
        desk.findings.extend(told)
        if root is None:
            return
        used = Desk(source, root=desk.root)
        used.findings.extend(self.check(source, root))
        self._open.append(real)
        self.gather(used, root)
        self._open.pop()
        self.parts.append(self.sections(used, root))
        self.main.findings.extend(used.findings)
        if isinstance(root, MappingNode):
            self.tops.append((used, root))


def once(main: MappingNode, desk: Desk, tops: list[tuple[Desk, MappingNode]]) -> None:
    """Findings where `policy`, or a section that there can be once, stands in more than one file (`policy` in any but the main one)."""
    for section in ("policy", "decisions", "letters", "fairness", "report"):
        standing = [(d, top.entries[section].key) for d, top in [(desk, main), *tops] if section in top.entries]
        if len(standing) < 2:
            continue
        for here, key in standing:
            others = ", ".join(str(d.place(k)) for d, k in standing if k is not key)
            desk.error("SS035", f"'{section}' stands in more than one file", here.place(key), f"keep it in one file (also at {others})")


def merged(main: Policy, parts: list[Policy]) -> Policy:
    """What all files define: used ones first; a table may have fields in several."""
    every = [*parts, main]
    return replace(
        main,
        tables=_tables(every),
        parameters=tuple(x for p in every for x in p.parameters),
        metrics=tuple(x for p in every for x in p.metrics),
        decisions=tuple(x for p in every for x in p.decisions),
        rules=tuple(x for p in every for x in p.rules),
        scores=tuple(x for p in every for x in p.scores),
        decision_tables=tuple(x for p in every for x in p.decision_tables),
        figures=tuple(x for p in every for x in p.figures),
        limits=tuple(x for p in every for x in p.limits),
        guarantees=tuple(x for p in every for x in p.guarantees),
        allocations=tuple(x for p in every for x in p.allocations),
        fairness=next((p.fairness for p in every if p.fairness is not None), None),
        measures=tuple(x for p in every for x in p.measures),
        letters=next((p.letters for p in every if p.letters is not None), None),
        report=next((p.report for p in every if p.report is not None), None),
        sources=(*main.sources[:1], *(s for p in parts for s in p.sources), *main.sources[1:]),
    )


def _tables(every: list[Policy]) -> tuple[Table, ...]:
    """Tables by name, `clients` first: fields come from all files, what stands beside them from the files that say it."""
    found: dict[str, Table] = {}
    for table in (t for p in every for t in p.tables):
        before = found.get(table.name)
        found[table.name] = table if before is None else _together(before, table)
    clients = [t for t in found.values() if t.name == "clients"]
    return (*clients, *(t for t in found.values() if t.name != "clients"))


def _together(before: Table, table: Table) -> Table:
    """One table of two files. Where both say something of the same setting they agree, or `settings_agree` has found it."""
    leading, other = (table, before) if table.key and not before.key else (before, table)
    said = {key: getattr(other, key) for keys in _SETTINGS.values() if _says(other, keys) for key in keys}
    return replace(leading, fields=(*before.fields, *table.fields), **said)


def _says(table: Table, keys: tuple[str, ...]) -> bool:
    """Whether the table says anything of this setting: a default that is written out cannot be told from none."""
    return any(getattr(table, key) != getattr(_SILENT, key) for key in keys)


def settings_agree(desk: Desk, every: list[Policy]) -> None:
    """A finding where two files say different things of one table: `without_client`, `csv`, `source` and the like."""
    first: dict[tuple[str, str], Table] = {}
    for table in (t for p in every for t in p.tables):
        for setting, keys in _SETTINGS.items():
            if not _says(table, keys):
                continue
            before = first.setdefault((table.name, setting), table)
            if any(getattr(before, key) != getattr(table, key) for key in keys if not key.endswith("place")):
                message = f"'{setting}' of the table '{table.name}' is one thing here, and another elsewhere"
                desk.error("SS901", message, table.place, f"say it in one file only (it is said at {before.place} too)")


def keys_agree(desk: Desk, every: list[Policy]) -> None:
    """A finding where two files give one table different keys."""
    first: dict[str, Table] = {}
    for table in (t for p in every for t in p.tables if t.key):
        before = first.setdefault(table.name, table)
        if before.key != table.key:
            message = f"the table '{table.name}' has the key {', '.join(table.key)} here and {', '.join(before.key)} elsewhere"
            desk.error("SS036", message, table.key_place, f"leave the key out here (it stands at {before.key_place})")


def lacking(desk: Desk, policy: Policy, place: Place) -> None:
    """Findings for the sections that a policy must have, wherever they stand."""
    if not policy.tables or policy.tables[0].name != "clients" or not policy.tables[0].key:
        help = "add 'data:' with 'clients:', its key and fields, here or in a file that is used"
        desk.error("SS037", "no file of the policy says what a client is", place, help)
    if not policy.decisions:
        desk.error("SS037", "no file of the policy has decisions", place, "add 'decisions:' here or in a file that is used")
    if not policy.rules:
        desk.error("SS037", "no file of the policy has rules", place, "add 'rules:' here or in a file that is used")
