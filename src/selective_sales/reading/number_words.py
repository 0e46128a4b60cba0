"""Words that people put beside numbers, in English and Polish: units of time, thousands and millions, currencies, per cent."""

from __future__ import annotations

UNITS = {
    **dict.fromkeys("d day days dzień dni doba".split(), (1, "days")),
    **dict.fromkeys("w wk wks week weeks tydzień tygodnie tygodni".split(), (1, "weeks")),
    **dict.fromkeys("m mo mos mth mths month months miesiąc miesiące miesięcy mies".split(), (1, "months")),
    **dict.fromkeys("q quarter quarters kwartał kwartały kwartałów".split(), (3, "months")),
    **dict.fromkeys("y yr yrs year years rok lata lat".split(), (1, "years")),
}
"""What one of the unit is: so many of the language's own."""
CLOCK = frozenset("h hr hrs hour hours min minute minutes s sec second seconds godzin godziny godzina".split())
SCALES = {
    **dict.fromkeys("k tys thousand tysiąc tysiące tysięcy".split(), 1000),
    **dict.fromkeys("mln mio million millions milion miliony milionów".split(), 1_000_000),
    **dict.fromkeys("mld bn billion mrd miliard miliardy miliardów".split(), 1_000_000_000),
}
CURRENCIES = frozenset("pln zł zl eur euro euros usd gbp chf czk huf sek nok dkk uah złotych dollars pounds".split())
PERCENT = frozenset("percent procent pct proc".split())
