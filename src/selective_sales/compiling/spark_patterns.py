r"""A pattern of the language (RE2) in, the same pattern for Java out; None where Java has no equal.

Java's `.`, `$` and `\s` know more ends of lines and spaces than RE2's, and its brackets have operators: all is said sign by sign.
"""

from __future__ import annotations

from .postgres_patterns import NoEqualError, Pattern


def spark_pattern(pattern: str) -> str | None:
    """The pattern in Java's words."""
    try:
        return "".join(_JavaPattern(pattern).parts())
    except NoEqualError:
        return None


class _JavaPattern(Pattern):
    most_repeats = 1000
    end = r"\z"

    @staticmethod
    def sign(character: str) -> str:
        if character.isascii() and character.isalnum():
            return character
        return f"\\x{{{ord(character):x}}}"
