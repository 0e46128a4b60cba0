"""What a letter was made of, as digests: of the run's policy and data, of the templates, of the letterhead, of the client's own values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..deciding.manifest import Manifest
from ..model.batch import Origins, Said
from ..model.letter import LetterCase
from ..model.letterhead import Letterhead

LETTERS = "letters"
_BODY = re.compile(LETTERS + r"/[^/]+\.(?:pl|en)\.md\.j2")
LARGEST = 4 * 1024 * 1024


@dataclass(slots=True)
class OriginsOf:
    """Gives the origins of each letter of a batch; what letters share is digested once."""

    manifest: Manifest
    letterhead: Letterhead
    templates: Mapping[str, bytes]
    """The templates' files, as `template_files` gives them."""
    _policy: str = field(init=False)
    _data: str = field(init=False)
    _letterhead: str = field(init=False)
    _bodies: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        m = self.manifest
        self._policy = _digest(*(file.sha256 for file in m.policy_files))
        tables = [f"{t.name} {t.sha256 or m.facts_sha256}" for t in m.tables]
        earlier = [entry.digest for entry in m.history or ()]
        self._data = _digest(m.as_of.isoformat(), *tables, m.exceptions.sha256 if m.exceptions else "", *earlier)
        logo = b"" if self.letterhead.logo is None else self.letterhead.logo.content
        self._letterhead = _digest(repr(replace(self.letterhead, path="")), hashlib.sha256(logo).hexdigest())

    def of(self, case: LetterCase, said: Said) -> Origins:
        body = (case.body, case.language)
        template = self._bodies.get(body) or self._bodies.setdefault(body, self._template(*body))
        return Origins(self._policy, self._data, template, self._letterhead, values_digest(said))

    def _template(self, body: str, language: str) -> str:
        """Of the body and of all files that are no bodies: the shell, and what is included."""
        own = f"{LETTERS}/{body}.{language}.md.j2"
        files = [(name, content) for name, content in self.templates.items() if name == own or not _BODY.fullmatch(name)]
        return _digest(*(f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in files))


def template_files(*folders: Path) -> dict[str, bytes]:
    """The templates and style sheets of letters, by their path; of one that several folders have, the last folder's."""
    found = {}
    for folder in folders:
        for path in sorted((folder / LETTERS).rglob("*")):
            if path.suffix in (".j2", ".css") and path.is_file() and path.stat().st_size <= LARGEST:
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


OF_ITS_DATE = frozenset({"date", "language", "effective_on"})
"""What of a letter comes neither from the client's data nor from the policy."""


def said_of(case: LetterCase) -> dict[str, str]:
    """All that the letter has from the client's data, the policy and its date; what there is not is left out."""
    said = {
        "decision": case.decision_id,
        "title": case.decision,
        "name": case.name,
        "salutation": case.salutation,
        "address": "\n".join(case.address),
        **{f"fields.{name}": value for name, value in case.fields.items()},
        **{f"reasons.{reason.rule}": reason.text for reason in case.reasons},
        "missing": "\n".join(case.missing),
        "changes": "\n".join(case.changes),
        "policy": case.policy,
        "policy_version": case.policy_version,
        "as_of": case.as_of,
        "date": case.date,
        "effective_on": case.effective_on,
        "language": case.language,
    }
    return {name: value for name, value in said.items() if value}


def values_digest(said: Said) -> str:
    """Of what the letter has from the client's data and the policy, in the order in which it says it."""
    values = [value for value in said.items() if value[0] not in OF_ITS_DATE]
    return hashlib.sha256(repr(values).encode("utf-8", "backslashreplace")).hexdigest()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
