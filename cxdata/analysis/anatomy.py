"""How each metric is made of its cells: what is summed, what it is told per, how cells vary.

A figure that is not additive is scale · Σ top / Σ base over cells; a total is Σ top. The cells'
sums are all that an exact split of a change needs, and their spread all that its interval needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from cxdata.metrics import metric as metric_of
from cxdata.metrics.finish.allocation import allocated
from cxdata.metrics.finish.events import DAYS_A_MONTH
from cxdata.model.errors import BadScope
from cxdata.model.metric import Additive, Floats, Metric, Stat, Stats, total
from cxdata.model.summaries import CUSTOMER_TOTAL
from cxdata.query.statement import JOURNEY
from cxdata.statistics.interval import divide
from cxdata.statistics.mean import RatioSums

Sum = Callable[[Stats], Floats]


@dataclass(frozen=True)
class Anatomy:
    """One metric as sums over cells.

    ``of`` is the metric whose statistics are read, ``extra`` what is read beside them, ``units``
    the people whose number decides whether a cell may stand alone (the base where not given).
    ``classes`` are the counts whose shares make the figure, each with what one of it counts, and
    ``effective`` how many independent answers all cells hold where weights or accounts leave fewer;
    ``squares`` are the sums over customers that tell how much a cell's mean varies; ``events`` says
    that the top is a count of rare events. Where none of the three is there, it is a full count.
    ``per`` names what the base counts.
    """

    of: str
    top: Sum
    base: Sum | None = None
    per: str = ""
    scale: float = 1.0
    is_total: bool = False
    is_whole_by_journey: bool = False
    units: Sum | None = None
    classes: tuple[tuple[float, Sum], ...] = ()
    effective: Callable[[Stats], float] | None = None
    squares: Callable[[Stats], RatioSums] | None = None
    events: bool = False
    extra: Mapping[str, Stat] = field(default_factory=dict)


def anatomy(metric: Metric) -> Anatomy:
    """Return how a metric is made of its cells.

    Raises:
        BadScope: it is no sum of cells, or has no periods.
    """
    if not metric.is_dated:
        raise BadScope(f"{metric.label} is of the whole history: there is no change to explain.")
    if metric.name in _ANATOMIES:
        return _ANATOMIES[metric.name]
    if metric.additive is not Additive.NO:
        top = _own_estimate(metric)
        return Anatomy(metric.name, top, is_total=True, units=top if metric.is_survey else None)
    raise BadScope(f"{metric.label} is no sum over groups, so its change cannot be split.")


def _own_estimate(metric: Metric) -> Sum:
    def top(stats: Stats) -> Floats:
        return np.nan_to_num(metric.finish(stats).estimate)

    return top


def _stat(name: str) -> Sum:
    def read(stats: Stats) -> Floats:
        return stats[name]

    return read


def _rest(part: str, whole: str) -> Sum:
    def read(stats: Stats) -> Floats:
        return stats[whole] - stats[part]

    return read


def _share(
    name: str,
    part: str,
    whole: str,
    per: str,
    *,
    complement: bool = False,
    effective: Callable[[Stats], float] | None = None,
) -> Anatomy:
    inside, outside = _stat(part), _rest(part, whole)
    counted, other = (outside, inside) if complement else (inside, outside)
    return Anatomy(
        name,
        counted,
        _stat(whole),
        per,
        classes=((1.0, counted), (0.0, other)),
        effective=effective,
    )


def _score(
    name: str, prefix: str = "", effective: Callable[[Stats], float] | None = None
) -> Anatomy:
    good, neutral, bad = (
        _stat(f"{prefix}{one}") for one in ("promoters", "passives", "detractors")
    )
    return Anatomy(
        name,
        lambda stats: good(stats) - bad(stats),
        lambda stats: good(stats) + neutral(stats) + bad(stats),
        "answers",
        scale=100.0,
        units=_stat("answers") if prefix else None,
        classes=((1.0, good), (0.0, neutral), (-1.0, bad)),
        effective=effective,
    )


def _of_weights(stats: Stats) -> float:
    """Kish's effective number of answers, (Σw)²/Σw²."""
    weight = sum(stats[f"weight_{one}"].sum() for one in ("promoters", "passives", "detractors"))
    return float(divide(weight**2, stats["weight_sq"].sum()))


def _of_scores(stats: Stats) -> float:
    """Independent answers where several of an account agree."""
    good, neutral, bad = (stats[one].sum() for one in ("promoters", "passives", "detractors"))
    return _clustered(
        good + neutral + bad,
        good - bad,
        good + bad,
        *(stats[one].sum() for one in ("pairs", "pairs_score", "pairs_product")),
    )


