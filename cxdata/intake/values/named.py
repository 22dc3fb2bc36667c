"""What the name of a column hints at, in the languages of the extracts that people bring."""

from __future__ import annotations

import re

from cxdata.intake.values.words import folded

_WORDS = {
    "date": "date day datum tag fecha dia data giorno jour time timestamp datetime zeit uhrzeit at "
    "on hora heure created updated modified closed opened started ended start end since until "
    "birthday dob when zeitpunkt moment submitted recorded expires valid month monat mois mes",
    "number": "amount price revenue total sum betrag preis umsatz summe montant prix importe "
    "precio monto valor valore importo prezzo bedrag prijs quantity qty menge count anzahl cost "
    "costs kosten cout coste value score rating nps csat ces rate share ratio percent prozent "
    "seconds minutes hours duration age alter balance fee tax discount mrr arr margin tenure "
    "weight sales spend charge charges",
    "rate": "rate share ratio percent percentage pct prozent quote anteil taux part tasa",
    "id": "id ids key no nr num number nummer numero numéro code sku ean gtin isbn zip plz postal "
    "postcode postleitzahl cp account konto ref reference referenz order ticket case invoice "
    "customer client kunde kundennummer cliente msisdn imei iban uuid guid identifier",
    "score": "nps recommend recommendation empfehlung recommander recomendar likelihood promoter",
    "country": "country countries land pays pais país paese iso nation nationality nationalitat "
    "staat region state province market",
    "language": "language languages lang locale sprache langue idioma lingua taal",
    "person": "surname lastname firstname forename vorname nachname familienname prenom apellido "
    "apellidos cognome achternaam voornaam fullname sobrenome",
    "name": "name names nom nombre nome naam",
    "flag": "is has flag resolved active aktiv opt consent yes resuelto gelost abandoned "
    "transferred",
    "email": "email mail e-mail mails correo courriel",
    "phone": "phone telephone telefon telefono telefone tel mobile mobil handy cell cellphone fax "
    "movil portable gsm msisdn telefoonnummer rufnummer phonenumber",
    "card": "card pan cc creditcard kreditkarte karte tarjeta carte kartennummer cardnumber",
    "iban": "iban",
    "national_id": "ssn nin nino personnummer cpf dni nif nie bsn insee pesel passport pasaporte "
    "reisepass steuerid steueridentifikationsnummer sozialversicherungsnummer nss curp aadhaar "
    "cnp fodselsnummer cpr",
    "address": "street address addresses adresse strasse direccion indirizzo endereco straat",
    "birth": "dob birthdate birthday geburtsdatum geburtstag birth naissance nacimiento nascita",
}
_HINTS = {kind: frozenset(folded(words).split()) for kind, words in _WORDS.items()}
_PHRASES = {
    "person": (
        "first name",
        "last name",
        "full name",
        "family name",
        "given name",
        "contact name",
        "customer name",
        "nom de famille",
        "respondent name",
        "agent name",
    ),
    "national_id": (
        "social security",
        "national id",
        "tax id",
        "codice fiscale",
        "steuer id",
        "national insurance",
        "numero de securite sociale",
    ),
    "card": ("card number", "credit card"),
    "birth": ("date of birth", "birth date"),
}


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a column's name in lower case, without accents.

    >>> words_of("firstName_Größe 2")
    ('first', 'name', 'große', '2')
    """
    split = re.sub(r"([a-zà-ÿ0-9])([A-ZÀ-Þ])", r"\1 \2", name)
    return tuple(re.findall(r"[^\W_]+", folded(split)))


def hints(name: str) -> frozenset[str]:
    """Return the kinds of value that a column's name hints at.

    >>> sorted(hints("Order date")), sorted(hints("Amount, in dollars"))
    (['date'], ['number'])
    """
    words = words_of(name)
    joined = " ".join(words)
    found = {kind for kind, known in _HINTS.items() if known.intersection(words)}
    found |= {
        kind for kind, said in _PHRASES.items() if any(f" {one} " in f" {joined} " for one in said)
    }
    if "id" in found and words and words[-1] in ("date", "amount", "time", "at", "on", "value"):
        found.discard("id")
    return frozenset(found)
