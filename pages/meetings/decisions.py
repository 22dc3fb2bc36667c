"""What did we decide, and what came of it?"""

from __future__ import annotations

from cxdata.ui.meeting.decided import decided

decided(__doc__)
