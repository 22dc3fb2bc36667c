"""Extracts in, checked curated tables out; nothing is lost and nothing is changed in silence."""
