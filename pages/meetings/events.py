"""What happened, what are we doing, and what do we aim at?"""

from __future__ import annotations

from cxdata.ui.meeting.programme import programme

programme(__doc__)
