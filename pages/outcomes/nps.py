"""What do customers say, and how sure is it?"""

from __future__ import annotations

from cxdata.ui.page import Page

page = Page.open(__doc__)
page.headline("nps")
page.heard()
page.doubts()
page.tiles("nps", "nps_after_journey", "response_rate", "csat")
page.trend("nps")
page.slices("nps", by_journey="nps_after_journey")
page.over_time("nps")
page.scores()
page.deeper("answered-nps", "silence", "hidden-nps")
page.notes("nps", "nps_after_journey", "response_rate", "csat")
