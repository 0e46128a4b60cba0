"""A CSV file as programs read it in, the same file as a Polish Excel opens it out: semicolons, decimal commas, a byte order mark.

Nothing else changes: what was neutral as a formula stays so, and a policy with `csv: {delimiter: ";", decimal: ","}` reads it back.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from pathlib import Path

POLISH = "excel-pl"
PROGRAMS = (POLISH,)
"""For which programs a CSV file can be written."""
_NUMBER = re.compile(r"-?[0-9]+\.[0-9]+(e[+-]?[0-9]+)?")


def rewrite_for_excel(path: Path, numbers: Collection[int] = ()) -> None:
    """Rewrites the file in its place. `numbers` are the columns, from 0, whose values have a decimal point."""
    csv.field_size_limit(1 << 30)
    made = path.with_name(f".{path.name}.part")
    try:
        with (
            path.open(encoding="utf-8", newline="") as source,
            made.open("w", encoding="utf-8-sig", newline="") as target,
        ):
            writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
            for row in csv.reader(source):
                for column in numbers:
                    if _NUMBER.fullmatch(row[column]):
                        row[column] = row[column].replace(".", ",")
                writer.writerow(row)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
