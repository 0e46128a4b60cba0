"""`--as-of`: a date in, as it is written in every file of this program; any other form gives the hint how to write it."""

from __future__ import annotations

import datetime
import re

import click

from ..model.dates import days_meant

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def day(ctx: click.Context, parameter: click.Parameter, value: str | None) -> datetime.date | None:
    """The date, or a usage error that says what to write."""
    if value is None:
        return None
    written = value.strip()
    if _DATE.fullmatch(written):
        try:
            return datetime.date.fromisoformat(written)
        except ValueError:
            raise click.BadParameter(f"there is no such day as {written}") from None
    meant = " or ".join(day.isoformat() for day in days_meant(written) or ())
    if meant:
        raise click.BadParameter(f"'{written}' is not how a date is written here: write {meant}")
    raise click.BadParameter(f"'{written[:40]}' is not a date: write year-month-day, such as 2026-01-31")


as_of_option = click.option("--as-of", callback=day, metavar="YYYY-MM-DD", help="The run's date. Default: today.")
"""`--as-of`, the same for every command that needs the run's date."""
