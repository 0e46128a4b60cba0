"""A case's rows in, complete rows out: defaults applied, keys filled in. Refuses unknown tables and fields, calculated fields,
a client left unnamed among several, and a field left out on which something expected depends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from ..model.cases import Case, Cell, Row
from ..model.finding import Finding
from ..model.kind import Kind
from ..model.place import Place
from ..model.policy import Field, Policy, Table
from .close import did_you_mean

Rows = Mapping[str, tuple[Row, ...]]
Needed = frozenset[tuple[str, str]]
HELP = "write a cell that a data file could hold, in the form that the policy declares"


def unknown_names(policy: Policy, rows: Mapping[str, Iterable[Row]], place: Place) -> Iterator[Finding]:
    """What in these rows (of a case or of the defaults) the policy does not have, each once."""
    for name, table_rows in rows.items():
        table = policy.table(name)
        if table is None:
            first = next((cell.place for row in table_rows for cell in row.values()), place)
            help_ = did_you_mean(name, (t.name for t in policy.tables))
            yield Finding("SS601", f"unknown table '{name}': policy '{policy.id}' has no such table", first, help_)
            continue
        for column, cell in {column: cell for row in reversed(tuple(table_rows)) for column, cell in row.items()}.items():
            yield from _unknown_field(table, column, cell)


def _unknown_field(table: Table, name: str, cell: Cell) -> Iterator[Finding]:
    field = table.field(name)
    if field is None:
        by_header = next((f.name for f in table.fields if f.header == name), None)
        help_ = did_you_mean(name, (f.name for f in table.fields if f.calculation is None))
        if by_header is not None:
            help_ = f"write the field's name, '{by_header}', not the name of its column"
        yield Finding("SS602", f"unknown field '{name}' of table '{table.name}'", cell.name_place, help_)
    elif field.calculation is not None:
        message = f"'{name}' of table '{table.name}' is calculated: a row cannot give it"
        yield Finding("SS603", message, cell.name_place, "leave it out, and give the fields that it is calculated from")


def complete(policy: Policy, defaults: Mapping[str, Row], case: Case, needed: Needed) -> tuple[Rows, tuple[Finding, ...]]:
    """The case's rows of every table that it has, with the defaults and the keys filled in, and what speaks against them."""
    findings = list(unknown_names(policy, case.rows, case.place))
    rows = {name: tuple(_with_defaults(row, defaults.get(name, {})) for row in given) for name, given in case.rows.items()}
    clients = rows.get("clients", ())
    if len(clients) == 1:
        clients = rows["clients"] = (_with_made_up_key(policy.clients, clients[0], needed),)
    findings += _unnamed_clients(policy.clients, clients, case)
    for table in policy.tables[1:]:
        if table.name in rows:
            rows[table.name], unclear = _with_client_key(policy.clients, table, clients, rows[table.name], case)
            findings += unclear
    findings += _left_out(policy, rows, case, needed)
    findings += _delivery_rules(policy, rows)
    return rows, tuple(findings)


def _with_defaults(row: Row, defaults: Row) -> Row:
    """The row's own cells first: where the row as a whole is meant, the first cell is the place to point at."""
    return {**row, **{name: cell for name, cell in defaults.items() if name not in row}}


def _with_made_up_key(clients: Table, row: Row, needed: Needed) -> Row:
    """A single client needs no id, unless something expected reads it or the contract asks for more than a text or a number."""
    made_up = {
        name: Cell("1", next(iter(row.values()), Cell(None)).place)
        for name in clients.key
        if name not in row and ("clients", name) not in needed and _takes_any_id(clients.field(name))
    }
    return {**row, **made_up}


def _takes_any_id(field: Field | None) -> bool:
    return (
        field is not None
        and field.calculation is None
        and field.type in (Kind.TEXT, Kind.INTEGER, Kind.NUMBER)
        and (field.pattern, field.one_of, field.minimum, field.maximum) == (None, (), None, None)
    )


def _unnamed_clients(clients: Table, rows: tuple[Row, ...], case: Case) -> Iterator[Finding]:
    for name in clients.key:
        nameless = [row for row in rows if name not in row]
        if nameless:
            place = next((cell.place for cell in nameless[0].values()), case.place)
            message = f"case '{case.name}' has a client without '{name}', its key"
            yield Finding("SS611", message, place, f"write {name}: ... for every client")


def _with_client_key(
    clients: Table, table: Table, client_rows: tuple[Row, ...], rows: tuple[Row, ...], case: Case
) -> tuple[tuple[Row, ...], list[Finding]]:
    """A child's key comes from the case's only client where it is left out."""
    left_out = [(row, name) for row in rows for name in table.key if name not in row]
    if not left_out or not client_rows:
        return rows, []
    if len(client_rows) > 1:
        row, name = left_out[0]
        place = next((cell.place for cell in row.values()), case.place)
        message = f"case '{case.name}' has several clients, and a row of '{table.name}' does not say whose it is"
        return rows, [Finding("SS611", message, place, f"write {name}: ... in each row of {table.name}")]
    client = client_rows[0]
    filled = {name: client[mine] for name, mine in zip(table.key, clients.key, strict=False) if mine in client}
    return tuple(_with_defaults(row, filled) for row in rows), []


def _left_out(policy: Policy, rows: Rows, case: Case, needed: Needed) -> Iterator[Finding]:
    for table in policy.tables:
        for field in table.fields:
            if (table.name, field.name) not in needed or field.missing is not None:
                continue
            if any(field.name not in row for row in rows.get(table.name, ())):
                label = field.name if table.belongs_to is None else f"{table.name}.{field.name}"
                message = f"case '{case.name}' leaves out '{label}', on which what it expects depends"
                yield Finding("SS609", message, case.place, f"write a value, or {field.name}: missing to mean a blank cell")


def _delivery_rules(policy: Policy, rows: Rows) -> Iterator[Finding]:
    """`required` and `unique`, within one case: the run of a whole batch cannot tell them."""
    for table in policy.tables:
        for field in table.fields:
            cells = [row[field.name] for row in rows.get(table.name, ()) if field.name in row]
            blank = _is_blank(table, field)
            if field.required:
                yield from (_broken(table, field, cell, "is blank, but the field is required") for cell in cells if blank(cell))
            if field.unique:
                counts = Counter((cell.text or "").strip() for cell in cells if not blank(cell))
                twice = [cell for cell in cells if counts[(cell.text or "").strip()] > 1]
                yield from (_broken(table, field, cell, "stands twice, but the field is unique") for cell in twice[1:2])


def _is_blank(table: Table, field: Field) -> Callable[[Cell], bool]:
    tokens = {"", *table.missing_tokens, *field.missing_tokens}
    return lambda cell: cell.text is None or cell.text.strip() in tokens


def _broken(table: Table, field: Field, cell: Cell, why: str) -> Finding:
    shown = "missing" if cell.text is None else repr(cell.text)
    return Finding("SS617", f"{shown} for '{field.name}' of table '{table.name}' {why}", cell.place, HELP)
