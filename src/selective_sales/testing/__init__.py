"""Policy tests: cases made ready for the production query, and what it gave compared with what was expected.

No file of a policy and no database is opened here: the pipeline reads, checks, loads, runs, and hands the rows back.
"""

from .batch import Batch, Prepared, ReadyCase, case_column, with_case_column
from .broken import broken, failed
from .close import did_you_mean
from .compare import Whole, case_notices, compare, run_notices
from .coverable import coverable
from .covered import counting, expected_marks, groups_of, shown_rows, with_seen
from .fault_text import shown
from .faults import mutants
from .files import ENDING, find, looked_into, no_policy, none_matches, real_path
from .killing_cases import KillingCases, worlds_of_case
from .needs import Needs
from .prepare import prepare
from .reasons import with_reasons
from .reviewing import unreviewed_findings
from .staging import Staged, StagedRow, stage
from .workings import with_values

__all__ = [
    "ENDING",
    "Batch",
    "KillingCases",
    "Needs",
    "Prepared",
    "ReadyCase",
    "Staged",
    "StagedRow",
    "Whole",
    "broken",
    "case_column",
    "case_notices",
    "compare",
    "counting",
    "coverable",
    "did_you_mean",
    "expected_marks",
    "failed",
    "find",
    "groups_of",
    "looked_into",
    "mutants",
    "no_policy",
    "none_matches",
    "prepare",
    "real_path",
    "run_notices",
    "shown",
    "shown_rows",
    "stage",
    "unreviewed_findings",
    "with_case_column",
    "with_reasons",
    "with_seen",
    "with_values",
    "worlds_of_case",
]
