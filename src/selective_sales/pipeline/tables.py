"""A policy and data files in, the findings of the data contract out: nothing is decided, nothing is written."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .. import checking, compiling, data
from ..engines import duckdb_engine as engine
from ..model.checked import CheckedPolicy
from ..model.finding import Finding, Severity, has_errors, in_order
from .history import create_history
from .policies import file_finding, load_policy
from .summary import amount_of

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class DataCheck:
    """The findings of a policy and its data. `found` is False where the arguments name no usable files, or one changed."""

    findings: tuple[Finding, ...]
    found: bool


def check_data(policy: Path, arguments: Sequence[str], as_of: datetime.date | None = None) -> DataCheck:
    """The findings of the policy and of the data named by `TABLE=FILE` and `FOLDER` arguments (`as_of`: today where not given)."""
    checked, findings = load_policy(policy)
    if checked is None:
        return DataCheck(findings, found=True)
    inputs, told = data.inputs_from(arguments, checked.policy.delivered, policy)
    if has_errors(told):
        return DataCheck(in_order((*findings, *told)), found=False)
    files = {name: path.absolute() for name, path in inputs.items()}
    with tempfile.TemporaryDirectory(prefix="selective-sales-") as name:
        folder = Path(name)
        try:
            with engine.connected(
                [file for file in files.values() if isinstance(file, Path)], [folder], folder, engine.Limits()
            ) as connection:
                loaded = data.load(
                    connection,
                    checked.policy.delivered,
                    files,
                    currency=checked.policy.currency,
                    as_of=as_of or datetime.date.today(),
                    quarantine=None,
                    staging=folder,
                )
                if not has_errors(loaded.findings):
                    findings = (*findings, *gap_counts(connection, checked, as_of or datetime.date.today()))
        except engine.EngineError as error:
            return DataCheck(in_order((*findings, file_finding("SS704", f"the engine stopped: {error}", policy, error.help))), found=True)
    return DataCheck(in_order((*findings, *told, *loaded.findings)), found=not data.is_change(loaded.findings))


def gap_counts(connection: duckdb.DuckDBPyConnection, checked: CheckedPolicy, as_of: datetime.date) -> Iterator[Finding]:
    """For each gap of a decision table, how many clients of the loaded data fall into it, and with what revenue."""
    found = [(table, words, condition) for table in checked.tables for words, condition in checking.gaps(table, checked, as_of)]
    if not found or any(parameter.value_at(as_of) is None for parameter in checked.policy.parameters):
        return
    history = checked.policy.table("history")
    if history is not None:
        create_history(connection, history, ())
    query = compiling.compile_policy(checked, as_of, history=False)
    amount = amount_of(checked)
    expression = None if amount is None else amount.expression
    counts = engine.counted(connection, query, compiling.count_query(checked, as_of, [c for _, _, c in found], expression))
    for (table, words, _), (clients, total) in zip(found, counts, strict=True):
        named = "" if amount is None else f"; their {amount.name} is"
        money = "" if total is None else f"{named} {total:,.2f} {checked.policy.currency}".replace(",", " ")
        message = (
            f"of the data {clients} {'client falls' if clients == 1 else 'clients fall'} into the gap '{words}' of the table '{table.name}'"
        )
        severity = Severity.WARNING if clients else Severity.NOTE
        yield Finding("SS720", f"{message}{money}", table.place, "their outputs are missing: add a row, or otherwise: [...]", severity)
