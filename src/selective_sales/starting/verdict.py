"""Profiles of columns in, the data contract in words out: the file's decimal mark, a type for each column, and which one is the key.

A type is never given up in silence: where a few cells alone turn a column into text, they are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from ..model.finding import Finding, Severity, has_errors
from ..model.place import Place
from ..model.quoting import shortened
from .headers import is_code, is_flag, is_identifier, is_money, is_name, is_private, is_share
from .inferred import Contract, Inferred, Type
from .keys import given, guessed
from .profile import FALSE_WORDS, TRUE_WORDS, Column
from .readings import Dates, Mark, Numbers, Reading
from .sample import Sampled

_MARKS: tuple[tuple[Mark, Mark], ...] = ((".", ","), (",", "."))
_LONG_CODE = 10_000


def infer(sampled: Sampled, key: str | None = None) -> tuple[Contract | None, tuple[Finding, ...]]:
    """The contract, or None where no column names each client once. `key` names the key's column or columns, with commas."""
    mark, assumed = _decimal_mark(sampled)
    currency = _currency(sampled)
    fields = [_judge(column, mark, currency) for column in sampled.columns]
    keys, told = guessed(sampled, fields) if key is None else given(sampled, fields, key)
    findings = [*_assumptions(sampled, mark if assumed else None, fields), *told]
    if not keys or has_errors(told):
        return None, tuple(findings)
    keys = tuple(replace(field, private=False) for field in keys)
    by_position = {field.column.position: field for field in keys}
    fields = [by_position.get(field.column.position, field) for field in fields]
    for number, field in enumerate(fields):
        if field not in keys and field.type == "text":
            fields[number], spoilt = _spoilt(sampled, field, mark)
            findings += spoilt
    return Contract(sampled, mark, currency, keys, tuple(fields), _display(keys, fields)), tuple(findings)


def _assumptions(sampled: Sampled, mark: Mark | None, fields: Iterable[Inferred]) -> Iterator[Finding]:
    """What nothing in the file proves; `mark` is given where it was assumed."""
    if sampled.encoding == "windows-1250":
        yield _assumed(sampled, "the file is not UTF-8; Windows-1250 was assumed")
    if mark is not None:
        yield _assumed(sampled, f"nothing proves the decimal mark; {mark!r} was assumed")
    for field in fields:
        if field.format == "%d/%m/%Y" and field.column.dates["%m/%d/%Y"].fits:
            header = field.column.header
            yield _assumed(sampled, f"in {header!r} every date can be day first or month first; day first was assumed")


def _assumed(sampled: Sampled, message: str) -> Finding:
    return Finding(
        "SS755", message, Place(str(sampled.path), 1, 1), "see that the contract in the policy says what you mean", Severity.NOTE
    )


def _decimal_mark(sampled: Sampled) -> tuple[Mark | None, bool]:
    """The mark that cells prove, and whether it had to be assumed. Where columns prove different marks, the more frequent one."""
    votes: Counter[Mark] = Counter()
    undecided = False
    for column in sampled.columns:
        for mark, other in _MARKS:
            numbers, against = column.numbers[mark], column.numbers[other]
            if numbers.fits and numbers.contains_mark:
                if not against.fits or (numbers.proven and not against.proven):
                    votes[mark] += 1
                else:
                    undecided = True
    if votes:
        return votes.most_common(1)[0][0], False
    if undecided:
        return ("," if sampled.delimiter == ";" else "."), True
    return None, False


def _currency(sampled: Sampled) -> str | None:
    """The currency written behind amounts; None where there is none, or not one and the same."""
    seen = {c for column in sampled.columns for n in column.numbers.values() if n.fits for c in n.currencies}
    return seen.pop() if len(seen) == 1 else None


def _judge(column: Column, mark: Mark | None, currency: str | None) -> Inferred:
    """The narrowest type that every value of the column fits."""
    field = _typed(column, mark, currency)
    if is_private(column.header):
        return replace(field, private=True)
    return field


def _typed(column: Column, mark: Mark | None, currency: str | None) -> Inferred:
    numbers = column.numbers[mark or "."]
    blanks = _blanks(column)
    tokens = tuple(sorted(column.tokens))
    if column.values == 0:
        return Inferred(column, "text", remarks=("no value seen",))
    if _is_boolean(column):
        return Inferred(column, "boolean", missing_tokens=tokens, remarks=blanks)
    if numbers.fits and (not numbers.currencies or set(numbers.currencies) == {currency}):
        return _number(column, numbers, tokens, blanks)
    for span in column.spans.values():
        if span.fits and span.range:
            low, high = span.range
            return Inferred(column, span.unit, None, low, high, tokens, (f"seen: {low} .. {high}", *blanks))
    for date in column.dates.values():
        if date.fits and date.range:
            first, last = date.range
            written = None if date.format == "%Y-%m-%d" else date.format
            return Inferred(column, "date", written, first, last, tokens, (f"seen: {first} .. {last}", *blanks))
    blank = (f"{column.blanks} of {column.rows} blank",) if column.blanks else ()
    return Inferred(column, "text", remarks=(*_words_seen(column), *blank))


