"""The fairness audit: clients counted by group and decision in, verdicts out. Pure: it sees counts, never a client."""

from __future__ import annotations

from .association import cramers_v, ratio_of_correlation
from .inputs import Input, inputs_of
from .judging import judge, without_rules

__all__ = ["Input", "cramers_v", "inputs_of", "judge", "ratio_of_correlation", "without_rules"]
