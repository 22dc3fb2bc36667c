"""``python -m cxdata``."""

from __future__ import annotations

import sys

from cxdata.cli import main

sys.exit(main())
