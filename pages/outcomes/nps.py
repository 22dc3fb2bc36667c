"""What do customers say, and how sure is it?"""

from __future__ import annotations

from cxdata.ui.page import Page

page = Page.open(__doc__)
page.headline("nps")
page.tiles("answers", "response_rate", "nps_weighted", "csat")
page.trend("nps")
page.slices("nps")
page.over_time("nps")
page.scores()
page.notes("nps", "nps_weighted", "response_rate", "csat")