def _of_tops(stats: Stats) -> float:
    """Independent answers about satisfaction where several of an account agree."""
    top = stats["top"].sum()
    return _clustered(
        stats["answers"].sum(),
        top,
        top,
        *(stats[one].sum() for one in ("pairs", "pairs_top", "pairs_product")),
    )


def _clustered(
    n: float, total_of: float, squares: float, pairs: float, crossed: float, products: float
) -> float:
    """Answers over their design effect: spread of the accounts' sums over that of the answers."""
    mean = float(divide(total_of, n))
    alone = squares - n * mean**2
    extra = products - 2 * mean * crossed + mean**2 * pairs
    effect = 1 + float(np.nan_to_num(divide(extra, alone)))
    return float(n / max(effect, 1.0))


def _quotient(name: str, top: str, base: str, per: str, units: str | None = None) -> Anatomy:
    return Anatomy(
        name, _stat(top), _stat(base), per, units=None if units is None else _stat(units)
    )


def _accounts(name: str, top: str, base: str, squares: Callable[[Stats], RatioSums]) -> Anatomy:
    return Anatomy(
        name,
        _stat(top),
        _stat(base),
        "accounts that answered",
        scale=100.0,
        units=_stat("accounts"),
        squares=squares,
    )


def _of_accounts(stats: Stats) -> RatioSums:
    """Each account counts 1."""
    n, score = stats["accounts"], stats["score"]
    return RatioSums(n, score, stats["score_sq"], n, n, score)


def _of_revenue(stats: Stats) -> RatioSums:
    """Each account counts its revenue."""
    return RatioSums(
        n=stats["accounts"],
        sum_y=stats["weight_score"],
        sum_yy=stats["weight_score_sq"],
        sum_x=stats["weight"],
        sum_xx=stats["weight_sq"],
        sum_xy=stats["weight_sq_score"],
    )


_TOTAL = CUSTOMER_TOTAL.c
_SQUARES: dict[str, Mapping[str, Stat]] = {
    "revenue": {
        "y": total(_TOTAL.revenue),
        "yy": total(_TOTAL.revenue_sq),
        "xy": total(_TOTAL.revenue_exposure),
    },
    "contribution": {
        "y": total(_TOTAL.revenue - _TOTAL.cost),
        "yy": total(_TOTAL.contribution_sq),
        "xy": total(_TOTAL.revenue_exposure - _TOTAL.cost_exposure),
    },
    "cost": {
        "y": total(_TOTAL.cost, role="all"),
        "yy": total(_TOTAL.cost_sq, role="all"),
        "xy": total(_TOTAL.cost_exposure, role="all"),
    },
}
"""Sums over customers of each amount: itself, its squares, and with their time."""


def _amount_squares(measure: str) -> Mapping[str, Stat]:
    """What a mean per average customer needs for its error, customers as units."""
    role = "all" if measure == "cost" else None
    return {
        "units": total(_TOTAL.customers, role=role),
        "x": total(_TOTAL.exposure, role=role),
        "xx": total(_TOTAL.exposure_sq, role=role),
        **_SQUARES[measure],
    }


def _sums(stats: Stats) -> RatioSums:
    units = stats["units"] if "units" in stats else stats["n"]
    return RatioSums(units, *(stats[name] for name in ("y", "yy", "x", "xx", "xy")))


def _months(stats: Stats) -> Floats:
    return stats["days"] / DAYS_A_MONTH


def _cost(stats: Stats) -> Floats:
    return stats["contact_cost"] + stats["direct_cost"] + allocated(stats)


def evened(stats: Stats, by: tuple[str, ...]) -> Stats:
    """Cut a pool that nothing is counted for into equal parts, one a segment.

    The metric shows such a pool whole in each segment; parts of a total must add up to it. By
    journey each pool is the journey's own.
    """
    pools = [name.removeprefix("pool_") for name in stats if name.startswith("pool_")]
    if not pools or JOURNEY in by or not by:
        return stats
    cells = max(stats[f"pool_{pools[0]}"].shape[-1], 1)
    return {
        **stats,
        **{
            f"pool_{key}": stats[f"pool_{key}"] / np.where(stats[f"whole_{key}"] > 0, 1, cells)
            for key in pools
        },
    }


def _amount(measure: str, *, is_total: bool = False, is_whole_by_journey: bool = False) -> Anatomy:
    return Anatomy(
        f"{measure}_per_customer",
        _cost if measure == "cost" else _stat("amount"),
        _stat("customers"),
        "customers",
        squares=_sums,
        extra=_amount_squares(measure),
        is_total=is_total,
        is_whole_by_journey=is_whole_by_journey,
    )


