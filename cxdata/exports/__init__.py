"""Figures handed over: records, CSV."""
