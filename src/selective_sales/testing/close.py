"""A name and the names that exist in, a did-you-mean out."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """`did you mean 'x'?` where one of the known names is near, else the given text, else the list of what there is."""
    import difflib

    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6) or [n for n in names if n.casefold() == name.casefold()]
    if near:
        return f"did you mean '{near[0]}'?"
    if otherwise:
        return otherwise
    return f"there is: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}" if names else ""
