"""A folder and maybe a client file in, the files of a working start out. A sheet of a workbook is laid there as a CSV file of its rows."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from ..model.data import file_of
from ..model.finding import Finding
from ..model.place import Place
from ..starting import Laid, start

WORKBOOKS = (".xlsx", ".xlsm")


def start_from(folder: Path, source: Path | None, key: str | None = None) -> tuple[Laid | None, tuple[Finding, ...]]:
    """As `starting.start`, which reads text."""
    if source is None or file_of(source).suffix.lower() not in WORKBOOKS:
        return start(folder, source, key)
    from ..data.sheet_text import write_sheet_text

    with tempfile.TemporaryDirectory(prefix="selective-sales-") as temp:
        made = Path(temp) / file_of(source).name
        try:
            sheet, findings = write_sheet_text(source, "clients", made)
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            return None, (Finding("SS751", message, Place(str(file_of(source))), "give the path of a CSV file or a workbook"),)
        if sheet is None:
            return None, findings
        laid, findings = start(folder, made, key)
        settled = () if laid is None else (laid.settled[0], f"sheet '{sheet}'", *laid.settled[1:])
        told = tuple(replace(f, place=replace(f.place, file=str(source))) if f.place.file == str(made) else f for f in findings)
        return (None if laid is None else replace(laid, settled=settled)), told
