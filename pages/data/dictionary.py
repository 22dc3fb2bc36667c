"""Which tables and columns stand behind the figures?"""

from __future__ import annotations

from cxdata.ui.dictionary import definitions, in_full, tables
from cxdata.ui.page import Page

page = Page.open(__doc__)
tables()
definitions()
in_full(page.view, page.ticket)
