"""Personal data within a text: where e-mails, phones, cards and account numbers stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

KINDS = {"email": "e-mail", "phone": "phone", "card": "card", "iban": "iban"}
"""Kinds that a text itself shows, with the word that masks each."""

_EMAIL = re.compile(r"[\w.%+'-]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}", re.UNICODE)
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{1,4}){2,10}\b")
_COUNTRIES = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29
ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25
QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
"""
_IBAN_LENGTHS = {one[:2]: int(one[2:]) for one in _COUNTRIES.split()}
_CARD = re.compile(
    r"(?<![\w.,+-])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}"
    r"|\d{13,19})(?![\w]|[.,-]\d)"
)
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}"
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}|62\d{14,17}"
)
_GAP = r"[ ./-]{0,2}"
_PHONES = (
    # +49 (0)30 1234567
    r"(?<![\w+])\+\d(?:(?:[ ./-]{0,2}|[ ]?\(0?\)[ ]?|[ ]?\(|\)[ -]?)\d){7,14}(?![\d]|[.,]\d)",
    # 0049 30 1234567
    r"(?<![\w.,-])00[1-9]\d[ ./-]\d(?:[ ./-]?\d){6,11}(?![\d-])",
    # (030) 123 4567, (212) 555-0100
    r"(?<![\w(])\(\d{2,5}\)[ -]?\d{2,4}(?:[ .-]?\d{2,5}){1,3}(?!\d)",
    # 030 1234567, 020-7946-0958, 06 12 34 56 78
    r"(?<![\w.,/+-])0[1-9]\d{0,3}[ ./-]\d{2,8}(?:[ .-]\d{2,5}){0,4}(?![\d/-])",
    # 212-555-0100
    r"(?<![\w./+-])(?:1[-. ])?[2-9]\d{2}([-.])[2-9]\d{2}\1\d{4}(?![\d-])",
)
_PHONE = tuple(re.compile(one) for one in _PHONES)
_NEAR_PHONE = re.compile(
    r"(?:\b(?:call|phone|mobile|cell|tel|telephone|ring|whatsapp|sms|text me|handy|telefon|mobil"
    r"|anrufen|erreichbar|appel\w*|portable|llam\w+|telefono|ligar|bel)\b)[^\d\n]{0,20}"
    r"(\+?\d(?:[ ./-]{0,2}\d){6,14})(?!\d)",
    re.IGNORECASE,
)
_NEAR_ORDER = re.compile(
    r"(?:order|ticket|case|invoice|ref\w*|sku|article|item|serial|auftrag\w*|bestell\w*|rechnung\w*"
    r"|commande|facture|pedido|factura|number|nummer|no|nr|id|#)[\s:.#]*(?:is\s+|no\.?\s*)?$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}")


@dataclass(frozen=True)
class Span:
    """A piece of personal data within a text."""

    start: int
    end: int
    kind: str


def spans(text: str) -> list[Span]:
    """Return the personal data of a text, in order and apart.

    >>> [(one.kind, one.start) for one in spans("write to ann@example.com or +44 20 7946 0958")]
    [('email', 9), ('phone', 28)]
    """
    found: list[Span] = []
    for one in _candidates(text):
        if all(one.end <= other.start or one.start >= other.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def masked(text: str) -> str:
    """Return a text with its personal data named instead of shown; another text is unchanged.

    >>> masked("I am ann@example.com"), masked("Order 12345678 of 2024-01-31")
    ('I am [e-mail]', 'Order 12345678 of 2024-01-31')
    """
    for one in reversed(spans(text)):
        text = f"{text[: one.start]}[{KINDS[one.kind]}]{text[one.end :]}"
    return text


def whole(text: str) -> str:
    """Return the kind of personal data that a trimmed text is as a whole, "" for none."""
    found = spans(text)
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(text):
        return found[0].kind
    return ""


def luhn(digits: str) -> bool:
    """Return whether the last digit is the check digit that payment cards carry (ISO/IEC 7812).

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def mod97(iban: str) -> bool:
    """Return whether an IBAN without spaces has its check digits right (ISO 13616).

    >>> mod97("DE89370400440532013000")
    True
    """
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(one, 36)) for one in turned)) % 97 == 1


def is_card(text: str) -> bool:
    """Return whether a text is a card number: an issuer's prefix and length, and a check digit."""
    digits = re.sub(r"[ -]", "", text)
    return bool(_ISSUERS.fullmatch(digits)) and luhn(digits)


def _candidates(text: str) -> Iterator[Span]:
    if "@" in text:
        yield from (Span(*one.span(), "email") for one in _EMAIL.finditer(text))
    if sum(one.isdigit() for one in text) < 7:
        return
    yield from _ibans(text)
    for one in _CARD.finditer(text):
        if is_card(one[0]):
            yield Span(*one.span(), "card")
    yield from _phones(text)


def _ibans(text: str) -> Iterator[Span]:
    for one in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(one[0][:2].upper(), 0)
        end, seen = one.start(), 0
        while end < one.end() and seen < length:
            seen += text[end].isalnum()
            end += 1
        plain = re.sub(r"[ -]", "", text[one.start() : end]).upper()
        if length and len(plain) == length and mod97(plain):
            yield Span(one.start(), end, "iban")


def _phones(text: str) -> Iterator[Span]:
    for number, pattern in enumerate(_PHONE):
        for one in pattern.finditer(text):
            digits = sum(part.isdigit() for part in one[0])
            sure = number in (0, 2)
            if not 8 <= digits <= 15 or (number == 3 and not 9 <= digits <= 12):
                continue
            if _DATE.search(one[0]) or (
                not sure and _NEAR_ORDER.search(text[max(0, one.start() - 20) : one.start()])
            ):
                continue
            yield Span(*one.span(), "phone")
    for one in _NEAR_PHONE.finditer(text):
        if not _DATE.search(one[1]):
            yield Span(*one.span(1), "phone")


TIGHT = (
    r"@[\w-]+\.|\+\d(?:[ ./()-]{0,3}\d){7}|\(\d{2,5}\)[ -]?\d|\b0\d{1,4}[ ./-]\d{2}"
    r"|\d{3}[-.]\d{3}[-.]\d{4}|\d{4}[ -]\d{4}[ -]\d{4}[ -]\d|\b[3-6]\d{12,18}\b"
    r"|\b[A-Za-z]{2}\d{2} ?[A-Za-z0-9]{4} ?[A-Za-z0-9]{4}"
    r"|(?i:call|phone|tel|mobil|whatsapp|handy|cell)"
)
"""A pattern of the engine that every personal datum matches, and most other texts do not."""
