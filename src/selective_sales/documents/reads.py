"""A template that passed the lint in, the names it reads out: what it never names need not be put into words for every client."""

from __future__ import annotations

from jinja2 import nodes

from .context import ALL_NAMES
from .environment import DocumentEnvironment


def names_read(environment: DocumentEnvironment, name: str) -> frozenset[str]:
    """Every name in the template and in what it includes, whatever it is a name of; all names there are where one is made up on the way."""
    loader = environment.loader
    assert loader is not None
    found: set[str] = set()
    todo, seen = [name], {name}
    while todo:
        template = todo.pop()
        source, _, _ = loader.get_source(environment, template)
        for node in environment.parse(source, template).find_all((nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Include)):
            match node:
                case nodes.Name(name=word) | nodes.Getattr(attr=word) | nodes.Getitem(arg=nodes.Const(value=str(word))):
                    found.add(word)
                case nodes.Getitem(arg=nodes.Const() | nodes.Slice()):
                    pass
                case nodes.Include(template=nodes.Const(value=str(part))):
                    if part not in seen:
                        seen.add(part)
                        todo.append(part)
                case _:
                    return ALL_NAMES
    return frozenset(found)
