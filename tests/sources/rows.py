"""Small tables for the tests of sources: a few customers and their sales."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

CUSTOMERS = pa.table({"customer_id": ["c1", "c2", "c3"]})

JOURNEYS = pa.table({"journey_code": ["onboarding"], "label": ["Onboarding"], "sort": [1]})


def sales(*lines: tuple[str, date, str]) -> pa.Table:
    """Sales lines of customer c1: id, date, net amount."""
    return pa.table(
        {
            "transaction_id": [line[0] for line in lines],
            "customer_id": ["c1"] * len(lines),
            "transaction_date": pa.array([line[1] for line in lines], pa.date32()),
            "net_amount": pa.array([line[2] for line in lines], pa.string()),
        }
    )


JANUARY = sales(("t1", date(2026, 1, 5), "10.00"), ("t2", date(2026, 1, 31), "20.50"))
FEBRUARY = sales(("t3", date(2026, 2, 1), "30.00"), ("t4", date(2026, 2, 28), "-4.25"))
MARCH = sales(("t5", date(2026, 3, 1), "5.00"))
