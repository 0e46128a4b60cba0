"""Approvals in force, and new ones at the end of approvals.yaml: whole or not at all, with nothing changed above.

Two people at once lose nothing: the folder is locked while the file is read and written. Refused: a link, and a file to whose end nothing
can be added so that it reads as all that it said before and the new approvals.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path

from ..model.batch import Approval, ApprovalsFile, Client
from ..model.quoting import quoted
from ..staging import rewrite, sync
from ..swapping import held

NAME = "approvals.yaml"
_HEAD = """\
# Who has said that which letters may be sent. `selective-sales approve` adds at the end; what stands here stays as it is.
# An approval holds for one client, one decision and one letter: once the letter says anything else, it holds no more.
format: 1
approvals:
"""


class NotAppendedError(Exception):
    """Nothing can be added to the file; the message says why."""


class Standing:
    """Which letters are approved."""

    def __init__(self, file: ApprovalsFile) -> None:
        self._holding = {(a.client, a.decision, a.letter): a for a in reversed(file.entries)}
        self._last = {(a.client, a.decision): a for a in file.entries}

    def of(self, client: Client, decision: str, letter: str) -> Approval | None:
        """The first approval of exactly this letter."""
        return self._holding.get((client, decision, letter))

    def stale(self, client: Client, decision: str, letter: str) -> Approval | None:
        """The last approval of this client's letter with this decision, where it was of another letter than this one."""
        return None if (client, decision, letter) in self._holding else self._last.get((client, decision))


def append(path: Path, new: Sequence[Approval], read: Callable[[Path], ApprovalsFile]) -> None:
    """Adds the approvals to the file at that path, which need not be there.

    `read` gives what a file says and raises NotAppendedError where it is not whole. Raises that, and OSError as it comes.
    """
    with held(path.parent, wait=True):
        if path.is_symlink():
            raise NotAppendedError("it is a link to another file")
        before = path.read_bytes() if path.exists() else None
        entries = () if before is None else read(path).entries
        start = _HEAD.encode() if before is None else before if before.endswith(b"\n") else before + b"\n"
        after = start + text_of(new).encode("utf-8")
        staging = path.parent / f".{secrets.token_hex(6)}.{NAME}"
        try:
            handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(after)
                stream.flush()
                os.fsync(handle)
            if read(staging).entries != (*entries, *new):
                raise NotAppendedError("what is added at its end would not be read as new approvals")
            if before is None:
                os.rename(staging, path)
                sync(path.parent)
            else:
                rewrite(path, before, after)
        finally:
            staging.unlink(missing_ok=True)


def text_of(approvals: Iterable[Approval]) -> str:
    """The approvals as YAML, those of one act together."""
    lines = []
    for act, letters in groupby(approvals, key=_act):
        names = ("approved_by", "approved_at", "note", "run", "policy", "data", "letterhead")
        said = [f"{name}: {quoted(value)}" for name, value in zip(names, act, strict=True)]
        lines += [f"  - {said[0]}", *(f"    {line}" for line in said[1:]), "    letters:"]
        lines += [f"      - {_letter(letter)}" for letter in letters]
    return "".join(f"{line}\n" for line in lines)


def _act(a: Approval) -> tuple[str, ...]:
    return (a.approved_by, a.approved_at, a.note, a.run, a.policy, a.data, a.letterhead)


def _letter(a: Approval) -> str:
    client = quoted(a.client[0]) if len(a.client) == 1 else f"[{', '.join(map(quoted, a.client))}]"
    digests = ", ".join(
        f"{name}: {quoted(value)}" for name, value in (("letter", a.letter), ("template", a.template), ("values", a.values))
    )
    return f"{{client: {client}, decision: {quoted(a.decision)}, {digests}}}"
