"""What would this extract change, and shall everybody see it?"""

from __future__ import annotations

from cxdata.ui.intake.door import opened
from cxdata.ui.intake.upload import READ_ONLY, flow

flow(opened(__doc__, read_only=READ_ONLY))
