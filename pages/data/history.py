"""What was published, by whom and why, and which version shall everybody see?"""

from __future__ import annotations

from cxdata.ui.intake.door import opened
from cxdata.ui.intake.history import READ_ONLY, versions

versions(opened(__doc__, read_only=READ_ONLY))
