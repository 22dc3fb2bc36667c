"""What people write: short texts in four languages that fit the journey and the score."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from cxdata.demo.company import JOURNEYS, LANGUAGES
from cxdata.demo.timeline import Array

_FOLDER = Path(__file__).with_name("phrases")
_GENERAL = "general"
_MOODS = ("bad", "mixed", "good")


@cache
def _texts() -> tuple[pa.Array, Array, Array]:
    """Return all texts, and where those of (language, theme, mood) begin and how many there are."""
    themes = [*(journey.code for journey in JOURNEYS), _GENERAL]
    shape = (len(LANGUAGES), len(themes), len(_MOODS))
    first, count = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    texts: list[str] = []
    for place in np.ndindex(shape):
        phrases = _phrases(LANGUAGES[place[0]])
        about = phrases.get(themes[place[1]], phrases[_GENERAL])
        mood = _MOODS[place[2]]
        found = [
            f"{body} {close}" for body in _bodies(about, mood) for close in phrases["close"][mood]
        ]
        first[place], count[place] = len(texts), len(found)
        texts += found
    return pa.array(texts), first, count


def _bodies(about: dict[str, list[str]], mood: str) -> list[str]:
    """Return the sentences of a mood; mixed feelings name one good and one bad thing."""
    if mood != "mixed":
        return about[mood]
    return [f"{good} {bad}" for good, bad in zip(about["good"], about["bad"], strict=True)]


@cache
def _phrases(language: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def verbatims(rng: np.random.Generator, language: Array, journey: Array, score: Array) -> pa.Array:
    """Draw a text for each answer; a negative journey is the relationship as a whole."""
    texts, first, count = _texts()
    theme = np.where(journey < 0, rng.integers(0, len(JOURNEYS) + 1, len(journey)), journey)
    mood = np.select([score <= 6, score >= 9], [0, 2], 1)
    place = (language, theme, mood)
    chosen = first[place] + (rng.random(len(score)) * count[place]).astype(np.int64)
    return texts.take(pa.array(chosen))
