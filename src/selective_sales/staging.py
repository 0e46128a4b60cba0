"""A folder that appears whole or not at all: staged beside its target, forced to the disk, then renamed.

A staging folder holds a lock while its process lives; one whose lock is free was left by a process that died, and is removed by the next.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = ".lock"
A_MINUTE = 60
"""A staging folder that has had no lock for so long was left between its making and its locking."""


class FolderTakenError(Exception):
    """The target is there already: what a command has written is never overwritten. The message is its path."""


@contextmanager
def staged(target: Path, *, mode: int = 0o777, into_empty: bool = False) -> Iterator[Path]:
    """A folder to write into; on leaving it becomes `target`, and on an error it disappears.

    `mode` are its rights (less the umask); `into_empty` lets it take the place of an empty folder. Raises FolderTakenError where the
    target is there before anything is written, or has come meanwhile; OSError as it comes.
    """
    target = target.absolute()
    refuse_taken(target, into_empty)
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_stale(target)
    staging = target.parent / f"{staging_prefix(target)}{secrets.token_hex(6)}"
    staging.mkdir(mode)
    try:
        with locked(staging / LOCK):
            yield staging
            publish(staging, target, into_empty)
    finally:  # also after Ctrl-C; what was published does not stand there any more
        shutil.rmtree(staging, ignore_errors=True)


def refuse_taken(target: Path, into_empty: bool) -> None:
    """Raises FolderTakenError where something stands at the target."""
    free = into_empty and target.is_dir() and not target.is_symlink() and not any(target.iterdir())
    if not free and (target.exists() or target.is_symlink()):
        raise FolderTakenError(str(target))


def staging_prefix(target: Path) -> str:
    return f".{target.name}.staging-"


def publish(staging: Path, target: Path, into_empty: bool) -> None:
    """Syncs every file and folder, then renames."""
    for folder, _, names in os.walk(staging):
        for name in names:
            sync(Path(folder) / name)
        sync(Path(folder))
    refuse_taken(target, into_empty)
    if target.is_dir():
        target.rmdir()
    os.rename(staging, target)
    with contextlib.suppress(OSError):
        (target / LOCK).unlink()
        sync(target.parent)


def sync(path: Path) -> None:
    """Forces a file, or a folder's entries, to the disk (only POSIX can open a folder)."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock while the process lives. Elsewhere than on POSIX there is none: stagings then go stale by age alone."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR)
    try:
        take(handle, wait=True)
        yield
    finally:
        os.close(handle)


def take(handle: int, *, wait: bool) -> None:
    """Locks the open file. Raises BlockingIOError where another process holds it."""
    if os.name == "posix":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def remove_stale(target: Path) -> None:
    """Removes what a killed process left: staging folders for this target whose lock is free."""
    for left in target.parent.iterdir():
        if left.name.startswith(staging_prefix(target)) and left.is_dir() and not left.is_symlink() and is_stale(left):
            shutil.rmtree(left, ignore_errors=True)


def is_stale(staging: Path) -> bool:
    try:
        handle = os.open(staging / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return age(staging) > A_MINUTE
    except OSError:
        return False
    try:
        take(handle, wait=False)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return os.name == "posix" or age(staging) > 24 * 60 * A_MINUTE


def age(folder: Path) -> float:
    """Seconds since something in the folder was added or removed; 0 where it is gone."""
    try:
        return time.time() - folder.stat().st_mtime
    except FileNotFoundError:
        return 0


class ChangedMeanwhileError(Exception):
    """Somebody else has changed the file since it was read. The message is its path."""


def rewrite(path: Path, before: bytes, after: bytes) -> None:
    """Gives an existing file other content: whole or not at all, with the rights and the owner that it had.

    Raises ChangedMeanwhileError where it does not hold `before` any more, OSError as it comes.
    """
    status = path.stat()
    if not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    staging = path.parent / f".{secrets.token_hex(6)}.staging"
    handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(after)
            stream.flush()
            os.fsync(handle)
        _take_rights(staging, status)
        if path.read_bytes() != before:
            raise ChangedMeanwhileError(str(path))
        os.replace(staging, path)
    finally:  # also after Ctrl-C; what was replaced is not there any more
        staging.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        sync(path.parent)


def _take_rights(file: Path, status: os.stat_result) -> None:
    """The owner first: a change of owner takes rights away. Who may not give the file away keeps it, as an editor does."""
    if os.name == "posix" and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
        with contextlib.suppress(PermissionError):
            os.chown(file, status.st_uid, status.st_gid)
    os.chmod(file, stat.S_IMODE(status.st_mode))
