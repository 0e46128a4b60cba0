"""What is compared: a policy file, a folder with one policy, or a run folder in; its checked policy (and the run) out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from .. import reading
from ..model.checked import CheckedPolicy
from ..model.comparison import Side
from ..model.finding import Finding
from ..reading.sorts import Sort
from .finished import FinishedRun, open_run
from .policies import file_finding, load_policy

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class OpenSide:
    """A side as it was found. `checked` is without the dates of its validity: what holds when is no matter of comparing."""

    path: Path
    checked: CheckedPolicy
    run: FinishedRun | None = None

    @property
    def side(self) -> Side:
        policy = self.checked.policy
        return Side(
            str(self.path),
            policy.id,
            policy.version,
            "" if self.run is None else self.run.manifest.run_id,
            None if self.run is None else self.run.manifest.as_of,
        )


def open_side(path: Path) -> tuple[OpenSide | None, tuple[Finding, ...], bool]:
    """The side at that path, its findings, and whether an error lies in a policy (else in what was named)."""
    if path.is_dir() and (path / MANIFEST).is_file():
        run, findings = open_run(path)
        return (None if run is None else OpenSide(path, run.checked, run)), findings, False
    file, told = policy_in(path) if path.is_dir() else (path, ())
    if file is None:
        return None, told, False
    checked, findings = load_policy(file)
    return (None if checked is None else OpenSide(file, checked)), findings, True


def policy_in(folder: Path) -> tuple[Path | None, tuple[Finding, ...]]:
    """The one policy that stands in a folder."""
    files = sorted(f for f in folder.iterdir() if f.suffix in (".yaml", ".yml") and f.is_file() and not f.name.startswith("."))
    found = [f for f in files if reading.sort_of(f) is Sort.POLICY]
    if len(found) == 1:
        return found[0], ()
    if not found:
        message, help = "the folder has no policy and is no run folder", "name a policy file, a folder with one policy, or a run folder"
    else:
        message = f"the folder has {len(found)} policies: {', '.join(f.name for f in found[:5])}{', ...' if len(found) > 5 else ''}"
        help = "name the one that is meant"
    return None, (file_finding("SS840", message, folder, help),)


def undated(checked: CheckedPolicy) -> CheckedPolicy:
    """The policy as if it held at all times: two versions are compared on one date, on which at most one of them need hold."""
    return replace(checked, policy=replace(checked.policy, valid_from=None, valid_until=None))


def key_findings(old: OpenSide, new: OpenSide) -> tuple[Finding, ...]:
    """Clients are compared by key: both sides must name them by the same columns, or at least as many."""
    one, other = old.checked.policy.clients, new.checked.policy.clients
    if one.key == other.key:
        return ()
    message = f"the clients have the key {', '.join(other.key)} here and {', '.join(one.key)} in {old.path}"
    help = "clients can only be compared where both policies name them by the same key"
    return (Finding("SS841", message, other.key_place, help),)
