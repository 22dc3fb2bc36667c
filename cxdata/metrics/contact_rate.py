"""Contacts per customer-month."""

from __future__ import annotations

from cxdata.metrics.finish.ratio import per_customer_month, per_customer_month_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL

METRIC = Metric(
    name="contact_rate",
    label="Contacts per customer and month",
    question="How often does a customer need us?",
    unit=Unit.RATE,
    better=Better.DOWN,
    definition=(
        "Contacts of identified customers per month of customers' time; months of unequal length "
        "are counted by their days."
    ),
    formula="contacts / customer-months",
    needs=(
        ("customer",),
        ("interaction",),
        ("subscription_period", "revenue_period", "sales_transaction"),
    ),
    stats={
        "n": total(CUSTOMER_TOTAL.c.customers),
        "y": total(CUSTOMER_TOTAL.c.contacts),
        "yy": total(CUSTOMER_TOTAL.c.contacts_sq),
        "x": total(CUSTOMER_TOTAL.c.exposure),
        "xx": total(CUSTOMER_TOTAL.c.exposure_sq),
        "xy": total(CUSTOMER_TOTAL.c.contacts_exposure),
        "days": total(CUSTOMER_TOTAL.c.customer_days),
    },
    finish=per_customer_month,
    difference=per_customer_month_difference,
    source="METRICS.md 2.7; Cochran 1977",
)
