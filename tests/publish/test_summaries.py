"""The rules of the marts follow the settings."""

from __future__ import annotations

from cxdata.marts.rules import Rules
from cxdata.publish.summaries import rules_of
from cxdata.sources.config import Settings


def test_defaults_agree() -> None:
    assert rules_of(Settings()) == Rules()


def test_every_setting_arrives() -> None:
    settings = Settings(
        currency="CHF",
        grace_days=3,
        lapse_days=120,
        exposure_days=60,
        repeat_days=5,
        paused_counts_active=False,
        fiscal_year_start=4,
    )
    assert rules_of(settings) == Rules(
        currency="CHF",
        grace_days=3,
        lapse_days=120,
        exposure_days=60,
        repeat_days=5,
        paused_is_active=False,
        fiscal_start=4,
    )
