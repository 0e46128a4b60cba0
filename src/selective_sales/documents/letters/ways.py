"""A template and the view of one letter in, what is made of its text and the values for it out; the same way is not gone twice.

Which parts of a template a letter gets depends on what its conditions and loops ask: whether a value is there, how long a list is, what a
value is where it is compared. Where these are the same for the next letter, its text with marks is the same, and only values are put in.
A template that asks anything else, or makes new texts on its way, is rendered for every letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from operator import attrgetter
from typing import Any, Generic, TypeVar

from jinja2.exceptions import SecurityError

from ..environment import DocumentEnvironment
from .asked import asked
from .filling import SOURCES, Path, Tagged

T = TypeVar("T")
Get = Callable[[Any], Any]
Sources = tuple[Path | str, ...]
"""By mark, where its value stands in the view; or the value itself, where the template has it."""
Make = Callable[[str, Sources], tuple[T, Sources]]
"""What is made of a text with marks, and the sources of those that are left."""
MOST_TEXT = 100_000
"""Characters of one letter's body or page, its values among them."""
_MOST_WAYS = 2_000
"""Ways that are remembered at a time. A folder of letters takes a few dozen."""
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class _Way(Generic[T]):
    """A way that a letter has gone."""

    made: T
    gets: tuple[Get, ...]


@dataclass(slots=True)
class Ways(Generic[T]):
    """The ways through the templates of one environment. `make` is called once for each way."""

    environment: DocumentEnvironment
    make: Make[T]
    _asked: dict[str, tuple[tuple[str, Get], ...] | None] = field(default_factory=dict)
    _gone: dict[tuple[object, ...], _Way[T]] = field(default_factory=dict)

    def taken(self, name: str, view: Any) -> tuple[T, list[str]]:
        """What is made of the template for that view, and the values to put in. Raises what rendering raises."""
        if name not in self._asked:
            found = asked(self.environment, name)
            self._asked[name] = None if found is None else tuple((what, _get(path)) for what, path in found)
        probes = self._asked[name]
        key = None if probes is None else (name, *(_answer(what, get(view)) for what, get in probes))
        known = None if key is None else self._gone.get(key)
        if known is not None:
            values = [get(view) for get in known.gets]
            # What cannot be printed is found again on the slow way, which says where.
            if _ABSENT not in values and all(values) and not any(map(str.isspace, values)) and sum(map(len, values)) < MOST_TEXT // 2:
                return known.made, values
        text, sources = self._rendered(name, view)
        made, left = self.make(text, sources)
        way = _Way(made, tuple(map(_get_source, left)))
        if key is not None:
            if len(self._gone) >= _MOST_WAYS:
                self._gone.clear()
            self._gone[key] = way
        return made, [get(view) for get in way.gets]

    def _rendered(self, name: str, view: Any) -> tuple[str, Sources]:
        sources: list[Path | str] = []
        context = {one.name: _tagged(getattr(view, one.name), (one.name,)) for one in fields(view)}
        parts, size = [], 0
        for part in self.environment.get_template(name).generate({**context, SOURCES: sources}):
            size += len(part)
            if size > MOST_TEXT:
                raise SecurityError(f"the letter is longer than {MOST_TEXT} characters")
            parts.append(part)
        values = sum(len(source if isinstance(source, str) else str(_get(source)(view))) for source in sources)
        if size + values > MOST_TEXT:
            raise SecurityError(f"the letter is longer than {MOST_TEXT} characters")
        return "".join(parts), tuple(sources)


def _answer(what: str, value: Any) -> object:
    """What a way depends on; a value that is not there at all is told from one that is None."""
    if value is _ABSENT or value is None:
        return value
    match what:
        case "there":
            return bool(value)
        case "length":
            return len(value)
        case _:
            return value


def _get_source(source: Path | str) -> Get:
    return (lambda view: source) if isinstance(source, str) else _get(source)


def _get(path: Path) -> Get:
    """What stands at that path of a view."""
    if all(isinstance(step, str) for step in path) and path[0] != "fields":
        return attrgetter(".".join(map(str, path)))

    def get(view: Any) -> Any:
        found = view
        for step in path:
            if isinstance(found, Mapping):
                found = found.get(step, _ABSENT)
            else:
                found = found[step] if isinstance(step, int) else getattr(found, step)
        return found

    return get


def _tagged(value: Any, path: Path) -> Any:
    """The value with each of its texts knowing where it stands."""
    match value:
        case str():
            return Tagged.at(value, path)
        case tuple():
            return tuple(_tagged(item, (*path, number)) for number, item in enumerate(value))
        case Mapping():
            return {name: _tagged(item, (*path, name)) for name, item in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{one.name: _tagged(getattr(value, one.name), (*path, one.name)) for one in fields(value)})
        case _:
            return value
