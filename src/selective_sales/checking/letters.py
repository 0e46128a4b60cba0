"""Letters: recipients' fields that exist and may stand on an envelope, and letters that would have something to say."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.checked import CheckedPolicy
from ..model.finding import has_errors
from ..model.kind import Kind
from ..model.letter import COMPLETE_WITHOUT_REASONS, MOST_ADDRESS_LINES, UNDETERMINED
from ..model.letterhead import LANGUAGES
from ..model.policy import Decision, Field, Letters, Policy, RecipientField, WhenUnknown
from .catalog import CLIENTS, Catalog
from .desk import Desk, declared, did_you_mean
from .words import KIND_WORDS, one_of


def check_letters(checked: CheckedPolicy, catalog: Catalog, desk: Desk) -> None:
    """Findings about the section `letters`, and about decisions with a letter."""
    policy = checked.policy
    if policy.letters is not None:
        fields = {named: found for named in policy.letters.fields if (found := _recipient(named, catalog, desk)) is not None}
        _address(policy, policy.letters, desk)
        _language(policy, policy.letters, fields, desk)
        # What a rule reads can be followed only where everything that it names is sound.
        if policy.letters.undetermined is not None and not has_errors(desk.findings):
            _undetermined(checked, policy.letters, desk)
    for decision in policy.decisions:
        if decision.tell_change:
            _changes(policy, decision, desk)
        if decision.letter is not None and not decision.default and decision.letter not in COMPLETE_WITHOUT_REASONS:
            _reasons(policy, decision, desk)


def _recipient(named: RecipientField, catalog: Catalog, desk: Desk) -> Field | None:
    """The field of that name, where an envelope may show it."""
    found = catalog.field(CLIENTS, named.name)
    if found is None:
        near = desk.closest(named.name, catalog.fields.get(CLIENTS, {}))
        known = None if near is None else catalog.field(CLIENTS, near)
        help = did_you_mean(known.name, known.place) if known is not None else "declare it under the fields of clients, as a text"
        if named.name in catalog.metrics:
            help = f"'{named.name}' is calculated: who a client is stands in a field of the data"
        desk.error("SS950", f"unknown field '{named.name}' of clients", named.place, help)
    elif found.protected:
        message = f"the field '{named.name}' is protected: no letter shows it or depends on it"
        desk.error("SS950", message, named.place, "name another field, or leave it out")
    elif found.type is not Kind.TEXT:
        desk.error(
            "SS950", f"'{named.name}' is {KIND_WORDS[found.type]}, and letters are addressed by texts", named.place, "name a text field"
        )
    else:
        return found
    return None


def _address(policy: Policy, letters: Letters, desk: Desk) -> None:
    """Name and address fit the window of an envelope, and the name stands there once."""
    name = policy.clients.display if letters.name is None else letters.name.name
    room = MOST_ADDRESS_LINES - (name is not None)
    if len(letters.address) > room:
        message = f"the address has {len(letters.address)} lines{' and the name' if name is not None else ''}"
        help = f"at most {MOST_ADDRESS_LINES} lines, the name among them, fit the window of an envelope: put two into one field of the data"
        desk.error("SS951", message, letters.address[room].place, help)
    again = next((line for line in letters.address if line.name == name), None)
    if again is not None:
        help = "the name stands above the address by itself: leave it out of the address"
        desk.error("SS951", f"'{again.name}' is the name, and stands in the address too", again.place, help)


def _language(policy: Policy, letters: Letters, fields: dict[RecipientField, Field], desk: Desk) -> None:
    """Letters are written in some languages, and a policy has texts in some of them."""
    found = None if letters.language is None else fields.get(letters.language)
    if letters.language is None or found is None:
        return
    values = [str(value).lower() for value in found.one_of]
    strange = [value for value in values if value not in LANGUAGES]
    silent = [value for value in values if value in LANGUAGES and value not in policy.languages]
    if strange:
        message = f"the field '{found.name}' can hold '{strange[0]}' (declared at {declared(found.place)}), which is no language of letters"
        help = f"letters are written in {one_of(LANGUAGES, 'and')}: write one_of: [{', '.join(LANGUAGES)}] for that field"
        desk.error("SS952", message, letters.language.place, help)
    elif silent:
        message = f"the field '{found.name}' can hold '{silent[0]}', and this policy has no texts in it"
        help = (
            f"add {silent[0]} to the policy's languages, with its texts, or take it out of the field's one_of (at {declared(found.place)})"
        )
        desk.warning("SS952", message, letters.language.place, help)


def _undetermined(checked: CheckedPolicy, letters: Letters, desk: Desk) -> None:
    """A letter that asks for what is missing asks a client for facts that he knows."""
    blanks = list(dict.fromkeys(_blanks(checked)))
    if any(found.tell_client and found.label is not None for found in blanks):
        return
    nameless = [found.name for found in blanks if found.tell_client]
    secret = [found.name for found in blanks if not found.tell_client]
    if nameless:
        help = f"give '{nameless[0]}' a label: the letter asks for it by that"
    elif secret:
        help = f"add tell_client: true and a label to what a client can tell, such as '{secret[0]}'; else leave 'undetermined' out"
    else:
        help = "leave it out: no rule holds a client back for a blank field"
    desk.warning("SS953", "the letter to undetermined clients has nothing to ask for", letters.undetermined_place, help)


def _blanks(checked: CheckedPolicy) -> Iterator[Field]:
    """The fields whose blanks can leave a client undetermined: those that holding rules read, if they can be blank."""
    policy = checked.policy
    holding = {d.id for d in policy.decisions if d.when_unknown is WhenUnknown.HOLD}
    for rule in checked.rules:
        if rule.decision not in holding:
            continue
        for table, name in sorted(checked.reads(rule.condition)):
            declared_in = policy.table(table)
            found = None if declared_in is None or declared_in.built_in else declared_in.field(name)
            open_ = found is not None and not found.protected and not found.required and found.missing is None
            if found is not None and open_ and found.calculation is None and name not in policy.clients.key:
                yield found


def _changes(policy: Policy, decision: Decision, desk: Desk) -> None:
    """What would have led to another decision can be told of a field that can change and that the client may hear of."""
    milder = policy.decisions[policy.decisions.index(decision) + 1 :]
    fields = [f for f in policy.clients.fields if f.can_change and not f.protected and f.calculation is None]
    help = "leave tell_change out"
    if decision.letter is None:
        message, help = f"'{decision.id}' tells what would change it, and sends no letter", f"add letter: {decision.id}, or {help}"
    elif not milder:
        message = f"'{decision.id}' is the mildest decision: nothing would lead to a milder one"
    elif not any(f.tell_client for f in fields):
        message = f"the letter of '{decision.id}' could tell nothing that would change it"
        known = f" ('{fields[0].name}' has can_change)" if fields else ""
        help = f"give a field of clients both can_change: true and tell_client: true{known}, or {help}"
    else:
        return
    desk.warning("SS954", message, decision.place, help)


def _reasons(policy: Policy, decision: Decision, desk: Desk) -> None:
    """A letter of a decision must be able to say why."""
    rules = [rule for rule in policy.rules if rule.then == decision.id]
    if decision.id != UNDETERMINED and rules and all(rule.no_letter_reason for rule in rules):
        message = f"no rule tells a client why: nobody can get the letter of '{decision.id}'"
        help = f"give one of them a letter_reason in words for the client, such as '{rules[0].id}', or take letter: {decision.letter} away"
        desk.warning("SS955", message, decision.place, help)
