"""Signs and codes of currencies beside amounts."""

from __future__ import annotations

SIGNS: dict[str, str] = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "US$": "USD",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₪": "ILS",
    "₫": "VND",
    "₴": "UAH",
    "฿": "THB",
    "R$": "BRL",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "lei": "RON",
    "kr": "",
    "kr.": "",
    "Fr.": "CHF",
    "SFr.": "CHF",
    "Rs": "INR",
    "Rs.": "INR",
    "円": "JPY",
    "元": "CNY",
    "euro": "EUR",
    "euros": "EUR",
    "Euro": "EUR",
}
"""Currency of each sign; "" where several countries share it."""

_CODES = """
    AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GHS HKD HRK HUF IDR ILS INR
    ISK JOD JPY KES KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB
    SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR
"""
CODES = frozenset(_CODES.split())
"""ISO 4217 codes that are looked for beside amounts."""

TOKENS = (*sorted(SIGNS, key=len, reverse=True), *sorted(CODES))
"""Every sign and code, longer ones first."""

SHARED = {"$": ("USD", "CAD", "AUD"), "¥": ("JPY", "CNY"), "kr": ("SEK", "NOK", "DKK")}
"""Signs that several currencies use."""


def currency_of(sign: str) -> str:
    """Return the ISO code of a sign or code, "" where it is not one alone.

    >>> currency_of("€"), currency_of("chf"), currency_of("kr")
    ('EUR', 'CHF', '')
    """
    if sign in SIGNS:
        return SIGNS[sign]
    return sign.upper() if sign.upper() in CODES else ""
