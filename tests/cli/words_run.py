"""A finished run whose explanations need many words: parameters in percent, lists of rows, nested conditions, blanks that count."""

from __future__ import annotations

from pathlib import Path

from tests.cli.memo_run import invoke

POLICY = """\
format: 1
policy: {id: words, version: "1", title: {pl: "Słowa", en: "Words"}, languages: [pl, en], currency: PLN}
data:
  clients:
    key: nip
    display: nazwa
    fields:
      nip: text
      nazwa: text
      przychod: {type: money, label: {pl: przychód, en: revenue}}
      koszt: {type: money, label: {pl: koszt, en: cost}}
      poleca: {type: boolean, label: {pl: poleca nas, en: refers us}}
      obrot: {type: money, label: {pl: obrót, en: turnover}}
      konflikty: {type: integer, label: {pl: konflikty, en: conflicts}}
      opoznienie: {type: days, label: {pl: opóźnienie, en: delay}}
      roszczenia: {type: integer, label: {pl: roszczenia, en: claims}}
  faktury:
    belongs_to: clients
    key: nip
    fields: {nip: text, dni: days, kwota: money}
parameters:
  min_marza: {value: 15%, title: {pl: "najniższa marża", en: "lowest margin"}}
  stawka: {value: 0.25, format: percent, title: {pl: stawka, en: rate}}
metrics:
  marza: {is: (przychod - koszt) / przychod, title: {pl: marża, en: margin}, format: percent}
  zwloka: {is: mean(faktury.dni), title: {pl: średnia zwłoka, en: mean lateness}}
  sprzedaz: {is: 'sum(faktury[kwota > 0].kwota)', title: {pl: sprzedaż, en: sales}}
decisions:
  decline: {title: {pl: odmowa, en: decline}, approval: required}
  flag: {title: {pl: do wyjaśnienia, en: flag}, when_unknown: apply}
  keep: {title: {pl: utrzymanie, en: keep}, default: true}
rules:
  - id: loss
    title: {pl: "Strata", en: "Loss"}
    when: marza < min_marza
    unless: poleca
    then: decline
    reason: {pl: "Marża {marza} jest niższa niż {min_marza} (stawka {stawka}).", en: "Margin {marza} below {min_marza} (rate {stawka})."}
  - id: small
    title: {pl: "Mały", en: "Small"}
    when: obrot < 100000
    then: flag
    reason: {pl: "{obrot} to mniej niż 100 000,00 zł.", en: "{obrot} is less than PLN 100,000.00."}
  - id: late
    title: {pl: "Spóźniony", en: "Late"}
    when: zwloka > 60 days
    then: decline
    reason: {pl: "Zwłoka {zwloka}.", en: "Late by {zwloka}."}
  - id: difficult
    title: {pl: "Trudny", en: "Difficult"}
    when:
      at_least: 2
      of:
        - konflikty >= 3
        - opoznienie > 60 days
        - any: [roszczenia >= 2, {none: [poleca, przychod > 5000]}]
    then: decline
    reason: {pl: "Trudny.", en: "Difficult."}
"""
CLIENTS = """\
nip,nazwa,przychod,koszt,poleca,obrot,konflikty,opoznienie,roszczenia
1111111111,Łoś Transport,1000,990,no,500000,1,5,0
2222222222,Polecający,1000,990,yes,500000,1,5,0
3333333333,Bez obrotu,1000,100,no,,1,5,0
4444444444,Zero,0,0,no,500000,1,5,0
5555555555,Prawie,10000,100,no,500000,3,5,
6666666666,Bliźniak,1000,100,no,500000,1,5,0
7777777777,Bliźniak,1000,100,no,500000,1,5,0
8888888888,,1000,100,no,500000,1,5,0
"""
INVOICES = """\
nip,dni,kwota
1111111111,10,100
2222222222,10,100
3333333333,10,100
4444444444,10,100
5555555555,,100
6666666666,10,100
7777777777,10,100
8888888888,10,100
"""
EXCEPTIONS = """\
format: 1
exceptions:
  - {client: "1111111111", decision: keep, because: "Umowa do końca roku", approved_by: "Anna Nowak", expires: "2026-12-31"}
"""


def words_run(folder: Path, *, exceptions: bool = False) -> Path:
    """1111111111 is declined, 2222222222 nearly, 3333333333 flagged for a blank, 4444444444 divides by zero, 5555555555 has blanks."""
    for name, text in (("policy.yaml", POLICY), ("clients.csv", CLIENTS), ("faktury.csv", INVOICES), ("exceptions.yaml", EXCEPTIONS)):
        (folder / name).write_text(text, encoding="utf-8")
    out = folder / "run"
    data = [part for name in ("clients", "faktury") for part in ("--data", f"{name}={folder / name}.csv")]
    more = ["--exceptions", folder / "exceptions.yaml"] if exceptions else []
    result = invoke("evaluate", folder / "policy.yaml", *data, *more, "--as-of", "2026-11-22", "--out", out)
    assert result.exit_code == 0, result.output
    return out
