"""Places of a policy's text in, the places between, before and after them out: where an author would type a fault."""

from __future__ import annotations

from ..model.expression import Expression, walk
from ..model.mutant import Edit
from ..model.place import Place


def swapped_texts(one: Expression, other: Expression) -> tuple[Edit, ...]:
    """Two spans that change places."""
    return (Edit(one.place, "", "", other.place), Edit(other.place, "", "", one.place))


def removed_item(items: tuple[Expression, ...], i: int) -> tuple[Edit, ...]:
    """Of several conditions one is taken out; a nesting of conditions has no span that could be."""
    return removed_text([item.place for item in items], i) if all(map(plain_span, items[max(0, i - 1) : i + 2])) else ()


def plain_span(node: Expression) -> bool:
    """True where the node's place is all of its text, not the key of a nesting."""
    end = (node.place.end_line, node.place.end_column)
    return all(part.place.line == 0 or (part.place.end_line, part.place.end_column) <= end for part in walk(node))


def removed_text(places: list[Place], i: int) -> tuple[Edit, ...]:
    """One of several things in a row is taken out, with what divides it from its neighbour."""
    if i > 0:
        return (Edit(between(places[i - 1], end_of(places[i])), "", ""),)
    return (Edit(between(start_of(places[0]), places[1]), "", ""),)


def between(one: Place, other: Place) -> Place:
    """From the end of one span to the start of another."""
    return Place(one.file, one.end_line, one.end_column, other.line, other.column)


def start_of(place: Place, width: int = 0) -> Place:
    return Place(place.file, place.line, place.column, place.line, place.column + width)


def end_of(place: Place) -> Place:
    return Place(place.file, place.end_line, place.end_column, place.end_line, place.end_column)


def before(place: Place, width: int = 6) -> Place:
    """The few characters before a span: where its operator or bracket stands."""
    return Place(place.file, place.line, max(1, place.column - width), place.line, place.column)


def after(place: Place, width: int = 1) -> Place:
    return Place(place.file, place.end_line, place.end_column, place.end_line, place.end_column + width)


def starts_apart(place: Place, first: Place) -> bool:
    """True where the node's place is a word of its own (`all:`), not the span of an expression."""
    return (place.line, place.column) != (first.line, first.column) and (place.end_line, place.end_column) <= (first.line, first.column)
