"""The sentences of an explanation on a terminal, one set per language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Places in braces are filled by the renderer; a value in braces is always in the nominative, so that no label needs inflecting."""

    client: str
    decision: str
    undetermined: str
    by_rule: str
    by_default: str
    by_applied: str
    by_exception: str
    by_exception_from: str
    approval: str
    by_unknown: str
    edition: str
    possible: str
    missing: str
    exception: str
    exception_from: str
    policy_alone: str
    why: str
    why_policy: str
    also_fired: str
    applied: str
    counted: str
    held_back: str
    unsettled: str
    unsettled_idle: str
    why_not: str
    rest: str
    metrics: str
    unless: str
    enough: str
    needed: str
    not_computed: str
    source: str
    thresholds: str
    threshold: str
    threshold_unsourced: str
    from_: str
    none_fired: str
    scores: str
    on_scale: str
    factor: str
    factor_missing: str
    tables: str
    row: str
    no_row: str
    not_in_force: str
    changes: str
    change: str
    no_change: str
    quoted: str
    more: str


_ENGLISH = Phrases(
    client="Client {client}",
    decision="Decision",
    undetermined="undetermined",
    by_rule="decided by the rule {rule}",
    by_default="the default: no rule fired",
    by_applied="decided by the rule {rule}, counted as fired because data is missing: {fields}",
    by_exception="decided by an exception: {because} Approved by {by}; expires {expires}.",
    by_exception_from="decided by an exception: {because} Approved by {by}; from {start}, expires {expires}.",
    approval="Approval required: until a named person approves it, this is a proposal.",
    by_unknown="data is missing that could change the decision",
    edition="{policy} {version} · as of {as_of} · run {run}",
    possible="It could be: {decisions}",
    missing="Missing: {fields}",
    exception="Exception: {because} Approved by {by}; expires {expires}.",
    exception_from="Exception: {because} Approved by {by}; from {start}, expires {expires}.",
    policy_alone="The policy alone says: {decision}",
    why="Why",
    why_policy="Why the policy alone says: {decision}",
    also_fired="Also fired",
    applied="Unknown, but counted as fired (the policy says so)",
    counted="Counted as fired because data is missing: {fields}.",
    held_back="Would have fired were it not for: {conditions}",
    unsettled="Unknown, and able to change the decision",
    unsettled_idle="Unknown, but unable to change the decision",
    why_not="Why not (nearest first)",
    rest="Did not fire",
    metrics="Metrics",
    unless="unless",
    enough="enough on its own",
    needed="Would be settled by: {fields}",
    not_computed="Cannot be computed: {name} (from {values})",
    source="Source: {source}",
    thresholds="Where the thresholds come from",
    threshold="{name}: {value} — {source}",
    threshold_unsourced="{name}: {value}",
    from_="from {values}",
    none_fired="No rule fired.",
    scores="Scores (what costs most points comes first)",
    on_scale="{value} on a scale from {low} to {high}",
    factor="{name}: {points} points, {lost} lost ({values})",
    factor_missing="{name}: not known ({values})",
    tables="Decision tables",
    row="row {number}: {cells}",
    no_row="no row is true",
    not_in_force="not in force on this date",
    changes="What would have to change",
    change="{field} from {now} to {to} → {decision}",
    no_change="No single change of a field that can be changed leads to a milder decision.",
    quoted="“{title}”",
    more="Every rule, score, table and metric: --all",
)
_POLISH = Phrases(
    client="Klient {client}",
    decision="Decyzja",
    undetermined="nierozstrzygnięta",
    by_rule="rozstrzygnęła reguła {rule}",
    by_default="domyślna: nie zadziałała żadna reguła",
    by_applied="rozstrzygnęła reguła {rule}, zaliczona jako spełniona, bo brakuje danych: {fields}",
    by_exception="rozstrzygnął wyjątek: {because} Zatwierdza: {by}; wygasa: {expires}.",
    by_exception_from="rozstrzygnął wyjątek: {because} Zatwierdza: {by}; od: {start}, wygasa: {expires}.",
    approval="Wymaga zatwierdzenia: dopóki wskazana osoba nie zatwierdzi decyzji, jest to propozycja.",
    by_unknown="brakuje danych, które mogą zmienić decyzję",
    edition="{policy} {version} · stan na: {as_of} · przebieg {run}",
    possible="Możliwe decyzje: {decisions}",
    missing="Brakuje: {fields}",
    exception="Wyjątek: {because} Zatwierdza: {by}; wygasa: {expires}.",
    exception_from="Wyjątek: {because} Zatwierdza: {by}; od: {start}, wygasa: {expires}.",
    policy_alone="Decyzja według samej polityki: {decision}",
    why="Dlaczego",
    why_policy="Dlaczego sama polityka mówi: {decision}",
    also_fired="Zadziałały także",
    applied="Nieznane, ale liczone jak spełnione (tak każe polityka)",
    counted="Zaliczona jako spełniona, bo brakuje danych: {fields}.",
    held_back="Zadziałałaby, gdyby nie: {conditions}",
    unsettled="Nieznane i mogące zmienić decyzję",
    unsettled_idle="Nieznane, ale bez wpływu na decyzję",
    why_not="Dlaczego nie (od najbliższych)",
    rest="Nie zadziałały",
    metrics="Wskaźniki",
    unless="chyba że",
    enough="samo by wystarczyło",
    needed="Rozstrzygną dane: {fields}",
    not_computed="Nie da się obliczyć: {name} (z: {values})",
    source="Źródło: {source}",
    thresholds="Skąd progi",
    threshold="{name}: {value} — {source}",
    threshold_unsourced="{name}: {value}",
    from_="z: {values}",
    none_fired="Nie zadziałała żadna reguła.",
    scores="Oceny (najpierw to, co kosztuje najwięcej punktów)",
    on_scale="{value} w skali od {low} do {high}",
    factor="{name}: punkty {points}, utracone {lost} ({values})",
    factor_missing="{name}: brak danych ({values})",
    tables="Tablice decyzyjne",
    row="wiersz {number}: {cells}",
    no_row="żaden wiersz nie pasuje",
    not_in_force="nie obowiązuje w tym dniu",
    changes="Co musiałoby się zmienić",
    change="{field} z {now} na {to} → {decision}",
    no_change="Żadna pojedyncza zmiana pola, które można zmienić, nie prowadzi do łagodniejszej decyzji.",
    quoted="„{title}”",
    more="Wszystkie reguły, oceny, tablice i wskaźniki: --all",
)


def phrases(language: str) -> Phrases:
    """Polish for `pl`, English for every other language."""
    return _POLISH if language.replace("_", "-").partition("-")[0].lower() == "pl" else _ENGLISH
