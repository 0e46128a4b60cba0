"""A name in; the ready policy of that name, what it needs, and its files in a folder of the user's out.

The policies lie beside the program: the large ones as `NAME.yaml`, the smallest ones, each around one part of the folder `common`, as
`common/NAME.policy.yaml`. It refuses a name that there is not, and to write over a file that says something else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from .. import reading, resources, starting
from ..model.finding import Finding
from ..model.place import Place
from ..model.policy import Policy, Table

PARTS = "common"
"""The folder of parts, which can be copied as a whole."""
_SMALLEST = ".policy.yaml"
_TESTS = ".test.yaml"
_EARLIER = "earlier"
"""In the data of a sample: a folder for the date of each review before the last one, with the tables that were other ones then."""
SAMPLE_DATES = {
    "client-base": "2026-11-22",
    "client-value": "2026-11-22",
    "key-accounts": "2026-11-22",
    "portfolio": "2026-09-30",
    "sales-time": "2026-11-22",
    "selective-sales": "2026-09-30",
}
"""The day for which a sample's data were made: decided as of another, its clients would be other ones."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A policy that comes with the program. `about` is what its author wrote at the top of its file, line by line."""

    name: str
    path: Path
    policy: Policy
    about: tuple[str, ...]

    @property
    def is_part(self) -> bool:
        return self.name.startswith(f"{PARTS}/")


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: the folder, the policy's file in it (None for the folder of parts), the data (a folder), all new files."""

    folder: Path
    policy: str | None
    data: str | None
    files: tuple[str, ...]
    as_they_were: tuple[str, ...]
    """Files that were there already, and say the same."""
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A review that the copied data are for: as of which day (None: any), and its tables by file, or the folder of all of them."""

    as_of: str | None
    data: tuple[str, ...]


def shipped() -> tuple[Shipped, ...]:
    """Every policy that comes with the program: the large ones first."""
    found = [_shipped(name, path) for name, path in _paths().items()]
    return tuple(one for one in found if one is not None)


def find_shipped(name: str) -> tuple[Shipped | None, tuple[Finding, ...]]:
    """The policy of that name; a finding with the nearest one where there is none."""
    path = _paths().get(name)
    one = None if path is None else _shipped(name, path)
    return (None, (_unknown(name),)) if one is None else (one, ())


def copy_shipped(name: str, folder: Path) -> tuple[Copied | None, tuple[Finding, ...]]:
    """Copies that policy with what it uses, its tests and its data (or the folder of parts) into the folder."""
    if name == PARTS:
        root = resources.folder("policies")
        files: dict[str, bytes | Path] = {f"{PARTS}/{p.relative_to(root / PARTS).as_posix()}": p for p in _files(root / PARTS)}
        return _copied(folder, None, None, files)
    one, findings = find_shipped(name)
    if one is None:
        return None, findings
    stem = one.path.name.removesuffix(_SMALLEST).removesuffix(".yaml")
    data = _data(one, f"data/{stem}")
    own: dict[str, bytes | Path] = {_relative(path): path for path in _own_files(one)}
    copied, refused = _copied(folder, _relative(one.path), f"data/{stem}", own | data)
    return (None, refused) if copied is None else (replace(copied, reviews=tuple(_reviews(one, f"data/{stem}", data))), ())


def _copied(
    folder: Path, policy: str | None, data: str | None, files: dict[str, bytes | Path]
) -> tuple[Copied | None, tuple[Finding, ...]]:
    there = [name for name, content in files.items() if _is_there(folder / name, content)]
    new = {name: content for name, content in files.items() if name not in there}
    refused = starting.lay(folder, new)
    return (None, refused) if refused else (Copied(folder, policy, data, tuple(new), tuple(there)), ())


def _is_there(path: Path, content: bytes | Path) -> bool:
    """Whether that file holds the same already: a part that another copied policy uses too."""
    expected = content.read_bytes() if isinstance(content, Path) else content
    return path.is_file() and path.stat().st_size == len(expected) and path.read_bytes() == expected


def _paths() -> dict[str, Path]:
    root = resources.folder("policies")
    large = {p.stem: p for p in sorted(root.glob("*.yaml")) if not p.name.endswith(_TESTS)}
    smallest = {_relative(p).removesuffix(_SMALLEST): p for p in sorted((root / PARTS).rglob(f"*{_SMALLEST}"))}
    return large | smallest


def _shipped(name: str, path: Path) -> Shipped | None:
    policy, _ = reading.read(path)
    return None if policy is None or not policy.decisions else Shipped(name, path, policy, _about(policy))


def _about(policy: Policy) -> tuple[str, ...]:
    """The comment at the top of the policy's file, without what it says to editors."""
    lines = []
    for line in policy.sources[0].text.splitlines():
        if not line.startswith("#"):
            break
        if "yaml-language-server" not in line:
            lines.append(line.removeprefix("#").removeprefix(" "))
    return tuple(lines)


def _own_files(one: Shipped) -> list[Path]:
    """The policy, what it uses, and the tests that name it."""
    beside = sorted(one.path.parent.glob(f"*{_TESTS}"))
    tests = [path for path in beside if (file := reading.read_cases(path)[0]) is not None and path.parent / file.policy == one.path]
    return [*(Path(source.path) for source in one.policy.sources), *tests]


def _data(one: Shipped, target: str) -> dict[str, bytes | Path]:
    """The sample data of the example of the same name; without one, a file for each table that has its columns and no rows yet."""
    folder = resources.folder("examples") / one.name / "data"
    if folder.is_dir():
        return {f"{target}/{path.relative_to(folder).as_posix()}": path for path in _files(folder)}
    return {f"{target}/{table.name}.csv": _header(table) for table in one.policy.tables}


def _reviews(one: Shipped, target: str, data: Mapping[str, object]) -> Iterator[Review]:
    """One for each date of the sample, the last one with the data as they lie there; most samples have only that."""
    past = f"{target}/{_EARLIER}/"
    dates = sorted({name.removeprefix(past).partition("/")[0] for name in data if name.startswith(past)})
    for day in dates:
        then = [f"{past}{day}/{table.name}.csv" for table in one.policy.tables]
        now = [f"{target}/{table.name}.csv" for table in one.policy.tables]
        files = [(t.name, old if old in data else new) for t, old, new in zip(one.policy.tables, then, now, strict=True)]
        yield Review(day, tuple(f"{name}={file}" for name, file in files if file in data))
    yield Review(SAMPLE_DATES.get(one.name), (target,))


def _header(table: Table) -> bytes:
    text = io.StringIO()
    headers = [field.header for field in table.fields if field.calculation is None]
    csv.writer(text, delimiter=table.csv.delimiter or ",", lineterminator="\n").writerow(headers)
    return text.getvalue().encode("utf-8")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _relative(path: Path) -> str:
    return path.relative_to(resources.folder("policies")).as_posix()


def _unknown(name: str) -> Finding:
    names = [*_paths(), PARTS]
    near = get_close_matches(name[:80], names, n=1)
    help = f"did you mean '{near[0]}'?" if near else "selective-sales policies lists them"
    return Finding("SS900", f"no policy of the name '{name}' comes with the program", Place("."), help)
