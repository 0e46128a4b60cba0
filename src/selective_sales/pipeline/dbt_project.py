"""A policy and a folder in, the policy as a dbt project in it out. What a person has changed there is never written over."""

from __future__ import annotations

import datetime
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import compiling
from ..compiling.contract_queries import check_findings
from ..compiling.dbt import dbt_files, dbt_name, untouched, written_for
from ..model.finding import Finding, has_errors, in_order
from ..model.place import Place
from .policies import date_findings, load_policy

PROJECT, README = "dbt_project.yml", "README.md"


@dataclass(frozen=True, slots=True)
class DbtProject:
    """The files that were written, and those that stood there already as they should; `model` is what dbt calls the policy."""

    model: str
    written: tuple[str, ...]
    kept: tuple[str, ...]
    beside: bool
    """The folder is somebody's project: `dbt_project.yml` is theirs."""


def compile_for_dbt(
    path: Path, folder: Path, as_of: datetime.date | None, dialect: str, schema: str | None = None
) -> tuple[DbtProject | None, tuple[Finding, ...]]:
    """Writes the policy's dbt project into the folder; all of it, or nothing where a finding is an error. Raises OSError as it comes."""
    checked, findings = load_policy(path)
    if checked is None:
        return None, findings
    today = datetime.date.today()
    findings = (*findings, *date_findings(checked, as_of or today))
    if dialect == "postgres":
        findings = (*findings, *compiling.postgres_findings(checked), *check_findings(checked.policy, dialect))
    if has_errors(findings):
        return None, in_order(findings)
    files = dbt_files(checked, as_of, today, dialect, schema)
    beside = is_others(folder / PROJECT, checked.policy.id)
    if beside:
        files = {name: text for name, text in files.items() if name not in (PROJECT, README)}
    stays = tuple(name for name, text in files.items() if same(folder / name, text))
    new = {name: text for name, text in files.items() if name not in stays}
    in_the_way = tuple(found for name in new for found in obstacles(folder, name, checked.policy.id))
    if in_the_way:
        return None, in_order((*findings, *in_the_way))
    write(folder, new)
    return DbtProject(dbt_name(checked.policy.id), tuple(new), stays, beside), in_order(findings)


def is_others(file: Path, policy: str) -> bool:
    """A file that is there, and that was not written for this policy."""
    return os.path.lexists(file) and (not file.is_file() or not written_for(first_line(file), policy))


def first_line(file: Path) -> str:
    with file.open(encoding="utf-8", errors="replace") as stream:
        return stream.readline(10_000)


def same(file: Path, text: str) -> bool:
    return file.is_file() and file.read_bytes() == text.encode()


def obstacles(folder: Path, name: str, policy: str) -> Iterator[Finding]:
    """What stands where a file should go and is not this program's to replace."""
    target = folder / name
    for parent in target.parents:
        if parent.exists() and not parent.is_dir():
            yield Finding("SS680", "a file stands where a folder is needed", Place(str(parent)), "give another folder; nothing was written")
            return
    if not os.path.lexists(target):
        return
    unchanged = target.is_file() and untouched(target.read_bytes().decode(errors="replace"), policy)
    if not unchanged:
        help = "nothing was written: keep your changes elsewhere and remove the file, or give another folder"
        yield Finding("SS680", "this file is not as compile wrote it", Place(str(target)), help)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Every file whole: written beside its place first, then moved there."""
    staged: list[tuple[Path, Path]] = []
    try:
        for name, text in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
            staged.append((beside, target))
            beside.write_bytes(text.encode())
        for beside, target in staged:
            os.replace(beside, target)
    finally:
        for beside, _ in staged:
            beside.unlink(missing_ok=True)
