"""Memos, one file per client, rendered one at a time and published together with an index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ..model.checked import CheckedPolicy
from ..model.explanation import Explanation
from ..model.finding import Finding
from ..model.place import Place
from ..model.speaker import Speaker
from ..staging import FolderTakenError, staged
from .context import memo_view
from .environment import MAX_OUTPUT, DocumentEnvironment, Folder, Format, environment
from .failing import FAILURES, place_of
from .lint import lint
from .naming import file_stem
from .reads import names_read
from .view import MemoView

INDEX = "memos.json"


@dataclass(frozen=True, slots=True)
class WrittenMemo:
    """One memo. `file` is its name in the folder, `sha256` of its bytes in hex, `name` what people call the client."""

    client: tuple[str, ...]
    file: str
    decision: str
    sha256: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The published folder and its memos, in the order in which the clients came."""

    folder: Path
    memos: tuple[WrittenMemo, ...]


def template_name(language: str, format: Format) -> str:
    """The file in a template folder that renders memos of that language and format."""
    return f"memo.{language}.{format}.j2"


def write_memos(
    explanations: Iterable[Explanation],
    checked: CheckedPolicy,
    speaker: Speaker,
    *,
    format: Format,
    folder: Path,
    templates: Path,
    told: Callable[[int], None] = lambda written: None,
) -> tuple[Written | None, tuple[Finding, ...]]:
    """Writes a memo per explanation and the index `memos.json` into `folder`, which must be new or empty.

    The template `memo.<language>.<format>.j2` of `templates` is linted first; with a finding nothing is rendered, and with a finding while
    rendering nothing is published. Explanations are taken one by one: their number does not matter to memory.
    `told` hears how many are written, after each.
    """
    name = template_name(speaker.language, format)
    made = environment(templates, format, speaker.tidy)
    findings = lint(made, name, MemoView)
    if findings:
        return None, findings
    try:
        # Memos are personal data: the folder is for its owner only.
        with staged(folder, mode=0o700, into_empty=True) as staging:
            press = _Press(made, name, templates, checked, speaker, format, names_read(made, name))
            memos = _print(explanations, press, staging, told)
    except _NotPrintedError as error:
        return None, (error.finding,)
    except FolderTakenError:
        message = f"{str(folder)!r} is there already and not an empty folder: nothing in it is overwritten"
        return None, (Finding("SS808", message, Place(str(folder)), "name a new or an empty folder"),)
    except OSError as error:
        message = f"the memos cannot be written: {error.strerror or error}"
        help = "nothing was published; name a folder that can be written"
        return None, (Finding("SS808", message, Place(str(error.filename or folder)), help),)
    return Written(folder.absolute(), memos), ()


class _NotPrintedError(Exception):
    """Leaves the press before anything is published."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class _Press:
    environment: DocumentEnvironment
    template: str
    templates: Path
    checked: CheckedPolicy
    speaker: Speaker
    format: Format
    read: frozenset[str]


def _print(explanations: Iterable[Explanation], press: _Press, staging: Path, told: Callable[[int], None]) -> tuple[WrittenMemo, ...]:
    """Writes every memo and the index into the staging folder. Raises _NotPrintedError with the finding that stops it."""
    memos: list[WrittenMemo] = []
    head: dict[str, str] = {}
    for explanation in explanations:
        view = memo_view(explanation, press.checked, press.speaker, press.read)
        text, finding = render(press.environment, press.template, press.templates, view)
        if finding is not None:
            raise _NotPrintedError(finding)
        content = text.encode("utf-8")
        file, digest = f"{file_stem(explanation.client)}.{press.format}", hashlib.sha256(content).hexdigest()
        memo = WrittenMemo(explanation.client, file, explanation.decision, digest, explanation.name)
        try:
            _write(staging / memo.file, content)
        except FileExistsError:
            message = f"two memos would be the file {memo.file!r}: the client {'|'.join(memo.client)!r} came twice"
            raise _NotPrintedError(Finding("SS809", message, Place(str(staging)), "ask for each client once")) from None
        memos.append(memo)
        told(len(memos))
        head = {"run": explanation.run_id, "as_of": explanation.as_of.isoformat()}
    _write(staging / INDEX, _index(press, head, memos))
    return tuple(memos)


def _write(path: Path, content: bytes) -> None:
    """A new file. FileExistsError where the name is taken."""
    with path.open("xb") as file:
        file.write(content)


def render(made: DocumentEnvironment, name: str, templates: Path, view: MemoView) -> tuple[str, Finding | None]:
    """The memo's text. What goes wrong while rendering is a finding at the template's line, and says for which client."""
    parts: list[str] = []
    size = 0
    context = {field: getattr(view, field) for field in MemoView.__dataclass_fields__}
    try:
        for part in made.get_template(name).generate(context):
            size += len(part)
            if size > MAX_OUTPUT:
                return "", _failed(f"the memo is longer than {MAX_OUTPUT} characters", Place(str(templates / name)), view)
            parts.append(part)
    except FAILURES as error:
        return "", _failed(str(error) or type(error).__name__, place_of(error, name, Folder(templates)), view)
    return "".join(parts), None


def _failed(why: str, place: Place, view: MemoView) -> Finding:
    return Finding(
        "SS807", f"the memo of client {view.client!r} cannot be rendered: {why}", place, "nothing was written; mend the template"
    )


def _index(press: _Press, head: dict[str, str], memos: list[WrittenMemo]) -> bytes:
    policy = press.checked.policy
    index = {
        "format": 1,
        "policy": policy.id,
        "policy_version": policy.version,
        **head,
        "language": press.speaker.language,
        "memos": [{"client": list(m.client), "name": m.name, "file": m.file, "decision": m.decision, "sha256": m.sha256} for m in memos],
    }
    return (json.dumps(index, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
