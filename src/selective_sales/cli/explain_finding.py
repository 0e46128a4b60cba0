"""`selective-sales explain-finding`: the page of a finding's code, or the list of all codes."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from ..resources import folder, resource
from .snippet import visible


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain a finding's code, with a bad and a good example. Without CODE: list all codes."""
    titles = _titles(folder("findings"))
    if code is None:
        for known, title in titles.items():
            click.echo(f"{known}  {title}")
        return
    wanted = code.upper()
    if wanted not in titles:
        near = [known for known in titles if known.startswith(wanted)] or difflib.get_close_matches(wanted, titles, n=1)
        hint = f" Did you mean {near[0]}?" if near else " Without a code, all codes are listed."
        raise click.UsageError(f"There is no finding '{visible(code, 60)}'.{hint}")
    click.echo(resource("findings", f"{wanted}.md").read_text(encoding="utf-8"), nl=False)


def _titles(pages: Path) -> dict[str, str]:
    """Code -> title, from the first line of each page: `# SS203: unknown name`."""
    titles = {}
    for page in sorted(pages.glob("SS*.md")):
        with page.open(encoding="utf-8") as lines:
            titles[page.stem] = lines.readline().removeprefix("#").strip().removeprefix(f"{page.stem}:").strip()
    return titles
