"""A policy's currency and languages: warnings where a code is hardly what was meant. The policy can be used all the same."""

from __future__ import annotations

import re

from .desk import Desk, items, member, text
from .nodes import Node

_CURRENCY_FORM, _LANGUAGE_FORM = re.compile(r"[A-Z]{3}"), re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
"""The forms that the schema asks for; another form is its finding."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_CURRENCIES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY
COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD
IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC
SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR
XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL
"""
"""ISO 4217, with those that ended in the last years: old data may still be in them."""


def check_codes(desk: Desk, head: Node | None) -> None:
    """Warnings for the section `policy`. The form of the codes has been checked with the structure."""
    currency = member(head, "currency")
    code = text(currency)
    if currency is not None and code and _CURRENCY_FORM.fullmatch(code) and code not in _CURRENCIES.split():
        help = f"did you mean {near}?" if (near := _nearest(code)) else "write one such as EUR, USD or PLN"
        desk.warning("SS133", f"'{code}' is not the code of a currency (ISO 4217)", currency, help)
    for item in items(member(head, "languages")):
        language = text(item)
        if language and _LANGUAGE_FORM.fullmatch(language) and not _LANGUAGE.fullmatch(language):
            desk.warning("SS134", f"'{language}' does not look like the code of a language", item, "write for example pl, en or pt-BR")


def _nearest(code: str) -> str | None:
    """The code that differs least, the widely used ones first; None where all differ in more than one letter."""
    from difflib import get_close_matches

    used = ("EUR", "USD", "PLN", "GBP", "CHF", "CZK", "SEK", "NOK", "DKK", "HUF", "RON", "UAH", "JPY", "CNY", "CAD", "AUD")
    near = get_close_matches(code, used, n=1, cutoff=0.6) or get_close_matches(code, _CURRENCIES.split(), n=1, cutoff=0.6)
    return near[0] if near else None
