"""A policy and data files in, the findings of the data contract out: nothing is decided, nothing is written."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import data
from ..engines import duckdb_engine as engine
from ..model.finding import Finding, has_errors, in_order
from .policies import file_finding, load_policy


@dataclass(frozen=True, slots=True)
class DataCheck:
    """The findings of a policy and its data. `found` is False where the arguments name no usable files: then no data was read."""

    findings: tuple[Finding, ...]
    found: bool


def check_data(policy: Path, arguments: Sequence[str], as_of: datetime.date | None = None) -> DataCheck:
    """The findings of the policy and of the data named by `TABLE=FILE` and `FOLDER` arguments (`as_of`: today where not given)."""
    checked, findings = load_policy(policy)
    if checked is None:
        return DataCheck(findings, found=True)
    inputs, told = data.inputs_from(arguments, checked.policy.tables, policy)
    if has_errors(told):
        return DataCheck(in_order((*findings, *told)), found=False)
    files = {name: path.absolute() for name, path in inputs.items()}
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as name:
        folder = Path(name)
        try:
            with engine.connected(files.values(), [folder], folder, engine.Limits()) as connection:
                loaded = data.load(
                    connection,
                    checked.policy.tables,
                    files,
                    currency=checked.policy.currency,
                    as_of=as_of or datetime.date.today(),
                    quarantine=None,
                    staging=folder,
                )
        except engine.EngineError as error:
            return DataCheck(in_order((*findings, file_finding("SS704", f"the engine stopped: {error}", policy))), found=True)
    return DataCheck(in_order((*findings, *told, *loaded.findings)), found=True)
