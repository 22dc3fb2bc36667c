"""What a reader sees while there is nothing to count: where to begin, and what is enough."""

from __future__ import annotations

import streamlit as st

from cxdata.model.errors import CxError
from cxdata.publish.room import Room


def is_bare() -> bool:
    """Whether the data folder is this product's own and holds nothing that any figure is made of.

    A folder that was never used is not bare: it gets the invented company.
    """
    try:
        return Room().is_bare
    except CxError:
        return False


def begin() -> None:
    """Say that there are no figures yet, and where to begin."""
    has_customers = Room().has_customers
    st.title("There are no figures yet")
    if has_customers:
        st.markdown("Customers are published, and nothing that they did. What is still needed:")
    else:
        st.markdown("Nothing is published. Two extracts make most pages useful:")
        st.markdown("- **Customers**: one record a customer, with a number that stays the same")
    st.markdown("- **Sales, contracts or monthly revenue**: whose, when, how much")
    st.markdown(
        "Answers to surveys alone are enough for NPS; contacts and what they cost, beside "
        "customers, for cost to serve."
    )
    with st.container(horizontal=True):
        st.page_link(
            "pages/data/upload.py", label="Bring an extract", icon=":material/upload_file:"
        )
        st.page_link(
            "pages/data/dictionary.py", label="What can be brought", icon=":material/menu_book:"
        )
        st.page_link(
            "pages/data/history.py",
            label="Go back to an earlier version",
            icon=":material/history:",
        )
