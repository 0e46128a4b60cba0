"""CheckedPolicy in, one Query out. Never touches a database or a file."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from ..model.checked import CheckedPolicy
from ..model.plan import Query
from .auditing import audit_query, without_rule_query
from .counting import count_query
from .coverage import coverage_query
from .decide import DecideSelect, result_columns
from .explain import explain_query, question_query
from .facts import FactsSelect, fact_columns
from .letters import letters_query
from .macros import macro_statements
from .measuring import held, measures_query, moves
from .plan import Setting, plan
from .prepared import prepared_query
from .profiling import profile_rounds, width
from .rankings import outcomes_query, ranking_query
from .redeciding import redecide_query, undecidable
from .reporting import Shown, report_query
from .results import results_query
from .scenarios import fields_in_lists, lists_look_around, looks_at_portfolio, scenario_query
from .served import served_columns
from .simulating import followed, simulation_query
from .spark_size import spark_size_findings
from .variants import Variant, filled, other_name, tree_with, varied
from .waiting import says_all, waiting_query

if TYPE_CHECKING:
    from .portable import postgres_findings, postgres_query, spark_findings, spark_query

__all__ = [
    "Shown",
    "Variant",
    "audit_query",
    "compile_policy",
    "count_query",
    "coverage_query",
    "explain_query",
    "fields_in_lists",
    "filled",
    "followed",
    "held",
    "letters_query",
    "lists_look_around",
    "looks_at_portfolio",
    "macro_statements",
    "measures_query",
    "moves",
    "other_name",
    "outcomes_query",
    "postgres_findings",
    "postgres_query",
    "prepared_query",
    "profile_rounds",
    "question_query",
    "ranking_query",
    "redecide_query",
    "report_query",
    "results_query",
    "says_all",
    "scenario_query",
    "served_columns",
    "simulation_query",
    "spark_findings",
    "spark_query",
    "spark_size_findings",
    "tree_with",
    "undecidable",
    "varied",
    "waiting_query",
    "width",
    "without_rule_query",
]
_ELSEWHERE = frozenset(("postgres_findings", "postgres_query", "spark_findings", "spark_query"))


def __getattr__(name: str) -> object:
    # Another engine's words when they are asked for: its table of letters takes a tenth of a second.
    if name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import portable

    return getattr(portable, name)


def compile_policy(
    checked: CheckedPolicy,
    as_of: datetime.date,
    *,
    exceptions: bool = False,
    history: bool = True,
    partition: str | None = None,
    reasons: bool = True,
) -> Query:
    """The policy as SQL for a run on that date.

    The statements read tables named as in the policy, then `run.facts` (what `facts` yields) and, where `exceptions`, `run.exceptions`
    with the columns "key 0", "key 1", ... (texts) and decision. Without `history` every list over it is missing. `partition` names a field
    of the clients whose values keep portfolios apart: what policy tests need, whose cases share one run. Without `reasons`,
    `missing_because` is empty.
    """
    layers = plan(checked, Setting(partition, frozenset() if history else frozenset({"history"})))
    facts = FactsSelect(checked, layers, as_of).build()
    decide = DecideSelect(checked, layers, as_of, exceptions, reasons)
    select = decide.build()
    return Query(
        prelude=(*macro_statements(), *decide.variables),
        facts=facts,
        decide=select,
        fact_columns=fact_columns(checked, layers),
        result_columns=result_columns(checked),
        key=checked.policy.clients.key,
    )
