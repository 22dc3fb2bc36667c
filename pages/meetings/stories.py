"""Which stories do we tell?"""

from __future__ import annotations

from cxdata.ui.meeting.shelf import shelf

shelf(__doc__)
