"""Rows become a data version here: loaded, checked against what is there, published at once."""
