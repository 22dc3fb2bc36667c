"""Words fit the language, the journey and the score."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from cxdata.demo import words
from cxdata.demo.company import BILLING, JOURNEYS, LANGUAGES, ONBOARDING

FOLDER = Path(words.__file__).with_name("phrases")


def said(language: str, journey: int, score: int, count: int = 400) -> set[str]:
    def every(value: int) -> np.ndarray:
        return np.full(count, value)

    rng = np.random.default_rng(1)
    place = LANGUAGES.index(language)
    return set(words.verbatims(rng, every(place), every(journey), every(score)).to_pylist())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_theme_and_mood(language: str) -> None:
    phrases = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    assert set(phrases) == {"close", "general", *(journey.code for journey in JOURNEYS)}
    assert set(phrases.pop("close")) == {"bad", "mixed", "good"}
    for theme, moods in phrases.items():
        assert set(moods) == {"bad", "good"}, theme
        assert len(moods["bad"]) == len(moods["good"]) == 3, theme


def test_words_fit_journey_and_score() -> None:
    bad = said("de", BILLING, 3)
    good = said("de", BILLING, 10)
    assert any("doppelt abgebucht" in text for text in bad)
    assert any("gut zu verstehen" in text for text in good)
    assert not bad & good


def test_a_passive_names_one_good_and_one_bad_thing() -> None:
    assert "Getting started was easy. It took weeks until my account was ready. Fine overall." in (
        said("en", ONBOARDING, 7)
    )


def test_the_relationship_is_about_everything() -> None:
    assert len(said("pt", -1, 9)) > 50


def test_languages_share_no_text() -> None:
    texts = [said(language, BILLING, 2) for language in LANGUAGES]
    assert len(set.union(*texts)) == sum(map(len, texts))
