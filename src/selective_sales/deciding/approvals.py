"""Approvals in force, and new ones and withdrawals at the end of approvals.yaml: whole or not at all, with nothing changed above.

Two people at once lose nothing: the folder is locked while the file is read and written. Refused: a link, and a file to whose end nothing
can be added so that it reads as all that it said before and the new approvals.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path

from ..model.batch import Act, Approval, ApprovalsFile, Client, Withdrawal
from ..model.quoting import quoted
from ..staging import rewrite, sync
from ..swapping import held

NAME = "approvals.yaml"
_HEAD = """\
# Who has said that which letters may be sent, or has taken that back. `selective-sales approve` adds at the end; what stands here stays.
# An approval holds for one client, one decision and one letter: once the letter says anything else, it holds no more.
format: 1
approvals:
"""


class NotAppendedError(Exception):
    """Nothing can be added to the file; the message says why."""


class Standing:
    """Which letters are approved."""

    def __init__(self, file: ApprovalsFile) -> None:
        holding = file.holding
        self._holding = {(a.client, a.decision, a.letter): a for a in reversed(holding)}
        self._last = {(a.client, a.decision): a for a in holding}
        self._withdrawn = file.withdrawn

    def of(self, client: Client, decision: str, letter: str) -> Approval | None:
        """The first approval of exactly this letter."""
        return self._holding.get((client, decision, letter))

    def withdrawn(self, client: Client, decision: str, letter: str) -> Withdrawal | None:
        """Who has taken back the approval of exactly this letter; None where it was never approved, or was approved again."""
        return self._withdrawn.get((client, decision, letter))

    def stale(self, client: Client, decision: str, letter: str) -> Approval | None:
        """The last approval of this client's letter with this decision, where it was of another letter than this one."""
        return None if (client, decision, letter) in self._holding else self._last.get((client, decision))


def append(path: Path, new: Sequence[Act], read: Callable[[Path], ApprovalsFile]) -> None:
    """Adds the approvals or withdrawals to the file at that path, which need not be there.

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
                raise NotAppendedError("what is added at its end would not be read as it is meant")
            if before is None:
                os.rename(staging, path)
                sync(path.parent)
            else:
                rewrite(path, before, after)
        finally:
            staging.unlink(missing_ok=True)


def text_of(acts: Iterable[Act]) -> str:
    """The approvals and withdrawals as YAML, those of one act together."""
    lines = []
    for act, letters in groupby(acts, key=_act):
        said = [f"{name}: {value}" for name, value in act]
        lines += [f"  - {said[0]}", *(f"    {line}" for line in said[1:]), "    letters:"]
        lines += [f"      - {_letter(letter)}" for letter in letters]
    return "".join(f"{line}\n" for line in lines)


def _act(a: Act) -> tuple[tuple[str, str], ...]:
    """What the letters of one act share, ready to be written."""
    names: tuple[str, ...] = ("approved_by", "approved_at", "note", "run", "policy", "data", "letterhead")
    if isinstance(a, Withdrawal):
        names = ("withdrawn_by", "withdrawn_at", "note", "run")
    said = tuple((name, quoted(getattr(a, name))) for name in names)
    return (*said, ("not_sent", "true")) if isinstance(a, Withdrawal) and a.not_sent else said


def _letter(a: Act) -> str:
    client = quoted(a.client[0]) if len(a.client) == 1 else f"[{', '.join(map(quoted, a.client))}]"
    names = ("letter", "template", "values") if isinstance(a, Approval) else ("letter",)
    digests = ", ".join(f"{name}: {quoted(getattr(a, name))}" for name in names)
    return f"{{client: {client}, decision: {quoted(a.decision)}, {digests}}}"
