"""A header in, what its words suggest out: a key, a code, an amount, a flag, a person's private trait, a name. Suggestions, never proof."""

from __future__ import annotations

from ..model.personal import protected_trait, words

_ID_WORDS = frozenset("id ids identifier identyfikator nr no num number numer key klucz code kod nip regon krs vat uuid guid".split())
_COUNTING = frozenset({"no", "num", "number"})
_CLIENT_STEMS = ("client", "customer", "klient", "kontrahent", "odbiorc", "kunde", "account")
_CONTACT_WORDS = frozenset(
    "phone phones telephone tel telefon telefonu telefony fax faks faksu mobile zip postal postcode pocztowy".split()
)
_CODE_WORDS = _CONTACT_WORDS | frozenset(
    "nip pesel regon krs iban ean gtin kod kody code nr no num number numer konto konta account pin".split()
)
_MONEY_WORDS = frozenset(
    (
        "revenue revenues sales turnover cost costs price prices amount amounts charge charges profit profits fee fees income incomes "
        "budget net gross invoice invoices invoiced payment payments spend spending cashflow netto brutto zysk "
        "umsatz erlös kosten preis betrag montant coût prix ingreso coste precio"
    ).split()
)
_MONEY_STEMS = tuple("przych koszt cena ceny kwot opłat obrót obrot budżet należno wpłat wydat faktur".split())
_MAYBE_MONEY = frozenset("total totals sum value wartość suma saldo balance spent debt limit bill".split())
_SHARES = frozenset("percent percentage pct procent procentowo rate rates ratio share shares udział stopa".split())
_NO_MONEY = _SHARES | frozenset(
    (
        "wskaźnik score points count number no nr liczba ilość quantity qty sztuk days dni day dzień month months miesiąc miesięcy "
        "date data id code kod index rank status type typ delay terms"
    ).split()
)
_FLAG_WORDS = frozenset(
    "is has had was czy ma jest flag flags flaga active aktywny aktywna senior churned vip strategic strategiczny".split()
)
_NAME_WORDS = frozenset("name names nazwa nazwisko firma firmy company companyname business client customer klient kontrahent".split())
_NO_NAME_WORDS = frozenset("first given imię user file plik type typ group grupa segment status size branch industry".split())

NO_KEY = 3


def key_rank(header: str) -> int:
    """0: the client's identifier (`Nr klienta`, `customerID`); 1: some identifier; 2: the client; NO_KEY: nothing of the kind."""
    found = words(header)
    if _CONTACT_WORDS & set(found):
        return NO_KEY
    client = any(word.startswith(_CLIENT_STEMS) for word in found)
    if _ID_WORDS & set(found):
        counts = found[0] in _COUNTING and len(found) > 1 and not client  # `number_of_credits`, `num orders`
        return NO_KEY if counts or not {found[0], found[-1]} & _ID_WORDS else 0 if client else 1
    return 2 if client else NO_KEY


def is_identifier(header: str) -> bool:
    """An identifier of something: no measure."""
    return key_rank(header) < 2


def is_code(header: str) -> bool:
    """Digits under it are likely to be a code: a phone, a tax number, an account."""
    return bool(_CODE_WORDS & set(words(header)))


def is_share(header: str) -> bool:
    """A ratio or a percentage: never an amount."""
    return bool(_SHARES & set(words(header)))


def is_money(header: str, cents: bool) -> bool:
    """An amount: a word says so, or a vaguer word (`total`, `wartość`) and values with two places."""
    found = words(header)
    if _NO_MONEY & set(found):
        return False
    if _MONEY_WORDS & set(found) or any(word.startswith(_MONEY_STEMS) for word in found):
        return True
    return cents and bool(_MAYBE_MONEY & set(found))


def is_flag(header: str) -> bool:
    """0 and 1 under it mean no and yes."""
    return bool(_FLAG_WORDS & set(words(header)))


def is_private(header: str) -> bool:
    """What somebody is, not what they do: such a field should decide nothing."""
    return protected_trait(header) is not None


def is_name(header: str) -> bool:
    """What people call the client."""
    found = set(words(header))
    return bool(_NAME_WORDS & found) and not (_NO_NAME_WORDS | _ID_WORDS | _CONTACT_WORDS) & found
