"""An inferred contract in, a policy as YAML out."""

from __future__ import annotations

from ..model.quoting import key, quoted, shortened
from .first_rule import FirstRule, first_rule, plain
from .inferred import Contract, Inferred
from .naming import field_names

_PRIVATE = "about a person: no rule may use it"


def policy_text(contract: Contract, policy_id: str) -> str:
    """The whole policy."""
    names = names_of(contract)
    rule = first_rule(contract, names)
    sampled = contract.sampled
    source = f"{shortened(sampled.path.name)}: {sampled.rows} clients, {sampled.encoding}, delimiter {quoted(sampled.delimiter)}"
    lines = [
        "# yaml-language-server: $schema=../schemas/policy.schema.json",
        f"# The data contract was drawn from {source}.",
        "# Everything here is a proposal: read it, and change what is not so. The ranges seen stand behind each field.",
        "format: 1",
        "policy:",
        f"  id: {policy_id}",
        '  version: "1"',
        '  title: {pl: "Nasi klienci", en: "Our clients"}',
        "  languages: [pl, en]",
        f"  currency: {contract.currency or 'PLN # assumed: no amount in the file says so'}",
        "",
        "data:",
        "  clients:",
        *_identity(contract, names),
        "    fields:",
        *(_field_line(contract, field, names[field.column.header]) for field in contract.fields),
        f"    csv: {{{_csv(contract)}}}",
        "",
        *_parameters(rule),
        "decisions: # most severe first",
        "  flag: {title: {pl: do wyjaśnienia, en: flag}, when_unknown: apply} # a blank is a reason to look",
        "  keep: {title: {pl: utrzymanie, en: keep}, default: true}",
        "",
        "rules:",
        *_rule_lines(rule),
    ]
    return "\n".join(lines) + "\n"


def names_of(contract: Contract) -> dict[str, str]:
    """The fields' names by the columns' headers."""
    headers = [field.column.header for field in contract.fields]
    return dict(zip(headers, field_names(headers), strict=True))


def _identity(contract: Contract, names: dict[str, str]) -> list[str]:
    keys = [key(names[field.column.header]) for field in contract.keys]
    lines = [f"    key: {keys[0] if len(keys) == 1 else '[' + ', '.join(keys) + ']'}"]
    if contract.display is not None:
        lines.append(f"    display: {key(names[contract.display.column.header])} # the name that explanations and memos show")
    return lines


def _field_line(contract: Contract, field: Inferred, name: str) -> str:
    parts = [f"type: {field.type}"]
    if field.column.header != name:
        parts.append(f"column: {quoted(field.column.header)}")
    if field.format:
        parts.append(f"format: {quoted(field.format)}")
    if field.missing_tokens:
        parts.append(f"missing_tokens: [{', '.join(quoted(t) for t in field.missing_tokens)}]")
    if field.private:
        parts.append("protected: true")
    role = ("the key",) if field in contract.keys else (_PRIVATE,) if field.private else ()
    remarks = (*role, *field.remarks)
    comment = f" # {'; '.join(remarks)}" if remarks else ""
    written = field.type if len(parts) == 1 else f"{{{', '.join(parts)}}}"
    return f"      {key(name)}: {written}{comment}"


def _csv(contract: Contract) -> str:
    parts = [f"delimiter: {quoted(contract.sampled.delimiter)}"]
    if contract.decimal:
        parts.append(f"decimal: {quoted(contract.decimal)}")
    if contract.sampled.encoding != "utf-16":  # that one says itself what it is
        parts.append(f"encoding: {contract.sampled.encoding}")
    return ", ".join(parts)


def _parameters(rule: FirstRule) -> list[str]:
    if rule.threshold is None:
        return []
    kind = ", kind: money" if rule.field.type == "money" else ""
    title = '{pl: "próg przeglądu", en: "review threshold"}'
    return ["parameters:", f"  {rule.parameter}: {{value: {plain(rule.threshold)}{kind}, title: {title}}}", ""]


def _rule_lines(rule: FirstRule) -> list[str]:
    if rule.threshold is None:
        return [
            "  - id: first-rule",
            '    title: {pl: "Brak danych", en: "No data"}',
            f"    when: {rule.name} is missing",
            "    then: flag",
            f'    reason: {{pl: "Brak danych: {rule.name}.", en: "No data: {rule.name}."}}',
        ]
    shown, limit = f"{{{rule.name}}}", f"{{{rule.parameter}}}"
    return [
        "  - id: first-rule",
        '    title: {pl: "Niska wartość", en: "Low value"}',
        f"    when: {rule.name} < {rule.parameter}",
        "    then: flag",
        f'    reason: {{pl: "{shown} to mniej niż {limit}.", en: "{shown} is less than {limit}."}}',
    ]
