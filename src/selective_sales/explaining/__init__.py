"""A checked policy, the explain query and one client's row in; why, why not, and what is missing out. Pure: no database, no files.

Words come from a speaker that is handed in; refuses nothing but a row that does not belong to the query.
"""

from __future__ import annotations

from .assembling import Explainer, explain
from .beside import held_against
from .machine import Json, as_json
from .source import expression_text, source_text, whole_text
from .terminal import text
from .values import scalar

__all__ = ["Explainer", "Json", "as_json", "explain", "expression_text", "held_against", "scalar", "source_text", "text", "whole_text"]
