"""Inferred fields in, the key out: the columns that name each client once. What speaks against the likely one is said, with its rows."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from ..model.finding import Finding, Severity
from ..model.place import Place
from .headers import NO_KEY, is_name, key_rank
from .inferred import Inferred
from .profile import Repeats
from .sample import Sampled, combined

_UNFIT = 9


def guessed(sampled: Sampled, fields: Sequence[Inferred]) -> tuple[tuple[Inferred, ...], tuple[Finding, ...]]:
    """The key by the columns' headers and values. Empty, with an error, where no column names each client once."""
    ranked = sorted(fields, key=lambda f: (_rank(f), f.column.position))
    chosen = next((f for f in ranked if f.column.repeats.unique and _rank(f) < _UNFIT), None)
    findings = []
    likely = next((f for f in ranked if key_rank(f.column.header) < NO_KEY and f.column.repeats.nearly), None)
    if likely is not None and (chosen is None or ranked.index(likely) < ranked.index(chosen)):
        findings.append(_not_quite(sampled, likely, chosen))
        if chosen is not None:
            why = f"taken because in {likely.column.header!r} {_fault(likely.column.repeats)}"
            chosen = replace(chosen, remarks=(why, *chosen.remarks))
    elif chosen is not None and key_rank(chosen.column.header) == NO_KEY:
        message = f"no header says which column is the key; {chosen.column.header!r} was taken: no value comes twice in it"
        help_ = "give --key COLUMN if another one, or several together, name the client"
        findings.append(Finding("SS755", message, Place(str(sampled.path), 1, 1), help_, Severity.NOTE))
    if chosen is None:
        message = "no column names each client once: all have blanks or values that come twice"
        findings.append(Finding("SS753", message, Place(str(sampled.path), 1, 1), _ways_out(sampled)))
        return (), tuple(findings)
    return (_as_key(chosen),), tuple(findings)


def given(sampled: Sampled, fields: Sequence[Inferred], wanted: str) -> tuple[tuple[Inferred, ...], tuple[Finding, ...]]:
    """The columns that the user names as the key. Empty, with an error, where there is no such column or they name a client twice."""
    named = {f.column.header: f for f in fields}
    headers = [wanted] if wanted in named else [part.strip() for part in wanted.split(",")]
    for header in headers:
        if header not in named:
            close = difflib.get_close_matches(header, named, 1) or [h for h in named if h.casefold() == header.casefold()]
            listed = ", ".join(repr(h) for h in list(named)[:20]) + (" ..." if len(named) > 20 else "")
            help_ = f"did you mean {close[0]!r}?" if close else f"the columns are {listed}"
            return (), (Finding("SS759", f"--key: the file has no column {header!r}", Place(str(sampled.path), 1, 1), help_),)
    chosen = [named[header] for header in dict.fromkeys(headers)]
    repeats = chosen[0].column.repeats if len(chosen) == 1 else combined(sampled, [f.column.position for f in chosen])
    if not repeats.unique:
        together = " and ".join(repr(f.column.header) for f in chosen)
        verb = "does" if len(chosen) == 1 else "do"
        message = f"{together} {verb} not name each client once: {_fault(repeats)}"
        return (), (Finding("SS753", message, Place(str(sampled.path), _line(repeats), 1), _ways_out(sampled)),)
    return tuple(_as_key(f) for f in chosen), ()


def _rank(field: Inferred) -> int:
    if field.type not in {"text", "integer"}:
        return _UNFIT
    rank = key_rank(field.column.header)
    if rank < NO_KEY:
        return rank
    return 3 if is_name(field.column.header) else 4 if field.type == "text" else 5


def _as_key(field: Inferred) -> Inferred:
    """Whole numbers without signs and blanks stay numbers; whatever else names a client is a text."""
    found = field.column.numbers["."]
    plain = field.type == "integer" and found.only_digits and found.minimum is not None and found.minimum >= 0
    return field if plain else replace(field, type="text", format=None, missing_tokens=())


def _not_quite(sampled: Sampled, likely: Inferred, chosen: Inferred | None) -> Finding:
    repeats = likely.column.repeats
    message = f"{likely.column.header!r} would be the key, but {_fault(repeats)}"
    if chosen is not None:
        message += f"; {chosen.column.header!r} was taken instead"
    help_ = f"mend these rows and run init again with --key {_shell(likely.column.header)}, or check that the key taken is the right one"
    return Finding("SS758", message, Place(str(sampled.path), _line(repeats), 1), help_, Severity.WARNING)


def _fault(repeats: Repeats) -> str:
    if repeats.doubles:
        (value, (first, second)), *others = repeats.doubles.items()
        shown = value if value.startswith(("'", '"')) else repr(value)
        more = "" if not others else f", and so do {len(others)} other values" if repeats.lines is not None else ", and many others do too"
        return f"{shown} comes twice (rows {first} and {second}){more}"
    return f"it is blank in row {repeats.blank}"


def _line(repeats: Repeats) -> int:
    return next(iter(repeats.doubles.values()))[1] if repeats.doubles else repeats.blank or 1


def _shell(text: str) -> str:
    return text if text.isalnum() else f'"{text}"'


def _ways_out(sampled: Sampled) -> str:
    """Columns together, or a number for each row; the command is shown where lines are rows and the bytes are plain."""
    help_ = "name the columns that together make the key: --key COLUMN,COLUMN; or number the rows"
    if sampled.encoding == "utf-16" or not sampled.a_row_a_line:
        return f"{help_} in a spreadsheet"
    file = sampled.path.name if sampled.path.name.replace(".", "").replace("_", "").isalnum() else f"'{sampled.path.name}'"
    delimiter = {"\t": "\\t"}.get(sampled.delimiter, sampled.delimiter)
    return f"""{help_}: awk '{{print (NR == 1 ? "row_id" : NR - 1) "{delimiter}" $0}}' {file} > numbered.csv"""
