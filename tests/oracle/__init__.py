"""A second, slow evaluator of the policy language: the independent oracle of the property tests.

CheckedPolicy and one client's typed values in, the outcome of every rule, the metrics and the decision out. Written from the language's
text, one client at a time and in the plainest Python; it shares no code with the compiler and is never shipped.
"""

from __future__ import annotations

from tests.oracle.decisions import Decided, decide, decide_all, whole
from tests.oracle.expressions import Client, Evaluator

__all__ = ["Client", "Decided", "Evaluator", "decide", "decide_all", "whole"]
