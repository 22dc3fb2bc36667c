"""What are our customers worth, and how evenly is it spread?"""

from __future__ import annotations

from cxdata.ui.page import Page

page = Page.open(__doc__)
page.headline("revenue_per_customer")
page.tiles(
    "revenue_per_customer",
    "revenue",
    "recurring_revenue",
    "average_order_value",
)
page.trend("revenue_per_customer")
page.slices("revenue_per_customer")
page.over_time("revenue_per_customer")
page.distribution("revenue")
page.deeper("shift-revenue", "whale", "earned", "hidden-revenue_per_customer")
page.notes("revenue_per_customer", "revenue", "average_order_value", "contribution_per_customer")
