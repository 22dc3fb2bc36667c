"""The demo company: believable data with planted truths (see :mod:`cxdata.demo.truths`)."""

from __future__ import annotations

from cxdata.demo.generate import generate
from cxdata.demo.truths import Truths, planted
from cxdata.demo.write import write_demo

__all__ = ["Truths", "generate", "planted", "write_demo"]
