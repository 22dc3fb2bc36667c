"""Contacts per customer-month."""

from __future__ import annotations

from cxdata.metrics.finish.ratio import per_customer, per_customer_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL

METRIC = Metric(
    name="contact_rate",
    label="Contacts per customer",
    question="How often does a customer need us?",
    unit=Unit.RATE,
    better=Better.DOWN,
    definition=(
        "Contacts of identified customers over the average number of active customers, in the "
        "period."
    ),
    formula="contacts / average customers",
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
    },
    finish=per_customer,
    difference=per_customer_difference,
    excludes="test accounts, unidentified contacts",
    source="METRICS.md 2.7; Cochran 1977",
)
