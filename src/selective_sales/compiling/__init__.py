"""CheckedPolicy in, one Query out. Never touches a database or a file."""

from __future__ import annotations

import datetime

from ..model.checked import CheckedPolicy
from ..model.plan import Query
from .decide import DecideSelect, result_columns
from .explain import explain_query
from .facts import FactsSelect, fact_columns
from .macros import macro_statements
from .plan import plan

__all__ = ["compile_policy", "explain_query"]


def compile_policy(checked: CheckedPolicy, as_of: datetime.date, *, exceptions: bool = False) -> Query:
    """The policy as SQL for a run on that date.

    The statements read tables named as in the policy, then `run.facts` (what `facts` yields) and, where `exceptions`, `run.exceptions`
    with the columns "key 0", "key 1", ... (texts) and decision.
    """
    layers = plan(checked)
    facts = FactsSelect(checked, layers, as_of).build()
    decide = DecideSelect(checked, layers, as_of, exceptions)
    select = decide.build()
    return Query(
        prelude=(*macro_statements(), *decide.variables),
        facts=facts,
        decide=select,
        fact_columns=fact_columns(checked, layers),
        result_columns=result_columns(checked),
        key=checked.policy.clients.key,
    )
