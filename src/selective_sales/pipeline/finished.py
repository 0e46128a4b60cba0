"""A finished run folder in, its policy and its clients' explanations out."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import compiling, explaining, reading
from ..deciding import manifest as manifests
from ..deciding.manifest import Manifest, NoRunError
from ..engines import duckdb_engine as engine
from ..model.checked import CheckedPolicy
from ..model.exceptions import PolicyException
from ..model.explanation import Explanation
from ..model.finding import Finding
from .changes import with_changes
from .policies import file_finding, glob_finding, load_policy

KEY_SIGN = "|"


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run folder with its manifest and the policy as it was used. `exceptions` are those in force then."""

    folder: Path
    manifest: Manifest
    checked: CheckedPolicy
    exceptions: tuple[PolicyException, ...]

    @property
    def exceptions_copy(self) -> Path | None:
        copy = self.manifest.exceptions
        return None if copy is None else self.folder / copy.copy


def open_run(folder: Path) -> tuple[FinishedRun | None, tuple[Finding, ...]]:
    """The run in that folder; None and a finding where there is none, or its files are not what its manifest says."""
    globs = glob_finding(folder)
    if globs:
        return None, globs
    try:
        manifest = manifests.read(folder)
    except NoRunError as error:
        return None, (file_finding("SS710", str(error), folder, "give a folder that `evaluate --out` wrote"),)
    findings = tuple(tampered(folder, manifest))
    if findings:
        return None, findings
    checked, told = load_policy(folder / manifest.main_policy)
    if checked is None:
        return None, told
    entries: tuple[PolicyException, ...] = ()
    if manifest.exceptions is not None:
        file, _ = reading.read_exceptions(folder / manifest.exceptions.copy)
        entries = () if file is None else tuple(e for e in file.entries if e.holds(manifest.as_of))
    return FinishedRun(folder, manifest, checked, entries), ()


