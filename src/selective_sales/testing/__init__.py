"""Policy tests: cases made ready for the production query, and what it gave compared with what was expected.

No file of a policy and no database is opened here: the pipeline reads, checks, loads, runs, and hands the rows back.
"""

from .batch import Batch, Prepared, ReadyCase, case_column, with_case_column
from .broken import broken, failed
from .close import did_you_mean
from .compare import compare
from .coverable import coverable
from .covered import counting, expected_marks, groups_of, shown_rows, with_seen
from .files import ENDING, find, looked_into, no_policy, none_matches
from .needs import Needs
from .prepare import prepare
from .reasons import with_reasons
from .reviewing import unreviewed_findings
from .staging import Staged, StagedRow, stage
from .workings import with_values

__all__ = [
    "ENDING",
    "Batch",
    "Needs",
    "Prepared",
    "ReadyCase",
    "Staged",
    "StagedRow",
    "broken",
    "case_column",
    "compare",
    "counting",
    "coverable",
    "did_you_mean",
    "expected_marks",
    "failed",
    "find",
    "groups_of",
    "looked_into",
    "no_policy",
    "none_matches",
    "prepare",
    "shown_rows",
    "stage",
    "unreviewed_findings",
    "with_case_column",
    "with_reasons",
    "with_seen",
    "with_values",
]