def _counted(name: str, top: Sum, base: str, per: str) -> Anatomy:
    """A count of some of the base's units."""
    return Anatomy(
        name,
        top,
        _stat(base),
        per,
        is_total=True,
        classes=((1.0, top), (0.0, lambda stats: stats[base] - top(stats))),
    )


def _earned(name: str, *parts: str) -> Anatomy:
    """Revenue of some customers, less all of the year before, told per revenue of that year."""

    def gain(stats: Stats) -> Floats:
        return np.sum([stats[part] for part in parts], axis=0) - stats["opening"]

    per = "revenue of a year before"
    return Anatomy(name, gain, _stat("opening"), per, units=_stat("customers"))


_ANATOMIES: dict[str, Anatomy] = {
    "abandoned_share": _share("abandoned_share", "part", "whole", "contacts"),
    "csat": _share("csat", "top", "answers", "answers", effective=_of_tops),
    "failure_demand": _share("failure_demand", "failure", "inbound", "inbound contacts"),
    "first_contact_resolution": _share("first_contact_resolution", "part", "whole", "episodes"),
    "logo_churn": _share(
        "logo_churn", "retained", "start", "customers at the start", complement=True
    ),
    "logo_retention": _share("logo_retention", "retained", "start", "customers at the start"),
    "churn_involuntary": _share("churn_involuntary", "lost", "start", "customers at the start"),
    "churn_voluntary": _share("churn_voluntary", "lost", "start", "customers at the start"),
    "renewal_rate": _share("renewal_rate", "renewed", "due", "customers due"),
    "loss_making_share": _share("loss_making_share", "negative", "customers", "customers"),
    "repeat_contact_rate": _share("repeat_contact_rate", "part", "whole", "contacts"),
    "response_rate": _share("response_rate", "responded", "delivered", "invitations"),
    "within_target_share": _share("within_target_share", "part", "whole", "contacts"),
    "nps": _score("nps", effective=_of_scores),
    "nps_after_journey": _score("nps_after_journey", effective=_of_scores),
    "nps_weighted": _score("nps_weighted", "weight_", _of_weights),
    "nps_by_account": _accounts("nps_by_account", "score", "accounts", _of_accounts),
    "nps_by_revenue": _accounts("nps_by_revenue", "weight_score", "weight", _of_revenue),
    "accounts_heard": _quotient("accounts_heard", "heard", "customers", "customers", units="heard"),
    "revenue_heard": _quotient("revenue_heard", "heard", "revenue", "revenue", units="accounts"),
    "arpu": _quotient("arpu", "amount", "customers", "customers"),
    "average_order_value": _quotient("average_order_value", "amount", "orders", "sales"),
    "cost_per_contact": _quotient("cost_per_contact", "cost", "costed", "contacts"),
    "customer_growth": _quotient("customer_growth", "net", "start", "customers at the start"),
    "gross_revenue_retention": _quotient(
        "gross_revenue_retention", "kept", "base", "revenue of a year before", units="customers"
    ),
    "net_revenue_retention": _quotient(
        "net_revenue_retention", "kept", "base", "revenue of a year before", units="customers"
    ),
    "earned_growth": _earned("earned_growth", "same", "earned"),
    "earned_growth_most": _earned("earned_growth_most", "same", "earned", "unknown"),
    "churn_rate": Anatomy("churn_rate", _stat("events"), _months, "customer-months", events=True),
    "contact_rate": Anatomy("contact_rate", _stat("y"), _months, "customer-months", squares=_sums),
    "revenue_per_customer": _amount("revenue"),
    "contribution_per_customer": _amount("contribution"),
    "cost_per_customer": _amount("cost", is_whole_by_journey=True),
    "shared_cost_per_customer": Anatomy(
        "shared_cost_per_customer",
        allocated,
        _stat("customers"),
        "customers",
        is_whole_by_journey=True,
    ),
    "revenue": _amount("revenue", is_total=True),
    "contribution": _amount("contribution", is_total=True),
    "cost_to_serve": _amount("cost", is_total=True, is_whole_by_journey=True),
    "customers_lost": _counted(
        "logo_churn", _rest("retained", "start"), "start", "customers at the start"
    ),
}
"""Metrics that are more than a sum of their own slices."""


def read_as(made: Anatomy) -> Metric:
    """Return the metric whose statistics an anatomy reads, with what it reads beside them."""
    known = metric_of(made.of)
    return replace(known, name=f"cells_of_{known.name}", stats={**known.stats, **made.extra})
