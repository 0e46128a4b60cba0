"""`selective-sales check`: every finding of policies, policy tests, exceptions and expectations, all at once."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..model.finding import Finding, Severity, has_errors, in_order
from ..model.place import Place
from .exits import Exit
from .findings import About, FileReport, format_option, print_findings
from .snippet import visible

if TYPE_CHECKING:
    from ..model.checked import CheckedPolicy
    from ..model.proofs import Proofs
    from ..pipeline import Sort

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class _Checked:
    """What came out for one file. `fine` says it in a line where nothing is wrong."""

    findings: tuple[Finding, ...]
    fine: str
    exit: Exit = Exit.INVALID


@click.command()
@click.argument("paths", metavar="POLICY...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--data",
    metavar="TABLE=FILE|FOLDER",
    multiple=True,
    help="Check data against the policy's contract too; nothing is decided. Repeatable.",
)
@click.option(
    "--template",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check the letter templates of this folder too: what they read, and how they are worded.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 where there are warnings.")
@click.option("--proofs", is_flag=True, help="Report what was proved of the rules, and what was not.")
@format_option
def command(paths: tuple[Path, ...], data: tuple[str, ...], template: Path | None, strict: bool, proofs: bool, format: str) -> None:
    """Check policies: structure, names, kinds, sense. All findings at once.

    POLICY is a policy, a *.test.yaml, an exceptions.yaml, an expect.yaml, a letterhead.yaml, or a folder of them. Exceptions, expectations
    and letterheads are held to the one policy that is named, or that stands beside them.
    """
    if proofs and format == "github":
        raise click.UsageError("--proofs is told in text or in JSON: leave out --format github.")
    with _quick():
        sys.exit(_check(paths, data, template, strict, proofs, format))


@contextmanager
def _quick() -> Iterator[None]:
    """A check makes very many small values and drops few: looking for cycles among them would take a tenth of its time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _check(paths: tuple[Path, ...], data: tuple[str, ...], template: Path | None, strict: bool, proofs: bool, format: str) -> Exit:
    from .. import pipeline

    closed: list[Finding] = []
    files = dict.fromkeys(file for path in paths for file in _files(path, closed))
    if not files:
        print_findings(closed, format, About("check", exit=Exit.USAGE, strict=strict))
        return Exit.USAGE
    sorts = {file: pipeline.sort_of(file) or pipeline.Sort.POLICY for file in files}
    policies = [file for file, sort in sorts.items() if sort is pipeline.Sort.POLICY]
    if data and len(policies) != 1:
        raise click.UsageError("--data belongs to one policy: name exactly one.")
    check = _Check(data, policies, template)
    checked = [check.of(file, sort) for file, sort in sorts.items()]
    findings = [*closed, *(finding for one in checked for finding in one.findings)]
    ending = _exit(checked, strict)
    if strict and closed and ending is Exit.FINE:
        ending = Exit.FINDINGS
    if proofs and format == "json":
        _print_proofs_json(findings, check.proved())
    else:
        print_findings(findings, format, About("check", _reports(dict(zip(sorts, checked, strict=True))), ending, strict))
    if format in ("text", "concise"):
        for one in checked:
            if not has_errors(one.findings):
                click.echo(_but_for_warnings(one))
        if proofs:
            _print_proofs(check.proved())
    return ending


def _but_for_warnings(one: _Checked) -> str:
    """That the file is fine, and what it is warned of: who reads the last line only must not miss that."""
    warnings = sum(finding.severity is Severity.WARNING for finding in one.findings)
    return one.fine.replace(": fine", f": fine but for {_counted(warnings, 'warning')}", 1) if warnings else one.fine


def _print_proofs(proved: Iterable[Proofs]) -> None:
    from .proofs import lines

    for one in proved:
        click.echo("")
        for line in lines(one):
            click.echo(line)


def _print_proofs_json(findings: Sequence[Finding], proved: Iterable[Proofs]) -> None:
    import json

    from .formats.objects import finding_object
    from .proofs import as_json

    told = [finding_object(finding) for finding in in_order(findings)]
    click.echo(json.dumps({"findings": told, "proofs": [as_json(one) for one in proved]}, indent=2))


