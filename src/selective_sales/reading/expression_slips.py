"""The spot where an expression stopped making sense in; one slip out, in an author's words, with the right form.

Each check knows one idea and gives a slip or None; the first that knows the case speaks.
"""

from __future__ import annotations

from collections.abc import Callable

from . import expression_slips_forms as forms
from . import expression_slips_general as general
from . import expression_slips_numbers as numbers
from . import expression_slips_programs as programs
from . import expression_slips_signs as signs
from . import expression_slips_words as words
from .expression_tokens import Slip, Token, UnexpectedError
from .expression_trouble import Trouble

_CHECKS: tuple[Callable[[Trouble], Slip | None], ...] = (
    numbers.spaced_number,
    signs.quotes,
    forms.spreadsheet_if,
    signs.split_sign,
    signs.wrong_sign,
    signs.percent_sign,
    signs.braces,
    numbers.date_like,
    numbers.bad_number,
    numbers.number_and_word,
    numbers.comma,
    forms.between,
    forms.intervals,
    numbers.points,
    numbers.two_durations,
    signs.decorated_name,
    signs.strange_character,
    programs.query,
    programs.method,
    programs.like,
    programs.infix_function,
    words.spoken_comparison,
    words.else_if,
    forms.without_branch,
    words.blank_test,
    words.is_something,
    words.other_case,
    forms.too_early,
    programs.bare_function,
    words.spaced_name,
    forms.brackets,
    forms.membership,
    general.names,
    forms.choice,
    forms.chain,
)


def diagnose(text: str, tokens: list[Token], unexpected: UnexpectedError) -> Slip:
    """The slip at the token that the parser did not expect."""
    if len(tokens) == 1:
        return Slip("SS151", "the expression is empty", "write a condition, such as revenue > 1000, or leave the key out", 0, len(text))
    trouble = Trouble(text, tokens, unexpected.index, unexpected.expected, unexpected.opener)
    return next((slip for check in _CHECKS if (slip := check(trouble)) is not None), None) or general.anything(trouble)
