"""What is planted in the demo data, in one place; the tests recover it.

1. **Mix against rate.** From the last complete quarter on every segment's latent opinion is
   ``mix.lift`` higher than before, so NPS rises in each segment. In the same quarter young adults,
   by far the least happy, are asked every month instead of every quarter, and a campaign has
   brought more of them. NPS in total falls.
2. **Low scorers leave.** The voluntary hazard is multiplied by ``low_scorers.detractor``,
   ``.passive`` or ``.promoter`` by the customer's latent score class.
3. **Slow onboarding.** For customers who join from ``onboarding.since`` on, onboarding takes
   ``onboarding.slower`` times as long in every segment. Only professionals mind: their voluntary
   hazard is ``onboarding.hazard`` times as high for ``onboarding.months`` months of tenure.
4. **The bot.** From ``bot.since`` on the share ``bot.takes`` of simple contacts goes to the bot. Of
   those, ``bot.returns`` come back to a person within seven days about the same thing.
5. **Initiatives.** ``updates`` (randomised by customer) multiplies the contact rate of its treated
   customers by ``updates.contact_rate``; ``mailing`` (with a control group) does nothing.
6. **The last complete month.** Payments in Spain and Portugal moved to another provider: the
   hazard of a lost membership by failed payment rises by ``payments.hazard`` for one month, and
   ``payments.return_share`` of those lost come back in each month after.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cxdata.demo.company import IBERIA, PROFESSIONALS, REGIONS, SEGMENTS, YOUNG
from cxdata.demo.timeline import Timeline, add_months, calendar_day


@dataclass(frozen=True)
class Mix:
    """NPS falls in total while it rises in each segment."""

    since: date
    campaign_since: date
    segment: str = SEGMENTS[YOUNG].code
    lift: float = 0.38
    campaign: float = 5.0  # times the usual share of the segment among those who join
    asked_every: int = 1  # month
    asked_before: int = 3  # months


@dataclass(frozen=True)
class LowScorers:
    """Hazard multipliers by latent score class."""

    detractor: float = 1.8
    passive: float = 1.0
    promoter: float = 0.7


@dataclass(frozen=True)
class Onboarding:
    """A slower onboarding that costs retention in one segment."""

    since: date
    segment: str = SEGMENTS[PROFESSIONALS].code
    slower: float = 2.4
    hazard: float = 2.8
    months: int = 6


@dataclass(frozen=True)
class Bot:
    """A bot that takes contacts, some of which come back to a person."""

    since: date
    takes: float = 0.45
    returns: float = 0.26
    days: int = 7


@dataclass(frozen=True)
class Updates:
    """An initiative that works, randomised by customer."""

    since: date
    full_effect: date
    initiative_id: str = "updates"
    treated_share: float = 0.5
    enrolled_share: float = 0.6
    contact_rate: float = 0.78


@dataclass(frozen=True)
class Mailing:
    """An initiative that does nothing, with a control group."""

    since: date
    initiative_id: str = "mailing"
    treated_share: float = 0.7
    enrolled_share: float = 0.5
    hazard: float = 1.0


@dataclass(frozen=True)
class Payments:
    """What moved retention in the last complete month."""

    month: date
    regions: tuple[str, ...] = tuple(REGIONS[r].code for r in IBERIA)
    hazard: float = 0.04
    return_share: float = 0.3


@dataclass(frozen=True)
class Truths:
    """Everything planted, with the days on which it begins."""

    price_rise: date
    mix: Mix
    low_scorers: LowScorers
    onboarding: Onboarding
    bot: Bot
    updates: Updates
    mailing: Mailing
    payments: Payments

    def as_json(self, **about: Any) -> str:
        """Return the truths as JSON text, dates as ISO text."""
        return json.dumps({**about, **asdict(self)}, default=str, indent=2) + "\n"


def planted(time: Timeline) -> Truths:
    """Return what is planted; the days hang on the last complete month."""

    def back(months: int) -> date:
        return calendar_day(time.back(months))

    quarter = calendar_day(time.last_quarter)
    return Truths(
        price_rise=back(17),
        mix=Mix(since=quarter, campaign_since=add_months(quarter, -2)),
        low_scorers=LowScorers(),
        onboarding=Onboarding(since=back(8)),
        bot=Bot(since=back(16)),
        updates=Updates(since=back(8), full_effect=back(7)),
        mailing=Mailing(since=back(7)),
        payments=Payments(month=back(0)),
    )
