"""The folder of a batch: what is in it, held against its manifest; and new files for it.

Refused: a folder that is not a batch, or a link; a file of the batch that is not what the manifest says.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from ..deciding import batches
from ..model.batch import Batch
from ..model.finding import Finding
from .policies import file_finding

PRIVATE, PRIVATE_FOLDER = 0o600, 0o700
CHANGED_HELP = "move the file out of the folder: it will be made again; what a letter says is changed in its template"


def read_batch(folder: Path) -> tuple[Batch | None, tuple[Finding, ...]]:
    """The batch in that folder; None without a finding where there is no folder, or an empty one."""
    if folder.is_symlink():
        help = "name the folder itself"
        return None, (file_finding("SS970", f"'{folder}' is a link to another place", folder, help),)
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None, ()
    if not folder.is_dir():
        return None, (
            file_finding("SS970", f"'{folder}' is a file", folder, "name a folder: a new one, an empty one, or a batch of letters"),
        )
    try:
        return batches.read(folder), ()
    except batches.NoBatchError as error:
        help = "name a new or an empty folder, or the folder of an earlier batch; nothing in any other folder is touched"
        return None, (file_finding("SS970", f"the folder cannot be used: {error}", folder, help),)


def files_there(folder: Path, old: Batch | None) -> tuple[frozenset[str], list[Finding]]:
    """The files of the batch that are there; a finding for each that is not what the manifest says."""
    present, findings = set(), []
    for letter in () if old is None else old.letters:
        if letter.file is None:
            continue
        path = folder / letter.file
        try:
            content = _content(path)
        except FileNotFoundError:
            continue
        except NoFileError:
            help = "remove it: the letter will be made again"
            findings.append(file_finding("SS972", f"the letter to client '{letter.key}' is a link or a folder", path, help))
            continue
        present.add(letter.file)
        if hashlib.sha256(content).hexdigest() != letter.sha256:
            message = f"the letter to client '{letter.key}' was changed since it was written"
            findings.append(file_finding("SS972", message, path, CHANGED_HELP))
    return frozenset(present), findings


class NoFileError(Exception):
    """What stands there is a link, a folder, or anything else that is no file."""


def _content(path: Path) -> bytes:
    """What a file holds, read with few calls: there are thousands. Neither follows a link nor waits for a pipe."""
    if not hasattr(os, "O_NOFOLLOW") and (path.is_symlink() or path.is_dir()):
        raise NoFileError
    flags = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    try:
        handle = os.open(path, os.O_RDONLY | sum(flags))
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise NoFileError from None
        raise
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise NoFileError
        found = os.read(handle, status.st_size + 1)
        while len(found) != status.st_size and (more := os.read(handle, 1 << 20)):
            found += more
        return found
    finally:
        os.close(handle)


def keep_private(folder: Path, names: Iterable[str]) -> None:
    """Letters are personal data: the folder and these files of it are for their owner only, whatever rights they had."""
    if stat.S_IMODE(folder.stat().st_mode) != PRIVATE_FOLDER:
        os.chmod(folder, PRIVATE_FOLDER)
    for name in names:
        path = folder / name
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) != PRIVATE:
            os.chmod(path, PRIVATE)


def write_new(path: Path, content: bytes) -> None:
    """A new file for its owner only, written with few calls: there are thousands."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)
