"""letters.json and letters.csv: what a batch folder holds, for programs and for people with a spreadsheet.

Refused where it is read: what is no manifest of a batch, is damaged, or names a file outside of its folder.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..model.batch import Batch, BatchLetter, Origins, Said, Status

NAME = "letters.json"
TABLE = "letters.csv"
FORMAT = 1
LARGEST = 1024 * 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FORMATS, _LANGUAGES = ("md", "html", "txt", "pdf"), ("pl", "en", "by-field")
_HEAD = ("policy", "policy_version", "run", "date", "language", "to", "program", "letterhead", "templates", "sample")
_COLUMNS = (
    "number", "client", "name", "status", "decision", "reasons", "language", "file", "approved_by", "approved_at", "stale", "differs",
    "run", "body", "branch", "sha256", "letter", "policy_sha256", "data_sha256", "template_sha256", "letterhead_sha256",
)  # fmt: skip


class NoBatchError(Exception):
    """The folder holds no batch that this version can read; the message says why."""


def as_json(batch: Batch) -> bytes:
    """The manifest: its head, and a line for each letter, so that two of them can be compared line by line."""
    head = json.dumps({"format": FORMAT, **{name: getattr(batch, name) for name in _HEAD}}, ensure_ascii=False, indent=1)
    lines = [json.dumps(_letter_json(letter), ensure_ascii=False) for letter in batch.letters]
    body = ",\n".join(lines)
    return f'{head[:-2]},\n "letters": [\n{body}\n ]\n}}\n'.encode()


def _letter_json(letter: BatchLetter) -> dict[str, Any]:
    origins = letter.origins
    return {
        "number": letter.reference,
        "client": letter.client,
        "name": letter.name,
        "status": letter.status.value,
        "decision": letter.decision,
        "reasons": letter.reasons,
        "language": letter.language,
        "body": letter.body,
        "branch": letter.branch,
        "file": letter.file,
        "sha256": letter.sha256,
        "letter": letter.letter,
        "run": letter.run,
        "policy_sha256": origins.policy,
        "data_sha256": origins.data,
        "template_sha256": origins.template,
        "letterhead_sha256": origins.letterhead,
        "values_sha256": origins.values,
        "approval_needed": letter.approval_needed,
        "approved_by": letter.approved_by,
        "approved_at": letter.approved_at,
        "stale": letter.stale,
        "differs": letter.differs,
        "said": letter.said,
        "approved_said": letter.approved_said,
    }


def as_csv(batch: Batch) -> bytes:
    """A row for each letter, with a byte order mark for spreadsheets. No text can become a formula there."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for letter in batch.letters:
        values = _letter_json(letter) | {
            "client": letter.key,
            "reasons": ", ".join(letter.reasons),
            "stale": ", ".join(letter.stale),
            "differs": "; ".join(letter.differs),
        }
        writer.writerow([neutral(values[column]) for column in _COLUMNS])
    return stream.getvalue().encode("utf-8-sig")


def neutral(value: str | None) -> str:
    """The text as a cell that no spreadsheet runs as a formula."""
    text = value or ""
    return "'" + text if text.lstrip(" ")[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} and text.strip() else text


def read(folder: Path) -> Batch:
    """The manifest of a batch folder. Raises NoBatchError."""
    path = folder / NAME
    if path.is_symlink() or not path.is_file():
        raise NoBatchError(f"{folder} is not a folder of letters: it has no {NAME}")
    try:
        if path.stat().st_size > LARGEST:
            raise NoBatchError(f"{path} is too large for a manifest")
        content = json.loads(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise NoBatchError(f"{path} cannot be read: {error}") from None
    if not isinstance(content, dict) or type(content.get("format")) is not int or content["format"] != FORMAT:
        raise NoBatchError(f"{path} is of another format than {FORMAT}")
    try:
        return _batch(content)
    except (KeyError, TypeError, ValueError) as error:
        raise NoBatchError(f"{path} is damaged: {type(error).__name__} {error}") from None


def _batch(content: Mapping[str, Any]) -> Batch:
    letters = tuple(_letter(item) for item in content["letters"])
    files = [letter.file.casefold() for letter in letters if letter.file is not None]
    if len(set(files)) != len(files) or len({letter.client for letter in letters}) != len(letters):
        raise ValueError("a client or a file stands twice")
    templates = None if content["templates"] is None else _text(content["templates"])
    head = {name: _text(content[name]) for name in _HEAD if name not in ("templates", "sample")}
    if datetime.date.fromisoformat(head["date"]).isoformat() != head["date"]:
        raise ValueError("no date")
    if head["to"] not in _FORMATS or head["language"] not in _LANGUAGES:
        raise ValueError("an unknown format or language")
    return Batch(letters=letters, templates=templates, sample=_is(content["sample"], bool), **head)


def _letter(item: Mapping[str, Any]) -> BatchLetter:
    file = _text_or_none(item["file"])
    if file is not None and (file in ("", ".", "..", NAME, TABLE) or any(sign in file for sign in "/\\\0:")):
        raise ValueError(f"{file!r} is not the name of a letter's file")
    status = Status(item["status"])
    if (file is None) != (item["sha256"] is None) or (file is None and status is not Status.WITHDRAWN):
        raise ValueError("a letter without a file")
    return BatchLetter(
        client=tuple(_texts(item["client"])),
        name=_text_or_none(item["name"]),
        reference=_text(item["number"]),
        decision=_text(item["decision"]),
        language=_text(item["language"]),
        body=_text(item["body"]),
        branch=_text(item["branch"]),
        status=status,
        approval_needed=_is(item["approval_needed"], bool),
        file=file,
        sha256=None if item["sha256"] is None else _digest(item["sha256"]),
        letter=_digest(item["letter"]),
        run=_text(item["run"]),
        origins=Origins(*(_digest(item[f"{name}_sha256"]) for name in ("policy", "data", "template", "letterhead", "values"))),
        reasons=tuple(_texts(item["reasons"])),
        approved_by=_text_or_none(item["approved_by"]),
        approved_at=_text_or_none(item["approved_at"]),
        stale=tuple(_texts(item["stale"])),
        said=_said(item.get("said")),
        approved_said=_said(item.get("approved_said")),
        differs=tuple(_texts(item.get("differs", []))),
    )


def _said(value: Any) -> Said | None:
    """What a letter said; None in the index of an earlier version, which did not keep it."""
    return None if value is None else {_text(name): _text(text) for name, text in _is(value, dict).items()}


def _is(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{kind.__name__} expected")
    return value


def _text(value: Any) -> str:
    found: str = _is(value, str)
    found.encode("utf-8")  # a lone surrogate is no text: UnicodeEncodeError is a ValueError
    return found


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _texts(value: Any) -> Sequence[str]:
    return [_text(item) for item in _is(value, list)]


def _digest(value: Any) -> str:
    if not _DIGEST.fullmatch(_text(value)):
        raise ValueError("no sha256")
    found: str = value
    return found
