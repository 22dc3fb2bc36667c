"""What do we show, and what do we decide?"""

from __future__ import annotations

from cxdata.ui.meeting.present import present

present()
