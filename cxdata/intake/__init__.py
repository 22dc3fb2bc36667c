"""Extracts in, checked curated tables out; nothing is lost and nothing is changed in silence."""

from cxdata.intake.reading.read import read
from cxdata.intake.reading.reading import Reading

__all__ = ["Reading", "read"]
