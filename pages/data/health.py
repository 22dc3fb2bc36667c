"""Can these data be trusted: how fresh are they, and what is missing?"""

from __future__ import annotations

from cxdata.ui.intake.door import opened
from cxdata.ui.intake.health import condition_of_the_data

condition_of_the_data(opened(__doc__))
