"""Who stays, who leaves, and after how long?"""

from __future__ import annotations

from cxdata.ui.page import Page

page = Page.open(__doc__)
page.headline("logo_retention", otherwise="lost_share")
page.tiles(
    "logo_retention",
    "customers_lost",
    "gross_revenue_retention",
    "net_revenue_retention",
    otherwise=("lost_share", "customers_ever", "recurring_revenue_lost"),
)
page.trend("logo_retention")
page.slices("logo_retention", otherwise="lost_share")
page.over_time("logo_retention")
page.survival()
page.cohorts()
page.deeper("longer", "reasons", "hidden-logo_retention")
page.notes("logo_retention", "gross_revenue_retention", "net_revenue_retention")
