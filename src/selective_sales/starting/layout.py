"""A folder in, and maybe a client file; the files of a working start out. Writes all of them or none, and over nothing that exists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .. import resources
from ..model.finding import Finding, has_errors
from .contract import policy_text
from .inferred import Contract
from .laying import lay
from .naming import slug
from .sample import sample
from .trial import test_text
from .verdict import infer

_AS_THEY_ARE = {
    "exceptions.yaml": "exceptions.yaml",
    "settings.json": ".vscode/settings.json",
    "extensions.json": ".vscode/extensions.json",
    "workflow.yml": ".github/workflows/policies.yml",
    "README.md": "README.md",
    "gitignore": ".gitignore",
}
_NO_CLIENTS = b"# So do the clients themselves, unless everybody who reads the repository may know them.\n/data/\n"
_KINDS = ("policy", "test", "exceptions", "expect", "letterhead", "approvals")
_SCHEMAS = tuple(f"{kind}.schema.json" for kind in _KINDS)


@dataclass(frozen=True, slots=True)
class Laid:
    """What was written: paths relative to the folder, the policy's id, and in words what was found out about the file."""

    folder: Path
    policy_id: str
    files: tuple[Path, ...]
    settled: tuple[str, ...]


def start(folder: Path, source: Path | None, key: str | None = None) -> tuple[Laid | None, tuple[Finding, ...]]:
    """Lays out the folder, with the contract drawn from `source` where one is given; `key` names its key: one header or several."""
    policy_id = slug(folder.resolve().name, "our-clients")
    contract, findings = (None, ()) if source is None else _contract(source, key)
    if has_errors(findings):
        return None, findings
    files = _shipped(policy_id, contract) | _policy(policy_id, contract)
    refused = lay(folder, files)
    if refused:
        return None, (*findings, *refused)
    return Laid(folder, policy_id, tuple(Path(name) for name in files), _settled(contract)), findings


def _contract(source: Path, key: str | None) -> tuple[Contract | None, tuple[Finding, ...]]:
    sampled, findings = sample(source)
    if sampled is None:
        return None, findings
    contract, more = infer(sampled, key)
    return contract, (*findings, *more)


def _policy(policy_id: str, contract: Contract | None) -> dict[str, bytes | Path]:
    """The policy, its test and the data: from the sample, or from the file."""
    if contract is None:
        sample_files = {"policy.yaml": f"policies/{policy_id}.yaml", "policy.test.yaml": f"policies/{policy_id}.test.yaml"}
        files: dict[str, bytes | Path] = {target: _filled(name, policy_id, "C-03") for name, target in sample_files.items()}
        return files | {"data/clients.csv": resources.resource("init", "clients.csv").read_bytes()}
    return {
        f"policies/{policy_id}.yaml": policy_text(contract, policy_id).encode(),
        f"policies/{policy_id}.test.yaml": test_text(contract, f"{policy_id}.yaml").encode(),
        "data/clients.csv": contract.sampled.path,
    }


def _shipped(policy_id: str, contract: Contract | None) -> dict[str, bytes | Path]:
    client = "C-03" if contract is None else "ID"
    files: dict[str, bytes | Path] = {target: _filled(name, policy_id, client) for name, target in _AS_THEY_ARE.items()}
    if contract is not None:
        files[".gitignore"] = _filled("gitignore", policy_id, client) + _NO_CLIENTS
    return files | {f"schemas/{name}": resources.resource("schemas", name).read_bytes() for name in _SCHEMAS}


def _filled(name: str, policy_id: str, client: str) -> bytes:
    text = resources.resource("init", name).read_text(encoding="utf-8")
    return text.replace("@NAME@", policy_id).replace("@CLIENT@", client).encode()


def _settled(contract: Contract | None) -> tuple[str, ...]:
    if contract is None:
        return ()
    delimiter = {"\t": "tab"}.get(contract.sampled.delimiter, contract.sampled.delimiter)
    decimal = (f"decimal mark {contract.decimal!r}",) if contract.decimal else ()
    return (
        f"{contract.sampled.rows} clients",
        contract.sampled.encoding,
        f"delimiter {delimiter!r}" if delimiter != "tab" else "delimiter tab",
        *decimal,
        "key " + " and ".join(repr(field.column.header) for field in contract.keys),
    )
