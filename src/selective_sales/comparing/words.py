"""The words in which changes are told, in English and Polish. Data only."""

from __future__ import annotations

SECTIONS = {
    "en": {
        "tables": "data", "fields": "field", "parameters": "", "metrics": "metric", "scores": "score", "factors": "factor",
        "decision_tables": "table", "rows": "row", "decisions": "decision", "rules": "rule", "measures": "measure",
        "figures": "figure", "limits": "limit",
        "guarantees": "guarantee", "allocations": "allocation", "groups": "group", "fairness": "fairness audit", "report": "report",
        "": "policy",
    },
    "pl": {
        "tables": "dane", "fields": "pole", "parameters": "", "metrics": "miara", "scores": "ocena", "factors": "czynnik",
        "decision_tables": "tablica", "rows": "wiersz", "decisions": "decyzja", "rules": "reguła", "measures": "wielkość",
        "figures": "wskaźnik",
        "limits": "limit", "guarantees": "gwarancja", "allocations": "podział", "groups": "grupa", "fairness": "audyt równości",
        "report": "raport",
        "": "polityka",
    },
}  # fmt: skip

SENTENCES = {
    "en": {
        "added": "new: {thing}: {new}",
        "removed": "gone: {thing}: {old}",
        "moved": "{thing} now stands behind {new}",
        "moved first": "{thing} now stands before {new}",
        "value": "{thing}: {old} → {new}",
        "part": "{thing}, {part}: {old} → {new}",
        "part added": "{thing}, {part}: now {new}",
        "part removed": "{thing}, {part}: no longer {old}",
        "leaf": "{thing}: {old} became {new}",
        "leaf added": "{thing}: condition added: {joined} {new}",
        "leaf removed": "{thing}: condition dropped: {joined} {old}",
        "then": "{thing} now leads to {new}, before to {old}",
        "name": "{thing} was called {old} before, and means the same",
        "default": "whom no rule decides: {old} → {new}",
        "at least": "{thing}: at least {old} → at least {new}",
        "nothing": "nothing",
        "together": "together with: {needs}",
    },
    "pl": {
        "added": "nowe: {thing}: {new}",
        "removed": "usunięte: {thing}: {old}",
        "moved": "{thing} stoi teraz za: {new}",
        "moved first": "{thing} stoi teraz przed: {new}",
        "value": "{thing}: {old} → {new}",
        "part": "{thing}, {part}: {old} → {new}",
        "part added": "{thing}, {part}: teraz {new}",
        "part removed": "{thing}, {part}: już nie {old}",
        "leaf": "{thing}: {old} zmieniono na {new}",
        "leaf added": "{thing}: dodany warunek: {joined} {new}",
        "leaf removed": "{thing}: usunięty warunek: {joined} {old}",
        "then": "{thing} prowadzi teraz do: {new}, przedtem do: {old}",
        "name": "{thing}: przedtem {old}, znaczenie to samo",
        "default": "o kim nie rozstrzyga żadna reguła: {old} → {new}",
        "at least": "{thing}: co najmniej {old} → co najmniej {new}",
        "nothing": "nic",
        "together": "razem z: {needs}",
    },
}

JOINED = {"en": {"and": "and", "or": "or", "at_least": ""}, "pl": {"and": "oraz", "or": "lub", "at_least": ""}}

PARTS = {
    "en": {
        "when": "condition", "unless": "exempt", "then": "leads to", "dates": "in force", "validity": "valid", "source": "source",
        "letter_reason": "reason in the letter", "is": "calculation", "when_unknown": "when unknown", "approval": "approval needed",
        "of": "looks at", "cells": "condition", "outputs": "output", "hit_policy": "hit policy", "columns": "inputs and outputs",
        "one_of": "allowed values", "missing": "what a blank means", "missing_tokens": "what counts as blank", "type": "type",
        "column": "column in the data", "strategy": "which rule decides", "require": "requirement", "always": "promise",
        "on_breach": "on a breach", "tell_client": "may be told to the client", "can_change": "can be changed", "measure": "measure",
        "by": "split by", "who": "who", "rest": "what is left", "within": "compared within", "strong_association": "strong association",
        "letters": "to whom letters go", "tell_change": "the letter tells what would change it",
    },
    "pl": {
        "when": "warunek", "unless": "nie dotyczy, gdy", "then": "prowadzi do", "dates": "obowiązuje", "validity": "ważność",
        "source": "źródło", "title": "tytuł", "reason": "uzasadnienie", "letter_reason": "uzasadnienie w liście", "is": "obliczenie",
        "when_unknown": "gdy brak danych", "approval": "wymaga zgody", "letter": "list", "of": "dotyczy", "weight": "waga",
        "worst": "najgorsza wartość", "best": "najlepsza wartość", "points": "punkty", "scale": "skala", "cells": "warunek",
        "outputs": "wynik", "hit_policy": "reguła trafień", "otherwise": "w pozostałych przypadkach", "columns": "wejścia i wyjścia",
        "inputs": "wejścia", "one_of": "dozwolone wartości", "missing": "co znaczy puste pole", "missing_tokens": "co liczy się jako puste",
        "type": "typ", "column": "kolumna w danych", "minimum": "najmniej", "maximum": "najwięcej", "format": "format",
        "pattern": "wzorzec", "unique": "niepowtarzalne", "required": "wymagane", "protected": "chronione", "label": "nazwa",
        "labels": "nazwy wartości", "description": "opis", "key": "klucz", "currency": "waluta", "strategy": "która reguła rozstrzyga",
        "languages": "języki", "owner": "właściciel", "require": "wymaganie", "always": "obietnica", "on_breach": "po naruszeniu",
        "tell_client": "wolno powiedzieć klientowi", "can_change": "da się zmienić", "measure": "miara", "by": "w podziale na",
        "who": "kto", "factor": "mnożnik", "rest": "reszta", "compare": "porównywane decyzje", "across": "grupy",
        "minimum_ratio": "najmniejszy stosunek", "significance": "istotność", "smallest_group": "najmniejsza grupa",
        "freshness": "świeżość danych", "without_client": "wiersze bez klienta", "csv": "plik CSV", "display": "nazwa dla ludzi",
        "belongs_to": "należy do", "words": "słowa", "justification": "uzasadnienie różnicy", "within": "porównanie w obrębie",
        "strong_association": "silny związek", "letters": "do kogo idą listy", "tell_change": "list mówi, co by to zmieniło",
    },
}  # fmt: skip
