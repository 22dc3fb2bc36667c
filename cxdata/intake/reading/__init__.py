"""Bytes to text records: what a file says, decided by evidence, with nothing lost in silence."""
