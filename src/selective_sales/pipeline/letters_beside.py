"""A finished run in, the batches of its letters that stand beside its folder out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..deciding import batches
from ..model.batch import Batch
from ..model.finding import Finding
from .finished import FinishedRun
from .policies import file_finding

_MOST_FOLDERS = 1000


def batch_of(run: FinishedRun, given: Path | None) -> tuple[Path | None, Batch | None, tuple[Finding, ...]]:
    """The folder of this run's letters: the one given, else the one beside the run whose letters.json names it."""
    folders = [given] if given is not None else list(batches_beside(run))
    if len(folders) != 1:
        return None, None, (no_batch(run, folders),)
    try:
        return folders[0], batches.read(folders[0]), ()
    except batches.NoBatchError as error:
        return None, None, (file_finding("SS970", str(error), folders[0], "name a folder that `letters --out` wrote"),)


def no_batch(run: FinishedRun, folders: Sequence[Path]) -> Finding:
    """There is not one folder of this run's letters."""
    what = "no folder of letters" if not folders else f"{len(folders)} folders of letters"
    named = "" if not folders else f": {', '.join(folder.name for folder in folders[:5])}"
    message = f"{what} beside the run {'has' if len(folders) < 2 else 'have'} letters of this run{named}"
    help = "name the folder that you have looked at: --letters FOLDER"
    help += "" if folders else "; letters are written by selective-sales letters RUN --out FOLDER"
    return file_finding("SS979", message, run.folder, help)


def batches_beside(run: FinishedRun) -> Iterator[Path]:
    """The batches beside the run that have letters of it; examples are none."""
    for folder in sorted(run.folder.absolute().parent.iterdir())[:_MOST_FOLDERS]:
        if folder.name.startswith(".") or folder.is_symlink() or not (folder / batches.NAME).is_file():
            continue
        try:
            batch = batches.read(folder)
        except batches.NoBatchError:
            continue
        if not batch.sample and any(letter.run == run.manifest.run_id for letter in batch.letters):
            yield folder
