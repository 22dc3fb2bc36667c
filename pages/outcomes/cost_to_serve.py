"""What does it cost to serve a customer, and where does the effort go?"""

from __future__ import annotations

from cxdata.ui.page import Page

page = Page.open(__doc__)
page.headline("cost_per_customer")
page.tiles(
    "cost_per_customer",
    "shared_cost_per_customer",
    "contact_rate",
    "cost_per_contact",
    "first_contact_resolution",
    "repeat_contact_rate",
    "within_target_share",
    "contribution_per_customer",
    otherwise=("contacts", "within_target_share"),
)
page.trend("cost_per_customer")
page.slices("cost_per_customer", otherwise="within_target_share")
page.trend("contact_rate")
page.distribution("cost")
page.deeper("shift-cost", "whale", "hidden-cost_per_customer")
page.notes(
    "cost_per_customer",
    "shared_cost_per_customer",
    "contact_rate",
    "cost_per_contact",
    "first_contact_resolution",
    "contribution_per_customer",
)
