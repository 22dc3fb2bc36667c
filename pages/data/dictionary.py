"""Which tables and columns stand behind the figures?"""

from __future__ import annotations

from cxdata.ui.dictionary import definitions, tables
from cxdata.ui.page import Page

Page.open(__doc__)
tables()
definitions()