def _reports(checked: dict[Path, _Checked]) -> tuple[FileReport, ...]:
    """Each file with what stands in it; what stands in no file that was asked for, with the file in whose check it came up."""
    names = {str(file) for file in checked}

    def own(file: Path, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(f for f in findings if f.place.file == str(file) or f.place.file not in names)

    return tuple(FileReport(str(file), own(file, one.findings)) for file, one in checked.items())


def _exit(checked: list[_Checked], strict: bool) -> Exit:
    broken = [one for one in checked if has_errors(one.findings)]
    if broken:
        return broken[0].exit if len({one.exit for one in broken}) == 1 else Exit.INVALID
    warned = any(finding.severity is Severity.WARNING for one in checked for finding in one.findings)
    return Exit.FINDINGS if strict and warned else Exit.FINE


@dataclass(slots=True)
class _Check:
    """Checks one file after another; a policy to which several files belong is read once."""

    data: tuple[str, ...]
    policies: list[Path]
    template: Path | None
    _loaded: dict[Path, tuple[CheckedPolicy | None, tuple[Finding, ...]]] = field(default_factory=dict)

    def of(self, file: Path, sort: Sort) -> _Checked:
        from .. import pipeline

        name = visible(str(file))
        match sort:
            case pipeline.Sort.TESTS:
                return _Checked(pipeline.check_tests(file, self._load), f"{name}: fine")
            case pipeline.Sort.EXCEPTIONS:
                policy = self._policy_of(file)
                findings = pipeline.check_exceptions(file, None if policy is None else self._load(policy)[0])
                alone = " (read alone: name the policy that they belong to)"
                return _Checked(findings, f"{name}: fine{alone if policy is None else ''}")
            case pipeline.Sort.EXPECT:
                policy = self._policy_of(file)
                findings = pipeline.check_expect(file, None if policy is None else self._load(policy)[0])
                alone = " (read alone: name the policy whose decisions it names)"
                return _Checked(findings, f"{name}: fine{alone if policy is None else ''}")
            case pipeline.Sort.LETTERHEAD:
                policy = self._policy_of(file)
                findings = pipeline.check_letterhead(file, None if policy is None else self._load(policy)[0])
                alone = " (read alone: name the policy whose decisions it names)"
                return _Checked(findings, f"{name}: fine{alone if policy is None else ''}")
            case pipeline.Sort.APPROVALS:
                return _Checked(pipeline.check_approvals(file), f"{name}: fine")
            case _:
                return self._policy(file, name)

    def _policy(self, file: Path, name: str) -> _Checked:
        from .. import pipeline

        policy, findings = self._load(file)
        if policy is None:
            return _Checked(findings, "")
        findings = in_order((*findings, *pipeline.check_templates(policy, self.template)))
        fine = f"{name}: fine ({_counted(len(policy.rules), 'rule')}, {_counted(len(policy.policy.decisions), 'decision')})"
        if not self.data:
            return _Checked(findings, fine)
        checked = pipeline.check_data(file, self.data)
        return _Checked(checked.findings, f"{fine}; the data keeps its contract", Exit.DATA if checked.found else Exit.USAGE)

    def _load(self, file: Path) -> tuple[CheckedPolicy | None, tuple[Finding, ...]]:
        from .. import pipeline

        key = file.resolve()
        if key not in self._loaded:
            self._loaded[key] = pipeline.load_policy(file)
        return self._loaded[key]

    def proved(self) -> Iterator[Proofs]:
        """What is proved of each policy that makes sense."""
        from .. import pipeline

        for file in self.policies:
            policy, _ = self._load(file)
            if policy is not None:
                yield pipeline.prove(policy)

    def _policy_of(self, exceptions: Path) -> Path | None:
        """The one policy that was named, else the one that stands in the same folder."""
        from .. import pipeline

        beside = self.policies
        if len(beside) != 1:
            files = sorted(file for file in exceptions.parent.iterdir() if file.suffix in _ENDINGS and file.is_file())
            beside = [file for file in files if pipeline.sort_of(file) is pipeline.Sort.POLICY]
        return beside[0] if len(beside) == 1 else None


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _files(path: Path, closed: list[Finding]) -> list[Path]:
    """The file itself, or what there is to check in a folder; folders below that cannot be read are added to `closed`."""
    from .. import pipeline

    if not path.is_dir():
        return [path]
    found = [file for file in sorted(below(path, closed)) if pipeline.sort_of(file) is not None]
    if not found and not closed:
        raise click.UsageError(f"There is no policy in the folder '{visible(str(path))}'.")
    return found


def _closed(error: OSError) -> Finding:
    message = f"the folder '{error.filename}' cannot be read: {error.strerror}"
    help = "what lies in it was not checked; check whether you may read it"
    return Finding("SS622", message, Place(str(error.filename)), help, Severity.WARNING)


def below(top: Path, closed: list[Finding]) -> Iterator[Path]:
    """YAML files of a folder and below. Hidden folders are none of our business, and the evidence of runs was checked in its time."""
    for here, folders, names in os.walk(top, onerror=lambda error: closed.append(_closed(error))):
        folders[:] = [name for name in folders if not name.startswith(".") and not _is_run(Path(here, name))]
        yield from (Path(here, name) for name in names if not name.startswith(".") and name.endswith(_ENDINGS))


def _is_run(folder: Path) -> bool:
    return (folder / "manifest.json").is_file() and (folder / "decisions.parquet").is_file()
