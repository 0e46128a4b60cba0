"""A folder that gets other content at once: the new one is made beside it, forced to the disk, and the two change places.

Whoever looks, at any moment, finds the old folder whole or the new one whole; so does who comes after a process that was killed. Files that
stay are the same files (hard links), with their dates. Refused: a folder that another process is renewing.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .staging import FolderTakenError, refuse_taken, sync, take

A_DAY = 24 * 60 * 60
"""Where a folder cannot be locked, what was left beside it is taken for left after so long."""
_AT_CURRENT_FOLDER, _EXCHANGE, _SWAP = -100, 2, 2


class BusyError(Exception):
    """Another process is renewing the folder. The message is its path."""


@contextmanager
def renewed(target: Path, mode: int = 0o700) -> Iterator[Path]:
    """A folder to write into; on leaving it takes the target's place, and on an error it disappears and the target stays as it was.

    Whatever rights a target had that is there, it has `mode` then. Raises BusyError, FolderTakenError where a target that was not there
    has come meanwhile, OSError as it comes.
    """
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    with held(target) as old:
        put_right(target)
        staging = target.parent / f"{_prefix(target)}{secrets.token_hex(6)}"
        staging.mkdir(mode)
        try:
            with held(staging):
                yield staging
                os.chmod(staging, mode)
                _publish(staging, target, old)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def keep(file: Path, folder: Path) -> None:
    """The same file in that folder too; where the disk knows no two names for one file, a copy with its dates."""
    try:
        os.link(file, folder / file.name, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EACCES):
            raise
        shutil.copy2(file, folder / file.name, follow_symlinks=False)


@contextmanager
def held(folder: Path, *, wait: bool = False) -> Iterator[os.stat_result | None]:
    """Holds the lock on a folder while the process lives; gives what it was, None where it is not there.

    Raises BusyError where another process holds it, unless told to `wait`. Only POSIX can open a folder to lock it: elsewhere two processes
    are told apart by what they find changed.
    """
    if not folder.is_dir() or os.name != "posix":
        yield folder.stat() if folder.is_dir() else None
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        take(handle, wait=wait)
        status = os.fstat(handle)
        if not os.path.samestat(status, folder.stat()):
            raise BusyError(str(folder))
        yield status
    except BlockingIOError:
        raise BusyError(str(folder)) from None
    finally:
        os.close(handle)


def put_right(target: Path) -> None:
    """Removes what a killed process left beside the target; the old folder comes back where it was killed between two renames."""
    if not target.parent.is_dir():
        return
    for left in sorted(target.parent.iterdir()):
        if left.name.startswith((_prefix(target), _before(target))) and left.is_dir() and not left.is_symlink() and _is_left(left):
            if left.name.startswith(_before(target)) and not target.exists():
                os.rename(left, target)
            else:
                shutil.rmtree(left, ignore_errors=True)


def _prefix(target: Path) -> str:
    return f".{target.name}.renewing-"


def _before(target: Path) -> str:
    return f".{target.name}.before-"


def _is_left(folder: Path) -> bool:
    if os.name != "posix":
        return time.time() - folder.stat().st_mtime > A_DAY
    try:
        with held(folder):
            return True
    except (BusyError, OSError):
        return False


def _publish(staging: Path, target: Path, old: os.stat_result | None) -> None:
    """Forces all to the disk, then the new folder takes the old one's place."""
    _sync_all(staging)
    if old is None:
        refuse_taken(target, False)
        os.rename(staging, target)
    else:
        if not target.is_dir() or not os.path.samestat(target.stat(), old):
            raise FolderTakenError(str(target))
        there = set(os.listdir(target))
        aside = exchange(staging, target)
        # What somebody has put there in the last moment is theirs.
        for name in set(os.listdir(aside)) - there:
            with contextlib.suppress(OSError):
                os.rename(aside / name, target / name)
        shutil.rmtree(aside, ignore_errors=True)
    with contextlib.suppress(OSError):
        sync(target.parent)


def exchange(new: Path, target: Path) -> Path:
    """The new folder takes the target's place: at once where the system can, else by renames that `put_right` completes.

    Gives where the old one is now.
    """
    if _exchanged_at_once(new, target):
        return new
    aside = target.parent / f"{_before(target)}{secrets.token_hex(6)}"
    os.rename(target, aside)
    os.rename(new, target)
    return aside


def _exchanged_at_once(one: Path, other: Path) -> bool:
    """False where the system, or the disk, cannot. Raises OSError where it could and something else is wrong."""
    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(os.fsencode(one), os.fsencode(other), _SWAP)
    elif sys.platform.startswith("linux") and library is not None and hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_CURRENT_FOLDER, os.fsencode(one), _AT_CURRENT_FOLDER, os.fsencode(other), _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))


def _sync_all(folder: Path) -> None:
    """Forces a folder of thousands of files to the disk: all that the disk has to write at once where the system can, else one by one."""
    library = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None
    if library is not None and hasattr(library, "syncfs"):
        handle = os.open(folder, os.O_RDONLY)
        try:
            if library.syncfs(handle) == 0:
                return
            number = ctypes.get_errno()
            if number != errno.ENOSYS:
                raise OSError(number, os.strerror(number), str(folder))
        finally:
            os.close(handle)
    for name in os.listdir(folder):
        sync(folder / name)
    sync(folder)