def _words_seen(column: Column) -> tuple[str, ...]:
    """The values of a text that has only a few; a word such as `n/a` is one of them, for nobody has declared it to mean a blank."""
    words = column.words | set(column.tokens)
    if column.many_words or column.rows - column.blanks <= 2 * len(words):
        return ()
    return ("seen: " + ", ".join(shortened(w) for w in sorted(words)),)


def _blanks(column: Column) -> tuple[str, ...]:
    missing = column.rows - column.values
    return (f"{missing} of {column.rows} blank",) if missing else ()


def _is_boolean(column: Column) -> bool:
    """Words such as `tak`; single letters only in a pair; 0 and 1 only where the header asks a question with them."""
    words = column.truths
    if words and words <= {"0", "1"}:
        return is_flag(column.header)
    return any(len(w) > 1 for w in words) or bool(words & TRUE_WORDS and words & FALSE_WORDS)


def _number(column: Column, numbers: Numbers, tokens: tuple[str, ...], blanks: tuple[str, ...]) -> Inferred:
    low, high = numbers.minimum, numbers.maximum
    assert low is not None and high is not None
    largest = max(abs(low), abs(high))
    code = is_code(column.header) and numbers.whole
    cents = numbers.most_places == numbers.fewest_places == 2 and high > 1
    as_money = numbers.currencies or (is_money(column.header, cents) and not (code and numbers.grouped))
    kind: Type = "integer" if numbers.whole else "number"
    if not numbers.percent and largest < Decimal(10) ** 14 and as_money:
        kind = "money"
    if kind != "money" and code and (numbers.grouped or (low >= _LONG_CODE and not is_identifier(column.header))):
        return Inferred(column, "text", remarks=("digits of a code or a phone, no number", *_words_seen(column), *blanks))
    if kind != "money" and (numbers.currencies or largest >= Decimal(10) ** 18):
        return Inferred(column, "text", remarks=blanks)
    measure = not code and not is_identifier(column.header) and not is_share(column.header)
    return Inferred(column, kind, None, low, high, tokens, (f"seen: {_plain(low)} .. {_plain(high)}", *blanks), measure=measure)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _spoilt(sampled: Sampled, field: Inferred, mark: Mark | None) -> tuple[Inferred, tuple[Finding, ...]]:
    """Names the few cells that alone keep a column from another type, in a warning and in the field's comment."""
    column = field.column
    if is_code(column.header) or is_identifier(column.header) or is_name(column.header):
        return field, ()
    readings = [column.numbers[mark]] if mark else list(column.numbers.values())
    near: list[Reading] = [r for r in (*readings, *column.spans.values(), *column.dates.values()) if r.nearly]
    several = next((n for n in column.numbers.values() if n.fits and len(n.currencies) > 1), None)
    if several is not None:
        amounts = " and ".join(shortened(cell) for cell in several.currencies.values())
        said, remark = f"it holds several currencies, such as {amounts}", "several currencies"
        line, help_ = 1, "one policy has one currency: convert the amounts in the file, and run init again"
    elif near:
        best = max(near, key=lambda r: r.fitting)
        line = best.first_misfits[0][0]
        said, remark = _against(best, column)
        help_ = "mend the cells and run init again; or give the field that type in the policy, and evaluate with --quarantine"
    else:
        return field, ()
    message = f"{column.header!r} became text: {said}"
    finding = Finding("SS757", message, Place(str(sampled.path), line, 1), help_, Severity.WARNING)
    return replace(field, remarks=(remark, *field.remarks)), (finding,)


def _against(best: Reading, column: Column) -> tuple[str, str]:
    cells = ", ".join(f"row {line} holds {shortened(cell)}" for line, cell in best.first_misfits)
    rest = best.misfits - len(best.first_misfits)
    more = f" and {rest} more do not fit" if rest > 0 else ""
    match best:
        case Dates():
            shown = best.format.replace("%d", "dd").replace("%m", "mm").replace("%Y", "yyyy")
            what = f"dates like {shown}"
        case Numbers() if is_money(column.header, True) or best.currencies:
            what = "amounts"
        case Numbers():
            what = "numbers"
        case _:
            what = "spans of time"
    return f"{cells}{more}; the other {best.fitting} values are {what}", f"the other {best.fitting} values are {what}, but {cells}{more}"


def _display(keys: Iterable[Inferred], fields: Iterable[Inferred]) -> Inferred | None:
    """A text with many different values whose header says that it is a name."""
    able = [f for f in fields if f.type == "text" and f not in keys and not f.private and is_name(f.column.header)]
    return next((f for f in able if f.column.many_words or 2 * len(f.column.words) > f.column.values), None)