def tampered(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """A finding for every file of the run that is missing or no longer what the manifest says, and where the manifest was changed."""
    named = manifests.run_id(
        manifest.policy_id,
        manifest.as_of,
        [c.sha256 for c in manifest.policy_files],
        [(t.name, t.sha256) for t in manifest.tables],
        None if manifest.exceptions is None else manifest.exceptions.sha256,
        manifest.digest,
        None if manifest.history is None else [entry.digest for entry in manifest.history],
    )
    if named != manifest.run_id:
        message = "the manifest was changed: the run's id does not follow from it"
        yield file_finding("SS711", message, folder / manifests.NAME, "take the original")
    expected = [(c.copy, c.sha256) for c in (*manifest.policy_files, *([manifest.exceptions] if manifest.exceptions else []))]
    expected += [(e.approvals.copy, e.approvals.sha256) for e in manifest.history or () if e.approvals is not None]
    expected += [("decisions.parquet", manifest.decisions_sha256), ("facts.parquet", manifest.facts_sha256)]
    for name, sha256 in expected:
        path = folder / name
        if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            yield file_finding("SS711", f"the run lacks its file '{name}'", path, "take the run folder from where it was kept whole")
        elif manifests.sha256_of(path) != sha256:
            yield file_finding("SS711", f"the run's file '{name}' is not what the manifest says: it was changed", path, "take the original")


def explanations(run: FinishedRun, clients: Sequence[tuple[str, ...]] | None = None, decision: str | None = None) -> Iterator[Explanation]:
    """The explanations of the clients asked for (None: all), in the order of the key; unknown ones are simply not among them."""
    query = compiling.explain_query(run.checked, run.manifest.as_of)
    explainer = explaining.Explainer(run.checked, query, run_id=run.manifest.run_id, as_of=run.manifest.as_of)
    by_client = {e.client: e for e in run.exceptions}
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as temp:
        files = [(run.folder / name).absolute() for name in ("facts.parquet", "decisions.parquet")]
        with engine.connected(files, [], Path(temp), engine.Limits()) as connection:
            for row, decided in engine.client_rows(connection, query, run.folder.absolute(), clients, decision):
                key = tuple(str(decided[k]) for k in query.key)
                yield explainer.explain(row, decided, by_client.get(key))


def explain(run: FinishedRun, client: str) -> tuple[Explanation | None, tuple[Finding, ...]]:
    """One client's explanation, by the key as text (the values of a composite key joined by `|`) or by the name it goes by."""
    keys, findings = find_clients(run, (client,))
    found = next(explanations(run, keys), None) if keys else None
    return (None if found is None else with_changes(run, found)), findings


def find_clients(run: FinishedRun, clients: Sequence[str]) -> tuple[list[tuple[str, ...]], tuple[Finding, ...]]:
    """The keys of the clients asked for, by key or (where exactly one client goes by it) by name; a finding for each that is neither."""
    present = _present(run, [split_key(run, client) for client in clients])
    others = [client for client in clients if split_key(run, client) not in present]
    known = _keys(run) if others else {}
    names = _names(run) if others else {}
    keys = {split_key(run, client): None for client in clients if client not in others}
    findings = []
    for client in others:
        # A value of a composite key may hold the sign itself: then only the whole tells.
        called = [key for key in known if len(key) > 1 and KEY_SIGN.join(key) == client] or names.get(client, [])
        if len(called) == 1:
            keys[called[0]] = None
        else:
            findings.append(_several(run, client, called) if called else _unknown_client(run, client, known, names))
    return list(keys), tuple(findings)


def split_key(run: FinishedRun, client: str) -> tuple[str, ...]:
    if len(run.checked.policy.clients.key) == 1:
        return (client,)
    return tuple(client.split(KEY_SIGN))


def _present(run: FinishedRun, keys: Sequence[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Those of the keys that the run has: asked of the engine, so that millions of others do not matter."""
    names = run.checked.policy.clients.key
    decisions = (run.folder / "decisions.parquet").absolute()
    whole = [key for key in keys if len(key) == len(names)]
    with (
        tempfile.TemporaryDirectory(prefix="selective-sales-") as temp,
        engine.connected([decisions], [], Path(temp), engine.Limits()) as connection,
    ):
        return engine.present_keys(connection, names, decisions, whole)


def _keys(run: FinishedRun) -> dict[tuple[str, ...], None]:
    return dict.fromkeys(_read(run, "decisions.parquet", run.checked.policy.clients.key))


def _names(run: FinishedRun) -> dict[str, list[tuple[str, ...]]]:
    """The clients' keys by what people call them; empty where the policy does not say which field that is."""
    clients = run.checked.policy.clients
    found: dict[str, list[tuple[str, ...]]] = {}
    if clients.display is not None:
        for *key, name in _read(run, "facts.parquet", (*clients.key, clients.display)):
            if name is not None:
                found.setdefault(name, []).append(tuple(key))
    return found


def _read(run: FinishedRun, name: str, columns: Sequence[str]) -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as temp:
        path = (run.folder / name).absolute()
        with engine.connected([path], [], Path(temp), engine.Limits()) as connection:
            return engine.all_keys(connection, columns, path)


_SHOWN = 10


def _several(run: FinishedRun, name: str, keys: Sequence[tuple[str, ...]]) -> Finding:
    if len({KEY_SIGN.join(key) for key in keys}) == 1 and KEY_SIGN.join(keys[0]) == name:
        which = " and ".join("(" + ", ".join(map(repr, key)) + ")" for key in keys[:_SHOWN])
        message = f"{len(keys)} clients have keys that read '{name}' once they are joined: {which}"
        help = "these cannot be told apart on the command line: where the command has them, use --decision or --all"
        return file_finding("SS715", message, run.folder, help)
    shown = ", ".join(repr(KEY_SIGN.join(key)) for key in keys[:_SHOWN])
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return file_finding("SS715", f"{len(keys)} clients are called '{name}'", run.folder, f"give the key of the one you mean: {shown}{more}")


def _unknown_client(run: FinishedRun, client: str, keys: Iterable[tuple[str, ...]], names: Mapping[str, list[tuple[str, ...]]]) -> Finding:
    """The finding that the run has no such client, with a did-you-mean."""
    known = [KEY_SIGN.join(k) for k in keys]
    near = difflib.get_close_matches(client, [*known[:100_000], *list(names)[:100_000]], 3)
    help = (
        f"did you mean {' or '.join(repr(n) for n in near)}?"
        if near
        else f"the run has {len(known)} clients, the first is {known[0]!r}"
        if known
        else ""
    )
    return file_finding("SS712", f"the run has no client '{client}'", run.folder, help)
