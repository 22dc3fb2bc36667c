"""The figures once more, in pandas, straight from the curated rows and METRICS.md.

Plain and slow on purpose: sets of customers, loops over months, no summary and no SQL. Written
from the specification alone; where it and the product differ, one of them misread it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from cxdata.model.period import add_months

FAR = date(9999, 12, 31)
Interval = tuple[date, date]


@dataclass(frozen=True)
class Movement:
    """The lines of the revenue movement (2.5)."""

    start: Decimal
    new: Decimal
    reactivation: Decimal
    expansion: Decimal
    contraction: Decimal
    churn: Decimal
    adjustment: Decimal
    end: Decimal


class Oracle:
    """Curated rows of a folder; ``through`` is the last complete day, ``lapse`` W in days."""

    def __init__(self, folder: Path, through: date, lapse: int, grace: int = 7) -> None:
        self.folder, self.through, self.lapse, self.grace = folder, through, lapse, grace

    def rows(self, table: str) -> pd.DataFrame:
        """A table with survivors for merged customers and without test accounts."""
        frame = pd.read_parquet(self.folder / table)
        if "customer_id" in frame and table != "customer":
            frame["customer_id"] = frame["customer_id"].map(lambda c: self.survivor.get(c, c))
            frame = frame[~frame["customer_id"].isin(self.tests)]
        return frame

    @cached_property
    def _regions(self) -> dict[date, dict[str, str]]:
        return {}

    @cached_property
    def customers(self) -> pd.DataFrame:
        """The customer table as it is."""
        return pd.read_parquet(self.folder / "customer")

    @cached_property
    def survivor(self) -> dict[str, str]:
        """Who stands for a merged customer."""
        merged = self.customers.dropna(subset="merged_into_id")
        return dict(zip(merged["customer_id"], merged["merged_into_id"], strict=True))

    @cached_property
    def tests(self) -> set[str]:
        """Test accounts."""
        return set(self.customers.loc[self.customers["is_test"].fillna(value=False), "customer_id"])

    @cached_property
    def identified(self) -> set[str]:
        """Ids that are customers."""
        return {self.survivor.get(c, c) for c in self.customers["customer_id"]} - self.tests

    @cached_property
    def intervals(self) -> dict[str, list[Interval]]:
        """When each customer was one: contracts with short gaps bridged, else W days a purchase."""
        raw: dict[str, list[Interval]] = {}
        terms = self.rows("subscription_period")
        terms = terms[terms["status"].isin(["active", "paused"])]
        for row in _each(terms):
            end = FAR if pd.isna(row.end_date) else row.end_date
            if end > row.start_date:
                raw.setdefault(row.customer_id, []).append((row.start_date, end))
        contractual = set(self.rows("subscription_period")["customer_id"])
        sales = self.rows("sales_transaction")
        sales = sales[(sales["kind"] == "sale") & sales["customer_id"].isin(self.identified)]
        for row in _each(sales):
            if row.customer_id not in contractual:
                end = row.transaction_date + timedelta(days=self.lapse)
                raw.setdefault(row.customer_id, []).append((row.transaction_date, end))
        return {
            who: _merged(found, self.grace if who in contractual else 0)
            for who, found in raw.items()
            if who in self.identified
        }

    @cached_property
    def first_active(self) -> dict[str, date]:
        """First day as a customer, by the data or as stated."""
        stated = self.customers.dropna(subset="first_active_date")
        firsts = {who: found[0][0] for who, found in self.intervals.items()}
        for row in _each(stated):
            who = self.survivor.get(row.customer_id, row.customer_id)
            if who in firsts:
                firsts[who] = min(firsts[who], row.first_active_date)
        return firsts

    def active(self, at: date) -> set[str]:
        """A(t): customers at the close of the day before."""
        return {
            who
            for who, found in self.intervals.items()
            if any(start < at <= end for start, end in found)
        }

    def ends(self, start: date, months: int) -> Interval:
        """First instant of a period and its close, no later than the data."""
        return start, min(add_months(start, months), self.through + timedelta(days=1))

    def bridge(self, start: date, months: int = 1) -> tuple[int, int, int, int, int]:
        """Start, new, reactivated, lost, end (2.1)."""
        t0, t1 = self.ends(start, months)
        before, after = self.active(t0), self.active(t1)
        came = after - before
        new = {who for who in came if self.first_active[who] >= t0}
        return len(before), len(new), len(came - new), len(before - after), len(after)

    def lost_by_reason(self, start: date, months: int = 1) -> dict[str, int]:
        """Lost customers by the reason of the contract that ended last (2.2)."""
        t0, t1 = self.ends(start, months)
        terms = self.rows("subscription_period")
        terms = terms[terms["status"].isin(["active", "paused"]) & (terms["end_date"] < t1)]
        last = terms.sort_values("end_date").groupby("customer_id")["end_reason"].last()
        contractual = set(self.rows("subscription_period")["customer_id"])
        found: dict[str, int] = {}
        for who in (self.active(t0) - self.active(t1)) & contractual:
            found[last[who]] = found.get(last[who], 0) + 1
        return found

    def renewals(self, start: date, months: int = 1) -> tuple[int, int]:
        """Renewed and due among customers whose paid contract ran out (2.2)."""
        t0, t1 = self.ends(start, months)
        terms = self.rows("subscription_period")
        terms = terms[(terms["status"] != "trial") & terms["customer_id"].isin(self.identified)]
        began = terms.groupby("subscription_id")["start_date"].min().to_dict()
        onward = {(row.subscription_id, row.start_date): row for row in _each(terms)}
        inside = terms[terms["end_date"].notna() & (terms["status"] == "active")]
        inside = inside[(inside["end_date"] >= t0) & (inside["end_date"] < t1)]
        ran_out = [
            _ran_out(row, began[row.subscription_id], onward.get((row.subscription_id, day)))
            for row, day in zip(_each(inside), inside["end_date"], strict=True)
        ]
        ends = inside[ran_out].drop_duplicates(["customer_id", "end_date"])
        grace = timedelta(days=self.grace)
        ends = ends[ends["end_date"] <= self.through - grace]
        own = {who: list(_each(rows)) for who, rows in terms.groupby("customer_id")}
        renewed = sum(
            any(
                t.start_date <= row.end_date + grace
                and (pd.isna(t.end_date) or t.end_date > row.end_date)
                for t in own[row.customer_id]
            )
            for row in _each(ends)
        )
        return renewed, len(ends)

    def orders(self, start: date, months: int = 1) -> dict[str, tuple[Decimal, int]]:
        """Sales and orders by region on the day of the order's first line in the month (9.14)."""
        t0, t1 = self.ends(start, months)
        lines = self.rows("sales_transaction")
        lines = lines[lines["transaction_date"].between(t0, t1 - timedelta(days=1))]
        month = lines["transaction_date"].map(lambda day: day.replace(day=1))
        name = lines["order_id"].fillna("line " + lines["transaction_id"])
        is_named = lines["customer_id"].isin(self.identified) & (lines["kind"] == "sale")
        named = set(zip(name[is_named], month[is_named], strict=True))
        found: dict[str, tuple[Decimal, int]] = {}
        for key, order in lines.groupby([name, lines["customer_id"].fillna(""), month]):
            who, day = order["customer_id"].iloc[0], order["transaction_date"].min()
            region = "(unidentified)"
            if who in self.identified:
                if day not in self._regions:
                    self._regions[day] = self.segment_at("region", day)
                region = self._regions[day].get(who, "(unknown)")
            amount, count = found.get(region, (Decimal(0), 0))
            # Lines that lost their customer belong to the order of those that kept one.
            is_second = who not in self.identified and (key[0], key[2]) in named
            is_order = (order["kind"] == "sale").any() and not is_second
            found[region] = amount + sum(order["net_amount"], Decimal(0)), count + int(is_order)
        return found

    def segment_at(self, scheme: str, day: date) -> dict[str, str]:
        """Segment of each customer on a day; who is in none is missing."""
        table = self.rows("customer_segment")
        table = table[table["scheme"] == scheme]
        valid = table[(table["valid_from"] <= day) & (table["valid_to"].fillna(FAR) > day)]
        return dict(zip(valid["customer_id"], valid["segment_code"], strict=True))

    def retention_by_segment(
        self, scheme: str, start: date, months: int = 1
    ) -> dict[str, tuple[int, int]]:
        """Retained and start, by segment at the start (1.5)."""
        t0, t1 = self.ends(start, months)
        codes = self.segment_at(scheme, t0)
        return _counted(self.active(t0), self.active(t1), lambda who: [codes.get(who, "(unknown)")])

    def retention_by_journey(self, start: date, window: int = 90) -> dict[str, tuple[int, int]]:
        """Retained and start of those who met a journey in the window before the start (9.15)."""
        t0, t1 = self.ends(start, 1)
        walks = self.rows("journey_instance")
        inside = (walks["started_date"] >= t0 - timedelta(days=window)) & (
            walks["started_date"] < t0
        )
        met = walks[inside].groupby("customer_id")["journey_code"].agg(set).to_dict()
        return _counted(self.active(t0), self.active(t1), lambda who: met.get(who, set()))

    @cached_property
    def recurring(self) -> dict[date, dict[str, Decimal]]:
        """Recurring revenue by month and customer, products netted."""
        found: dict[date, dict[str, Decimal]] = {}
        for row in _each(self.rows("revenue_period")):
            if row.customer_id in self.identified:
                month = found.setdefault(row.period_month.replace(day=1), {})
                month[row.customer_id] = (
                    month.get(row.customer_id, Decimal(0)) + row.recurring_amount
                )
        return found

    @cached_property
    def first_paid(self) -> dict[str, date]:
        """First month with positive recurring revenue."""
        firsts: dict[str, date] = {}
        for month in sorted(self.recurring):
            for who, amount in self.recurring[month].items():
                if amount > 0:
                    firsts.setdefault(who, month)
        return firsts

    def movement(self, start: date, months: int = 1) -> Movement:
        """The revenue movement: the month before the period against its last month (2.5)."""
        opening = self.recurring.get(add_months(start, -1), {})
        closing = self.recurring.get(add_months(start, months - 1), {})
        lines = dict.fromkeys(Movement.__dataclass_fields__, Decimal(0))
        for who in opening.keys() | closing.keys():
            r0, r1 = opening.get(who, Decimal(0)), closing.get(who, Decimal(0))
            a, b = max(r0, Decimal(0)), max(r1, Decimal(0))
            lines["start"] += r0
            lines["end"] += r1
            lines["adjustment"] += (r1 - b) - (r0 - a)
            if a == 0 and b > 0:
                back = self.first_paid[who] < start
                lines["reactivation" if back else "new"] += b
            elif a > 0:
                lines["expansion"] += max(b - a, Decimal(0))
                lines["churn" if b == 0 else "contraction"] += max(a - b, Decimal(0))
        return Movement(**lines)

    def revenue_retention(self, start: date, months: int = 12) -> tuple[float, float]:
        """GRR and NRR, point to point (2.5)."""
        opening = self.recurring.get(add_months(start, -1), {})
        closing = self.recurring.get(add_months(start, months - 1), {})
        base = {who: amount for who, amount in opening.items() if amount > 0}
        now = {who: max(closing.get(who, Decimal(0)), Decimal(0)) for who in base}
        total = sum(base.values())
        kept = sum(min(base[who], now[who]) for who in base)
        return float(kept / total), float(sum(now.values()) / total)

    def customer_days(self, start: date, months: int = 1) -> int:
        """Days as a customer in a period, all customers together."""
        t0, t1 = self.ends(start, months)
        return sum(
            max((min(end, t1) - max(begin, t0)).days, 0)
            for found in self.intervals.values()
            for begin, end in found
        )

    def average_customers(self, start: date, months: int = 1) -> float:
        """Customer-days over days."""
        t0, t1 = self.ends(start, months)
        return self.customer_days(start, months) / (t1 - t0).days

    def revenue(self, start: date, months: int = 1) -> Decimal:
        """Recurring, one-off and sales of customers (9.13)."""
        t0, t1 = self.ends(start, months)
        booked = self.rows("revenue_period")
        inside = booked["period_month"].between(t0, t1 - timedelta(days=1))
        booked = booked[inside & booked["customer_id"].isin(self.identified)]
        sales = self.rows("sales_transaction")
        inside = sales["transaction_date"].between(t0, t1 - timedelta(days=1))
        sales = sales[inside & sales["customer_id"].isin(self.identified)]
        sums = (booked["recurring_amount"], booked["one_off_amount"], sales["net_amount"])
        return sum((sum(column, Decimal(0)) for column in sums), Decimal(0))

    def contacts(self, start: date, months: int = 1) -> pd.DataFrame:
        """Contacts of a period."""
        t0, t1 = self.ends(start, months)
        rows = self.rows("interaction")
        return rows[rows["interaction_date"].between(t0, t1 - timedelta(days=1))]

    def contact_rate(self, start: date, months: int = 1) -> float:
        """Contacts of customers per customer-month of 30.4375 days (2.7, C9)."""
        rows = self.contacts(start, months)
        contacts = rows["customer_id"].isin(self.identified).sum()
        return float(contacts / (self.customer_days(start, months) / 30.4375))

    def contact_cost(self, start: date, months: int = 1) -> float:
        """Cost of contacts: their own, else by the card of the day and the channel's usual time."""
        rows = self.contacts(start, months).copy()
        month = rows["interaction_date"].map(lambda day: day.replace(day=1))
        handled = rows["handle_seconds"].where(~rows["abandoned"])
        usual = handled.groupby([rows["channel_code"], month]).transform("median")
        seconds = rows["handle_seconds"].fillna(usual // 1).fillna(0).where(~rows["abandoned"], 0)
        card = self.rows("unit_cost")
        card = card[card["basis"] == "fully_loaded"]
        total = 0.0
        for channel, day, time, own in zip(
            rows["channel_code"],
            rows["interaction_date"],
            seconds,
            rows["cost_amount"],
            strict=True,
        ):
            if not pd.isna(own):
                total += float(own)
                continue
            match = card[(card["channel_code"] == channel) & (card["valid_from"] <= day)]
            match = match[match["valid_to"].fillna(FAR) > day]
            if len(match):
                fixed, minute = (
                    float(match[c].iloc[0]) for c in ("cost_per_contact", "cost_per_minute")
                )
                total += round(fixed + minute * time / 60 + 1e-9, 4)
        return total

    def cost_per_customer(self, start: date, months: int = 1) -> float:
        """All cost to serve over average customers (2.7)."""
        t0, t1 = self.ends(start, months)
        other = self.rows("service_cost")
        other = other[other["cost_date"].between(t0, t1 - timedelta(days=1))]
        cost = self.contact_cost(start, months) + float(sum(other["amount"], Decimal(0)))
        return cost / self.average_customers(start, months)

    def latest(self, start: date, months: int, survey_type: str) -> pd.DataFrame:
        """The latest answer of each person to each survey, with its account (2.8)."""
        t0, t1 = self.ends(start, months)
        rows = self.rows("survey_response")
        rows = rows[rows["responded_date"].between(t0, t1 - timedelta(days=1))]
        rows = rows[rows["nps_score"].notna() & (rows["solicited"] != "agent_chosen")]
        rows = rows[rows["survey_type"] == survey_type]
        person = rows["person_id"].fillna(rows["customer_id"]).fillna(rows["response_id"])
        rows = rows.assign(person=person).sort_values(
            ["responded_date", "responded_at", "response_id"]
        )
        return rows.groupby(["person", "survey_code"])[["customer_id", "nps_score"]].last()

    def score_counts(self, start: date, months: int, survey_type: str) -> tuple[int, int, int]:
        """Promoters, passives, detractors among the latest answers (2.8)."""
        score = self.latest(start, months, survey_type)["nps_score"]
        return int((score >= 9).sum()), int(score.between(7, 8).sum()), int((score <= 6).sum())

    def account_scores(self, start: date, months: int) -> dict[str, list[int]]:
        """+1, 0, -1 of the latest answers to the relationship survey, by customer (1.5)."""
        found: dict[str, list[int]] = {}
        for row in _each(self.latest(start, months, "relationship")):
            if row.customer_id in self.identified:
                sign = int(row.nps_score >= 9) - int(row.nps_score <= 6)
                found.setdefault(row.customer_id, []).append(sign)
        return found

    def revenue_of(self, start: date, months: int) -> dict[str, Decimal]:
        """Revenue of a period by customer (9.13)."""
        t0, t1 = self.ends(start, months)
        booked, sales = self.rows("revenue_period"), self.rows("sales_transaction")
        found: dict[str, Decimal] = {}
        for rows, day, names in (
            (booked, "period_month", ("recurring_amount", "one_off_amount")),
            (sales, "transaction_date", ("net_amount",)),
        ):
            inside = rows[rows[day].between(t0, t1 - timedelta(days=1))]
            for row in _each(inside[inside["customer_id"].isin(self.identified)]):
                amount = sum((getattr(row, name) for name in names), Decimal(0))
                found[row.customer_id] = found.get(row.customer_id, Decimal(0)) + amount
        return found

    def lifetimes(self, data_start: date) -> list[tuple[int, int, bool]]:
        """Age at entry into the data, age at exit, whether lost (2.4), of those ever at risk."""
        now = self.through + timedelta(days=1)
        found = []
        for who, times in self.intervals.items():
            first, leave = self.first_active[who], times[0][1]
            if first >= now:
                continue
            lost = leave <= now
            entry = _whole_months(first, data_start) if first < data_start else 0
            age = _begun_months(first, leave) if lost else _whole_months(first, now)
            if age >= entry:
                found.append((entry, age, lost))
        return found

    def survival(self, data_start: date) -> dict[int, float]:
        """S(t) at each age with a loss, from the risk set of those who entered before it."""
        lives = self.lifetimes(data_start)
        share, curve = 1.0, {}
        for age in sorted({exit_age for _, exit_age, lost in lives if lost}):
            at_risk = sum(entry < age <= leave for entry, leave, _ in lives)
            lost_now = sum(lost and leave == age and entry < age for entry, leave, lost in lives)
            if at_risk:
                share *= 1 - lost_now / at_risk
            curve[age] = share
        return curve

    def triangle(self, first: date) -> dict[tuple[date, int], tuple[int, int]]:
        """Never left since, and active, by cohort and age at each month's close (2.3)."""
        cells: dict[tuple[date, int], tuple[int, int]] = {}
        last = self.through + timedelta(days=1)
        for who, times in self.intervals.items():
            cohort = self.first_active[who].replace(day=1)
            if cohort < first:
                continue
            age = 0
            while (close := add_months(cohort, age + 1)) <= last:
                kept, active = cells.get((cohort, age), (0, 0))
                is_active = any(start < close <= end for start, end in times)
                cells[cohort, age] = (
                    kept + (times[0][0] < close <= times[0][1]),
                    active + is_active,
                )
                age += 1
        return cells


def _each(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows with their columns as attributes."""
    return iter(frame.itertuples())


def _ran_out(term: Any, began: date, onward: Any) -> bool:
    """Whether a paid contract was up for renewal on the day a term of it ended (2.2)."""
    if term.end_reason in ("upgrade", "downgrade", "involuntary"):
        return False
    if onward is not None and onward.status == "paused":
        return False
    end = term.end_date
    months = (end.year - began.year) * 12 + end.month - began.month
    is_full = add_months(began, months) == end
    if term.end_reason == "voluntary":
        return is_full
    if onward is None:
        return True
    same = all(getattr(term, c) == getattr(onward, c) for c in ("product_code", "recurring_amount"))
    return same or (is_full and term.end_reason == "end_of_term")


def _merged(found: list[Interval], grace: int) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in sorted(found):
        if merged and (start - merged[-1][1]).days <= grace:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _counted(before: set[str], after: set[str], groups: Any) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for who in before:
        for group in groups(who):
            kept, start = counts.get(group, (0, 0))
            counts[group] = (kept + (who in after), start + 1)
    return counts


def _whole_months(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)


def _begun_months(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months + (last.day > first.day)
