"""How many customers do we win, lose and keep, and what are they worth?"""

from __future__ import annotations

from cxdata.ui.page import Page

page = Page.open(__doc__)
page.headline(
    "logo_retention",
    "revenue_per_customer",
    "cost_per_customer",
    "nps",
    heads=True,
    slices=True,
    otherwise="lost_share",
)
page.doubts()
page.tiles(
    "customers_new",
    "customers_lost",
    "customers_net",
    "revenue_per_customer",
    "logo_retention",
    "cost_per_customer",
    "revenue",
    "nps",
    otherwise=("customers_ever", "lost_share", "recurring_revenue_ever", "recurring_revenue_lost"),
)
page.bridges()
page.grid(
    {
        "logo_retention": "retention",
        "revenue_per_customer": "spend",
        "cost_per_customer": "cost-to-serve",
        "nps_after_journey": "nps",
    }
)
page.notes("customers_net", "revenue_per_customer", "logo_retention", "cost_per_customer", "nps")
