"""`selective-sales policies`: the ready policies that come with the program, what one needs, and a copy of it to start from."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .exits import Exit
from .findings import print_findings
from .snippet import visible

if TYPE_CHECKING:
    from ..model.policy import Field, Policy, Table
    from ..model.text import Texts
    from ..pipeline.shipped import Copied, Shipped

_WIDTH = 100


@click.command("policies")
@click.argument("words", nargs=-1, metavar="[NAME | copy NAME]")
@click.option("--to", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="With copy: where to. Default: policies.")
def command(words: tuple[str, ...], folder: Path | None) -> None:
    """List the ready policies; say what NAME decides and which data it needs; or copy NAME to change it.

    A copy has all that the policy uses, its tests and its data: check and test pass there at once. Nothing is overwritten: where a file
    of the same name says something else, nothing is written at all.
    """
    match words:
        case ("copy", name):
            _copy(name, folder or Path("policies"))
        case _ if folder is not None:
            raise click.UsageError("--to goes with copy: selective-sales policies copy NAME --to FOLDER")
        case ():
            _list()
        case ("copy",):
            raise click.UsageError("copy which policy? selective-sales policies lists them")
        case (name,):
            _describe(name)
        case _:
            raise click.UsageError("one policy at a time: selective-sales policies copy NAME --to FOLDER")


def _list() -> None:
    from ..pipeline.shipped import PARTS, shipped

    found = shipped()
    for heading, chosen in (
        ("Ready policies", [one for one in found if not one.is_part]),
        ("The smallest policy around each part that policies are made of", [one for one in found if one.is_part]),
    ):
        if chosen:
            click.echo(f"{heading}:\n")
            for one in chosen:
                click.echo("\n".join(_lines(one)))
            click.echo()
    click.echo("Next:")
    click.echo("  selective-sales policies NAME                          what it decides, and each column that it needs")
    click.echo("  selective-sales policies copy NAME --to policies       a copy to change")
    click.echo(f"  selective-sales policies copy {PARTS} --to policies     all parts")


def _lines(one: Shipped) -> Iterator[str]:
    yield f"  {one.name}: {_title(one.policy.title)}"
    yield from textwrap.wrap(
        "decides " + ", ".join(decision.id for decision in one.policy.decisions),
        _WIDTH,
        initial_indent="    ",
        subsequent_indent="      ",
    )
    tables = ", ".join(f"{table.name} ({len(_columns(table))} columns)" for table in one.policy.tables)
    yield from textwrap.wrap(f"needs {tables}", _WIDTH, initial_indent="    ", subsequent_indent="      ")


def _describe(name: str) -> None:
    from ..pipeline.shipped import find_shipped

    one, findings = find_shipped(name)
    print_findings(findings)
    if one is None:
        raise SystemExit(Exit.USAGE)
    click.echo(f"{one.name}: {_title(one.policy.title)}")
    for line in one.about:
        click.echo(f"  {line}".rstrip())
    click.echo("\nDecides, most severe first:")
    for decision in one.policy.decisions:
        confirmed = "; a named person confirms it" if decision.approval_required else ""
        click.echo(f"  {decision.id}: {_title(decision.title)}{confirmed}")
    for table in one.policy.tables:
        click.echo(f"\nNeeds {table.name}, {_rows(table, one.policy)}:")
        for field in _columns(table):
            click.echo("\n".join(_field(field)))
    click.echo(f"\nCopy it: selective-sales policies copy {one.name} --to policies")


def _rows(table: Table, policy: Policy) -> str:
    return "a row for each client" if table.belongs_to is None else f"any number of rows to a client ({', '.join(table.key)} names it)"


def _columns(table: Table) -> list[Field]:
    return [field for field in table.fields if field.calculation is None]


def _field(field: Field) -> list[str]:
    meaning = field.description or _title(field.label)
    blank = "" if field.missing is None else f" [blank: {str(field.missing).lower()}]"
    return textwrap.wrap(
        f"{field.header} ({field.type}){': ' if meaning else ''}{meaning}{blank}", _WIDTH, initial_indent="  ", subsequent_indent="      "
    )


def _title(texts: Texts | None) -> str:
    """All languages of a title, English first: who lists policies may read either."""
    if texts is None:
        return ""
    ordered = sorted(texts.by_language, key=lambda one: one[0] != "en")
    return " / ".join(dict.fromkeys("".join(str(part) for part in template.parts) for _, template in ordered))


def _copy(name: str, folder: Path) -> None:
    from ..pipeline.shipped import copy_shipped

    copied, findings = copy_shipped(name, folder)
    print_findings(findings)
    if copied is None:
        raise SystemExit(Exit.USAGE)
    _tell(copied)


def _tell(copied: Copied) -> None:
    shown = visible(str(copied.folder))
    click.echo(f"Wrote {len(copied.files)} files to {shown}:" if copied.files else f"Nothing to write to {shown}: all is there already.")
    for name in copied.files:
        click.echo(f"  {name}")
    if copied.as_they_were and copied.files:
        click.echo(f"Already there, and the same: {len(copied.as_they_were)}")
    click.echo("\nNext:")
    click.echo(f"  selective-sales check {shown}")
    click.echo(f"  selective-sales test {shown}")
    for line in _reviews(copied):
        click.echo(f"  {line}")


def _reviews(copied: Copied) -> Iterator[str]:
    """The commands that decide the copied data: each review after the ones that it looks at, the first with a history of none."""
    folder = visible(str(copied.folder))
    stem = Path(copied.policy or "").name.removesuffix(".yaml").removesuffix(".policy")
    several = len(copied.reviews) > 1
    if several:
        yield f"mkdir -p out/{stem}"
    for review in copied.reviews:
        data = [f"{table}={folder}/{file}" if file else f"{folder}/{table}" for table, _, file in (d.partition("=") for d in review.data)]
        words = ["selective-sales evaluate", f"{folder}/{copied.policy}", *(f"--data {one}" for one in data)]
        words += [f"--as-of {review.as_of}"] if review.as_of else []
        words += [f"--history out/{stem}"] if several else []
        yield " ".join([*words, f"--out out/{stem}/{review.as_of}" if several else "--out out/run"])
