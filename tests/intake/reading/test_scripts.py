"""Code pages are told from each other by how often letters stand in the languages they write."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxdata.intake.reading.letters import LETTERS
from cxdata.intake.reading.scripts import CODECS, judge
from tests.intake.reading.kit import HEADER, reading, rows, text

WESTERN = "Windows-1252 ISO-8859-15 CP850 Mac Roman"
CENTRAL = "Windows-1250 ISO-8859-2 CP852 Mac Central European"
BALTIC = "Windows-1257 ISO-8859-13 CP775"
CYRILLIC = "Windows-1251 ISO-8859-5 Mac Cyrillic CP855"

SENTENCES = [
    ("Der Kunde fährt für schöne Grüße nach München und hört: größer, später, früher", WESTERN),
    ("Le client a été rappelé très tôt, mais le problème n'est pas réglé à ce jour", WESTERN),
    ("El señor Núñez llamó ayer, la atención fue rápida y también amable según él", WESTERN),
    ("A reclamação não foi atendida, mas o serviço já está em operação amanhã", WESTERN),
    ("Kunden är nöjd men väntade länge på svar från Malmö och Göteborg", WESTERN),
    ("Zażółć gęślą jaźń, klient z Łodzi prosił o zwrot pieniędzy za usługę", CENTRAL),
    ("Příliš žluťoučký kůň úpěl, zákazník čekal na vyřízení své žádosti", CENTRAL),
    ("Az ügyfél elégedett volt, de túl sokáig kellett várnia a válaszra Győrött", CENTRAL),
    ("Korisnik kaže da je čekao više od sat vremena, žalba još nije riješena", CENTRAL),
    ("Klientas skundėsi, kad ilgai laukė atsakymo iš Šiaulių, ačiū už pagalbą", BALTIC),
    ("Klients sūdzējās par kļūdu rēķinā, paldies par ātro palīdzību Rīgā", BALTIC),
    ("Müşteri çağrı merkezinden yanıt alamadığı için şikâyetçi oldu, İzmir", "Windows-1254 CP857"),
    ("Клиент доволен, но долго ждал ответа из Москвы", f"{CYRILLIC} KOI8-R CP866"),
    ("Клієнт чекав відповіді з Києва, дякуємо за її терпіння", "Windows-1251 KOI8-U ISO-8859-5"),
    ("Ο πελάτης έμεινε ευχαριστημένος από την Αθήνα", "Windows-1253 ISO-8859-7 CP737"),
    ("הלקוח מרוצה מאוד מהשירות בתל אביב", "Windows-1255 CP862"),
]


def _names(said: str) -> list[str]:
    """Return the names of code pages in a text; some have spaces."""
    return [name for name in CODECS if name in said]


CASES = [(name, sentence) for sentence, said in SENTENCES for name in _names(said)]


def _can(sentence: str, name: str) -> bool:
    try:
        sentence.encode(CODECS[name])
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize(("name", "sentence"), CASES)
def test_a_sentence_is_read_as_it_was_written(name: str, sentence: str) -> None:
    kept = " ".join(word for word in sentence.split() if _can(word, name))
    raw = kept.encode(CODECS[name])
    best = judge(raw)[0]
    assert raw.decode(CODECS[best.name]) == kept


def test_code_pages_that_give_the_same_text_are_one_candidate() -> None:
    found = judge("Grüße aus Köln".encode("cp1252"))
    texts = [one.shown for one in found if one.score > 0.99]
    assert texts.count("Grüße, Köln") == 1


@pytest.mark.parametrize("sign", ["€ 12", "5 °C", "D’Été", "“Zoë’s” café", "½", "3 €/h"])
def test_signs_of_the_everyday_code_page_outweigh_letters_of_rare_ones(sign: str) -> None:
    assert judge(sign.encode("cp1252"))[0].name == "Windows-1252"


@pytest.mark.parametrize("language", LETTERS)
def test_shares_of_letters_are_whole(language: str) -> None:
    assert sum(LETTERS[language].values()) == pytest.approx(1)
    assert all(letter == letter.lower() for letter in LETTERS[language])


def test_a_short_text_is_asked_with_what_each_code_page_would_read(tmp_path: Path) -> None:
    table = [("1", "Łódź", "2"), ("2", "plain", "3")]
    found = reading(tmp_path, text(table).encode("cp852"))
    question = next(one for one in found.questions if one.key == "encoding")
    assert question.default == "CP852"
    assert "Łódź" in question.asks
    assert len(question.options) > 1
    assert rows(found) == table


@pytest.mark.parametrize(
    ("codec", "name", "words"),
    [
        ("utf-7", "UTF-7", "Müller, café"),
        ("utf-7", "UTF-7", "Łódź"),
        ("hz", "HZ", "王小明"),
        ("iso2022_kr", "ISO-2022-KR", "안녕하세요"),
        ("iso2022_jp", "ISO-2022-JP", "こんにちは"),
    ],
)
def test_letters_between_marks_in_plain_ascii_are_asked(
    codec: str, name: str, words: str, tmp_path: Path
) -> None:
    table = [("1", words.replace(", ", " "), "2"), ("2", "plain", "3")]
    found = reading(tmp_path, text(table).encode(codec))
    assert found.dialect.encoding == name
    assert rows(found) == table
    question = next(one for one in found.questions if one.key == "encoding")
    assert question.default == name
    plain = reading(tmp_path, text(table).encode(codec), encoding="UTF-8")
    assert plain.dialect.encoding == "UTF-8"
    assert not plain.questions


@pytest.mark.parametrize(
    "cell",
    ["+4915112345678", "a+b-c", "+1-800-555", "~{x", "C++", "+AOk- and +49", "+abc", "~{}~"],
)
def test_plus_signs_and_waves_of_plain_text_stay(cell: str, tmp_path: Path) -> None:
    table = [("1", cell, "2"), ("2", "plain", "3")]
    found = reading(tmp_path, text(table, header=HEADER).encode())
    assert found.dialect.encoding == "UTF-8"
    assert rows(found) == table
    assert "encoding" not in [one.key for one in found.questions]


def test_a_code_page_is_asked_by_words_that_read_differently_by_it() -> None:
    names = ["Österreich", "Söderström", "Anaïs", "Søren", "Žofie"]
    likely = judge("\n".join(f"{name};1" for name in names * 9).encode("cp1252"))[:4]
    assert len({one.shown for one in likely}) == len(likely)
    western = next(one for one in likely if one.name == "Windows-1252")
    assert "Anaïs" in western.shown
